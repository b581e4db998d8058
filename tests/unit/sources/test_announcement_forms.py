"""The forms in which other organisers write the same things are read as the same things."""

from datetime import date, timedelta

import pytest
from programme_samples import TEXT, changed, read

from zoom_sync.adapters.sources.announcement_lines import read_heading, split_label
from zoom_sync.adapters.sources.written_dates import CannotRead, read_period, read_when

DATES = [
    "November 6th, 20:30-22:00 (UTC+8)",
    "November 6th,20:30-22:00\u00a0 (UTC+8)",
    "November 6th: 20:30-22:00 (UTC+8)",
    "Nov 6, 20:30-22:00",
    "Nov. 6 - 20:30-22:00",
    "6 November 2030, 20:30 – 22:00 (GMT+8)",
    "Wednesday, November 6th, 2030, 8:30 pm - 10:00 pm UTC+08:00",
    "Wed 6 Nov 2030 8:30PM to 10PM",
    "the 6th of November, from 20.30 to 22.00",
    "November 6th, 8:30 p.m. — 10:00 p.m. (UTC+0800)",
    "2030-11-06 20:30-22:00",
    "2030-11-06T20:30 - 22:00 (UTC +8)",
    "2030/11/6, 20:30~22:00",
]


@pytest.mark.parametrize("written", DATES)
def test_the_same_date_in_other_words_is_the_same_instant(written):
    reading = read(changed(TEXT, "November 6th, 20:30-22:00 (UTC+8)", written))
    assert reading.problems == ()
    session = reading.programme.sessions[0]
    assert session.start.isoformat() == "2030-11-06T20:30:00+08:00"
    assert session.end.isoformat() == "2030-11-06T22:00:00+08:00"


@pytest.mark.parametrize(
    "labels", ["Date: November 6th\nTime: 20:30-22:00 (UTC+8)", "Date:\nNovember 6th, 20:30-22:00"]
)
def test_date_and_time_may_stand_on_two_lines(labels):
    reading = read(changed(TEXT, "Date: November 6th, 20:30-22:00 (UTC+8)", labels))
    assert reading.programme.sessions[0].start.isoformat() == "2030-11-06T20:30:00+08:00"


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("8-10 pm", (1200, 1320)), ("8:30-10 pm", (1230, 1320)), ("11:00 - 1:00 pm", (660, 780)),
        ("12:00 am - 1:30 am", (0, 90)), ("12 pm - 1 pm", (720, 780)), ("22:00-24:00", (1320, 1440)),
        ("23:00-00:30", (1380, 1470)), ("9:00", (540, None)),
    ],
)  # fmt: skip
def test_times_of_day(written, minutes):
    when = read_when(written)
    assert (when.starts, when.ends) == minutes


@pytest.mark.parametrize(
    "written",
    ["13:00 pm - 14:00 pm", "20:30-19:00", "8:61-9:00", "11.11.2030", "Novembre 6", "6 to 7 November", "local time 20:30",
     "Nov 6, 20:30 (UTC+8) - 22:00 (UTC+9)", "٦ November", "November 6, November 7", "1" * 400],
)  # fmt: skip
def test_what_could_mean_something_else_is_not_guessed(written):
    with pytest.raises(CannotRead):
        read_when(written)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("November 6th - 9th 2030 (UTC+8)", (date(2030, 11, 6), date(2030, 11, 9))),
        ("6-9 November 2030", (date(2030, 11, 6), date(2030, 11, 9))),
        ("Nov 30 to Dec 2, 2030", (date(2030, 11, 30), date(2030, 12, 2))),
        ("December 30th - January 2nd 2031", (date(2030, 12, 30), date(2031, 1, 2))),
        ("2030-11-06 - 2030-11-09", (date(2030, 11, 6), date(2030, 11, 9))),
        ("6 November 2030", (date(2030, 11, 6), date(2030, 11, 6))),
        ("2030", (None, None)),
    ],
)
def test_the_days_of_an_event(written, days):
    period = read_period(written)
    assert (period.first, period.last) == days
    assert period.year == (days[1].year if days[1] else 2030)


def test_the_year_changes_within_an_event_over_new_year():
    text = changed(TEXT, "November 6th - 9th 2030", "December 30th - January 2nd 2031")
    text = changed(text, "November 6th,", "December 31st,")
    text += "Seminar 2:\nClosing\nDate: January 1st, 20:30-22:00\n"
    assert [s.start.date() for s in read(text).programme.sessions] == [date(2030, 12, 31), date(2031, 1, 1)]


@pytest.mark.parametrize(
    ("line", "key"),
    [("Seminar 1:", "seminar-1"), ("Session 1:", "session-1"), ("Day 1:", "day-1"), ("Webinar 2:", "webinar-2"),
     ("SESSION 01", "session-1"), ("Session #3", "session-3"), ("## Session 1:", "session-1"), ("Day 1 –", "day-1")],
)  # fmt: skip
def test_headings_of_other_organisers(line, key):
    assert [s.key for s in read(changed(TEXT, "Seminar 1:", line)).programme.sessions] == [key]


@pytest.mark.parametrize(
    "line", ["Seminar 1 will be held online", "Meeting ID: 823", "Session:", "Today 1:", "Day one:"]
)
def test_prose_and_labels_are_no_headings(line):
    assert read_heading(line) is None


def test_a_heading_may_carry_the_title_or_the_date():
    titled = changed(TEXT, "Seminar 1:\nOpening\n", "Seminar 1: Opening\n")
    dated = changed(changed(TEXT, "Seminar 1:", "Day 1: November 6th"), "Date: November 6th, ", "Time: ")
    plain = read(TEXT).programme.sessions[0]
    for text in (titled, dated):
        session = read(text).programme.sessions[0]
        assert (session.title, session.long_title, session.start) == (plain.title, plain.long_title, plain.start)


@pytest.mark.parametrize("bullet", ["-", "*", "•", "–", "1.", "2)", "·"])
def test_any_bullet_or_number_begins_an_item(bullet):
    text = TEXT.replace(" • ", f" {bullet} ")
    assert read(text).programme.sessions[0].items == read(TEXT).programme.sessions[0].items


def test_bulleted_labels_are_labels_and_no_items():
    text = TEXT.replace("Date:", "- Date:").replace("Meeting ID", "- Zoom ID").replace("Passcode", "* Password")
    assert read(text).programme == read(TEXT).programme


def test_blank_lines_spaces_and_line_ends_do_not_matter():
    wide = "\r\n\r\n".join(f"\u00a0 {line}\u200b \t" for line in TEXT.splitlines())
    assert read(wide).programme == read(TEXT).programme


@pytest.mark.parametrize(
    ("text", "parts"),
    [("Date: a: b", ("Date", "a: b")), ("Passcode：12", ("Passcode", "12")), ("20:30 start", None),
     ("https://example.org", None), ("one two three four five six: x", None)],
)  # fmt: skip
def test_labels_end_at_the_first_colon_that_is_no_time_and_no_link(text, parts):
    assert split_label(text) == parts


@pytest.mark.parametrize(
    ("written", "zone", "hours"),
    [("(UTC-3)", "Etc/GMT+3", -3), ("(UTC−3)", "Etc/GMT+3", -3), ("GMT", "Etc/UTC", 0), ("(UTC+14)", "Etc/GMT-14", 14)],
)
def test_offsets_are_kept_as_zones_without_a_place(written, zone, hours):
    session = read(changed(TEXT, "22:00 (UTC+8)", f"22:00 {written}")).programme.sessions[0]
    assert session.timezone == zone
    assert session.start.utcoffset() == timedelta(hours=hours)


def test_an_offset_of_a_half_hour_is_read_with_a_place():
    text = TEXT.replace("UTC+8", "UTC+5:30")
    session = read(text, timezone="Asia/Kolkata").programme.sessions[0]
    assert session.start.isoformat() == "2030-11-06T20:30:00+05:30"

"""iCalendar: zones, repetition with its exceptions, and what is refused or left out with a word."""

import sys

import pytest
from programme_samples import ROOT, read, told

SAMPLES = ROOT / "tests/samples/programmes"


def calendar(*events, head=""):
    inner = "".join(f"BEGIN:VEVENT\nSUMMARY:Talk\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\nX-WR-CALNAME:Forum\n{head}{inner}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def starts(*events, **options):
    reading = read(calendar(*events), **{"timezone": "Europe/Paris", **options})
    assert reading.problems == ()
    return [session.start.isoformat() for session in reading.programme.sessions]


def problems(*events, timezone="Europe/Paris", head=""):
    reading = read(calendar(*events, head=head), timezone=timezone)
    assert reading.programme is None
    return "\n".join(message for _, message in told(reading.problems))


HOUR = "UID:a1\nDTSTART;TZID=Europe/Paris:20300304T100000\nDTEND;TZID=Europe/Paris:20300304T110000"


def test_the_sample_calendar():
    reading = read((SAMPLES / "calendar.ics").read_bytes())
    assert [(session.title, session.start.isoformat()) for session in reading.programme.sessions] == [
        ("Opening of the forum", "2030-05-06T09:00:00+01:00"), ("Reading the tides", "2030-05-06T23:00:00+01:00"),
        ("Office hour", "2030-05-07T17:00:00+01:00"), ("Office hour (late)", "2030-05-09T18:30:00+01:00"),
        ("Office hour", "2030-05-10T17:00:00+01:00"), ("Office hour", "2030-05-13T17:00:00+01:00"),
    ]  # fmt: skip
    assert any("`dinner-4`" in message for _, message in told(reading.notes))


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("DTSTART;TZID=Europe/Paris:20300304T100000", "2030-03-04T10:00:00+01:00"),
        ("DTSTART;TZID=America/New_York:20300304T040000", "2030-03-04T04:00:00-05:00"),
        ("DTSTART:20300304T090000Z", "2030-03-04T10:00:00+01:00"),
        ("DTSTART:20300304T100000", "2030-03-04T10:00:00+01:00"),
    ],
)
def test_zones_instants_and_floating_times(time, start):
    assert starts(f"UID:a1\n{time}\nDURATION:PT1H") == [start]


def test_a_zone_that_the_calendar_itself_describes():
    zone = ("BEGIN:VTIMEZONE\nTZID:Our Place\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0530\n"
            "TZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n")  # fmt: skip
    text = calendar("UID:a1\nDTSTART;TZID=Our Place:20300304T100000\nDURATION:PT1H", head=zone)
    assert read(text, timezone="Asia/Kolkata").programme.sessions[0].start.isoformat() == "2030-03-04T10:00:00+05:30"


def test_a_floating_time_needs_a_zone_and_the_calendars_own_is_one():
    floating = "UID:a1\nDTSTART:20300304T100000\nDURATION:PT1H"
    assert "no time zone is given for 1 of the entries (`a1`)" in problems(floating, timezone=None)
    reading = read(calendar(floating, head="X-WR-TIMEZONE:Asia/Tokyo\n"))
    assert reading.programme.event.timezone == "Asia/Tokyo"
    assert "drop one of the two" in problems(floating, head="X-WR-TIMEZONE:Asia/Tokyo\n")


def test_a_zone_that_is_not_known_is_reported():
    assert "`a1` has a DTSTART in a zone that is not known" in problems(
        "UID:a1\nDTSTART;TZID=Nowhere:20300304T100000\nDURATION:PT1H"
    )


def test_whole_days_are_reported():
    assert "`a1` is an all-day entry" in problems("UID:a1\nDTSTART;VALUE=DATE:20300304\nDTEND;VALUE=DATE:20300305")


def test_a_rule_repeats_on_the_clock_over_a_change_of_the_clocks():
    event = HOUR.replace("0304", "0330") + "\nRRULE:FREQ=DAILY;COUNT=3"  # 2030-03-31: summer time begins
    assert starts(event) == ["2030-03-30T10:00:00+01:00", "2030-03-31T10:00:00+02:00", "2030-04-01T10:00:00+02:00"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20300311T090000Z", ["04", "06", "11"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Paris:20300305T100000", ["04", "06"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20300305T090000Z", ["04", "06"]),
        ("RDATE;TZID=Europe/Paris:20300308T100000,20300309T100000", ["04", "08", "09"]),
        ("RRULE:FREQ=MONTHLY;INTERVAL=2;COUNT=2", ["04", "04"]),
    ],
)
def test_rules_dates_and_exceptions(rule, days):
    assert [start[8:10] for start in starts(f"{HOUR}\n{rule}")] == days


def test_a_moved_or_cancelled_occurrence_keeps_its_key():
    series = HOUR + "\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "UID:a1\nRECURRENCE-ID;TZID=Europe/Paris:20300305T100000\nDTSTART:20300305T150000Z\nDURATION:PT30M"
    before, after = (
        read(calendar(*events), timezone="Europe/Paris").programme for events in ([series], [series, moved])
    )
    assert [session.key for session in before.sessions] == [session.key for session in after.sessions]
    assert after.sessions[1].start.isoformat() == "2030-03-05T16:00:00+01:00"
    cancelled = read(calendar(series, f"{moved}\nSTATUS:CANCELLED"), timezone="Europe/Paris")
    assert len(cancelled.programme.sessions) == 2
    assert any("20300305T1000-a1" in message for _, message in told(cancelled.notes))


@pytest.mark.parametrize("when", [";TZID=Nowhere:20300305T100000", ":soon", ";VALUE=DATE:20300305"])
def test_a_change_of_an_occurrence_that_cannot_be_found_is_reported(when):
    moved = f"UID:a1\nRECURRENCE-ID{when}\nDTSTART:20300305T150000Z\nDURATION:PT30M"
    assert "RECURRENCE-ID cannot be read" in problems(HOUR + "\nRRULE:FREQ=DAILY;COUNT=3", moved)
    assert "RECURRENCE-ID cannot be read" in problems(moved)


def test_two_changes_of_one_occurrence_are_told_not_chosen_between():
    moved = "UID:a1\nRECURRENCE-ID;TZID=Europe/Paris:20300305T100000\nDTSTART:20300305T150000Z\nDURATION:PT30M"
    assert "used twice" in problems(HOUR + "\nRRULE:FREQ=DAILY;COUNT=3", moved, moved.replace("150000Z", "160000Z"))


def test_a_begin_and_an_end_in_two_zones():
    event = "UID:a1\nDTSTART;TZID=Europe/Paris:20300304T100000\nDTEND;TZID=America/New_York:20300304T060000"
    assert read(calendar(event)).programme.sessions[0].minutes == 120


def test_a_change_of_all_later_occurrences_is_reported_not_guessed():
    moved = "UID:a1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20300305T090000Z\nDTSTART:20300305T150000Z\nDURATION:PT30M"
    assert "THISANDFUTURE" in problems(HOUR + "\nRRULE:FREQ=DAILY;COUNT=3", moved)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "FREQ=SECONDLY;COUNT=5", "FREQ=MINUTELY;UNTIL=20300404T100000Z", "FREQ=DAILY;INTERVAL=0;COUNT=3",
     "FREQ=DAILY;COUNT=100000", "FREQ=DAILY;COUNT=-1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "COUNT=3",
     "FREQ=DAILY;UNTIL=99991231T000000Z", "FREQ=YEARLY;COUNT=3;BYHOUR=1,2,3,4,5", "FREQ=DAILY;BYDAY=XX;COUNT=2",
     "FREQ=YEARLY;COUNT=10", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", "FREQ=MONTHLY;BYSETPOS=31;BYDAY=MO;COUNT=9",
     "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=2", "FREQ=WEEKLY;BYYEARDAY=366;COUNT=2"],
)  # fmt: skip
def test_rules_without_end_or_sense_are_reported_and_cost_nothing(rule):
    assert "`a1`" in problems(f"{HOUR}\nRRULE:{rule}")


def test_a_rule_that_never_matches_costs_little():
    """Counted in steps, which do not depend on the machine."""
    steps = 0

    def counting(frame, event, argument):
        nonlocal steps
        steps += event == "call"

    text = calendar(HOUR + "\nRRULE:FREQ=MONTHLY;BYSETPOS=31;BYDAY=MO;COUNT=9")
    read(text)  # imports
    sys.setprofile(counting)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    assert steps < 200_000


def test_a_leap_day_is_found_again():
    assert starts(HOUR.replace("20300304", "20280229") + "\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3") == [
        "2028-02-29T10:00:00+01:00", "2028-03-31T10:00:00+02:00", "2028-04-30T10:00:00+02:00"
    ]  # fmt: skip


def test_an_event_without_uid_gets_a_made_key():
    reading = read(calendar(HOUR.replace("UID:a1\n", "")), timezone="Europe/Paris")
    assert reading.made_keys == {"talk-20300304-1000"}


@pytest.mark.parametrize("event", ["UID:a1", "UID:a1\nDTSTART:soon\nDURATION:PT1H", f"{HOUR}\nDURATION:P1Y"])
def test_what_cannot_be_read_is_reported_by_its_uid(event):
    assert "`a1`" in problems(event)


def test_a_damaged_or_empty_calendar_is_told():
    assert "holds no event" in problems()
    assert "damaged" in "".join(message for _, message in told(read("BEGIN:VCALENDAR\nnonsense\n").problems))
    many = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * 80_001
    assert "60000 lines" in "".join(message for _, message in told(read(many).problems))

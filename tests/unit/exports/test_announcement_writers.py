import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from export_samples import HOSTILE, LINK, ZONE, announcement, session

from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS, announcement_writer_of, write_announcement
from zoom_sync.domain.programme import AgendaItem, KnownMeeting, Passcode
from zoom_sync.errors import UserError

FORMATS = list(ANNOUNCEMENT_WRITERS)


def text_of(format_name, *sessions, **options):
    return write_announcement(format_name, announcement(*sessions, **options)).decode()


def hostile(text):
    item = AgendaItem(text, text)
    return announcement(
        session(title=text, long_title=text, items=(item,)), session("two", title="Last"), title=text, description=text
    )


class Page(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def unfolded(calendar):
    return calendar.replace("\r\n ", "").split("\r\n")


# --- all formats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_name", FORMATS)
def test_passcode_and_link_are_shown_only_when_it_is_public(format_name):
    hidden = text_of(format_name, public=False).replace("\r\n ", "")
    assert "011826" not in hidden
    assert "pwd" not in hidden
    assert "zoom.us" not in hidden
    shown = text_of(format_name, public=True).replace("\r\n ", "")
    assert "011826" in shown
    assert LINK.partition("?")[0] in shown


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_known_meeting_is_announced_where_there_is_no_link(format_name):
    known = session(known=KnownMeeting("84265828099", Passcode("214172")))
    told = write_announcement(format_name, replace(announcement(known), links={})).decode()
    assert "84265828099" in told.replace(" ", "")
    assert "214172" in told
    assert (
        "214172" not in write_announcement(format_name, replace(announcement(known, public=False), links={})).decode()
    )


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_text_breaks_a_writer(format_name, name):
    told = write_announcement(format_name, hostile(name)).decode()
    assert "Last" in told
    if format_name != "json":
        assert not re.search("[\x00\u202a-\u202e\u2066-\u2069]", told)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://x.example/\nX-EVIL:1", "ftp://x.example", "https://[", "\ud800"]
)
def test_only_web_addresses_become_links(format_name, link):
    told = text_of(format_name, link=link)
    if format_name not in {"text", "json"}:
        assert "evil" not in told.casefold()
        assert link not in told
    assert "\nX-EVIL" not in told


def test_an_announcement_without_sessions_is_still_written():
    empty = replace(announcement(), programme=replace(announcement().programme, sessions=()))
    assert all(write_announcement(format_name, empty) for format_name in FORMATS)


def test_an_unknown_format_is_refused_with_the_known_ones_named():
    with pytest.raises(UserError, match=", ".join(FORMATS)):
        announcement_writer_of("pdf")


def test_links_and_passcodes_do_not_show_when_an_announcement_is_printed():
    shown = repr(announcement()) + repr(announcement().sessions())
    assert "011826" not in shown
    assert "pwd" not in shown


# --- plain text ------------------------------------------------------------------------------------------------------


def test_plain_text_has_the_form_of_the_seminars_announcement():
    later = datetime(2023, 11, 9, 21, 0, tzinfo=session().start.tzinfo)
    told = text_of(
        "text", session(), session("seminar-2", start=later, end=later + timedelta(minutes=90), long_title=None)
    )
    assert (
        told
        == f"""Upcoming Event: International Seminar

2023-11-06 20:30:00

About the Presentation
Time: November 6th - 9th 2023 (UTC+8)
Form: Online

Seminar 1:
Safe and resilient
Safe and resilient: for all
Date: November 6th, 20:30-22:00 (UTC+8)
Zoom Link: {LINK}
Meeting ID: 823 1893 7943

Passcode: 011826

QR code:

Cities and Initiatives:
  • Kazan, Russian: Park to rest

Seminar 2:
Safe and resilient
Date: November 9th, 21:00-22:30 (UTC+8)
Zoom Link: {LINK.replace("7943", "7944")}
Meeting ID: 823 1893 7944

Passcode: 011826

QR code:

Cities and Initiatives:
  • Kazan, Russian: Park to rest
"""
    )


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2023-11-06T20:00+08:00", "2023-11-06T22:00+08:00", "November 6th 2023 (UTC+8)"),
        ("2023-11-30T20:00+05:30", "2023-12-02T22:00+05:30", "November 30th - December 2nd 2023 (UTC+5:30)"),
        ("2023-12-31T20:00+00:00", "2024-01-01T22:00+00:00", "December 31st 2023 - January 1st 2024 (UTC)"),
        ("2023-11-11T20:00-03:00", "2023-11-23T22:00-03:00", "November 11th - 23rd 2023 (UTC-3)"),
    ],
)
def test_the_days_of_an_event_are_told_in_words(first, last, told):
    zone = {"+08:00": ZONE, "+05:30": "Asia/Kolkata", "+00:00": "Etc/UTC", "-03:00": "America/Sao_Paulo"}[first[-6:]]
    times = [datetime.fromisoformat(one) for one in (first, last)]
    sessions = [session(f"s-{at.day}", start=at, end=at + timedelta(hours=1)) for at in times]
    assert f"Time: {told}\n" in text_of("text", *sessions, zone=zone)


def test_over_new_year_each_date_tells_its_year():
    times = [datetime(2023, 12, 31, 20, tzinfo=UTC), datetime(2024, 1, 1, 20, tzinfo=UTC)]
    told = text_of(
        "text", *[session(f"s-{at.day}", start=at, end=at + timedelta(hours=1)) for at in times], zone="Etc/UTC"
    )
    assert "Date: January 1st 2024, 20:00-21:00 (UTC)" in told


def test_a_session_whose_key_is_no_word_and_number_is_called_by_its_place():
    assert "\nSession 1:\n" in text_of("text", session("opening"))


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_has_a_heading_per_session_and_the_link():
    told = text_of("markdown")
    assert "\n## Seminar 1: Safe and resilient\n" in told
    assert f"<{LINK}>" in told
    assert "* **Kazan, Russian:** Park to rest" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a](b)", r"\[a\](b)"), ("<b>", r"\<b\>"), ("**a**", r"\*\*a\*\*"), ("- a", r"\- a"), ("1. a", r"1\. a"),
        ("# a", r"\# a"), ("a-b 1.5", "a-b 1.5"), ("a\nb", "a b"),
    ],
)  # fmt: skip
def test_markdown_reads_text_as_itself(text, told):
    assert f"## Seminar 1: {told}\n" in text_of("markdown", session(title=text))


# --- HTML ------------------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else_and_fits_a_telephone():
    page = text_of("html")
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
    assert "<svg" in page
    seen = Page(page)
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert [value for name, value in seen.attributes if name in {"src", "href"}] == [LINK]
    assert "823 1893 7943" in seen.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_adds_no_tag_to_the_page(name):
    usual, got = (Page(write_announcement("html", hostile(text)).decode()) for text in ("Ann", name))
    assert set(got.tags) <= set(usual.tags)
    assert {key for key, _ in got.attributes} <= {key for key, _ in usual.attributes}


def test_the_page_of_a_private_announcement_has_no_code():
    assert "<svg" not in text_of("html", public=False)


def test_the_pictures_in_the_page_are_well_formed():
    page = text_of("html", session(title='a<b & "c"'))
    picture = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    assert picture.find("{http://www.w3.org/2000/svg}title").text == 'QR code: a<b & "c"'


# --- calendar --------------------------------------------------------------------------------------------------------


def test_a_session_is_an_event_at_its_instant():
    lines = unfolded(text_of("ics", sequence=3))
    local = {"DTSTART;TZID=Asia/Shanghai:20231106T203000", "DTEND;TZID=Asia/Shanghai:20231106T220000"}
    assert local | {"DTSTAMP:20231106T123000Z"} <= set(lines)
    assert {"UID:seminar-1@urban-2023.zoom-sync", "SEQUENCE:3", f"URL:{LINK}"} <= set(lines)
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")


def test_the_uid_stays_when_everything_else_changes():
    changed = session(title="New", start=session().start + timedelta(days=1), end=session().end + timedelta(days=1))
    uids = [
        [line for line in unfolded(text_of("ics", one, title=title)) if line.startswith("UID")]
        for one, title in ((session(), "A"), (changed, "B"))
    ]
    assert uids[0] == uids[1]


@pytest.mark.parametrize("name", HOSTILE)
def test_calendar_lines_are_short_and_hostile_text_adds_none(name):
    told = write_announcement("ics", hostile(name))
    assert all(len(line) <= 75 for line in told.split(b"\r\n"))
    lines = unfolded(told.decode())
    assert lines.count("BEGIN:VEVENT") == 2
    assert not any(line.startswith("ATTACH") for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)


def test_calendar_text_is_escaped():
    assert r"SUMMARY:a\, b\; c\\d\ne" in unfolded(text_of("ics", session(title="a, b; c\\d\r\ne")))


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_json_has_the_names_that_the_commands_use():
    told = json.loads(text_of("json"))
    (one,) = told["sessions"]
    assert (one["key"], one["meeting_id"], one["passcode"], one["join_url"]) == (
        "seminar-1",
        "82318937943",
        "011826",
        LINK,
    )
    assert one["start"] == "2023-11-06T20:30:00+08:00"
    assert json.loads(text_of("json", public=False))["sessions"][0]["passcode"] is None

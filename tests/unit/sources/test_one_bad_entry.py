"""One entry that cannot be used does not stop a whole programme: it is left out by name, by day or by what it is."""

import io
import json

import openpyxl
import pytest

from unit.sources.programme_samples import YAML, read
from zoom_sync.adapters.sources import SourceMapping, read_mapping
from zoom_sync.domain.timetable import Selection

ZONE = {"timezone": "Europe/Paris"}
HEAD = "ID,Title,Start,End"


def event(uid, start, *lines, end=None):
    times = [f"DTSTART:{start}", f"DTEND:{end or start[:9] + '13' + start[11:]}"] if "T" in start else []
    return ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:About {uid}", *times, *lines, "END:VEVENT"]


def calendar(*events):
    flat = [line for one in events for line in one]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *flat, "END:VCALENDAR", ""])


def mapped(text):
    return read_mapping(text.encode(), "mapping.yaml")


def titles(reading):
    return [one.title for one in reading.require().sessions]


def messages(entries):
    return [entry.message for entry in entries]


# --- by name, by day -------------------------------------------------------------------------------------------------


def test_a_bad_entry_is_left_out_by_its_id_and_told():
    text = f"{HEAD}\nt1,Tides,2030-03-04 10:00,2030-03-04 11:00\nt2,Floods,2030-03-04 10:00,2030-03-04 09:59:99\n"
    assert read(text, **ZONE).programme is None
    reading = read(text, mapping=mapped("without: {ids: [T2]}"), **ZONE)
    assert titles(reading) == ["Tides"]
    assert "left out, being named one by one: 1 of the entries (`t2`)" in messages(reading.notes)


def test_an_id_that_no_entry_has_is_a_problem():
    text = f"{HEAD}\nt1,Tides,2030-03-04 10:00,2030-03-04 11:00\n"
    [problem] = read(text, mapping=mapped("without: {ids: [t9]}"), **ZONE).problems
    assert "no entry has the id `t9`" in problem.message


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("from: 2030-03-05", ["Two", "Three"]),
        ("until: 2030-03-05", ["One", "Two"]),
        ("{from: 2030-03-05, until: 2030-03-05}", ["Two"]),
    ],
)
def test_only_the_days_that_are_asked_for(window, expected):
    rows = [f"{n},{n},2030-03-0{day} 23:30,2030-03-0{day} 23:59" for n, day in (("One", 4), ("Two", 5), ("Three", 6))]
    reading = read("\n".join([HEAD, *rows]), mapping=mapped(window), **ZONE)
    assert titles(reading) == expected
    assert any("not on the days that are asked for" in message for message in messages(reading.notes))


@pytest.mark.parametrize("text", ["from: tomorrow", "until: 2030-3-5", "from: 2030-02-30", "default_length: 0"])
def test_a_mapping_with_no_such_day_or_length_is_refused(text):
    with pytest.raises(Exception, match="the mapping cannot be used"):
        mapped(text)


# --- lengths ---------------------------------------------------------------------------------------------------------


def test_a_length_for_what_tells_none():
    text = "Title,Start,End\nTides,2030-03-04 10:00,\nFloods,2030-03-04 11:00,2030-03-04 12:30\n"
    assert "--default-length" in read(text, **ZONE).problems[0].message
    reading = read(text, mapping=mapped("default_length: 45"), **ZONE)
    assert [one.minutes for one in reading.require().sessions] == [45, 90]
    assert "taken to last 45 minutes, as requested: 1 of the entries (`Tides`)" in messages(reading.notes)


def test_the_length_is_for_calendars_too():
    entry = ["BEGIN:VEVENT", "UID:a1", "SUMMARY:Tides", "DTSTART:20300304T100000Z", "END:VEVENT"]
    [session] = read(calendar(entry), mapping=mapped("default_length: 45")).require().sessions
    assert session.minutes == 45


# --- calendars -------------------------------------------------------------------------------------------------------


def test_whole_days_are_left_out_and_told():
    text = calendar(event("day", "20300304", "DTSTART;VALUE=DATE:20300304"), event("a1", "20300304T100000Z"))
    reading = read(text)
    assert titles(reading) == ["About a1"]
    assert any("all-day entr" in message for message in messages(reading.notes))


def test_what_repeats_for_ever_ends_on_the_last_day_that_is_asked_for():
    text = calendar(event("jour-fixe", "20200107T100000Z", "RRULE:FREQ=WEEKLY"))
    [problem] = read(text).problems
    assert "--until" in problem.message
    assert problem.message.endswith("(`About jour-fixe`)")
    window = mapped("{from: 2030-03-04, until: 2030-03-31}")
    starts = [one.start.isoformat()[:10] for one in read(text, mapping=window).require().sessions]
    assert starts == ["2030-03-05", "2030-03-12", "2030-03-19", "2030-03-26"]


def test_an_end_of_its_own_before_the_last_day_stays():
    text = calendar(event("jour-fixe", "20300305T100000Z", "RRULE:FREQ=WEEKLY;UNTIL=20300312T100000Z"))
    assert len(read(text, mapping=mapped("until: 2031-01-01")).require().sessions) == 2


def test_problems_of_a_calendar_carry_line_and_title():
    text = calendar(event("a1", "20300304T100000Z"), event("a1", "20300304T100000Z"), event("b2", "20300304T100000Z"))
    broken = text.replace("SUMMARY:About b2", "SUMMARY:Floods: what now?").replace("UID:b2\r\nSUMMARY", "UID:b2\r\nX")
    told = [(problem.line, problem.message) for problem in read(broken).problems]
    assert told[0][0] == 9
    assert told[0][1].endswith("(lines 3 and 9); it is that of `About a1`")
    assert told[1][0] == 15


@pytest.mark.parametrize("title", ["Call 823189379431", "Write to ann@example.org", "See https://example.org/x?pwd=1"])
def test_no_title_in_a_message_is_an_address_a_link_or_a_number(title):
    text = f"Title,Start,End\n{title},2030-03-04 10:00,\n"
    [problem] = read(text, **ZONE).problems
    for word in title.split()[1:]:
        assert word not in problem.message or word == "to"


# --- workbooks -------------------------------------------------------------------------------------------------------


def workbook(change):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Programme"
    for cells in (HEAD.split(","), ["t1", "Tides", "2030-03-04 10:00", "2030-03-04 11:00"],
                  ["t2", "Floods", "2030-03-05 10:00", "2030-03-05 11:00"]):  # fmt: skip
        sheet.append(cells)
    other = book.create_sheet("Old draft")
    for cells in (HEAD.split(","), ["t3", "Fires", "2030-03-04 10:00", "2030-03-04 11:00"]):
        other.append(cells)
    change(sheet, other)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_left_out_and_told_unless_it_is_named(state):
    data = workbook(lambda _, other: setattr(other, "sheet_state", state))
    reading = read(data, **ZONE)
    assert titles(reading) == ["Tides", "Floods"]
    assert any(message.startswith("the sheet `Old draft` is hidden") for message in messages(reading.notes))
    assert titles(read(data, mapping=mapped("sheets: [Old draft]"), **ZONE)) == ["Fires"]


def test_hidden_rows_are_left_out_and_told():
    def hide(sheet, _other):
        sheet.row_dimensions[2].hidden = True

    reading = read(workbook(hide), mapping=mapped("sheets: [Programme]"), **ZONE)
    assert [(one.title, one.line) for one in reading.require().sessions] == [("Floods", 3)]
    assert "hidden rows of the sheet `Programme` are left out: 2" in messages(reading.notes)


# --- other layouts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps({"type": "FeatureCollection", "features": [{}] * 300}), "a GeoJSON file"),
        (json.dumps({"anything": [{"else": 1}] * 300}), "this JSON is not a programme that zoom_sync reads"),
        ("<!DOCTYPE html><html><body>Session 1: Tides</body></html>", "a web page"),
        ('<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "XML (`<rss>`)"),
    ],
)
def test_another_layout_is_named_once(text, name):
    [problem] = read(text).problems
    assert name in problem.message
    assert "make a table" in problem.message


def test_our_own_form_may_be_written_as_json():
    sessions = [{"key": "a", "title": "Tides", "start": "2030-03-04T10:00:00", "duration": 60}]
    text = json.dumps({"event": {"key": "e", "title": "Spring", "timezone": "Europe/Paris"}, "sessions": sessions})
    assert titles(read(text)) == ["Tides"]
    assert titles(read(YAML)) == ["Opening", "Closing"]


def test_nothing_asked_for_is_nothing_said():
    assert not Selection()
    assert SourceMapping().parts == frozenset()

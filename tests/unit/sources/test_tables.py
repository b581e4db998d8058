"""Tables in the layouts that organisers have: headings, dates, times, encodings, workbooks, and what is refused."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from programme_samples import ROOT, told

from zoom_sync.adapters.sources import SourceMapping, read_programme
from zoom_sync.adapters.sources.cells import CellTime, cell_length, cell_time
from zoom_sync.adapters.sources.columns import find_columns
from zoom_sync.adapters.sources.mapping import TableRules
from zoom_sync.adapters.sources.written_dates import CannotRead

SAMPLES = ROOT / "tests/samples/programmes"
TABLE = "id,title,date,start,end\nopen,Opening,2030-05-06,09:00,10:30\n"


def read(data, timezone="Europe/Lisbon", **rules):
    data = data.encode() if isinstance(data, str) else data
    return read_programme(
        data, name="programme.csv", timezone=timezone, mapping=SourceMapping(table=TableRules(**rules))
    )


def only(reading):
    assert reading.problems == ()
    (session,) = reading.programme.sessions
    return session


def problems(*arguments, **options):
    reading = read(*arguments, **options)
    assert reading.programme is None
    return "\n".join(problem.message for problem in reading.problems)


def notes(reading):
    return "\n".join(note.message for note in reading.notes)


def workbook(fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


# --- headings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    ["Session title,Start date,Start time,End time", "TITLE,Date,From,Until", "Talk Title,Day,Begins,Ends",
     "标题,日期,开始时间,结束时间", "会议主题,会议日期,开始,结束", "Topic,Date,Start (UTC+1),End (UTC+1)", "name,date,event_start,event_end"],
)  # fmt: skip
def test_headings_are_found_by_their_synonyms_and_shown(headings):
    reading = read(f"{headings}\nOpening,2030-05-06,09:00,10:30\n")
    assert only(reading).start.isoformat() == "2030-05-06T09:00:00+01:00"
    assert "title from" in notes(reading)


def test_what_is_not_understood_is_passed_over_and_told():
    assert "passed over: `Catering`" in notes(read(TABLE.replace("end\n", "end,Catering\n")))


def test_headings_need_not_stand_in_the_first_row():
    reading = read("Spring School,,\n,,\nTitle,Start,Minutes\nOpening,2030-05-06 09:00,90\n")
    assert reading.programme.event.title == "Spring School"
    assert only(reading).line == 4


def test_a_mapping_names_columns_that_are_not_known():
    text = "Was,Wann,Wie lange\nOpening,2030-05-06 09:00,90\n"
    assert "known format" in problems(text)
    columns = {"title": "Was", "start": "wann", "duration": "Wie lange"}
    assert only(read(text, columns=columns)).minutes == 90
    told = problems(text, columns={**columns, "room": "Wo"})
    assert "`room` stands under `Wo`, but there is no such heading" in told


def test_a_mapping_wins_over_a_synonym():
    text = TABLE.replace("title", "title,Long title").replace("Opening", "Opening,The grand opening")
    assert only(read(text, columns={"title": "Long title"})).title == "The grand opening"


def test_the_row_of_headings_can_be_told():
    text = "title,start,end\n" + TABLE
    assert only(read(text, header_row=2)).key == "open"
    assert "no row of headings" in problems(text, header_row=9) or "known format" in problems(text, header_row=9)


def test_no_heading_is_guessed_by_likeness():
    assert find_columns([["titel", "strat", "ende"]], {}) is None


# --- delimiters and encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    assert only(read(TABLE.replace(",", delimiter))).title == "Opening"


def test_a_delimiter_that_excel_tells_or_a_mapping():
    assert only(read("sep=;\n" + TABLE.replace(",", ";"))).line == 3
    assert only(read(TABLE.replace(",", "~"), delimiter="~")).key == "open"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found(encoding):
    text = (SAMPLES / "programme-zh.csv").read_text(encoding="utf-8")
    reading = read(text.encode(encoding), timezone=None)
    assert [session.title for session in reading.programme.sessions] == ["论坛开幕", "观潮"]
    assert ("GB18030" in notes(reading)) == (encoding == "gb18030")


@pytest.mark.parametrize("word", ["Café à la carte, déjà vu", "Größe Übung Öl", "São João está"])
def test_other_encodings_are_not_mistaken_for_chinese_but_can_be_told(word):
    data = TABLE.replace("Opening", f'"{word}"').encode("latin-1")
    assert "is not UTF-8 text" in problems(data)
    assert only(read(data, encoding="latin-1")).title == word


def test_quoted_cells_may_hold_lines_and_the_line_of_the_row_is_told():
    text = (
        TABLE.replace("end\n", "end,description\n").replace("10:30\n", '10:30,"one\ntwo"\n')
        + "b,B,nonsense,9:00,10:00,\n"
    )
    reading = read(text)
    assert [line for line, _ in told(reading.problems)] == [4]


# --- dates and times -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["2030-05-06", "6.5.2030", "06.05.2030", "2030/5/6", "6 May 2030", "May 6, 2030", "Mon 6 May 2030", "2030年5月6日",
     "2030年5月6日（星期一）", "13/5/2030", "5/13/2030"],
)  # fmt: skip
def test_dates(written):
    expected = date(2030, 5, 13) if "13" in written else date(2030, 5, 6)
    assert cell_time(written).day == expected


def test_a_date_that_can_be_read_in_two_ways_is_reported_until_the_mapping_tells():
    text = TABLE.replace("2030-05-06", "11/06/2030")
    told = problems(text)
    assert "`open`" in told
    assert "day_first" in told
    assert only(read(text, day_first=True)).start.date() == date(2030, 6, 11)
    assert only(read(text, day_first=False)).start.date() == date(2030, 11, 6)
    assert cell_time("6/6/2030").day == date(2030, 6, 6)


@pytest.mark.parametrize("written", ["06/11/30", "31/31/2030", "6 May", "Tue 6 May 2030", "45236", "30.2.2030", "soon"])
def test_dates_that_are_not_guessed(written):
    with pytest.raises(CannotRead):
        cell_time(written)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("20:30", (1230, None)), ("20:30:00", (1230, None)), ("8:30 pm", (1230, None)), ("20:30-22:00", (1230, 1320)),
        ("8:30 – 10 pm", (1230, 1320)), ("晚上8点30分至10点", (1230, 1320)), ("下午2时-4时", (840, 960)), ("14.00", (840, None)),
        (time(20, 30), (1230, None)), (0.5, (720, None)), (timedelta(hours=9), (540, None)),
    ],
)  # fmt: skip
def test_times(cell, expected):
    when = cell_time(cell)
    assert (when.starts, when.ends) == expected


def test_excels_serial_dates_and_their_rounding():
    assert cell_time(47609) == CellTime(date(2030, 5, 6))
    assert cell_time(47609 + 0.375 - 1e-9) == CellTime(date(2030, 5, 6), 540)
    late = datetime(2030, 5, 6, 8, 59, 59, 999)  # noqa: DTZ001 - as a workbook tells it
    assert cell_time(late) == CellTime(date(2030, 5, 6), 540)
    with pytest.raises(CannotRead):
        cell_time(12.0)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("90", 90), ("1:30", 90), ("90 min", 90), ("1h30", 90), ("1.5 h", 90), ("1,5 h", 90), ("90分钟", 90), (90, 90),
     (time(1, 30), 90), (timedelta(minutes=90), 90), ("1 hour 30 minutes", 90)],
)  # fmt: skip
def test_lengths(cell, minutes):
    assert cell_length(cell) == timedelta(minutes=minutes)
    assert cell_length("1,5", in_hours=True) == timedelta(minutes=90)


@pytest.mark.parametrize("cell", ["long", "-5", "0", 0, float("nan"), float("inf"), "1:2:3:4"])
def test_what_is_no_length(cell):
    with pytest.raises(CannotRead):
        cell_length(cell)


@pytest.mark.parametrize(
    ("row", "end"),
    [("2030-05-06,23:00,00:30", "2030-05-07T00:30:00+01:00"), ("2030-05-06,23:00-00:30,", "2030-05-07T00:30:00+01:00")],
)
def test_a_session_may_cross_midnight(row, end):
    assert only(read(f"title,date,start,end\nTides,{row}\n")).end.isoformat() == end


def test_an_end_long_before_its_begin_is_a_problem():
    assert "ends before it begins" in problems(TABLE.replace("09:00,10:30", "18:00,10:30"))


def test_end_and_length_must_fit_each_other():
    text = TABLE.replace("end\n", "end,minutes\n")
    assert only(read(text.replace("10:30\n", "10:30,90\n"))).minutes == 90
    assert "do not match" in problems(text.replace("10:30\n", "10:30,60\n"))


def test_an_offset_tells_the_instant_and_the_zone_beside_it_where_it_is_shown():
    table = "title,start,end,timezone\nOpening,{},{},America/New_York\n"
    shown = only(read(table.format("2030-05-06T14:00:00+01:00", "2030-05-06T15:30:00+01:00")))
    assert (shown.start.isoformat(), shown.timezone) == ("2030-05-06T09:00:00-04:00", "America/New_York")
    over_a_change = only(read(table.format("2030-11-03T00:30:00-04:00", "2030-11-03T01:30:00-05:00")))
    assert (over_a_change.minutes, over_a_change.end.isoformat()) == (120, "2030-11-03T01:30:00-05:00")


def test_begin_and_end_have_each_its_own_offset():
    session = only(read("title,start,end\nOpening,2030-10-27T00:30:00+01:00,2030-10-27T01:30:00+00:00\n"))
    assert session.minutes == 120


def test_a_row_may_have_its_own_zone_or_offset():
    text = TABLE.replace("end\n", "end,time zone\n").replace("10:30\n", "10:30,Asia/Tokyo\n")
    assert only(read(text)).start.isoformat() == "2030-05-06T09:00:00+09:00"
    assert "did you mean" in problems(text.replace("Asia/Tokyo", "Asia/Tokio"))
    assert only(read(TABLE.replace("09:00,", "09:00 (UTC+8),"))).start.isoformat() == "2030-05-06T02:00:00+01:00"


def test_empty_cells_are_not_filled_unless_the_mapping_says_so():
    text = TABLE + "b,Second,,11:00,12:00\n"
    assert "`b` has a time but no date" in problems(text)
    assert [s.start.hour for s in read(text, fill_down=("date",)).programme.sessions] == [9, 11]


def test_rows_that_are_no_sessions_are_told():
    assert "ignored: 3" in notes(read(TABLE + ",,Lunch,,\n" + ",,,,\n"))
    assert "no title" in problems(TABLE + "b,,2030-05-06,11:00,12:00\n")


def test_addresses_are_only_given_to_speakers_where_they_fit():
    text = TABLE.replace("end\n", "end,speakers,emails\n").replace("10:30\n", "10:30,Ana & Bo,ana@example.org\n")
    assert only(read(text)).items[0].presenter == "Ana, Bo"


def test_a_meeting_that_exists_can_be_told():
    text = TABLE.replace("end\n", "end,Meeting ID,Passcode\n").replace("10:30\n", "10:30,823 1893 7943,807001\n")
    assert only(read(text)).known.meeting_id == "82318937943"
    assert "passcode" in notes(read(text.replace("823 1893 7943", "")))


def test_a_mapping_that_a_format_cannot_use_is_a_problem():
    yaml = (SAMPLES / "programme.yaml").read_bytes()
    reading = read_programme(yaml, name="p", mapping=SourceMapping(title="T", table=TableRules(day_first=True)))
    assert {line for line, _ in told(reading.problems)} == {None}
    assert len(reading.problems) == 2


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_the_sample_workbook_with_its_merged_cells_formula_and_sheets():
    reading = read((SAMPLES / "programme.xlsx").read_bytes())
    assert [(session.key, session.start.isoformat(), session.minutes) for session in reading.programme.sessions] == [
        ("opening", "2030-05-06T09:00:00+01:00", 90), ("tides", "2030-05-06T23:00:00+01:00", 90),
        ("maps", "2030-05-07T14:00:00+01:00", 75),
    ]  # fmt: skip
    assert reading.programme.event.title == "Open Coast Forum"
    assert "`Budget` has no headings" in notes(reading)


def test_sheets_can_be_named():
    data = (SAMPLES / "programme.xlsx").read_bytes()
    assert only(read(data, sheets=("2030-05-07",))).key == "maps"
    assert "there is no sheet `Day 9`: there are `Programme`" in problems(data, sheets=("Day 9",))


def test_formulas_are_not_evaluated_and_links_not_followed():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Title", "Start", "Minutes"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://127.0.0.1:9/","x")', None, "Kept value")
        sheet.write(1, 1, "2030-05-06 09:00")
        sheet.write_formula(1, 2, "=[other.xlsx]Sheet1!A1", None, 90)

    session = only(read(workbook(fill)))
    assert (session.title, session.minutes) == ("Kept value", 90)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(60):
                part.write(b"\0" * 1024 * 1024)
    assert len(out.getvalue()) < 100_000
    assert "unpacks to more than 48 MiB" in problems(out.getvalue())


def test_too_many_parts_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1001):
            archive.writestr(f"xl/workbook.xml{number}", "")
    assert "1000 parts" in problems(out.getvalue())


def test_a_sheet_that_claims_the_last_row_of_excel_is_read_no_further_than_programmes_go():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Title", "Start", "Minutes"])
        sheet.write_row(1, 0, ["Opening", "2030-05-06 09:00", 90])
        sheet.write(1_048_575, 0, "far away")

    assert "20000 rows are read" in problems(workbook(fill))


def test_rows_that_are_only_formatted_are_not_made(monkeypatch):
    """However many there are: what is asked of openpyxl is counted, not timed."""
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    asked_for = []
    cells_by_row = ReadOnlyWorksheet._cells_by_row
    monkeypatch.setattr(
        ReadOnlyWorksheet, "_cells_by_row", lambda *a, **k: asked_for.append(a) or cells_by_row(*a, **k)
    )

    def fill(book):
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, ["Title", "Start", "Minutes"])
        sheet.write_row(1, 0, ["Opening", "2030-05-06 09:00", 90])
        for row in range(2, 30_000):
            sheet.set_row(row, 20, bold)

    assert len(read(workbook(fill)).programme.sessions) == 1
    assert [call[4] for call in asked_for] == [2]  # the last row


def test_names_of_parts_that_lead_elsewhere_do_no_harm(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = io.BytesIO((SAMPLES / "programme.xlsx").read_bytes())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../outside.txt", "x")
        archive.writestr("/tmp/outside.txt", "x")
    assert len(read(out.getvalue()).programme.sessions) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_workbook_is_told():
    data = (SAMPLES / "programme.xlsx").read_bytes()
    assert "damaged" in problems(data[: len(data) // 2])
    assert "damaged" in problems(data.replace(b"PK\x05\x06", b"PK\x05\x07"))


def test_another_zip_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "Word" in problems(out.getvalue())


def test_a_table_that_is_too_large_is_refused():
    assert "more than 20000 rows" in problems(TABLE + "x,X,2030-05-06,9:00,10:00\n" * 20_001)
    assert "cannot be read" in problems(TABLE + '"' + "x" * 200_000)

"""CSV: every byte that is not a written cell stays."""

import codecs
import csv
import io

import pytest
from filed_samples import MEETINGS, PROGRAMME
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_sync.adapters.writeback.csv_file import fill_csv, records_of
from zoom_sync.errors import UserError

TOLD = [
    "82318937943,https://zoom.example/j/0?pwd=a,011820,Ada",
    "82318937944,https://zoom.example/j/1?pwd=a,011821,Ada",
]


def filled(text, encoding="utf-8"):
    return fill_csv(text.encode(encoding), PROGRAMME, MEETINGS).content.decode(encoding)


def test_missing_columns_come_at_the_end_and_the_rest_stays():
    told = filled('key,title\r\none,Opening \r\n\r\ntwo,"Course"\r\n')
    assert told == (
        "key,title,meeting_id,join_url,passcode,hosted_by\r\n"
        f"one,Opening ,{TOLD[0]}\r\n"
        "\r\n"
        f'two,"Course",{TOLD[1]}\r\n'
    )  # fmt: skip


def test_columns_that_are_there_are_filled_whatever_they_are_called():
    told = filled("Zoom Link;Title;Start;Password;Room;Meeting No.\n;Opening;6.11.2023 20:30;;A;\n")
    assert told == (
        "Zoom Link;Title;Start;Password;Room;Meeting No.;hosted_by\n"
        "https://zoom.example/j/0?pwd=a;Opening;6.11.2023 20:30;011820;A;82318937943;Ada\n"
    )


def test_chinese_headers_get_chinese_company():
    told = filled("标题\t日期\t时间\nOpening\t2023年11月6日\t20:30-22:00\n", "gb18030")
    assert told.splitlines() == [
        "标题\t日期\t时间\t会议号\t会议链接\t会议密码\t会议所属账号",
        "Opening\t2023年11月6日\t20:30-22:00\t" + TOLD[0].replace(",", "\t"),
    ]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
     (b"", "gb18030")],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_mark_and_line_ends_stay(mark, encoding, end):
    told = fill_csv(mark + f"key,标题{end}one,开幕{end}".encode(encoding), PROGRAMME, MEETINGS).content
    assert told.startswith(mark)
    lines = told[len(mark) :].decode(encoding).split(end)
    assert [line.split(",")[1] for line in lines[:2]] == ["标题", "开幕"]
    assert lines[2:] == [""]


def test_quotes_are_kept_where_all_cells_have_them():
    assert filled('"key","title"\n"one","Opening"\n').splitlines()[1] == (
        '"one","Opening","82318937943","https://zoom.example/j/0?pwd=a","011820","Ada"'
    )


def test_filling_again_changes_nothing_and_a_grouped_id_stays():
    once = filled("key,title\none,Opening\n")
    assert filled(once) == once
    grouped = once.replace("82318937943", "823 1893 7943")
    assert filled(grouped) == grouped


def test_a_wrong_value_is_replaced():
    once = filled("key,title\none,Opening\n")
    assert filled(once.replace("82318937943", "99999999999").replace("011820", "11820")) == once


def test_lines_above_the_header_and_rows_of_nobody_stay_and_are_told():
    table = "Programme of the seminar,\n,\nkey,title\none,Opening\nlunch,Lunch\n"
    got = fill_csv(table.encode(), PROGRAMME, MEETINGS)
    lines = got.content.decode().splitlines()
    assert lines[:2] == ["Programme of the seminar,", ","]
    assert lines[4] == "lunch,Lunch,,,,"
    assert got.unmatched == (("row 5", "no session has this key or title"),)
    assert got.sessions == {"one"}


def test_the_same_title_twice_is_told_apart_by_its_start_only():
    table = "title,date,time\nCourse,2023-11-08,20:30\nCourse,2023-11-09,20:30\nCourse,,\n"
    got = fill_csv(table.encode(), PROGRAMME, MEETINGS)
    assert "Course,2023-11-08,20:30,82318937945" in got.content.decode()
    assert [where for where, _ in got.unmatched] == ["row 3", "row 4"]
    assert "2023-11-07 12:30 UTC" in got.unmatched[0][1]
    assert "no start" in got.unmatched[1][1]


@pytest.mark.parametrize(
    "start",
    [
        "2023-11-07T20:30", "2023-11-07 20:30:00", "2023-11-07T12:30:00Z", "2023-11-07T13:30:00+01:00", "07.11.2023 20:30",
        "11/07/2023 8:30 PM", "7/11/2023 20.30", "November 7th, 20:30", "Tuesday, 7 November 2023 20:30-22:00",
        "2023年11月7日20:30", "2023/11/7 20：30", "7 Nov 8:30 p.m.",
    ],
)  # fmt: skip
def test_starts_are_read_as_people_write_them(start):
    table = f'title;start\nCourse;"{start}"\n'
    assert fill_csv(table.encode(), PROGRAMME, MEETINGS).sessions == {"two"}


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n", "\n\n", '"key,title\none', "title\nOpening\n"])
def test_a_table_without_a_known_header_is_refused(table):
    with pytest.raises(UserError):
        fill_csv(table.encode(), PROGRAMME, MEETINGS)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UserError, match="encoding"):
        fill_csv(b"key,title\n\xff\xff\xff\n", PROGRAMME, MEETINGS)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\r\n\"'"), max_size=8) | st.sampled_from(
    ["a,b", "a;b", 'say "a"', "two\nlines", " x ", "=1+1", ""]
)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\r\n", "\n"]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_table_other_cells_stay_and_ours_are_read(rows, quoting, end):
    rows = [["key", "title", "remark"], *([f"x{n}", *row[1:]] for n, row in enumerate(rows)), ["one", "Opening", "a,b"]]
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(rows)
    told = list(csv.reader(io.StringIO(filled(out.getvalue()), newline="")))
    assert [row[:3] for row in told] == rows
    assert told[-1][3:] == TOLD[0].split(",")
    assert {len(row) for row in told} == {7}


@given(st.text(st.sampled_from(["a", "b", '"', ",", "\r", "\n", " "]), max_size=30))
@settings(max_examples=300, deadline=None)
def test_the_cells_of_any_text_are_those_of_the_csv_module(text):
    try:
        ours = [[cell.value for cell in record] for record in records_of(text, ",")]
    except UserError:
        return
    theirs = [row or [""] for row in csv.reader(io.StringIO(text, newline=""))]
    assert [row for row in ours if row != [""]] == [row for row in theirs if row != [""]]
    assert all(a.start <= a.end for record in records_of(text, ",") for a in record)

import csv
import errno
import io
import itertools
import json
import tracemalloc
from datetime import datetime

import pytest
from export_samples import FORMULAS, HOSTILE, attendance_row, attendee, question
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.adapters.exports.cleaning import clean, no_formula
from zoom_sync.adapters.exports.tables import ATTENDANCE, QUESTIONS
from zoom_sync.adapters.exports.writing import WRITERS, write_table, writer_of
from zoom_sync.domain.publication import ReportRow
from zoom_sync.errors import UserError


def written(format_name, table, *rows):
    out = io.BytesIO()
    assert write_table(format_name, table, iter(rows), out) == len(rows)
    assert not out.closed
    return out.getvalue()


def from_csv(text):
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))


def test_attendance_begins_with_the_columns_that_others_rely_on():
    header = written("csv", ATTENDANCE).decode().splitlines()[0]
    assert header.startswith("session,name,email,first_join,last_leave,minutes,share,joins,")


def test_a_line_of_attendance_in_csv_has_numbers_and_times_in_the_sessions_zone():
    (line,) = from_csv(written("csv", ATTENDANCE, attendance_row()))
    assert line["first_join"] == "2023-11-06T20:30:00+08:00"
    assert (line["minutes"], line["share"], line["joins"], line["phone"]) == ("75", "0.8333", "2", "false")


def test_json_is_one_array_of_objects_with_the_same_columns():
    (line,) = json.loads(written("json", ATTENDANCE, attendance_row()))
    assert list(line) == ATTENDANCE.names
    assert (line["minutes"], line["share"], line["joins"], line["phone"]) == (75, 0.8333, 2, False)
    assert datetime.fromisoformat(line["last_leave"]).utcoffset().total_seconds() == 8 * 3600


def test_no_rows_are_a_header_alone_or_an_empty_array():
    assert written("csv", QUESTIONS).count(b"\r\n") == 1
    assert json.loads(written("json", QUESTIONS)) == []


def test_what_is_not_known_stays_empty():
    row = attendance_row(email=None, first_join=None, last_leave=None, share=None)
    (line,) = from_csv(written("csv", ATTENDANCE, row))
    assert {line["email"], line["first_join"], line["last_leave"], line["share"]} == {""}
    assert json.loads(written("json", ATTENDANCE, row))[0]["share"] is None


def test_whole_numbers_have_no_point():
    (line,) = from_csv(written("csv", ATTENDANCE, attendance_row(seconds_inside=5400, share=1.0)))
    assert (line["minutes"], line["share"]) == ("90", "1")


def test_a_question_and_its_answers_are_one_line():
    (line,) = json.loads(written("json", QUESTIONS, ReportRow("s", "Europe/Berlin", question())))
    assert (line["question"], line["answers"], line["answered"]) == ("Why?", "Host: Because.", True)
    assert line["asked_at"] == line["answered_at"] == "2023-11-06T13:30:00+01:00"


def test_csv_keeps_to_rfc_4180():
    text = written("csv", ATTENDANCE, attendance_row('a "b", c\nd'))
    assert text.endswith(b"\r\n")
    assert b'"a ""b"", c\nd"' in text


def test_only_the_csv_for_spreadsheets_has_a_byte_order_mark():
    assert written("csv-excel", ATTENDANCE).startswith(b'\xef\xbb\xbf"session"')
    assert written("csv", ATTENDANCE).startswith(b"session")


def test_an_unknown_format_is_refused_with_the_known_ones_named():
    with pytest.raises(UserError, match="csv, csv-excel, xlsx, json, parquet"):
        writer_of("xls")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("format_name", ["csv", "csv-excel", "json"])
def test_no_hostile_name_breaks_a_writer(format_name, name):
    rows = [attendance_row(name, email=name, note=name), attendance_row("last")]
    text = written(format_name, ATTENDANCE, *rows)
    lines = json.loads(text) if format_name == "json" else from_csv(text)
    assert [line["name"] for line in lines][1:] == ["last"]
    assert [line["joins"] for line in lines] in ([2, 2], ["2", "2"])


@pytest.mark.parametrize("name", HOSTILE)
def test_json_keeps_the_true_text(name):
    assert json.loads(written("json", ATTENDANCE, attendance_row(name)))[0]["name"] == name


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_is_read_back_as_it_was_cleaned(name):
    assert from_csv(written("csv", ATTENDANCE, attendance_row(name)))[0]["name"] == no_formula(name)


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_begins_as_a_formula(name):
    cell = from_csv(written("csv", ATTENDANCE, attendance_row(name)))[0]["name"]
    assert cell == "'" + clean(name)


@pytest.mark.parametrize("name", ["Ann", "Ann = Bo", "a-b", "名前", "(+1)", "1=1", ""])
def test_harmless_names_are_left_alone(name):
    assert no_formula(name) == name


def test_numbers_below_zero_stay_numbers():
    assert from_csv(written("csv", ATTENDANCE, attendance_row(joins=-2)))[0]["joins"] == "-2"


def test_direction_marks_and_controls_are_taken_out():
    assert clean("Ann\u202egnp\u2066.\u2069exe\x00\x1b[1m\u200f") == "Anngnp.exe[1m"
    assert clean("a\tb\nc") == "a\tb\nc"


@given(st.lists(st.text(st.characters(), max_size=20), max_size=5))
def test_any_text_goes_through_both_formats(names):
    rows = [attendance_row(name) for name in names]
    assert [line["name"] for line in json.loads(written("json", ATTENDANCE, *rows))] == names
    assert [line["name"] for line in from_csv(written("csv", ATTENDANCE, *rows))] == [no_formula(one) for one in names]


class Sink(io.RawIOBase):
    """Swallows bytes and counts them."""

    size = 0

    def writable(self):
        return True

    def write(self, octets):
        self.size += len(octets)
        return len(octets)


def memory_for(format_name, count):
    row, sink = ReportRow("s", "UTC", attendee()), Sink()
    tracemalloc.start()
    try:
        write_table(format_name, ATTENDANCE, itertools.repeat(row, count), sink)
        return tracemalloc.get_traced_memory()[1], sink.size
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("format_name", WRITERS)
def test_memory_does_not_grow_with_the_rows(format_name):
    memory_for(format_name, 1)  # what is loaded at first use is not counted
    few, small = memory_for(format_name, 1000)
    many, large = memory_for(format_name, 5000)
    assert large > small
    assert many < few + 50_000


class Full(Sink):
    """A disk without room."""

    def write(self, octets):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("format_name", WRITERS)
def test_a_full_disk_is_told_as_what_it_is(format_name):
    with pytest.raises(OSError, match="No space left"):
        write_table(format_name, ATTENDANCE, [attendance_row()] * 2000, Full())

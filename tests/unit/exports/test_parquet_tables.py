import io
import os
import threading
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from export_samples import JOIN, attendance_row, question
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from zoom_sync.adapters.exports import parquet_table
from zoom_sync.adapters.exports.parquet_table import ParquetWriter
from zoom_sync.adapters.exports.tables import ATTENDANCE, QUESTIONS
from zoom_sync.domain.publication import ReportRow


def written(table, *rows):
    out = io.BytesIO()
    assert ParquetWriter().write(table, iter(rows), out) == len(rows)
    assert not out.closed
    return out.getvalue()


def read(table, *rows):
    return parquet.read_table(pa.BufferReader(written(table, *rows)))


def test_a_line_comes_back_as_it_was():
    (line,) = read(ATTENDANCE, attendance_row("Zoë")).to_pylist()
    assert list(line) == ATTENDANCE.names
    assert (line["name"], line["minutes"], line["share"], line["joins"], line["phone"]) == (
        "Zoë",
        75.0,
        0.8333,
        2,
        False,
    )


def test_times_are_instants_with_a_zone():
    table = read(ATTENDANCE, attendance_row())
    assert table.schema.field("first_join").type == pa.timestamp("us", tz="UTC")
    assert table["first_join"].to_pylist() == [JOIN]


@pytest.mark.parametrize(
    "rows", [(), (attendance_row(email=None, first_join=None, share=None),), (attendance_row(seconds=60),)]
)
def test_the_schema_does_not_depend_on_the_rows(rows):
    schema = read(ATTENDANCE, *rows).schema
    assert schema == read(ATTENDANCE, attendance_row()).schema
    assert [str(field.type) for field in schema][:8] == [
        "string", "string", "string", "timestamp[us, tz=UTC]", "timestamp[us, tz=UTC]", "double", "double", "int64",
    ]  # fmt: skip


def test_what_is_not_known_is_null():
    (line,) = read(QUESTIONS, ReportRow("s", "UTC", question(asked_at=None, answers=()))).to_pylist()
    assert (line["asked_at"], line["answered_at"], line["email"]) == (None, None, None)


def test_many_rows_come_in_groups_and_in_order(monkeypatch):
    monkeypatch.setattr(parquet_table, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(parquet_table, "BATCHES_IN_GROUP", 2)
    octets = written(ATTENDANCE, *(attendance_row(f"Guest {number}") for number in range(14)))
    file = parquet.ParquetFile(pa.BufferReader(octets))
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [6, 6, 2]
    assert file.read()["name"].to_pylist() == [f"Guest {number}" for number in range(14)]


def test_it_can_be_written_into_a_pipe():
    reading, writing = os.pipe()
    got = []

    def drain():
        with os.fdopen(reading, "rb") as pipe:
            got.append(pipe.read())

    thread = threading.Thread(target=drain)
    thread.start()
    with os.fdopen(writing, "wb") as out:
        ParquetWriter().write(ATTENDANCE, [attendance_row()], out)
    thread.join()
    assert parquet.read_table(pa.BufferReader(got[0]))["name"].to_pylist() == ["Ann"]


@given(st.lists(st.text(st.characters(), max_size=20), max_size=5))
def test_any_text_comes_back_but_for_half_surrogates(names):
    expected = [name.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for name in names]
    told = read(ATTENDANCE, *(attendance_row(name) for name in names))["name"].to_pylist()
    assert [len(one) for one in told] == [len(name) for name in names]
    assert all(
        a == b
        for a, b, name in zip(told, expected, names, strict=True)
        if not any("\ud800" <= c < "\ue000" for c in name)
    )


def test_times_before_and_after_a_clock_change_are_two_instants():
    first, second = datetime(2023, 10, 29, 0, 30, tzinfo=UTC), datetime(2023, 10, 29, 1, 30, tzinfo=UTC)
    row = ReportRow("s", "Europe/Berlin", attendance_row(first_join=first, last_leave=second).value)
    (line,) = read(ATTENDANCE, row).to_pylist()
    assert (line["first_join"], line["last_leave"]) == (first, second)

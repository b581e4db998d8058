"""Steps of `bench/large.py` as processes of their own, so that the peak memory of each is its own."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from zoom_sync.adapters.exports.tables import ATTENDANCE
from zoom_sync.adapters.exports.writing import write_table
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.attendance import Attendee, Certainty, Role
from zoom_sync.domain.publication import ReportRow
from zoom_sync.service_layer.collect import remerge
from zoom_sync.settings import load_settings


def merge_again() -> None:
    """Attendance made anew from the raw rows of the store."""
    remerge(Parts(load_settings()).collecting(), "large", "webinar")


def lines(count: int) -> Iterator[ReportRow[Attendee]]:
    """Rows of a report, made one by one."""
    start = datetime(2027, 5, 10, 10, tzinfo=UTC)
    for number in range(count):
        join, leave = start + timedelta(seconds=number % 3600), start + timedelta(seconds=3600 + number % 1800)
        seconds = int((leave - join).total_seconds())
        yield ReportRow(
            "webinar", "Europe/Lisbon",
            Attendee(
                f"email:person{number}@example.org", f"Attendee Number {number}", f"person{number}@example.org", join,
                leave, seconds, seconds, 0, number % 60, seconds / 5400, 1 + number % 3, 1, Certainty.EMAIL,
                Role.AUDIENCE, False, "", (),
            ),
        )  # fmt: skip


def write(form: str, count: int) -> None:
    """One report of so many rows; says its memory before and at most, in MB, and its size."""
    with tempfile.TemporaryFile() as out:
        write_table(form, ATTENDANCE, lines(1), out)
        out.seek(0)
        out.truncate()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.process_time()
        write_table(form, ATTENDANCE, lines(count), out)
        cpu = time.process_time() - begin
        size = out.tell()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"before": before / 1024, "peak": peak / 1024, "cpu": cpu, "size": size / 1e6}))


if __name__ == "__main__":
    if sys.argv[1] == "merge":
        merge_again()
    else:
        write(sys.argv[1], int(sys.argv[2]))

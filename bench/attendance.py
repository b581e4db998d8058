"""Time and memory of the attendance merge for 10^4, 10^5 and 10^6 rows: `python bench/attendance.py`.

Each size runs in a process of its own, so that its peak memory is its own. Rows are made one by one from a seed, as
JSON objects like Zoom's, and are not kept; the time of making them is measured apart and taken off.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from zoom_sync.domain.attendance import audience_curve, merge, stay_from_row

SIZES = (10_000, 100_000, 1_000_000)
ROWS_PER_PERSON = 10 / 3
START = datetime(2023, 11, 6, 12, 0, tzinfo=UTC)
WINDOW = (START + timedelta(minutes=30), START + timedelta(minutes=120))


def rows(count: int) -> Iterator[dict[str, Any]]:
    """`count` rows of 0.3 x `count` people: some known by registrant id, some by e-mail, id or name only."""
    chance = random.Random(count)
    people = int(count / ROWS_PER_PERSON)
    clock = [(START + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ") for second in range(3 * 3600)]
    for number in range(count):
        person = chance.randrange(people)
        join = chance.randrange(2 * 3600)
        leave = join + chance.randrange(1, 3600)
        yield {
            "id": f"participant{person:016}" if person % 4 else "",
            "user_id": str(16_000_000 + number),
            "name": f"Attendee Number {person}",
            "user_email": f"Attendee{person}@example.org" if person % 3 else "",
            "registrant_id": f"registrant{person:012}" if person % 2 else "",
            "join_time": clock[join],
            "leave_time": clock[leave],
            "duration": leave - join,
            "status": "in_waiting_room" if number % 10 == 0 else "in_meeting",
        }


def measure(count: int) -> dict[str, float]:
    """CPU seconds and peak memory for one size, in this process."""
    begin = time.process_time()
    for _ in rows(count):
        pass
    making = time.process_time() - begin
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    attendance = merge((stay_from_row(row, "instance==") for row in rows(count)), window=WINDOW)
    merging = time.process_time() - begin - making
    begin = time.process_time()
    audience_curve(attendance)
    curve = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "rows": count, "people": len(attendance.attendees), "merge": merging, "curve": curve,
        "before": before / 1024, "peak": peak / 1024,
    }  # fmt: skip


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
        return
    print("| rows | people | merge, CPU s | curve, CPU s | peak RSS MB | of which before | CPU ratio | rows/s |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    last = 0.0
    for size in SIZES:
        answer = subprocess.run([sys.executable, __file__, str(size)], check=True, capture_output=True, text=True)
        line = json.loads(answer.stdout)
        ratio = f"{line['merge'] / last:.1f}" if last else ""
        last = line["merge"]
        print(
            f"| {size} | {line['people']} | {line['merge']:.2f} | {line['curve']:.2f} | {line['peak']:.0f} "
            f"| {line['before']:.0f} | {ratio} | {size / line['merge']:.0f} |"
        )


if __name__ == "__main__":
    main()

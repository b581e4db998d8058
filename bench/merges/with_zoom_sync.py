"""Seconds per person with zoom_sync's own merge: `with_zoom_sync.py ROWS.jsonl SECONDS.csv`."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zoom_sync.domain.attendance import merge, stay_from_row


def rows(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open("rb") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    begin = time.process_time()
    for _ in rows(sys.argv[1]):
        pass
    reading = time.process_time() - begin
    begin = time.process_time()
    attendance = merge(stay_from_row(row, "instance==") for row in rows(sys.argv[1]))
    merging = time.process_time() - begin - reading
    with Path(sys.argv[2]).open("w", newline="", encoding="utf-8") as out:
        sheet = csv.writer(out)
        for one in attendance.attendees:
            if one.intervals:
                sheet.writerow([one.email, one.seconds])
    print(json.dumps({"reading": reading, "merging": merging}))


if __name__ == "__main__":
    main()

"""Read a programme of 1,000 sessions in each format: `python bench/sources.py`. A table of CPU seconds."""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests/contract/sources"))

from timetable_writers import PATHS, WRITERS, ZONE, many  # noqa: E402 - found through the line above

from zoom_sync.adapters.sources import SourceMapping, dump_programme, read_programme  # noqa: E402 - as above
from zoom_sync.adapters.sources.fetching import Fetcher  # noqa: E402 - as above
from zoom_sync.adapters.sources.origins import SourceSpec, Ways, open_source  # noqa: E402 - as above

DATABASE = "a database (SQLite)"


def sources(count: int) -> dict[str, bytes]:
    """The same programme in every format."""
    told = {form: write(many(count), ZONE) for form, write in WRITERS.items()}
    programme = read_programme(told["csv"], name="bench", timezone=ZONE).require()
    told["yaml"] = dump_programme(programme).encode()
    told["announcement"] = _announcement(count).encode()
    return told


def _announcement(count: int) -> str:
    blocks = (
        f"Session {number % 999 + 1}: Talk {number}\nDate: May 6th 2030, 9:00-9:30 (UTC+1)\n"
        f"Agenda:\n• Ana Reis: Talk {number}\n"
        for number in range(count)
    )
    return "Event: Forum\nTime: May 6th 2030 (UTC+1)\n\n" + "\n".join(blocks)


def _from_database(count: int) -> float:
    """CPU seconds of a query's rows (SQLite), read as a programme."""
    with tempfile.TemporaryDirectory() as folder:
        with sqlite3.connect(f"{folder}/talks.db") as site:
            site.execute("CREATE TABLE talks (id, title, start, end, room, track, speaker)")
            told = [(row.id, row.title, row.start.isoformat(), row.end.isoformat(), row.room, row.track, "Ana Reis")
                    for row in many(count)]  # fmt: skip
            site.executemany("INSERT INTO talks VALUES (?, ?, ?, ?, ?, ?, ?)", told)
        Path(folder, "talks.yaml").write_text("sql: {connection: X, query: 'SELECT * FROM talks'}\n")
        begin = time.process_time()
        ways = Ways(lambda _: f"sqlite:///{folder}/talks.db", Fetcher())
        opened = open_source(SourceSpec(f"{folder}/talks.yaml", timezone=ZONE), ways)
        assert len(opened.read().require().sessions) == count
        return time.process_time() - begin


def measured(form: str, count: int) -> float:
    """CPU seconds of one reading in a process of its own; what only this format imports is included."""
    return float(subprocess.run([sys.executable, __file__, "--one", form, "--count", str(count)], check=True,
                                capture_output=True, text=True).stdout)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--one", help="only this format, only the seconds")
    chosen = parser.parse_args()
    if chosen.one:
        if chosen.one == DATABASE:
            print(_from_database(chosen.count))
            return
        data = sources(chosen.count)[chosen.one]
        mapping = SourceMapping(paths=PATHS.get(chosen.one))
        begin = time.process_time()
        reading = read_programme(data, name="bench", timezone=ZONE, mapping=mapping)
        took = time.process_time() - begin
        assert chosen.one == "announcement" or len(reading.require().sessions) == chosen.count
        print(took)
        return
    print(f"| format | bytes | CPU seconds for {chosen.count} sessions |\n|---|---|---|")
    for form, data in sources(chosen.count).items():
        print(f"| {form} | {len(data)} | {min(measured(form, chosen.count) for _ in range(3)):.2f} |")
    print(f"| {DATABASE} | | {min(measured(DATABASE, chosen.count) for _ in range(3)):.2f} |")


if __name__ == "__main__":
    main()

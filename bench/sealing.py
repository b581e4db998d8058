"""What encryption costs: a report of many rows kept and read back, without a key and with one, in turns.

Seconds are those of this process's own work.

python bench/sealing.py --rows 250000 --rounds 2
python bench/sealing.py --rows 250000 --url postgresql://…   an empty database of yours
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.sealing import Seal, new_key
from zoom_sync.adapters.store.tables import report_instances
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.domain.report import Instance, RawReport

START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)


def row(number: int) -> dict[str, object]:
    return {
        "id": f"{number:022}", "user_id": str(16778240 + number), "name": f"Person {number}",
        "user_email": f"person{number}@example.org", "join_time": "2023-11-06T12:30:00Z",
        "leave_time": "2023-11-06T13:30:00Z", "duration": 3600, "failover": False, "status": "in_meeting",
        "registrant_id": f"r{number:020}", "customer_key": "", "internal_user": False,
    }  # fmt: skip


def timed(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun


def measure(url: str, keys: list[str], rows: tuple[dict[str, object], ...]) -> tuple[float, float]:
    database = Database(url, seal=Seal(keys))
    database.upgrade()
    session = Session("s", "Session", START, START + timedelta(hours=1), "UTC")
    Programmes(database).save(Programme(Event("e", "Event", "UTC"), (session,)), START)
    reports = Reports(database)
    report = RawReport("participants", Instance("u", START), rows)
    kept = timed(lambda: reports.keep("e", "s", report, START))
    read = timed(lambda: [one for found in reports.raw("e", "s", "participants") for one in found.rows])
    with database.transaction() as connection:
        connection.execute(delete(report_instances))
    database.close()
    return kept, read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--url", default=None)
    told = parser.parse_args()
    rows = tuple(row(number) for number in range(told.rows))
    best: dict[str, tuple[float, float]] = {}
    for _ in range(told.rounds):
        for name, keys in (("without a key", []), ("with a key", [new_key()])):
            with tempfile.TemporaryDirectory() as folder:
                found = measure(told.url or f"sqlite:///{folder}/store.db", keys, rows)
            had = best.get(name, found)
            best[name] = (min(found[0], had[0]), min(found[1], had[1]))
    for name, (kept, read) in best.items():
        print(f"{name}: kept in {kept:.2f} s, read in {read:.2f} s")
    (plain_kept, plain_read), (kept, read) = best.values()
    print(f"with a key: {kept / plain_kept:.2f} times as long to keep, {read / plain_read:.2f} times to read")


if __name__ == "__main__":
    main()

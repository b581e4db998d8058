"""How large the store grows by one session that many people attend: bytes on SQLite and PostgreSQL, as tables.

The session is collected from a simulator: stays of people who lose the connection and come back, questions, polls.
SQLite is measured by its pages after VACUUM, PostgreSQL by pg_total_relation_size, each less what is there before.

python bench/store_size.py --people 1000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from line import postgres_server, table
from support.wire import wired  # of tests/, which `line` lets in
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.plan import Policy
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.service_layer.apply import carry_out, start_run
from zoom_sync.service_layer.collect import collect_event
from zoom_sync.service_layer.sync import plan_event
from zoom_sync.settings import Settings
from zoom_sync.simulator import Simulator

START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
SESSION = Session("s", "Session", START, START + timedelta(minutes=90), "UTC")
SHOWN = ("report_rows", "attendance", "questions", "polls")
OF_SQLITE = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
OF_POSTGRES = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"


def sizes(parts: Parts) -> dict[str, int]:
    """Bytes by table, of PostgreSQL with its indexes; `""` is all of it."""
    parts.database.compact()
    with parts.database.reading() as connection:
        if connection.dialect.name == "postgresql":
            found = {name: int(size) for name, size in connection.execute(text(OF_POSTGRES))}
            return found | {"": sum(found.values())}
        pages, size = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
        return {name: int(used) for name, used in connection.execute(text(OF_SQLITE))} | {"": pages * size}


def measure(url: str, folder: Path, people: int) -> tuple[int, dict[str, int]]:
    """The report rows of a session that so many people attended, and by how much each table has grown."""
    zoom = wired(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
    environment = zoom.simulator.environment("http://zoom.invalid")
    parts = Parts(Settings(_env_file=None, **{**environment, "DATABASE_URL": url, "ZOOM_SYNC_CONFIG": folder}))
    parts.clock = zoom.clock
    parts.exchange, parts.reader = zoom.exchange, zoom.reader  # over the short wire
    parts.programmes.save(Programme(Event("e", "Event", "UTC"), (SESSION,)), zoom.clock.now())
    run = start_run(parts.applying(), plan_event(parts.planning(), "e", Policy()).plan)
    carry_out(parts.applying(), run, lambda _: None, lambda _until, _items: None)
    before = sizes(parts)
    link = parts.links.link("e", "s")
    assert link is not None
    zoom.control("POST", f"meetings/{link.meeting_id}/run", {"audience": people, "questions": people // 20})
    zoom.clock.advance((START + timedelta(hours=4) - zoom.clock.now()).total_seconds())
    collect_event(parts.collecting(), "e", ["s"], lambda *_: None)
    after = sizes(parts)
    with parts.database.reading() as connection:
        rows = connection.execute(text("SELECT count(*) FROM report_rows")).scalar_one()
    parts.database.close()
    return rows, {name: size - before.get(name, 0) for name, size in after.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    people = parser.parse_args().people
    lines = []
    with tempfile.TemporaryDirectory() as name, postgres_server() as postgres, postgres.database() as url:
        for title, where in (("SQLite", f"sqlite:///{name}/store.db"), ("PostgreSQL", url)):
            rows, grown = measure(where, Path(name), people)
            lines.append([title, rows, *(f"{grown.get(one, 0) / 1000:,.0f} kB" for one in ("", *SHOWN))])
    sys.stdout.write(table([f"{people} people", "report rows", "all", *SHOWN], lines) + "\n")


if __name__ == "__main__":
    main()

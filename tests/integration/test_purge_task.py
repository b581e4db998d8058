"""The schedule's purge: once a day, on the queue of the schedule, by the retention that is set."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from factories import START, make_programme, make_session
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.report import Instance, RawReport
from zoom_sync.entrypoints import tasks
from zoom_sync.entrypoints.purging import purge_past
from zoom_sync.settings import Settings


@pytest.fixture
def parts(tmp_path):
    parts = Parts(
        Settings(
            DATABASE_URL=SecretStr(f"sqlite:///{tmp_path}/store.db"), REDIS_URL=SecretStr("redis://nowhere.invalid/0"),
            ZOOM_SYNC_KEEP_RAW_DAYS=10,
        )
    )  # fmt: skip
    yield parts
    parts.database.close()


def test_it_is_handed_out_once_a_day_on_the_schedules_queue(parts):
    conf = tasks.configure(parts.settings).conf
    entry = conf.beat_schedule["purge"]
    assert (entry["task"], entry["schedule"]) == ("zoom_sync.v1.purge", timedelta(days=1).total_seconds())
    assert conf.task_routes[entry["task"]] == {"queue": tasks.SCHEDULE}


def test_it_removes_what_is_past_the_time_that_is_set(parts, monkeypatch):
    parts.programmes.save(make_programme(make_session(), make_session("later", start=START + timedelta(days=5))), START)
    for key in ("seminar-1", "later"):
        parts.reports.keep("urban-2023", key, RawReport("participants", Instance("u", START), ({"id": "1"},)), START)
    monkeypatch.setattr(parts.clock, "now", lambda: START + timedelta(days=12))
    purge_past(parts)
    left = [key for key in ("seminar-1", "later") if list(parts.reports.raw("urban-2023", key, "participants"))]
    assert left == ["later"]
    purge_past(parts)
    assert parts.reports.purged("urban-2023").keys() == {"seminar-1"}


def test_the_file_of_sqlite_shrinks_by_what_was_removed(parts, tmp_path, monkeypatch):
    def compacted_size() -> int:
        parts.database.compact()
        return (tmp_path / "store.db").stat().st_size

    parts.programmes.save(make_programme(), START)
    without_rows = compacted_size()
    rows = tuple({"id": str(n), "name": f"Person {n}" * 20} for n in range(2000))
    parts.reports.keep("urban-2023", "seminar-1", RawReport("participants", Instance("u", START), rows), START)
    with_rows = compacted_size()
    monkeypatch.setattr(parts.clock, "now", lambda: START + timedelta(days=12))
    purge_past(parts)
    removed = with_rows - (tmp_path / "store.db").stat().st_size
    assert removed > 0.9 * (with_rows - without_rows)

"""What stands still is told by name in the metrics, in the deep form of /readyz, by `doctor` and by `status`."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from test_telling import Post

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.health import Ailment, Deed, Part, Process
from zoom_sync.domain.notices import Concern, Subject
from zoom_sync.entrypoints.doctor import examine
from zoom_sync.entrypoints.metrics import metrics_text
from zoom_sync.entrypoints.watch import Watch
from zoom_sync.errors import StoreError, Unauthorized
from zoom_sync.service_layer.watching import findings, health_json, health_of, judged, keep_sign_in
from zoom_sync.settings import Settings

MINUTE = timedelta(minutes=1)


@pytest.fixture
def parts(database):
    return Parts(Settings(_env_file=None, DATABASE_URL=database.engine.url.render_as_string(hide_password=False)))


def standing(parts):
    families = text_string_to_metric_families(metrics_text(parts).decode())
    samples = [one for family in families for one in family.samples if one.name == "zoom_sync_standing_still"]
    return {one.labels["what"] for one in samples if one.value}


def doctor(parts):
    return [(one.told, one.advice) for one in examine(parts) if one.what == "work" and not one.ok]


def fill_the_disk(database):
    """The database answers as with a full disk: it reads, and takes nothing."""
    with database.transaction() as connection:
        if connection.dialect.name == "sqlite":
            full = "SELECT RAISE(FAIL, 'database or disk is full')"
            for table in ("deeds", "processes"):
                for what in ("INSERT", "UPDATE"):
                    connection.execute(
                        text(f"CREATE TRIGGER full_{table}_{what} BEFORE {what} ON {table} BEGIN {full}; END")
                    )
            return
        connection.execute(
            text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
                "'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
            )
        )
        for table in ("deeds", "processes"):
            trigger = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
            connection.execute(text(trigger))


def test_a_refused_secret_is_told_at_once_with_its_cause_and_what_to_do(parts):
    keep_sign_in(parts.health, Unauthorized("wrong secret"), datetime.now(UTC))
    assert standing(parts) == {"refused"}
    [(told, advice)] = doctor(parts)
    assert told.startswith("Zoom has let nobody in since ")
    assert told.endswith(": wrong secret")
    assert "ZOOM_CLIENT_SECRET" in advice


def test_an_event_that_cannot_be_synced_is_told_by_name_and_does_not_stop_the_heartbeat(parts, desk):
    now = datetime.now(UTC)
    parts.notices.found("urban-2023", Subject.FAILED, [Concern("", "sync", "the app lacks a scope: meeting:write")])
    outlook = parts.schedule.outlooks()[0]
    before = outlook.spans[0].start - timedelta(days=1)
    assert [(one.ailment, one.event) for one in findings(parts.watching(), before)] == [(Ailment.EVENT, "urban-2023")]
    assert not Ailment.EVENT.of_all
    assert findings(parts.watching(), now) == ()  # its sessions are over


def test_a_full_disk_is_told_where_it_only_takes_reading(parts, database):
    now = datetime.now(UTC)
    parts.health.did(Deed.WRITE, now - 7 * MINUTE)
    fill_the_disk(database)
    assert standing(parts) == {"store"}
    [(told, advice)] = doctor(parts)
    assert "nothing could be stored since" in told
    assert "full" in told or "No space left" in told
    assert "make room" in advice


def test_a_watcher_tells_of_a_store_that_takes_nothing_once_and_without_it(parts, monkeypatch):
    post = Post()
    parts.channels = (post,)
    watcher = Watch(parts, Part.WEB)
    clock = iter(datetime(2026, 3, 1, 2, 14, tzinfo=UTC) + minute * MINUTE for minute in range(60))
    monkeypatch.setattr(
        "zoom_sync.entrypoints.watch.datetime", type("Clock", (), {"now": staticmethod(lambda _: next(clock))})
    )
    for _ in range(8):
        watcher._tell_of_store(StoreError("No space left on device"))
    assert post.told() == [[("stands_still", "", "store")]]


def test_what_is_known_of_the_work_is_there_for_machines(parts):
    now = datetime(2026, 3, 1, 2, 14, tzinfo=UTC)
    parts.health.did(Deed.TICK, now)
    parts.health.seen(Process(Part.BEAT, "a:1", "0.1.0+abc", now, now))
    parts.health.seen(Process(Part.WORKER, "a:2", "0.1.0+abc", now, now - 5 * MINUTE))
    health = health_of(parts.watching(), now)
    told = json.loads(json.dumps(health_json(health, judged(parts.watching(), health, now), now)))
    assert told["last"]["tick"] == "2026-03-01T02:14:00+00:00"
    assert [(one["part"], one["alive"], one["version"]) for one in told["processes"]] == [
        ("beat", True, "0.1.0+abc"),
        ("worker", False, "0.1.0+abc"),
    ]
    assert told["standing_still"] == []

"""The schedule's task that finds out what waits for people, and tells them: on the schedule's queue."""

import pytest
from pydantic import SecretStr

from support.mailbox import hook_receiver
from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints import tasks
from zoom_sync.errors import ConfigurationError
from zoom_sync.settings import Settings


def make_parts(tmp_path, **told):
    url, redis = SecretStr(f"sqlite:///{tmp_path}/store.db"), SecretStr("redis://nowhere.invalid/0")
    zoom = {"ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "b", "ZOOM_CLIENT_SECRET": SecretStr("c")}
    return Parts(Settings(DATABASE_URL=url, REDIS_URL=redis, **zoom, **told))


@pytest.mark.parametrize("told", [{}, {"ZOOM_SYNC_NOTIFY_URL": "https://example.org/in"}])
def test_it_is_handed_out_whether_anybody_is_told_or_not(tmp_path, told):
    conf = tasks.configure(make_parts(tmp_path, **told).settings).conf
    entry = conf.beat_schedule["notify"]
    assert (entry["task"], entry["schedule"]) == ("zoom_sync.v1.notify", 15.0)
    assert conf.task_routes[entry["task"]] == {"queue": tasks.SCHEDULE}


def test_it_tells_and_what_is_set_by_half_stops_no_worker(tmp_path, monkeypatch):
    with hook_receiver("k") as receiver:
        parts = make_parts(tmp_path, ZOOM_SYNC_NOTIFY_URL=receiver.url, ZOOM_SYNC_NOTIFY_SECRET="k")
        told = []
        monkeypatch.setattr(tasks, "_parts", lambda: parts)
        monkeypatch.setattr(tasks, "tell_due", told.append)
        tasks.notify()
        assert [one.channels for one in told] == [parts.channels]
        half = make_parts(tmp_path, ZOOM_SYNC_NOTIFY_URL=receiver.url)
        monkeypatch.setattr(tasks, "_parts", lambda: half)
        tasks.notify()
        assert len(told) == 1
        with pytest.raises(ConfigurationError):
            _ = half.channels
    parts.database.close()
    half.database.close()

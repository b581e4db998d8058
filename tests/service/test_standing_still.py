"""Work that stands still is told by whoever still lives: once, with its cause, and again when it comes back."""

from datetime import UTC, datetime, timedelta

from test_telling import Post

from zoom_sync.adapters.store.health import HealthRecords
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.health import Deed, Part, Process
from zoom_sync.errors import Unauthorized
from zoom_sync.service_layer.watching import Watching, keep_sign_in, watch

NOW = datetime(2026, 3, 1, 2, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Calls:
    def __init__(self):
        self.count = 0

    def call(self):
        self.count += 1


def watching(database, post, heartbeat=None):
    rhythm = Rhythm(*[15 * MINUTE] * 3)
    return Watching(
        HealthRecords(database), Schedule(database), Notices(database), rhythm, timedelta(seconds=15), [post], heartbeat
    )


def test_a_wrong_secret_is_told_once_by_one_of_many_and_anew_when_it_comes_back(database):
    post, health = Post(), HealthRecords(database)
    keep_sign_in(health, Unauthorized("wrong secret"), NOW)
    for minute in range(5):
        keep_sign_in(health, Unauthorized("wrong secret"), NOW + minute * MINUTE)
        watch(watching(database, post), NOW + minute * MINUTE)
    assert post.told() == [[("stands_still", "", "refused")]]
    keep_sign_in(health, None, NOW + 6 * MINUTE)
    watch(watching(database, post), NOW + 6 * MINUTE)
    keep_sign_in(health, Unauthorized("wrong secret"), NOW + 7 * MINUTE)
    watch(watching(database, post), NOW + 7 * MINUTE)
    assert post.told() == [[("stands_still", "", "refused")]]


def test_a_dead_beat_is_told_within_minutes_by_name(database):
    post, health = Post(), HealthRecords(database)
    health.did(Deed.LOOK, NOW)
    later = NOW + 6 * MINUTE
    health.seen(Process(Part.WORKER, "a:1", "1", NOW, later))
    (finding,) = watch(watching(database, post), later)
    assert finding.text == "nothing has been done since 2026-03-01 02:14 UTC: no process of beat is alive"
    assert post.told() == [[("stands_still", "", "still")]]


def test_the_heartbeat_is_called_once_a_minute_while_the_work_is_done_and_not_otherwise(database):
    calls, health = Calls(), HealthRecords(database)
    health.did(Deed.LOOK, NOW)
    for second in (0, 20, 40, 61):
        watch(watching(database, Post(), calls), NOW + timedelta(seconds=second))
    assert calls.count == 2
    watch(watching(database, Post(), calls), NOW + 10 * MINUTE)
    assert calls.count == 2

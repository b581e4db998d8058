"""All counts, in the process, in a folder and in Redis, count the same; and the work goes on where they cannot be reached."""

import shutil

import pytest
from redis import Redis

from zoom_sync.adapters.zoom.counting import CALLS, WAITED, WAITS, FolderCounts, ProcessCounts
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.protocol import Call
from zoom_sync.adapters.zoom.shared.counting import RedisCounts

CREATE = Call("meetingCreate", Label.LIGHT, "POST", "/users/a/meetings", {})
LIST = Call("meetings", Label.MEDIUM, "GET", "/users/a/meetings", {})


@pytest.fixture(params=["process", "folder", "redis"])
def make(request):
    """Makes the counts of one more process."""
    if request.param == "process":
        one = ProcessCounts()
        return lambda: one
    if request.param == "folder":
        folder = request.getfixturevalue("tmp_path")
        return lambda: FolderCounts(folder)
    url = request.getfixturevalue("redis_url")
    return lambda: RedisCounts(Redis.from_url(url), "account")


def test_calls_are_counted_by_label_and_outcome_over_all_processes(make):
    first, second = make(), make()
    first.call(CREATE, "ok")
    second.call(CREATE, "ok")
    second.call(CREATE, "RateLimited")
    second.call(LIST, "ok")
    assert {key: number for key, number in make().counted().items() if key[0] == CALLS} == {
        (CALLS, "LIGHT", "ok"): 2,
        (CALLS, "LIGHT", "RateLimited"): 1,
        (CALLS, "MEDIUM", "ok"): 1,
    }


def test_waits_are_summed_by_label(make):
    counts = make()
    counts.wait(Label.HEAVY, 0.25)
    counts.wait(Label.HEAVY, 0)
    assert counts.counted() == {(WAITS, "HEAVY", ""): 2, (WAITED, "HEAVY", ""): 0.25}


def test_nothing_is_counted_yet(make):
    assert make().counted() == {}


def test_a_redis_that_is_away_stops_no_work():
    counts = RedisCounts(Redis(port=1, socket_connect_timeout=1), "account")
    counts.call(CREATE, "ok")
    counts.wait(Label.LIGHT, 1)
    assert counts.counted() == {}


def test_what_a_process_counted_stays_when_it_has_ended_and_a_folder_that_is_gone_stops_no_work(tmp_path):
    folder = tmp_path / "counts"
    folder.mkdir()
    first = FolderCounts(folder)
    first.call(CREATE, "ok")
    del first
    second = FolderCounts(folder)
    second.call(CREATE, "ok")
    assert second.counted() == {(CALLS, "LIGHT", "ok"): 2}
    shutil.rmtree(folder)
    second.call(CREATE, "ok")
    assert second.counted() == {}


def test_accounts_that_share_a_redis_are_counted_apart(redis_url):
    RedisCounts(Redis.from_url(redis_url), "one").call(CREATE, "ok")
    assert RedisCounts(Redis.from_url(redis_url), "two").counted() == {}

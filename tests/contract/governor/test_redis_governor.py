"""What only a budget in Redis can suffer: losing it, not reaching it, sharing it with others."""

import threading

import pytest
import redis

from zoom_sync.adapters.zoom.governor import distance
from zoom_sync.adapters.zoom.limits import RATES, ZoomPlan
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.shared.governor import RedisGovernor
from zoom_sync.errors import RateLimited, Unavailable

RATES_OF_PRO = RATES[ZoomPlan.PRO]


def test_a_redis_that_lost_everything_goes_on_with_a_new_budget(in_redis, now):
    governor = in_redis.make(RATES_OF_PRO)
    for _ in range(5):
        governor.reserve(Label.LIGHT, now)
    in_redis.flush()
    assert governor.reserve(Label.LIGHT, now) == 0
    assert governor.used_today(Label.LIGHT, now) == 1


def test_a_redis_that_forgot_the_scripts_is_told_them_again(in_redis, now):
    governor = in_redis.make(RATES_OF_PRO)
    governor.reserve(Label.LIGHT, now)
    redis.Redis.from_url(in_redis.url).script_flush()
    assert governor.reserve(Label.LIGHT, now) > 0


def test_a_redis_that_is_away_is_unavailable_for_every_question(now):
    away = redis.Redis(port=1, retry=None)
    governor = RedisGovernor(away, RATES_OF_PRO, "account")
    limited = RateLimited("", limit="per-second")
    for ask in (
        lambda: governor.reserve(Label.LIGHT, now),
        lambda: governor.penalise(Label.LIGHT, limited, now),
        lambda: governor.penalise(Label.LIGHT, RateLimited("", limit="daily"), now),
        lambda: governor.used_today(Label.LIGHT, now),
        governor.check,
    ):
        with pytest.raises(Unavailable, match="shared limits"):
            ask()


def test_what_redis_says_is_told(in_redis, now):
    client = redis.Redis.from_url(in_redis.url)
    client.lpush("zoom_sync:account:used:light:2023-11-06", 1)
    with pytest.raises(Unavailable, match=r"shared limits cannot be reached: .*wrong kind"):
        RedisGovernor(client, RATES_OF_PRO, "account").reserve(Label.LIGHT, now)


def test_accounts_are_kept_apart(in_redis, now):
    client = redis.Redis.from_url(in_redis.url)
    first, second = (RedisGovernor(client, RATES_OF_PRO, account) for account in ("a", "b"))
    first.reserve(Label.LIGHT, now)
    assert second.reserve(Label.LIGHT, now) == 0
    assert second.used_today(Label.LIGHT, now) == 1


def test_governors_in_many_threads_and_connections_give_no_place_twice(in_redis, now):
    places = []

    def ask():
        governor = in_redis.make(RATES_OF_PRO)
        places.extend(governor.reserve(Label.LIGHT, now) for _ in range(25))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    step = distance(RATES_OF_PRO[Label.LIGHT])
    assert sorted(places) == pytest.approx([step * number for number in range(100)], abs=1e-3)


def test_nothing_is_kept_for_ever(in_redis, now):
    governor = in_redis.make(RATES_OF_PRO)
    governor.reserve(Label.LIGHT, now)
    governor.penalise(Label.MEDIUM, RateLimited("", limit="per-second"), now)
    governor.penalise(Label.HEAVY, RateLimited("", limit="daily"), now)
    client = redis.Redis.from_url(in_redis.url)
    names = client.keys("zoom_sync:*")
    assert len(names) == 4
    assert all(0 < client.ttl(name) <= 172_800 for name in names)


def test_the_scripts_read_the_clock_of_redis_itself(redis_url, now):
    """The only test on the real clock; it asserts what holds however slow the machine is."""
    governor = RedisGovernor(redis.Redis.from_url(redis_url), RATES_OF_PRO, "account")
    step = distance(RATES_OF_PRO[Label.RESOURCE_INTENSIVE])
    waits = [governor.reserve(Label.RESOURCE_INTENSIVE, now) for _ in range(3)]
    assert waits[0] == 0
    assert waits[1] <= step
    assert waits[2] <= 2 * step
    assert governor.check().startswith("in redis ")

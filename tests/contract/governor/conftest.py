"""The governors, each on a clock that stands until a test moves it."""

from datetime import UTC, datetime

import pytest
import redis

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.places import CallPlaces
from zoom_sync.adapters.zoom.governor import ProcessGovernor
from zoom_sync.adapters.zoom.limits import RATES
from zoom_sync.adapters.zoom.shared import governor
from zoom_sync.adapters.zoom.shared.governor import RedisGovernor
from zoom_sync.adapters.zoom.store_governor import StoreGovernor

START = 1_700_000_000.25
# Redis' own clock, in the scripts' place for it, so that a test decides what time it is.
CLOCK = "{redis.call('GET', 'clock:seconds'), redis.call('GET', 'clock:micros')}"


class InProcess:
    """Governors of one process: `make` gives the same budget to whoever asks, as all threads share one."""

    def __init__(self):
        self.time = START
        self._made = {}

    def make(self, rates):
        return self._made.setdefault(id(rates), ProcessGovernor(rates, lambda: self.time))

    def advance(self, seconds):
        self.time += seconds


class InRedis:
    """Governors of several processes: `make` gives each caller one of its own, on the same Redis."""

    def __init__(self, url, monkeypatch):
        self._redis = redis.Redis.from_url(url)
        self.url = url
        for name in ("RESERVE", "HOLD"):
            monkeypatch.setattr(governor, name, getattr(governor, name).replace("redis.call('TIME')", CLOCK))
        self.micros = 0
        self.advance(START)

    def make(self, rates):
        return RedisGovernor(redis.Redis.from_url(self.url), rates, "account")

    def advance(self, seconds):
        self.micros += round(seconds * 1e6)
        self._redis.mset({"clock:seconds": self.micros // 1_000_000, "clock:micros": self.micros % 1_000_000})

    def flush(self):
        """An empty Redis, as after a loss."""
        self._redis.flushall()
        self.advance(0)


class InStore:
    """Governors of several processes: `make` gives each caller one of its own, on the same SQLite store."""

    def __init__(self, path):
        self.url, self.time, self.opened = f"sqlite:///{path}", START, []
        self.database().upgrade()

    def database(self):
        self.opened.append(Database(self.url))
        return self.opened[-1]

    def make(self, rates):
        places = CallPlaces(self.database(), "account", lambda: self.time)
        return StoreGovernor(lambda: places, rates, ProcessGovernor(rates, lambda: self.time))

    def advance(self, seconds):
        self.time += seconds


@pytest.fixture
def in_store(tmp_path):
    store = InStore(tmp_path / "store.db")
    yield store
    for database in store.opened:
        database.close()


@pytest.fixture
def in_redis(redis_url, monkeypatch):
    return InRedis(redis_url, monkeypatch)


@pytest.fixture(params=["process", "redis", "store"])
def place(request):
    """Where the budget is kept."""
    return InProcess() if request.param == "process" else request.getfixturevalue(f"in_{request.param}")


@pytest.fixture
def make(place):
    """Builds a governor for a plan; two of one plan share the budget."""
    return lambda plan: place.make(RATES[plan])


@pytest.fixture
def now():
    return datetime(2023, 11, 6, 21, 30, tzinfo=UTC)

"""The limits that processes share through their store."""

import subprocess
import sys
import time
from itertools import pairwise

import pytest

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.places import CallPlaces
from zoom_sync.adapters.zoom.governor import MAX_WAIT_SECONDS, ProcessGovernor, distance
from zoom_sync.adapters.zoom.limits import RATES, ZoomPlan
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.store_governor import StoreGovernor
from zoom_sync.errors import RateLimited, StoreUnavailable

FREE = RATES[ZoomPlan.FREE]
TAKE = """
import sys, time
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.places import CallPlaces
places = CallPlaces(Database(sys.argv[1]), "account")
for _ in range(25):
    before = time.time()
    print(before + places.take("LIGHT", 1_000_000, 120_000_000, ("LIGHT", "2023-11-06"), 1 << 52) / 1e6)
"""


@pytest.fixture
def database(store_url):
    database = Database(store_url)
    yield database
    database.close()


def governor(database, account="account"):
    places = CallPlaces(database, account)
    return StoreGovernor(lambda: places, FREE, ProcessGovernor(FREE, time.monotonic))


def test_two_processes_on_one_store_never_get_the_same_place(database, store_url):
    started = [
        subprocess.Popen([sys.executable, "-c", TAKE, store_url], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    places = sorted(float(line) for one in started for line in one.communicate()[0].split())
    assert [one.returncode for one in started] == [0, 0]
    assert len(places) == 50
    # They looked at the clock a little before the store did.
    assert min(after - before for before, after in pairwise(places)) > 0.3


def test_processes_share_the_row_the_day_and_what_zoom_refused(database, now):
    first, second = governor(database), governor(database)
    step = distance(FREE[Label.LIGHT])
    assert first.reserve(Label.LIGHT, now) == 0
    assert step - 0.2 < second.reserve(Label.LIGHT, now) <= step
    assert second.used_today(Label.LIGHT, now) == first.used_today(Label.LIGHT, now) == 2
    first.penalise(Label.LIGHT, RateLimited("slow down", limit="per-second"), now)
    assert second.reserve(Label.LIGHT, now) > 0.5
    first.penalise(Label.LIGHT, RateLimited("no more today", limit="daily"), now)
    with pytest.raises(RateLimited) as raised:
        second.reserve(Label.LIGHT, now)
    assert raised.value.limit == "daily"


def test_accounts_on_one_store_are_kept_apart(database, now):
    assert [governor(database, name).reserve(Label.LIGHT, now) for name in ("one", "other")] == [0, 0]


def test_a_clock_that_was_set_back_makes_nobody_wait_for_hours(in_store, now):
    first, second = in_store.make(FREE), in_store.make(FREE)
    first.reserve(Label.LIGHT, now)
    in_store.advance(-7200)
    assert second.reserve(Label.LIGHT, now) <= MAX_WAIT_SECONDS
    assert first.reserve(Label.LIGHT, now) == pytest.approx(distance(FREE[Label.LIGHT]), abs=1e-5)


def test_a_store_that_cannot_be_reached_leaves_each_process_to_keep_the_limits_alone(now, caplog):
    def closed():
        raise StoreUnavailable("gone")

    alone = StoreGovernor(closed, FREE, ProcessGovernor(FREE, lambda: 0.0))
    waits = [alone.reserve(Label.LIGHT, now) for _ in range(2)]
    assert waits == pytest.approx([0, distance(FREE[Label.LIGHT])])
    assert alone.used_today(Label.LIGHT, now) == 2
    assert "limits_not_shared" in caplog.text

"""One store, on each database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from factories import NOW, make_programme, make_session
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.adapters.store.webhooks import Webhooks

EVENT = "urban-2023"


class Store:
    """All queries over one database, and an event with two sessions in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.programmes = Programmes(database)
        self.links = Links(database)
        self.runs = Runs(database)
        self.reports = Reports(database)
        self.schedule, self.webhooks = Schedule(database), Webhooks(database)


@pytest.fixture
def database(store_url) -> Iterator[Database]:
    database = Database(store_url)
    yield database
    database.close()


@pytest.fixture
def store(database) -> Store:
    store = Store(database)
    store.programmes.save(make_programme(make_session(), make_session("seminar-2")), NOW)
    return store


@pytest.fixture
def at_once() -> Callable:
    """Calls functions in threads of their own, all from the same moment on; answers each result or exception."""

    def run(*calls):
        barrier = Barrier(len(calls))

        def begin(call):
            barrier.wait()
            try:
                return call()
            except Exception as error:  # noqa: BLE001 - the answer of this call
                return error

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(begin, calls))

    return run

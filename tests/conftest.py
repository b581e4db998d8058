"""Servers for the tests that need real ones. Each pytest process has its own, started when the first test asks."""

import shutil
from collections.abc import Iterator

import pytest
import redis
from hypothesis import HealthCheck, settings

from servers import MariaDb, Postgres, Redis, Server, ServerMissing, mariadb_server, postgres_server, redis_server
from support.stores import migrated_file, migrated_template

# A busy machine takes longer, which is no fault of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium, one for all tests of a process: Playwright starts only once in it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed on this machine: the pages are not tried in a browser")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _serving(server: Server) -> Iterator[Server]:
    try:
        server.__enter__()
    except ServerMissing as missing:
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        server.__exit__()


@pytest.fixture(scope="session", name="postgres_server")
def _postgres_server() -> Iterator[Postgres]:
    """The PostgreSQL behind `postgres_url`; a test that kills it need not start it again."""
    yield from _serving(postgres_server())


@pytest.fixture(scope="session", name="redis_server")
def _redis_server() -> Iterator[Redis]:
    """The Redis behind `redis_url`; a test that kills it need not start it again."""
    yield from _serving(redis_server())


@pytest.fixture(scope="session", name="mariadb_server")
def _mariadb_server() -> Iterator[MariaDb]:
    yield from _serving(mariadb_server())


@pytest.fixture
def mariadb_url(mariadb_server) -> Iterator[str]:
    """The SQLAlchemy URL of an empty MariaDB database."""
    with mariadb_server.database() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def redis_url(redis_server) -> str:
    """The URL of an empty Redis."""
    redis_server.start()
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> str:
    """The SQLAlchemy URL of an empty database: the test runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(scope="session")
def _migrated_template(postgres_server) -> Iterator[str]:
    with migrated_template(postgres_server) as name:
        yield name


@pytest.fixture
def _migrated_postgres_url(postgres_server, _migrated_template) -> Iterator[str]:
    with postgres_server.database(f"TEMPLATE {_migrated_template}") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path) -> str:
    """The SQLAlchemy URL of a store of the newest schema in which nothing is, on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        return request.getfixturevalue("_migrated_postgres_url")
    return migrated_file(tmp_path / "store.db")

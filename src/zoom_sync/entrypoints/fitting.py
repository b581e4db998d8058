"""What `check`, `load` and the pages say of a programme beside the configuration: what it names and there is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from zoom_sync.domain.fitting import doubtful_hosts, unknown_hosts, unknown_profiles
from zoom_sync.errors import ConfigurationError, Problem
from zoom_sync.settings import Settings, read_host_pool, read_profiles

if TYPE_CHECKING:
    from zoom_sync.adapters.sources import Reading
    from zoom_sync.domain.hosts import Host


def fitted(reading: Reading, name: str, settings: Settings, users: Sequence[Host] = ()) -> Reading:
    """A reading with what the configuration has to say of it as further problems and notes.

    `users` are the account's, as they were seen last; `name` is what messages call the source.
    """
    sessions = reading.programme.sessions if reading.programme else ()
    problems: list[Problem] = []
    doubts: list[Problem] = []
    try:
        profiles = read_profiles(settings.config)
        file = settings.config / "profiles.yaml"
        place = str(file) if file.is_file() else f"there is no {file}, and zoom_sync itself"
        problems += unknown_profiles(sessions, profiles, settings.default_profile, place)
    except ConfigurationError as error:
        problems += _told(error)
    try:
        pool = read_host_pool(settings.config)
        named = None if pool is None else [str(entry["user"]) for entry in pool]
        problems += unknown_hosts(sessions, named, users)
        doubts += doubtful_hosts(sessions, users) if named is None else ()
    except ConfigurationError as error:
        problems += _told(error)
    placed = [problem if problem.source else replace(problem, source=name) for problem in problems]
    notes = [replace(doubt, source=name) for doubt in doubts]
    return _with(reading, placed, notes)


def _with(reading: Reading, problems: Sequence[Problem], notes: Sequence[Problem]) -> Reading:
    """With any problem there is no programme, as in every reading."""
    told = replace(reading, problems=(*reading.problems, *problems), notes=(*reading.notes, *notes))
    if problems and reading.programme is not None:
        told = replace(told, programme=None, event=reading.programme.event)
    return told


def _told(error: ConfigurationError) -> list[Problem]:
    return list(error.problems) or [Problem(error.message)]

"""All configuration at once: checked when a process starts; while it runs, a slip in a file does not lose what was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from zoom_sync.errors import ConfigurationError, Problem
from zoom_sync.settings.checking import heartbeat_flaws, network_flaws, notify_flaws, require_credentials
from zoom_sync.settings.config_files import read_host_pool, read_profiles
from zoom_sync.settings.fields import Settings

Value = TypeVar("Value")
# What was last read without a fault. Of the process, and inherited by the workers that it forks.
_good: dict[tuple[Path, str], Any] = {}


def profiles_of(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    """The profiles, the default one among them. Raises ConfigurationError."""
    profiles = read_profiles(settings.config)
    if settings.default_profile not in profiles:
        raise ConfigurationError(
            f"the default profile {settings.default_profile!r} is not in profiles.yaml",
            [Problem(f"profiles.yaml has: {', '.join(sorted(profiles))}")],
        )
    return profiles


def last_good_profiles(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    """The profiles as they are, or where they cannot be used now, as they last were. Raises ConfigurationError."""
    return _last_good(settings, "profiles", profiles_of)


def last_good_pool(settings: Settings) -> list[dict[str, Any]] | None:
    """The pool as it is, or where it cannot be used now, as it last was. Raises ConfigurationError."""
    return _last_good(settings, "hosts", lambda settings: read_host_pool(settings.config))


def _last_good(settings: Settings, name: str, read: Callable[[Settings], Value]) -> Value:
    place = settings.config.resolve(), name
    try:
        value = read(settings)
    except ConfigurationError:
        if place not in _good:
            raise
        kept: Value = _good[place]
        return kept
    _good[place] = value
    return value


def config_flaws(settings: Settings, *, needs_zoom: bool = True) -> list[Problem]:
    """Everything that is wrong with settings and files, each with its file and line where it has one.

    `needs_zoom`: whether the process cannot do without Zoom's credentials.
    """
    flaws = [*notify_flaws(settings), *heartbeat_flaws(settings), *network_flaws(settings)]
    checks: list[Callable[[Settings], object]] = [profiles_of, lambda settings: read_host_pool(settings.config)]
    for check in [*checks, *([require_credentials] if needs_zoom else [])]:
        try:
            check(settings)
        except ConfigurationError as error:
            flaws += _problems(error)
    return flaws


def _problems(error: ConfigurationError) -> Iterator[Problem]:
    if error.problems:
        yield from error.problems
    else:
        yield Problem(error.message)


def check_config(settings: Settings, *, needs_zoom: bool = True) -> None:
    """For a process that starts: raise ConfigurationError with everything that is wrong; and keep what is right."""
    flaws = config_flaws(settings, needs_zoom=needs_zoom)
    if flaws:
        raise ConfigurationError("the configuration is not valid", flaws)
    last_good_profiles(settings)
    last_good_pool(settings)

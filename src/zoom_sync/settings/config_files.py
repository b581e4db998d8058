"""The other files of the config folder: `profiles.yaml` and `hosts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from zoom_sync.domain.profiles import profile_flaws, resolved
from zoom_sync.errors import ConfigurationError, Problem

# The way that leads to something in a file.
Place = tuple[str | int, ...]
BUFFERS = ("buffer_before", "buffer_after")
# What else an entry of the pool may say in numbers, and the least of each.
HOST_NUMBERS = {"capacity": 1, "daily_writes": 0, "webinar_capacity": 0, **dict.fromkeys(BUFFERS, 0)}

# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings (settings)
BUILT_IN_PROFILE: Mapping[str, Any] = {
    "waiting_room": False,
    "join_before_host": False,
    "mute_upon_entry": True,
    "participant_video": False,
    "host_video": True,
    "approval_type": 2,
    "auto_recording": "none",
    "question_and_answer": {"enable": True},
    "email_in_attendee_report": True,
}


def read_profiles(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """The profiles of `profiles.yaml` with all they inherit, or the built-in one where there is no such file.

    Raises:
        ConfigurationError: with everything that is wrong with them, each with its line.
    """
    path = folder / "profiles.yaml"
    if not path.is_file():
        return {"public-seminar": BUILT_IN_PROFILE}
    value = _yaml(path)
    profiles = value.get("profiles") if isinstance(value, dict) else None
    if not isinstance(profiles, dict) or not all(isinstance(profile, dict) for profile in profiles.values()):
        raise ConfigurationError(f"{path} must hold `profiles:` with a name and its settings for each")
    defaults = value.get("defaults") or {}
    if not isinstance(defaults, dict) or not set(value) <= {"profiles", "defaults"}:
        raise ConfigurationError(f"{path} may hold besides `profiles:` only `defaults:` with settings that all have")
    flaws = list(profile_flaws(defaults, profiles))
    if flaws:
        lines = _lines(path)
        problems = [Problem(flaw, _nearest(lines, place), str(path)) for place, flaw in flaws]
        raise ConfigurationError(f"{path} is not right", sorted(problems, key=lambda problem: problem.line or 0))
    return resolved(defaults, profiles)


def _lines(path: Path) -> dict[tuple[str | int, ...], int]:
    """The line of everything that stands in a YAML file, by the way that leads to it."""
    found: dict[tuple[str | int, ...], int] = {}

    def walk(node: Any, way: tuple[str | int, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                found[(*way, key.value)] = key.start_mark.line + 1
                walk(value, (*way, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                found[(*way, number)] = value.start_mark.line + 1
                walk(value, (*way, number))

    walk(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), ())
    return found


def _nearest(lines: Mapping[tuple[str | int, ...], int], place: tuple[str | int, ...]) -> int | None:
    """The line of a place, or where it was merged from elsewhere, of what it stands in."""
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), None)


def read_host_pool(folder: Path) -> list[dict[str, Any]] | None:
    """The entries of `hosts.yaml`, each with the pool's buffers where it has none of its own.

    None where there is no such file or it names nobody. Raises ConfigurationError.
    """
    path = folder / "hosts.yaml"
    told = _yaml(path) if path.is_file() else None
    if told is None:
        return None
    if not isinstance(told, dict) or not set(told) <= {"hosts", *BUFFERS}:
        raise ConfigurationError(
            f"{path} must hold `hosts:` with a list of entries, and besides only the pool's buffers"
        )
    hosts, pool = told.get("hosts"), {name: told[name] for name in BUFFERS if name in told}
    flaws: list[tuple[Place, str]] = [
        ((name,), f"{name} must be a whole number of minutes") for name, value in pool.items() if not _whole(value, 0)
    ]
    if not hosts and pool:
        flaws.append(((next(iter(pool)),), "buffers are of those who are named: name the hosts"))
    if not (hosts is None or isinstance(hosts, list)):
        flaws.append((("hosts",), "`hosts:` must be a list of entries"))
    elif hosts:
        flaws += [
            (("hosts", place, *inside), f"entry {place + 1}: {flaw}")
            for place, entry in enumerate(hosts)
            for inside, flaw in _host_flaws(entry)
        ]
    if flaws:
        lines = _lines(path)
        problems = [Problem(flaw, _nearest(lines, place), str(path)) for place, flaw in flaws]
        raise ConfigurationError(f"{path} is not right", sorted(problems, key=lambda problem: problem.line or 0))
    return [pool | entry for entry in hosts] if hosts else None


def _host_flaws(entry: Any) -> list[tuple[Place, str]]:
    """What is wrong with an entry, each with the name in it that is meant."""
    known = {"user", "licence", *HOST_NUMBERS}
    if not isinstance(entry, dict) or not isinstance(entry.get("user"), str):
        return [((), "needs `user:` with an id, an e-mail address or a name")]
    flaws: list[tuple[Place, str]] = [
        ((str(name),), f"{name!r} is not known; known are {', '.join(sorted(known))}")
        for name in entry
        if name not in known
    ]
    flaws += [
        ((name,), f"{name} must be a whole number of at least {least}")
        for name, least in HOST_NUMBERS.items()
        if name in entry and not _whole(entry[name], least)
    ]
    if entry.get("licence", "basic") not in ("licensed", "basic"):
        flaws.append((("licence",), "licence must be licensed or basic"))
    return flaws


def _whole(value: Any, least: int) -> bool:
    return type(value) is int and value >= least


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = Problem(
            f"not YAML: {error.problem or error.context}", None if mark is None else mark.line + 1, str(path)
        )
        raise ConfigurationError(f"{path} cannot be read: {error}", [problem]) from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None

"""Profiles that build upon one another: what all have, then what one extends, then its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from zoom_sync.domain.profiles.checking import Flaw, setting_flaws

EXTENDS = "extends"


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both, with `over` winning; objects are merged field by field, lists are replaced as a whole."""
    both = dict(under)
    for name, value in over.items():
        old = both.get(name)
        both[name] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both


def resolved(defaults: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each profile with everything it inherits. Raises KeyError where `profile_flaws` finds something."""

    def whole(name: str) -> Mapping[str, Any]:
        own = {key: value for key, value in profiles[name].items() if key != EXTENDS}
        under = profiles[name].get(EXTENDS)
        return merged(defaults if under is None else whole(under), own)

    return {name: dict(whole(name)) for name in profiles}


def profile_flaws(defaults: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]) -> Iterator[Flaw]:
    """Everything that is wrong with the profiles, at the path in the file where it stands."""
    yield from setting_flaws(defaults, ("defaults",))
    for name, profile in profiles.items():
        path = ("profiles", name)
        if EXTENDS in profile:
            yield from (((*path, EXTENDS), flaw) for flaw in _extends_flaws(name, profiles))
        yield from setting_flaws({key: value for key, value in profile.items() if key != EXTENDS}, path)


def _extends_flaws(name: str, profiles: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    under = profiles[name][EXTENDS]
    if not isinstance(under, str) or under not in profiles:
        close = get_close_matches(str(under), list(profiles), 1)
        yield f"there is no profile {under!r}" + (f"; did you mean `{close[0]}`?" if close else "")
        return
    chain = [name]
    while isinstance(under, str) and under in profiles:
        if under in chain:
            yield (
                f"profile {name!r} extends itself: {' → '.join([*chain, under])}"
                if under == name
                else (f"profile {name!r} extends {under!r}, which extends itself")
            )
            return
        chain.append(under)
        under = profiles[under].get(EXTENDS)

"""Putting a programme into the store: which stored session each session is, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable

from zoom_sync.domain.keys import Matching, match_sessions
from zoom_sync.domain.programme import Programme
from zoom_sync.service_layer.ports.events import ProgrammeStore


def matching(programmes: ProgrammeStore, programme: Programme, made_keys: Iterable[str]) -> Matching:
    """What keys that are not stored mean for the event in the store; nothing where it is not there."""
    made = frozenset(made_keys)
    if programme.event.key not in {event.key for event in programmes.events()}:
        return Matching()
    stored = programmes.programme(programme.event.key)
    return match_sessions(programme.sessions, made, stored.sessions)

"""Drift: what somebody edited on Zoom since we last wrote it, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Treatment(StrEnum):
    """What is done about a field that was edited on Zoom."""

    REPAIR = "repair"  # put back
    KEEP = "keep"  # left as it is, and shown
    ASK = "ask"  # put back once somebody says so


class Group(StrEnum):
    """Fields that are treated alike."""

    TITLE = "title"
    AGENDA = "agenda"
    TIME = "time"
    SETTINGS = "settings"
    PASSCODE = "passcode"


_GROUP_OF = {
    "topic": Group.TITLE,
    "agenda": Group.AGENDA,
    "start_time": Group.TIME,
    "duration": Group.TIME,
    "timezone": Group.TIME,
    "recurrence": Group.TIME,
    "occurrences": Group.TIME,
    "passcode": Group.PASSCODE,
}


def group_of(name: str) -> Group:
    """The group of a compared field, by Zoom's name."""
    return _GROUP_OF.get(name, Group.SETTINGS)


def treatment_of(name: str, rules: Mapping[Group, Treatment]) -> Treatment:
    """What is done about a field; where nobody told, it is put back."""
    return rules.get(group_of(name), Treatment.REPAIR)


@dataclass(frozen=True, slots=True)
class Drift:
    """A field of a linked meeting that reads otherwise on Zoom than we last wrote it.

    `since` is when it was first seen so, None where nobody keeps that. A passcode reads `***`.
    """

    key: str
    meeting_id: str
    name: str
    applied: Any = field(repr=False)
    on_zoom: Any = field(repr=False)
    treatment: Treatment = Treatment.REPAIR
    since: datetime | None = None

    def seen(self, since: datetime) -> Drift:
        return replace(self, since=since)

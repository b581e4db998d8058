"""Runs: what `apply` and `collect` set out to do, item by item, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ItemState(StrEnum):
    """How far one item of a run is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """What one item of a run is to do. `fields` are the names of what is written; the values are the programme's.

    `seen` stands for the meeting that the programme wanted when the plan was made (`meeting_digest`): only exactly that
    is done. None where nothing is written, and in runs of versions that did not keep it. `accepted` is what it may take
    from people, as it was accepted by name: how many of what, None for any number. `overload`: somebody allowed by name
    that it gives its host more at once than he can hold.
    """

    action: str
    key: str
    host_id: str = ""
    meeting_id: str | None = None
    fields: tuple[str, ...] = ()
    accepted: Mapping[str, int | None] = field(default_factory=dict)
    overload: bool = False
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class RunItem:
    """A step with its place in a run and how it ended. `tries` counts how often it was begun."""

    id: int
    run: int
    event: str
    action: str
    key: str
    host_id: str
    meeting_id: str | None
    fields: tuple[str, ...] = ()
    state: ItemState = ItemState.WAITING
    reason: str = ""
    tries: int = 0
    accepted: Mapping[str, int | None] = field(default_factory=dict)
    overload: bool = False
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Unended:
    """Items of a run that were handed out and that nobody has ended: how many, and when the first of them was.

    Somebody may be at them, or they may be with a process that has died.
    """

    run: int
    kind: str
    count: int
    handed_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One run of `apply` or `collect`."""

    id: int
    event: str
    kind: str
    digest: str
    started: datetime
    finished: datetime | None
    counts: Mapping[str, int] = field(default_factory=dict)

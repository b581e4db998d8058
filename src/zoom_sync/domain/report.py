"""Reports as Zoom gives them: instances of a meeting, raw rows, and how complete they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Instance:
    """One time that a meeting was held; a meeting that was restarted has several.

    `start` is aware, and `UNDATED` where Zoom does not tell it: then its rows do.
    """

    uuid: str
    start: datetime

    @property
    def dated(self) -> bool:
        """Whether Zoom tells when it began."""
        return self.start != UNDATED


@dataclass(frozen=True, slots=True)
class Report:
    """Rows exactly as Zoom returned them, and how many it said there are (None where it does not say)."""

    rows: tuple[Mapping[str, Any], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class RawReport:
    """Rows of one kind of one instance, as received."""

    kind: str
    instance: Instance
    rows: tuple[Mapping[str, Any], ...]


class ReportState(StrEnum):
    """What is known of one report of one session."""

    WAITING = "waiting"  # Zoom has not finished it, or it is too early to ask
    PARTIAL = "partial"  # some rows are there, Zoom said there are more or works on them
    COMPLETE = "complete"
    NONE = "none"  # the session never took place, or there is nothing of this kind
    EXPIRED = "expired"  # Zoom keeps it no longer
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Collected:
    """State of one report of one session (`kind` is one of `service_layer.collect.KINDS`).

    Rows had, rows told by Zoom, and why. `lasting`: it failed for a reason that time alone does not mend. `since`: when
    it was first checked and found in this state; the store keeps it.
    """

    key: str
    kind: str
    state: ReportState
    rows: int
    total: int | None
    reason: str
    checked_at: datetime | None
    lasting: bool = False
    since: datetime | None = field(default=None, compare=False)


class Order(StrEnum):
    """What the lines of an attendance are sorted by: the first join, the name, the time present."""

    JOINED = "joined"
    NAME = "name"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Seek:
    """Which lines of a session's attendance are wanted: those whose name or address holds `text`, one page of them."""

    text: str = field(default="", repr=False)
    order: Order = Order.JOINED
    backwards: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of one session; what each of these is, `domain.figures` says.

    `unreadable` are rows of the attendance that hold no time at all.
    """

    people: int = 0
    questions: int = 0
    unanswered: int = 0
    only_waited: int = 0
    bots: int = 0
    unreadable: int = 0

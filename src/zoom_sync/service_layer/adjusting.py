"""Editing sessions by hand: what is edited holds over the programme's source until somebody drops it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zoom_sync.domain.access import AuditEntry
from zoom_sync.domain.adjusting import Adjusted, dropped, edited, said
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.validate import check_sessions
from zoom_sync.errors import ProgrammeError, StoreConflict
from zoom_sync.service_layer.archived import refuse_resting
from zoom_sync.service_layer.ports.access import AuditStore
from zoom_sync.service_layer.ports.events import ProgrammeStore

Edit = tuple[str, str, Any]  # a session's key, a field, its value


@dataclass(frozen=True, slots=True)
class Adjusting:
    """What it needs. `now` is this machine's clock; `who` does it."""

    programmes: ProgrammeStore
    audit: AuditStore
    now: Callable[[], datetime]
    who: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What edits would do: each with what is said until now. `mark` stands for exactly this."""

    stored: Programme
    adjusted: Adjusted
    changes: tuple[tuple[str, str, Any, Any], ...]  # key, field, until now, from now on

    @property
    def mark(self) -> str:
        return hashlib.sha256(repr(self.changes).encode()).hexdigest()


def preview(adjusting: Adjusting, event: str, edits: Iterable[Edit]) -> Edited:
    """What edits would do; nothing is stored. Raises NotInStore, ProgrammeError where a rule would be broken.

    Raises UserError where the event is archived or called off.
    """
    refuse_resting(adjusting.programmes, event)
    stored = adjusting.programmes.programme(event)
    there = adjusting.programmes.adjustments(event)
    edits = tuple(edits)
    sessions = {session.key: session for session in stored.sessions}
    changes = tuple(
        (key, field, before, value)
        for key, field, value in edits
        if (before := said(sessions[key], field)) != value
    )  # fmt: skip
    after = edited(stored, there, edits, adjusting.who, adjusting.now())
    flaws = set(check_sessions(after.programme.sessions)) - set(check_sessions(stored.sessions))
    if flaws:
        raise ProgrammeError(Phrase("this cannot be; nothing was changed"), sorted(flaws, key=str))
    return Edited(stored, after, changes)


def edit(adjusting: Adjusting, event: str, edits: Iterable[Edit], mark: str | None = None) -> Programme:
    """Store the edits, and answer the programme as it is then.

    Raises:
        NotInStore, ProgrammeError: as `preview`.
        StoreConflict: `mark` is of what would do something else, or the programme changed just now.
    """
    seen = preview(adjusting, event, edits)
    if mark is not None and seen.mark != mark:
        raise StoreConflict(Phrase("the programme has changed since this was shown; look at it again"))
    for key in dict.fromkeys(key for key, *_ in seen.changes):
        fields = ", ".join(field for changed, field, *_ in seen.changes if changed == key)
        adjusting.audit.write(AuditEntry(adjusting.now(), adjusting.who, "session edited", event, key, fields[:200]))
    _store(adjusting, seen.stored, seen.adjusted)
    return seen.adjusted.programme


def drop(adjusting: Adjusting, event: str, names: Collection[str]) -> None:
    """Let the source be right again.

    Raises NotInStore, StoreConflict where the programme changed just now, UserError as `preview`.
    """
    refuse_resting(adjusting.programmes, event)
    stored = adjusting.programmes.programme(event)
    there = adjusting.programmes.adjustments(event)
    for adjustment in there:
        if adjustment.name in names:
            entry = AuditEntry(
                adjusting.now(), adjusting.who, "adjustment dropped", event, adjustment.key, adjustment.field
            )
            adjusting.audit.write(entry)
    _store(adjusting, stored, dropped(stored, there, names))


def _store(adjusting: Adjusting, stored: Programme, after: Adjusted) -> None:
    adjusting.programmes.save(
        after.programme, adjusting.now(), by=adjusting.who, expected=stored, adjustments=after.adjustments
    )

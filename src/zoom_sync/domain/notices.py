"""What people are told without having asked: one digest of what is new to them, and nothing twice.

A notice is known again by what it is about, not by its words or the run it came from: a change that is held back at
every sync is told once. What is not the case any more is forgotten, so that it is told anew if it comes back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Digests of notices: what they are known again by.
Marks = frozenset[str]
NONE: Marks = frozenset()
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
# After so many failures in a row somebody has to look at the settings: one try a day is enough until then.
MOST_TRIES = 8
REST = timedelta(days=1)


class Subject(StrEnum):
    """What a notice is about, the most urgent first."""

    STANDS_STILL = "stands_still"  # the work itself does not happen
    NOT_READY = "not_ready"  # a session begins soon and cannot be held as it has to be
    FAILED = "failed"  # an apply could not do something
    HELD_BACK = "held_back"  # a person has to decide
    LATE = "late"  # a session's reports are late, or cannot be had any more
    REPORT = "report"  # a session's reports are complete


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing found about a session: in a word what is to be done or was found, and why, or how bad it is."""

    key: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A concern with all that a person needs to know which session is meant. Nothing in it is personal or secret."""

    subject: Subject
    event: str
    event_title: str
    concern: Concern
    title: str = ""
    start: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Whether it cannot wait for the next digest."""
        of_event = self.subject is Subject.FAILED and not self.concern.key  # nothing of it is kept right then
        return self.subject in (Subject.STANDS_STILL, Subject.NOT_READY) or of_event

    @property
    def mark(self) -> str:
        """What it is known again by. What may change while it goes on is no part of it.

        So the report of a session is told once, however many rows it came to have.
        """
        why = "" if self.subject in (Subject.REPORT, Subject.STANDS_STILL) else self.concern.why
        texts = [str(self.subject), self.event, self.concern.key, self.concern.what, why]
        return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told at once: what is new, and how much that was told before is still so."""

    new: tuple[Notice, ...]
    open: int = 0
    test: bool = False

    @property
    def id(self) -> str:
        """The same for the same new notices: whoever gets a digest twice can know it."""
        return hashlib.sha256("".join(sorted(notice.mark for notice in self.new)).encode()).hexdigest()[:16]

    @property
    def urgent(self) -> bool:
        return any(notice.urgent for notice in self.new)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of one channel: when it last sent, how often it failed since, and when it may try again."""

    sent_at: datetime | None = None
    tries: int = 0
    not_before: datetime | None = None

    def failed(self, now: datetime) -> Memory:
        """After one more failure: it is tried again ever later, and then once a day."""
        tries = self.tries + 1
        pause = REST if tries >= MOST_TRIES else min(LONGEST_PAUSE, FIRST_PAUSE * (1 << self.tries))
        return Memory(self.sent_at, tries, now + pause)


def digest_of(
    notices: Iterable[Notice], texts: Marks, memory: Memory, now: datetime, shortest: timedelta
) -> Digest | None:
    """The digest to be sent now; None where nothing is new, or it is too early.

    Two digests are at least `shortest` apart, but for what is urgent.
    """
    by_mark = {notice.mark: notice for notice in notices}
    new = [notice for mark, notice in by_mark.items() if mark not in texts]
    if not new or (memory.not_before is not None and now < memory.not_before):
        return None
    digest = Digest(tuple(sorted(new, key=_order)), open=len(by_mark) - len(new))
    if not digest.urgent and memory.sent_at is not None and now < memory.sent_at + shortest:
        return None
    return digest


def is_over(notices: Iterable[Notice], texts: Marks) -> Marks:
    """The marks of what was told and is not so any more."""
    return texts - {notice.mark for notice in notices}


def _order(notice: Notice) -> tuple[int, str, str, str, str]:
    start = notice.start.timestamp() if notice.start is not None else 0.0
    return list(Subject).index(notice.subject), notice.event, f"{start:020.3f}", notice.concern.key, notice.concern.what

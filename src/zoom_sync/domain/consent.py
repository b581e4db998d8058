"""Whose word a change waits for: how an event has its changes made, and when it is frozen. Pure.

A change that a person has approved is known again by its mark (`Change.mark`): the same change of the same meeting with
the same values. As soon as programme or Zoom ask for another one, the approval is nobody's; the next plan shows that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.phrases import Phrase, listed
from zoom_sync.domain.plan import Action, Change, Plan
from zoom_sync.domain.programme import Changes, Session


@dataclass(frozen=True, slots=True)
class Consent:
    """What is on record of an event: marks of approved changes, when a plan was last approved, who loaded it.

    `loaded_by` is an account's name or that of a user of the machine; empty where it is not known.
    """

    marks: frozenset[str] = frozenset()
    approved_at: datetime | None = None
    loaded_by: str = ""


def waits(changes: Changes, consent: Consent) -> bool:
    """Whether nobody but a person starts the event's changes."""
    return changes is Changes.ASK or (changes is Changes.FIRST and consent.approved_at is None)


def is_own(changes: Changes, consent: Consent, who: str) -> bool:
    """Whether somebody would approve what he loaded himself, of an event that asks for two pairs of eyes."""
    same = bool(who) and who.strip().casefold() == consent.loaded_by.strip().casefold()
    return changes is Changes.ASK and same


def parted(plan: Plan, approved: Collection[str]) -> tuple[Plan, tuple[Change, ...]]:
    """The plan with nothing but what may be done without being asked, and the changes that wait for approval.

    A creation that was begun is looked for all the same: it was approved when it was begun.
    """
    ready = tuple(change for change in plan.changes if change.mark in approved or _is_search(change))
    waiting = tuple(change for change in plan.changes if change not in ready)
    return replace(plan, changes=ready), waiting


def _is_search(change: Change) -> bool:
    return change.action is Action.ADOPT and change.meeting_id is None


def waiting_sentence(waiting: Sequence[Change]) -> Phrase:
    """What waits, in one sentence."""
    counts = ((action, sum(1 for change in waiting if change.action is action)) for action in Action)
    text = listed([f"{count} to {action}" for action, count in counts if count])
    if len(waiting) == 1:
        return Phrase("1 change waits for approval: {told}", told=text)
    return Phrase("{count} changes wait for approval: {told}", count=len(waiting), told=text)


def frozen_until(sessions: Iterable[Session], hours: int, now: datetime) -> datetime | None:
    """When the event's freeze ends, in UTC; None where it is not frozen now.

    It is, from so many hours before its first session until the end of its last. Rehearsals and cancelled sessions do
    not count.
    """
    spans = [(session.start, session.end) for session in sessions if session.counted]
    if not hours or not spans:
        return None
    begin, end = min(start for start, _ in spans) - timedelta(hours=hours), max(end for _, end in spans)
    return end.astimezone(UTC) if begin <= now < end else None

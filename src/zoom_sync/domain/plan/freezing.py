"""A freeze: shortly before an event and as long as it lasts, its meetings are changed by name only. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan.values import Action, Change, HeldBack, Policy

OPTION = "--allow-frozen"


def by_freeze(changes: Iterable[Change], policy: Policy) -> tuple[list[Change], list[HeldBack]]:
    """The changes, and those that are held back as long as the event is frozen.

    What a person has approved as it is goes on, and so does looking for what a creation may have made.
    """
    allowed: list[Change] = []
    held: list[HeldBack] = []
    until = policy.frozen_until
    for change in changes:
        search = change.action is Action.ADOPT and change.meeting_id is None
        if until is None or search or change.mark in policy.approved:
            allowed.append(change)
            continue
        why = Phrase("the event is frozen until {moment} UTC: needs --allow-frozen", moment=f"{until:%Y-%m-%d %H:%M}")
        held.append(HeldBack(change, why, needs=OPTION, together=True))
    return allowed, held

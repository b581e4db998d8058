"""How a linked meeting differs from what the programme wants, and who made it so: programme or somebody on Zoom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum

from zoom_sync.domain.drift import Drift, Group, Treatment, treatment_of
from zoom_sync.domain.meeting import Cause, DesiredMeeting, FieldChange, Link, ObservedMeeting
from zoom_sync.domain.panelists import PANELISTS, change_of, on_list
from zoom_sync.domain.phrases import Phrase, joined
from zoom_sync.domain.plan.looking import look
from zoom_sync.domain.plan.values import Action, Change, HeldBack, Policy


def compare(want: DesiredMeeting, link: Link, observed: ObservedMeeting, now: datetime) -> tuple[FieldChange, ...]:
    """Each field that differs and is to be written, or is for the drift policy, with its cause."""
    return look(want, link, observed, now).fields + _panelists(want, link, observed)


def _panelists(want: DesiredMeeting, link: Link, observed: ObservedMeeting) -> tuple[FieldChange, ...]:
    """How the panelists differ: counts of those who are there, and who is to be added and taken out."""
    there, before = on_list(link.panelists, observed.panelists), on_list(link.panelists, None)
    change = change_of(want.panelists_beside(link.host_id), link.panelists, there)
    if not change.added and not change.removed:
        return ()
    edited = not before.isdisjoint(change.added)
    changed = bool(change.removed) or not before.issuperset(change.added)
    cause = Cause.BOTH if edited and changed else Cause.ZOOM if edited else Cause.PROGRAMME
    return (FieldChange(PANELISTS, len(there), change, len(before), cause),)


def why_update(fields: Sequence[FieldChange]) -> Phrase:
    """The reason of an update: which fields the programme changed, and which somebody edited on Zoom."""
    parts = []
    if names := _caused(fields, Cause.PROGRAMME):
        parts.append(Phrase("the programme changed {fields}", fields=names))
    if names := _caused(fields, Cause.ZOOM):
        parts.append(Phrase("somebody edited {fields} on Zoom", fields=names))
    if names := _caused(fields, Cause.BOTH):
        parts.append(Phrase("the programme changed {fields}, and somebody edited the same on Zoom", fields=names))
    return joined(parts) if parts else Phrase("differs from the programme")


def _caused(fields: Sequence[FieldChange], cause: Cause) -> tuple[str, ...]:
    return tuple(field.name.removeprefix("settings.") for field in fields if field.cause is cause)


def drifts_of(items: Iterable[Change | HeldBack], rules: Mapping[Group, Treatment]) -> tuple[Drift, ...]:
    """Everything that somebody edited on Zoom and that the programme wants otherwise.

    What the programme changed, too, is written whatever the rules say.
    """
    return tuple(
        Drift(
            change.key,
            change.meeting_id or "",
            field.name,
            field.applied,
            field.old,
            treatment_of(field.name, rules) if field.cause is Cause.ZOOM else Treatment.REPAIR,
        )
        for change in (item.change if isinstance(item, HeldBack) else item for item in items)
        if change.action is Action.UPDATE
        for field in change.fields
        if field.cause in (Cause.ZOOM, Cause.BOTH)
    )


def by_drift(items: Iterable[Change | HeldBack], policy: Policy, now: datetime) -> tuple[list[Change], list[HeldBack]]:
    """Leave out of the updates what is kept as it is on Zoom, and hold back what somebody has to be asked about.

    What comes back each time it is put back is put back after longer and longer pauses, and at last held back.
    """
    changes: list[Change] = []
    held: list[HeldBack] = []
    for item in items:
        change = item.change if isinstance(item, HeldBack) else item
        if change.action is not Action.UPDATE or not change.fields:
            _sort_in(item, changes, held)
            continue
        fates = [(field, _fate(change, field, policy, now)) for field in change.fields]
        written = [field_change for field_change, fate in fates if fate is _Fate.WRITTEN]
        if written:
            part = replace(change, fields=tuple(written), reason=why_update(written))
            _sort_in(replace(item, change=part) if isinstance(item, HeldBack) else part, changes, held)
        for fate in (_Fate.ASKED, _Fate.PAUSED, _Fate.GIVEN_UP):
            some = tuple(field_change for field_change, its in fates if its is fate)
            if some:
                held.append(_held(replace(change, fields=some, reason=why_update(some)), fate))
    return changes, held


class _Fate(Enum):
    """What becomes of one field that differs."""

    WRITTEN = "written"
    KEPT = "kept"
    ASKED = "asked"
    PAUSED = "paused"
    GIVEN_UP = "given up"


def _fate(change: Change, field_change: FieldChange, policy: Policy, now: datetime) -> _Fate:
    if field_change.cause not in (Cause.ZOOM, Cause.BOTH):
        return _Fate.WRITTEN
    named = policy.repair_drift or change.key in policy.repair
    treatment = treatment_of(field_change.name, policy.drift)
    if treatment is Treatment.ASK and not named:
        return _Fate.ASKED
    if field_change.cause is Cause.BOTH:
        return _Fate.WRITTEN
    if treatment is Treatment.KEEP:
        return _Fate.KEPT
    if named or field_change.repairs is None:
        return _Fate.WRITTEN
    if field_change.repairs.exhausted:
        return _Fate.GIVEN_UP
    return _Fate.PAUSED if field_change.repairs.pauses(now) else _Fate.WRITTEN


def _held(change: Change, fate: _Fate) -> HeldBack:
    needs = f"--repair {change.key}"
    if fate is _Fate.ASKED:
        why = Phrase("needs --repair-drift, or --repair {session}: it was edited on Zoom", session=change.key)
        return HeldBack(change, why, needs=needs)
    repairs = [field.repairs for field in change.fields if field.repairs is not None]
    count = max(repair.count for repair in repairs)
    if fate is _Fate.GIVEN_UP:
        why = Phrase(
            "somebody or another program changed it again each time ({count}) it was put back: stop that, then use "
            "--repair {session}",
            count=count,
            session=change.key,
        )
        return HeldBack(change, why, needs=needs)
    due = min(repair.due for repair in repairs)
    why = Phrase(
        "it was changed again each time ({count}) it was put back; goes on after {moment} UTC",
        count=count,
        moment=f"{due:%Y-%m-%d %H:%M}",
    )
    return HeldBack(change, why, due, needs=needs)


def _sort_in(item: Change | HeldBack, changes: list[Change], held: list[HeldBack]) -> None:
    if isinstance(item, HeldBack):
        held.append(item)
    else:
        changes.append(item)

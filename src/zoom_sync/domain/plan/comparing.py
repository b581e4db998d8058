"""How a linked meeting differs from what the programme wants, and who made it so: programme or somebody on Zoom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from zoom_sync.domain.additions import beside_others, fields_with_others
from zoom_sync.domain.drift import Drift, Group, Treatment, treatment_of
from zoom_sync.domain.meeting import (
    OCCURRENCES,
    RECURRENCE,
    Cause,
    DesiredMeeting,
    FieldChange,
    Link,
    ObservedMeeting,
    alike,
    believed_fields,
    compared,
    differences,
)
from zoom_sync.domain.panelists import PANELISTS, change_of, on_list
from zoom_sync.domain.phrases import Phrase, joined
from zoom_sync.domain.plan.values import PASSCODE, Action, Change, HeldBack, Policy


def compare(want: DesiredMeeting, link: Link, observed: ObservedMeeting) -> tuple[FieldChange, ...]:
    """Each field that differs, with its cause."""
    applied = {RECURRENCE: None, OCCURRENCES: None} | compared(link.applied)
    shown = beside_others(observed, want, link.applied)
    found = differences(want.later, believed_fields(shown, link.applied))
    caused = (replace(one, applied=applied.get(one.name), cause=_cause(one, applied)) for one in found)
    fields = fields_with_others(caused, want, observed, link.applied)
    # "Changing the passcode changes join_url" (https://github.com/indico/indico-plugins, vc_zoom 2.3b2): a list row
    # whose link is another tells that somebody changed the passcode that was announced.
    changed = observed.passcode != link.passcode if observed.passcode else observed.join_url != link.join_url
    if changed:
        fields += (FieldChange(PASSCODE, "***", "***", "***", Cause.ZOOM),)
    return fields + _panelists(want, link, observed)


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


def _cause(one: FieldChange, applied: Mapping[str, object]) -> Cause:
    if one.name not in applied:
        return Cause.PROGRAMME  # it was not managed before
    edited = not alike(one.name, one.old, applied[one.name])
    changed = not alike(one.name, applied[one.name], one.new)
    return Cause.BOTH if edited and changed else Cause.ZOOM if edited else Cause.PROGRAMME


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
    return tuple(one.name.removeprefix("settings.") for one in fields if one.cause is cause)


def drifts_of(items: Iterable[Change | HeldBack], rules: Mapping[Group, Treatment]) -> tuple[Drift, ...]:
    """Everything that somebody edited on Zoom and that the programme wants otherwise.

    What the programme changed, too, is written whatever the rules say.
    """
    return tuple(
        Drift(
            change.key,
            change.meeting_id or "",
            one.name,
            one.applied,
            one.old,
            treatment_of(one.name, rules) if one.cause is Cause.ZOOM else Treatment.REPAIR,
        )
        for change in (item.change if isinstance(item, HeldBack) else item for item in items)
        if change.action is Action.UPDATE
        for one in change.fields
        if one.cause in (Cause.ZOOM, Cause.BOTH)
    )


def by_drift(items: Iterable[Change | HeldBack], policy: Policy) -> tuple[list[Change], list[HeldBack]]:
    """Leave out of the updates what is kept as it is on Zoom, and hold back what somebody has to be asked about."""
    changes: list[Change] = []
    held: list[HeldBack] = []
    for item in items:
        change = item.change if isinstance(item, HeldBack) else item
        if change.action is not Action.UPDATE or not change.fields:
            _sort_in(item, changes, held)
            continue
        written = [one for one in change.fields if _treatment(change, one, policy) is Treatment.REPAIR]
        asked = [one for one in change.fields if _treatment(change, one, policy) is Treatment.ASK]
        if written:
            part = replace(change, fields=tuple(written), reason=why_update(written))
            _sort_in(replace(item, change=part) if isinstance(item, HeldBack) else part, changes, held)
        if asked:
            part = replace(change, fields=tuple(asked), reason=why_update(asked))
            why = Phrase("needs --repair-drift, or --repair {session}: it was edited on Zoom", session=change.key)
            held.append(HeldBack(part, why, needs=f"--repair {change.key}"))
    return changes, held


def _sort_in(item: Change | HeldBack, changes: list[Change], held: list[HeldBack]) -> None:
    if isinstance(item, HeldBack):
        held.append(item)
    else:
        changes.append(item)


def _treatment(change: Change, one: FieldChange, policy: Policy) -> Treatment:
    if one.cause is not Cause.ZOOM:
        return Treatment.REPAIR
    told = treatment_of(one.name, policy.drift)
    if told is Treatment.ASK and (policy.repair_drift or change.key in policy.repair):
        return Treatment.REPAIR
    return told

"""What a change takes from people, or Zoom cannot undo: found, counted, split off and held back. Pure.

What counts is what hangs on the meeting now: who registered, the times of a series that others made, panelists, and
what others added to its lists. It is taken only where the policy names the session (`--allow-loss`); whoever edited the
meeting, and whatever is done about edits, does not matter here.

- Registration that is switched off, and a change between one meeting and a series, drop the registrants:
  https://github.com/indico/indico-plugins/issues/191.
- A series' new rule makes its occurrences anew; who registered for single ones (`registration_type` 2 or 3) is lost:
  https://developers.zoom.us/docs/api/meetings/#tag/meetings/PATCH/meetings/{meetingId}.
- A deleted or replaced meeting takes everything with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from zoom_sync.domain.additions import LISTS, PEOPLE, others, sent_before
from zoom_sync.domain.losses import NOTHING_READ, Attached, Loss, What
from zoom_sync.domain.meeting import (
    OCCURRENCES,
    RECURRENCE,
    TIME_FIELDS,
    Cause,
    DesiredMeeting,
    FieldChange,
    Link,
    ObservedMeeting,
    Origin,
)
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.phrases import Phrase, joined, then
from zoom_sync.domain.plan.comparing import why_update
from zoom_sync.domain.plan.rooms import by_rooms
from zoom_sync.domain.plan.values import PASSCODE, Action, Change, HeldBack, Known, Observation, Plan, Policy
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.registering import WITHOUT

APPROVAL, REGISTRATION = "settings.approval_type", "settings.registration_type"
PER_OCCURRENCE = (2, 3)  # registrants choose one occurrence, or some
# Switched off, each of these forgets who is on its list.
SWITCHES = {
    "settings.breakout_room.enable": "breakout_room.rooms",
    "settings.language_interpretation.enable": "language_interpretation.interpreters",
    "settings.sign_language_interpretation.enable": "sign_language_interpretation.interpreters",
}

LIST_FIELDS = {f"settings.{path}": path for path in LISTS}


def by_effects(
    items: Iterable[Change | HeldBack], desired: Sequence[DesiredMeeting], known: Known, seen: Observation,
    policy: Policy, now: datetime,
) -> list[Change | HeldBack]:  # fmt: skip
    """The items, with what takes something from people split off and held back, unless the policy names the session.

    What is held in a personal room is not changed at all.
    """
    wants = {want.key: want for want in desired}
    links = {link.meeting_id: link for link in (*known.links.values(), *known.retired)}
    retired = {link.meeting_id for link in known.retired} | seen.arrived.keys()
    decided: list[Change | HeldBack] = []
    for item in by_rooms(items, wants, links, seen.meetings):
        if isinstance(item, HeldBack) or item.meeting_id is None:
            decided.append(item)
            continue
        losses = losses_of(
            item, wants.get(item.key), links.get(item.meeting_id), seen.meetings.get(item.meeting_id),
            seen.attached.get(item.meeting_id, NOTHING_READ), now,
        )  # fmt: skip
        if not losses:
            decided.append(item)
        elif item.key in policy.allow_loss:
            decided.append(replace(item, losses=losses))
        else:
            decided += _held(item, losses, _also_needs(item, policy, retired))
    return decided


def losses_of(
    change: Change, want: DesiredMeeting | None, link: Link | None, observed: ObservedMeeting | None,
    attached: Attached, now: datetime,
) -> tuple[Loss, ...]:  # fmt: skip
    """What a change takes from people; nothing where Zoom has no such meeting any more."""
    if observed is None or not may_lose(change, observed):
        return ()
    if change.action is Action.REPLACE and link is None:
        return ()  # the session never had that meeting: it stays as it is
    if change.action in (Action.DELETE, Action.REPLACE):
        return tuple(_with_the_meeting(change, want, link, observed, attached, now))
    return tuple(_with_fields(change.fields, want, link, observed, attached, now))


def may_lose(change: Change, observed: ObservedMeeting) -> bool:
    """Whether a change can take something at all, before anything is counted."""
    if change.action in (Action.DELETE, Action.REPLACE):
        return True
    return change.action in (Action.UPDATE, Action.ADOPT, Action.MOVE) and any(
        _takes(field, observed) for field in change.fields
    )


def at_stake(plan: Plan, seen: Observation) -> list[str]:
    """The IDs of the meetings of which has to be known what hangs on them, in the plan's order."""
    changes = (*plan.changes, *(held.change for held in plan.held_back if not held.passing))
    ids = (
        change.meeting_id
        for change in changes
        if change.meeting_id is not None
        and (observed := seen.meetings.get(change.meeting_id)) is not None
        and may_lose(change, observed)
    )
    return list(dict.fromkeys(ids))


def registration_on(observed: ObservedMeeting) -> bool | None:
    """Whether people can have registered; None where the meeting was not read in full."""
    if observed.settings is None:
        return None
    return bool(observed.settings.get("approval_type", WITHOUT) != WITHOUT)


def refusal(key: str, losses: Sequence[Loss], also: str | None = None) -> Phrase:
    """Why something is not done, in words; `also` is another option that it needs."""
    needs = Phrase("needs --allow-loss {session}", session=key)
    if also is not None:
        needs = Phrase("needs {option} and --allow-loss {session}", option=also, session=key)
    return then(joined(loss.told for loss in losses), needs)


def accepted(change: Change) -> dict[str, int | None]:
    """What was accepted by name, for whoever carries it out."""
    counts: dict[str, int | None] = {}
    for loss in change.losses:
        before = counts.get(str(loss.what), 0)
        counts[str(loss.what)] = None if before is None or loss.count is None else before + loss.count
    return counts


def _takes(field_change: FieldChange, observed: ObservedMeeting) -> bool:
    if field_change.name == APPROVAL:
        return bool(field_change.new == WITHOUT)
    if field_change.name == REGISTRATION:
        return observed.series
    if field_change.name in SWITCHES:
        return field_change.new is False
    if field_change.name in LIST_FIELDS:
        return bool(others(LIST_FIELDS[field_change.name], field_change.old, field_change.new, None))
    if field_change.name == PASSCODE:
        return field_change.cause is Cause.PROGRAMME
    return field_change.name in (RECURRENCE, OCCURRENCES) or (field_change.name in TIME_FIELDS and observed.series)


def _with_fields(
    fields: Sequence[FieldChange], want: DesiredMeeting | None, link: Link | None, observed: ObservedMeeting,
    attached: Attached, now: datetime,
) -> Iterator[Loss]:  # fmt: skip
    """What an update, or bringing an adopted meeting up to the programme, takes."""
    names = {field.name for field in fields if _takes(field, observed)}
    times = tuple(field.name for field in fields if field.name in TIME_FIELDS)
    dropping = [name for name in (APPROVAL, REGISTRATION) if name in names]
    if names & TIME_FIELDS:
        missed = _occurrences(want, link, observed, now)
        if missed is not None:
            yield replace(missed, fields=times)
        if _renews_registration(fields, observed):
            dropping += times
    registrants = _registrants(observed, attached)
    if dropping and registrants != 0:
        yield Loss(What.REGISTRANTS, registrants, fields=tuple(dropping))
    yield from _from_lists([field for field in fields if field.name in names], want, link, observed)
    if PASSCODE in names:
        yield Loss(What.PASSCODE, 1, fields=(PASSCODE,))


def _from_lists(
    fields: Sequence[FieldChange], want: DesiredMeeting | None, link: Link | None, observed: ObservedMeeting
) -> Iterator[Loss]:
    """What others added to lists that are switched off, or that are to be exact."""
    sent = sent_before(link).settings if link is not None else {}
    for field in fields:
        if field.name in SWITCHES:
            path = SWITCHES[field.name]
            count = None if observed.settings is None else len(_theirs(path, observed, want, link))
            if count != 0:
                yield Loss(What.ADDITIONS, count, fields=(field.name, f"settings.{path}"))
        elif field.name in LIST_FIELDS:
            path = LIST_FIELDS[field.name]
            if lost := others(path, field.old, field.new, sent.get(path)):
                yield Loss(What.ADDITIONS, len(lost), fields=(field.name,))


def _with_the_meeting(
    change: Change, want: DesiredMeeting | None, link: Link | None, observed: ObservedMeeting, attached: Attached,
    now: datetime,
) -> Iterator[Loss]:  # fmt: skip
    """What goes with a meeting that is deleted, or replaced by another one."""
    registrants = _registrants(observed, attached)
    if registrants != 0:
        yield Loss(What.REGISTRANTS, registrants)
    arrived = change.action is Action.DELETE and link is None  # made by a creation of ours: so are its times
    missed = _occurrences(None, link, observed, now) if observed.series and not arrived else None
    if missed is not None:
        yield missed
    if observed.kind is Kind.WEBINAR:
        panelists = _panelists(change, link, attached)
        if panelists != 0:
            yield Loss(What.PANELISTS, panelists)
    if change.action is Action.REPLACE:
        lost = [len(_theirs(path, observed, want, link)) for path in PEOPLE]
        count = None if observed.settings is None else sum(lost)
        if count != 0:
            yield Loss(What.ADDITIONS, count)


def _registrants(observed: ObservedMeeting, attached: Attached) -> int | None:
    return 0 if registration_on(observed) is False else attached.registrants


def _panelists(change: Change, link: Link | None, attached: Attached) -> int | None:
    """The panelists who lose their place: with a new webinar those whom we added get theirs again."""
    if attached.panelists is None:
        return None
    added = {key for key, standing in (link.panelists if link else {}).items() if standing is not Standing.FOUND}
    return len(attached.panelists - (added if change.action is Action.REPLACE else set()))


def _occurrences(
    want: DesiredMeeting | None, link: Link | None, observed: ObservedMeeting, now: datetime
) -> Loss | None:
    """The times to come that others gave a series and that it would have no more.

    Those that we gave it ourselves are the programme's to move and to drop.
    """
    if not observed.series:
        return None
    if not observed.deep:
        return Loss(What.OCCURRENCES, None)
    mine = _mine(link)
    moments = want.fields.occurrences or (want.fields.start,) if want is not None else ()
    to_come = [start for start in observed.occurrences if start > now]
    theirs = [start for start in to_come if start not in mine and start not in moments]
    fewer = len(to_come) - sum(1 for start in moments if start > now)  # as many as before were moved, not lost
    lost = min(len(theirs), fewer)
    return Loss(What.OCCURRENCES, lost, len(to_come)) if lost > 0 else None


def _mine(link: Link | None) -> set[datetime]:
    """The times that we last sent; of an adopted meeting it is not known which of them came from us."""
    if link is None or link.origin is not Origin.CREATED:
        return set()
    if link.learned is None:
        return {*(link.applied.occurrences or (link.applied.start,))}
    known = (link.learned[name].sent for name in ("start_time", OCCURRENCES) if name in link.learned)
    values = [value for sent in known for value in (sent if isinstance(sent, (list, tuple)) else [sent])]
    mine = {datetime.fromisoformat(value) for value in values if isinstance(value, str)}
    rule = link.learned[RECURRENCE].sent if RECURRENCE in link.learned else None
    # Once the programme wants no series any more, only the rule that we sent for one is still known.
    return (
        mine | set(link.applied.occurrences) if isinstance(rule, Mapping) and OCCURRENCES not in link.learned else mine
    )


def _renews_registration(fields: Sequence[FieldChange], observed: ObservedMeeting) -> bool:
    """Whether new times drop who registered: a meeting becomes a series or none, or occurrences are made anew."""
    rule = next((field for field in fields if field.name == RECURRENCE), None)
    if rule is not None and (rule.new is None or not observed.series):
        return True
    chosen = (observed.settings or {}).get("registration_type")
    return observed.series and (not observed.deep or chosen in PER_OCCURRENCE)


def _theirs(path: str, observed: ObservedMeeting, want: DesiredMeeting | None, link: Link | None) -> list[object]:
    value = want.fields.settings.get(path) if want is not None else None
    sent = sent_before(link).settings.get(path) if link is not None else None
    return others(path, (observed.settings or {}).get(path), value, sent)


def _held(change: Change, losses: tuple[Loss, ...], also: str | None) -> Iterator[Change | HeldBack]:
    """The change without the fields that take something, and those held back; all of it where it cannot be parted.

    `also` is the other option that it needs, if it needs one.
    """
    needs = f"{also} --allow-loss {change.key}" if also else f"--allow-loss {change.key}"
    taking = {name for loss in losses for name in loss.fields}
    series = change.action in (Action.ADOPT, Action.MOVE) and any(loss.what is What.OCCURRENCES for loss in losses)
    if not taking or series:  # a title of one evening has no place on all of somebody's series either
        yield HeldBack(replace(change, losses=losses), refusal(change.key, losses, also), needs=needs)
        return
    kept = tuple(field for field in change.fields if field.name not in taking)
    lost = tuple(field for field in change.fields if field.name in taking)
    if change.action in (Action.ADOPT, Action.MOVE):
        yield replace(change, fields=kept)
    elif kept:
        yield replace(change, fields=kept, reason=why_update(kept))
    part = replace(change, action=Action.UPDATE, fields=lost, reason=why_update(lost), losses=losses)
    yield HeldBack(part, refusal(change.key, losses), needs=needs)


def _also_needs(change: Change, policy: Policy, retired: Collection[str]) -> str | None:
    if change.action is Action.REPLACE and not policy.allow_replace:
        return "--allow-replace"
    unnamed = change.action is Action.DELETE and not policy.allow_delete and change.meeting_id not in retired
    return "--allow-delete" if unnamed else None

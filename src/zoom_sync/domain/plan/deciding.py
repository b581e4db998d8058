"""The decision table: for every meeting, what is to be done and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from zoom_sync.domain.hosts import Assignment, Host, HostBook
from zoom_sync.domain.meeting import (
    TIME_FIELDS,
    DesiredMeeting,
    FieldChange,
    Intent,
    Link,
    ObservedMeeting,
    compared,
    meeting_digest,
)
from zoom_sync.domain.occurrences import current
from zoom_sync.domain.panelists import PANELISTS, change_of
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.domain.plan.allowing import by_budget, by_policy, cost, unused
from zoom_sync.domain.plan.arriving import arrived_for, surplus
from zoom_sync.domain.plan.braking import by_brake
from zoom_sync.domain.plan.calendar import Judging, by_calendar, calendars_now
from zoom_sync.domain.plan.comparing import by_drift, compare, drifts_of, why_update
from zoom_sync.domain.plan.doubling import by_doubles
from zoom_sync.domain.plan.effects import by_effects
from zoom_sync.domain.plan.freezing import by_freeze
from zoom_sync.domain.plan.hosting import assign_hosts, other_host
from zoom_sync.domain.plan.learning import learn, put_back
from zoom_sync.domain.plan.linking import (
    converted,
    holder_of,
    moves,
    named_unreadable,
    other_kind,
    readable,
    taken_over,
    unreadable,
    why_converted,
    without_time,
)
from zoom_sync.domain.plan.values import Action, Change, HeldBack, Known, Observation, Plan, Policy

NO_LONGER = Phrase("its session is no longer in the programme")


def make_plan(
    event: str,
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    hosts: Sequence[Host],
    policy: Policy,
    now: datetime,
    zone: tzinfo = UTC,
    users: Sequence[Host] = (),
    left_out: Sequence[HeldBack] = (),
) -> Plan:
    """Decide what to do for every meeting. Times that a person has to act on are told in `zone`.

    `hosts` may be given new meetings; `users` are all who may hold some already. `left_out` are sessions that cannot be
    planned for: they are not among `desired`, and keep what they have.

    1. Linked meetings are compared with what Zoom shows; unlinked ones are resumed, adopted or given a host.
    2. What was linked for sessions that are gone from the programme, or was replaced, is to be deleted.
    3. What takes something from people is split off and held back, unless the policy names the session.
    4. What changes many sessions at once is held back as one, unless the policy allows it.
    5. What somebody edited on Zoom is put back, kept or asked about, as the policy says for each field.
    6. The policy holds back what nobody asked for by name, a second meeting beside one that is there among it, and
       all of it while the event is frozen.
    7. What would give a host more than he can hold is held back, or given to another one.
    8. What the hosts' daily limit does not cover today is carried over.
    """
    book = HostBook(hosts)
    calendars = calendars_now(desired, known, seen)
    assignment = assign_hosts(desired, known, seen, hosts, book, calendars, policy, now, zone)
    moved, notes = moves(desired, known, seen, now)
    decided: list[Change | HeldBack | None] = [*left_out, *moved.values()]
    for want in desired:
        if isinstance(moved.get(want.key), Change) and policy.allow_replace:
            continue  # as long as that is not allowed, the meeting that people know is kept right
        decided += _parts(want, _decide(want, known, seen, book, assignment, now), now)
        decided.append(without_time(want, known.links.get(want.key), seen, now))
    unplanned = frozenset(held.change.key for held in left_out)
    decided += _leftovers(desired, known, seen, now, unplanned)
    decided += surplus({want.key: want for want in desired}, known, seen, book, now, unplanned)
    desired_as = {want.key: meeting_digest(want) for want in desired}
    wanted = by_effects([item for item in decided if item is not None], desired, known, seen, policy, now)
    wanted = [_knowing(item, desired_as) for item in wanted]
    moving, brake = by_brake(wanted, desired, known, policy, now)
    changes, held = by_drift(moving, policy, now)
    allowed, refused = by_policy(changes, policy, unused(known, seen))
    by_id = {host.id: host for host in (*users, *hosts)}
    wants = {want.key: want for want in desired}
    if not policy.allow_double:
        allowed, doubles = by_doubles(allowed, wants, known, seen, by_id)
        refused += doubles
    allowed, frozen = by_freeze(allowed, policy)
    refused += frozen
    starts = {want.key: want.fields.start for want in desired}
    allowed.sort(key=lambda change: (starts.get(change.key, now), change.key))
    judging = Judging(wants, seen, hosts, by_id, policy, zone, _with_host)
    allowed, too_much = by_calendar(allowed, calendars, judging)
    today, later = by_budget(allowed, hosts, known.writes_today, now, policy.kept_for_programme, zone)
    lessons = learn(desired, known, seen, now, put_back(today))
    held += lessons.held_back
    calls, writes = cost(today)
    touched = {change.key for change in (*changes, *(item.change for item in held)) if change.action != Action.DELETE}
    unchanged = sum(1 for want in desired if want.key not in touched)
    return Plan(
        event,
        tuple(today),
        (*held, *refused, *too_much, *later),
        unchanged,
        calls,
        writes,
        drifts_of(wanted, policy.drift),
        (*notes, *lessons.notes),
        lessons.links,
        lessons.rows,
        brake=brake,
        frozen_until=policy.frozen_until if frozen or (brake and not brake.released) else None,
    )


def _knowing(item: Change | HeldBack, digests: Mapping[str, str]) -> Change | HeldBack:
    """The item with what stands for the meeting that its session wants."""
    if isinstance(item, HeldBack):
        return replace(item, change=replace(item.change, wanted=digests.get(item.change.key, "")))
    return replace(item, wanted=digests.get(item.key, ""))


def _decide(
    want: DesiredMeeting, known: Known, seen: Observation, book: HostBook, assignment: Assignment, now: datetime
) -> Change | HeldBack | None:
    link = known.links.get(want.key)
    arrived = arrived_for(want, known, seen, book)
    if arrived is not None:
        reason = Phrase("Zoom carried out a creation late that had been given up; its meeting is taken")
        return _may_adopt(taken_over(Action.ADOPT, want, arrived, reason), want, arrived, now)
    if link is None:
        return _decide_unlinked(want, known, seen, assignment, now)
    if want.key in known.intents:
        return None  # a replacement was begun: `_leftovers` looks for it before anything else is decided
    return _decide_linked(want, link, seen, book, assignment, now)


def _decide_linked(
    want: DesiredMeeting, link: Link, seen: Observation, book: HostBook, assignment: Assignment, now: datetime
) -> Change | HeldBack | None:
    observed = seen.meetings.get(link.meeting_id)
    # The session is over: the meeting stays as it was, whatever the programme says now.
    if want.end <= now:
        return _over(want, link, observed, now)
    # Zoom could not be reached about the meeting or its host: nothing is concluded from that.
    if observed is None and link.meeting_id not in seen.missing:
        return unreadable(want.key, link.host_id, link.meeting_id, seen)
    # Somebody deleted it on Zoom: a new one would change the published link.
    if observed is None:
        reason = Phrase("meeting {id} is gone from Zoom; a new one changes the published link", id=link.meeting_id)
        return _replacement(want, link, reason, assignment, now)
    # Somebody converted it on Zoom.
    if observed.kind is not link.kind:
        if observed.kind is want.kind:
            return converted(want, link, observed, now)
        return _replacement(want, link, why_converted(link, observed), assignment, now)
    # Another kind, or another host: Zoom cannot change either, only a new meeting can.
    other = _why_another(want, link, book)
    if other is not None:
        return _replacement(want, link, other, assignment, now)
    fields = _differing(want, link, observed, now)
    # In step.
    if not fields:
        return None
    change = Change(Action.UPDATE, want.key, link.host_id, link.meeting_id, fields, why_update(fields))
    # People are in it.
    if observed.running or want.under_way(now):
        return HeldBack(change, Phrase("the session is under way"), passing=True)
    return change if want.between(now) else _in_time(change, want, now)


def _parts(want: DesiredMeeting, item: Change | HeldBack | None, now: datetime) -> Iterator[Change | HeldBack | None]:
    """Between two evenings of a series everything may be changed but its times: a new rule makes all evenings anew."""
    if not isinstance(item, Change) or item.action is not Action.UPDATE or not want.between(now):
        yield item
        return
    times = tuple(field for field in item.fields if field.name in TIME_FIELDS)
    others = tuple(field for field in item.fields if field.name not in TIME_FIELDS)
    if others:
        yield replace(item, fields=others, reason=why_update(others))
    if times:
        why = Phrase(
            "the series has begun, and Zoom can only move all its evenings at once; move the next ones in Zoom by hand"
        )
        yield HeldBack(replace(item, fields=times, reason=why_update(times)), why)


def _differing(want: DesiredMeeting, link: Link, observed: ObservedMeeting, now: datetime) -> tuple[FieldChange, ...]:
    return readable(compare(want, link, observed, now), observed, series=link.applied.recurrence is not None)


def _over(want: DesiredMeeting, link: Link, observed: ObservedMeeting | None, now: datetime) -> HeldBack | None:
    time = observed.time(now) if observed is not None else None
    if observed is None or time is None or time[0] <= now:
        return None
    change = Change(Action.UPDATE, want.key, link.host_id, link.meeting_id, _differing(want, link, observed, now))
    return HeldBack(change, Phrase("the programme now puts the session in the past; is its date right?"))


def _decide_unlinked(
    want: DesiredMeeting, known: Known, seen: Observation, assignment: Assignment, now: datetime
) -> Change | HeldBack | None:
    intent = known.intents.get(want.key)
    # A run died between "create" and "save": look first, create only if it is not there and still to come.
    if intent is not None and want.fields.start <= now:
        return None  # `_leftovers` looks for it
    if intent is not None:
        reason = Phrase("an earlier run began to create it; looked for on Zoom first")
        fields = _all_new(want, intent.host_id)
        return _in_time(
            Change(Action.CREATE, want.key, intent.host_id, None, fields, reason, bool(want.only_later)), want, now
        )
    if want.known_id is not None:
        return _decide_named(want, want.known_id, known, seen, assignment, now)
    # Nothing yet.
    host_id = assignment.host_of.get(want.key, "")
    reason = Phrase("no meeting yet")
    change = Change(Action.CREATE, want.key, host_id, None, _all_new(want, host_id), reason, bool(want.only_later))
    if want.fields.start > now and not host_id:
        why = assignment.refused.get(want.key, Phrase("no host"))
        return HeldBack(change, why, needs=_overloading(want, assignment))
    return _in_time(change, want, now)


def _decide_named(
    want: DesiredMeeting, named: str, known: Known, seen: Observation, assignment: Assignment, now: datetime
) -> Change | HeldBack:
    """The programme names a meeting, so its link was announced: it is taken over; another is made by name only."""
    holder = holder_of(named, known)
    observed = seen.meetings.get(named)
    # The session was renamed, or two name the same meeting: a meeting belongs to one session.
    if holder is not None:
        why = Phrase(
            "the meeting is session {session!r}'s; was this session's key another one before?", session=holder.key
        )
        return HeldBack(Change(Action.ADOPT, want.key, holder.host_id, named), why)
    if observed is not None and observed.kind is want.kind:
        reason = Phrase("the programme names this meeting and it is on the account")
        return _may_adopt(taken_over(Action.ADOPT, want, observed, reason), want, observed, now)
    if observed is None and want.fields.start <= now:
        why = Phrase("the session's start is past; `zoom-sync adopt` links the meeting as it is")
        return HeldBack(Change(Action.ADOPT, want.key, "", named), why)
    if observed is None and named not in seen.missing:
        return named_unreadable(want, named, seen)
    host_id = assignment.host_of.get(want.key, "")
    reason = Phrase(
        "meeting {id}, which the programme names, is not on this account; correct the ID, or let a new one be made",
        id=named,
    )
    if observed is not None:
        reason = other_kind(observed)
    change = Change(Action.REPLACE, want.key, host_id, named, _all_new(want, host_id), reason, bool(want.only_later))
    if want.fields.start > now and not host_id:
        return HeldBack(change, assignment.refused.get(want.key, Phrase("no host")))
    return _in_time(change, want, now)


def _may_adopt(change: Change, want: DesiredMeeting, announced: ObservedMeeting, now: datetime) -> Change | HeldBack:
    # People are in it.
    if change.fields and announced.running:
        return HeldBack(change, Phrase("the meeting is under way"), passing=True)
    if want.fields.start <= now:
        why = Phrase("the session's start is past; `zoom-sync adopt` links the meeting as it is")
        return HeldBack(change, why)
    return change


def _in_time(change: Change, want: DesiredMeeting, now: datetime) -> Change | HeldBack:
    # "If the value is missing or in the past, the meeting starts at the current time": it would be held at a wrong one.
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
    if want.fields.start <= now:
        return HeldBack(change, Phrase("the session's start is past; Zoom would put it at the current time"))
    return change


def _replacement(
    want: DesiredMeeting, link: Link, reason: Phrase, assignment: Assignment, now: datetime
) -> Change | HeldBack:
    host_id = assignment.host_of.get(want.key, link.host_id)
    fields = _all_new(want, host_id)
    change = Change(Action.REPLACE, want.key, host_id, link.meeting_id, fields, reason, bool(want.only_later))
    if want.key in assignment.refused:
        return HeldBack(change, assignment.refused[want.key], needs=_overloading(want, assignment))
    return _in_time(change, want, now)


def _overloading(want: DesiredMeeting, assignment: Assignment) -> str | None:
    """The option that gives a session a host who is taken, where one could hold it."""
    return f"--allow-overload {want.key}" if want.key in assignment.crowded else None


def _with_host(want: DesiredMeeting, change: Change, host: Host) -> Change:
    """The same with another host; a meeting that is there cannot change hosts and is replaced."""
    fields, twice = _all_new(want, host.id), bool(want.only_later)
    if change.action is not Action.UPDATE:
        return replace(change, host_id=host.id, fields=fields, twice=twice)
    reason = then(
        change.reason,
        Phrase("its host is taken at that time, and host {host} is free; the link changes", host=host.name),
    )
    return Change(Action.REPLACE, want.key, host.id, change.meeting_id, fields, reason, twice)


def _why_another(want: DesiredMeeting, link: Link, book: HostBook) -> Phrase | None:
    """Why the session cannot keep the meeting it has."""
    if want.kind != link.kind:
        return Phrase(
            "a {kind} cannot become a {wanted}; a new one changes the published link", kind=link.kind, wanted=want.kind
        )
    named = other_host(want, link, book)
    if named is not None:
        return Phrase(
            "the programme names host {host}; a meeting cannot change hosts, a new one changes the link",
            host=named.name,
        )
    return None


def _all_new(want: DesiredMeeting, host_id: str) -> tuple[FieldChange, ...]:
    fields = tuple(FieldChange(name, None, value) for name, value in compared(want.fields).items())
    return fields + _new_panelists(want, host_id)


def _new_panelists(want: DesiredMeeting, host_id: str) -> tuple[FieldChange, ...]:
    """The panelists of a webinar that nobody was added to by us."""
    change = change_of(want.panelists_beside(host_id), {}, ())
    return (FieldChange(PANELISTS, None, change),) if change.added else ()


def _look_for(intent: Intent) -> Change:
    reason = Phrase("an earlier run may have created a meeting; it is looked for, so that none is forgotten")
    return Change(Action.ADOPT, intent.key, intent.host_id, None, (), reason)


def _leftovers(
    desired: Sequence[DesiredMeeting], known: Known, seen: Observation, now: datetime, left_out: frozenset[str]
) -> Iterator[Change | HeldBack | None]:
    owners = {member: want.key for want in desired for member in want.members}
    for key in sorted(set(known.links) - {want.key for want in desired} - left_out):
        why = NO_LONGER
        if key in owners:
            why = Phrase("its session is held in the meeting of {session!r} now", session=owners[key])
        yield _delete(known.links[key], seen, now, why)
    to_come = {want.key for want in desired if want.fields.start > now}
    for intent in known.intents.values():
        if intent.key not in to_come or intent.key in known.links:
            yield _look_for(intent)
    for link in known.retired:
        why = Phrase("it was replaced by another meeting")
        if link.meeting_id in known.left:
            why = Phrase("its session was moved to another meeting; people may still hold the link of this one")
        yield _delete(link, seen, now, why)


def _delete(link: Link, seen: Observation, now: datetime, reason: Phrase) -> Change | HeldBack | None:
    observed = seen.meetings.get(link.meeting_id)
    change = Change(Action.DELETE, link.key, link.host_id, link.meeting_id, (), reason)
    start, end = (observed.time(now) if observed is not None else None) or current(link.applied.spans, now)
    # Past meetings are what reports are about.
    if end <= now:
        return None
    # It cannot be read, so it would not be deleted either: until then it is there, and takes its host's time.
    if observed is None and link.meeting_id in seen.failures:
        return replace(unreadable(link.key, link.host_id, link.meeting_id, seen), change=change)
    if observed is not None and (observed.running or start <= now):
        return HeldBack(change, Phrase("the meeting is under way"), passing=True)
    return change

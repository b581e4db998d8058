"""The plan: what must change on Zoom so that it shows the programme. One pure function with a decision table.

Three inputs: what is desired, what we linked before, what Zoom shows now. The plan is whole before anything acts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from zoom_sync.domain.hosts import WRITES_PER_DAY, Assignment, Host, HostBook, Span, Wanted, assign, next_utc_day
from zoom_sync.domain.meeting import (
    DesiredMeeting,
    FieldChange,
    Intent,
    Link,
    ObservedMeeting,
    believed_fields,
    compared,
    differences,
)

PASSCODE = "passcode"
ADDRESS = re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+")


class Action(StrEnum):
    """What is done for one meeting."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do. `fields` holds what will be written; a passcode in it reads `***`."""

    action: Action
    key: str
    host_id: str
    meeting_id: str | None = None
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""

    @property
    def writes(self) -> int:
        """How many of the host's daily creates and updates it spends. A delete spends none."""
        return int(self.action in (Action.CREATE, Action.UPDATE, Action.REPLACE) or bool(self.fields))


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A change that is not done, why, and when it will be done by itself (None: not before somebody acts)."""

    change: Change
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in the order they are carried out, what is held back, and what it all costs."""

    event: str
    changes: tuple[Change, ...]
    held_back: tuple[HeldBack, ...]
    unchanged: int
    calls: Mapping[str, int]
    writes_by_host: Mapping[str, int]

    @property
    def digest(self) -> str:
        """Sixteen hex digits that stand for exactly these changes; time and cost do not enter."""
        told = hashlib.sha256(json.dumps(self.event).encode())
        for change in self.changes:
            told.update(json.dumps(change_json(change, masked=False), sort_keys=True).encode())
        return told.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a plan may do without being asked again."""

    allow_replace: bool = False
    allow_delete: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows: links by key, creations that were begun by key, replaced meetings still to be deleted.

    `writes_today` counts each host's creates and updates of the running UTC day.
    """

    links: Mapping[str, Link] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    retired: tuple[Link, ...] = ()
    writes_today: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observation:
    """What Zoom shows: meetings by id, and the ids that were looked for twice and are not there.

    `unread` maps a host whose meetings could not be listed to why; `gone` are those of them who are no users any more.
    """

    meetings: Mapping[str, ObservedMeeting] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


def make_plan(
    event: str,
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    hosts: Sequence[Host],
    policy: Policy,
    now: datetime,
) -> Plan:
    """Decide what to do for every meeting.

    1. Linked meetings are compared with what Zoom shows; unlinked ones are resumed, adopted or given a host.
    2. What was linked for sessions that are gone from the programme, or was replaced, is to be deleted.
    3. The policy holds back what nobody asked for by name.
    4. What the hosts' daily limit does not cover today is carried over.
    """
    book = HostBook(hosts)
    assignment = _assign_hosts(desired, known, seen, hosts, book, now)
    decided = [_decide(want, known, seen, book, assignment, now) for want in desired]
    decided += _leftovers(desired, known, seen, now)
    wanted = [item for item in decided if item is not None]
    changes = [item for item in wanted if isinstance(item, Change)]
    held = [item for item in wanted if isinstance(item, HeldBack)]
    allowed, refused = _filter(changes, policy, frozenset(link.meeting_id for link in known.retired))
    starts = {want.key: want.fields.start for want in desired}
    allowed.sort(key=lambda change: (starts.get(change.key, now), change.key))
    today, later = _fit_budget(allowed, hosts, known.writes_today, now)
    calls, writes = _cost(today)
    touched = {change.key for change in (*changes, *(item.change for item in held)) if change.action != Action.DELETE}
    unchanged = sum(1 for want in desired if want.key not in touched)
    return Plan(event, tuple(today), (*held, *refused, *later), unchanged, calls, writes)


def _decide(
    want: DesiredMeeting, known: Known, seen: Observation, book: HostBook, assignment: Assignment, now: datetime
) -> Change | HeldBack | None:
    link = known.links.get(want.key)
    if link is None:
        return _decide_unlinked(want, known, seen, assignment, now)
    if want.key in known.intents:
        return None  # a replacement was begun: `_leftovers` looks for it before anything else is decided
    return _decide_linked(want, link, seen, book, assignment, now)


def _decide_linked(
    want: DesiredMeeting, link: Link, seen: Observation, book: HostBook, assignment: Assignment, now: datetime
) -> Change | HeldBack | None:
    observed = seen.meetings.get(link.meeting_id)
    unreadable = seen.unread.get(link.host_id)
    # The session is over: the meeting stays as it was, whatever the programme says now.
    if want.end <= now:
        return _over(want, link, observed, now)
    # Zoom could not be asked about the host: nothing is concluded from that.
    if observed is None and link.meeting_id not in seen.missing:
        change = Change(Action.UPDATE, want.key, link.host_id, link.meeting_id)
        return HeldBack(change, f"the host's meetings could not be read: {unreadable or 'not looked at'}")
    # Somebody deleted it on Zoom: a new one would change the published link.
    # Somebody deleted it on Zoom: a new one would change the published link.
    if observed is None:
        reason = f"meeting {link.meeting_id} is gone from Zoom; a new one changes the published link"
        return _replacement(want, link, reason, assignment, now)
    # Another kind, or another host: Zoom cannot change either, only a new meeting can.
    other = _why_another(want, link, book)
    if other is not None:
        return _replacement(want, link, other, assignment, now)
    fields = _drift(want, link, observed)
    # In step.
    if not fields:
        return None
    change = Change(Action.UPDATE, want.key, link.host_id, link.meeting_id, fields, "differs from the programme")
    # People are in it.
    if observed.running or link_started(want, now):
        return HeldBack(change, "the session is under way")
    return _in_time(change, want, now)


def _over(want: DesiredMeeting, link: Link, observed: ObservedMeeting | None, now: datetime) -> HeldBack | None:
    if observed is None or observed.start is None or observed.start <= now:
        return None
    change = Change(Action.UPDATE, want.key, link.host_id, link.meeting_id, _drift(want, link, observed))
    return HeldBack(change, "the programme now puts the session in the past; is its date right?")


def _decide_unlinked(
    want: DesiredMeeting, known: Known, seen: Observation, assignment: Assignment, now: datetime
) -> Change | HeldBack | None:
    intent = known.intents.get(want.key)
    fields = _all_new(want)
    # A run died between "create" and "save": look first, create only if it is not there and still to come.
    if intent is not None and want.fields.start <= now:
        return None  # `_leftovers` looks for it
    if intent is not None:
        reason = "an earlier run began to create it; looked for on Zoom first"
        return _in_time(Change(Action.CREATE, want.key, intent.host_id, None, fields, reason), want, now)
    # The programme names a meeting that is on the account: take it over, the link stays.
    announced = seen.meetings.get(want.known_id) if want.known_id else None
    if announced is not None:
        changed = differences(want.fields, believed_fields(announced, want.fields))
        reason = "the programme names this meeting and it is on the account"
        change = Change(Action.ADOPT, want.key, announced.host_id, announced.meeting_id, changed, reason)
        return _may_adopt(change, want, known, announced, now)
    # Nothing yet.
    host_id = assignment.host_of.get(want.key, "")
    reason = "no meeting yet"
    if want.known_id:
        reason = f"meeting {want.known_id}, which the programme names, is not with these hosts; see `zoom-sync adopt`"
    change = Change(Action.CREATE, want.key, host_id, None, fields, reason)
    if want.fields.start > now and not host_id:
        return HeldBack(change, assignment.refused.get(want.key, "no host"))
    return _in_time(change, want, now)


def _may_adopt(
    change: Change, want: DesiredMeeting, known: Known, announced: ObservedMeeting, now: datetime
) -> Change | HeldBack:
    others = (*known.links.values(), *known.retired)
    holder = next((link.key for link in others if link.meeting_id == announced.meeting_id), None)
    # The session was renamed, or two name the same meeting: a meeting belongs to one session.
    if holder is not None:
        return HeldBack(change, f"the meeting is session {holder!r}'s; was this session's key another one before?")
    # People are in it.
    if change.fields and announced.running:
        return HeldBack(change, "the meeting is under way")
    if want.fields.start <= now:
        return HeldBack(change, "the session's start is past; `zoom-sync adopt` links the meeting as it is")
    return change


def link_started(want: DesiredMeeting, now: datetime) -> bool:
    """Whether the session has begun and is not over."""
    return want.fields.start <= now < want.end


def _in_time(change: Change, want: DesiredMeeting, now: datetime) -> Change | HeldBack:
    # "If the value is missing or in the past, the meeting starts at the current time": it would be held at a wrong one.
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
    if want.fields.start <= now:
        return HeldBack(change, "the session's start is past; Zoom would put it at the current time")
    return change


def _replacement(
    want: DesiredMeeting, link: Link, reason: str, assignment: Assignment, now: datetime
) -> Change | HeldBack:
    host_id = assignment.host_of.get(want.key, link.host_id)
    change = Change(Action.REPLACE, want.key, host_id, link.meeting_id, _all_new(want), reason)
    if want.key in assignment.refused:
        return HeldBack(change, assignment.refused[want.key])
    return _in_time(change, want, now)


def _why_another(want: DesiredMeeting, link: Link, book: HostBook) -> str | None:
    """Why the session cannot keep the meeting it has."""
    if want.kind != link.kind:
        return f"a {link.kind} cannot become a {want.kind}; a new one changes the published link"
    named = _other_host(want, link, book)
    if named is not None:
        return f"the programme names host {named.name}; a meeting cannot change hosts, a new one changes the link"
    return None


def _other_host(want: DesiredMeeting, link: Link, book: HostBook) -> Host | None:
    """The host that the programme names, where the meeting is with another one."""
    named = book.find(want.host)
    return None if named is None or named.id == link.host_id else named


def _drift(want: DesiredMeeting, link: Link, observed: ObservedMeeting) -> tuple[FieldChange, ...]:
    fields = differences(want.fields, believed_fields(observed, link.applied))
    # "Changing the passcode changes join_url" (https://github.com/indico/indico-plugins, vc_zoom 2.3b2): a list row
    # whose link is another tells that somebody changed the passcode that was announced.
    changed = observed.passcode != link.passcode if observed.passcode else observed.join_url != link.join_url
    if changed:
        fields += (FieldChange(PASSCODE, "***", "***"),)
    return fields


def _all_new(want: DesiredMeeting) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, None, value) for name, value in compared(want.fields).items())


def _look_for(intent: Intent) -> Change:
    reason = "an earlier run may have created a meeting; it is looked for, so that none is forgotten"
    return Change(Action.ADOPT, intent.key, intent.host_id, None, (), reason)


def _gone(desired: Sequence[DesiredMeeting], known: Known) -> set[str]:
    return set(known.links) - {want.key for want in desired}


def _leftovers(
    desired: Sequence[DesiredMeeting], known: Known, seen: Observation, now: datetime
) -> Iterator[Change | HeldBack | None]:
    for key in sorted(_gone(desired, known)):
        yield _delete(known.links[key], seen, now, "its session is no longer in the programme")
    to_come = {want.key for want in desired if want.fields.start > now}
    for intent in known.intents.values():
        if intent.key not in to_come or intent.key in known.links:
            yield _look_for(intent)
    for link in known.retired:
        yield _delete(link, seen, now, "it was replaced by another meeting")


def _delete(link: Link, seen: Observation, now: datetime, reason: str) -> Change | HeldBack | None:
    observed = seen.meetings.get(link.meeting_id)
    change = Change(Action.DELETE, link.key, link.host_id, link.meeting_id, (), reason)
    start, minutes = link.applied.start, link.applied.duration
    if observed is not None and observed.start is not None:
        start, minutes = observed.start, observed.duration
    # Past meetings are what reports are about.
    if start + timedelta(minutes=minutes) <= now:
        return None
    if observed is not None and (observed.running or start <= now):
        return HeldBack(change, "the meeting is under way")
    return change


def _assign_hosts(
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    hosts: Sequence[Host],
    book: HostBook,
    now: datetime,
) -> Assignment:
    readable = [host for host in hosts if host.id not in seen.unread]
    usable = frozenset(host.id for host in readable)
    free = [want for want in desired if want.fields.start > now and _needs_host(want, known, seen, book, usable)]
    if not free:
        return Assignment({}, {})
    begun = Counter(intent.host_id for intent in known.intents.values())
    left = {host.id: host.daily_writes - known.writes_today.get(host.id, 0) - begun[host.id] for host in hosts}
    wanted = [Wanted(want.key, want.fields.start, want.end, want.host) for want in free]
    return assign(wanted, readable, _busy(desired, known, seen), left)


def _needs_host(want: DesiredMeeting, known: Known, seen: Observation, book: HostBook, usable: frozenset[str]) -> bool:
    """Whether a host is to be found: there is no meeting yet, or the next one cannot be with the same host."""
    if want.key in known.intents:
        return False  # it is looked for where it was begun
    link = known.links.get(want.key)
    if link is None:
        return not (want.known_id and want.known_id in seen.meetings)
    lost_with_its_host = link.meeting_id in seen.missing and link.host_id not in usable
    return lost_with_its_host or _other_host(want, link, book) is not None


def _busy(desired: Sequence[DesiredMeeting], known: Known, seen: Observation) -> dict[str, list[Span]]:
    """When each host is taken: by our meetings as the programme wants them, by others as Zoom shows them."""
    busy: dict[str, list[Span]] = {}
    ours = {link.meeting_id for link in known.links.values()}
    for want in desired:
        holder = known.links.get(want.key) or known.intents.get(want.key)
        adopted = seen.meetings.get(want.known_id) if want.known_id and holder is None else None
        host_id = holder.host_id if holder else adopted.host_id if adopted else None
        if adopted is not None:
            ours.add(adopted.meeting_id)
        if host_id is not None:
            busy.setdefault(host_id, []).append((want.fields.start, want.end))
    for meeting in seen.meetings.values():
        if meeting.start is not None and meeting.meeting_id not in ours:
            span = (meeting.start, meeting.start + timedelta(minutes=meeting.duration))
            busy.setdefault(meeting.host_id, []).append(span)
    return busy


def _filter(changes: Iterable[Change], policy: Policy, retired: frozenset[str]) -> tuple[list[Change], list[HeldBack]]:
    allowed: list[Change] = []
    refused: list[HeldBack] = []
    for change in changes:
        if change.action is Action.REPLACE and not policy.allow_replace:
            refused.append(HeldBack(change, "needs --allow-replace: it changes a published link"))
        elif change.action is Action.DELETE and not policy.allow_delete and change.meeting_id not in retired:
            refused.append(HeldBack(change, "needs --allow-delete"))
        else:
            allowed.append(change)
    return allowed, refused


def _fit_budget(
    changes: Iterable[Change], hosts: Sequence[Host], used: Mapping[str, int], now: datetime
) -> tuple[list[Change], list[HeldBack]]:
    left = {host.id: host.daily_writes - used.get(host.id, 0) for host in hosts}
    fits: list[Change] = []
    later: list[HeldBack] = []
    for change in changes:
        # A host who left the pool may hold a meeting of ours yet; Zoom counts his writes all the same.
        remaining = left.get(change.host_id, WRITES_PER_DAY - used.get(change.host_id, 0))
        if change.writes <= remaining or not change.writes:
            left[change.host_id] = remaining - change.writes
            fits.append(change)
        else:
            tomorrow = next_utc_day(now)
            why = f"the host's creates and updates of today are used up; goes on after {tomorrow:%Y-%m-%d %H:%M} UTC"
            later.append(HeldBack(change, why, tomorrow))
    return fits, later


def _cost(changes: Iterable[Change]) -> tuple[dict[str, int], dict[str, int]]:
    calls: Counter[str] = Counter()
    writes: Counter[str] = Counter()
    for change in changes:
        calls["LIGHT"] += _light_calls(change)
        if change.writes:
            writes[change.host_id] += change.writes
    return dict(calls), dict(writes)


def _light_calls(change: Change) -> int:
    """Create, read, update and delete of a meeting are all "Light": https://developers.zoom.us/docs/api/rate-limits/."""
    if change.action is Action.REPLACE:
        return 3  # create the new one, read and delete the old one
    if change.action is Action.DELETE:
        return 2  # read it first: people may be in it
    if change.action is Action.ADOPT:
        return 1 + change.writes
    # A new passcode makes a new link, which has to be read.
    return 2 if any(one.name == PASSCODE for one in change.fields) else 1


def _value_json(value: Any, *, masked: bool = True) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _masked(value) if masked else value


def _masked(value: Any) -> Any:
    """The value with every e-mail address in it replaced."""
    if isinstance(value, str):
        return ADDRESS.sub("***", value)
    if isinstance(value, Mapping):
        return {name: _masked(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(one) for one in value]
    return value


def change_json(change: Change, *, masked: bool = True) -> dict[str, Any]:
    """A change as the plan's JSON tells it. `masked` hides values that hold an e-mail address."""
    return {
        "action": str(change.action),
        "session": change.key,
        "host": change.host_id or None,
        "meeting_id": change.meeting_id,
        "fields": [
            {
                "name": one.name,
                "old": _value_json(one.old, masked=masked),
                "new": _value_json(one.new, masked=masked),
            }
            for one in change.fields
        ],
        "reason": _value_json(change.reason, masked=masked),
    }


def held_back_json(held: HeldBack) -> dict[str, Any]:
    """A change that is held back, as the plan's JSON tells it."""
    until = _value_json(held.until) if held.until else None
    return change_json(held.change) | {"held_back": _masked(held.why), "until": until}


def plan_json(plan: Plan) -> dict[str, Any]:
    """The whole plan as JSON. It holds no passcode, link or e-mail address."""
    return {
        "event": plan.event,
        "digest": plan.digest,
        "changes": [change_json(change) for change in plan.changes],
        "held_back": [held_back_json(held) for held in plan.held_back],
        "unchanged": plan.unchanged,
        "cost": {"calls": dict(plan.calls), "writes_by_host": dict(plan.writes_by_host)},
    }


def only(plan: Plan, keys: frozenset[str]) -> Plan:
    """The same plan for the named sessions only."""
    return replace(plan, changes=tuple(change for change in plan.changes if change.key in keys))

"""What every host holds now and would hold after a plan's changes; what would be too much for one is held back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from zoom_sync.domain.hosts import Calendars, Held, Host, Overload, Span, overload, say_overload
from zoom_sync.domain.meeting import (
    OCCURRENCES,
    RECURRENCE,
    TIME_FIELDS,
    DesiredMeeting,
    Link,
    ObservedMeeting,
    clean,
)
from zoom_sync.domain.occurrences import current, merged
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.domain.plan.comparing import why_update
from zoom_sync.domain.plan.values import Action, Change, Failure, HeldBack, Known, Observation, Policy
from zoom_sync.domain.programme import Kind

WHEN_HELD = frozenset({"start_time", "duration", RECURRENCE, OCCURRENCES})


@dataclass(frozen=True, slots=True)
class Judging:
    """What a plan's changes are judged by. `made` makes the creation or replacement of a session with another host."""

    wants: Mapping[str, DesiredMeeting]
    seen: Observation
    hosts: Sequence[Host]
    users: Mapping[str, Host]
    policy: Policy
    zone: tzinfo
    made: Callable[[DesiredMeeting, Change, Host], Change]


def session_name(key: str, event: str = "") -> Phrase:
    """What a session is called where it stands in a host's calendar; `event` where it is another one's."""
    if event:
        return Phrase("session {session} of event {event}", session=key, event=event)
    return Phrase("session {session}", session=key)


def in_the_making(key: str, event: str = "") -> str:
    """The id, in a calendar, of a session's meeting that is not there yet."""
    return f"{event}/{key}"


def calendars_now(desired: Sequence[DesiredMeeting], known: Known, seen: Observation) -> Calendars:
    """What the hosts hold: what Zoom shows, what the store knows of all events, and creations in doubt."""
    calendars = Calendars()
    for other in known.elsewhere:
        calendars.put(other)
    for link in (*known.links.values(), *known.retired):
        if link.meeting_id not in seen.missing:
            calendars.put(_of_link(link, seen.failures.get(link.meeting_id)))
    for meeting in seen.meetings.values():
        held = calendars.held.get(meeting.meeting_id)
        if meeting.spans:
            calendars.put(_as_shown(meeting, held))
        elif held is not None:
            calendars.put(replace(held, host_id=meeting.host_id))
    wants = {want.key: want for want in desired}
    for key, link in known.links.items():
        held, want = calendars.held.get(link.meeting_id), wants.get(key)
        if held is not None and want is not None and held.spans == want.fields.spans:
            calendars.put(replace(held, spans=want.spans))  # between two sessions of a day its host is free
    _put_intents(calendars, wants, known, seen)
    return calendars


def _put_intents(calendars: Calendars, wants: Mapping[str, DesiredMeeting], known: Known, seen: Observation) -> None:
    begun = {
        key: Held(in_the_making(key), intent.host_id, intent.kind, intent.spans, session_name(key), intent.topic)
        for key, intent in known.intents.items()
    }
    in_doubt = [*begun.values(), *(held for held in known.elsewhere if held.topic)]
    if in_doubt:
        unlinked = [seen.meetings[meeting_id] for meeting_id in seen.meetings.keys() - known.linked_ids]
        for meeting_id in _made_already(in_doubt, unlinked):
            del calendars.held[meeting_id]
    for key, held in begun.items():
        calendars.put(replace(held, spans=wants[key].spans) if key in wants else held)


def _made_already(in_doubt: Sequence[Held], unlinked: Sequence[ObservedMeeting]) -> Iterator[str]:
    """The meetings that creations in doubt have probably become: their hosts hold each of these once, not twice."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for meeting in sorted(unlinked, key=lambda meeting: meeting.meeting_id, reverse=True):
        if meeting.spans:
            look = (meeting.host_id, meeting.kind, clean(meeting.topic), meeting.spans)
            alike.setdefault(look, []).append(meeting.meeting_id)
    for held in in_doubt:
        if left := alike.get((held.host_id, held.kind, clean(held.topic), tuple(held.spans))):
            yield left.pop()


def _of_link(link: Link, failure: Failure | None) -> Held:
    kind = link.kind
    if failure is not None and failure.other_kind:  # a webinar takes all of its host, whether it can be read or not
        kind = Kind.MEETING if kind is Kind.WEBINAR else Kind.WEBINAR
    return Held(link.meeting_id, link.host_id, kind, link.applied.spans, session_name(link.key))


def _as_shown(meeting: ObservedMeeting, held: Held | None) -> Held:
    name = Phrase("meeting {id}, which others made", id=meeting.meeting_id) if held is None else held.name
    spans = meeting.spans
    if held is not None and meeting.series and not meeting.occurrences:
        spans = tuple(sorted({*spans, *held.spans}))  # a row of a list tells only when a series comes next
    return Held(meeting.meeting_id, meeting.host_id, meeting.kind, spans, name)


def hoped(
    calendars: Calendars,
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    policy: Policy,
    now: datetime,
    *,
    cautious: bool,
) -> Calendars:
    """What the hosts hold once linked meetings are as the programme wants them, and what shall go is gone.

    `cautious`: a meeting that is to be moved counts where it is, too, for moving it may be held back.
    """
    coming = calendars.copy()
    wants = {want.key: want for want in desired}
    for want in desired:
        link = known.links.get(want.key)
        announced = seen.meetings.get(want.known_id) if want.known_id and want.key not in known.intents else None
        meeting_id = link.meeting_id if link is not None else announced.meeting_id if announced is not None else None
        held = coming.held.get(meeting_id) if meeting_id is not None else None
        if held is not None:
            spans = tuple(sorted({*held.spans, *want.spans})) if cautious else want.spans
            coming.put(replace(held, spans=spans))
        elif link is not None:
            name = session_name(want.key)
            coming.put(Held(in_the_making(want.key), link.host_id, want.kind, want.spans, name))
    gone = [link for key, link in known.links.items() if key not in wants] if policy.allow_delete else []
    for link in (*gone, *known.retired):
        held = coming.held.get(link.meeting_id)
        if held is not None and _may_go(held, seen.meetings.get(link.meeting_id), now):
            del coming.held[link.meeting_id]
    return coming


def _may_go(held: Held, observed: ObservedMeeting | None, now: datetime) -> bool:
    running = observed is not None and observed.running
    return not running and bool(held.spans) and current(held.spans, now)[0] > now


def moves(change: Change) -> bool:
    """Whether a change gives its host something to hold at a time when he did not hold it."""
    if change.action in (Action.CREATE, Action.REPLACE):
        return True
    if change.action in (Action.UPDATE, Action.ADOPT, Action.MOVE) and change.meeting_id is not None:
        return any(field.name in WHEN_HELD for field in change.fields)
    return False


def by_calendar(
    changes: Sequence[Change], calendars: Calendars, judging: Judging
) -> tuple[list[Change], list[HeldBack]]:
    """Hold back what would give a host more than he can hold, and more than he holds already.

    Judged is what all the changes come to together. Of those that are too much for a host the last ones are held back;
    a creation is given to another host where one is free, a published meeting only with --allow-replace.
    """
    base, rest, result = calendars.copy(), [], []
    held: list[HeldBack] = []
    for change in changes:
        want = judging.wants.get(change.key)
        if change.action is Action.DELETE:
            base.held.pop(change.meeting_id or "", None)
        if want is None or not moves(change):
            result.append(change)
        elif (why := judging.seen.unread.get(change.host_id)) is not None:
            result += _without_times(change)
            phrase = Phrase("the host's meetings could not be read: {why}", why=why)
            held.append(HeldBack(_times_of(change), phrase, passing=True))
        elif change.key in judging.policy.allow_overload:
            change = replace(change, overload=True)  # noqa: PLW2901 - the same change, marked
            _do(base, change, want)
            result.append(change)
        else:
            rest.append(change)
    fits, too_much = _fitting(rest, base, judging)
    for change, why in too_much:
        result += _without_times(change)
        held.append(HeldBack(_times_of(change), why, needs=f"--allow-overload {change.key}"))
    order = {change.key: number for number, change in enumerate(changes)}
    return sorted([*result, *fits], key=lambda change: order[change.key]), held


def _fitting(rest: list[Change], base: Calendars, judging: Judging) -> tuple[list[Change], list[tuple[Change, Phrase]]]:
    too_much: list[tuple[Change, Phrase]] = []
    given: set[str] = set()
    while True:
        after = base.copy()
        for change in rest:
            _do(after, change, judging.wants[change.key])
        victims = list(_victims(rest, base, after, judging))
        if not victims:
            return rest, too_much
        for change, over in victims:
            other = None if change.key in given else _elsewhere(change, after, judging)
            at = rest.index(change)
            if other is not None and _may_go_elsewhere(change, judging.policy):
                given.add(change.key)
                rest[at] = judging.made(judging.wants[change.key], change, other)
                _do(after, rest[at], judging.wants[change.key])
            else:
                del rest[at]
                too_much.append((change, _why(change, over, other, judging)))


def _victims(
    rest: Sequence[Change], base: Calendars, after: Calendars, judging: Judging
) -> Iterator[tuple[Change, Overload]]:
    """One change for each host who would hold too much: the last of those that add to it."""
    holds, held = after.by_host(), base.by_host()
    for host_id in sorted({change.host_id for change in rest}):
        host = judging.users.get(host_id)
        over = overload(host, held.get(host_id, ()), holds.get(host_id, ())) if host is not None else None
        if over is None:
            continue
        adding = {one.id for one in over.held if base.held.get(one.id) != one}
        yield next(change for change in reversed(rest) if _id(change) in adding), over


def _id(change: Change) -> str:
    if change.action in (Action.CREATE, Action.REPLACE):
        return in_the_making(change.key)
    return str(change.meeting_id)


def _do(calendars: Calendars, change: Change, want: DesiredMeeting) -> None:
    if change.action is Action.REPLACE:
        calendars.held.pop(str(change.meeting_id), None)
    calendars.put(Held(_id(change), change.host_id, want.kind, want.spans, session_name(want.key)))


def _elsewhere(change: Change, after: Calendars, judging: Judging) -> Host | None:
    """A host who is free then, where the programme does not name one."""
    want = judging.wants[change.key]
    if want.host is not None or change.action in (Action.ADOPT, Action.MOVE):
        return None
    return free_host(want, after, judging, without=change.host_id)


def free_host(want: DesiredMeeting, after: Calendars, judging: Judging, without: str) -> Host | None:
    """The first host, other than `without`, who can hold the meeting beside all that he holds already."""
    for host in judging.hosts:
        if host.id == without or not judging.seen.whole(host.id) or not host.may_hold(want.kind, seats(want)):
            continue
        holds = after.of(host.id)
        new = Held(in_the_making(want.key), host.id, want.kind, want.spans, session_name(want.key))
        if overload(host, holds, [*holds, new]) is None:
            return host
    return None


def seats(want: DesiredMeeting) -> int:
    """How many people a webinar lets in: more than its host's licence takes cannot come."""
    value = want.fields.settings.get("registrants_restrict_number")
    return value if isinstance(value, int) and not isinstance(value, bool) and want.kind is Kind.WEBINAR else 0


def _may_go_elsewhere(change: Change, policy: Policy) -> bool:
    return change.action is Action.CREATE or policy.allow_replace


def _why(change: Change, over: Overload, other: Host | None, judging: Judging) -> Phrase:
    phrase = say_overload(over, judging.zone)
    if other is not None:
        way = Phrase(
            "host {host} is free then: --allow-replace gives the session a new meeting with a new link there; "
            "--allow-overload {session} accepts the overload",
            host=other.name,
            session=change.key,
        )
    else:
        way = Phrase(
            "no other host is free for it: change a time in the programme, or accept the overload with "
            "--allow-overload {session}",
            session=change.key,
        )
    return then(phrase, way)


def _times_of(change: Change) -> Change:
    """The part of an update that moves the meeting; any other change is one whole."""
    names = _moving_names(change)
    if change.action is not Action.UPDATE:
        return change
    times = tuple(field for field in change.fields if field.name in names)
    return replace(change, fields=times, reason=why_update(times))


def _without_times(change: Change) -> list[Change]:
    """What is left of an update when its times are held back."""
    names = _moving_names(change)
    others = tuple(field for field in change.fields if field.name not in names)
    if change.action is not Action.UPDATE or not others:
        return []
    return [replace(change, fields=others, reason=why_update(others))]


def _moving_names(change: Change) -> frozenset[str]:
    series = any(field.name in (RECURRENCE, OCCURRENCES) for field in change.fields)
    return TIME_FIELDS if series else WHEN_HELD


def busy_spans(calendars: Calendars, hosts: Sequence[Host]) -> dict[str, list[Span]]:
    """When each host is taken, without his buffers, as often as what he holds takes of his capacity."""
    by_id = {host.id: host for host in hosts}
    return {
        host_id: [span for one in held for span in _whole(one, by_id.get(host_id))]
        for host_id, held in calendars.by_host().items()
    }


def _whole(held: Held, host: Host | None) -> list[Span]:
    if host is None:
        return list(held.spans)
    gap = host.buffer_before + host.buffer_after
    return [*merged(held.spans, gap)] * host.weight(held.kind)

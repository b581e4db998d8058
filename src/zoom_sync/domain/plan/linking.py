"""Which meeting a session has, where Zoom, the programme and the link do not agree; and what of it can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from zoom_sync.domain.additions import beside_others, fields_with_others
from zoom_sync.domain.meeting import (
    OCCURRENCES,
    RECURRENCE,
    TIME_FIELDS,
    DesiredMeeting,
    FieldChange,
    Link,
    ObservedMeeting,
    believed_fields,
    differences,
)
from zoom_sync.domain.panelists import PANELISTS, change_of
from zoom_sync.domain.phrases import Phrase, joined
from zoom_sync.domain.plan.values import PASSCODE, Action, Change, Failure, HeldBack, Known, Observation

_LOOK = Phrase("look at it in Zoom; the next plan asks again")
_SEE_USER = Phrase("see what Zoom's user management says about this host; the next plan asks again")


def unreadable(key: str, host_id: str, meeting_id: str, seen: Observation) -> HeldBack:
    """Zoom did not show a meeting, and did not say either that it is gone: nothing is concluded from that."""
    failure = seen.failures.get(meeting_id)
    change = Change(Action.UPDATE, key, host_id, meeting_id)
    if failure is not None:
        why = Phrase("meeting {id} could not be read: {why}", id=meeting_id, why=failure.why)
        return HeldBack(change, joined((why, _LOOK)), passing=not failure.lasting)
    reason = seen.unread.get(host_id) or Phrase("not looked at")
    why = Phrase("the host's meetings could not be read: {why}", why=reason)
    if host_id in seen.refused:
        return HeldBack(change, joined((why, _SEE_USER)))
    return HeldBack(change, why, passing=True)


def named_unreadable(want: DesiredMeeting, named: str, seen: Observation) -> HeldBack:
    """The programme names a meeting of which Zoom says neither what it is nor that it is gone."""
    failure = seen.failures.get(named) or Failure(Phrase("not looked at"))
    why = Phrase("meeting {id}, which the programme names, could not be read: {why}", id=named, why=failure.why)
    return HeldBack(Change(Action.ADOPT, want.key, "", named), joined((why, _LOOK)), passing=not failure.lasting)


def taken_over(action: Action, want: DesiredMeeting, observed: ObservedMeeting, reason: Phrase) -> Change:
    """The session gets this existing meeting, and what differs is brought up to the programme."""
    own = beside_others(observed, want, None)
    differing = fields_with_others(differences(want.later, believed_fields(own, want.fields)), want, observed, None)
    fields = readable(differing, observed, series=False)
    panelists = change_of(want.panelists_beside(observed.host_id), {}, ())
    if panelists.added:
        fields += (FieldChange(PANELISTS, None, panelists),)
    return Change(action, want.key, observed.host_id, observed.meeting_id, fields, reason)


def converted(want: DesiredMeeting, link: Link, observed: ObservedMeeting, now: datetime) -> Change | HeldBack:
    """Somebody converted the meeting on Zoom to what the programme wants, too: the link stays and follows."""
    reason = Phrase(
        "meeting {id} was converted on Zoom: it is a {kind} now, as in the programme; its link stays",
        id=link.meeting_id,
        kind=observed.kind,
    )
    change = taken_over(Action.ADOPT, want, observed, reason)
    if observed.running or want.begun(now):
        return HeldBack(change, Phrase("the session is under way"), passing=True)
    return change


def why_converted(link: Link, observed: ObservedMeeting) -> Phrase:
    """What is to be said of a meeting that was converted to what the programme does not want, and the choices."""
    return Phrase(
        "meeting {id} was converted on Zoom: it is a {kind} now, and its link still lets people in; to keep it,"
        " change the session's `kind` in the programme; a new one changes the published link",
        id=link.meeting_id,
        kind=observed.kind,
    )


def holder_of(meeting_id: str, known: Known) -> Link | None:
    """The link to a meeting, of whatever session."""
    links = (*known.links.values(), *known.retired)
    return next((link for link in links if link.meeting_id == meeting_id), None)


def moves(
    desired: Sequence[DesiredMeeting], known: Known, seen: Observation, now: datetime
) -> tuple[dict[str, Change | HeldBack], list[Phrase]]:
    """By session: the programme names another existing meeting than the one it has; and what else is to be said of it.

    A meeting that is named and is not there changes nothing: the session keeps the one it has.
    """
    found: dict[str, Change | HeldBack] = {}
    notes: list[Phrase] = []
    for want in desired:
        link = known.links.get(want.key)
        if link is None or want.known_id in (None, link.meeting_id) or want.end <= now or want.key in known.intents:
            continue
        move = _move(want, link, known, seen, now)
        if isinstance(move, Phrase):
            notes.append(move)
        elif move is not None:
            found[want.key] = move
    return found, notes


def _move(
    want: DesiredMeeting, link: Link, known: Known, seen: Observation, now: datetime
) -> Change | HeldBack | Phrase | None:
    named = want.known_id or ""
    holder = holder_of(named, known)
    if holder is not None and holder.key == want.key:
        return Phrase(
            "session {session!r}: the programme still names meeting {id}, which it had before; it has {other} now",
            session=want.key,
            id=named,
            other=link.meeting_id,
        )
    if holder is not None:
        change = Change(Action.MOVE, want.key, holder.host_id, named)
        return HeldBack(change, Phrase("the meeting is session {session!r}'s", session=holder.key))
    observed = seen.meetings.get(named)
    if observed is None:
        failure = seen.failures.get(named)
        if failure is None and named not in seen.missing:
            return None
        return Phrase(
            "session {session!r} keeps meeting {other}: {id}, which the programme names, {why}",
            session=want.key,
            other=link.meeting_id,
            id=named,
            why=Phrase("could not be read: {why}", why=failure.why) if failure else Phrase("is not on this account"),
        )
    reason = Phrase("the programme names meeting {id}; until now it has {other}", id=named, other=link.meeting_id)
    change = taken_over(Action.MOVE, want, observed, reason)
    if observed.kind is not want.kind:
        return HeldBack(change, other_kind(observed))
    current = seen.meetings.get(link.meeting_id)
    if observed.running or want.begun(now) or (current is not None and current.running):
        return HeldBack(change, Phrase("the session is under way"), passing=True)
    return change


def other_kind(observed: ObservedMeeting) -> Phrase:
    """A meeting that is named is none of the kind that the programme wants."""
    return Phrase(
        "meeting {id}, which the programme names, is a {kind}; to take it over, change the session's"
        " `kind` in the programme",
        id=observed.meeting_id,
        kind=observed.kind,
    )


def readable(fields: Iterable[FieldChange], observed: ObservedMeeting, *, series: bool) -> tuple[FieldChange, ...]:
    """The differences that are known to be some: of what Zoom does not show, nothing follows.

    `series`: the meeting is held several times, as far as we know.
    """
    hidden = set(observed.unread)
    if hidden & {"type", "occurrences", RECURRENCE}:
        hidden |= {RECURRENCE, OCCURRENCES} | (TIME_FIELDS if series else set())
    if "start_time" in hidden or not observed.spans:
        hidden |= TIME_FIELDS
    if observed.passcode is None and "join_url" in hidden:
        hidden.add(PASSCODE)
    return tuple(field for field in fields if field.name not in hidden)


def without_time(want: DesiredMeeting, link: Link | None, seen: Observation, now: datetime) -> HeldBack | None:
    """The session's meeting has no time on Zoom that could be compared: that is told, and all else is compared."""
    observed = seen.meetings.get(link.meeting_id) if link is not None else None
    if link is None or observed is None or observed.spans or want.end <= now:
        return None
    change = Change(Action.UPDATE, want.key, link.host_id, link.meeting_id)
    if "start_time" in observed.unread:
        why = Phrase("Zoom shows no start of meeting {id} that can be read", id=link.meeting_id)
        return HeldBack(change, joined((why, _LOOK)), passing=True)
    why = Phrase(
        "meeting {id} is a room without a fixed time on Zoom; give it the session's time there, or let the programme"
        " name another meeting",
        id=link.meeting_id,
    )
    return HeldBack(change, why)

"""Meetings that Zoom made of creations which were given up: found in the lists that a plan reads anyway.

A request may be carried out later than anybody waits for it. Its passcode is remembered until the event is over, and
every unlinked meeting of its host is read once, to see whether it bears the passcode of one of our creations.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from zoom_sync.domain.meeting import GivenUp, ObservedMeeting, clean
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Observation
from zoom_sync.domain.programme import Programme
from zoom_sync.errors import NotFound, ZoomError
from zoom_sync.service_layer.looking import Lookup, look_up
from zoom_sync.service_layer.ports.events import AttemptStore, LinkStore
from zoom_sync.service_layer.ports.zoom import ZoomReader

# Of the meetings that bear another title than any creation, so many are read in one plan, the next ones in the next.
OTHERS_AT_ONCE = 20

log = logging.getLogger(__name__)


def is_over(programme: Programme, now: datetime) -> bool:
    """Whether nobody uses a meeting any more that arrives now. A programme without sessions may get some."""
    return bool(programme.sessions) and all(session.end <= now for session in programme.sessions)


def note_looked_at(links: AttemptStore, meetings: Sequence[ObservedMeeting], now: datetime) -> None:
    """Commit of meetings that were just read whether a creation of ours made them.

    The marks are read after the meetings: a creation that is begun later cannot have made one that was there before.
    """
    if meetings:
        marks = {mark.passcode: mark for mark in links.marks()}
        links.note_looked_at([(meeting, marks.get(meeting.passcode)) for meeting in meetings if meeting.passcode], now)


def with_arrivals(
    reader: ZoomReader, links: LinkStore, event: str, seen: Observation, now: datetime
) -> tuple[Observation, list[Phrase]]:
    """What Zoom shows, with those meetings in full that the event's given-up creations made; and what that cost.

    One that cannot be read is looked at again with the next plan. Raises ZoomError where that is the account's.
    """
    given_up = links.given_up(None)
    if not given_up:
        return seen, []
    unread = _to_read(seen.meetings.values(), given_up, links)
    answers = [look_up(reader, Lookup(row.meeting_id, row.kind)) for row in unread]
    read = [answer for answer in answers if not isinstance(answer, ZoomError)]
    note_looked_at(links, read, now)
    linked, looked_at = links.linked_ids(), links.looked_at()
    full = {meeting.meeting_id: meeting for meeting in read}
    meetings, arrived, elsewhere = dict(seen.meetings), {}, set()
    for meeting_id, arrival in looked_at.items():
        if arrival is not None and arrival.event != event:
            elsewhere.add(meeting_id)
        if arrival is None or arrival.event != event or meeting_id in linked:
            continue
        meeting = full.get(meeting_id) or look_up(reader, Lookup(meeting_id, arrival.kind))
        if isinstance(meeting, NotFound):
            links.claim(meeting_id)
        elif not isinstance(meeting, ZoomError):
            meetings[meeting_id], arrived[meeting_id] = meeting, arrival.key
    unproven = {meeting_id for meeting_id, arrival in looked_at.items() if arrival is None} - linked
    likely = [meeting for meeting_id, meeting in sorted(seen.meetings.items()) if meeting_id in unproven]
    notes = list(_likely(event, likely, given_up))
    if read:
        log.info("unlinked_meetings_read", extra={"event_key": event, "count": len(read), "arrived": len(arrived)})
        notes.append(
            Phrase(
                "{count} unlinked meetings were read once each, to see whether a creation of ours made them",
                count=len(read),
            )
        )
    return replace(seen, meetings=meetings, arrived=arrived, made_by_us=frozenset(elsewhere)), notes


def _likely(event: str, unproven: Iterable[ObservedMeeting], given_up: Sequence[GivenUp]) -> Iterator[Phrase]:
    """What may have come of a creation though it bears none of our passcodes: the account may give ones of its own.

    That proves too little to link or to delete anything, so people are told of it, until it is linked or gone.
    """
    sessions = {(creation.host_id, creation.kind, creation.topic): creation.key
                for creation in given_up if creation.event == event}  # fmt: skip
    for meeting in unproven:
        key = sessions.get((meeting.host_id, meeting.kind, clean(meeting.topic)))
        if key is not None:
            yield Phrase(
                "meeting {id}, which nothing is linked to, has the title of session {session}, and a creation of that "
                "was given up: if nobody wants it, delete it in Zoom",
                id=meeting.meeting_id,
                session=key,
            )


def _to_read(listed: Iterable[ObservedMeeting], given_up: Sequence[GivenUp], links: LinkStore) -> list[ObservedMeeting]:
    """What was not looked at yet of the creations' hosts: first, and whatever their number, those of the same title."""
    hosts = {(one.host_id, one.kind) for one in given_up}
    titles = {one.topic for one in given_up}
    passed_over = links.linked_ids() | links.looked_at().keys()
    unread = [
        meeting
        for meeting in listed
        if (meeting.host_id, meeting.kind) in hosts and meeting.meeting_id not in passed_over
    ]
    alike = [meeting for meeting in unread if clean(meeting.topic) in titles]
    others = [meeting for meeting in unread if clean(meeting.topic) not in titles]
    others.sort(key=lambda one: (one.start is None, one.meeting_id))
    return alike + others[:OTHERS_AT_ONCE]

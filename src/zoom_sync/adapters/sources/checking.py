"""A reading as plain JSON values, for `check --format json` and whatever else reads them.

Unlike a message, this is the programme itself: it holds the passcodes, as the announcement does.
Imports the domain, `zoom_sync.errors` and this room's values.
"""

from __future__ import annotations

from typing import Any

from zoom_sync.adapters.sources.reading import Reading
from zoom_sync.domain.programme import AgendaItem, Event, Session
from zoom_sync.errors import Problem


def check_json(reading: Reading) -> dict[str, Any]:
    """What was read, what is wrong with it and what is worth a look. With problems there are no sessions."""
    event = reading.programme.event if reading.programme else reading.event
    return {
        "event": _event(event) if event else None,
        "sessions": [_session(session) for session in reading.programme.sessions] if reading.programme else [],
        "problems": [_entry(problem) for problem in reading.problems],
        "notes": [_entry(note) for note in reading.notes],
    }


def _event(event: Event) -> dict[str, str]:
    return {"key": event.key, "title": event.title, "timezone": event.timezone}


def _session(session: Session) -> dict[str, Any]:
    known = session.known
    return {
        "key": session.key,
        "title": session.title,
        "start": session.start.isoformat(),
        "end": session.end.isoformat(),
        "timezone": session.timezone,
        "kind": session.kind.value,
        "items": [_item(item) for item in session.items],
        "meeting_id": known.meeting_id if known else None,
        "passcode": known.passcode.value if known and known.passcode else None,
    } | _told_beside(session)


def _told_beside(session: Session) -> dict[str, Any]:
    """What is told beside the meeting, only where it is told."""
    told = {
        "room": session.room,
        "track": session.track,
        "moderators": list(session.moderators) or None,
        "language": session.language,
        "expected": session.expected,
        "public": None if session.public else False,
        "cancelled": session.cancelled or None,
        "record": session.record,
        "rehearsal_of": session.rehearsal_of,
    }
    return {name: value for name, value in told.items() if value is not None}


def _item(item: AgendaItem) -> dict[str, str]:
    values = {"presenter": item.presenter, "title": item.title}
    values |= {"country": item.country} if item.country else {}
    values |= {"start": item.start.isoformat()} if item.start else {}
    return values | ({"end": item.end.isoformat()} if item.end else {})


def _entry(entry: Problem) -> dict[str, Any]:
    return {"line": entry.line, "message": entry.message}

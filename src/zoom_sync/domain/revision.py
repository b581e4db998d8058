"""How often the world was told anew of a session: a calendar updates its entry only where the number has risen.

https://www.rfc-editor.org/rfc/rfc5545#section-3.8.7.4. The number rises when what a calendar entry says has changed and
at no other time, so that publishing again disturbs nobody. Pure: values in, values out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from zoom_sync.domain.programme import KnownMeeting, Passcode, Programme, Session
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.domain.series import known_meetings, of_meeting


@dataclass(frozen=True, slots=True)
class Revision:
    """What calendars were told of a session last. `start` and `end` are aware, `changed_at` too.

    `shown` tells that its link has been shown once. `called_off`: it has left the programme; then title and times are
    what an entry is told by which is struck out. `uid_key` is the key that calendars know it by, where it was renamed.
    """

    key: str
    title: str
    start: datetime
    end: datetime
    timezone: str
    digest: str
    changed_at: datetime
    sequence: int = 0
    shown: bool = False
    called_off: bool = False
    uid_key: str | None = None


def revised(
    programme: Programme,
    meetings: Mapping[str, PublishedMeeting],
    before: Mapping[str, Revision],
    now: datetime,
    *,
    public: bool,
) -> tuple[Revision, ...]:
    """The revisions that differ from those `before`: new sessions, changed ones, those that have left.

    What is told of a session is compared whole, its link included, whether `public` or not: an announcement with links
    and one without them, published in turns, raise nothing. Showing a link for the first time does.
    """
    return (*_changed(programme, meetings, before, now, public=public), *_gone(programme, before, now))


def _changed(
    programme: Programme,
    meetings: Mapping[str, PublishedMeeting],
    before: Mapping[str, Revision],
    now: datetime,
    *,
    public: bool,
) -> Iterator[Revision]:
    named = known_meetings(programme)
    for session in programme.sessions:
        if not session.announced:
            continue
        meeting, last, known = of_meeting(session, meetings), before.get(session.key), of_meeting(session, named)
        digest, shows = _digest(session, meeting, known), public and not session.cancelled and _lets_in(known, meeting)
        revision = Revision(
            session.key, session.title, session.start, session.end, session.timezone, digest, now, shown=shows
        )
        if last is None:
            yield revision
        elif last.called_off or last.digest != digest or (shows and not last.shown):
            yield replace(revision, sequence=last.sequence + 1, shown=shows or last.shown, uid_key=last.uid_key)


def _lets_in(known: KnownMeeting | None, meeting: PublishedMeeting | None) -> bool:
    return meeting is not None or (known is not None and known.passcode is not None)


def _gone(programme: Programme, before: Mapping[str, Revision], now: datetime) -> Iterator[Revision]:
    there = {session.key for session in programme.sessions if session.announced}
    for last in before.values():
        if last.key not in there and not last.called_off:
            yield replace(last, sequence=last.sequence + 1, changed_at=now, called_off=True)


def _digest(session: Session, meeting: PublishedMeeting | None, known: KnownMeeting | None) -> str:
    """Everything that an entry may say, in one form. A digest, so that no second place holds the passcode."""
    passcode: Passcode | None = meeting.passcode if meeting else known.passcode if known else None
    values: list[object] = [
        session.title,
        session.long_title,
        session.start.astimezone(UTC).isoformat(),
        session.end.astimezone(UTC).isoformat(),
        session.timezone,
        str(session.kind),
        [[item.presenter, item.title] for item in session.items],
        meeting.meeting_id if meeting else known.meeting_id if known else None,
        passcode.value if passcode else None,
        meeting.join_url if meeting else None,
    ]
    # Only where it is told, so that what calendars know already keeps its number.
    more = (session.room, session.track, list(session.moderators), session.language, session.cancelled)
    if any(more):
        values.append(more)
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()

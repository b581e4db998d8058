"""What leaves the house: the meetings of an announcement, what of them may be shown, and the rows of reports.

Values and one rule (what an announcement may show); standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from zoom_sync.domain.programme import Passcode, Programme, Session

Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True, slots=True)
class PublishedMeeting:
    """A session's meeting as people are told of it. `meeting_id` holds digits only; the link lets anybody in."""

    meeting_id: str
    passcode: Passcode
    join_url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnnouncedSession:
    """A session with what may be shown of its meeting; what may not, or is not there, is None. `number` is from 1."""

    number: int
    session: Session
    meeting_id: str | None
    passcode: str | None = field(repr=False)
    join_url: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A programme to be announced, with its meetings by session key.

    Passcodes and join links are shown only where `public` is True: whoever has one can walk in. `published_at` (aware)
    is the moment it is published at; `sequence` counts its revisions from 0, for calendars.
    """

    programme: Programme
    links: Mapping[str, PublishedMeeting]
    published_at: datetime
    public: bool = False
    sequence: int = 0

    def sessions(self) -> tuple[AnnouncedSession, ...]:
        """The sessions by number. Writers see meetings through this alone, so none can show too much."""
        return tuple(self._announced(number, one) for number, one in enumerate(self.programme.sessions, 1))

    def _announced(self, number: int, session: Session) -> AnnouncedSession:
        link, known = self.links.get(session.key), session.known
        passcode = link.passcode if link else known.passcode if known else None
        return AnnouncedSession(
            number,
            session,
            link.meeting_id if link else known.meeting_id if known else None,
            passcode.value if passcode and self.public else None,
            link.join_url if link and self.public else None,
        )


@dataclass(frozen=True, slots=True)
class ReportRow(Generic[Row_co]):
    """One row of a report: the session it is of (its key), the IANA zone its times are told in, and what it tells."""

    session: str
    timezone: str
    value: Row_co

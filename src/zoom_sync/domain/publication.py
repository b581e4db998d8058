"""What leaves the house: announcements, what of their meetings may be shown, and the rows of reports.

Values and two rules (what an announcement may show, in which zones it tells its times); no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from zoom_sync.domain.programme import KnownMeeting, Programme, Session
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.domain.revision import Revision
from zoom_sync.domain.series import known_meetings, of_meeting
from zoom_sync.domain.validate import zone_flaw
from zoom_sync.errors import Problem, UserError

MOST_ZONES = 3

Row_co = TypeVar("Row_co", covariant=True)


class Language(StrEnum):
    """A language that announcements are written in."""

    ENGLISH = "en"
    CHINESE = "zh"


class SpreadsheetLanguage(StrEnum):
    """The language of a spreadsheet program, by which it reads numbers and separators of a CSV file."""

    ENGLISH = "en"
    GERMAN = "de"
    CHINESE = "zh"


def further_zones(names: Iterable[str]) -> tuple[str, ...]:
    """The zones that times are told in besides the event's own, each once. Raises UserError with all that is wrong."""
    zones = tuple(dict.fromkeys(names))
    problems = [Problem(flaw) for flaw in map(zone_flaw, zones) if flaw]
    if len(zones) > MOST_ZONES:
        problems.append(Problem(f"{len(zones)} further zones are asked for: choose at most {MOST_ZONES}"))
    if problems:
        raise UserError("the times cannot be shown in these zones", problems)
    return zones


@dataclass(frozen=True, slots=True)
class AnnouncedSession:
    """A session with what may be shown of its meeting; what may not, or is not there, is None. `number` is from 1.

    `start` and `end` are in the event's zone, whatever zone the session was written in. `state` is "cancelled",
    "linked", "named" (only the programme tells of the meeting) or "no meeting".
    """

    number: int
    session: Session
    start: datetime
    end: datetime
    state: str
    meeting_id: str | None
    passcode: str | None = field(repr=False)
    join_url: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A programme to be announced, with its meetings by session key.

    Passcodes and join links are shown only where `public` is True: whoever has one can walk in. `published_at` (aware)
    is the moment it is published at. `revisions` tells, by session key, how often calendars were told anew of a
    session, and which sessions were called off; `sequence` stands for sessions that have none. Times are told in the
    event's zone and in `zones`. `keys` names the sessions that are announced; all, if it is empty.
    """

    programme: Programme
    links: Mapping[str, PublishedMeeting]
    published_at: datetime
    public: bool = False
    sequence: int = 0
    language: Language = Language.ENGLISH
    zones: tuple[str, ...] = ()
    revisions: Mapping[str, Revision] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """The event's zone."""
        return ZoneInfo(self.programme.event.timezone)

    def called_off(self) -> tuple[Revision, ...]:
        """The sessions that were published once and are no more in the programme, by their time.

        None where sessions were chosen: it is not of them.
        """
        if self.keys:
            return ()
        gone = (revision for revision in self.revisions.values() if revision.called_off)
        return tuple(sorted(gone, key=lambda one: (one.start, one.key)))

    def sessions(self) -> tuple[AnnouncedSession, ...]:
        """The sessions by number. Writers see meetings through this alone, so none can show too much.

        Those that are not announced are left out. Where rooms are told, they stand by day, room and time.
        """
        named = known_meetings(self.programme)
        listed = self._in_order([session for session in self.programme.sessions if session.announced])
        return tuple(
            self._announced(number, session, named)
            for number, session in enumerate(listed, 1)
            if not self.keys or session.key in self.keys
        )

    def _in_order(self, sessions: list[Session]) -> list[Session]:
        """By day, on a day by room, in a room by time; rooms in the order in which they are first used that day.

        Without rooms, as the programme has them.
        """
        if not any(session.room for session in sessions):
            return sessions
        by_time = sorted(sessions, key=lambda one: (one.start.astimezone(UTC), one.end.astimezone(UTC)))
        groups: dict[date, dict[str | None, list[Session]]] = {}
        for session in by_time:
            groups.setdefault(session.start.astimezone(self.zone).date(), {}).setdefault(session.room, []).append(
                session
            )
        return [session for rooms in groups.values() for group in rooms.values() for session in group]

    def _announced(self, number: int, session: Session, named: Mapping[str, KnownMeeting]) -> AnnouncedSession:
        link, known = of_meeting(session, self.links), of_meeting(session, named)
        passcode = link.passcode if link else known.passcode if known else None
        lets_in = self.public and not session.cancelled  # nobody is to be sent to what does not take place
        return AnnouncedSession(
            number,
            session,
            session.start.astimezone(self.zone),
            session.end.astimezone(self.zone),
            "cancelled" if session.cancelled else "linked" if link else "named" if known else "no meeting",
            link.meeting_id if link else known.meeting_id if known else None,
            passcode.value if passcode and lets_in else None,
            link.join_url if link and lets_in else None,
        )


@dataclass(frozen=True, slots=True)
class ReportRow(Generic[Row_co]):
    """One row of a report: the session it is of (its key), the IANA zone its times are told in, and what it tells."""

    session: str
    timezone: str
    value: Row_co

"""Sessions as lists of them show: one line each, what is the matter with it now, and what of it waits for a person.

Pure; standard library only. `adapters.store.overview` reads the lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from zoom_sync.domain.programme import Kind
from zoom_sync.domain.report import ReportState

# So long after its start a session that nobody has opened is late.
GRACE = timedelta(minutes=2)
# A session that webhooks say is live so long after its end is not believed any more: the one that told its end is lost.
LONGEST_OVERRUN = timedelta(hours=6)
# What a control room sees ahead of, and for how long it still sees what is over.
SOON, JUST_ENDED = timedelta(hours=2), timedelta(minutes=20)
# Of a meeting's seats, what is nearly all.
CROWDED = 0.9


class Phase(StrEnum):
    """Where a session is now, from what asks for somebody to what is past."""

    LATE = "late"  # it should run, and nobody has opened it
    OVER_TIME = "over time"  # it runs beyond its end
    RUNNING = "running"
    DUE = "due"  # it should run; whether it does, nobody told
    TO_COME = "to come"
    ENDED = "ended"
    NOT_HELD = "not held"  # its time is past, and Zoom says that it never took place
    CANCELLED = "cancelled"


class Meeting(StrEnum):
    """Whether a session has its meeting."""

    READY = "ready"
    IN_DOUBT = "in doubt"
    NONE = "none"


class Summed(StrEnum):
    """All reports of a session in a word, the worst first."""

    FAILED = "failed"
    SHORT = "short"
    WAITING = "waiting"
    NONE = "none"
    COMPLETE = "complete"
    NOT_YET = ""


SUMMED: Mapping[ReportState, Summed] = {
    ReportState.FAILED: Summed.FAILED,
    ReportState.EXPIRED: Summed.FAILED,
    ReportState.PARTIAL: Summed.SHORT,
    ReportState.WAITING: Summed.WAITING,
    ReportState.COMPLETE: Summed.COMPLETE,
    ReportState.NONE: Summed.COMPLETE,
}


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is in a meeting now, as webhooks or a look at Zoom tell. `present` is None where only Zoom's list told.

    `most` is the most that were there at once, `lately` the count at a few moments, the oldest first.
    """

    since: datetime | None
    present: int | None
    most: int = 0
    waiting: int = 0
    lately: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One session. `host` is the name of the meeting's host, else whom the programme names.

    `licensed` is None where nothing is known of the host. `reports` maps kinds of reports to their states.
    """

    event: str
    event_title: str
    zone: str
    key: str
    title: str
    start: datetime
    end: datetime
    kind: Kind = Kind.MEETING
    room: str = ""
    track: str = ""
    moderators: tuple[str, ...] = ()
    host_id: str = ""
    host: str = ""
    licensed: bool | None = None
    capacity: int | None = None
    meeting_id: str = ""
    in_doubt: bool = False
    cancelled: bool = False
    announced: bool = True
    rehearsal_of: str = ""
    presence: Presence | None = None
    reports: Mapping[str, ReportState] = field(default_factory=dict)
    people: int | None = None
    position: int = 0

    @property
    def meeting(self) -> Meeting:
        """Whether it has its meeting."""
        return Meeting.READY if self.meeting_id else Meeting.IN_DOUBT if self.in_doubt else Meeting.NONE

    @property
    def day(self) -> date:
        """The day it begins on, in the event's zone."""
        return self.start.astimezone(ZoneInfo(self.zone)).date()

    @property
    def summed(self) -> Summed:
        """All of its reports in a word; where nobody came, that there is nothing to report."""
        if not self.reports:
            return Summed.NOT_YET
        if self.reports.get("participants") is ReportState.NONE:
            return Summed.NONE
        states = {SUMMED[state] for state in self.reports.values()}
        return next(each for each in Summed if each in states)

    @property
    def crowded(self) -> bool:
        """Whether nearly all seats of the host's licence are taken."""
        there = self.presence.present if self.presence is not None else None
        return there is not None and self.capacity is not None and there >= CROWDED * self.capacity > 0

    def phase(self, now: datetime, *, watched: bool = False) -> Phase:
        """Where it is at `now`. `watched`: it would be known if it had been opened."""
        if self.cancelled:
            return Phase.CANCELLED
        if self.presence is not None and now < self.end + LONGEST_OVERRUN:
            return Phase.OVER_TIME if now > self.end else Phase.RUNNING
        if now < self.start:
            return Phase.TO_COME
        if now < self.end:
            return Phase.LATE if watched and now >= self.start + GRACE else Phase.DUE
        return Phase.NOT_HELD if self.summed is Summed.NONE else Phase.ENDED

    def ready(self) -> bool:
        """Whether it can be held as things are: it has its meeting, and a host who may hold it as long as it takes."""
        return self.meeting is Meeting.READY and self.licensed is not False


class Sort(StrEnum):
    """What the sessions of a day are sorted by."""

    TIME = "time"
    TITLE = "title"
    ROOM = "room"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sessions are shown. Empty: all. `text` is looked for in title, room, host, moderators and meeting ID.

    `state` is a `Phase`, or a `Meeting` of sessions to be held; `report` a `Summed`, where SHORT stands for FAILED too.
    """

    text: str = ""
    day: date | None = None
    room: str = ""
    track: str = ""
    host: str = ""
    state: str = ""
    report: str = ""
    sort: Sort = Sort.TIME

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(self.text or self.day or self.room or self.track or self.host or self.state or self.report)


def chosen(lines: Iterable[Line], choice: Choice, now: datetime, *, watched: bool = False) -> list[Line]:
    """The sessions that were chosen, by day and in the chosen order."""
    found = [line for line in lines if _fits(line, choice, now, watched=watched)]
    by: dict[Sort, Callable[[Line], tuple[object, ...]]] = {
        Sort.TIME: lambda line: (line.start, line.position),
        Sort.TITLE: lambda line: (line.title.casefold(), line.start),
        Sort.ROOM: lambda line: (natural(line.room), line.start),
        Sort.PEOPLE: lambda line: (-(line.people or 0), line.start),
    }
    key = by[choice.sort]
    return sorted(found, key=lambda line: (line.day, *key(line)))


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """What sorts texts as people count: Room 2 before Room 10."""
    pieces = re.split(r"(\d+)", text.casefold())
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece)


def _fits(line: Line, choice: Choice, now: datetime, *, watched: bool) -> bool:
    exact = (
        (choice.day, line.day), (choice.room, line.room), (choice.track, line.track), (choice.host, line.host),
    )  # fmt: skip
    if any(one and one != has for one, has in exact):
        return False
    if choice.state and choice.state not in _states(line, now, watched=watched):
        return False
    reports = (Summed.SHORT, Summed.FAILED) if choice.report == Summed.SHORT else (choice.report,)
    if choice.report and line.summed not in reports:
        return False
    held = (line.title, line.room, line.host, line.key, *line.moderators)
    digits = choice.text.replace(" ", "")
    in_id = digits.isdigit() and digits in line.meeting_id
    return not choice.text or in_id or any(choice.text.casefold() in text.casefold() for text in held)


def _states(line: Line, now: datetime, *, watched: bool) -> tuple[str, ...]:
    phase = line.phase(now, watched=watched)
    missed = phase in (Phase.TO_COME, Phase.DUE, Phase.LATE) and line.meeting is not Meeting.READY
    return (str(phase), str(line.meeting)) if missed else (str(phase),)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the sessions of an event, in numbers; each is counted once, cancelled ones nowhere else."""

    sessions: int
    cancelled: int
    running: int
    late: int
    missing: int
    over: int
    complete: int
    short: int
    not_held: int


def standing(lines: Iterable[Line], now: datetime, *, watched: bool = False) -> Standing:
    """How it stands at `now`."""
    phases = [(line, line.phase(now, watched=watched)) for line in lines]
    held = [(line, phase) for line, phase in phases if phase is not Phase.CANCELLED]
    past = (Phase.ENDED, Phase.NOT_HELD)

    def count(*which: Phase) -> int:
        return sum(phase in which for _, phase in held)

    return Standing(
        sessions=len(held),
        cancelled=len(phases) - len(held),
        running=count(Phase.RUNNING, Phase.OVER_TIME),
        late=count(Phase.LATE),
        missing=sum(line.meeting is not Meeting.READY for line, phase in held if phase not in past),
        over=count(*past),
        complete=sum(line.summed is Summed.COMPLETE for line, phase in held if phase in past),
        short=sum(line.summed in (Summed.SHORT, Summed.FAILED) for line, phase in held if phase in past),
        not_held=count(Phase.NOT_HELD),
    )


# What is done by hand while an event runs, as the audit log names it.
ACTS = ("start link", "session ended", "began later", "host added", "room opened")


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened while an event runs: a meeting began or ended, or somebody (`who`) did something."""

    at: datetime
    what: str
    key: str
    title: str
    who: str = ""


def on_screen(lines: Iterable[Line], now: datetime, *, watched: bool = False) -> list[tuple[Line, Phase]]:
    """What a control room looks at: what should run or runs, then what begins within two hours, or ended just now."""
    shown = [(line, line.phase(now, watched=watched)) for line in lines]
    order = (Phase.LATE, Phase.OVER_TIME, Phase.DUE, Phase.RUNNING, Phase.TO_COME, Phase.ENDED, Phase.NOT_HELD)
    kept = [
        (line, phase)
        for line, phase in shown
        if phase in order[:4]
        or (phase is Phase.TO_COME and line.start - now <= SOON)
        or (phase in order[5:] and now - line.end <= JUST_ENDED)
    ]
    return sorted(kept, key=lambda one: (order.index(one[1]), one[0].start, one[0].position))


def next_on_host(lines: Iterable[Line]) -> dict[str, Line]:
    """By session, what its host holds next in the event; the day's last of each host has none."""
    by_host: dict[str, list[Line]] = {}
    for line in lines:
        if line.host_id and not line.cancelled:
            by_host.setdefault(line.host_id, []).append(line)
    found: dict[str, Line] = {}
    for some in by_host.values():
        some.sort(key=lambda line: line.start)
        found |= {one.key: later for one, later in pairwise(some) if later.day == one.day}
    return found


class Wait(StrEnum):
    """What waits for a person, the most urgent first."""

    NOT_READY = "not_ready"
    NO_LICENCE = "no_licence"
    NO_MEETING = "no_meeting"
    FAILED = "failed"
    HELD_BACK = "held_back"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: of which event and session, in a word what, and why. `count`: of so many."""

    kind: Wait
    event: str
    event_title: str
    key: str = ""
    title: str = ""
    what: str = ""
    why: str = ""
    count: int = 1


def gathered(waiting: Iterable[Waiting], most: int = 3) -> list[Waiting]:
    """The same, most urgent first; more than `most` of a kind in one event become one, which says how many it is."""
    groups: dict[tuple[Wait, str], list[Waiting]] = {}
    for each in waiting:
        groups.setdefault((each.kind, each.event), []).append(each)
    waitings: list[Waiting] = []
    for (kind, event), some in sorted(groups.items(), key=lambda group: list(Wait).index(group[0][0])):
        first = some[0]
        if len(some) <= most:
            waitings += some
        else:
            waitings.append(Waiting(kind, event, first.event_title, what=first.what, why=first.why, count=len(some)))
    return waitings


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event: when, how many sessions are held, and how it stands with them."""

    key: str
    title: str
    zone: str
    public: bool
    first: datetime | None = None
    last: datetime | None = None
    sessions: int = 0
    linked: int = 0
    over: int = 0
    reported: int = 0
    called_off: bool = False
    archived: bool = False

    @property
    def missing(self) -> int:
        """How many sessions to come have no meeting; of those that are over none is missed."""
        return max(0, self.sessions - self.linked)

"""Which row of an organiser's own table is which session, and what is written beside it. Pure, and never a guess."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from zoom_sync.domain.programme import Programme, Session


@dataclass(frozen=True, slots=True)
class FiledMeeting:
    """What an organiser's file is told of a session's meeting. `meeting_id` holds digits only; empty is unknown.

    `over` is what of ours it may be written over, where anything else that stands there is somebody else's and stays;
    None: it is written whatever stands there.
    """

    meeting_id: str
    join_url: str = field(repr=False)
    passcode: str = field(repr=False)
    host: str = ""
    over: tuple[FiledMeeting, ...] | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row or an entry of a file: where it stands, for people, and what it may be known by.

    `starts` are all readings of its time: aware ones, or naive ones by the clock of the event or of the session. More
    than one stands there where a text can be read in several ways (6.11. or 11.6.).
    """

    place: str
    key: str = ""
    title: str = ""
    starts: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Matching:
    """Session keys by the number of the row they belong to, and for rows that have none, why."""

    sessions: Mapping[int, str]
    unmatched: Mapping[int, str]


def match_rows(rows: Sequence[FileRow], programme: Programme) -> Matching:
    """Find each row's session.

    1. By its key, where exactly one row bears it.
    2. Else by title and start together, where exactly one session that no key has found fits, and no other row fits
       that session. A title alone says too little: a course has the same one every week.

    Rows without key and title are ignored.
    """
    sessions = {plain(session.key): session for session in programme.sessions}
    keyed = Counter(plain(row.key) for row in rows if row.key)
    found: dict[int, str] = {}
    unmatched: dict[int, str] = {}
    for number, row in enumerate(rows):
        session = sessions.get(plain(row.key)) if row.key else None
        if session is not None and keyed[plain(row.key)] == 1:
            found[number] = session.key
        elif session is not None:
            unmatched[number] = f"the key {session.key!r} stands in more than one row"
    free: dict[str, list[Session]] = defaultdict(list)
    for session in programme.sessions:
        if plain(session.key) not in keyed:
            free[plain(session.title)].append(session)
    zone = ZoneInfo(programme.event.timezone)
    titled = {number: free.get(plain(row.title), []) for number, row in enumerate(rows) if row.title}
    rest = {number: same for number, same in titled.items() if number not in found and number not in unmatched}
    fits = {number: [s.key for s in same if _begins(rows[number], s, zone)] for number, same in rest.items()}
    claims = Counter(key for keys in fits.values() for key in keys)
    for number, keys in fits.items():
        if len(keys) == 1 and claims[keys[0]] == 1:
            found[number] = keys[0]
        else:
            unmatched[number] = _why(rows[number], keys, rest[number])
    return Matching(dict(sorted(found.items())), dict(sorted(unmatched.items())))


def plain(text: str) -> str:
    """A text as keys and titles are compared: one width of letters, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _begins(row: FileRow, session: Session, zone: ZoneInfo) -> bool:
    """Whether the row may begin when the session does, by a clock of the event or of the session."""
    clocks = {session.start.astimezone(where).replace(tzinfo=None) for where in (zone, ZoneInfo(session.timezone))}
    return any(start in clocks if start.tzinfo is None else start == session.start for start in row.starts)


def _why(row: FileRow, keys: Sequence[str], same: Sequence[Session]) -> str:
    """`same` are the free sessions of the row's title."""
    if len(keys) > 1:
        return f"it fits several sessions: {', '.join(keys)}"
    if keys:
        return f"another row fits session {keys[0]} too"
    if not same:
        return "no session has this key or title"
    if not row.starts:
        return f"session {same[0].key} has this title, but no start can be read in this row"
    return f"session {same[0].key} has this title, but starts at {same[0].start.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

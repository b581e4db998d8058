"""What Zoom's JSON says, as values of the domain. Whatever cannot be read raises NoProperAnswer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from zoom_sync.adapters.zoom.protocol import KIND_OF_TYPE, SERIES_TYPES
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import PLAIN_FIELDS, ObservedMeeting, flatten
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.personal_rooms import is_personal_id
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.profiles import BESIDE_SETTINGS
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.report import UNDATED, Instance
from zoom_sync.errors import NoProperAnswer

NUMBERS = ("length", "consecutive_characters_length")
P = ParamSpec("P")
R = TypeVar("R")

PERSONAL_ROOM = 4
ROOM = 3  # "A recurring meeting with no fixed time": it has neither a start nor a length
LICENSED = 2  # https://developers.zoom.us/docs/api/users/#tag/users/GET/users: 1 Basic, 2 Licensed, 4 no licence


def _or_unreadable(parse: Callable[P, R]) -> Callable[P, R]:
    @wraps(parse)
    def parsed(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return parse(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            # The row itself may hold a passcode or a name; only the kind of trouble is told.
            phrase = Phrase("Zoom's answer lacks what was expected ({what})", what=type(error).__name__)
            raise NoProperAnswer(phrase) from None

    return parsed


class _Row:
    """A row, field by field: what is missing or cannot be read is noted by its name, and the rest is read."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self.unread: set[str] = set()

    def get(self, name: str, read: Callable[[Any], R], otherwise: R, *, needed: bool = True) -> R:
        """The field as `read` has it; `needed`: Zoom tells it of every meeting, so that none is a flaw."""
        value = self._row.get(name)
        if value is None:
            if needed:
                self.unread.add(name)
            return otherwise
        try:
            return read(value)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            self.unread.add(name)
            return otherwise


@_or_unreadable
def observed_meeting(row: Mapping[str, Any], kind: Kind | None = None, host_id: str = "") -> ObservedMeeting:
    """A meeting from a list row or a full object; only the latter has `settings`.

    `kind` is the one that was asked for: Zoom shows no webinar among meetings, and no meeting among webinars; without
    it, the type tells. `host_id` stands where the row tells none. Only the id has to be there; which other fields could
    not be read, the meeting tells.
    """
    read = _Row(row)
    number = read.get("type", int, 0)
    settings = read.get("settings", lambda value: _settings(value, row), None, needed=False)
    series = number in SERIES_TYPES.values()
    none_held: list[tuple[datetime, int]] = []
    held = read.get("occurrences", _occurrences, none_held, needed=False) if series else none_held
    duration = read.get("duration", int, 0, needed=number != ROOM)
    lengths = {length for _, length in held} - {duration}
    return ObservedMeeting(
        meeting_id=str(int(row["id"])),
        host_id=read.get("host_id", _text, "", needed=False) or host_id,
        kind=kind or KIND_OF_TYPE.get(number, Kind.MEETING),
        topic=read.get("topic", _text, ""),
        agenda=read.get("agenda", _text, ""),
        start=read.get("start_time", instant, None, needed=number != ROOM and not held),
        duration=min(lengths, default=duration),  # one evening that is longer shows
        timezone=read.get("timezone", _text, ""),
        join_url=read.get("join_url", _text, ""),
        created_at=read.get("created_at", instant, None, needed=False),
        settings=settings,
        passcode=read.get("password", lambda told: Passcode(_text(told)) if told else None, None, needed=False),
        running=row.get("status") == "started",
        series=series,
        recurrence=read.get("recurrence", lambda told: dict(told) or None, None, needed=False) if series else None,
        occurrences=tuple(sorted(start for start, _ in held)),
        personal=_personal(row, number),
        unshown=frozenset(name for name in PLAIN_FIELDS if row.get(name) is None),
        unread=frozenset(read.unread),
        by_api=row.get("creation_source") == "open_api",
    )


def _personal(row: Mapping[str, Any], kind: int) -> bool:
    """Whether it is a personal room (type 4), or is held in one.

    `pmi`: "This field is only returned if PMI was used to schedule the meeting":
    https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}
    """
    settings = row.get("settings")
    uses = isinstance(settings, Mapping) and settings.get("use_pmi") is True
    return kind == PERSONAL_ROOM or bool(row.get("pmi")) or uses or is_personal_id(str(int(row["id"])))


def _text(value: Any) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError


def _settings(told: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    settings = {**told, **{name: row[name] for name in BESIDE_SETTINGS if name in row}}
    return {path: value for path, value in flatten(settings) if value is not None}


def _occurrences(rows_told: Any) -> list[tuple[datetime, int]]:
    """When a series is held each time, and for how many minutes; those that were deleted stay in Zoom's list."""
    values = [value for value in rows_told if value.get("status") != "deleted"]
    starts = [(instant(value["start_time"]), int(value.get("duration") or 0)) for value in values]
    return [(start, length) for start, length in starts if start is not None]


@_or_unreadable
def host(row: Mapping[str, Any], capacity: int) -> Host:
    """A user as a host; `capacity` is what a licensed user of this plan may hold at once.

    Of a user whose row lacks `type` (seen of pending ones) the least is taken for true: he is not licensed.
    """
    read = _Row(row)
    licensed = read.get("type", int, 0) == LICENSED
    names = [read.get(name, _text, "", needed=False) for name in ("display_name", "first_name", "last_name")]
    name = names[0] or " ".join(part for part in names[1:] if part)
    identity = str(row["id"])
    if not identity or row["id"] is None:
        raise ValueError
    email = read.get("email", _text, "", needed=False)
    return Host(identity, name or identity, email, licensed, capacity if licensed else 1)


@_or_unreadable
def licence(settings: Mapping[str, Any]) -> Licence:
    """What a user's settings say of webinars, by the add-on or by Zoom Events, which has a capacity of its own.

    And how many people this host's meetings let in, which the add-on for large meetings raises.

    https://developers.zoom.us/docs/api/users/#tag/users/GET/users/{userId}/settings (`feature`)
    """
    feature = settings["feature"]
    several = feature.get("zoom_events_unlimited_capacities") or [0]
    ways = {
        "webinar": feature.get("webinar_capacity"),
        "zoom_events": feature.get("zoom_events_capacity"),
        "zoom_events_unlimited": max(map(int, several)),
    }
    licensed = [int(capacity or 0) for name, capacity in ways.items() if feature.get(name)]
    large = feature.get("large_meeting_capacity") if feature.get("large_meeting") else None
    meetings = max(int(feature.get("meeting_capacity") or 0), int(large or 0))
    return Licence(bool(licensed), max(licensed, default=0), meeting_capacity=meetings)


@_or_unreadable
def passcode_policy(settings: Mapping[str, Any]) -> PasscodePolicy:
    """What `meeting_security` asks of passcodes; what it does not name is not asked for."""
    asked = settings["meeting_security"].get("meeting_password_requirement") or {}
    names = [field.name for field in fields(PasscodePolicy) if asked.get(field.name) is not None]
    values: dict[str, Any] = {name: (int if name in NUMBERS else bool)(asked[name]) for name in names}
    return PasscodePolicy(**values)


@_or_unreadable
def instance(row: Mapping[str, Any]) -> Instance:
    """One time that a meeting was held. Zoom has left the start empty (https://github.com/jrchamp/moodle-mod_zoom/issues/239).

    Without its UUID nothing could be asked about it, so that is unreadable.
    """
    uuid = row["uuid"]
    if not isinstance(uuid, str) or not uuid:
        raise TypeError
    try:
        start = instant(row.get("start_time"))
    except (TypeError, ValueError, OverflowError):
        start = None
    return Instance(uuid, start or UNDATED)


def row_count(value: Any) -> int | None:
    """How many rows Zoom says there are; None where it does not say."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


@_or_unreadable
@_or_unreadable
def rows(page: Any, name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a page, which may have none."""
    found = ({} if page is None else page).get(name) or ()
    if not isinstance(found, (list, tuple)) or not all(isinstance(row, Mapping) for row in found):
        raise TypeError
    return found


def total(page: Any) -> int | None:
    """How many rows a list has in all, where its page tells it."""
    records = page.get("total_records") if isinstance(page, Mapping) else None
    return records if isinstance(records, int) and not isinstance(records, bool) else None


def entries(page: Any, name: str) -> Sequence[Any]:
    """The rows of a page as they came.

    Raises NoProperAnswer for a page without that list: then nothing is known of what would be in it.
    """
    rows_of_page = row(page).get(name)
    if not isinstance(rows_of_page, (list, tuple)):
        raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what=name))
    return rows_of_page


def each(rows_told: Sequence[Any], read: Callable[[Mapping[str, Any]], R]) -> tuple[list[R], int]:
    """Rows as `read` has them, and how many it cannot read: one bad row is one bad row."""
    readable = []
    for entry in rows_told:
        try:
            readable.append(read(row(entry)))
        except NoProperAnswer:
            continue
    return readable, len(rows_told) - len(readable)


def row(answer: Any) -> Mapping[str, Any]:
    """An answer that is one object. Raises NoProperAnswer."""
    if not isinstance(answer, Mapping):
        raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what="object"))
    return answer


def count(page: Mapping[str, Any], name: str, otherwise: int) -> int:
    """A count that a page tells; `otherwise` where it tells none that can be read."""
    number = page.get(name)
    return number if isinstance(number, int) and number > 0 else otherwise


def instant(value: Any) -> datetime | None:
    """Zoom's `2022-03-23T06:00:00Z` as an aware datetime; None for nothing."""
    if not value:
        return None
    read = datetime.fromisoformat(str(value))
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)

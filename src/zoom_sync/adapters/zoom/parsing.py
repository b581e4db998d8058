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
from zoom_sync.domain.meeting import ObservedMeeting, flatten
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.profiles import BESIDE_SETTINGS
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.report import UNDATED, Instance
from zoom_sync.errors import NoProperAnswer

NUMBERS = ("length", "consecutive_characters_length")
P = ParamSpec("P")
R = TypeVar("R")

LICENSED = 2  # https://developers.zoom.us/docs/api/users/#tag/users/GET/users: 1 Basic, 2 Licensed, 4 no licence


def _or_unreadable(parse: Callable[P, R]) -> Callable[P, R]:
    @wraps(parse)
    def parsed(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return parse(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            # The row itself may hold a passcode or a name; only the kind of trouble is told.
            told = Phrase("Zoom's answer lacks what was expected ({what})", what=type(error).__name__)
            raise NoProperAnswer(told) from None

    return parsed


@_or_unreadable
def observed_meeting(row: Mapping[str, Any]) -> ObservedMeeting:
    """A meeting from a list row or a full object; only the latter has `settings`."""
    settings = row.get("settings")
    if settings is not None:
        settings = {**settings, **{name: row[name] for name in BESIDE_SETTINGS if name in row}}
    passcode = row.get("password")
    kind = int(row.get("type") or 2)
    series = kind in SERIES_TYPES.values()
    held = _occurrences(row) if series else ()
    lengths = {length for _, length in held} - {int(row.get("duration") or 0)}
    return ObservedMeeting(
        meeting_id=str(int(row["id"])),
        host_id=str(row["host_id"]),
        kind=KIND_OF_TYPE.get(kind, Kind.MEETING),
        topic=str(row.get("topic") or ""),
        agenda=str(row.get("agenda") or ""),
        start=instant(row.get("start_time")),
        duration=min(lengths, default=int(row.get("duration") or 0)),  # one evening that is longer shows
        timezone=str(row.get("timezone") or ""),
        join_url=str(row.get("join_url") or ""),
        created_at=instant(row.get("created_at")),
        settings=None if settings is None else dict(flatten(settings)),
        passcode=Passcode(str(passcode)) if passcode else None,
        running=row.get("status") == "started",
        series=series,
        recurrence=dict(row["recurrence"]) if series and row.get("recurrence") else None,
        occurrences=tuple(sorted(start for start, _ in held)),
    )


def _occurrences(row: Mapping[str, Any]) -> list[tuple[datetime, int]]:
    """When a series is held each time, and for how many minutes; those that were deleted stay in Zoom's list."""
    told = [one for one in row.get("occurrences") or () if one.get("status") != "deleted"]
    starts = [(instant(one["start_time"]), int(one.get("duration") or 0)) for one in told]
    return [(start, length) for start, length in starts if start is not None]


@_or_unreadable
def host(row: Mapping[str, Any], capacity: int) -> Host:
    """A user as a host; `capacity` is what a licensed user of this plan may hold at once."""
    licensed = int(row["type"]) == LICENSED
    name = row.get("display_name") or f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    return Host(str(row["id"]), str(name or row["id"]), str(row["email"]), licensed, capacity if licensed else 1)


@_or_unreadable
def licence(settings: Mapping[str, Any]) -> Licence:
    """What a user's settings say of webinars."""
    feature = settings["feature"]
    return Licence(bool(feature.get("webinar")), int(feature.get("webinar_capacity") or 0))


@_or_unreadable
def passcode_policy(settings: Mapping[str, Any]) -> PasscodePolicy:
    """What `meeting_security` asks of passcodes; what it does not name is not asked for."""
    asked = settings["meeting_security"].get("meeting_password_requirement") or {}
    names = [one.name for one in fields(PasscodePolicy) if asked.get(one.name) is not None]
    told: dict[str, Any] = {name: (int if name in NUMBERS else bool)(asked[name]) for name in names}
    return PasscodePolicy(**told)


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


def count(told: Any) -> int | None:
    """How many rows Zoom says there are; None where it does not say."""
    if isinstance(told, str) and told.isascii() and told.isdecimal():
        return int(told[:9])
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


@_or_unreadable
def rows(page: Any, name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a page, which may have none."""
    found = ({} if page is None else page).get(name) or ()
    if not isinstance(found, (list, tuple)) or not all(isinstance(row, Mapping) for row in found):
        raise TypeError
    return found


def row(answer: Any) -> Mapping[str, Any]:
    """An answer that is one object. Raises NoProperAnswer."""
    if not isinstance(answer, Mapping):
        raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what="object"))
    return answer


def instant(told: Any) -> datetime | None:
    """Zoom's `2022-03-23T06:00:00Z` as an aware datetime; None for nothing."""
    if not told:
        return None
    read = datetime.fromisoformat(str(told))
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)

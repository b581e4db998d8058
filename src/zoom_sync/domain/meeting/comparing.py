"""How what is wanted and what Zoom holds differ, field by field, and what is known to be there after a write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from zoom_sync.domain.meeting.fields import MeetingFields, addresses
from zoom_sync.domain.meeting.learned import Repairs
from zoom_sync.domain.meeting.values import ObservedMeeting
from zoom_sync.domain.meeting.zones import same_rules
from zoom_sync.domain.occurrences import Span
from zoom_sync.domain.profiles import NEVER_SHOWN, REQUIRED

PLAIN_FIELDS = ("topic", "agenda", "start_time", "duration", "timezone")
_ATTRIBUTES = {name: {"start_time": "start"}.get(name, name) for name in PLAIN_FIELDS}
RECURRENCE, OCCURRENCES = "recurrence", "occurrences"
TIME_FIELDS = frozenset({"start_time", "duration", "timezone", RECURRENCE, OCCURRENCES})
# "The length of agenda gets truncated to 250 characters when you list all of a user's meetings":
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/users/{userId}/meetings
AGENDA_IN_LIST = 250


class Cause(StrEnum):
    """Who made a field differ: the programme wants another value than was written, Zoom shows another, or both."""

    PROGRAMME = "programme"
    ZOOM = "zoom"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: `name` as Zoom calls it, what Zoom has, what the programme wants.

    Of a linked meeting's field it is also known what was `applied`, and with it the cause; of one that was put back
    before, its `repairs`. `read_back`: once it is written, Zoom has to be asked what it made of it.
    """

    name: str
    old: Any
    new: Any
    applied: Any = field(default=None, compare=False)
    cause: Cause | None = field(default=None, compare=False)
    repairs: Repairs | None = field(default=None, compare=False)
    read_back: bool = field(default=False, compare=False)


def alike(name: str, have: Any, want: Any, spans: Sequence[Span] = ()) -> bool:
    """Whether what Zoom shows is what was asked for. Zoom tells more than it was told, in any order.

    An object may have more fields than were asked for, a list may be in another order, an address in another case, and
    what is empty may be left out. Zones are alike that have the same rules over `spans`, the meeting's times.
    """
    if name == "timezone" and isinstance(have, str) and isinstance(want, str):
        return have == want or (bool(spans) and same_rules(have, want, spans))
    if name == "settings.alternative_hosts":
        return sorted(map(str.casefold, addresses(have))) == sorted(map(str.casefold, addresses(want)))
    return _alike(have, want)


def _alike(have: Any, want: Any) -> bool:
    if isinstance(want, Mapping):
        values = have if isinstance(have, Mapping) else {}
        return all(_alike(values.get(name), value) for name, value in want.items())
    if isinstance(want, (list, tuple)):
        left = list(have) if isinstance(have, (list, tuple)) else []
        for one in want:
            number = next((n for n, other in enumerate(left) if _alike(other, one)), None)
            if number is None:
                return False
            del left[number]
        return not left
    if isinstance(want, str) and "@" in want and isinstance(have, str):
        return have.casefold() == want.casefold()
    return bool(have == want or (want == "" and have is None))


def compared(fields: MeetingFields) -> dict[str, Any]:
    """Every compared field by Zoom's name. The one list: a field that is not here is neither compared nor written."""
    plain = dict(
        zip(PLAIN_FIELDS, (fields.topic, fields.agenda, fields.start, fields.duration, fields.timezone), strict=True)
    )
    if fields.recurrence is not None:
        times = [f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in fields.occurrences]
        plain |= {RECURRENCE: dict(fields.recurrence), OCCURRENCES: times}
    return plain | {f"settings.{path}": value for path, value in sorted(fields.settings.items())}


def differences(desired: MeetingFields, observed: MeetingFields) -> tuple[FieldChange, ...]:
    """What must change on Zoom so that `observed` becomes `desired`. Settings that are not managed do not count."""
    have, want = compared(observed), compared(desired)
    if RECURRENCE in have:
        want.setdefault(RECURRENCE, None)  # it is a series, and is to be none
    return tuple(
        FieldChange(name, have.get(name), value)
        for name, value in want.items()
        if not alike(name, have.get(name), value, desired.spans)
    )


def believed_fields(observed: ObservedMeeting, applied: MeetingFields) -> MeetingFields:
    """What Zoom holds, as far as is known: a list row tells some fields, for the rest stands what was last applied."""
    told = observed.fields()
    if observed.deep:
        unseen = {path: applied.settings[path] for path in NEVER_SHOWN if path in applied.settings}
        return replace(told, settings={**told.settings, **unseen})
    same_head = told.agenda[:AGENDA_IN_LIST].rstrip() == applied.agenda[:AGENDA_IN_LIST].rstrip()
    told = replace(told, agenda=applied.agenda if same_head else told.agenda, settings=applied.settings)
    if not observed.series or applied.recurrence is None:
        return told
    # A row shows neither the rule nor the first time of a series, but the next one.
    start = applied.start if told.start in applied.occurrences else told.start
    return replace(told, start=start, recurrence=applied.recurrence, occurrences=applied.occurrences)


def applied_after(fields: MeetingFields, observed: ObservedMeeting) -> MeetingFields:
    """What is known to be on Zoom once `fields` were written and a look showed `observed`."""
    if not observed.deep:
        return fields
    told = observed.fields()
    unshown = {_ATTRIBUTES[name]: getattr(fields, _ATTRIBUTES[name]) for name in observed.unshown}
    seen = {path: value for path, value in told.settings.items() if path not in NEVER_SHOWN}
    return replace(told, **unshown, settings={**fields.settings, **seen})


def applied_in_part(before: MeetingFields, fields: MeetingFields, names: Sequence[str]) -> MeetingFields:
    """What is known to be on Zoom once the named fields were written: the others are as before."""
    written = select(fields, names)
    now = compared(before) | written
    settings = {name.removeprefix("settings."): value for name, value in now.items() if name.startswith("settings.")}
    times = fields if RECURRENCE in written else before
    topic, agenda, start, duration, timezone = (now[name] for name in PLAIN_FIELDS)
    return MeetingFields(topic, agenda, start, duration, timezone, settings, times.recurrence, times.occurrences)


def select(fields: MeetingFields, names: Sequence[str]) -> dict[str, Any]:
    """The named fields of `fields`, by Zoom's name, with what Zoom requires beside them.

    A series is moved by its start, length and rule together; a rule of None makes it a meeting that is held once.
    """
    have: dict[str, Any] = {RECURRENCE: None} | compared(fields)
    objects = {name.removeprefix("settings.").rpartition(".")[0] for name in names}
    beside = [f"settings.{REQUIRED[text]}" for text in sorted(objects & REQUIRED.keys())]
    if RECURRENCE in names or (fields.recurrence is not None and not TIME_FIELDS.isdisjoint(names)):
        # "recurrence: Use this object only for a meeting with type 8":
        # https://developers.zoom.us/docs/api/meetings/#tag/meetings/PATCH/meetings/{meetingId}
        beside += ["start_time", "duration", RECURRENCE]
    wanted = dict.fromkeys((*names, *beside))
    return {name: have[name] for name in wanted if name in have and name != OCCURRENCES}

"""Meetings as Zoom can store them: what is wanted, what is linked, what Zoom shows, and how they differ.

Both sides of a comparison are brought to one form first, so that Zoom's own roundings never look like a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from zoom_sync.domain.occurrences import Span, current, one_form, spans_of, under_way
from zoom_sync.domain.panelists import Panelist, Standing
from zoom_sync.domain.profiles import NEVER_SHOWN, REQUIRED, only_changed, only_created
from zoom_sync.domain.programme import Kind, Passcode

# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
TOPIC_LIMIT = 200
AGENDA_LIMIT = 2000
# "The length of agenda gets truncated to 250 characters when you list all of a user's meetings":
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/users/{userId}/meetings
AGENDA_IN_LIST = 250


class Origin(StrEnum):
    """How a meeting came to be linked. What is neither is never touched."""

    CREATED = "created"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class MeetingFields:
    """What of a meeting is compared and written.

    `start` is in UTC, `duration` in minutes. `settings` maps a dotted path below Zoom's `settings`
    (`"question_and_answer.enable"`) to its value; on the desired side it holds only what is managed. A series has a
    `recurrence`, in Zoom's words, and `occurrences`: when it begins each time, in UTC; `start` is the first of them.
    """

    topic: str
    agenda: str
    start: datetime
    duration: int
    timezone: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    recurrence: Mapping[str, Any] | None = None
    occurrences: tuple[datetime, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """When the meeting is held."""
        return spans_of(self.occurrences or (self.start,), self.duration)


class Cause(StrEnum):
    """Who made a field differ: the programme wants another value than was written, Zoom shows another, or both."""

    PROGRAMME = "programme"
    ZOOM = "zoom"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: `name` as Zoom calls it, what Zoom has, what the programme wants.

    Of a linked meeting's field it is also known what was `applied`, and with it the cause.
    """

    name: str
    old: Any
    new: Any
    applied: Any = field(default=None, compare=False)
    cause: Cause | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DesiredMeeting:
    """The meeting that the programme asks for. `host` is what the programme names, if it names one.

    `key` is that of the session it belongs to; `members` are those of the other sessions held in it. `sessions` are the
    times of all of them, where there are several. `panelists` are a webinar's.
    """

    key: str
    kind: Kind
    fields: MeetingFields
    end: datetime
    host: str | None = None
    known_id: str | None = None
    members: tuple[str, ...] = ()
    sessions: tuple[Span, ...] = ()
    panelists: tuple[Panelist, ...] = ()

    def panelists_beside(self, host_id: str) -> tuple[Panelist, ...]:
        """The panelists less the host, who comes in anyhow."""
        return tuple(one for one in self.panelists if not host_id or one.user_id != host_id)

    @property
    def spans(self) -> tuple[Span, ...]:
        """When somebody has to hold it: a host is free between two sessions."""
        return self.sessions or ((self.fields.start, self.end),)

    def begun(self, now: datetime) -> bool:
        """Whether its time is not to be touched any more."""
        return self.fields.start <= now

    def under_way(self, now: datetime) -> bool:
        """Whether people may be in it: from the first session to the last; of a series, at its times alone."""
        if self.fields.recurrence is not None:
            return under_way(self.fields.spans, now)
        return self.fields.start <= now < self.end

    def between(self, now: datetime) -> bool:
        """Whether it is a series that was held and will be again, and is not under way."""
        return self.begun(now) and now < self.end and not self.under_way(now)

    @property
    def at_first(self) -> MeetingFields:
        """What Zoom can be told when the meeting is made."""
        return without(self.fields, lambda path: only_changed(path, self.kind))

    @property
    def later(self) -> MeetingFields:
        """What Zoom can be told once the meeting is there."""
        return without(self.fields, lambda path: only_created(path, self.kind))

    @property
    def only_later(self) -> tuple[str, ...]:
        """The names of what has to wait until the meeting is there."""
        return tuple(f"settings.{path}" for path in sorted(self.fields.settings) if only_changed(path, self.kind))


@dataclass(frozen=True, slots=True)
class Link:
    """A meeting that is ours: made or adopted for `key`. `applied` is what we last knew Zoom to hold.

    `panelists` are, by folded e-mail, those of a webinar's whom the programme named when we last wrote them. `version`
    grows with every change of the row; a writer that saw an older one has lost.
    """

    key: str
    meeting_id: str
    kind: Kind
    host_id: str
    passcode: Passcode
    join_url: str = field(repr=False)
    origin: Origin
    applied: MeetingFields
    version: int = 1
    synced_at: datetime | None = field(default=None, compare=False)
    panelists: Mapping[str, Standing] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Intent:
    """A creation that was begun and has no meeting yet. The passcode is its mark on Zoom.

    Its meeting may be on Zoom: `attempts` counts the requests that were about to be sent, and `attempted_at` is when
    the last of them was. Before the first one both are empty, and the store does not hold it.
    """

    key: str
    host_id: str
    kind: Kind
    topic: str
    passcode: Passcode
    created_at: datetime
    attempts: int = 0
    attempted_at: datetime | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class ObservedMeeting:
    """A meeting as Zoom shows it.

    Settings, passcode, whether it is `running` and the times of a series are known only where the meeting was read by
    itself (`deep`); a list tells of a series when it comes next. `panelists`, by folded e-mail, are None where they
    were not looked at.
    """

    meeting_id: str
    host_id: str
    kind: Kind
    topic: str
    agenda: str
    start: datetime | None
    duration: int
    timezone: str
    join_url: str = field(repr=False)
    created_at: datetime | None = None
    settings: Mapping[str, Any] | None = None
    passcode: Passcode | None = None
    running: bool = False
    series: bool = False
    recurrence: Mapping[str, Any] | None = None
    occurrences: tuple[datetime, ...] = ()
    panelists: frozenset[str] | None = field(default=None, repr=False)

    @property
    def deep(self) -> bool:
        return self.settings is not None

    @property
    def spans(self) -> tuple[Span, ...]:
        """When the meeting is held, as far as is known; empty for one without a time."""
        return spans_of(self.occurrences or ((self.start,) if self.start is not None else ()), self.duration)

    def time(self, now: datetime) -> Span | None:
        """When it is on, or comes next, or else was held last; None for a meeting without a time."""
        return current(self.spans, now) if self.spans else None

    def fields(self) -> MeetingFields:
        """What Zoom holds, in the form that is compared."""
        start = min(self.occurrences, default=self.start) or datetime.min.replace(tzinfo=UTC)
        return MeetingFields(
            clean(self.topic),
            clean(self.agenda),
            start,
            self.duration,
            self.timezone,
            dict(self.settings or {}),
            one_form(self.recurrence or {}) if self.series else None,
            self.occurrences,
        )


def clean(text: str) -> str:
    """Text as both sides are compared: one kind of line end, no blanks at the ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def clip(text: str, limit: int) -> str:
    """Text cut to `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def flatten(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings as dotted paths; a list is a value."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def unflatten(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted paths as nested settings, the form that Zoom takes."""
    nested: dict[str, Any] = {}
    for path, value in settings.items():
        *parents, leaf = path.split(".")
        level = nested
        for parent in parents:
            level = level.setdefault(parent, {})
        level[leaf] = value
    return nested


def alike(name: str, have: Any, want: Any) -> bool:
    """Whether what Zoom shows is what was asked for. Zoom tells more than it was told, in any order.

    An object may have more fields than were asked for, a list may be in another order, an address in another case, and
    what is empty may be left out.
    """
    if name == "settings.alternative_hosts":
        return _addresses(have) == _addresses(want)
    return _alike(have, want)


def _addresses(told: Any) -> list[str]:
    """E-mail addresses separated by ";" or ",", in any order and case."""
    return sorted(part.strip().casefold() for part in str(told or "").replace(",", ";").split(";") if part.strip())


def _alike(have: Any, want: Any) -> bool:
    if isinstance(want, Mapping):
        told = have if isinstance(have, Mapping) else {}
        return all(_alike(told.get(name), value) for name, value in want.items())
    if isinstance(want, (list, tuple)):
        left = list(have) if isinstance(have, (list, tuple)) else []
        for one in want:
            found = next((n for n, other in enumerate(left) if _alike(other, one)), None)
            if found is None:
                return False
            del left[found]
        return not left
    if isinstance(want, str) and "@" in want and isinstance(have, str):
        return have.casefold() == want.casefold()
    return bool(have == want or (want == "" and have is None))


PLAIN_FIELDS = ("topic", "agenda", "start_time", "duration", "timezone")
RECURRENCE, OCCURRENCES = "recurrence", "occurrences"
TIME_FIELDS = frozenset({"start_time", "duration", "timezone", RECURRENCE, OCCURRENCES})


def without(fields: MeetingFields, left_out: Callable[[str], bool]) -> MeetingFields:
    """The same fields less those settings whose paths are to be left out."""
    return replace(fields, settings={path: value for path, value in fields.settings.items() if not left_out(path)})


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
        if not alike(name, have.get(name), value)
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


def applied_after(fields: MeetingFields, observed: MeetingFields | None = None) -> MeetingFields:
    """What is known to be on Zoom once `fields` were written, over what was `observed` there before."""
    return replace(fields, settings={**(observed.settings if observed else {}), **fields.settings})


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
    beside = [f"settings.{REQUIRED[one]}" for one in sorted(objects & REQUIRED.keys())]
    if RECURRENCE in names or (fields.recurrence is not None and not TIME_FIELDS.isdisjoint(names)):
        # "recurrence: Use this object only for a meeting with type 8":
        # https://developers.zoom.us/docs/api/meetings/#tag/meetings/PATCH/meetings/{meetingId}
        beside += ["start_time", "duration", RECURRENCE]
    wanted = dict.fromkeys((*names, *beside))
    return {name: have[name] for name in wanted if name in have and name != OCCURRENCES}

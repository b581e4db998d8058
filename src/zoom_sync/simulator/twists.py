"""Standing peculiarities of the account, on demand: locked settings, renamed zones, fields that are missing.

A fault breaks an exchange; a twist is how this Zoom is. It stays until it is taken away, is kept in the state file,
and says which requests it is about: those of a host, of a meeting, of an operation, or all. Nothing a hand does
through the control routes is twisted. One with a slip in it is refused when it is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SHAPING = ("lock", "alias", "drop", "truncate", "force_passcode")
REFUSING = ("refuse_field",)
BARRING = ("refuse",)
SHOWING = ("omit", "null", "show", "links", "short_list")
DATING = ("date",)
KINDS = (*SHAPING, *REFUSING, *BARRING, *SHOWING, *DATING)
MEETING_FIELDS = ("topic", "agenda", "timezone", "start_time", "duration", "password", "type", "recurrence")
_LONGEST_SKEW = 366 * 86_400
_OWN: dict[str, dict[str, Any]] = {
    "lock": {"field": "", "value": None},
    "alias": {"field": "timezone", "from": "", "to": ""},
    "drop": {"field": "topic", "characters": ""},
    "truncate": {"field": "topic", "length": 0},
    "force_passcode": {"value": ""},
    "refuse_field": {"field": "", "values": None, "only_in_message": False, "message": ""},
    "refuse": {"status": 400, "code": 0, "message": "", "html": False},
    "omit": {"field": ""},
    "null": {"field": ""},
    "show": {"field": "", "value": None},
    "links": {"site": "", "embed": True},
    "short_list": {"keep": 0},
    "date": {"seconds": 0},
}
_SHARED = ("what", "host", "meeting", "operation", "times")
_ABOUT_ANSWERS = ("omit", "null", "show", "short_list")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about: its operation, the host's id ("" for none) and the meeting's id (0 for none)."""

    operation: str
    host: str = ""
    meeting: int = 0


@dataclass(slots=True)
class Twist:
    """One peculiarity.

    `host` is a user's id and `meeting` a meeting's ("" and 0: all). It works at most `times` times (None: always).
    `own` holds what belongs to its kind.
    """

    number: int
    what: str
    host: str = ""
    meeting: int = 0
    operation: str = ""
    times: int | None = None
    own: dict[str, Any] = field(default_factory=dict)
    worked: int = 0

    def to_json(self) -> dict[str, Any]:
        """The twist with how often it worked."""
        shared = {name: getattr(self, name) for name in _SHARED}
        return {"number": self.number, **shared, **self.own, "worked": self.worked}

    @property
    def over(self) -> bool:
        """Whether it has worked as often as it may."""
        return self.times is not None and self.worked >= self.times

    def fits(self, subject: Subject) -> bool:
        """Whether the request is one it is about. Lists are: which of their rows it is about is seen row by row."""
        if self.over or self.operation not in ("", subject.operation):
            return False
        if self.meeting and subject.meeting and self.meeting != subject.meeting:
            return False
        if self.meeting and not subject.meeting and self.what not in SHOWING:
            return False
        return not self.host or subject.operation == "users" or self.host == subject.host

    def about_row(self, row: Mapping[str, Any], operation: str) -> bool:
        """Whether a row of a list is one it is about."""
        if self.meeting and row.get("id") != self.meeting:
            return False
        return not (self.host and operation == "users") or row.get("id") == self.host


def read_twist(body: Mapping[str, Any], number: int, operations: Iterable[str], user_id: Callable[[str], str]) -> Twist:
    """A twist from JSON; `user_id` finds the id of a host named by e-mail. Raises ValueError or TypeError."""
    what = body.get("what")
    if what not in KINDS:
        raise ValueError(f"unknown kind of twist: {what!r}; known are {', '.join(KINDS)}")
    own = dict(_OWN[what])
    unknown = sorted(set(body) - set(_SHARED) - set(own))
    if unknown:
        raise ValueError(f"a twist {what!r} has no {', '.join(unknown)}; it has {', '.join([*_SHARED, *own])}")
    own |= {name: body[name] for name in own if name in body}
    shared: dict[str, Any] = {name: body[name] for name in _SHARED if name in body}
    if shared.get("host"):
        shared["host"] = user_id(str(shared["host"]))
    twist = Twist(number, **shared, own=own)
    _check_shared(twist, tuple(operations))
    _check_own(twist)
    return twist


def _check_shared(twist: Twist, operations: tuple[str, ...]) -> None:
    if twist.operation not in ("", *operations):
        raise ValueError(f"unknown operation {twist.operation!r}; known are {', '.join(operations)}")
    if not _is_count(twist.meeting):
        raise ValueError("meeting must be an id, a number")
    if twist.times is not None and not _is_count(twist.times):
        raise ValueError("times must be a whole number, or null for always")
    if twist.what in _ABOUT_ANSWERS and not twist.operation:
        raise ValueError(f"say which operation's answers {twist.what!r} is about")
    if twist.what in BARRING and not (twist.operation or twist.host or twist.meeting):
        raise ValueError("say what to refuse: an operation, a host or a meeting")


def _check_own(twist: Twist) -> None:
    own = twist.own
    _check_types(own)
    if "field" in own and not own["field"]:
        raise ValueError("field is missing")
    if twist.what in (*SHAPING, *REFUSING) and "field" in own:
        _check_field(own["field"])
    if own.get("values") is not None and not isinstance(own["values"], list):
        raise TypeError("values must be a list, or null for any value")
    if own.get("status", 400) not in range(200, 600):
        raise ValueError("status must be 200 to 599")
    seconds = own.get("seconds", 0)
    if not isinstance(seconds, int | float) or abs(seconds) > _LONGEST_SKEW:
        raise ValueError("seconds must be a number, a year's at most")
    if twist.what == "drop" and not own["characters"]:
        raise ValueError("characters is missing: those that are dropped")


def _check_types(own: Mapping[str, Any]) -> None:
    for name in ("field", "from", "to", "characters", "message", "site"):
        if not isinstance(own.get(name, ""), str):
            raise TypeError(f"{name} must be a text")
    for name in ("embed", "only_in_message", "html"):
        if not isinstance(own.get(name, False), bool):
            raise TypeError(f"{name} must be true or false")
    for name in ("length", "keep", "code"):
        if not _is_count(own.get(name, 0)):
            raise ValueError(f"{name} must be a whole number")


def _check_field(name: str) -> None:
    if name not in MEETING_FIELDS and not name.startswith("settings."):
        raise ValueError(f"field must be settings.NAME or one of {', '.join(MEETING_FIELDS)}")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class Twists:
    """The twists in force."""

    def __init__(self) -> None:
        self._numbers = 0
        self.rules: list[Twist] = []

    def add(
        self, bodies: Iterable[Mapping[str, Any]], operations: Iterable[str], user_id: Callable[[str], str]
    ) -> list[Twist]:
        """Registers twists, all or none; raises ValueError or TypeError."""
        known = tuple(operations)
        rules = [
            read_twist(body, self._numbers + number, known, user_id) for number, body in enumerate(bodies, start=1)
        ]
        self._numbers += len(rules)
        self.rules += rules
        return rules

    def remove(self, number: int) -> None:
        """Takes one away; raises ValueError where there is none of that number."""
        kept = [rule for rule in self.rules if rule.number != number]
        if len(kept) == len(self.rules):
            raise ValueError(f"there is no twist {number}")
        self.rules = kept

    def clear(self) -> None:
        """Takes all away."""
        self.rules = []

    def of(self, kinds: tuple[str, ...], subject: Subject) -> Iterator[Twist]:
        """Those of these kinds that are about the request, the oldest first."""
        return (rule for rule in self.rules if rule.what in kinds and rule.fits(subject))

    def to_json(self) -> list[dict[str, Any]]:
        """All of them, as the control routes and the state file show them."""
        return [rule.to_json() for rule in self.rules]

    def restore(self, kept: Iterable[Mapping[str, Any]]) -> None:
        """Goes on with those of a state file."""
        self.rules = [
            Twist(
                number=row["number"],
                **{name: row[name] for name in _SHARED},
                own={name: row[name] for name in _OWN[row["what"]]},
                worked=row["worked"],
            )
            for row in kept
        ]
        self._numbers = max((rule.number for rule in self.rules), default=0)

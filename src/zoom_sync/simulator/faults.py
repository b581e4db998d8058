"""Things that go wrong, on demand: rules which say to which requests what happens, and how often.

A rule is refused when it is registered if a field or a value in it is unknown: a fault that never fires because of
a slip would make a test pass for nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .clock import DAY
from .limits import LABELS
from .messages import Request

BEFORE = (
    "refuse", "drop_before", "deliver_late", "rate_limit", "code_under_200", "expire_token", "revoke_token",
    "expire_page_token",
)  # fmt: skip
AFTER = (
    "drop_after", "error_after", "garbage_after", "half_body_after", "delay", "repeat_page_token",
)  # fmt: skip
# Besides whatever else goes wrong with the same request: a lost answer and a late list go together badly.
BESIDES = ("late_list",)
STANDING = ("other_app",)
KINDS = (*BEFORE, *AFTER, *BESIDES, *STANDING)
_OWN: dict[str, dict[str, Any]] = {
    "refuse": {"status": 503},
    "error_after": {"status": 500},
    "delay": {"seconds": 1.0},
    "deliver_late": {"seconds": 30.0},
    "late_list": {"seconds": 60.0},
    "rate_limit": {"limit": "qps"},
    "code_under_200": {"code": 200, "message": "No permission."},
    "other_app": {"label": None, "per_second": 0, "per_day": 0},
}
_SHARED = ("kind", "operation", "method", "path", "times", "after", "probability")
_PAGING = ("expire_page_token", "repeat_page_token")


@dataclass(slots=True)
class Rule:
    """One rule.

    It fires for requests of `operation`, or of `method` and a path which the regular expression `path` matches
    anywhere; none of them: every request. It skips the first `after` of these, then fires at most `times` times
    (None: always), each time with `probability`. `own` holds what belongs to the kind: a status, seconds, a limit.
    """

    kind: str
    operation: str = ""
    method: str = ""
    path: str = ""
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    own: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0

    def to_json(self) -> dict[str, Any]:
        """The rule with what became of it."""
        shown = {name: getattr(self, name) for name in _SHARED}
        return {**shown, **self.own, "seen": self.seen, "fired": self.fired}

    def matches(self, operation: str, request: Request) -> bool:
        """Whether the rule is about this request."""
        if self.kind in _PAGING and not request.query.get("next_page_token"):
            return False
        if self.operation and self.operation != operation:
            return False
        if self.method and self.method != request.method:
            return False
        return not self.path or re.search(self.path, request.path) is not None


def read_rule(body: Mapping[str, Any], operations: Iterable[str]) -> Rule:
    """A rule from JSON; raises ValueError with the reason where anything in it is unknown or of a wrong type."""
    kind = body.get("kind")
    if kind not in (*BEFORE, *AFTER, *BESIDES, *STANDING):
        raise ValueError(
            f"unknown kind of fault: {kind!r}; known are {', '.join((*BEFORE, *AFTER, *BESIDES, *STANDING))}"
        )
    own = dict(_OWN.get(kind, {}))
    unknown = set(body) - set(_SHARED) - set(own)
    if unknown:
        raise ValueError(f"a fault {kind!r} has no {', '.join(sorted(unknown))}; it has {', '.join([*_SHARED, *own])}")
    own |= {name: body[name] for name in own if name in body}
    _check_own(own)
    rule = Rule(**{name: body[name] for name in _SHARED if name in body}, own=own)
    _check_shared(rule, operations)
    return rule


def _check_shared(rule: Rule, operations: Iterable[str]) -> None:
    known = [*operations, "token"]
    if rule.operation and rule.operation not in known:
        raise ValueError(f"unknown operation {rule.operation!r}; known are {', '.join(known)}")
    if rule.kind == "late_list" and rule.operation not in ("", "meetingCreate"):
        raise ValueError("late_list is about meetingCreate")
    if rule.method not in ("", "GET", "POST", "PUT", "PATCH", "DELETE"):
        raise ValueError(f"unknown method {rule.method!r}")
    if rule.times is not None and not _is_count(rule.times):
        raise ValueError("times must be a whole number, or null for always")
    if not _is_count(rule.after):
        raise ValueError("after must be a whole number")
    if not isinstance(rule.probability, int | float) or not 0 <= rule.probability <= 1:
        raise ValueError("probability must be between 0 and 1")
    try:
        re.compile(rule.path)
    except (re.error, TypeError) as error:
        raise ValueError(f"path is not a regular expression: {error}") from error


def _check_own(own: Mapping[str, Any]) -> None:
    if "status" in own and (not _is_count(own["status"]) or own["status"] not in range(400, 600)):
        raise ValueError("status must be 400 to 599")
    if "seconds" in own and (not isinstance(own["seconds"], int | float) or not 0 <= own["seconds"] <= DAY):
        raise ValueError("seconds must be a number, a day's at most")
    if "limit" in own and own["limit"] not in ("qps", "daily", "host", "registrant"):
        raise ValueError("limit must be qps, daily, host or registrant")
    if "label" in own and own["label"] not in LABELS:
        raise ValueError(f"label must be one of {', '.join(LABELS)}")
    if not all(_is_count(own.get(name, 0)) for name in ("per_second", "per_day", "code")):
        raise ValueError("per_second, per_day and code must be whole numbers")
    if not isinstance(own.get("message", ""), str):
        raise TypeError("message must be a text")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class Faults:
    """The rules in force, and what they did."""

    def __init__(self, seed: int, operations: Iterable[str]) -> None:
        self._seed = seed
        self._operations = tuple(operations)
        self._draws = 0
        self.rules: list[Rule] = []
        self.fired: list[dict[str, Any]] = []

    def add(self, *bodies: Mapping[str, Any]) -> list[Rule]:
        """Registers rules, all or none; raises ValueError or TypeError."""
        rules = [read_rule(body, self._operations) for body in bodies]
        self.rules += rules
        return rules

    def clear(self) -> None:
        """Removes all rules; the list of what fired stays."""
        self.rules.clear()

    def pick(self, kinds: tuple[str, ...], operation: str, request: Request) -> Rule | None:
        """The first rule of these kinds that fires for the request."""
        for rule in self.rules:
            if rule.kind in kinds and rule.matches(operation, request) and self._fires(rule):
                self.fired.append({"kind": rule.kind, "operation": operation, "path": request.path})
                return rule
        return None

    def taken(self, label: str) -> tuple[int, int]:
        """What other apps use of a label's limits: requests a second, and a day."""
        apps = [rule.own for rule in self.rules if rule.kind in STANDING and rule.own["label"] == label]
        return sum(app["per_second"] for app in apps), sum(app["per_day"] for app in apps)

    def _fires(self, rule: Rule) -> bool:
        rule.seen += 1
        if rule.seen <= rule.after or (rule.times is not None and rule.fired >= rule.times):
            return False
        if rule.probability < 1 and self._draw() >= rule.probability:
            return False
        rule.fired += 1
        return True

    def _draw(self) -> float:
        """A number from 0 to 1, the same ones in the same order for the same seed."""
        self._draws += 1
        digest = hashlib.sha256(f"{self._seed}:fault:{self._draws}".encode()).digest()
        return int.from_bytes(digest[:7]) / 256**7

    def to_json(self) -> dict[str, Any]:
        """Rules and history, as the control routes show them."""
        return {"rules": [rule.to_json() for rule in self.rules], "fired": list(self.fired)}

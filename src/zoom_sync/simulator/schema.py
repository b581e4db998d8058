"""Checking a JSON body against a table of fields, with Zoom's answer where it does not fit.

A rule takes a path and a value and yields the problems it finds. All problems of a body are reported together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .refusals import invalid_fields

Problem = tuple[str, str]
Rule = Callable[[str, object], Iterator[Problem]]
_LONE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile("[0-9]{1,18}")
_EMAIL = re.compile(r"(?=.{3,128}$)[^@\s]+@[^@\s]+\.[^@\s]+")


def read_number(value: str) -> int | None:
    """The number a text stands for, such as an id in a path; None for any other text, and for one far too long."""
    return int(value) if _NUMBER.fullmatch(value) else None


def problem(path: str) -> Problem:
    """Zoom's wording: {"field": "settings.jbh_time", "message": "Invalid parameter: jbh_time."}."""
    return path, f"Invalid parameter: {path.rsplit('.', 1)[-1]}."


def only(body: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises ValueError where the body of a control route has another name."""
    known = tuple(names)
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")


def text(longest: int | None = None, pattern: str = "") -> Rule:
    """A string of at most so many characters which fits the whole pattern."""
    shape = re.compile(pattern) if pattern else None

    def check(path: str, value: object) -> Iterator[Problem]:
        fits = isinstance(value, str) and (longest is None or len(value) <= longest) and not _LONE.search(value)
        if not fits or (shape and not shape.fullmatch(str(value))):
            yield problem(path)

    return check


def whole(least: int, most: int) -> Rule:
    """An integer within bounds. A number written as a string is refused."""

    def check(path: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield problem(path)

    return check


def flag(path: str, value: object) -> Iterator[Problem]:
    """A boolean."""
    if not isinstance(value, bool):
        yield problem(path)


def email(path: str, value: object) -> Iterator[Problem]:
    """An e-mail address of at most 128 characters."""
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        yield problem(path)


def one_of(*allowed: object) -> Rule:
    """One of the listed values, of the same type (True is not 1)."""

    def check(path: str, value: object) -> Iterator[Problem]:
        if not any(type(value) is type(item) and value == item for item in allowed):
            yield problem(path)

    return check


def listed(item: Rule, most: int | None = None) -> Rule:
    """A list whose items all fit."""

    def check(path: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, list) or (most is not None and len(value) > most):
            yield problem(path)
            return
        for entry in value:
            yield from item(path, entry)

    return check


def record(fields: Mapping[str, Rule], required: tuple[str, ...] = ()) -> Rule:
    """An object of known fields.

    What Zoom does with a field it does not know is not documented; the simulator refuses it, because taking a
    misspelt field in silence would hide the mistake.
    """

    def check(path: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield problem(path)
            return
        prefix = f"{path}." if path else ""
        for name in required:
            if name not in value:
                yield problem(prefix + name)
        for name, entry in value.items():
            rule = fields.get(name)
            if rule is None:
                yield prefix + name, f"Unknown parameter: {name}."
            else:
                yield from rule(prefix + name, entry)

    return check


def require(rule: Rule, body: Mapping[str, Any]) -> None:
    """Raises Refusal 300 with every problem of the body."""
    problems = list(rule("", body))
    if problems:
        raise invalid_fields(problems)

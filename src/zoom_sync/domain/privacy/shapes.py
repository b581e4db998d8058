"""Where personal data stands in a row, and how it is read and taken out. A row is a dict; nothing in it is trusted.

A `Shape` says for one kind of object which fields identify or describe its person, and which inner objects there are:
those of the same person (`own`), and those of others, as the answers of hosts in the question of somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from zoom_sync.domain.privacy.marks import ERASED, Known, Marks, Recognise, mark_of
from zoom_sync.domain.questions import LIVE, answered_live

ERASED_TEXT = "(erased)"
SURE_KEY = "registrant"


class Role(StrEnum):
    """What a field tells of its person."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    ID = "id"
    OTHER_ID = "other id"  # tells who it is as well, and goes with the person, while an ID becomes a tag
    KEY = "key"  # "email:ann@example.org", "registrant:abc": what the merge knows the person by
    CERTAINTY = "certainty"  # the first half of the key once more
    TEXT = "text"  # what the person wrote
    CHOICE = "choice"  # what the person answered to a poll
    JOINED = "joined"  # what others wrote to it, joined in one text
    DETAIL = "detail"  # devices, addresses, links of one's own


@dataclass(frozen=True, slots=True)
class Shape:
    """The personal fields of one object. `name_enough`: nothing but a name is ever known, so that has to do."""

    fields: Mapping[str, Role] = field(default_factory=dict)
    inner: Mapping[str, Shape] = field(default_factory=dict)
    own: bool = False
    name_enough: bool = False


NOBODY = Shape()
_KNOWN = {Role.EMAIL: Known.EMAIL, Role.NAME: Known.NAME, Role.ID: Known.ID, Role.OTHER_ID: Known.ID}
_KEY_KNOWN = {"registrant": Known.ID, "participant": Known.ID, "email": Known.EMAIL, "name": Known.NAME}


def whole_marks(value: Mapping[str, Any], shape: Shape) -> Iterator[tuple[Marks, bool]]:
    """The marks of each object in a row with a person of its own, and whether a name is enough for it."""
    if not shape.own:
        yield _marks(value, shape), shape.name_enough
    for values, inner in _inner(value, shape):
        yield from whole_marks(values, inner)


def erased(value: Mapping[str, Any], shape: Shape, who: Recognise, tag: Callable[[str], str]) -> Mapping[str, Any]:
    """The row without those whom `who` recognises: `value` itself where nobody is.

    Their name becomes "erased", their ids `tag` of their token, so that their stays remain one line and totals hold.
    """
    return _erased(value, shape, who, tag, who(_marks(value, shape), name_enough=shape.name_enough))


def without(value: Mapping[str, Any], shape: Shape, roles: frozenset[Role]) -> Mapping[str, Any]:
    """The row with the fields of these roles emptied, everybody's."""
    changed: dict[str, Any] = {
        name: _unjoined(value, name) if role is Role.JOINED else _empty(value[name])
        for name, role in shape.fields.items()
        if role in roles and name in value
    }
    for name, inner in shape.inner.items():
        if name in value:
            changed[name] = _each(value[name], partial(without, shape=inner, roles=roles))
    return {**value, **changed}


def told_of(value: Mapping[str, Any], shape: Shape, who: Recognise) -> list[Mapping[str, Any]]:
    """The objects of a row that tell of a person. What others wrote to it stays, without who they are."""
    if who(_marks(value, shape), name_enough=shape.name_enough) is not None:
        return [_anonymous_inside(value, shape)]
    return [found for values, inner in _inner(value, shape) for found in _told_inside(values, inner, who)]


def _told_inside(value: Mapping[str, Any], shape: Shape, who: Recognise) -> list[Mapping[str, Any]]:
    if not shape.own:
        return told_of(value, shape, who)
    return [found for values, inner in _inner(value, shape) for found in _told_inside(values, inner, who)]


_IDENTITY = frozenset(
    {Role.EMAIL, Role.NAME, Role.FIRST_NAME, Role.LAST_NAME, Role.ID, Role.OTHER_ID, Role.KEY, Role.DETAIL}
)


def _anonymous_inside(value: Mapping[str, Any], shape: Shape) -> Mapping[str, Any]:
    changed: dict[str, Any] = {}
    for name, inner in shape.inner.items():
        if name in value:
            hide = (
                partial(_anonymous_inside, shape=inner) if inner.own else partial(without, shape=inner, roles=_IDENTITY)
            )
            changed[name] = _each(value[name], hide)
    return {**value, **changed}


def _marks(value: Mapping[str, Any], shape: Shape) -> Marks:
    """The marks of an object and of what it holds of the same person."""
    marks = Marks()
    for name, role in shape.fields.items():
        if role in _KNOWN:
            for one in _each_of(value.get(name)):
                marks |= mark_of(_KNOWN[role], one)
        elif role is Role.KEY:
            rank, _, text = str(value.get(name, "")).partition(":")
            marks |= mark_of(_KEY_KNOWN[rank], text) if rank in _KEY_KNOWN else Marks()
    marks |= _full_name(value, shape)
    for one, inner in _inner(value, shape):
        if inner.own:
            marks |= _marks(one, inner)
    return marks


def _full_name(value: Mapping[str, Any], shape: Shape) -> Marks:
    halves = [name for name, role in shape.fields.items() if role in (Role.FIRST_NAME, Role.LAST_NAME)]
    return mark_of(Known.NAME, " ".join(str(value.get(half) or "") for half in halves)) if halves else Marks()


def _inner(value: Mapping[str, Any], shape: Shape) -> Iterator[tuple[Mapping[str, Any], Shape]]:
    for name, inner in shape.inner.items():
        found = value.get(name)
        for one in found if isinstance(found, list | tuple) else (found,):
            if isinstance(one, Mapping):
                yield one, inner


def _each(value: Any, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Any:
    """What `change` makes of an object or of each object in a list; the same where it changes none."""
    if isinstance(value, Mapping):
        return change(value)
    if not isinstance(value, list | tuple):
        return value
    made = [change(entry) if isinstance(entry, Mapping) else entry for entry in value]
    return made if any(new is not old for new, old in zip(made, value, strict=True)) else value


def _erased(
    value: Mapping[str, Any], shape: Shape, who: Recognise, tag: Callable[[str], str], token: str | None
) -> Mapping[str, Any]:
    changed: dict[str, Any] = {}
    of_others = False
    for name, inner in shape.inner.items():
        found = value.get(name)
        if inner.own:
            made = _each(found, partial(_erased, shape=inner, who=who, tag=tag, token=token))
        else:
            made = _each(found, partial(erased, shape=inner, who=who, tag=tag))
        if made is not found:
            changed[name] = made
            of_others = of_others or not inner.own
    if token is not None:
        changed |= _replaced(value, shape, tag(token))
    if of_others:
        changed |= {name: _unjoined(value, name) for name in _fields_of(shape, Role.JOINED) if name in value}
    return {**value, **changed} if changed else value


def _replaced(value: Mapping[str, Any], shape: Shape, tag: str) -> dict[str, Any]:
    ids = _fields_of(shape, Role.ID)
    borne = [name for name in ids if value.get(name)] or [name for name in ids if name in value][:1]
    sure = str(value.get(next(iter(_fields_of(shape, Role.KEY)), ""), "")).startswith(SURE_KEY)
    rank = SURE_KEY if sure else "participant"
    made: dict[str, Any] = {name: [tag] if isinstance(value[name], list | tuple) else tag for name in borne}
    for name, role in shape.fields.items():
        if name not in value or role in (Role.ID, Role.JOINED):
            continue
        if role is Role.KEY:
            made[name] = f"{rank}:{tag}"
        elif role is Role.CERTAINTY:
            made[name] = rank
        elif role in (Role.NAME, Role.FIRST_NAME):
            made[name] = ERASED
        elif role in (Role.TEXT, Role.CHOICE):
            made[name] = ERASED_TEXT if value[name] else value[name]
        else:
            made[name] = _empty(value[name])
    return made


def _fields_of(shape: Shape, role: Role) -> list[str]:
    return [name for name, has in shape.fields.items() if has is role]


def _unjoined(value: Mapping[str, Any], name: str) -> Any:
    """What is left of several people's texts in one: that a question was answered live, which is nobody's words."""
    return LIVE if answered_live(value) else _empty(value[name])


def _each_of(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _empty(value: Any) -> Any:
    if isinstance(value, str):
        return ""
    return [] if isinstance(value, list | tuple) else None

"""Texts of the program's own that can be said in another language. Pure; standard library only.

A phrase *is* its English text: whatever compares, stores or prints it sees a `str`. It also knows its template and the
values in it, so whoever has a translation of the template can say it otherwise. The name of a value tells what it is:
`why` is another phrase, or words of Zoom's; `fields` are names of a meeting's fields; `kind` and `wanted`, `report`,
`state` are values of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Self


class Phrase(str):
    """A text in English with the template it was made of. A value that is several is told as a list."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: Any) -> Self:
        """`template` is written out where it is used, so that all there are can be found."""
        return cls.made_of(template, values)

    @classmethod
    def made_of(cls, template: str, values: Mapping[str, Any]) -> Self:
        """The phrase of a template that is known already."""
        told = {name: listed(value) if isinstance(value, (list, tuple)) else value for name, value in values.items()}
        made = str.__new__(cls, template.format(**told) if values else template)
        made.template, made.values = template, values
        return made

    def with_each(self, change: Callable[[Any], Any]) -> Phrase:
        """The same with every value as `change` makes it."""
        return Phrase.made_of(self.template, {name: change(value) for name, value in self.values.items()})


NOTHING = Phrase("")


def listed(items: Sequence[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *others, last = map(str, items)
    return f"{', '.join(others)} and {last}" if others else last


def then(before: str, after: str) -> Phrase:
    """Two texts, one after the other, as one."""
    return Phrase("{before}; {after}", before=before, after=after)


def joined(parts: Iterable[Phrase]) -> Phrase:
    """Phrases one after the other, as one."""
    return reduce(then, parts)

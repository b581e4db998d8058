"""What a reader of a timetable answers: the entries in the source's own words, and how its times are told.

Imports the domain and the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser

from zoom_sync.domain.timetable import Entry

MOST_ENTRIES = 20_000
LONGEST_NAME = 2000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Told:
    """When an entry takes place, as the source tells it.

    A naive time is one on the clock of `zone`, or of the event's zone where that is None. `flaw` is why the reader
    could not read the times; then the rest does not count. `whole_day`: no time of day is told, on purpose.
    """

    start: datetime | None = None
    end: datetime | None = None
    length: timedelta | None = None
    zone: str | None = None
    flaw: str | None = None
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """An entry without its times, and the times as they were told."""

    entry: Entry
    told: Told


@dataclass(slots=True)
class Listing:
    """Everything that a source tells. `timezone` is the zone that the source says its times are in."""

    slots: list[Slot] = field(default_factory=list)
    title: str | None = None
    key: str | None = None
    timezone: str | None = None
    description: str | None = None


def one_line(value: object, most: int = LONGEST_NAME) -> str:
    """A text of one line: spaces squeezed, what cannot be shown removed."""
    return " ".join(_CONTROL.sub(" ", _text(value)[: most * 4]).split())[:most]


def lines(value: object, most: int = 20_000) -> str | None:
    """A text of several lines, HTML taken off; None where nothing is left."""
    text = _text(value)[: most * 4]
    if _TAG.search(text):
        text = _without_tags(text)
    texts = (" ".join(line.split()) for line in _CONTROL.sub("\n", text.replace("\r\n", "\n")).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(texts)).strip()[:most] or None


def names(values: Iterable[object]) -> tuple[str, ...]:
    """Names in their order, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, map(one_line, values))))


def split_names(text: str, between: str = r"[;|\n\u3001\uff1b]|, ") -> tuple[str, ...]:
    """Several names in one cell."""
    return names(re.split(between, text))


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return value if isinstance(value, str) else str(value)


class _Words(HTMLParser):
    """The text of HTML; nothing in it is followed."""

    BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the interface
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _without_tags(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    return "".join(words.parts)

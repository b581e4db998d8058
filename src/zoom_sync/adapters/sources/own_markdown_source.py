"""The Markdown that zoom_sync itself publishes, read back as an announcement: line by line, so that lines keep numbers.

Imports the standard library and this room.
"""

from __future__ import annotations

import re
from dataclasses import replace

from zoom_sync.adapters.sources.announcement_lines import label_of, read_heading
from zoom_sync.adapters.sources.announcement_source import read_announcement
from zoom_sync.adapters.sources.decoding import lines_of
from zoom_sync.adapters.sources.mapping import Part
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Source

_TITLE = re.compile(r"\A\ufeff?# \S")
_SESSION = re.compile(r"^## [^\n]{1,500}$", re.MULTILINE)
_LABELLED = re.compile(r"^(?P<mark>[-*] )?\*\*(?P<label>.{1,200}?)[:\uff1a]\*\* ?(?P<value>.*)$")
_LONG = re.compile(r"^\*(?P<text>[^*].*[^\\])\*$")
_LINK = re.compile(r"^<(https?://[^<>]*)>$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~!&$+=.)-])")


def looks_like_our_markdown(text: str) -> bool:
    if not _TITLE.match(text) or not _SESSION.search(text):
        return False
    found = (_LABELLED.match(line) for line in lines_of(text[:200_000]))
    return any(match and match["mark"] == "- " and label_of(_plain(match["label"])) for match in found)


def read_our_markdown(source: Source, findings: Findings) -> Draft:
    told = "\n".join(_line(line, number) for number, line in enumerate(lines_of(source.text)))
    return read_announcement(replace(source, text=told), findings)


FORMAT = Format("zoom-sync-markdown", looks_like_our_markdown, read_our_markdown, takes=frozenset({Part.LENGTH}))


def _line(line: str, number: int) -> str:
    """A line of Markdown as the line of an announcement; empty where it tells a time elsewhere."""
    if line.startswith("# ") and number == 0:
        return f"Event: {_plain(line[2:])}"
    if line.startswith("## "):
        text = _plain(line[3:])
        return text if read_heading(text) else f"Session {text}"
    match = _LABELLED.match(line)
    if match is None:
        long = _LONG.match(line)
        return _plain(long["text"]) if long else _plain(line)
    label, link = _plain(match["label"]), _LINK.match(match["value"])
    value = link[1] if link else _plain(match["value"])
    if match["mark"] == "* ":
        return f"\u2022 {label}: {value}"
    return f"{label}: {value}" if label_of(label) else ""


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)

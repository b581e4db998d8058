"""The formats a programme can be written in, how one is found by its content, and the way every reading goes.

A new format is one new file `…_source.py` that holds a `Format`, and its test: docs/how-to/add-a-format.md. What all
formats have in common happens here: bytes to text, the caller's zone and key, the domain's rules.

Imports the domain, `zoom_sync.errors`, `adapters.offered` and this room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from zoom_sync.adapters.offered import modules
from zoom_sync.adapters.sources.decoding import to_bytes, to_text
from zoom_sync.adapters.sources.layouts import other_layout
from zoom_sync.adapters.sources.mapping import SourceMapping
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Reading, Source
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.validate import check_event, check_sessions, doubts, key_flaw, zone_flaw
from zoom_sync.errors import Problem


def _formats() -> tuple[Format, ...]:
    """Every `Format` that a file of this room holds, in the order in which they are asked."""
    held = (value for each in modules(__package__, "_source") for value in vars(each).values())
    return tuple(sorted({each for each in held if isinstance(each, Format)}, key=lambda each: (each.guess, each.name)))


FORMATS = _formats()
OF_PATHS = "mapped"  # what a text is of which it is told where its entries are
OF_TABLES = "csv"  # what a text is whose table is told how to be read


def read_programme(
    text_or_bytes: str | bytes,
    *,
    name: str,
    timezone: str | None = None,
    event_key: str | None = None,
    format: str | None = None,  # noqa: A002
    mapping: SourceMapping = SourceMapping(),  # noqa: B008 - a frozen value
) -> Reading:
    """Read a programme in any known format; never raises for what the source holds.

    `name` is what messages call the source. `timezone` (an IANA name) and `event_key` are told by the caller where the
    source does not tell them, `mapping` everything else that can be said about it. The format is found by the content
    unless `format` names it.
    """
    findings = Findings(name)
    _check_arguments(timezone, event_key, format, findings)
    data = to_bytes(text_or_bytes, findings)
    if data is None or findings.problems:
        return _reading(Draft(), findings)
    reader = next((each for each in FORMATS if _is_meant(each, data, format)), None)
    text = "" if reader else to_text(data, findings, mapping.table.encoding)
    if reader is None and text is not None:
        reader = _format_of(text, format or _told_by(mapping, text), findings)
    if reader is None or text is None:
        return _reading(Draft(), findings)
    _check_mapping(reader, mapping, findings)
    if findings.problems:
        return _reading(Draft(), findings)
    draft = reader.read(Source(name, data, text, timezone, event_key, mapping), findings)
    return _reading(draft, findings)


def _told_by(mapping: SourceMapping, text: str) -> str | None:
    """The format of a text that shows none itself, but of which it is said how its table is read."""
    if mapping.paths is not None:
        return OF_PATHS
    if not mapping.table or any(each.recognises(text) for each in FORMATS):
        return None
    return OF_TABLES


def _is_meant(each: Format, data: bytes, text: str | None) -> bool:
    """Whether the source is of this format of bytes."""
    return each.recognises_bytes is not None and text in {None, each.name} and each.recognises_bytes(data)


def _check_mapping(reader: Format, mapping: SourceMapping, findings: Findings) -> None:
    """What is said and cannot be used is a problem: it would be ignored in silence."""
    for part in sorted(mapping.parts - reader.takes):
        able = " or ".join(f"`{each.name}`" for each in FORMATS if part in each.takes)
        text = f"{part}: this is told, but the format `{reader.name}` has no use for it, only {able}"
        findings.problem(None, text)


def _check_arguments(timezone: str | None, event_key: str | None, format_: str | None, findings: Findings) -> None:
    if timezone is not None and (flaw := zone_flaw(timezone)):
        findings.problem(None, flaw)
    if event_key is not None and (flaw := key_flaw(event_key)):
        findings.problem(None, f"the event's key {flaw}")
    if format_ is not None and format_ not in {each.name for each in FORMATS}:
        findings.problem(None, f"this format is not known: name one of {_names()}")


def _format_of(text: str, wanted: str | None, findings: Findings) -> Format | None:
    layout = None if wanted or any(not each.guess and each.recognises(text) for each in FORMATS) else other_layout(text)
    if layout:
        findings.problem(1, layout)
        return None
    for each in FORMATS:
        if each.name == wanted or (wanted is None and each.recognises(text)):
            if each.recognises_bytes is None:
                return each
            findings.problem(None, f"this is not a `{wanted}`: the source is a text")
            return None
    if wanted is None:
        findings.problem(
            1 if text.strip() else None,
            "this is not a programme in a known format: YAML has `event:` and `sessions:` at the beginning of a line,"
            " an announcement has headings such as `Seminar 1:`, a table headings such as `Title` and `Start`; or name"
            f" the format, one of {_names()}",
        )
    return None


def _names() -> str:
    return " or ".join(f"`{each.name}`" for each in FORMATS)


def _reading(draft: Draft, findings: Findings) -> Reading:
    """The end of every reading: the domain's rules over whatever was understood, then all or nothing."""
    if draft.event:
        _take(check_event(draft.event), findings)
    if draft.sessions or draft.other_keys or not findings.problems:
        _take(check_sessions(draft.sessions, draft.other_keys), findings)
    if draft.event is None and not findings.problems:
        findings.problem(None, "the event cannot be read: tell its key, title and zone")
    problems, notes = _in_order(findings.problems), _in_order(findings.notes)
    if problems or draft.event is None:
        return Reading(None, problems, notes, draft.event)
    programme = Programme(draft.event, draft.sessions)
    doubtful = (replace(note, source=findings.name) for note in doubts(programme))
    return Reading(programme, (), _in_order([*notes, *doubtful]), draft.event, draft.made_keys)


def _take(problems: Iterable[Problem], findings: Findings) -> None:
    for problem in problems:
        findings.problem(problem.line, problem.message)


def _in_order(entries: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.line or 0))

"""The formats a programme can be written in, how one is found by its content, and the way every reading goes.

A new format is one new file that offers a `FORMAT`, its name in `FORMATS` below, and its test. What all formats have
in common happens here: bytes to text, the caller's zone and key, the domain's rules.

Imports the domain, `zoom_sync.errors` and this room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from zoom_sync.adapters.sources import announcement, yaml_programme
from zoom_sync.adapters.sources.decoding import to_bytes, to_text
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Reading, Source
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.validate import check_event, check_sessions, doubts, key_flaw, zone_flaw
from zoom_sync.errors import Problem

FORMATS: tuple[Format, ...] = (yaml_programme.FORMAT, announcement.FORMAT)  # asked in this order


def read_programme(
    text_or_bytes: str | bytes,
    *,
    name: str,
    timezone: str | None = None,
    event_key: str | None = None,
    format: str | None = None,  # noqa: A002
) -> Reading:
    """Read a programme in any known format; never raises for what the source holds.

    `name` is what messages call the source. `timezone` (an IANA name) and `event_key` are told by the caller where the
    source does not tell them. The format is found by the content unless `format` names it.
    """
    findings = Findings(name)
    _check_arguments(timezone, event_key, format, findings)
    data = to_bytes(text_or_bytes, findings)
    text = to_text(data, findings) if data is not None else None
    reader = _format_of(text, format, findings) if text is not None else None
    if reader is None or data is None or text is None or findings.problems:
        return _reading(Draft(), findings)
    draft = reader.read(Source(name, data, text, timezone, event_key), findings)
    return _reading(draft, findings)


def _check_arguments(timezone: str | None, event_key: str | None, format_: str | None, findings: Findings) -> None:
    if timezone is not None and (flaw := zone_flaw(timezone)):
        findings.problem(None, flaw)
    if event_key is not None and (flaw := key_flaw(event_key)):
        findings.problem(None, f"the event's key {flaw}")
    if format_ is not None and format_ not in {each.name for each in FORMATS}:
        findings.problem(None, f"this format is not known: name one of {_names()}")


def _format_of(text: str, wanted: str | None, findings: Findings) -> Format | None:
    for each in FORMATS:
        if each.name == wanted or (wanted is None and each.recognises(text)):
            return each
    if wanted is None:
        findings.problem(
            1 if text.strip() else None,
            "this is no programme in a known format: YAML has `event:` and `sessions:` at the beginning of a line, an"
            f" announcement has headings such as `Seminar 1:`; or name the format, one of {_names()}",
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
    return Reading(programme, (), _in_order([*notes, *doubtful]), draft.event)


def _take(problems: Iterable[Problem], findings: Findings) -> None:
    for problem in problems:
        findings.problem(problem.line, problem.message)


def _in_order(entries: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.line or 0))

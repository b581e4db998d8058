"""The agenda items of the YAML form, with their times. Imports the domain and this room's values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zoom_sync.adapters.sources.moments import NotAMoment, in_zone, later
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.yaml_shapes import Record
from zoom_sync.domain.programme import AgendaItem


def read_items(
    records: Iterable[Record], session_start: datetime, zone: str, findings: Findings
) -> tuple[AgendaItem, ...]:
    """The items that can be read. One with `minutes` alone begins where the item before it ends, the first at once.

    Whether the times fit the session and one another is for the rules that all formats share.
    """
    agenda_items: list[AgendaItem] = []
    free_from: datetime | None = session_start
    for record in records:
        told, minutes = record.values, record.values.get("minutes")
        start = _start(record, zone, findings)
        if minutes is not None and "start" not in record.lines:
            start = free_from
            if start is None:
                reason = "the item has `minutes`, but nothing tells when the item before it ends: add `start`"
                findings.problem(record.line_of("minutes"), reason)
        end = later(start, minutes) if start is not None and minutes else None
        free_from = end
        emails = _emails(record, findings)
        if "presenter" in told and "title" in told:
            country = told.get("country")
            agenda_items.append(
                AgendaItem(told["presenter"], told["title"], country, start=start, end=end, emails=emails)
            )
    return tuple(agenda_items)


def _emails(record: Record, findings: Findings) -> tuple[str, ...]:
    if "email" in record.lines and "emails" in record.lines:
        findings.problem(record.line_of("emails"), "the item has both `email` and `emails`: keep one of them")
    told = record.values
    return tuple(told.get("emails", ())) or ((told["email"],) if "email" in told else ())


def _start(record: Record, zone: str, findings: Findings) -> datetime | None:
    if "start" not in record.values:
        return None
    try:
        return in_zone(record.values["start"], zone)
    except NotAMoment as reason:
        findings.problem(record.line_of("start"), f"`start`: {reason}")
        return None

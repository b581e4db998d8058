"""The reports that there are as files, for the command line and the pages: their tables, and where their lines are."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoom_sync.adapters.exports.tables import (
    ABSENTEES,
    ATTENDANCE,
    ITEM_AUDIENCE,
    POLL_COUNTS,
    POLLS,
    QUESTIONS,
    REGISTRATIONS,
    Table,
)
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.programme import Session
from zoom_sync.domain.publication import ReportRow
from zoom_sync.service_layer.collect import (
    absentees_of,
    attendance_of,
    audience_of,
    poll_counts_of,
    polls_of,
    questions_of,
    registrations_of,
)
from zoom_sync.service_layer.kept import kept_of_purged
from zoom_sync.service_layer.privacy import pseudonymised

Lines = Callable[..., Iterable[tuple[Session, Any]]]


@dataclass(frozen=True, slots=True)
class Offered:
    """A report as a file: its table, where its lines come from, and which of the store's lines it is made of."""

    table: Table[Any]
    lines: Lines
    made_of: str


# A new report is a line here; `made_of` is a name that `ReportPages.held` answers with.
REPORTS: Mapping[str, Offered] = {
    "attendance": Offered(ATTENDANCE, attendance_of, "attendance"),
    "items": Offered(ITEM_AUDIENCE, audience_of, "attendance"),
    "questions": Offered(QUESTIONS, questions_of, "questions"),
    "polls": Offered(POLLS, polls_of, "polls"),
    "poll-counts": Offered(POLL_COUNTS, poll_counts_of, "polls"),
    "registrations": Offered(REGISTRATIONS, registrations_of, "registrations"),
    "absentees": Offered(ABSENTEES, absentees_of, "absentees"),
}


# The reports that are made of kept figures once the people of a session were purged.
KEPT_AS = {"items": "audiences", "poll-counts": "polls"}


def holding_something(parts: Parts, event: str, key: str = "") -> tuple[str, ...]:
    """The reports of an event, or of one of its sessions, that have lines; those of a session without agenda no items.

    Counts outlive the purge of the lines that they were made of. Raises NotInStore for an unknown event.
    """
    held = parts.report_pages.held(event, key)
    figures = [values for name, values in kept_of_purged(parts.reports, event).items() if key in ("", name)]
    kept = {name for name, figure in KEPT_AS.items() if any(values.get(figure) for values in figures)}
    programmes = parts.programmes
    sessions = [programmes.session(event, key)] if key else programmes.programme(event).sessions
    agenda = any(session.items for session in sessions)
    return tuple(
        name
        for name, offered in REPORTS.items()
        if (offered.made_of in held or name in kept) and (agenda or name != "items")
    )


def rows_of(
    parts: Parts, event: str, keys: Sequence[str], report: str, *, pseudonymise: bool = False
) -> Generator[ReportRow[Any], None, None]:
    """The rows of a report, session by session; of all sessions if none is named. Raises NotInStore."""
    lines = REPORTS[report].lines(parts.programmes, parts.reports, event, keys)
    lines = pseudonymised(parts.people, event, lines) if pseudonymise else lines
    return (ReportRow(session.key, session.timezone, line) for session, line in lines)

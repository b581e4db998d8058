"""Files that tell of a whole event, for the command line and the pages: the workbook of its attendance, its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from zoom_sync.adapters.exports.summary import SUMMARY_WRITERS
from zoom_sync.adapters.exports.tables import people_table
from zoom_sync.adapters.exports.workbook import write_workbook
from zoom_sync.adapters.exports.writing import writer_of
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.attendance import Attendee, answers_told
from zoom_sync.domain.privacy import Pseudonyms
from zoom_sync.domain.programme import Session
from zoom_sync.domain.publication import ReportRow, SpreadsheetLanguage
from zoom_sync.service_layer.collect import event_people
from zoom_sync.service_layer.privacy import pseudonymised
from zoom_sync.service_layer.summary import summarise


def write_book(
    parts: Parts, event: str, keys: Sequence[str], out: BinaryIO, *, pseudonymise: bool = False
) -> tuple[int, int]:
    """Figures and curves first, then a sheet for each session; how many people and sessions were written.

    Raises:
        NotInStore: there is no such event or session.
    """
    figures = summarise(parts.programmes, parts.reports, event, keys, parts.clock.now(), most_questions=0)
    people = (
        (session_figures.session.key, _rows(parts, event, session_figures.session, pseudonymise))
        for session_figures in figures.sessions
    )
    return write_workbook(figures, people, out), len(figures.sessions)


def write_people(
    parts: Parts,
    event: str,
    keys: Sequence[str],
    form: str,
    out: Any,
    *,
    pseudonymise: bool = False,
    spreadsheet: SpreadsheetLanguage | None = None,
) -> int:
    """One line per person over the event's sessions; how many there are.

    Raises:
        NotInStore: there is no such event or session.
    """
    timezone = parts.programmes.programme(event).event.timezone
    people, sessions = event_people(parts.programmes, parts.reports, event, keys)
    if pseudonymise:
        hidden = Pseudonyms(parts.people.pseudonym_key(), event)
        people = [hidden.person(event_person) for event_person in people]
    table = people_table(sessions, answers_told(people))
    return writer_of(form, spreadsheet).write(table, (ReportRow("", timezone, person) for person in people), out)


def write_page(parts: Parts, event: str, keys: Sequence[str], language: str, out: BinaryIO, form: str = "html") -> int:
    """The event on one page; how many sessions are on it. Raises as `write_book`, and UserError for a language."""
    figures = summarise(parts.programmes, parts.reports, event, keys, parts.clock.now())
    out.write(SUMMARY_WRITERS[form].write(figures, language))
    return len(figures.sessions)


def _rows(parts: Parts, event: str, session: Session, pseudonymise: bool) -> Iterator[ReportRow[Attendee]]:
    lines = ((session, one) for one in parts.reports.attendance(event, session.key))
    for _, attendee in pseudonymised(parts.people, event, lines) if pseudonymise else lines:
        yield ReportRow(session.key, session.timezone, attendee)

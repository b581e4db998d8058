"""Files that tell of a whole event: the workbook of its attendance, and `report summary`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.listed import REPORT_FORMATS
from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Spreadsheet,
    check_choice,
    choose_event,
    chosen_spreadsheet,
    numbered,
    open_parts,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts


def summary(
    sessions: Annotated[
        list[str] | None, typer.Argument(metavar="[SESSION]...", help="Session keys; all if none is named.")
    ] = None,
    event: EventOption = None,
    form: Annotated[str, typer.Option("-f", "--format", metavar="html", help="One page, made to be printed.")] = "html",
    language: Annotated[str, typer.Option("--language", metavar="en|zh", help="The language it is written in.")] = "en",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - for standard output.")
    ] = "-",
) -> None:
    """The event on one page: figures, curves of the audience, and the questions to look at. Without e-mail addresses.

    Example: zoom-sync report summary -f html --language en -o summary.html
    """
    from zoom_sync.adapters.exports.summary import LANGUAGES, SUMMARY_WRITERS
    from zoom_sync.entrypoints.cli.files import writing_to
    from zoom_sync.entrypoints.event_files import write_page

    check_choice(form, SUMMARY_WRITERS, "--format")
    check_choice(language, LANGUAGES, "--language")
    parts = open_parts()
    chosen = choose_event(parts, event)
    with writing_to(output) as out:
        count = write_page(parts, chosen, sessions or [], language, out, form)
    tell_of_file(parts, chosen, output, numbered(count, "session"))


def bundle(
    sessions: Annotated[
        list[str] | None, typer.Argument(metavar="[SESSION]...", help="Session keys; all if none is named.")
    ] = None,
    event: EventOption = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "-f",
            "--format",
            metavar=REPORT_FORMATS,
            help="Of the reports; may be given several times. [default: xlsx, csv-excel]",
        ),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="en|zh", help="Of the announcement, the summary and the README.")
    ] = "en",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - for standard output.")
    ] = "-",
    pseudonymise: Annotated[
        bool, typer.Option("--pseudonymise", help="Made-up names and e-mails in the reports, and no summary.")
    ] = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """Everything in one ZIP file: each report that holds something, the summary, the announcement and a README.

    Links and passcodes are in the announcement only where the event is public.

    Example: zoom-sync report all -o seminar.zip
    """
    from zoom_sync.adapters.exports.writing import WRITERS
    from zoom_sync.domain.publication import Language, SpreadsheetLanguage
    from zoom_sync.entrypoints.bundle import FORMATS, SUFFIX, Wishes, write_bundle
    from zoom_sync.entrypoints.cli.files import writing_to

    formats = tuple(dict.fromkeys(form or FORMATS))
    for each in formats:
        check_choice(each, WRITERS, "--format")
    check_choice(language, Language, "--language")
    chosen = chosen_spreadsheet(spreadsheet, formats) or SpreadsheetLanguage.ENGLISH
    wishes = Wishes(sessions or (), formats, Language(language), chosen, pseudonymise)
    parts = open_parts()
    key = choose_event(parts, event)
    with writing_to(output, binary=SUFFIX) as out:
        count = write_bundle(parts, key, wishes, out)
    tell_of_file(parts, key, output, f"{count} files")


def write_attendance_book(
    parts: Parts, event: str, keys: Sequence[str], output: str, *, pseudonymise: bool = False
) -> bool:
    """Write the workbook of several sessions; of one there is none to write, which is answered with False.

    Raises:
        NotInStore: there is no such session.
    """
    from zoom_sync.entrypoints.cli.files import writing_to
    from zoom_sync.entrypoints.event_files import write_book

    if sum(not keys or session.key in keys for session in parts.programmes.programme(event).sessions) < 2:  # noqa: PLR2004
        return False
    with writing_to(output, binary=".xlsx") as out:
        people, sessions = write_book(parts, event, keys, out, pseudonymise=pseudonymise)
    tell_of_file(parts, event, output, f"{people} rows of {sessions} sessions")
    return True


def tell_of_file(parts: Parts, event: str, output: str, written: str) -> None:
    """Say on standard error what was written, and what of it is not complete yet."""
    from zoom_sync.service_layer.status import incomplete

    if output != "-":
        typer.echo(f"{output}: {written}", err=True)
    for words in incomplete(parts.reports, event):
        typer.echo(f"note: {words}", err=True)

"""Files that tell of a whole event: the workbook of its attendance, and `report summary`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import EventOption, check_choice, choose_event, open_parts

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts


def summary(
    sessions: Annotated[
        list[str] | None, typer.Argument(metavar="[SESSION]...", help="Session keys; all if none is named.")
    ] = None,
    event: EventOption = None,
    form: Annotated[str, typer.Option("-f", "--format", metavar="html", help="One page, made to be printed.")] = "html",
    language: Annotated[str, typer.Option("--language", metavar="en|zh", help="What it is written in.")] = "en",
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
    tell_of_file(parts, chosen, output, f"{count} sessions")


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

"""`collect`, `report` and `publish`: after the event, and the announcement before it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    check_choice,
    choose_event,
    open_parts,
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts

Sessions = Annotated[
    list[str] | None, typer.Argument(metavar="[SESSION]...", help="Session keys; all if none is named.")
]


def add_to(app: typer.Typer) -> None:
    app.command()(collect)
    app.add_typer(report, name="report")
    app.command()(publish)


def collect(
    sessions: Sessions = None,
    event: EventOption = None,
    queue: Annotated[bool, typer.Option("--queue", help="Hand it to the workers.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Fetch the reports of sessions that are over: all that are due, or those named. Again never doubles anything.

    Example: zoom-sync collect seminar-1
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.collect import collect_event
    from zoom_sync.service_layer.status import collected_json

    parts = open_parts()
    chosen = choose_event(parts, event)
    if queue:
        _queue(parts, chosen, sessions or [], form)
        return
    with progress_bar() as bar:
        task = bar.add_task("collecting", total=None)
        states = collect_event(parts.collecting(), chosen, sessions or [], lambda _key, _states: bar.advance(task))
    if form is Format.JSON:
        write_json({"event": chosen, "collected": [collected_json(state) for state in states]})
    else:
        show.collected(states, form)
    raise typer.Exit(1 if any(state.state == "failed" for state in states) else 0)


def _queue(parts: Parts, event: str, keys: list[str], form: Format) -> None:
    from zoom_sync.entrypoints import tasks

    run = tasks.hand_out_collection(parts, event, keys)
    if form is Format.JSON:
        write_json({"run": run})
    elif run is None:
        typer.echo("no report is due")
    else:
        typer.echo(f"run {run} is with the workers; follow it: zoom-sync runs {run} --follow")


report = typer.Typer(help="Write a report: attendance or questions.", no_args_is_help=True)

FileFormat = Annotated[
    str, typer.Option("-f", "--format", metavar="csv|csv-excel|json", help="csv-excel: with a byte-order mark.")
]
Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - for standard output.")]


@report.command()
def attendance(
    sessions: Sessions = None, event: EventOption = None, form: FileFormat = "csv", output: Output = "-"
) -> None:
    """Who came: one line per person and session.

    Example: zoom-sync report attendance seminar-1 -f csv -o seminar-1.csv
    """
    from zoom_sync.adapters.exports.tables import ATTENDANCE
    from zoom_sync.adapters.exports.writing import WRITERS
    from zoom_sync.domain.publication import ReportRow
    from zoom_sync.service_layer.collect import attendance_of

    check_choice(form, WRITERS)
    parts = open_parts()
    chosen = choose_event(parts, event)
    lines = attendance_of(parts.programmes, parts.reports, chosen, sessions or [])
    rows = (ReportRow(session.key, session.timezone, attendee) for session, attendee in lines)
    _write(parts, chosen, form, output, ATTENDANCE, rows)


@report.command()
def questions(
    sessions: Sessions = None, event: EventOption = None, form: FileFormat = "csv", output: Output = "-"
) -> None:
    """What was asked and answered.

    Example: zoom-sync report questions -f json -o questions.json
    """
    from zoom_sync.adapters.exports.tables import QUESTIONS
    from zoom_sync.adapters.exports.writing import WRITERS
    from zoom_sync.domain.publication import ReportRow
    from zoom_sync.service_layer.collect import questions_of

    check_choice(form, WRITERS)
    parts = open_parts()
    chosen = choose_event(parts, event)
    lines = questions_of(parts.programmes, parts.reports, chosen, sessions or [])
    rows = (ReportRow(session.key, session.timezone, question) for session, question in lines)
    _write(parts, chosen, form, output, QUESTIONS, rows)


def _write(parts: Parts, event: str, form: str, output: str, table: Any, rows: Iterable[Any]) -> None:
    """Write a report whole or not at all, and say what of it is not complete yet."""
    from zoom_sync.adapters.exports.writing import write_table
    from zoom_sync.entrypoints.cli.files import replacing
    from zoom_sync.service_layer.status import incomplete

    where: Any = nullcontext(sys.stdout.buffer) if output == "-" else replacing(Path(output))
    out: BinaryIO
    with where as out:
        count = write_table(form, table, rows, out)
    if output != "-":
        typer.echo(f"{output}: {count} rows", err=True)
    for words in incomplete(parts.reports, event):
        typer.echo(f"note: {words}", err=True)


def publish(
    form: Annotated[
        list[str] | None,
        typer.Option(
            "-f",
            "--format",
            metavar="html|markdown|text|ics|json|csv|poster",
            help="May be given several times; all if not.",
        ),
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write into.")] = "out",
    public: Annotated[
        bool, typer.Option("--public", help="Show passcodes and links to everybody, with QR codes.")
    ] = False,
    language: Annotated[str, typer.Option("--language", metavar="en|zh", help="What it is written in.")] = "en",
    zone: Annotated[
        list[str] | None,
        typer.Option("--zone", metavar="ZONE", help="Tell the times in this zone too; may be given up to three times."),
    ] = None,
    event: EventOption = None,
) -> None:
    """Write the announcement. Passcodes, join links and QR codes are in it only with --public.

    Templates in the config folder's `templates` win over the built-in ones.

    Example: zoom-sync publish -f html -f ics -o out --public --zone America/New_York
    """
    from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
    from zoom_sync.domain.publication import Language, further_zones
    from zoom_sync.entrypoints.cli.announcement import write_announcements
    from zoom_sync.errors import UserError

    for each in form or ():
        check_choice(each, ANNOUNCEMENT_WRITERS)
    if language not in set(Language):
        raise typer.BadParameter(
            f"there is no {language!r}; choose one of: {', '.join(Language)}", param_hint="--language"
        )
    try:
        zones = further_zones(zone or ())
    except UserError as error:
        raise typer.BadParameter("; ".join(map(str, error.problems)), param_hint="--zone") from None
    parts = open_parts()
    told = choose_event(parts, event)
    for path in write_announcements(
        parts, told, form or [], Path(output), public=public, language=Language(language), zones=zones
    ):
        typer.echo(str(path))

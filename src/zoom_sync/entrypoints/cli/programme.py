"""`check` and `load`: reading a programme."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.session import EventOption, Format, FormatOption, check_choice, open_parts, write_json

if TYPE_CHECKING:
    from zoom_sync.adapters.sources import Reading

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The programme's file, or - for standard input.")]
Zone = Annotated[
    str | None,
    typer.Option("--timezone", metavar="ZONE", help="The place whose time a text means that only tells an offset."),
]
SourceFormat = Annotated[
    str | None,
    typer.Option("--source-format", metavar="F", help="yaml or announcement; found by content if not given."),
]


def add_to(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(load)


def check(
    source: Source,
    form: FormatOption = Format.TEXT,
    timezone: Zone = None,
    event: EventOption = None,
    source_format: SourceFormat = None,
) -> None:
    """Read a programme and report every problem. Writes nothing.

    Example: zoom-sync check config/programme.yaml
    """
    from zoom_sync.adapters.sources import check_json
    from zoom_sync.entrypoints.cli import show

    reading = read_source(source, timezone, event, source_format)
    if form is Format.JSON:
        write_json(check_json(reading))
    else:
        show.reading(reading, form)
    raise typer.Exit(1 if reading.problems else 0)


def load(
    source: Source,
    form: Annotated[
        str | None, typer.Option("--format", metavar="F", help="yaml or announcement; found by content if not given.")
    ] = None,
    timezone: Zone = None,
    event: EventOption = None,
) -> None:
    """Put a programme into the store; loading it again brings the stored one up to it by session key.

    Nothing is stored if it has any problem. --event gives the event another key than the source does.

    Example: zoom-sync load announcement.txt --timezone Asia/Shanghai
    """
    from datetime import UTC, datetime

    reading = read_source(source, timezone, event, form)
    for note in reading.notes:
        sys.stderr.write(f"note: {note}\n")
    programme = reading.require()
    parts = open_parts()
    parts.programmes.save(programme, datetime.now(UTC))
    items = sum(len(session.items) for session in programme.sessions)
    typer.echo(f"event {programme.event.key}: {len(programme.sessions)} sessions, {items} agenda items stored")
    typer.echo("next: zoom-sync plan")


def read_source(source: str, timezone: str | None, event: str | None, form: str | None) -> Reading:
    """Read a file or standard input. Raises UserError where it cannot be read at all."""
    from zoom_sync.adapters.sources import FORMATS, read_programme
    from zoom_sync.errors import UserError

    known = [each.name for each in _formats(FORMATS)]
    if form is not None:
        check_choice(form, known)
    try:
        told = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error.strerror or error}") from None
    name = "standard input" if source == "-" else source
    return read_programme(told, name=name, timezone=timezone, event_key=event, format=form)


def _formats(formats: Any) -> Any:
    return formats.values() if hasattr(formats, "values") else formats

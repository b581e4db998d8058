"""`check` and `load`: reading a programme."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.listed import ListsFormats
from zoom_sync.entrypoints.cli.session import EventOption, Format, FormatOption, confirm, open_parts, write_json
from zoom_sync.entrypoints.cli.sources import (
    Asked,
    DefaultLength,
    EventTitle,
    From,
    LoadFormat,
    MappingFile,
    OnePer,
    Rooms,
    Source,
    SourceFormat,
    States,
    Tags,
    Titles,
    Tracks,
    Types,
    Until,
    Without,
    Zone,
)

if TYPE_CHECKING:
    from zoom_sync.domain.keys import Matching
    from zoom_sync.errors import Problem


def add_to(app: typer.Typer) -> None:
    app.command(cls=ListsFormats)(check)
    app.command(cls=ListsFormats)(load)


def check(
    source: Source,
    form: FormatOption = Format.TEXT,
    timezone: Zone = None,
    event: EventOption = None,
    source_format: SourceFormat = None,
    mapping: MappingFile = None,
    event_title: EventTitle = None,
    room: Rooms = None,
    track: Tracks = None,
    type_: Types = None,
    state: States = None,
    tag: Tags = None,
    one_meeting_per: OnePer = None,
    title: Titles = None,
    without: Without = None,
    from_day: From = None,
    until: Until = None,
    default_length: DefaultLength = None,
) -> None:
    """Read a programme and report every problem. Writes nothing.

    Of a table, the notes tell how its columns are understood; of a timetable, what is left out and why.

    Example: zoom-sync check config/programme.yaml
    """
    from zoom_sync.adapters.sources import check_json
    from zoom_sync.entrypoints.cli import show

    options = (mapping, event_title, room, track, type_, state, tag, one_meeting_per, title)
    limits = (without, from_day, until, default_length)
    reading = Asked(source, timezone, event, source_format, *options, *limits).read()
    if form is Format.JSON:
        write_json(check_json(reading))
    else:
        show.reading(reading, form)
    raise typer.Exit(1 if reading.problems else 0)


def load(
    source: Source,
    form: LoadFormat = None,
    timezone: Zone = None,
    event: EventOption = None,
    mapping: MappingFile = None,
    event_title: EventTitle = None,
    room: Rooms = None,
    track: Tracks = None,
    type_: Types = None,
    state: States = None,
    tag: Tags = None,
    one_meeting_per: OnePer = None,
    title: Titles = None,
    without: Without = None,
    from_day: From = None,
    until: Until = None,
    default_length: DefaultLength = None,
    accept_keys: Annotated[
        bool,
        typer.Option(
            "--accept-keys", "--yes", help="Where sessions have no ids: the matches with stored ones are right."
        ),
    ] = False,
) -> None:
    """Put a programme into the store; loading it again brings the stored one up to it by session key.

    Nothing is stored if it has any problem. --event gives the event another key than the source does. Where the source
    has no ids, sessions whose title or time changed are matched with the stored ones; the matches are shown and have to
    be accepted.

    Example: zoom-sync load announcement.txt --timezone Asia/Shanghai
    """
    from datetime import UTC, datetime

    from zoom_sync.service_layer.loading import matching

    options = (mapping, event_title, room, track, type_, state, tag, one_meeting_per, title)
    limits = (without, from_day, until, default_length)
    reading = Asked(source, timezone, event, form, *options, *limits).read()
    for note in reading.notes:
        sys.stderr.write(f"note: {note}\n")
    programme = reading.require()
    parts = open_parts()
    found = matching(parts.programmes, programme, reading.made_keys)
    if found.needs_a_look:
        _accept(found, given=accept_keys)
    programme = found.applied_to(programme)
    parts.programmes.save(programme, datetime.now(UTC))
    items = sum(len(session.items) for session in programme.sessions)
    typer.echo(f"event {programme.event.key}: {len(programme.sessions)} sessions, {items} agenda items stored")
    typer.echo("next: zoom-sync plan")


def _accept(found: Matching, *, given: bool) -> None:
    """Show the matches; leaves, or raises ConfigurationError with them, where nobody accepts them."""
    from zoom_sync.errors import ConfigurationError

    told = _told(found)
    if given or sys.stdin.isatty():
        for each in told:
            sys.stderr.write(f"match: {each}\n")
    if given:
        return
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "the source has no ids for its sessions, so they are matched with the stored ones; nothing was changed."
            " Look at the matches, and repeat with --accept-keys if they are right",
            told,
        )
    confirm("Are these matches right?", "repeat with --accept-keys", lambda: None)


def _told(found: Matching) -> list[Problem]:
    from zoom_sync.errors import Problem

    return [
        *(
            Problem(f"`{match.session.title}` is taken for the stored session {match.stored.key}: {match.because}")
            for match in found.matches
        ),
        *(Problem(f"`{session.title}` ({session.start:%Y-%m-%d %H:%M}) is new") for session in found.new),
        *(Problem(f"the stored session {session.key} (`{session.title}`) is gone") for session in found.gone),
    ]

"""`check` and `load`: reading a programme."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.follow import Every, Follow, WriteBack, bind
from zoom_sync.entrypoints.cli.follow import check as check_binding
from zoom_sync.entrypoints.cli.listed import ListsFormats
from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    numbered,
    open_parts,
    user_name,
    write_json,
)
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
    from collections.abc import Iterable

    from zoom_sync.bootstrap import Parts
    from zoom_sync.service_layer.loading import Comparison


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

    Profiles and hosts that the programme names and the config folder does not have are problems, too. Of a table, the
    notes tell how its columns are understood; of a timetable, what is left out and why.

    Example: zoom-sync check config/programme.yaml
    """
    from zoom_sync.adapters.sources import check_json
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.entrypoints.fitting import fitted
    from zoom_sync.settings import load_settings

    options = (mapping, event_title, room, track, type_, state, tag, one_meeting_per, title)
    limits = (without, from_day, until, default_length)
    reading = fitted(Asked(source, timezone, event, source_format, *options, *limits).read(), source, load_settings())
    if form is Format.JSON:
        write_json(check_json(reading))
    else:
        show.reading(reading, form)
    raise typer.Exit(1 if reading.problems else 0)


def load(
    source: Source,
    form: LoadFormat = None,
    source_format: SourceFormat = None,
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
    rename: Annotated[
        list[str] | None,
        typer.Option(
            "--rename",
            metavar="OLD=NEW",
            help="The new session NEW is the stored session OLD: it keeps its meeting and reports. May be repeated.",
        ),
    ] = None,
    another: Annotated[
        list[str] | None,
        typer.Option(
            "--another",
            metavar="NEW",
            help="The new session NEW is another one than that of the same title and start. May be repeated.",
        ),
    ] = None,
    accept_keys: Annotated[
        bool,
        typer.Option(
            "--accept-keys", "--yes", help="The sessions that were taken for stored ones under other keys are those."
        ),
    ] = False,
    new: Annotated[
        bool,
        typer.Option("--new", help="This is another event than the stored ones, whatever sessions they share."),
    ] = False,
    drop_adjustments: Annotated[
        bool,
        typer.Option(
            "--drop-adjustments", help="What was edited on the pages does not hold any more: the source is right."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and store nothing.")] = False,
    follow: Follow = False,
    write_back: WriteBack = False,
    every: Every = None,
) -> None:
    """Put a programme into the store; loading it again brings the stored one up to it by session key.

    It tells the difference: what is new, moved, retitled, gone, unchanged. Nothing is stored if the programme has any
    problem, or if it may mean what is stored already under another name: a new event with the sessions of a stored one
    needs --event KEY or --new, a session with a new key and the title and begin of one that is gone needs --rename or
    --another. Where the source has no ids, sessions whose title or time changed are matched with the stored ones; the
    matches are shown and have to be accepted. What was edited on the pages is kept, and told, until the source says the
    same or --drop-adjustments is given. --event also gives the event another key than the source does.

    Example: zoom-sync load announcement.txt --timezone Asia/Shanghai

    Example: zoom-sync load programme.yaml --dry-run --format json

    Example: zoom-sync load talks.yaml --follow --write-back
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from zoom_sync.entrypoints.fitting import fitted
    from zoom_sync.service_layer.loading import Said, compare, comparison_json, put_in
    from zoom_sync.settings import load_settings

    result, source_format = _formats(form, source_format)
    options = (mapping, event_title, room, track, type_, state, tag, one_meeting_per, title)
    limits = (without, from_day, until, default_length)
    asked = Asked(source, timezone, event, source_format, *options, *limits)
    check_binding(asked, follow=follow, write_back=write_back, every=every)
    reading = asked.read()
    fitted(reading, source, load_settings()).require()
    parts = open_parts()
    reading = fitted(reading, source, parts.settings, parts.links.hosts(datetime.min.replace(tzinfo=UTC)) or ())
    for note in reading.notes:
        sys.stderr.write(f"note: {note}\n")
    programme = reading.require()
    said = Said(_pairs(rename), frozenset(another or ()), accept_keys, new, drop_all=drop_adjustments)
    compared = compare(parts.programmes, programme, reading.made_keys, said)
    if not dry_run:
        if _agreed(compared, result):
            compared = compare(parts.programmes, programme, reading.made_keys, replace(said, accept=True))
        put_in(parts.programmes, compared, datetime.now(UTC), user_name())
        if follow:
            bind(parts, asked, programme.event.key, write_back=write_back, every=every)
    if result is Format.JSON:
        write_json(comparison_json(compared, stored=not dry_run))
        return
    _show(parts, compared, result, dry_run=dry_run)


def _formats(form: str | None, source_format: str | None) -> tuple[Format, str | None]:
    """How the result is written, and the format of the source: `--format` names either, as their names differ."""
    if form is None or form in list(Format):
        return Format(form or Format.TEXT), source_format
    if source_format is not None:
        raise typer.BadParameter(f"there is no {form!r}; choose one of: {', '.join(Format)}", param_hint="--format")
    return Format.TEXT, form


def _pairs(texts: Iterable[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts or ():
        old, sign, key = (part.strip() for part in text.partition("="))
        if not (old and sign and key):
            raise typer.BadParameter(f"{text!r} is not OLD=NEW", param_hint="--rename")
        if pairs.get(old, key) != key:
            raise typer.BadParameter(f"{old!r} cannot become two sessions", param_hint="--rename")
        pairs[old] = key
    return pairs


def _agreed(compared: Comparison, form: Format) -> bool:
    """Ask whether all proposals are right, where somebody is there and nothing else is open; leaves if they are not.

    Tells the matches where they are accepted already.
    """
    from zoom_sync.entrypoints.cli import show_loading

    questions = compared.open_questions
    problems = compared.matches_told if compared.accepted else questions
    asks = bool(questions) and compared.can_be_accepted and sys.stdin.isatty() and form is not Format.JSON
    if asks:
        show_loading.comparison(compared.difference, form)
    if asks or compared.accepted:
        for each in problems:
            sys.stderr.write(f"match: {each}\n")
    if asks:
        typer.confirm("Are these the stored sessions?", abort=True)
    return asks


def _show(parts: Parts, compared: Comparison, form: Format, *, dry_run: bool) -> None:
    from zoom_sync.entrypoints.cli import show, show_loading

    programme = compared.programme
    items = sum(len(session.items) for session in programme.sessions)
    done = "read; nothing was stored" if dry_run else "stored"
    counts = f"{numbered(len(programme.sessions), 'session')}, {numbered(items, 'agenda item')}"
    show.say(f"event {programme.event.key}: {counts} {done}")
    show_loading.comparison(compared.difference, form)
    show_loading.kept(compared.kept)
    if dry_run:
        for each in compared.open_questions:
            show.say(f"to decide: {each}")
        return
    several = len(parts.programmes.events()) > 1
    show.say(f"next: zoom-sync plan --event {programme.event.key}" if several else "next: zoom-sync plan")

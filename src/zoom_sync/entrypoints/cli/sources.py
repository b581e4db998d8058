"""What `check` and `load` share: naming a source, saying what of it is meant, and reading it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.listed import SOURCE_FORMATS
from zoom_sync.entrypoints.cli.session import check_choice

if TYPE_CHECKING:
    from zoom_sync.adapters.sources import Reading
    from zoom_sync.adapters.sources.origins import Opened, SourceSpec


_FOUND = f"Format of the source, found by its content if not given: one of {SOURCE_FORMATS}."
Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="The programme: a file, an http(s) address, a mapping that names its database or API, or - for standard"
        " input.",
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--timezone", metavar="ZONE", help="The place whose time is meant where only an offset, or none, is told."
    ),
]
SourceFormat = Annotated[str | None, typer.Option("--source-format", metavar="F", help=_FOUND)]
LoadFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="F",
        help="How the result is written: text, json or markdown; any other name is the format of the source.",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="YAML file that says what columns, rooms, states and titles mean."),
]
EventTitle = Annotated[
    str | None, typer.Option("--event-title", metavar="TEXT", help="Title of the event, where the source has none.")
]
Rooms = Annotated[list[str] | None, typer.Option("--room", metavar="NAME", help="Only this room; may be repeated.")]
Tracks = Annotated[list[str] | None, typer.Option("--track", metavar="NAME", help="Only this track; may be repeated.")]
Types = Annotated[list[str] | None, typer.Option("--type", metavar="NAME", help="Only this type; may be repeated.")]
States = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="NAME", help="Only this state, such as confirmed; may be repeated."),
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="NAME", help="Only this tag; may be repeated.")]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="ID", help="Leave out the entry with this id; may be repeated."),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="Only what begins on this day or later, as 2030-03-04.")
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="DAY", help="Only what begins on this day or earlier; it also ends what repeats for ever."
    ),
]
DefaultLength = Annotated[
    int | None,
    typer.Option(
        "--default-length", metavar="MINUTES", min=1, max=1440, help="How long a session lasts that does not tell it."
    ),
]
OnePer = Annotated[
    str | None,
    typer.Option(
        "--one-meeting-per", metavar="session|room-and-day|room", help="What gets one meeting; session by default."
    ),
]
Titles = Annotated[
    str | None, typer.Option("--title", metavar="TEMPLATE", help='Titles of the sessions, such as "{room}: {title}".')
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A source with everything that was said about it on the command line."""

    source: str
    timezone: str | None = None
    event: str | None = None
    form: str | None = None
    mapping: Path | None = None
    event_title: str | None = None
    rooms: Sequence[str] | None = None
    tracks: Sequence[str] | None = None
    types: Sequence[str] | None = None
    states: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    one_per: str | None = None
    title: str | None = None
    without: Sequence[str] | None = None
    first: str | None = None
    last: str | None = None
    default_length: int | None = None

    def read(self) -> Reading:
        """Read it. Raises UserError where it cannot be had at all, BadParameter for a wrong option."""
        from zoom_sync.adapters.sources import read_programme
        from zoom_sync.adapters.sources.decoding import MOST_BYTES

        if self.source == "-":
            told = sys.stdin.buffer.read(MOST_BYTES + 1)
            opened = replace(self, source=os.devnull).opened()
            return read_programme(
                told, name="standard input", timezone=self.timezone, event_key=self.event, format=self.form,
                mapping=opened.mapping,
            )  # fmt: skip
        return self.opened().read()

    def opened(self) -> Opened:
        """The place of the programme. Raises UserError, and BadParameter for a wrong option."""
        from zoom_sync.adapters.sources.origins import open_source
        from zoom_sync.bootstrap import ways_to_sources
        from zoom_sync.settings import load_settings

        return open_source(self.spec(), ways_to_sources(load_settings()))

    def spec(self) -> SourceSpec:
        """The same as plain values. Raises BadParameter for a wrong option."""
        from zoom_sync.adapters.sources import FORMATS
        from zoom_sync.adapters.sources.origins import SourceSpec
        from zoom_sync.domain.timetable import Aspect, Per, template_flaw

        if self.form is not None:
            check_choice(self.form, [each.name for each in FORMATS], "the source's format")
        if self.one_per is not None:
            check_choice(self.one_per, list(Per), "--one-meeting-per")
        if self.title is not None and (flaw := template_flaw(self.title)):
            raise typer.BadParameter(flaw, param_hint="--title")
        told = (self.rooms, self.tracks, self.types, self.states, self.tags)
        return SourceSpec(
            source=self.source,
            timezone=self.timezone,
            event=self.event,
            form=self.form,
            mapping=str(self.mapping) if self.mapping else None,
            event_title=self.event_title,
            only={str(aspect): tuple(values) for aspect, values in zip(Aspect, told, strict=True) if values},
            one_per=self.one_per,
            title=self.title,
            without=tuple(self.without or ()),
            first=_day(self.first, "--from"),
            last=_day(self.last, "--until"),
            default_length=self.default_length,
        )


def _day(text: str | None, option: str) -> str | None:
    from zoom_sync.adapters.sources.mapping_file import day_flaw

    if text is not None and (flaw := day_flaw(text)):
        raise typer.BadParameter(flaw, param_hint=option)
    return text

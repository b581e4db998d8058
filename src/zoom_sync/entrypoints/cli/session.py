"""What commands share: options, the parts for one invocation, the chosen event, progress on standard error."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.publication import SpreadsheetLanguage


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


EventOption = Annotated[
    str | None, typer.Option("--event", "-e", metavar="KEY", help="The event, where the store holds several.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the result is written.")]


def open_parts(*, is_service: bool = False) -> Parts:
    """Settings read, logs set up, parts ready; `is_service` as for `Parts`. Raises ConfigurationError."""
    from zoom_sync.bootstrap import Parts
    from zoom_sync.entrypoints.observing import start_observing
    from zoom_sync.observability import configure_logging, hide, new_request
    from zoom_sync.settings import load_settings, secrets_of

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    hide(*secrets_of(settings))
    new_request()
    start_observing(settings)
    if settings.is_simulator:
        sys.stderr.write(f"THIS IS NOT ZOOM: the API is {settings.zoom_api_url}, which is not Zoom's own\n")
    return Parts(settings, is_service=is_service)


def choose_event(parts: Parts, key: str | None) -> str:
    """The event that is meant. Raises NotInStore, and BadParameter where that is not clear."""
    from zoom_sync.errors import NotInStore

    keys = [event.key for event in parts.programmes.events()]
    if not keys:
        raise NotInStore("the store holds no event yet; `zoom-sync load SOURCE` puts one in")
    if key is None and len(keys) > 1:
        raise typer.BadParameter(
            f"the store holds several events; choose one of: {', '.join(keys)}", param_hint="--event"
        )
    if key is not None and key not in keys:
        raise NotInStore(f"there is no event {key!r} in the store; it holds: {', '.join(keys)}")
    return key or keys[0]


def confirm(question: str, advice: str, show: Callable[[], None]) -> None:
    """Show what will be done and ask; leaves where the answer is no.

    Raises:
        ConfigurationError: nobody is there to ask; `advice` says what to do instead.
    """
    from zoom_sync.errors import ConfigurationError

    if not sys.stdin.isatty():
        raise ConfigurationError(f"there is nobody to ask: {advice}")
    show()
    typer.confirm(question, abort=True)


def check_choice(text: str, known: Iterable[str], option: str) -> None:
    """Raises BadParameter where what was told for an option is not among its choices."""
    choices = list(known)
    if text not in choices:
        raise typer.BadParameter(f"there is no {text!r}; choose one of: {', '.join(choices)}", param_hint=option)


Spreadsheet = Annotated[
    str | None,
    typer.Option(
        "--spreadsheet-language",
        metavar="en|de|zh",
        help="The language of the spreadsheet program that csv-excel is for. [default: en]",
    ),
]


def chosen_spreadsheet(text: str | None, formats: Iterable[str]) -> SpreadsheetLanguage | None:
    """The language of spreadsheets that files are for; None where nothing was said.

    Raises BadParameter for a language that there is not, or where no format has one.
    """
    from zoom_sync.adapters.exports.writing import WRITERS, by_language
    from zoom_sync.domain.publication import SpreadsheetLanguage

    if text is None:
        return None
    check_choice(text, SpreadsheetLanguage, "--spreadsheet-language")
    if not any(map(by_language, formats)):
        for_it = ", ".join(filter(by_language, WRITERS))
        raise typer.BadParameter(
            f"it is for the format {for_it} only: add -f {for_it}", param_hint="--spreadsheet-language"
        )
    return SpreadsheetLanguage(text)


def meeting_digits(text: str) -> str:
    """A meeting ID as people write it, as digits. Raises BadParameter."""
    digits = "".join(text.split()).replace("-", "")
    if not re.fullmatch(r"[0-9]{9,11}", digits):
        raise typer.BadParameter(f"{text!r} is not a meeting ID: it has 9 to 11 digits")
    return digits


def numbered(count: int, noun: str) -> str:
    """`1 session`, `2 sessions`: for nouns whose plural ends in s."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def write_json(value: Any) -> None:
    """A result as JSON to standard output."""
    import json

    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error; nothing at all where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield progress


def user_name() -> str:
    """Who runs this command, by the machine's name for him; empty where it has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an id without an entry, as in a container
        return ""

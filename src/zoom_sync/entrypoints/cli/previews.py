"""`preview`: secret addresses at which reviewers see an event before it is public."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    choose_event,
    open_parts,
    write_json,
)

preview = typer.Typer(help="Secret addresses that show an event before it is public.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(preview, name="preview")


@preview.command()
def make(
    label: Annotated[str, typer.Argument(metavar="FOR", help="Who it is for, such as `programme committee`.")],
    event: EventOption = None,
) -> None:
    """Make a secret address at which the event's programme can be read, without how to join. It is shown once.

    Example: zoom-sync preview make "programme committee"
    """
    from zoom_sync.service_layer.previews import make_preview

    parts = open_parts()
    secret = make_preview(parts.previewing(), choose_event(parts, event), label)
    typer.echo(f"{parts.settings.web_url.rstrip('/')}/preview/{secret}")
    sys.stderr.write("this is the only time that it is shown; `zoom-sync preview withdraw` ends it\n")


@preview.command("list")
def list_(event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """The addresses that are not withdrawn, by whom they are for. The addresses themselves are not kept.

    Example: zoom-sync preview list
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.previews import previews_of

    parts = open_parts()
    previews = previews_of(parts.previewing(), choose_event(parts, event))
    if form is Format.JSON:
        rows = [{"preview": p.id, "for": p.label, "created": p.created_at.isoformat()} for p in previews]
        write_json({"previews": rows})
    elif not previews:
        show.say("no preview; `zoom-sync preview make FOR` makes one")
    else:
        show.table(
            form, ["preview", "for", "since"], [[str(p.id), p.label, f"{p.created_at:%Y-%m-%d}"] for p in previews]
        )


@preview.command()
def withdraw(
    number: Annotated[int, typer.Argument(metavar="PREVIEW", help="Its number in `preview list`.")],
    event: EventOption = None,
) -> None:
    """End a secret address: from now on it shows nothing.

    Example: zoom-sync preview withdraw 1
    """
    from zoom_sync.service_layer.previews import withdraw_preview

    parts = open_parts()
    withdraw_preview(parts.previewing(), choose_event(parts, event), number)
    typer.echo(f"preview {number} is withdrawn")

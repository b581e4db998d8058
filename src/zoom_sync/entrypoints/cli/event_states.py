"""`event`: calling an event off, putting it away, and the way back from each."""

from __future__ import annotations

from typing import Annotated

import typer

from zoom_sync.entrypoints.cli.session import choose_event, open_parts

event = typer.Typer(help="Call an event off or archive it; and the way back.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(metavar="EVENT", help="The event's key.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(event, name="event")


@event.command("call-off")
def call_off(key: Key) -> None:
    """Call the whole event off: every session is told as cancelled, in announcements, calendars and on pages.

    Meetings and links stay until somebody deletes them; nothing is collected or counted as missing.
    `event hold` is the way back.

    Example: zoom-sync event call-off urban-2023
    """
    from datetime import UTC, datetime

    parts = open_parts()
    count = parts.event_states.call_off(choose_event(parts, key), datetime.now(UTC))
    typer.echo(f"event {key} is called off: {count} sessions are cancelled; their meetings and links stay")
    typer.echo("next: zoom-sync publish tells it; the way back: zoom-sync event hold")


@event.command()
def hold(key: Key) -> None:
    """Hold an event that was called off; sessions that were cancelled before stay so.

    Example: zoom-sync event hold urban-2023
    """
    from datetime import UTC, datetime

    parts = open_parts()
    count = parts.event_states.hold_again(choose_event(parts, key), datetime.now(UTC))
    typer.echo(f"event {key} is held: {count} sessions are no longer cancelled")


@event.command()
def archive(key: Key) -> None:
    """Put an event away: it is kept with its reports, and neither planned, synced nor collected any more.

    `event restore` is the way back.

    Example: zoom-sync event archive urban-2023
    """
    from datetime import UTC, datetime

    parts = open_parts()
    parts.event_states.archive(choose_event(parts, key), datetime.now(UTC))
    typer.echo(f"event {key} is archived; the way back: zoom-sync event restore {key}")


@event.command()
def restore(key: Key) -> None:
    """Sync an archived event again.

    Example: zoom-sync event restore urban-2023
    """
    parts = open_parts()
    parts.event_states.restore(choose_event(parts, key))
    typer.echo(f"event {key} is synced again")

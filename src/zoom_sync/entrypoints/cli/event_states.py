"""`event`: calling an event off, putting it away, the way back from each, and removing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import choose_event, confirm, open_parts

if TYPE_CHECKING:
    from zoom_sync.adapters.store.event_states import Kept

event = typer.Typer(help="Call an event off, archive it, the way back from each; or remove it.", no_args_is_help=True)
# So many meetings are named that stay on Zoom.
SHOWN = 10
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
    text = "1 session is" if count == 1 else f"{count} sessions are"
    typer.echo(f"event {key} is called off: {text} cancelled; meetings and links stay")
    typer.echo(f"next: zoom-sync publish tells it; the way back: zoom-sync event hold {key}")


@event.command()
def hold(key: Key) -> None:
    """Hold an event that was called off; sessions that were cancelled before stay so.

    Example: zoom-sync event hold urban-2023
    """
    from datetime import UTC, datetime

    parts = open_parts()
    count = parts.event_states.hold_again(choose_event(parts, key), datetime.now(UTC))
    text = "1 session is" if count == 1 else f"{count} sessions are"
    typer.echo(f"event {key} is held: {text} no longer cancelled")


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


@event.command()
def remove(
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    leave_meetings: Annotated[
        bool,
        typer.Option("--leave-meetings", help="Remove it although meetings stay on Zoom that nothing here knows then."),
    ] = False,
) -> None:
    """Remove an event from the store with everything that is kept of it, reports too. There is no way back.

    It says first what goes, and what stays on Zoom: nothing is deleted there. `event archive` keeps the reports.

    Example: zoom-sync event remove urban-2023
    """
    parts = open_parts()
    chosen = choose_event(parts, key)
    typer.echo(_goes(chosen, parts.event_states.kept(chosen)), err=True)
    if not yes:
        confirm("Remove it? There is no way back.", "give --yes", lambda: None)
    parts.event_states.remove(chosen, leave_meetings=leave_meetings)
    typer.echo(f"event {key} is removed")


def _goes(event: str, kept: Kept) -> str:
    counts = (
        (kept.sessions, "session"),
        (kept.report_rows, "report row"),
        (kept.registrants, "registrant"),
        (kept.runs, "run"),
    )
    text = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts)
    lines = [f"event {event} ({kept.title}) goes with all that is kept of it: {text}"]
    if kept.meetings:
        shown = ", ".join(kept.meetings[:SHOWN])
        more = f" and {len(kept.meetings) - SHOWN} more" if len(kept.meetings) > SHOWN else ""
        count = "1 meeting stays" if len(kept.meetings) == 1 else f"{len(kept.meetings)} meetings stay"
        lines.append(f"on Zoom {count}, and nothing here will know of it: {shown}{more}")
    return "\n".join(lines)

"""`status` and `runs`: how the sessions stand, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    choose_event,
    open_parts,
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.overview import Waiting

MOST_SHOWN = 5  # of a kind; of more, only how many they are
MOST_IN_JSON = 1_000_000


def add_to(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(runs)


def status(
    event: EventOption = None,
    form: FormatOption = Format.TEXT,
    wide: Annotated[bool, typer.Option("--wide", help="One line for each session, however long.")] = False,
) -> None:
    """What waits for a person, and every session with host, meeting ID, passcode, link, state and edits on Zoom.

    Asks the store only: what was edited is told as the latest plan saw it. At the end it says whether the work is done:
    what stands still, since when and why, and which processes are alive.

    It fits a terminal of 80 columns; links stand on lines of their own, so that they can be copied.

    Example: zoom-sync status --wide
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.status import status_json, status_of, still_live, with_webhooks
    from zoom_sync.service_layer.warning import with_warnings
    from zoom_sync.service_layer.watching import health_json, health_of, judged

    parts = open_parts()
    key, jumps = choose_event(parts, event), parts.late_clock_jumps()
    held = parts.held_up(key)
    event_status = status_of(
        parts.programmes, parts.links, parts.reports, key, parts.drifts, jumps, parts.bindings, held
    )
    live, heard = still_live(event_status, parts.webhooks.live(event_status.event.key)), parts.webhooks.heard()
    warnings = parts.warnings(event_status, live)
    now = datetime.now(UTC)
    watching = parts.watching()
    health = health_of(watching, now)
    present = judged(watching, health, now)
    if form is Format.JSON:
        as_json = with_warnings(with_webhooks(status_json(event_status), live, heard), warnings)
        waits = [_waiting_json(waiting) for waiting in _waiting(parts, key, MOST_IN_JSON)]
        write_json(as_json | _state(parts, key) | {"waiting": waits, "work": health_json(health, present, now)})
    else:
        for state in (name for name, is_so in _state(parts, key).items() if is_so):
            typer.echo(f"event {key} is {state.replace('_', ' ')}")
        show.waiting(_waiting(parts, key, MOST_SHOWN))
        show.status(event_status, form, wide=wide)
        show.warnings(warnings)
        show.webhooks(live, heard)
        show.work(health, present, now)


def _state(parts: Parts, event: str) -> dict[str, bool]:
    return {
        "called_off": parts.programmes.is_called_off(event),
        "archived": parts.programmes.is_archived(event),
    }


def _waiting(parts: Parts, event: str, most: int) -> Sequence[Waiting]:
    from zoom_sync.service_layer.today import waiting_in

    lines = parts.overview.of_event(event)
    return waiting_in(parts.overview, event, lines, parts.page_time(), parts.expected_basic(), most)


def _waiting_json(waiting: Waiting) -> dict[str, str]:
    return {
        "kind": str(waiting.kind),
        "session": waiting.key,
        "title": waiting.title,
        "what": waiting.what,
        "why": str(waiting.why),
    }


def runs(
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", help="A run's number: shows its items.")] = None,
    event: EventOption = None,
    follow: Annotated[bool, typer.Option("--follow", help="Show progress until the run is through.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """The latest runs of apply and collect, or one run with its items.

    Example: zoom-sync runs 12 --follow
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.status import run_json

    parts = open_parts()
    if run is None:
        latest = parts.runs.recent(event, 20)
        if form is Format.JSON:
            write_json([run_json(one, ()) for one in latest])
        else:
            show.runs(latest, form)
        return
    if follow:
        _follow(parts, run)
    found, items = parts.runs.run(run), parts.runs.items(run)
    if form is Format.JSON:
        write_json(run_json(found, items))
    else:
        show.run(found, items)
    raise typer.Exit(1 if any(item.state == "failed" for item in items) else 0)


def _follow(parts: Parts, run: int) -> None:
    with progress_bar() as bar:
        task = bar.add_task(f"run {run}", total=None)
        while True:
            found = parts.runs.run(run)
            total = sum(found.counts.values())
            bar.update(task, completed=total - found.counts.get("waiting", 0), total=total)
            if found.finished is not None:
                return
            parts.clock.sleep(0.5)

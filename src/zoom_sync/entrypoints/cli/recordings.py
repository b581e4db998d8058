"""`recordings`: what Zoom has recorded of the sessions, and fetching it into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    choose_event,
    numbered,
    open_parts,
    write_json,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.service_layer.recordings import Recorded

recordings = typer.Typer(
    help="Recordings and transcripts in Zoom's cloud: list them, fetch them into a folder.", no_args_is_help=True
)
SessionArgument = Annotated[str | None, typer.Argument(metavar="[SESSION]", help="A session's key; all if not named.")]
MEGABYTE = 1_000_000


def add_to(app: typer.Typer) -> None:
    app.add_typer(recordings, name="recordings")


@recordings.command(name="list")
def list_(session: SessionArgument = None, event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """Show the files that are ready on Zoom: videos, audio, transcripts. Sessions not to be recorded are left out.

    Example: zoom-sync recordings list seminar-1
    """
    from zoom_sync.entrypoints.cli import show

    parts = open_parts()
    chosen = choose_event(parts, event)
    ready = _ready(parts, chosen, session)
    if form is Format.JSON:
        write_json({"event": chosen, "recordings": [_json(recording) for recording in ready]})
    elif not ready:
        show.say("Zoom has no recording ready; it takes about twice as long as the session was")
    else:
        rows = [[item.session, item.file.kind, str(item.file.size), item.name] for item in ready]
        show.table(form, ["session", "what", "bytes", "file"], rows)


@recordings.command()
def fetch(
    folder: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where to put the files.")],
    session: SessionArgument = None,
    keep_free: Annotated[
        int,
        typer.Option("--keep-free", metavar="MB", min=0, help="How much of the disk must stay free."),
    ] = 1000,
    event: EventOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Fetch what is ready into a folder. What is there already is not fetched again; what broke off is gone on with.

    Nothing is deleted from Zoom. A file has its name only when all of it is there.

    Example: zoom-sync recordings fetch seminar-1 --to recordings
    """
    from zoom_sync.adapters.exports.recording_folder import RecordingFolder
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.recordings import fetch as fetch_file

    parts = open_parts()
    chosen = choose_event(parts, event)
    ready = _ready(parts, chosen, session)
    target = RecordingFolder(folder, keep_free * MEGABYTE)
    new = [item for item in ready if fetch_file(parts.recordings, target, parts.clock, item)]
    if form is Format.JSON:
        write_json({"event": chosen, "fetched": [_json(item) for item in new], "ready": len(ready)})
    else:
        show.say(f"{numbered(len(new), 'file')} fetched to {folder}; {len(ready) - len(new)} were there already")


def _ready(parts: Parts, event: str, session: str | None) -> list[Recorded]:
    """What is ready on Zoom. Raises BadParameter where there is no such session."""
    from zoom_sync.service_layer.recordings import recorded, unrecorded

    programme = parts.programmes.programme(event)
    if session is not None and session not in {entry.key for entry in programme.sessions}:
        raise typer.BadParameter(f"there is no session {session!r} in {event}", param_hint="SESSION")
    held = parts.reports.instances(event, session)
    return list(recorded(parts.recordings, held, unrecorded(programme)))


def _json(recording: Recorded) -> dict[str, object]:
    file = recording.file
    return {
        "session": recording.session,
        "instance": recording.instance_uuid,
        "kind": file.kind,
        "bytes": file.size,
        "start": file.start.isoformat() if file.start else None,
        "name": recording.name,
    }

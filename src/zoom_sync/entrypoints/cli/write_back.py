"""`write-back`: the meetings into the organiser's own file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    from zoom_sync.adapters.sources.origins import Target
    from zoom_sync.adapters.writeback import Written
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.filing import FiledMeeting


def add_to(app: typer.Typer) -> None:
    app.command("write-back")(write_back)


def write_back(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The programme's file: YAML, CSV or XLSX; or a mapping that names its database or conference system.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="COPY", help="Where the copy goes; beside the file if not given."),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Change the file itself; what it was stays beside it as .bak.")
    ] = False,
    event: EventOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Write meeting IDs, links, passcodes and hosts into the organiser's own file, or a copy of it.

    Everything else stays as it is. Rows are found by the session's key, else by title and start; what fits nothing is
    told. Exits 1 if a session with a meeting was not found or could not be written. Into a database, or a conference
    system, whose mapping says how; what somebody else has written there stays.

    Example: zoom-sync write-back programme.xlsx -o programme-with-links.xlsx
    """
    if in_place and output is not None:
        raise typer.BadParameter(
            "a copy is made, or the file is changed: choose one of the two", param_hint="--in-place"
        )
    parts = open_parts()
    chosen = choose_event(parts, event)
    if (target := _target(parts, file)) is not None:
        if in_place or output is not None:
            raise typer.BadParameter(f"{file} names a place that is not a file: drop --in-place and -o")
        raise typer.Exit(1 if _into_place(parts, chosen, file, target, form) else 0)
    written = into_file(parts, chosen, file, output, in_place=in_place)
    if form is Format.JSON:
        write_json(written_json(written))
    else:
        show_written(written)
    raise typer.Exit(1 if written.missing or written.kept else 0)


def _target(parts: Parts, file: Path) -> Target | None:
    """The place that a mapping names; None where the file is the programme itself. Raises UserError."""
    from zoom_sync.adapters.sources.mapping import Place
    from zoom_sync.adapters.sources.origins import SourceSpec, open_source
    from zoom_sync.bootstrap import ways_to_sources
    from zoom_sync.errors import UserError

    opened = open_source(SourceSpec(str(file)), ways_to_sources(parts.settings))
    if opened.target is None and opened.mapping.origin is not None:
        where = "the file that it names" if isinstance(opened.mapping.origin, Place) else "`write_back`, or `answers`"
        raise UserError(f"{file} does not say how anything is written back: name {where}")
    return opened.target


def _into_place(parts: Parts, event: str, file: Path, target: Target, form: Format) -> bool:
    """Write an event's meetings into a place that takes them; answers whether anything could not be written."""
    from zoom_sync.domain.following import to_write
    from zoom_sync.service_layer.returning import returned_of
    from zoom_sync.service_layer.status import status_of

    # What is followed has a memory of what of ours stands there.
    bound = next((binding for binding in parts.bindings.all() if binding.event == event), None)
    same = bound is not None and bound.spec.get("source") == str(file.resolve())
    earlier = parts.bindings.earlier(bound.id) if bound is not None and same else {}
    wanted = to_write(returned_of(status_of(parts.programmes, parts.links, parts.reports, event)), earlier)
    written_back = target.write_back(wanted, earlier)
    if bound is not None and same:
        parts.bindings.wrote(bound.id, {key: wanted[key] for key in written_back.changed})
    if form is Format.JSON:
        write_json(
            {
                "place": str(file),
                "changed": written_back.changed,
                "same": written_back.same,
                "missing": written_back.missing,
                "kept": [{"session": key, "reason": why} for key, why in written_back.kept],
            }
        )
    else:
        counts = f"{numbered(len(written_back.changed), 'session')} written, {len(written_back.same)} as they are to be"
        typer.echo(f"{file}: {counts}")
        for key in written_back.missing:
            sys.stderr.write(f"not there: session {key}\n")
        for key, why in written_back.kept:
            sys.stderr.write(f"not written: session {key}: {why}\n")
    return bool(written_back.missing or written_back.kept)


def into_file(parts: Parts, event: str, file: Path, output: Path | None = None, *, in_place: bool = False) -> Written:
    """Write an event's meetings into a file or its copy. Raises UserError."""
    from zoom_sync.adapters.writeback import write_back as write

    programme = parts.programmes.programme(event)
    return write(file, programme, _meetings(parts, event), into=output, in_place=in_place)


def _meetings(parts: Parts, event: str) -> dict[str, FiledMeeting]:
    from zoom_sync.domain.filing import FiledMeeting
    from zoom_sync.service_layer.status import status_of

    event_status = status_of(parts.programmes, parts.links, parts.reports, event)
    return {
        session_status.session.key: FiledMeeting(
            session_status.link.meeting_id,
            session_status.link.join_url,
            session_status.link.passcode.value,
            session_status.host_name,
        )
        if session_status.session.meeting_of is None
        # Its ID stands at the session that owns it: told twice, it would be read as two meetings.
        else FiledMeeting("", session_status.link.join_url, "", session_status.host_name)
        for session_status in event_status.sessions
        if session_status.link is not None
    }


def written_json(written: Written) -> dict[str, Any]:
    """The result as JSON."""
    return {
        "file": str(written.path),
        "backup": str(written.backup) if written.backup else None,
        "changed": written.changed,
        "sessions": sorted(written.sessions),
        "missing": list(written.missing),
        "unmatched": [{"where": where, "reason": why} for where, why in written.unmatched],
        "kept": [{"where": where, "reason": why} for where, why in written.kept],
    }


def show_written(written: Written, *, err: bool = False) -> None:
    """The result for people."""
    text = "" if written.changed else ", nothing to change"
    typer.echo(f"{written.path}: {numbered(len(written.sessions), 'session')}{text}", err=err)
    if written.backup:
        typer.echo(f"{written.backup}: as it was before", err=err)
    for key in written.missing:
        sys.stderr.write(f"not in the file: session {key}, which has a meeting\n")
    for where, why in written.kept:
        sys.stderr.write(f"not written: {where}: {why}\n")
    for where, why in written.unmatched:
        sys.stderr.write(f"note: {where} is not a session of ours: {why}\n")

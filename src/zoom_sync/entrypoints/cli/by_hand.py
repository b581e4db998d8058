"""`adopt` and `orphans`: meetings that somebody made by hand, and those that nothing is linked to."""

from __future__ import annotations

from typing import Annotated

import typer

from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    choose_event,
    confirm,
    meeting_digits,
    open_parts,
    write_json,
)


def add_to(app: typer.Typer) -> None:
    app.command()(adopt)
    app.command()(orphans)


def adopt(
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="The session's key.")] = None,
    meeting_id: Annotated[
        str | None, typer.Argument(metavar="MEETING_ID", help="Its meeting on Zoom; blanks do not matter.")
    ] = None,
    event: EventOption = None,
    from_programme: Annotated[
        bool, typer.Option("--from-programme", help="Take over every meeting whose ID the programme names.")
    ] = False,
    proposing: Annotated[
        bool, typer.Option("--propose", help="Propose meetings of our hosts to sessions that have none.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask; of proposals, only those of the same title and start.")
    ] = False,
    allow_replace: Annotated[
        bool,
        typer.Option(
            "--allow-replace",
            help="Let a session that has a meeting have this one instead: its published link changes. The old meeting"
            " stays on Zoom until it is deleted by name.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and what would be lost, and link nothing.")
    ] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Take over meetings that were made by hand. They are linked as they are; `plan` then shows what differs.

    One by its ID, also in place of the one that the session has; those that the programme names; or those that look
    like its sessions, by title and time. What the next changes would take from people is shown first; `plan` and
    `apply` hold it back until --allow-loss names it.

    Example: zoom-sync adopt seminar-1 "823 1893 7943"
    """
    from zoom_sync.entrypoints.cli import adopting

    one = session is not None and meeting_id is not None
    if [one, from_programme, proposing].count(True) != 1 or (session is not None and not one):
        raise typer.BadParameter("name a session and its meeting, or give --from-programme, or --propose")
    parts = open_parts()
    chosen = choose_event(parts, event)
    if from_programme:
        adopting.from_programme(parts, chosen, yes=yes, dry_run=dry_run, form=form)
    elif proposing:
        adopting.propose(parts, chosen, yes=yes, dry_run=dry_run, form=form)
    else:
        wanted = parts.programmes.session(chosen, session or "")
        digits = meeting_digits(meeting_id or "")
        adopting.adopt_by_id(
            parts, chosen, wanted, digits, yes=yes, dry_run=dry_run, form=form, allow_replace=allow_replace
        )


def orphans(
    meetings: Annotated[
        list[str] | None, typer.Argument(metavar="[MEETING_ID]...", help="With --delete: which of them.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the named ones.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    allow_loss: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-loss",
            metavar="MEETING_ID",
            help="Delete this one although people lose something by it (registrants, the times of a series,"
            " panelists); may be given several times.",
        ),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Meetings on our hosts that look like ours and are linked to nothing, and doubles by title and time.

    Changes nothing by itself: take one over with `zoom-sync adopt`, or name those to delete. Only what is listed can be
    deleted, and nothing that is under way or past.

    Example: zoom-sync orphans --delete 82318937943 84265828099
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.orphans import delete_orphans, find_orphans, orphan_json

    ids = [meeting_digits(meeting) for meeting in meetings or ()]
    if delete != bool(ids):
        raise typer.BadParameter("name the meetings after --delete, and none without it", param_hint="--delete")
    parts = open_parts()
    planning = parts.planning()
    found = find_orphans(planning)
    deleted: list[str] = []
    if ids:
        if not yes:
            named = [orphan for orphan in found if orphan.meeting.meeting_id in ids]
            confirm(f"Delete {len(ids)} meeting(s)?", "give --yes", lambda: show.orphans(named, form))
        allowed = {meeting_digits(text) for text in allow_loss or ()}
        deleted = delete_orphans(planning, parts.applying().writer, found, ids, allowed)
        found = [orphan for orphan in found if orphan.meeting.meeting_id not in ids]
    if form is Format.JSON and ids:
        write_json({"deleted": deleted, "orphans": [orphan_json(orphan) for orphan in found]})
    elif form is Format.JSON:
        write_json([orphan_json(orphan) for orphan in found])
    elif ids:
        typer.echo(f"deleted: {', '.join(deleted)}" if deleted else "they are gone already")
    else:
        show.orphans(found, form)

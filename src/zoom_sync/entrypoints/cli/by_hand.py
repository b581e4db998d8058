"""`adopt` and `orphans`: meetings that somebody made by hand, and those that nothing is linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts


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
    form: FormatOption = Format.TEXT,
) -> None:
    """Take over meetings that were made by hand. They are linked as they are; `plan` then shows what differs.

    One by its ID; those that the programme names; or those that look like its sessions, by title and time.

    Example: zoom-sync adopt seminar-1 "823 1893 7943"
    """
    from zoom_sync.entrypoints.cli import adopting

    one = session is not None and meeting_id is not None
    if [one, from_programme, proposing].count(True) != 1 or (session is not None and not one):
        raise typer.BadParameter("name a session and its meeting, or give --from-programme, or --propose")
    parts = open_parts()
    chosen = choose_event(parts, event)
    if from_programme:
        adopting.from_programme(parts, chosen, yes=yes, form=form)
    elif proposing:
        adopting.propose(parts, chosen, yes=yes, form=form)
    else:
        _adopt_one(parts, chosen, session or "", meeting_id or "")


def _adopt_one(parts: Parts, chosen: str, session: str, meeting_id: str) -> None:
    from zoom_sync.errors import NotFound, StoreConflict, UserError
    from zoom_sync.service_layer.apply import adopt_meeting

    wanted = parts.programmes.session(chosen, session)
    digits = meeting_digits(meeting_id)
    try:
        link = adopt_meeting(parts.applying(), chosen, wanted.meeting_key, digits, wanted.kind)
    except NotFound:
        raise UserError(f"Zoom has no {wanted.kind} {digits} on this account (any more)") from None
    except StoreConflict:
        has = parts.links.link(chosen, wanted.meeting_key)
        why = f"session {session} has a meeting, {has.meeting_id}" if has else f"meeting {digits} is another session's"
        raise UserError(f"{why}; see `zoom-sync status`") from None
    typer.echo(f"session {session} is linked to {wanted.kind} {link.meeting_id}; next: zoom-sync plan")


def orphans(
    meetings: Annotated[
        list[str] | None, typer.Argument(metavar="[MEETING_ID]...", help="With --delete: which of them.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the named ones.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Meetings on our hosts that look like ours and are linked to nothing, and doubles by title and time.

    Changes nothing by itself: take one over with `zoom-sync adopt`, or name those to delete. Only what is listed can be
    deleted, and nothing that is under way or past.

    Example: zoom-sync orphans --delete 82318937943 84265828099
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.orphans import delete_orphans, find_orphans, orphan_json

    ids = [meeting_digits(one) for one in meetings or ()]
    if delete != bool(ids):
        raise typer.BadParameter("name the meetings after --delete, and none without it", param_hint="--delete")
    parts = open_parts()
    planning = parts.planning()
    found = find_orphans(planning)
    deleted: list[str] = []
    if ids:
        if not yes:
            named = [one for one in found if one.meeting.meeting_id in ids]
            confirm(f"Delete {len(ids)} meeting(s)?", "give --yes", lambda: show.orphans(named, form))
        deleted = delete_orphans(planning, parts.applying().writer, found, ids)
        found = [one for one in found if one.meeting.meeting_id not in ids]
    if form is Format.JSON and ids:
        write_json({"deleted": deleted, "orphans": [orphan_json(one) for one in found]})
    elif form is Format.JSON:
        write_json([orphan_json(one) for one in found])
    elif ids:
        typer.echo(f"deleted: {', '.join(deleted)}" if deleted else "they are gone already")
    else:
        show.orphans(found, form)

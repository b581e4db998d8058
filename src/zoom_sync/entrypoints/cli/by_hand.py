"""`adopt` and `orphans`: meetings that somebody made by hand, and those that nothing is linked to."""

from __future__ import annotations

import sys
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
    from zoom_sync.domain.meeting import Link
    from zoom_sync.domain.programme import Session


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
    form: FormatOption = Format.TEXT,
) -> None:
    """Take over meetings that were made by hand. They are linked as they are; `plan` then shows what differs.

    One by its ID, also in place of the one that the session has; those that the programme names; or those that look
    like its sessions, by title and time.

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
        _adopt_one(parts, chosen, session or "", meeting_digits(meeting_id or ""), allow_replace=allow_replace, yes=yes)


def _adopt_one(parts: Parts, chosen: str, session: str, digits: str, *, allow_replace: bool, yes: bool) -> None:
    from zoom_sync.errors import NotFound, OtherKind, StoreConflict, UserError
    from zoom_sync.service_layer.apply import adopt_meeting, move_to

    wanted = parts.programmes.session(chosen, session)
    has = parts.links.link(chosen, wanted.meeting_key)
    try:
        if has is not None and has.meeting_id != digits and allow_replace:
            _show_move(parts, chosen, has, digits, wanted, yes=yes)
            link = move_to(parts.applying(), chosen, has, digits, wanted.kind)
        else:
            link = adopt_meeting(parts.applying(), chosen, wanted.meeting_key, digits, wanted.kind)
    except OtherKind:
        raise UserError(
            f"{digits} is no {wanted.kind} but the other kind; change the session's `kind` in the programme first"
        ) from None
    except NotFound:
        raise UserError(f"Zoom has no {wanted.kind} {digits} on this account (any more)") from None
    except StoreConflict:
        has = parts.links.link(chosen, wanted.meeting_key)
        if has is None or (allow_replace and has.meeting_id != digits):
            raise UserError(f"meeting {digits} is another session's; see `zoom-sync status`") from None
        raise UserError(
            f"session {session} has a meeting, {has.meeting_id}; see `zoom-sync status`. With --allow-replace it gets"
            " this one instead: the published link changes"
        ) from None
    typer.echo(f"session {session} is linked to {wanted.kind} {link.meeting_id}; next: zoom-sync plan")
    if wanted.known is not None and wanted.known.meeting_id != link.meeting_id:
        typer.echo(f"the programme names meeting {wanted.known.meeting_id} for it: write the new ID there")


def _show_move(parts: Parts, event: str, has: Link, digits: str, wanted: Session, *, yes: bool) -> None:
    """What changes when the session gets the other meeting; asks where somebody can answer. Raises ZoomError."""
    from zoom_sync.domain.phrases import Phrase
    from zoom_sync.domain.plan import Action
    from zoom_sync.domain.plan.linking import taken_over
    from zoom_sync.entrypoints.cli import show

    found = parts.reader.meeting(digits, wanted.kind)
    want = parts.profiles.desired(*parts.programmes.sharing(event, wanted.meeting_key))
    reason = Phrase("it gets meeting {id}; until now it has {other}", id=digits, other=has.meeting_id)
    show.change(taken_over(Action.MOVE, want, found, reason), {})
    show.say(f"its ID, passcode and link change; meeting {has.meeting_id} stays on Zoom until it is deleted by name")
    if not yes and sys.stdin.isatty():
        typer.confirm("Move the session to it?", abort=True)


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

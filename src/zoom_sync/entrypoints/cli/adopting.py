"""`adopt`: meetings that were made by hand, by their ID or several at once; first what that comes to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

import typer

from zoom_sync.entrypoints.cli import show
from zoom_sync.entrypoints.cli.session import Format, confirm, write_json
from zoom_sync.errors import NotFound, OtherKind, StoreConflict, UserError, ZoomError
from zoom_sync.service_layer.adopting import (
    Adoption,
    Preview,
    adopt_each,
    adoption_json,
    named,
    preview,
    preview_json,
    previews,
    proposal_json,
    proposals,
)
from zoom_sync.service_layer.apply import adopt_meeting, move_to

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.adopting import Proposal
    from zoom_sync.domain.meeting import Link
    from zoom_sync.domain.programme import Kind, Session


def adopt_by_id(
    parts: Parts,
    event: str,
    session: Session,
    meeting_id: str,
    *,
    yes: bool,
    dry_run: bool,
    form: Format,
    allow_replace: bool = False,
) -> None:
    """Show what taking over this meeting comes to, ask where somebody is there, and link it as it is.

    With `allow_replace` a session that has a meeting is moved to this one.

    Raises:
        UserError: there is no such meeting, it is linked already, or it is a personal room.
        ConfigurationError: something would be lost by the next changes, and nobody is there to ask.
    """
    key = session.meeting_key
    has = parts.links.link(event, key) if allow_replace else None
    before = None if has is None or has.meeting_id == meeting_id else has
    if before is None:
        _need_unlinked(parts, event, session, meeting_id)
    try:
        shown = preview(parts.planning(), event, key, meeting_id, session.kind)
        if shown.why:
            raise UserError(shown.why)
        if form is not Format.JSON:
            _show_preview(shown)
            _show_move(parts, before)
        if not dry_run:
            _confirm_linking(shown, yes=yes)
            _link(parts, event, key, meeting_id, session.kind, before)
    except OtherKind:
        raise UserError(
            f"{meeting_id} is not a {session.kind} but the other kind; change the session's `kind` in the programme"
        ) from None
    except NotFound:
        raise UserError(f"Zoom has no {session.kind} {meeting_id} on this account (any more)") from None
    except StoreConflict:
        raise UserError("another run linked it first; see `zoom-sync status`") from None
    if form is Format.JSON:
        write_json({"event": event, "linked": not dry_run, **preview_json(shown)})
    elif not dry_run:
        _say_linked(session, meeting_id)


def _show_move(parts: Parts, before: Link | None) -> None:
    if before is not None:
        stays = "stays on Zoom until it is deleted by name" if _is_there(parts, before) else "is gone from Zoom"
        show.say(f"its ID, passcode and link change; meeting {before.meeting_id} {stays}")


def _is_there(parts: Parts, link: Link) -> bool:
    try:
        parts.planning().reader.meeting(link.meeting_id, link.kind)
    except NotFound:
        return False
    except ZoomError:
        pass  # that it is gone is not proven, and what was asked for does not depend on it
    return True


def _confirm_linking(shown: Preview, *, yes: bool) -> None:
    if not yes and (shown.losses or sys.stdin.isatty()):
        confirm("Link it?", "give --yes; `plan` then holds back what would be lost", lambda: None)


def _say_linked(session: Session, meeting_id: str) -> None:
    typer.echo(f"session {session.key} is linked to {session.kind} {meeting_id}; next: zoom-sync plan")
    if session.known is not None and session.known.meeting_id != meeting_id:
        typer.echo(f"the programme names meeting {session.known.meeting_id} for it: write the new ID there")


def _link(parts: Parts, event: str, key: str, meeting_id: str, kind: Kind, before: Link | None) -> None:
    if before is None:
        adopt_meeting(parts.applying(), event, key, meeting_id, kind)
    else:
        move_to(parts.applying(), event, before, meeting_id, kind)


def _need_unlinked(parts: Parts, event: str, session: Session, meeting_id: str) -> None:
    has = parts.links.link(event, session.meeting_key)
    if has is not None:
        raise UserError(
            f"session {session.key} has a meeting, {has.meeting_id}; see `zoom-sync status`. With --allow-replace it"
            " gets this one instead: the published link changes"
        )
    if meeting_id in parts.links.linked_ids():
        raise UserError(f"meeting {meeting_id} is another session's; see `zoom-sync status`")


def from_programme(parts: Parts, event: str, *, yes: bool, dry_run: bool, form: Format) -> None:
    """Link every meeting that the programme names, after asking. Exits 1 where one cannot be."""
    sessions = named(parts.planning(), event)
    meetings = [(session.key, session.known.meeting_id, session.kind) for session in sessions if session.known]
    shown = previews(parts.planning(), event, meetings)
    if dry_run:
        _only_show(event, shown, form)
    if meetings and not yes:
        confirm(f"Link these {len(meetings)} meeting(s)?", "give --yes", lambda: _show_named(sessions, shown))
    elif form is not Format.JSON:
        _tell_losses(shown)
    adoptions = adopt_each(parts.applying(), event, meetings)
    if form is Format.JSON:
        write_json({"event": event, "adopted": [adoption_json(adoption) for adoption in adoptions if not adoption.why],
                    "failed": [adoption_json(adoption) for adoption in adoptions if adoption.why]})  # fmt: skip
    elif not adoptions:
        typer.echo("the programme names no meeting that is not linked already")
    else:
        _tell(adoptions)
    raise typer.Exit(1 if any(adoption.why for adoption in adoptions) else 0)


def propose(parts: Parts, event: str, *, yes: bool, dry_run: bool, form: Format) -> None:
    """Show what may be whose, and link what a person confirms; with `yes` the exact matches, and nothing else."""
    found = proposals(parts.planning(), event)
    meetings = [(proposal.session, proposal.meeting.meeting_id, proposal.meeting.kind) for proposal in found]
    shown = previews(parts.planning(), event, meetings)
    if form is not Format.JSON:
        _show(found, form)
        _tell_losses(shown)
    if dry_run:
        _only_show(event, shown if form is Format.JSON else [], form)
    asked = not yes and form is Format.TEXT and sys.stdin.isatty()
    chosen = (
        [proposal for proposal in found if proposal.exact] if yes else _confirmed(found, typer.confirm) if asked else []
    )
    adoptions = adopt_each(
        parts.applying(),
        event,
        [(proposal.session, proposal.meeting.meeting_id, proposal.meeting.kind) for proposal in chosen],
    )
    if form is Format.JSON:
        write_json({
            "event": event,
            "proposals": [proposal_json(proposal) for proposal in found],
            "adopted": [adoption_json(adoption) for adoption in adoptions if not adoption.why],
            "failed": [adoption_json(adoption) for adoption in adoptions if adoption.why],
        })  # fmt: skip
    else:
        _tell(adoptions)
        if found and not adoptions:
            typer.echo("nothing was linked; one: zoom-sync adopt SESSION MEETING_ID; the exact ones: --propose --yes")
    raise typer.Exit(1 if any(adoption.why for adoption in adoptions) else 0)


def _show_named(sessions: Sequence[Session], shown: Sequence[Preview]) -> None:
    lost = {preview.session: _lost(preview) for preview in shown}
    rows = [
        [session.key, show.when(session), session.title, session.known.meeting_id, lost.get(session.key, "")]
        for session in sessions
        if session.known
    ]
    show.table(Format.TEXT, ["session", "time", "title", "meeting", "what the next changes would take"], rows)


def _show_preview(shown: Preview) -> None:
    """What would change, field by field, and what would be lost."""
    for line in show.field_lines(shown.fields):
        show.say(f"    {line}")
    if not shown.fields:
        show.say("it is as the programme wants it")
    _tell_losses([shown])


def _tell_losses(shown: Sequence[Preview]) -> None:
    for adopted in shown:
        if adopted.losses:
            held = f"`plan` holds it back until --allow-loss {adopted.session}"
            show.say(f"! session {adopted.session}, meeting {adopted.meeting_id}: {_lost(adopted)}; {held}")


def _lost(shown: Preview) -> str:
    return shown.why or "; ".join(loss.told for loss in shown.losses)


def _only_show(event: str, shown: Sequence[Preview], form: Format) -> NoReturn:
    if form is Format.JSON:
        write_json({"event": event, "linked": False, "meetings": [preview_json(preview) for preview in shown]})
    else:
        for preview in shown:
            show.say(
                f"session {preview.session}, meeting {preview.meeting_id}{f': {preview.why}' if preview.why else ''}"
            )
            if not preview.why:
                _show_preview(preview)
    raise typer.Exit(0)


def _confirmed(proposals: Sequence[Proposal], ask: Callable[[str], bool]) -> list[Proposal]:
    """The proposals that a person says yes to; of those that share a session or a meeting at most one."""
    chosen: list[Proposal] = []
    for one in proposals:
        taken = {proposal.session for proposal in chosen} | {proposal.meeting.meeting_id for proposal in chosen}
        if {one.session, one.meeting.meeting_id} & taken:
            continue
        if ask(f"Link meeting {one.meeting.meeting_id} to session {one.session} ({one.reason})?"):
            chosen.append(one)
    return chosen


def _show(proposals: Sequence[Proposal], form: Format) -> None:
    if not proposals:
        show.say("no meeting of our hosts looks like a session without one")
        return
    rows = [
        [
            proposal.session,
            proposal.meeting.meeting_id,
            f"{proposal.meeting.start:%Y-%m-%d %H:%M}Z" if proposal.meeting.start else "",
            proposal.meeting.topic,
            f"{proposal.confidence:.2f}",
            proposal.reason,
        ]
        for proposal in proposals
    ]
    show.table(form, ["session", "meeting", "start", "title", "confidence", "why"], rows)


def _tell(adoptions: Sequence[Adoption]) -> None:
    for adoption in adoptions:
        outcome = f"is not linked: {adoption.why}" if adoption.why else "is linked"
        typer.echo(f"session {adoption.session}: meeting {adoption.meeting_id} {outcome}")
    if any(not adoption.why for adoption in adoptions):
        typer.echo("next: zoom-sync plan")

"""`adopt --from-programme` and `adopt --propose`: meetings that were made by hand, several at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

from zoom_sync.entrypoints.cli import show
from zoom_sync.entrypoints.cli.session import Format, confirm, write_json
from zoom_sync.service_layer.adopting import (
    Adoption,
    adopt_each,
    adoption_json,
    named,
    proposal_json,
    proposals,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.adopting import Proposal


def from_programme(parts: Parts, event: str, *, yes: bool, form: Format) -> None:
    """Link every meeting that the programme names, after asking. Exits 1 where one cannot be."""
    sessions = named(parts.planning(), event)
    meetings = [(one.key, one.known.meeting_id, one.kind) for one in sessions if one.known]
    if meetings and not yes:
        rows = [[one.key, show.when(one), one.title, one.known.meeting_id] for one in sessions if one.known]
        headers = ["session", "time", "title", "meeting"]
        confirm(f"Link these {len(meetings)} meeting(s)?", "give --yes", lambda: show.table(Format.TEXT, headers, rows))
    adoptions = adopt_each(parts.applying(), event, meetings)
    if form is Format.JSON:
        write_json({"event": event, "adopted": [adoption_json(one) for one in adoptions if not one.why],
                    "failed": [adoption_json(one) for one in adoptions if one.why]})  # fmt: skip
    elif not adoptions:
        typer.echo("the programme names no meeting that is not linked already")
    else:
        _tell(adoptions)
    raise typer.Exit(1 if any(one.why for one in adoptions) else 0)


def propose(parts: Parts, event: str, *, yes: bool, form: Format) -> None:
    """Show what may be whose, and link what a person confirms; with `yes` the exact matches, and nothing else."""
    found = proposals(parts.planning(), event)
    if form is not Format.JSON:
        _show(found, form)
    asked = not yes and form is Format.TEXT and sys.stdin.isatty()
    chosen = [one for one in found if one.exact] if yes else _confirmed(found, typer.confirm) if asked else []
    adoptions = adopt_each(
        parts.applying(), event, [(one.session, one.meeting.meeting_id, one.meeting.kind) for one in chosen]
    )
    if form is Format.JSON:
        write_json({
            "event": event,
            "proposals": [proposal_json(one) for one in found],
            "adopted": [adoption_json(one) for one in adoptions if not one.why],
            "failed": [adoption_json(one) for one in adoptions if one.why],
        })  # fmt: skip
    else:
        _tell(adoptions)
        if found and not adoptions:
            typer.echo("nothing was linked; one: zoom-sync adopt SESSION MEETING_ID; the exact ones: --propose --yes")
    raise typer.Exit(1 if any(one.why for one in adoptions) else 0)


def _confirmed(found: Sequence[Proposal], ask: Callable[[str], bool]) -> list[Proposal]:
    """The proposals that a person says yes to; of those that share a session or a meeting at most one."""
    chosen: list[Proposal] = []
    for one in found:
        taken = {proposal.session for proposal in chosen} | {proposal.meeting.meeting_id for proposal in chosen}
        if {one.session, one.meeting.meeting_id} & taken:
            continue
        if ask(f"Link meeting {one.meeting.meeting_id} to session {one.session} ({one.reason})?"):
            chosen.append(one)
    return chosen


def _show(found: Sequence[Proposal], form: Format) -> None:
    if not found:
        show.say("no meeting of our hosts looks like a session without one")
        return
    rows = [
        [
            one.session,
            one.meeting.meeting_id,
            f"{one.meeting.start:%Y-%m-%d %H:%M}Z" if one.meeting.start else "",
            one.meeting.topic,
            f"{one.confidence:.2f}",
            one.reason,
        ]
        for one in found
    ]
    show.table(form, ["session", "meeting", "start", "title", "confidence", "why"], rows)


def _tell(adoptions: Sequence[Adoption]) -> None:
    for one in adoptions:
        typer.echo(
            f"session {one.session}: meeting {one.meeting_id} {f'is not linked: {one.why}' if one.why else 'is linked'}"
        )
    if any(not one.why for one in adoptions):
        typer.echo("next: zoom-sync plan")

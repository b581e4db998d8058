"""`plan`, `apply`, `status`, `adopt`, `runs`, `orphans`: from the programme to the meetings."""

from __future__ import annotations

import sys
from pathlib import Path
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
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from datetime import datetime

    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.plan import Policy
    from zoom_sync.service_layer.sync import Planned

Deep = Annotated[bool, typer.Option("--deep", help="Read every meeting in full and compare every field.")]
AllowReplace = Annotated[
    bool,
    typer.Option("--allow-replace", help="Allow a new meeting in place of an old one: the published link changes."),
]
AllowDelete = Annotated[
    bool, typer.Option("--allow-delete", help="Allow deleting meetings of sessions that left the programme.")
]
RepairDrift = Annotated[
    bool,
    typer.Option(
        "--repair-drift", help="Put back what was edited on Zoom also where the settings say to ask (drift_…)."
    ),
]
Repair = Annotated[
    list[str] | None,
    typer.Option("--repair", metavar="SESSION", help="The same for this session only; may be given several times."),
]

CHANGES_PENDING = 3


def add_to(app: typer.Typer) -> None:
    for command in (plan, apply, status, adopt, runs, orphans):
        app.command()(command)


def plan(
    event: EventOption = None,
    deep: Deep = False,
    allow_replace: AllowReplace = False,
    allow_delete: AllowDelete = False,
    repair_drift: RepairDrift = False,
    repair: Repair = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show what would change on Zoom. Writes nothing, and cannot. Exits 3 if there is something to do.

    Example: zoom-sync plan --deep --format markdown
    """
    from zoom_sync.domain.plan import Policy, plan_json
    from zoom_sync.entrypoints.cli import show

    parts = open_parts()
    policy = Policy(allow_replace, allow_delete, repair_drift=repair_drift, repair=frozenset(repair or ()))
    planned = _plan(parts, choose_event(parts, event), policy, deep)
    if form is Format.JSON:
        write_json(plan_json(planned.plan))
    else:
        show.plan(planned, form)
    raise typer.Exit(CHANGES_PENDING if planned.plan.changes else 0)


def _plan(parts: Parts, event: str, policy: Policy, deep: bool) -> Planned:
    from zoom_sync.service_layer.sync import plan_event

    for key in sorted(policy.repair):
        parts.programmes.session(event, key)  # a misspelt one is said before Zoom is asked
    return plan_event(parts.planning(), event, policy, deep=deep)


def apply(
    event: EventOption = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="D", help="Do it only if the plan is still the one of this digest."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    allow_delete: AllowDelete = False,
    allow_replace: AllowReplace = False,
    deep: Deep = False,
    repair_drift: RepairDrift = False,
    repair: Repair = None,
    queue: Annotated[bool, typer.Option("--queue", help="Hand it to the workers.")] = False,
    write_back: Annotated[
        Path | None,
        typer.Option("--write-back", metavar="FILE", help="Then write the meetings into a copy of this file."),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Carry out the plan: create, update and adopt meetings. Safe to run again at any time.

    Example: zoom-sync apply --digest 3f2a9c0b12de4f56
    """
    from zoom_sync.domain.plan import Policy
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.errors import PlanChanged
    from zoom_sync.service_layer.apply import start_run

    if queue and write_back is not None:
        raise typer.BadParameter(
            "the workers are not done yet: `zoom-sync write-back` later", param_hint="--write-back"
        )
    parts = open_parts()
    policy = Policy(allow_replace, allow_delete, repair_drift=repair_drift, repair=frozenset(repair or ()))
    planned = _plan(parts, choose_event(parts, event), policy, deep)
    if digest is not None and digest != planned.plan.digest:
        raise PlanChanged(
            f"the plan is now {planned.plan.digest}, not {digest}; nothing was changed. See it: zoom-sync plan"
        )
    if planned.plan.changes and digest is None and not yes:
        _ask(planned)
    run = start_run(parts.applying(), planned.plan)
    if queue:
        _queue(parts, run, form)
        return
    _carry_out(parts, run)
    items = parts.runs.items(run)
    if form is Format.JSON:
        write_json(show.applied_json(planned.plan, items))
    else:
        show.applied(planned.plan, items)
    failed = any(item.state == "failed" for item in items)
    if write_back is not None:
        failed = not _write_back(parts, planned.plan.event, write_back) or failed
    raise typer.Exit(1 if failed else 0)


def _write_back(parts: Parts, event: str, file: Path) -> bool:
    """Into a copy, told on standard error; answers whether every meeting found its place."""
    from zoom_sync.entrypoints.cli.write_back import into_file, show_written

    written = into_file(parts, event, file)
    show_written(written, err=True)
    return not written.missing and not written.kept


def _ask(planned: Planned) -> None:
    from zoom_sync.entrypoints.cli import show

    advice = f"give --yes, or --digest {planned.plan.digest} of the plan you saw"
    confirm("Carry it out?", advice, lambda: show.plan(planned, Format.TEXT))


def _carry_out(parts: Parts, run: int) -> None:
    from zoom_sync.service_layer.apply import Progress, carry_out

    with progress_bar() as bar:
        task = bar.add_task("applying", total=None)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=progress.settled, total=progress.total)

        def waits(until: datetime, items: int) -> None:
            what = f"{items} creation(s) in doubt: looked for at {until:%H:%M:%S} UTC"
            sys.stderr.write(f"{what}\n")

        try:
            carry_out(parts.applying(), run, tell, waits)
        except KeyboardInterrupt:
            sys.stderr.write(
                "interrupted; what was begun is on record: run it again, and no session gets two meetings\n"
            )
            raise


def _queue(parts: Parts, run: int, form: Format) -> None:
    from zoom_sync.entrypoints import tasks

    tasks.hand_out(parts, run)
    if form is Format.JSON:
        write_json({"run": run})
    else:
        typer.echo(f"run {run} is with the workers; follow it: zoom-sync runs {run} --follow")


def status(event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """Every session with host, meeting ID, passcode, link, state, last sync, and what was edited on Zoom.

    Asks the store only: what was edited is told as the latest plan saw it.

    Example: zoom-sync status --format json
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.status import status_json, status_of, still_live, with_webhooks

    parts = open_parts()
    told = status_of(parts.programmes, parts.links, parts.reports, choose_event(parts, event), parts.drifts)
    live, heard = still_live(told, parts.webhooks.live(told.event.key)), parts.webhooks.heard()
    if form is Format.JSON:
        write_json(with_webhooks(status_json(told), live, heard))
    else:
        show.status(told, form)
        show.webhooks(live, heard)


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

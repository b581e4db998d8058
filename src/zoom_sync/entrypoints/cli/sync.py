"""`plan` and `apply`: from the programme to the meetings."""

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
    open_parts,
    progress_bar,
    user_name,
    write_json,
)

if TYPE_CHECKING:
    from datetime import datetime

    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.plan import Plan, Policy
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
AllowLoss = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-loss",
        metavar="SESSION",
        help="Allow what takes something from people (registrants, occurrences, panelists, what others added) for"
        " this session; may be given several times.",
    ),
]
AllowOverload = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-overload",
        metavar="SESSION",
        help="Allow this session although its host then has more at once than the licence holds; may be given several"
        " times.",
    ),
]

AllowMassChange = Annotated[
    bool,
    typer.Option(
        "--allow-mass-change",
        help="Allow that many sessions at once change time, title or meeting, or lose theirs (mass_change_percent).",
    ),
]

AllowDouble = Annotated[
    bool,
    typer.Option(
        "--allow-double",
        help="Allow a new meeting although a host holds one of the same title and start that nothing is linked to.",
    ),
]

AllowFrozen = Annotated[
    bool, typer.Option("--allow-frozen", help="Allow changes although the event is frozen (freeze_hours).")
]

CHANGES_PENDING = 3


def add_to(app: typer.Typer) -> None:
    for command in (plan, apply):
        app.command()(command)


def plan(
    event: EventOption = None,
    deep: Deep = False,
    allow_replace: AllowReplace = False,
    allow_delete: AllowDelete = False,
    repair_drift: RepairDrift = False,
    repair: Repair = None,
    allow_loss: AllowLoss = None,
    allow_overload: AllowOverload = None,
    allow_mass_change: AllowMassChange = False,
    allow_double: AllowDouble = False,
    allow_frozen: AllowFrozen = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show what would change on Zoom. Writes nothing, and cannot. Exits 3 if there is something to do.

    Example: zoom-sync plan --deep --format markdown
    """
    from zoom_sync.domain.plan import Policy, plan_json
    from zoom_sync.entrypoints.cli import show

    parts = open_parts()
    policy = Policy(
        allow_replace,
        allow_delete,
        repair_drift=repair_drift,
        repair=frozenset(repair or ()),
        allow_loss=frozenset(allow_loss or ()),
        allow_overload=frozenset(allow_overload or ()),
        allow_mass_change=allow_mass_change,
        allow_double=allow_double,
        allow_frozen=allow_frozen,
    )
    planned = _plan(parts, choose_event(parts, event), policy, deep)
    if form is Format.JSON:
        write_json(plan_json(planned.plan))
    else:
        show.plan(planned, form)
    raise typer.Exit(CHANGES_PENDING if planned.plan.changes else 0)


def _plan(parts: Parts, event: str, policy: Policy, deep: bool) -> Planned:
    from zoom_sync.service_layer.sync import plan_event

    known = parts.links.known(event, "")  # a session that left the programme has its meeting yet
    for key in sorted(policy.sessions - known.links.keys() - {link.key for link in known.retired}):
        parts.programmes.session(event, key)  # a misspelt one is said before Zoom is asked
    return plan_event(parts.planning(), event, policy, deep=deep)


def apply(
    event: EventOption = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="D", help="Do it only if the plan is still the one of this digest."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    allow_delete: AllowDelete = False,
    allow_replace: AllowReplace = False,
    deep: Deep = False,
    repair_drift: RepairDrift = False,
    repair: Repair = None,
    allow_loss: AllowLoss = None,
    allow_overload: AllowOverload = None,
    allow_mass_change: AllowMassChange = False,
    allow_double: AllowDouble = False,
    allow_frozen: AllowFrozen = False,
    allow_own: Annotated[
        bool,
        typer.Option(
            "--allow-own", help="Approve what you loaded yourself, of an event whose changes wait for approval (ask)."
        ),
    ] = False,
    queue: Annotated[bool, typer.Option("--queue", help="Hand it to the workers.")] = False,
    write_back: Annotated[
        Path | None,
        typer.Option("--write-back", metavar="FILE", help="Then write the meetings into a copy of this file."),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Carry out the plan: create, update and adopt meetings. Safe to run again at any time.

    Exits 0 if everything is done, 1 if something failed, 3 if all that could be done is done and something is left:
    held back, or skipped.

    That is an approval, too: by the user of this machine who runs it. Of an event whose changes wait for approval
    (`changes: ask`) he approves what he loaded himself only with --allow-own.

    Example: zoom-sync apply --digest 3f2a9c0b12de4f56
    """
    from zoom_sync.domain.notices import Subject
    from zoom_sync.domain.plan import Policy
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.errors import PlanChanged
    from zoom_sync.service_layer.apply import start_run
    from zoom_sync.service_layer.noticing import held_back

    if queue and write_back is not None:
        raise typer.BadParameter(
            "the workers have not finished yet: run `zoom-sync write-back` later", param_hint="--write-back"
        )
    parts = open_parts()
    policy = Policy(
        allow_replace,
        allow_delete,
        repair_drift=repair_drift,
        repair=frozenset(repair or ()),
        allow_loss=frozenset(allow_loss or ()),
        allow_overload=frozenset(allow_overload or ()),
        allow_mass_change=allow_mass_change,
        allow_double=allow_double,
        allow_frozen=allow_frozen,
    )
    planned = _plan(parts, choose_event(parts, event), policy, deep)
    if digest is not None and digest != planned.plan.digest:
        raise PlanChanged(
            f"the plan is now {planned.plan.digest}, not {digest}; nothing was changed. See it: zoom-sync plan"
        )
    if planned.plan.changes and digest is None and not yes:
        _ask(planned)
    if planned.plan.changes:
        _approve(parts, planned.plan, own=allow_own)
    run = start_run(parts.applying(), planned.plan)
    parts.notices.found(planned.plan.event, Subject.HELD_BACK, held_back(planned.plan))
    if queue:
        _queue(parts, run, form)
        raise typer.Exit(CHANGES_PENDING if planned.plan.held_back else 0)
    _carry_out(parts, run)
    items = parts.runs.items(run)
    if form is Format.JSON:
        write_json(show.applied_json(planned.plan, items))
    else:
        show.applied(planned.plan, items)
    failed = any(item.state == "failed" for item in items)
    if write_back is not None:
        failed = not _write_back(parts, planned.plan.event, write_back) or failed
    left = bool(planned.plan.held_back) or any(item.state == "skipped" for item in items)
    raise typer.Exit(1 if failed else CHANGES_PENDING if left else 0)


def _approve(parts: Parts, plan: Plan, *, own: bool) -> None:
    """Commit that the user of this machine has approved the plan. Raises OwnApproval."""
    from zoom_sync.errors import OwnApproval
    from zoom_sync.service_layer.approve import record

    try:
        record(parts.planning(), parts.applying(), plan, user_name(), own=own)
    except OwnApproval as refused:
        raise OwnApproval(f"{refused}; --allow-own says that you may. Nothing was changed") from None


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

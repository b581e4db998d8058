"""`registrants`: pushing people to Zoom, who they are and how it stands, and deciding on single ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.listed import REPORT_FORMATS, ListsFormats
from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    check_choice,
    choose_event,
    confirm,
    open_parts,
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.registering import Guest, Registrant
    from zoom_sync.domain.registering.pushing import PushPlan
    from zoom_sync.service_layer.registering import Result

registrants = typer.Typer(
    help="Register people for sessions with `registration: automatic` or `manual`.", no_args_is_help=True
)
Session = Annotated[str, typer.Argument(metavar="SESSION", help="The session's key.")]
Emails = Annotated[list[str], typer.Argument(metavar="EMAIL...", help="Who it is about.")]
Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - for standard output.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask Zoom first who registered, was approved or cancelled.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(registrants, name="registrants")


@registrants.command()
def push(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="Who: names, e-mails, organisations.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Register those again who were cancelled or denied before.")
    ] = False,
    event: EventOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Register the people of a file, 30 at once. Safe to run again: nobody is registered twice.

    Columns by their headings, in English or Chinese: first name, last name (or name), e-mail, organisation.

    Example: zoom-sync registrants push seminar-1 guests.csv
    """
    from zoom_sync.service_layer.registering import prepare_push
    from zoom_sync.service_layer.registering import push as carry_out

    parts = open_parts()
    chosen = choose_event(parts, event)
    guests = _read(file)
    registering = parts.registering()
    plan = prepare_push(registering, chosen, session, guests, anew=anew)
    if dry_run:
        _show_plan(plan, form, chosen)
        return
    work = len(plan.register) + len(plan.approve)
    if work and not yes:
        confirm(f"Register {work} people?", "give --yes", lambda: _show_plan(plan, Format.TEXT, chosen))
    with progress_bar() as bar:
        task = bar.add_task("registering", total=len(plan.register))
        results = carry_out(registering, chosen, plan, lambda done: bar.advance(task, done)) if work else []
    _show_results(results, plan, form, chosen)
    raise typer.Exit(1 if any(result.failed for result in results) else 0)


def _read(file: str) -> Sequence[Guest]:
    """The people of a file; notes go to standard error. Raises UserError with everything that is wrong with it."""
    from zoom_sync.adapters.sources.guest_list import read_guests
    from zoom_sync.adapters.sources.origins import file_bytes
    from zoom_sync.errors import UserError

    found = read_guests(file_bytes(file), file)
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)
    if found.problems:
        raise UserError("nobody was registered: correct this first", found.problems)
    return found.people


def _show_plan(plan: PushPlan, form: Format, event: str) -> None:
    """What would be done, and what it costs."""
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.registering import plan_json

    if form is Format.JSON:
        write_json(plan_json(event, plan))
        return
    show.say(
        f"session {plan.key}, registration {plan.mode}: {len(plan.register)} to register, {len(plan.approve)} to"
        f" approve, {plan.already} registered already, {len(plan.left_out)} left out"
    )
    _show_left_out(plan, form)
    calls = ", ".join(f"{count} {label}" for label, count in plan.calls.items())
    show.say(f"calls to Zoom: {calls or 'none'}")


def _show_left_out(plan: PushPlan, form: Format) -> None:
    from zoom_sync.entrypoints.cli import show

    if plan.left_out:
        rows = [[str(one.person.line or ""), one.person.email, one.why] for one in plan.left_out]
        show.table(form, ["line", "left out", "why"], rows)


def _show_results(results: Sequence[Result], plan: PushPlan, form: Format, event: str) -> None:
    """How it stands with each, and a line for all."""
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.registering import plan_json, results_json

    if form is Format.JSON:
        write_json({**plan_json(event, plan), "results": results_json(results)})
        return
    _show_left_out(plan, form)
    _table(results, form)
    failed = sum(1 for result in results if result.failed)
    show.say(f"{len(results) - failed} registered, {failed} failed, {plan.already} registered already")
    if failed:
        show.say("run the same again: whoever is registered is not sent twice")
    elif results:
        show.say(f"next: zoom-sync registrants export {plan.key} -o links.csv")


def _table(results: Sequence[Result], form: Format) -> None:
    from zoom_sync.entrypoints.cli import show

    if results:
        rows = [
            [result.registrant.person.email, result.registrant.person.name, str(result.registrant.state), result.failed]
            for result in results
        ]
        show.table(form, ["e-mail", "name", "state", "failed"], rows)


@registrants.command("list")
def list_all(
    session: Session, fresh: Fresh = False, event: EventOption = None, form: FormatOption = Format.TEXT
) -> None:
    """Who shall be registered and how it stands, without links.

    Example: zoom-sync registrants list seminar-1 --fresh
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.registering import Result, results_json

    parts = open_parts()
    chosen, people = _people(parts, session, event, fresh=fresh)
    if form is Format.JSON:
        told = results_json([Result(person) for person in people])
        write_json({"event": chosen, "session": session, "registrants": told})
    elif not people:
        show.say(f"nobody is registered for session {session} yet: zoom-sync registrants push {session} FILE.csv")
    else:
        rows = [
            [registrant.person.email, registrant.person.name, str(registrant.state), registrant.reason]
            for registrant in people
        ]
        show.table(form, ["e-mail", "name", "state", "reason"], rows)
        show.say(f"{len(people)} people")


def _people(parts: Parts, session: str, event: str | None, *, fresh: bool) -> tuple[str, Sequence[Registrant]]:
    """The event, and everybody of a session. Raises NotInStore."""
    from zoom_sync.service_layer.registering import read_back

    chosen = choose_event(parts, event)
    parts.programmes.session(chosen, session)
    if fresh:
        return chosen, read_back(parts.registering(), chosen, session)
    return chosen, parts.registrants.registrants(chosen, session)


@registrants.command(cls=ListsFormats)
def export(
    session: Session,
    form: Annotated[str, typer.Option("-f", "--format", metavar=REPORT_FORMATS, help="What is written.")] = "csv",
    output: Output = "-",
    fresh: Fresh = False,
    event: EventOption = None,
) -> None:
    """Write everybody with the personal join link. These are secrets: a link lets in whoever has it, as that person.

    Example: zoom-sync registrants export seminar-1 -f xlsx -o links.xlsx
    """
    from zoom_sync.adapters.exports.tables import REGISTRANTS
    from zoom_sync.adapters.exports.writing import WRITERS, writer_of
    from zoom_sync.domain.publication import ReportRow
    from zoom_sync.entrypoints.cli.files import writing_to

    check_choice(form, WRITERS, "--format")
    parts = open_parts()
    chosen, people = _people(parts, session, event, fresh=fresh)
    zone = parts.programmes.session(chosen, session).timezone
    writer = writer_of(form)
    with writing_to(output, binary=writer.suffix if writer.binary else None) as out:
        count = writer.write(REGISTRANTS, (ReportRow(session, zone, person) for person in people), out)
    links = sum(1 for person in people if person.join_url)
    where = "standard output" if output == "-" else output
    typer.echo(f"{where}: {count} people, {links} personal links: a secret of each, hand on to nobody else", err=True)


@registrants.command()
def cancel(session: Session, emails: Emails, event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """Take people's registration back; their links let nobody in any more.

    Example: zoom-sync registrants cancel seminar-1 ann@example.org
    """
    _decide("cancel", session, emails, event, form)


@registrants.command()
def approve(session: Session, emails: Emails, event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """Let in people who wait, or who were denied.

    Example: zoom-sync registrants approve seminar-1 ann@example.org bob@example.org
    """
    _decide("approve", session, emails, event, form)


@registrants.command()
def deny(session: Session, emails: Emails, event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """Turn people down who wait or were approved.

    Example: zoom-sync registrants deny seminar-1 ann@example.org
    """
    _decide("deny", session, emails, event, form)


def _decide(action: str, session: str, emails: list[str], event: str | None, form: Format) -> None:
    from zoom_sync.service_layer.registering import decide, results_json

    parts = open_parts()
    chosen = choose_event(parts, event)
    results = decide(parts.registering(), chosen, session, action, emails)
    if form is Format.JSON:
        values: dict[str, Any] = {"event": chosen, "session": session, "results": results_json(results)}
        write_json(values)
    else:
        _table(results, form)
    raise typer.Exit(1 if any(result.failed for result in results) else 0)

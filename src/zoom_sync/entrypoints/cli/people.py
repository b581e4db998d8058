"""`people`: who is one person in a session's attendance, as staff say it; and the report over the whole event."""

from __future__ import annotations

import getpass
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
    from zoom_sync.service_layer.deciding import Deciding

people = typer.Typer(
    help="Who is one person: merge two lines of an attendance, split one, name it, give it a role; undo any of it.",
    no_args_is_help=True,
)

SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="The session's key.")]
LineArgument = Annotated[str, typer.Argument(metavar="LINE", help="A line, as `people list` tells it.")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="Kept with the decision.")]
AsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who decides, for the audit log; the system's user if not given."),
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(people, name="people")


@people.command(name="list")
def list_(session: SessionArgument, event: EventOption = None, form: FormatOption = Format.TEXT) -> None:
    """Show the people of a session, each with its line, and what was decided on them.

    Example: zoom-sync people list seminar-1
    """
    from zoom_sync.domain.attendance import line_id
    from zoom_sync.entrypoints.cli import show

    deciding, chosen = _deciding(event, None)
    deciding.collecting.programmes.session(chosen, session)
    lines = list(deciding.collecting.reports.attendance(chosen, session))
    decided = deciding.decisions.of(chosen, session)
    if form is Format.JSON:
        write_json(
            {
                "people": [
                    {
                        "line": line_id(line.key),
                        "name": line.name,
                        "email": line.email,
                        "role": str(line.role),
                        "note": line.remark,
                    }
                    for line in lines
                ],
                "decisions": [
                    {
                        "number": decision.id,
                        "what": str(decision.verb),
                        "of": decision.these.name,
                        "with": decision.those.name,
                        "value": decision.value,
                        "who": decision.who,
                        "at": decision.at.isoformat(),
                        "why": decision.why,
                        "undone": not decision.holds,
                    }
                    for decision in decided
                ],
            }
        )
        return
    rows = [[line_id(line.key), line.name, line.email or "", str(line.role), line.remark] for line in lines]
    show.table(form, ["line", "name", "email", "role", "note"], rows)
    if decided:
        textses = [
            [
                str(decision.id),
                str(decision.verb),
                decision.these.name,
                decision.those.name or decision.value,
                decision.who,
                decision.why,
                "" if decision.holds else f"undone by {decision.withdrawn_by}",
            ]
            for decision in decided
        ]
        show.table(form, ["decision", "what", "of", "with or as", "who", "why", ""], textses)


@people.command()
def rows(
    session: SessionArgument, line: LineArgument, event: EventOption = None, form: FormatOption = Format.TEXT
) -> None:
    """Show what the rows of one line say, numbered, to split it by.

    Example: zoom-sync people rows seminar-1 1a2b3c4d5e6f
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer import deciding as use

    deciding, chosen = _deciding(event, None)
    rows_of_lines = use.line(deciding, chosen, session, line).rows
    told = [
        {
            "row": number,
            "name": rows_of_line.name,
            "email": rows_of_line.mark.email,
            "registrant_id": rows_of_line.mark.registrant_id,
            "participant_id": rows_of_line.mark.participant_id,
            "rows": rows_of_line.rows,
            "minutes": round(rows_of_line.seconds / 60, 2),
        }
        for number, rows_of_line in enumerate(rows_of_lines, 1)
    ]
    if form is Format.JSON:
        write_json({"rows": told})
    else:
        show.table(form, list(told[0]), [[str(value) for value in each.values()] for each in told])


@people.command()
def merge(
    session: SessionArgument,
    lines: Annotated[list[str], typer.Argument(metavar="LINE...", help="Two lines or more.")],
    event: EventOption = None,
    why: WhyOption = "",
    who: AsOption = None,
) -> None:
    """Say that several lines are one person. It holds when the session is collected again.

    Example: zoom-sync people merge seminar-1 1a2b3c4d5e6f 6f5e4d3c2b1a --why "same person, two accounts"
    """
    from zoom_sync.service_layer import deciding as use

    deciding, chosen = _deciding(event, who)
    use.merge_lines(deciding, chosen, session, lines, why)
    _say_decided(deciding, chosen, session)


@people.command()
def split(
    session: SessionArgument,
    line: LineArgument,
    row: Annotated[
        list[int], typer.Option("--row", metavar="N", help="A row of somebody else, as `people rows` numbers it.")
    ],
    event: EventOption = None,
    why: WhyOption = "",
    who: AsOption = None,
) -> None:
    """Say that some rows of a line are another person.

    Example: zoom-sync people split seminar-1 1a2b3c4d5e6f --row 2
    """
    from zoom_sync.service_layer import deciding as use

    deciding, chosen = _deciding(event, who)
    use.split_line(deciding, chosen, session, line, row, why)
    _say_decided(deciding, chosen, session)


@people.command()
def name(
    session: SessionArgument,
    line: LineArgument,
    shown: Annotated[str, typer.Argument(metavar="NAME", help="What the person is called in the reports.")],
    event: EventOption = None,
    why: WhyOption = "",
    who: AsOption = None,
) -> None:
    """Say what a person is called in the reports.

    Example: zoom-sync people name seminar-1 1a2b3c4d5e6f "Ann Lee"
    """
    from zoom_sync.service_layer import deciding as use

    deciding, chosen = _deciding(event, who)
    use.name_line(deciding, chosen, session, line, shown, why)
    _say_decided(deciding, chosen, session)


@people.command()
def role(
    session: SessionArgument,
    line: LineArgument,
    given: Annotated[str, typer.Argument(metavar="host|panelist|staff|internal|audience|bot")],
    event: EventOption = None,
    why: WhyOption = "",
    who: AsOption = None,
) -> None:
    """Say what a person came as.

    Example: zoom-sync people role seminar-1 1a2b3c4d5e6f staff
    """
    from zoom_sync.service_layer import deciding as use

    deciding, chosen = _deciding(event, who)
    use.give_role(deciding, chosen, session, line, given, why)
    _say_decided(deciding, chosen, session)


@people.command()
def undo(
    session: SessionArgument,
    decision: Annotated[int, typer.Argument(metavar="NUMBER", help="A decision, as `people list` numbers it.")],
    event: EventOption = None,
    who: AsOption = None,
) -> None:
    """Withdraw a decision: the people become what they are without it.

    Example: zoom-sync people undo seminar-1 3
    """
    from zoom_sync.service_layer import deciding as use

    deciding, chosen = _deciding(event, who)
    use.undo(deciding, chosen, session, decision)
    typer.echo(f"decision {decision} is undone; {numbered(_count(deciding, chosen, session), 'line')} now")


def _deciding(event: str | None, who: str | None) -> tuple[Deciding, str]:
    parts = open_parts()
    return parts.deciding(who or getpass.getuser()), choose_event(parts, event)


def _count(deciding: Deciding, event: str, session: str) -> int:
    return sum(1 for _ in deciding.collecting.reports.attendance(event, session))


def _say_decided(deciding: Deciding, event: str, session: str) -> None:
    number = max(decision.id for decision in deciding.decisions.of(event, session))
    typer.echo(
        f"decided ({numbered(_count(deciding, event, session), 'line')} now);"
        f" undo it: zoom-sync people undo {session} {number}"
    )

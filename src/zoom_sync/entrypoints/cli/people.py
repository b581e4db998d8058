"""`people`: who is one person in a session's attendance, as staff say it; and the report over the whole event."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import EventOption, Format, FormatOption, choose_event, open_parts, write_json

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
                        "line": line_id(one.key), "name": one.name, "email": one.email, "role": str(one.role),
                        "note": one.remark,
                    }
                    for one in lines
                ],
                "decisions": [
                    {
                        "number": one.id, "what": str(one.verb), "of": one.these.name, "with": one.those.name,
                        "value": one.value, "who": one.who, "at": one.at.isoformat(), "why": one.why,
                        "undone": not one.holds,
                    }
                    for one in decided
                ],
            }
        )  # fmt: skip
        return
    rows = [[line_id(one.key), one.name, one.email or "", str(one.role), one.remark] for one in lines]
    show.table(form, ["line", "name", "email", "role", "note"], rows)
    if decided:
        told = [
            [str(one.id), str(one.verb), one.these.name, one.those.name or one.value, one.who, one.why,
             "" if one.holds else f"undone by {one.withdrawn_by}"]
            for one in decided
        ]  # fmt: skip
        show.table(form, ["decision", "what", "of", "with or as", "who", "why", ""], told)


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
    found = use.line(deciding, chosen, session, line).rows
    told = [
        {
            "row": number, "name": one.name, "email": one.mark.email, "registrant_id": one.mark.registrant_id,
            "participant_id": one.mark.participant_id, "rows": one.rows, "minutes": round(one.seconds / 60, 2),
        }
        for number, one in enumerate(found, 1)
    ]  # fmt: skip
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
    typer.echo(f"decision {decision} is undone; {_count(deciding, chosen, session)} lines now")


def _deciding(event: str | None, who: str | None) -> tuple[Deciding, str]:
    parts = open_parts()
    return parts.deciding(who or getpass.getuser()), choose_event(parts, event)


def _count(deciding: Deciding, event: str, session: str) -> int:
    return sum(1 for _ in deciding.collecting.reports.attendance(event, session))


def _say_decided(deciding: Deciding, event: str, session: str) -> None:
    number = max(one.id for one in deciding.decisions.of(event, session))
    typer.echo(
        f"decided ({_count(deciding, event, session)} lines now); undo it: zoom-sync people undo {session} {number}"
    )

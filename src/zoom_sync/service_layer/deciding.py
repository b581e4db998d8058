"""Staff say who is one person: two lines merged, one split, a name or a role given, and any of it undone.

Each decision is kept beside the rows and named by what they say, so it holds when the session is collected again; the
people are made anew of both. Every decision is in the audit log, which names no attendee.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.access import AuditEntry
from zoom_sync.domain.attendance import Attendee, Decision, Role, RowMark, RowsOfLine, Side, Verb, line_id
from zoom_sync.errors import NotInStore, UserError
from zoom_sync.service_layer.collect import Collecting, remerge, rows_of_people
from zoom_sync.service_layer.ports.access import AuditStore
from zoom_sync.service_layer.ports.reports import DecisionStore

NOBODY = Side()
DONE: Mapping[Verb, str] = {
    Verb.MERGE: "people merged",
    Verb.SPLIT: "person split",
    Verb.NAME: "person named",
    Verb.ROLE: "role given",
}
UNDONE = "decision undone"


@dataclass(frozen=True, slots=True)
class Deciding:
    """What deciding needs. `now` is this machine's clock; `who` is the account, or the user of the command line."""

    collecting: Collecting
    decisions: DecisionStore
    audit: AuditStore
    now: Callable[[], datetime]
    who: str


@dataclass(frozen=True, slots=True)
class Line:
    """A person of a session, and what the person's rows say. `number` tells the rows for `split_line`, from 1."""

    attendee: Attendee
    rows: tuple[RowsOfLine, ...]

    @property
    def id(self) -> str:
        return line_id(self.attendee.key)

    @property
    def side(self) -> Side:
        return Side(tuple(row.mark for row in self.rows), self.attendee.name)


def merge_lines(deciding: Deciding, event: str, key: str, ids: Sequence[str], why: str = "") -> None:
    """Say that lines are one person. Raises NotInStore, and UserError for fewer than two."""
    lines = _lines(deciding, event, key, ids)
    if len(lines) < 2:  # noqa: PLR2004 - one line is one person already
        raise UserError("name two lines of the session or more, to be merged into one")
    for other in lines[1:]:
        _add(deciding, event, key, Verb.MERGE, lines[0].side, other.side, "", why)
    remerge(deciding.collecting, event, key)


def split_line(deciding: Deciding, event: str, key: str, id_: str, rows: Iterable[int], why: str = "") -> None:
    """Say that some of a line's rows, by number from 1 as `line` tells them, are another person.

    Raises NotInStore, and UserError where that would leave nothing on either side.
    """
    found = line(deciding, event, key, id_)
    chosen = set(rows)
    if not chosen or not chosen < set(range(1, len(found.rows) + 1)):
        raise UserError(f"choose some of the rows 1 to {len(found.rows)}, and not all of them")
    marks: tuple[list[RowMark], list[RowMark]] = ([], [])
    for number, row in enumerate(found.rows, 1):
        marks[number not in chosen].append(row.mark)
    name = next((row.name for number, row in enumerate(found.rows, 1) if number in chosen and row.name), "")
    these, those = Side(tuple(marks[0]), name), Side(tuple(marks[1]), found.attendee.name)
    _add(deciding, event, key, Verb.SPLIT, these, those, "", why)
    remerge(deciding.collecting, event, key)


def name_line(deciding: Deciding, event: str, key: str, id_: str, name: str, why: str = "") -> None:
    """Say what a person is called in the reports. Raises NotInStore, and UserError for no name."""
    side = _line(deciding, event, key, id_).side
    shown = " ".join(name.split())
    if not shown:
        raise UserError("a name has at least one character")
    _add(deciding, event, key, Verb.NAME, side, NOBODY, shown, why)
    remerge(deciding.collecting, event, key)


def give_role(deciding: Deciding, event: str, key: str, id_: str, role: str, why: str = "") -> None:
    """Say what a person came as. Raises NotInStore, and UserError for a role that there is not."""
    side = _line(deciding, event, key, id_).side
    if role not in set(Role):
        raise UserError(f"there is no role {role!r}; choose one of: {', '.join(Role)}")
    _add(deciding, event, key, Verb.ROLE, side, NOBODY, role, why)
    remerge(deciding.collecting, event, key)


def undo(deciding: Deciding, event: str, key: str, number: int) -> Decision:
    """Withdraw a decision: the people become what they are without it. Raises NotInStore."""
    withdrawn = deciding.decisions.withdraw(event, key, number, deciding.who, deciding.now())
    _note(deciding, event, key, UNDONE)
    remerge(deciding.collecting, event, key)
    return withdrawn


def line(deciding: Deciding, event: str, key: str, id_: str) -> Line:
    """One person with the rows: those that say the same as one, or each by itself where all say the same.

    Raises NotInStore.
    """
    found = _line(deciding, event, key, id_)
    if len(found.rows) > 1:
        return found
    return _lines(deciding, event, key, [id_], exact=True)[0]


def _line(deciding: Deciding, event: str, key: str, id_: str) -> Line:
    return _lines(deciding, event, key, [id_])[0]


def _lines(deciding: Deciding, event: str, key: str, ids: Sequence[str], *, exact: bool = False) -> list[Line]:
    """The lines of these ids, each once, in the order of the ids."""
    rows = rows_of_people(deciding.collecting, event, key, exact=exact)
    lines = {line_id(attendee.key): attendee for attendee in deciding.collecting.reports.attendance(event, key)}
    found = []
    for id_ in dict.fromkeys(ids):
        attendee = lines.get(id_)
        if attendee is None or attendee.key not in rows:
            raise NotInStore(
                f"session {key!r} has no line {id_!r} that could be changed; `zoom-sync people list {key}` shows them"
            )
        found.append(Line(attendee, tuple(rows[attendee.key])))
    return found


def _add(deciding: Deciding, event: str, key: str, verb: Verb, these: Side, those: Side, value: str, why: str) -> None:
    decision = Decision(verb, these, those, value, deciding.who, deciding.now(), " ".join(why.split()))
    deciding.decisions.add(event, key, decision)
    _note(deciding, event, key, DONE[verb])


def _note(deciding: Deciding, event: str, key: str, what: str) -> None:
    deciding.audit.write(AuditEntry(deciding.now(), deciding.who, what, event, key))

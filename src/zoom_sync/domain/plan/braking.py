"""A brake for mass change: what would move, retitle, replace or remove many sessions at once is held back as one. Pure.

A file with another zone, a sheet sorted wrongly, an export that lacks half of its rows: each is one mistake, and would
reach everybody who holds a link. So a plan that would change a large share of the sessions that have a meeting does
none of that, tells it in one sentence, and waits for somebody to say by name that it is meant. The measure is that of
octodns (https://github.com/octodns/octodns, `Plan.raise_if_unsafe`): a share, once there are ten.

What somebody edited on Zoom does not count: putting it back is what the programme says already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from zoom_sync.domain.meeting import TIME_FIELDS, Cause, DesiredMeeting, FieldChange, Link
from zoom_sync.domain.phrases import Phrase, joined, then
from zoom_sync.domain.plan.comparing import why_update
from zoom_sync.domain.plan.values import Action, Brake, Change, HeldBack, Known, Policy

# So many linked sessions make changes of a share of them mass change.
LEAST = 10
OPTION = "--allow-mass-change"
NEEDS = Phrase("needs --allow-mass-change")


class _What(Enum):
    """What a change does to a session, in the order in which it is told."""

    TIME = "time"
    TITLE = "title"
    MEETING = "meeting"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What an item of the plan does to how many sessions."""

    item: Change | HeldBack
    does: frozenset[_What]
    sessions: int

    @property
    def change(self) -> Change:
        return self.item.change if isinstance(self.item, HeldBack) else self.item


def by_brake(
    items: Sequence[Change | HeldBack], desired: Sequence[DesiredMeeting], known: Known, policy: Policy, now: datetime
) -> tuple[list[Change | HeldBack], Brake | None]:
    """The items with mass change held back, and the brake; None where it is no mass change.

    It is one where more than `policy.mass_change` of a hundred sessions that have a meeting would change time, title or
    meeting or are gone: of all, or of those that are not over yet, wherever these are at least ten.
    """
    sizes = {want.key: 1 + len(want.members) for want in desired}
    linked = {key: sizes.get(key, 1) for key in known.links}
    to_come = {key: size for key, size in linked.items() if not _is_over(key, desired, known, now)}
    weighed = [_weigh(item, known, sizes) for item in items]
    moved = [one for one in weighed if one.does and one.change.mark not in policy.approved]
    count = sum(one.sessions for one in moved)
    totals = (sum(linked.values()), sum(to_come.values()))
    if not any(total >= LEAST and 100 * count > policy.mass_change * total for total in totals):
        return list(items), None
    brake = Brake(_sentence(moved, totals[1]), count, totals[1], policy.allow_mass_change)
    if brake.released:
        return list(items), brake
    held = {id(one.item) for one in moved}
    decided: list[Change | HeldBack] = []
    for item in items:
        decided += _held(item, brake, policy) if id(item) in held else [item]
    return decided, brake


def _is_over(key: str, desired: Iterable[DesiredMeeting], known: Known, now: datetime) -> bool:
    ends = [want.end for want in desired if want.key == key]
    return max([*ends, *(end for _, end in known.links[key].applied.spans)], default=now) <= now


def _weigh(item: Change | HeldBack, known: Known, sizes: Mapping[str, int]) -> _Weighed:
    change = item.change if isinstance(item, HeldBack) else item
    # What ends by itself, or nobody can do by name, is not about to happen.
    happens = isinstance(item, Change) or item.needs is not None
    does = _does(change, known.links.get(change.key)) if happens else frozenset()
    return _Weighed(item, does, sizes.get(change.key, 1))


def _does(change: Change, link: Link | None) -> frozenset[_What]:
    if link is None:
        return frozenset()
    if change.action is Action.DELETE:
        return frozenset({_What.GONE}) if change.meeting_id == link.meeting_id else frozenset()
    if change.action in (Action.REPLACE, Action.MOVE):
        return frozenset({_What.MEETING})
    names = {field.name for field in change.fields if field.cause is not Cause.ZOOM}
    does = {_What.TIME} if names & TIME_FIELDS else set()
    return frozenset(does | ({_What.TITLE} if "topic" in names else set()))


def _held(item: Change | HeldBack, brake: Brake, policy: Policy) -> list[Change | HeldBack]:
    """The item held back; what was edited on Zoom is put back all the same."""
    why = then(brake.sentence, NEEDS)
    if isinstance(item, HeldBack):
        return [replace(item, why=then(item.why, why), needs=f"{item.needs} {OPTION}", together=True)]
    also = _also_needs(item, policy)
    needs = f"{also} {OPTION}" if also else OPTION
    if item.action is not Action.UPDATE:
        return [
            HeldBack(
                item, then(why, Phrase("needs {option}", option=also)) if also else why, needs=needs, together=True
            )
        ]
    repairs = _repairs(item.fields)
    rest = tuple(field for field in item.fields if field not in repairs)
    part = replace(item, fields=rest, reason=why_update(rest))
    held = HeldBack(part, why, needs=needs, together=True)
    return [held] if not repairs else [replace(item, fields=repairs, reason=why_update(repairs)), held]


def _also_needs(change: Change, policy: Policy) -> str | None:
    if change.action is Action.DELETE and not policy.allow_delete:
        return "--allow-delete"
    return "--allow-replace" if change.action in (Action.REPLACE, Action.MOVE) and not policy.allow_replace else None


def _repairs(fields: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    """What puts back an edit on Zoom. The times of a meeting are written together: all of them, or none."""
    times = {field.cause for field in fields if field.name in TIME_FIELDS}
    return tuple(
        field
        for field in fields
        if field.cause is Cause.ZOOM and (field.name not in TIME_FIELDS or times == {Cause.ZOOM})
    )


def _sentence(moved: Sequence[_Weighed], total: int) -> Phrase:
    by_what = {what: [weighed for weighed in moved if what in weighed.does] for what in _What}
    return joined(_told(what, group, total) for what, group in by_what.items() if group)


def _told(what: _What, group: Sequence[_Weighed], total: int) -> Phrase:
    count = sum(weighed.sessions for weighed in group)
    if count == 1:
        return _told_of_one(what, group[0], total)
    if what is _What.TITLE:
        return Phrase("{count} of {total} sessions get another title", count=count, total=total)
    if what is _What.MEETING:
        return Phrase("{count} of {total} sessions get another meeting and link", count=count, total=total)
    if what is _What.GONE:
        return Phrase("{count} of {total} sessions are no longer in the programme", count=count, total=total)
    shifts = sorted(shift for weighed in group if (shift := _shift(weighed.change)) is not None)
    if len(shifts) < len(group) or not any(shifts):
        return Phrase("{count} of {total} sessions get other times", count=count, total=total)
    if shifts[0] == shifts[-1]:
        return Phrase("{count} of {total} sessions move by {shift}", count=count, total=total, shift=signed(shifts[0]))
    return Phrase(
        "{count} of {total} sessions move by {least} to {most}",
        count=count, total=total, least=signed(shifts[0]), most=signed(shifts[-1]),
    )  # fmt: skip


def _told_of_one(what: _What, moved: _Weighed, total: int) -> Phrase:
    if what is _What.TITLE:
        return Phrase("1 of {total} sessions gets another title", total=total)
    if what is _What.MEETING:
        return Phrase("1 of {total} sessions gets another meeting and link", total=total)
    if what is _What.GONE:
        return Phrase("1 of {total} sessions is no longer in the programme", total=total)
    shift = _shift(moved.change)
    if not shift:
        return Phrase("1 of {total} sessions gets other times", total=total)
    return Phrase("1 of {total} sessions moves by {shift}", total=total, shift=signed(shift))


def _shift(change: Change) -> timedelta | None:
    """By how much a meeting's start moves; None where that is not known."""
    start = next((field for field in change.fields if field.name == "start_time"), None)
    if start is None or not isinstance(start.old, datetime) or not isinstance(start.new, datetime):
        return None
    return start.new - start.old


def signed(shift: timedelta) -> str:
    """A length of time with its sign, as `+12 h`, `-1 h 30 min` or `+7 d`."""
    minutes = round(abs(shift) / timedelta(minutes=1))
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    text = " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
    return f"{'-' if shift < timedelta() else '+'}{text}"

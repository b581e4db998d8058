"""What a plan learns beside what it does: what Zoom makes of values, what it refuses, and how people come in now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan.looking import Look, look
from zoom_sync.domain.plan.values import PASSCODE, Action, Change, HeldBack, Known, Observation, masked_value


@dataclass(frozen=True, slots=True)
class Lessons:
    """What all looks of a plan come to; see `Plan` for `links` and `rows`."""

    links: tuple[Link, ...] = ()
    notes: tuple[Phrase, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


def put_back(changes: Sequence[Change]) -> frozenset[str]:
    """The sessions whose announced passcode is put back by these changes."""
    return frozenset(change.key for change in changes if any(field.name == PASSCODE for field in change.fields))


def learn(
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    now: datetime,
    repaired: frozenset[str] = frozenset(),
) -> Lessons:
    """Look at each linked meeting that Zoom shows, of sessions that are not over.

    What is told of a session in `repaired` stays what was announced: it lets people in again once that is done.
    """
    looks: list[Look] = []
    held: list[HeldBack] = []
    links: list[Link] = []
    for want in desired:
        link = known.links.get(want.key)
        observed = seen.meetings.get(link.meeting_id) if link is not None else None
        if link is None or observed is None or want.end <= now or observed.kind != link.kind:
            continue
        looked = look(want, link, observed, now)
        looks.append(looked)
        held += [_refused(link, looked)] if looked.refused else []
        now_known = looked.link
        if want.key in repaired:
            now_known = replace(now_known, passcode=link.passcode, join_url=link.join_url)
        if now_known != link:
            links.append(now_known)
    rows = Counter(str(row) for looked in looks for row in looked.rows)
    notes = tuple(note for looked in looks for note in looked.notes)
    return Lessons(tuple(links), notes, tuple(held), dict(sorted(rows.items())))


def _refused(link: Link, looked: Look) -> HeldBack:
    fields = tuple(change for change, _ in looked.refused)
    words = dict.fromkeys(f'{change.name.removeprefix("settings.")}: "{words}"' for change, words in looked.refused)
    change = Change(Action.UPDATE, link.key, link.host_id, link.meeting_id, fields)
    why = Phrase(
        "Zoom refused it ({words}); change it in the programme or the profile: it is sent again once it is another",
        words=masked_value("; ".join(words)),
    )
    return HeldBack(change, why)

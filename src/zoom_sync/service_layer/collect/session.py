"""Collecting the sessions of a meeting: which reports are asked for, and what is noted of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from structlog.contextvars import bound_contextvars

from zoom_sync.domain.dividing import Part
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.service_layer.archived import refuse_archived
from zoom_sync.service_layer.collect.asking import Asked
from zoom_sync.service_layer.collect.due import due_kinds, due_sessions
from zoom_sync.service_layer.collect.kinds import kinds_of
from zoom_sync.service_layer.collect.needs import Collecting, parts_and_link
from zoom_sync.service_layer.collect.remerging import remerge
from zoom_sync.service_layer.collect.task import Task
from zoom_sync.service_layer.looking import in_parallel

log = logging.getLogger(__name__)


def collect_event(
    collecting: Collecting, event: str, keys: Sequence[str], tell: Callable[[str, Sequence[Collected]], None]
) -> list[Collected]:
    """Collect the named sessions, or without names all that are due. `tell` hears of each session that is through.

    Raises:
        NotInStore: there is no such event or session, or a named session has no meeting.
        UserError: the event is archived.
    """
    refuse_archived(collecting.programmes, event)
    now = collecting.reader.server_time()
    texts = list(keys) or due_sessions(collecting, event, now)
    for key in keys:
        parts_and_link(collecting, event, key)

    def collect(together: Sequence[str]) -> list[Collected]:
        with bound_contextvars(event_key=event, session=together[0]):
            states = collect_sessions(collecting, event, together, again=bool(keys))
        for key in together:
            tell(key, [state for state in states if state.key == key])
        return states

    groups = in_one_meeting(collecting, event, texts)
    return [state for states in in_parallel(collect, groups, collecting.threads) for state in states]


def in_one_meeting(collecting: Collecting, event: str, keys: Sequence[str]) -> list[tuple[str, ...]]:
    """The sessions in groups, each of one meeting: what of it several sessions need is asked for once."""
    sessions = {session.key: session for session in collecting.programmes.programme(event).sessions}
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(sessions[key].meeting_key, []).append(key)
    return [tuple(group) for group in groups.values()]


def collect_sessions(collecting: Collecting, event: str, keys: Sequence[str], *, again: bool = True) -> list[Collected]:
    """Collect the reports of sessions that are held in one meeting, and merge what is there; answers each state.

    `again` asks for everything, and without it only for what is due. Trouble with Zoom becomes the report's state, and
    that of one report does not keep the others from being collected.
    """
    parts, link = parts_and_link(collecting, event, keys[0])
    asked = Asked(collecting, event, link, collecting.reader.server_time())
    found = [state for key in keys for state in _collect_one(asked, parts, key, again=again)]
    if asked.kept:
        # What was kept is divided anew among all that share it, those that were complete before included.
        sharing = [part.session.key for part in parts.values() if not part.series]
        for key in dict.fromkeys((*keys, *sharing)):
            remerge(collecting, event, key)
    for state in asked.noted:
        collecting.reports.note(event, state)
        told = {"event_key": event, "session": state.key, "kind": state.kind, "state": str(state.state)}
        log.info("report_noted", extra={**told, "rows": state.rows})
    return found


def _collect_one(asked: Asked, parts: Mapping[str, Part], key: str, *, again: bool) -> list[Collected]:
    part, reports, event, held_as = parts[key], asked.collecting.reports, asked.event, asked.link.kind
    before = {state.kind: state for state in reports.states(event, key)}
    purged = reports.purged(event)
    if (words := purged.get(key) or purged.get(part.kept_by)) is not None:
        return _purged(asked, part.session, before, words)
    chosen = kinds_of(held_as) if again else due_kinds(part.timed, held_as, before, asked.now)
    found = Task(asked, parts, key, before, again=again).collect(chosen)
    asked.noted += found.values()
    told = {**before, **found}
    return [told[kind.name] for kind in kinds_of(held_as) if kind.name in told]


def _purged(asked: Asked, session: Session, before: Mapping[str, Collected], words: str) -> list[Collected]:
    """What was purged is not fetched again: the states say so, and stay."""
    if before:
        return list(before.values())
    kinds = kinds_of(asked.link.kind)
    states = [Collected(session.key, kind.name, ReportState.NONE, 0, None, words, asked.now) for kind in kinds]
    asked.noted += states
    return states

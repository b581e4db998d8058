"""What endangers sessions to come, by the store: licences that do not hold them, sessions that do not end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from zoom_sync.domain.delivery import Live
from zoom_sync.domain.hosts import Held, Host
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.overview import Line, Phase
from zoom_sync.domain.phrases import Phrase
from zoom_sync.service_layer.crowds import FIT_ANYWHERE, crowd_notes
from zoom_sync.service_layer.hosts_now import basic_expected, basic_note, next_held, overrun_note
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.ports.events import LinkStore
from zoom_sync.service_layer.status import EventStatus, SessionStatus

Warnings = Mapping[str, tuple[Phrase, ...]]


def warnings_of(
    event_status: EventStatus,
    links: LinkStore,
    live: Mapping[str, Live],
    now: datetime,
    pool: Sequence[HostRule] | None = None,
    *,
    basic_may_host: bool = False,
    registered: Mapping[str, int] = MappingProxyType({}),
) -> Warnings:
    """What is to be known of each session, by its key. Asks the store only."""
    users = links.hosts(datetime.min.replace(tzinfo=UTC)) or ()
    expected = basic_expected(users, pool, basic_may_host=basic_may_host)
    basic = {user.id: user for user in users if not user.licensed and user.id not in expected}
    crowds = partial(_crowd, users={user.id: user for user in users}, links=links, registered=registered, now=now)
    phraseses = {
        session_status.session.key: (
            *_basic(session_status, basic, now),
            *crowds(session_status),
            *_overrun(session_status, links, live, now),
        )
        for session_status in event_status.sessions
    }
    return {key: notes for key, notes in phraseses.items() if notes}


def _basic(session_status: SessionStatus, basic: Mapping[str, Host], now: datetime) -> Iterator[Phrase]:
    if session_status.link is not None and session_status.link.host_id in basic and session_status.session.end > now:
        yield basic_note(session_status.session.key, basic[session_status.link.host_id].name)


def _crowd(
    session_status: SessionStatus,
    users: Mapping[str, Host],
    links: LinkStore,
    registered: Mapping[str, int],
    now: datetime,
) -> Iterator[Phrase]:
    """By what Zoom last said of the licences, as plans asked for it."""
    expected = max(session_status.session.expected or 0, registered.get(session_status.session.key, 0))
    if session_status.link is not None and expected > FIT_ANYWHERE and session_status.session.end > now:
        licences = links.licences(datetime.min.replace(tzinfo=UTC))
        host = users.get(session_status.link.host_id)
        yield from crowd_notes(
            session_status.session.key, session_status.link.kind, expected, host, list(users.values()), licences
        )


def _overrun(
    session_status: SessionStatus, links: LinkStore, live: Mapping[str, Live], now: datetime
) -> Iterator[Phrase]:
    if session_status.link is None or session_status.session.key not in live or session_status.session.end > now:
        return
    following = next_of(session_status.link, links, session_status.session.end, now)
    if following is not None:
        start, held = following
        yield overrun_note(session_status.session.key, held.name, start)


def overruns(lines: Sequence[Line], links: LinkStore, now: datetime) -> list[Phrase]:
    """Of sessions in a list that run beyond their ends, what their hosts hold next. Asks the store only."""
    late = [line for line in lines if line.phase(now) is Phase.OVER_TIME and line.host_id]
    phrases = []
    for line in late:
        held = links.calendar(line.host_id, now).held
        following = next_held(held, line.meeting_id, line.end, now)
        if following is not None:
            phrases.append(overrun_note(line.key, following[1].name, following[0]))
    return phrases


def next_of(link: Link, links: LinkStore, end: datetime, now: datetime) -> tuple[datetime, Held] | None:
    """What the host of a meeting holds next after `end`, and when; None where nothing is to come."""
    return next_held(links.calendar(link.host_id, now).held, link.meeting_id, end, now)


def with_warnings(values: dict[str, Any], warnings: Warnings) -> dict[str, Any]:
    """The status as JSON with `warnings` of each session."""
    sessions = [{**value, "warnings": list(warnings.get(value["key"], ()))} for value in values["sessions"]]
    return {**values, "sessions": sessions}

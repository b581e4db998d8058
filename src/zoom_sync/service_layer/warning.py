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
    told: EventStatus,
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
    found = {
        one.session.key: (*_basic(one, basic, now), *crowds(one), *_overrun(one, links, live, now))
        for one in told.sessions
    }
    return {key: notes for key, notes in found.items() if notes}


def _basic(one: SessionStatus, basic: Mapping[str, Host], now: datetime) -> Iterator[Phrase]:
    if one.link is not None and one.link.host_id in basic and one.session.end > now:
        yield basic_note(one.session.key, basic[one.link.host_id].name)


def _crowd(
    one: SessionStatus, users: Mapping[str, Host], links: LinkStore, registered: Mapping[str, int], now: datetime
) -> Iterator[Phrase]:
    """By what Zoom last said of the licences, as plans asked for it."""
    expected = max(one.session.expected or 0, registered.get(one.session.key, 0))
    if one.link is not None and expected > FIT_ANYWHERE and one.session.end > now:
        licences = links.licences(datetime.min.replace(tzinfo=UTC))
        host = users.get(one.link.host_id)
        yield from crowd_notes(one.session.key, one.link.kind, expected, host, list(users.values()), licences)


def _overrun(one: SessionStatus, links: LinkStore, live: Mapping[str, Live], now: datetime) -> Iterator[Phrase]:
    if one.link is None or one.session.key not in live or one.session.end > now:
        return
    following = next_of(one.link, links, one.session.end, now)
    if following is not None:
        start, held = following
        yield overrun_note(one.session.key, held.name, start)


def overruns(lines: Sequence[Line], links: LinkStore, now: datetime) -> list[Phrase]:
    """Of sessions in a list that run beyond their ends, what their hosts hold next. Asks the store only."""
    late = [line for line in lines if line.phase(now) is Phase.OVER_TIME and line.host_id]
    found = []
    for line in late:
        held = links.calendar(line.host_id, now).held
        following = next_held(held, line.meeting_id, line.end, now)
        if following is not None:
            found.append(overrun_note(line.key, following[1].name, following[0]))
    return found


def next_of(link: Link, links: LinkStore, end: datetime, now: datetime) -> tuple[datetime, Held] | None:
    """What the host of a meeting holds next after `end`, and when; None where nothing is to come."""
    return next_held(links.calendar(link.host_id, now).held, link.meeting_id, end, now)


def with_warnings(told: dict[str, Any], warnings: Warnings) -> dict[str, Any]:
    """The status as JSON with `warnings` of each session."""
    sessions = [{**one, "warnings": list(warnings.get(one["key"], ()))} for one in told["sessions"]]
    return {**told, "sessions": sessions}

"""The meeting that a session asks for, alone or with others that are held in it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from zoom_sync.domain.agenda_text import agenda_text
from zoom_sync.domain.meeting import TOPIC_LIMIT, DesiredMeeting, MeetingFields, clean, clip, flatten
from zoom_sync.domain.panelists import named_in
from zoom_sync.domain.profiles import taken
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.registering import approval_settings
from zoom_sync.domain.series import by_meeting, is_series, recurrence_of
from zoom_sync.domain.zones import zoom_timezone


def desired_meeting(
    session: Session, profiles: Mapping[str, Mapping[str, Any]], default_profile: str, others: Sequence[Session] = ()
) -> DesiredMeeting:
    """The meeting a session asks for. Its settings are the profile's with the session's own on top.

    `others` are held in the same meeting: on one day it lasts from the first to the last, else it is a series.

    Raises:
        KeyError: the session names a profile that does not exist.
    """
    settings = {**dict(flatten(profiles[session.profile or default_profile])), **dict(flatten(session.settings))}
    settings |= approval_settings(session.registration)
    if any(one.record is False for one in (session, *others)):
        settings["auto_recording"] = "none"
    settings["use_pmi"] = False  # a user's default may be true: the link would be his personal one
    settings = {path: value for path, value in settings.items() if taken(path, session.kind)}
    group = (session, *others)
    start, end = min(one.start for one in group), max(one.end for one in group)
    fields = MeetingFields(
        topic=clip(clean(session.title), TOPIC_LIMIT),
        agenda=agenda_text(session, others),
        start=start.astimezone(UTC).replace(microsecond=0),
        duration=replace(session, start=start, end=end).minutes,
        timezone=zoom_timezone(session.timezone),
        settings=settings,
    )
    if is_series(group):
        fields = _as_series(fields, session, group)
    known = session.known.meeting_id if session.known else None
    spans = tuple(sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in group))
    members = tuple(other.key for other in others)
    times = spans if others else ()
    panelists = named_in(item for one in group for item in one.items) if session.kind is Kind.WEBINAR else ()
    expected = max(one.expected or 0 for one in group)
    return DesiredMeeting(
        session.key, session.kind, fields, end.astimezone(UTC), session.host, known, members, times, panelists,
        expected=expected,
    )  # fmt: skip


def to_hold(sessions: Iterable[Session], linked: Collection[str]) -> tuple[Session, ...]:
    """The sessions that meetings are planned for: all but those whose meeting is wholly cancelled and was never made.

    `linked` are the keys that have a meeting: the meeting of a cancelled session stays, and so does its link.
    """
    groups = by_meeting(sessions)
    return tuple(
        session
        for key, group in groups.items()
        if key in linked or not all(session.cancelled for session in group)
        for session in group
    )


def with_host_of_rehearsed(sessions: Iterable[Session], hosts: Mapping[str, str]) -> tuple[Session, ...]:
    """The sessions, each new rehearsal with the host of what it rehearses.

    `hosts` are the hosts (user id) of the meetings that there are, by key. A rehearsal that has a meeting keeps it.
    """
    sessions = tuple(sessions)
    by_key = {session.key: session for session in sessions}
    found = []
    for session in sessions:
        rehearsed = by_key.get(session.rehearsal_of or "")
        if rehearsed is None or session.host or session.meeting_of or session.key in hosts:
            found.append(session)
            continue
        owner = by_key.get(rehearsed.meeting_key, rehearsed)
        found.append(replace(session, host=hosts.get(owner.key) or owner.host))
    return tuple(found)


def _as_series(fields: MeetingFields, owner: Session, group: Sequence[Session]) -> MeetingFields:
    """Held at each session's time, for as long as one is. What has no rule is refused when a programme is read."""
    starts = tuple(sorted(session.start.astimezone(UTC).replace(microsecond=0) for session in group))
    rule = recurrence_of(starts, owner.timezone)
    if rule is None:
        return fields
    return replace(fields, duration=owner.minutes, recurrence=rule.as_zoom_has_it(), occurrences=starts)

"""The meeting that a session asks for, alone or with others that are held in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from zoom_sync.domain.agenda_text import agenda_text
from zoom_sync.domain.meeting import TOPIC_LIMIT, DesiredMeeting, MeetingFields, clean, clip, flatten
from zoom_sync.domain.panelists import named_in
from zoom_sync.domain.profiles import taken
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.registering import approval_settings
from zoom_sync.domain.series import is_series, recurrence_of
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
    members = tuple(one.key for one in others)
    times = spans if others else ()
    panelists = named_in(item for one in group for item in one.items) if session.kind is Kind.WEBINAR else ()
    return DesiredMeeting(
        session.key, session.kind, fields, end.astimezone(UTC), session.host, known, members, times, panelists
    )


def _as_series(fields: MeetingFields, owner: Session, group: Sequence[Session]) -> MeetingFields:
    """Held at each session's time, for as long as one is. What has no rule is refused when a programme is read."""
    starts = tuple(sorted(one.start.astimezone(UTC).replace(microsecond=0) for one in group))
    rule = recurrence_of(starts, owner.timezone)
    if rule is None:
        return fields
    return replace(fields, duration=owner.minutes, recurrence=rule.as_zoom_has_it(), occurrences=starts)

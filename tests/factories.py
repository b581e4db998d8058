"""Values for tests: valid as they are, one argument for each difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from zoom_sync.domain.desired import desired_meeting
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import (
    DesiredMeeting,
    Intent,
    Link,
    MeetingFields,
    ObservedMeeting,
    Origin,
)
from zoom_sync.domain.programme import AgendaItem, Event, Kind, KnownMeeting, Passcode, Programme, Session

NOW = datetime(2023, 11, 1, 0, 0, tzinfo=UTC)
START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
PROFILE: Mapping[str, Any] = {
    "waiting_room": False,
    "mute_upon_entry": True,
    "alternative_hosts": "ann@example.org;bob@example.org",
    "question_and_answer": {"enable": True},
}
PASSCODE = "aB3defghij"


def join_link(meeting_id: str, passcode: str = PASSCODE) -> str:
    return f"https://example.zoom.us/j/{meeting_id}?pwd=hash-of-{passcode}"


def make_session(
    key: str = "seminar-1",
    *,
    start: datetime = START,
    minutes: int = 90,
    title: str = "Making our cities safe",
    **differences: Any,
) -> Session:
    end = differences.pop("end", start + timedelta(minutes=minutes))
    values: dict[str, Any] = {
        "timezone": "UTC",
        "description": "What cities do about floods.",
        "items": (AgendaItem("Kazan, Russian", "Park to rest"), AgendaItem("Tehran, Iran", "Chemical poisons")),
    }
    known = differences.pop("known_id", None)
    if known is not None:
        values["known"] = KnownMeeting(known, Passcode("011826"))
    return Session(key, title, start, end, **(values | differences))


def make_programme(
    *sessions: Session, key: str = "urban-2023", title: str = "Seminar", timezone: str = "UTC"
) -> Programme:
    return Programme(Event(key, title, timezone, "An event."), sessions or (make_session(),))


def make_host(number: int = 1, **differences: Any) -> Host:
    values = {"id": f"host-{number}", "name": f"Host {number}", "email": f"host{number}@example.org"}
    return Host(**(values | differences))


def make_desired(session: Session | None = None, **profile: Any) -> DesiredMeeting:
    return desired_meeting(session or make_session(), {"plain": {**PROFILE, **profile}}, "plain")


def make_fields(session: Session | None = None, **differences: Any) -> MeetingFields:
    return replace(make_desired(session).fields, **differences)


def make_link(session: Session | None = None, meeting_id: str = "81000000001", **differences: Any) -> Link:
    session = session or make_session()
    passcode = Passcode(differences.pop("passcode", PASSCODE))
    values: dict[str, Any] = {
        "key": session.key,
        "meeting_id": meeting_id,
        "kind": session.kind,
        "host_id": "host-1",
        "passcode": passcode,
        "join_url": join_link(meeting_id, passcode.value),
        "origin": Origin.CREATED,
        "applied": make_desired(session).fields,
    }
    return Link(**(values | differences))


def make_observed(link: Link | None = None, *, deep: bool = True, **differences: Any) -> ObservedMeeting:
    """The meeting of a link as Zoom shows it, in step with it: read by itself, or as a row of a list."""
    link = link or make_link()
    fields = link.applied
    values: dict[str, Any] = {
        "meeting_id": link.meeting_id,
        "host_id": link.host_id,
        "kind": link.kind,
        "topic": fields.topic,
        "agenda": fields.agenda if deep else fields.agenda[:250],
        "start": fields.start,
        "duration": fields.duration,
        "timezone": fields.timezone,
        "join_url": link.join_url,
        "created_at": NOW,
        "settings": {**fields.settings, "not_managed": "whatever"} if deep else None,
        "passcode": link.passcode if deep else None,
    }
    return ObservedMeeting(**(values | differences))


def make_intent(session: Session | None = None, **differences: Any) -> Intent:
    session = session or make_session()
    values: dict[str, Any] = {
        "key": session.key,
        "host_id": "host-1",
        "kind": Kind.MEETING,
        "topic": session.title,
        "passcode": Passcode("in7entPass"),
        "created_at": NOW,
        "attempts": 1,
        "attempted_at": NOW,
    }
    return Intent(**(values | differences))


def sessions_of_the_seminar() -> list[Session]:
    """Four evenings, one after the other."""
    return [make_session(f"seminar-{n}", start=START + timedelta(days=n)) for n in range(4)]

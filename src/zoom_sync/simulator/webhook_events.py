"""What Zoom's webhooks say: the body of each event this simulator knows.

https://developers.zoom.us/docs/api/meetings/events/ ; of started, ended and participant events the meeting's id is a
text, of all others a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .clock import iso
from .meetings import join_url
from .world import Instance, Meeting, Stay, World

# Of an evening so many stays at most are told of, evenly chosen: the events are samples, the reports are complete.
MOST_TOLD = 40


def event_name(meeting: Meeting, what: str) -> str:
    """`meeting.created`, `webinar.ended`."""
    return f"{'webinar' if meeting.is_webinar else 'meeting'}.{what}"


def planned(world: World, meeting: Meeting, what: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of created, updated, deleted and recovered; `before` is what an updated one showed before."""
    host = world.users[meeting.host_id]
    values: dict[str, Any] = {
        "account_id": world.credentials.account_id,
        "operator": host.email,
        "operator_id": host.id,
        "object": shown(meeting),
    }
    if what == "updated":
        return {**values, "scope": "all", "time_stamp": int(world.clock.now() * 1000), "old_object": dict(before)}
    values["operation"] = "all"
    if what == "created":
        values["object"] |= {
            "join_url": join_url(meeting),
            "password": meeting.password,
            "settings": {"use_pmi": meeting.pmi is not None, "alternative_hosts": ""},
        }
        if meeting.is_webinar:
            values["object"]["creation_source"] = "open_api" if meeting.created_by == "api" else "web_portal"
    return values


def shown(meeting: Meeting) -> dict[str, Any]:
    """The fields that all these events show."""
    start = {} if meeting.start is None else {"start_time": iso(meeting.start)}
    return {
        "uuid": meeting.uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.type,
        **start,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
    }


def registered(world: World, meeting: Meeting, registrant: Mapping[str, Any], link: str) -> dict[str, Any]:
    """The payload of registration_created."""
    names = ("id", "first_name", "last_name", "email", "status")
    about = {**{name: registrant[name] for name in names}, "join_url": link}
    return {"account_id": world.credentials.account_id, "object": {**shown(meeting), "registrant": about}}


def decided(world: World, meeting: Meeting, what: str, registrant: Mapping[str, Any], link: str) -> dict[str, Any]:
    """The payload of registration_approved, _cancelled and _denied; only the first tells the link."""
    host = world.users[meeting.host_id]
    about = {name: registrant[name] for name in ("id", "first_name", "last_name", "email")}
    about |= {"join_url": link} if what == "registration_approved" else {}
    values = {"account_id": world.credentials.account_id, "operator": host.email, "operator_id": host.id}
    return {**values, "object": {**shown(meeting), "registrant": about}}


def held(world: World, meeting: Meeting, instance: Instance) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """When what happened at an instance that is over: the instant, the event's name behind the dot, the payload."""
    yield instance.start, "started", _under_way(world, meeting, instance)
    moments = []
    for stay in _sample([one for one in instance.stays if one.status == "in_meeting"]):
        moments.append((stay.join, "participant_joined", stay))
        moments.append((stay.leave, "participant_left", stay))
    for at, what, stay in sorted(moments, key=lambda one: (one[0], one[1], one[2].user_id)):
        yield at, what, _with_person(world, meeting, instance, stay, what)
    if instance.end is not None:
        yield instance.end, "ended", ended(world, meeting, instance)


def started(world: World, meeting: Meeting, instance: Instance) -> dict[str, Any]:
    """The payload of started."""
    return _under_way(world, meeting, instance)


def ended(world: World, meeting: Meeting, instance: Instance) -> dict[str, Any]:
    """The payload of ended."""
    values = _under_way(world, meeting, instance)
    values["object"]["end_time"] = iso(instance.until)
    return values


def _sample(stays: list[Stay]) -> list[Stay]:
    step = max(1, -(-len(stays) // MOST_TOLD))
    return stays[::step]


def _under_way(world: World, meeting: Meeting, instance: Instance) -> dict[str, Any]:
    about = {
        "id": str(meeting.id),
        "uuid": instance.uuid,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.type,
        "start_time": iso(instance.start),
        "timezone": meeting.timezone,
        "duration": meeting.duration,
    }
    return {"account_id": world.credentials.account_id, "object": about}


def _with_person(world: World, meeting: Meeting, instance: Instance, stay: Stay, what: str) -> dict[str, Any]:
    """`email` is empty for people outside the account, unless they signed in."""
    values = _under_way(world, meeting, instance)
    time = ("join_time", stay.join) if what == "participant_joined" else ("leave_time", stay.leave)
    values["object"]["participant"] = {
        "user_id": stay.user_id,
        "user_name": stay.name,
        "id": stay.id,
        "email": stay.email,
        time[0]: iso(time[1]),
    }
    return values

"""Playing evenings: the control routes by which meetings start, are attended, and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .account import BASIC
from .clock import iso, read_instant
from .evening import BASIC_MINUTES, allowed, fill
from .meetings import NO_REGISTRATION
from .people import regular
from .recurrence import next_of
from .registrant_operations import new_registrant
from .schema import only
from .user_operations import concurrent_meetings
from .world import Instance, Meeting, World

_RUN = ("start", "minutes", "audience", "questions", "polls", "survey", "instances", "advance", "recording")
_MOST_PEOPLE = 500_000
_MOST_BYTES = 1 << 40
_PAUSE = 60.0


def run_evening(world: World, meeting: Meeting, body: Mapping[str, Any]) -> dict[str, Any]:
    """The meeting takes place, once or (`instances`) with restarts, and people come.

    1. It begins at `start`, or at its own start time (one without: now), and lasts `minutes` or its duration.
    2. `audience` people come (60), ask `questions` (8; 0 for a meeting without Q&A), answer `polls` (0), and with
       `survey` the survey at the end. Registrants come first, as far as they fill 17 of 20 places.
    3. With several instances the time is shared among them, with a minute's pause before each restart.
    4. With `recording`, the bytes of its video, each instance is recorded in the cloud; Basic hosts cannot.
    5. The clock moves to the end, unless it is there already; with `advance` false it stays, and an evening that
       would end later is refused.

    Raises ValueError for anything that cannot be, and then nothing has changed.
    """
    start, end, audience, times = _plan(world, meeting, body)
    questions = _count(body, "questions", 8, 10_000)
    polls = _count(body, "polls", 0, 50)
    recording = _count(body, "recording", 0, _MOST_BYTES)
    if recording and world.users[meeting.host_id].type == BASIC:
        raise ValueError("a host with a Basic licence cannot record in the cloud")
    survey = body.get("survey", False)
    if not isinstance(survey, bool):
        raise ValueError("survey must be true or false")  # noqa: TRY004 - what cannot be read is a ValueError here
    held = []
    for number in range(times):
        begin, finish = _part(start, end, number, times)
        instance = world.begin(meeting, begin, finish)
        instance.recording_bytes = recording
        fill(world, meeting, instance, audience, questions, polls, survey=survey)
        held.append(instance)
    if world.clock.now() < end:
        world.clock.set(end)
    for instance in held:
        world.tell("held", meeting, instance)
    return _summary(held)


def _plan(world: World, meeting: Meeting, body: Mapping[str, Any]) -> tuple[float, float, int, int]:
    only(body, _RUN)
    own = next_of(meeting, world.clock.now()) if meeting.occurrences else meeting.start
    own = world.clock.now() if own is None else own
    start = float(int(read_instant(body["start"]) if "start" in body else own))
    host = world.users[meeting.host_id]
    number = _count(body, "minutes", meeting.duration, 1440)
    minutes, audience = allowed(host, number, _count(body, "audience", 60, _MOST_PEOPLE))
    times = _count(body, "instances", 1, 20)
    end = start + minutes * 60
    if not times or minutes < 3 * times:
        raise ValueError("give at least one instance, and three minutes for each")
    if body.get("advance", True) is False and end > world.clock.now():
        raise ValueError(f"the evening would end at {iso(end)}, but it is {iso(world.clock.now())}; let it advance")
    check_free(world, meeting, start, end)
    return start, end, audience, times


def check_free(world: World, meeting: Meeting, start: float, end: float) -> None:
    """Raises ValueError where the meeting or its host is busy at that time."""
    host = world.users[meeting.host_id]
    busy = [
        instance
        for instance in world.instances.values()
        if instance.host_id == host.id and instance.start < end and (instance.end is None or instance.end > start)
    ]
    if any(instance.meeting_id == meeting.id for instance in busy):
        raise ValueError(f"meeting {meeting.id} was held at that time already; give another start")
    room = 2 if concurrent_meetings(world, host) == "Plus" else 1
    if len(busy) >= room:
        raise ValueError(f"{host.email} can host {room} meeting(s) at a time, and is in {busy[0].meeting_id} then")


def _count(body: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{name} must be a whole number up to {most}")
    return value


def _part(start: float, end: float, number: int, times: int) -> tuple[float, float]:
    length = (end - start) / times
    begin = start + number * length + (_PAUSE if number else 0.0)
    return float(int(begin)), float(int(start + (number + 1) * length))


def _summary(held: list[Instance]) -> dict[str, Any]:
    """Of the latest instance, and of all together under `instances`."""
    shown = [_of(instance) for instance in held]
    return {**shown[-1], "instances": shown}


def _of(instance: Instance) -> dict[str, Any]:
    people = {(stay.name, stay.email.lower(), stay.id) for stay in instance.stays}
    return {
        "uuid": instance.uuid,
        "start_time": iso(instance.start),
        "end_time": iso(instance.until),
        "participants": len(instance.stays),
        "people": len(people),
        "questions": sum(len(row["question_details"]) for row in instance.questions),
        "polls": len(instance.polls),
        "surveys": len(instance.surveys),
    }


def register(world: World, meeting: Meeting, body: Mapping[str, Any]) -> dict[str, Any]:
    """`count` regulars of the account register, all approved. Raises ValueError for a meeting without registration."""
    only(body, ("count",))
    if meeting.settings.get("approval_type", NO_REGISTRATION) == NO_REGISTRATION:
        raise ValueError(f"meeting {meeting.id} is without registration; set approval_type to 0 or 1")
    have = len(meeting.registrants)
    for number in range(have, have + _count(body, "count", 20, _MOST_PEOPLE)):
        person = regular(world.options.seed, number)
        first, _, last = person.name.partition(" ")
        address = person.email or f"person{number}@example.org"
        fields = {"first_name": first, "last_name": last, "email": address, "org": "Example City"}
        new_registrant(world, meeting, fields, "approved")
    return {"registrants": len(meeting.registrants)}


def start_now(world: World, meeting: Meeting) -> dict[str, Any]:
    """The host opens the meeting; it runs until it is ended."""
    now = float(int(world.clock.now()))
    if world.running(meeting):
        raise ValueError(f"meeting {meeting.id} is running already")
    check_free(world, meeting, now, now + 1)
    end = now + BASIC_MINUTES * 60 if world.users[meeting.host_id].type == BASIC else None
    instance = world.begin(meeting, now, end)
    world.tell("started", meeting, instance)
    return _of(instance)


def end_now(world: World, meeting: Meeting) -> dict[str, Any]:
    """The host ends the running meeting."""
    running = world.running(meeting)
    if running is None:
        raise ValueError(f"meeting {meeting.id} is not running")
    running.end = float(int(world.clock.now()))
    world.tell("ended", meeting, running)
    return _of(running)

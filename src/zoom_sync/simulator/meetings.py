"""Making, changing and showing a meeting: what Zoom does with the fields, without HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import recurrence
from .account import BASIC, User
from .clock import iso
from .meeting_fields import DEFAULT_SETTINGS
from .messages import json_text
from .mint import join_hash
from .refusals import invalid_fields, refusal
from .start_times import read_start, read_zone
from .world import INSTANT, RECURRING, ROOM, SCHEDULED, SERIES, WEBINAR_SERIES, Meeting, World

SITE = "https://example.zoom.us"
NO_REGISTRATION = 2
_UNSUPPORTED = (10,)
_TIMED = (SCHEDULED, SERIES)
_COPIED = ("topic", "agenda", "duration", "pre_schedule", "tracking_fields")


def make_meeting(world: World, host: User, body: Mapping[str, Any], created_by: str) -> Meeting:
    """A new meeting of `host`, taken into the world. `body` has been checked field by field.

    Raises Refusal for what only shows in the fields together: zone, start, passcode policy, licence.
    """
    settings = dict(body.get("settings", {}))
    kind = body.get("type", SCHEDULED)
    _check_kind(kind)
    _check_registration(host, settings)
    now = world.clock.now()
    zone = body.get("timezone", host.timezone)
    start = start_of(body, zone)
    repeats = repeats_of(body, kind, start, None)
    password = new_passcode(world, body)
    meeting = Meeting(
        id=world.new_meeting_id(),
        uuid=world.mint.meeting_uuid(),
        host_id=host.id,
        topic=body.get("topic", "Zoom Meeting"),
        agenda=body.get("agenda", ""),
        type=kind,
        start=(now if start is None or start < now else start) if kind in _TIMED else None,
        duration=body.get("duration", 60),
        timezone=zone,
        password=password,
        settings=settings,
        created_at=now,
        created_by=created_by,
        pre_schedule=body.get("pre_schedule", False),
        recurrence=repeats if kind == SERIES else body.get("recurrence") if kind == RECURRING else None,
        tracking_fields=body.get("tracking_fields", []),
    )
    repeat(meeting)
    _settle_pmi(meeting, host)
    _settle_registration(meeting)
    world.add(meeting)
    world.tell("created", meeting)
    return meeting


def change_meeting(world: World, meeting: Meeting, body: Mapping[str, Any]) -> None:
    """Changes what `body` names and nothing else. Raises Refusal before anything is changed."""
    host = world.users[meeting.host_id]
    settings = body.get("settings", {})
    kind = body.get("type", meeting.type)
    _check_kind(kind)
    _check_registration(host, settings)
    zone = body.get("timezone", meeting.timezone)
    start = start_of(body, zone)
    repeats = repeats_of(body, kind, start, meeting)
    if "password" in body:
        world.policy.check(body["password"])
    before = {"id": meeting.id, "topic": meeting.topic, "duration": meeting.duration}
    meeting.timezone = zone
    _move(meeting, kind, start, world.clock.now())
    for name in _COPIED:
        if name in body:
            setattr(meeting, name, body[name])
    if repeats is not None or kind != SERIES:
        meeting.recurrence = repeats if kind == SERIES else _rhythm(meeting, body)
        repeat(meeting)
    meeting.password = body.get("password", meeting.password)
    merge_settings(meeting, settings)
    _settle_pmi(meeting, host)
    _settle_registration(meeting)
    meeting.row = ""
    world.counters["updated"] += 1
    world.tell("updated", meeting, before)


def start_of(body: Mapping[str, Any], zone: str) -> float | None:
    """The start a body asks for, None where it has none or an empty one."""
    place = read_zone(zone)
    text = body.get("start_time", "")
    return read_start(text, place) if text else None


def _move(meeting: Meeting, kind: int, start: float | None, now: float) -> None:
    """A new type and start. A past start is ignored without a word, as Zoom does."""
    if kind in _TIMED:
        if start is not None and start >= now:
            meeting.start = start
        elif meeting.start is None:
            meeting.start = now
    else:
        meeting.start = None
    meeting.type = kind


def repeats_of(
    body: Mapping[str, Any], kind: int, start: float | None, before: Meeting | None
) -> dict[str, Any] | None:
    """The recurrence that a series is to have; None where it keeps its own, or is none. Raises Refusal.

    A new series needs one, and so does moving a whole one ("required only to update a whole series").
    """
    values: dict[str, Any] | None = body.get("recurrence")
    if kind not in (SERIES, WEBINAR_SERIES):
        return None
    moved = before is None or not before.is_series or start is not None or "duration" in body
    if values is None and moved:
        raise invalid_fields([("recurrence", "Invalid parameter: recurrence.")])
    if values is not None:
        zone = body.get("timezone", before.timezone if before else "UTC")
        first = start if start is not None else before.start if before and before.start is not None else 0.0
        recurrence.occurrences_of(first, 60, zone, values, webinar=kind == WEBINAR_SERIES)
    return values


def repeat(meeting: Meeting) -> None:
    """The occurrences anew, from the series' own start and recurrence."""
    meeting.occurrences = []
    if meeting.is_series and meeting.recurrence and meeting.start is not None:
        meeting.occurrences = recurrence.occurrences_of(
            meeting.start, meeting.duration, meeting.timezone, meeting.recurrence, webinar=meeting.is_webinar
        )


def merge_settings(meeting: Meeting, settings: Mapping[str, Any]) -> None:
    """Objects within the settings are merged key by key."""
    for name, value in settings.items():
        old = meeting.settings.get(name)
        meeting.settings[name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value


def _check_kind(kind: int) -> None:
    if kind in _UNSUPPORTED:
        raise invalid_fields([("type", f"Not simulated: meetings of type {kind}.")])


def _check_registration(host: User, settings: Mapping[str, Any]) -> None:
    """Registration needs a licensed host (https://developers.zoom.us/docs/api/meetings/)."""
    if host.type == BASIC and settings.get("approval_type", NO_REGISTRATION) != NO_REGISTRATION:
        raise refusal(400, 200, f"Only available for paid users: {host.id}.")


def new_passcode(world: World, body: Mapping[str, Any]) -> str:
    """The passcode asked for, or a generated one where the account wants one and the body does not decline it."""
    policy = world.policy
    text: str = body.get("password", "")
    if text:
        policy.check(text)
        return text
    wanted = policy.required and (policy.locked or body.get("default_password", True))
    return policy.generate(world.mint) if wanted else ""


def _settle_registration(meeting: Meeting) -> None:
    """A meeting without a fixed time keeps no registration; Zoom drops it and says nothing.

    https://github.com/indico/indico-plugins/issues/191 and https://github.com/indico/indico-plugins/pull/315
    """
    if meeting.type == RECURRING:
        meeting.settings.pop("approval_type", None)
    settle_registrants(meeting)


def settle_registrants(meeting: Meeting) -> None:
    """Who had registered is gone once registration is switched off, and is not back when it is switched on again."""
    if meeting.settings.get("approval_type", NO_REGISTRATION) == NO_REGISTRATION:
        meeting.registrants.clear()


def _rhythm(meeting: Meeting, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The recurrence of what is no series: only a meeting without fixed time has one, and it says nothing of dates."""
    recurrence: dict[str, Any] | None = body.get("recurrence", meeting.recurrence)
    return recurrence if meeting.type == RECURRING else None


def _settle_pmi(meeting: Meeting, host: User) -> None:
    """A meeting with `use_pmi` is held in the host's personal room, whose number its link then shows."""
    if meeting.type == ROOM:
        return
    wanted = meeting.settings.get("use_pmi", host.use_pmi) and meeting.type in (SCHEDULED, RECURRING, SERIES)
    meeting.pmi = host.pmi if wanted else None


def settings_of(meeting: Meeting, host: User) -> dict[str, Any]:
    """All settings of a meeting: the defaults, and on top what was asked for."""
    shown = {**DEFAULT_SETTINGS, "use_pmi": host.use_pmi, **meeting.settings}
    for name, default in DEFAULT_SETTINGS.items():
        if isinstance(default, dict) and isinstance(shown[name], dict):
            shown[name] = {**default, **shown[name]}
    return shown


def join_url(meeting: Meeting) -> str:
    """The link people come in by; it changes with the passcode."""
    number = meeting.pmi or meeting.id
    suffix = f"?pwd={join_hash(number, meeting.password)}" if meeting.password else ""
    return f"{SITE}/j/{number}{suffix}"


def list_row(meeting: Meeting, now: float | None = None) -> str:
    """A row of a list, as JSON: only these fields, the agenda cut to 250 characters.

    No settings, passcode, start_url or status: https://developers.zoom.us/docs/api/meetings/
    """
    start = recurrence.next_of(meeting, now) if now is not None and meeting.occurrences else meeting.start
    if not meeting.row or meeting.occurrences:
        row: dict[str, Any] = {
            "uuid": meeting.uuid,
            "id": meeting.id,
            "host_id": meeting.host_id,
            "topic": meeting.topic,
            "type": meeting.type,
            **({"start_time": iso(start)} if start is not None else {}),
            "duration": meeting.duration,
            "timezone": meeting.timezone,
            "agenda": meeting.agenda[:250],
            "created_at": iso(meeting.created_at),
            "join_url": join_url(meeting),
            **({"pmi": str(meeting.pmi)} if meeting.pmi else {}),
        }
        meeting.row = json_text(row)
    return meeting.row


def show_meeting(world: World, meeting: Meeting, *, previous: bool = False) -> dict[str, Any]:
    """The whole meeting as its host sees it, with a fresh start link that is good for two hours.

    Of a series' occurrences those to come; with `previous` all of them.
    """
    host = world.users[meeting.host_id]
    running = world.running(meeting)
    shown: dict[str, Any] = json.loads(list_row(meeting))
    numeric = str(int.from_bytes(join_hash(meeting.id, meeting.password).encode()[:4]))[:6]
    shown |= {
        "uuid": running.uuid if running else meeting.uuid,
        "agenda": meeting.agenda,
        "host_email": host.email,
        "status": "started" if running else "waiting",
        "start_url": f"{SITE}/s/{meeting.pmi or meeting.id}?zak={world.mint.text('zak', 48)}",
        "settings": settings_of(meeting, host),
        "pre_schedule": meeting.pre_schedule,
        "creation_source": "open_api" if meeting.created_by == "api" else "web_portal",
    }
    if meeting.password:
        shown |= {
            "password": meeting.password,
            "encrypted_password": join_hash(meeting.id, meeting.password),
            "h323_password": meeting.password if meeting.password.isdigit() else numeric,
            "pstn_password": meeting.password if meeting.password.isdigit() else numeric,
        }
    if meeting.recurrence:
        shown["recurrence"] = meeting.recurrence
    if meeting.occurrences:
        shown["occurrences"] = recurrence.shown(meeting, world.clock.now(), previous=previous)
    if meeting.tracking_fields:
        shown["tracking_fields"] = meeting.tracking_fields
    if meeting.settings.get("approval_type", NO_REGISTRATION) != NO_REGISTRATION and meeting.type != INSTANT:
        shown["registration_url"] = f"{SITE}/meeting/register/{join_hash(meeting.id, 'register')[:24]}"
    return shown


def invitation_text(world: World, meeting: Meeting) -> str:
    """The text Zoom offers for an invitation."""
    host = world.users[meeting.host_id]
    lines = [
        f"{host.display_name} is inviting you to a scheduled Zoom meeting.",
        "",
        f"Topic: {meeting.topic}",
    ]
    if meeting.start is not None:
        lines.append(f"Time: {iso(meeting.start)} ({meeting.timezone})")
    number = f"{meeting.id:,}".replace(",", " ")
    lines += ["", "Join Zoom Meeting", join_url(meeting), "", f"Meeting ID: {number}"]
    if meeting.password:
        lines.append(f"Passcode: {meeting.password}")
    return "\r\n".join([*lines, ""])

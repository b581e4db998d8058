"""What people do in Zoom's own pages to hosts and to the kind and owner of a meeting, by control routes.

None of it costs anything of the rate limits, and none is bent by a twist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import meeting_fields, webinars
from .account import BASIC, LICENSED, User
from .clock import iso
from .meetings import make_meeting, repeat
from .schema import only, require
from .webinars import make_webinar
from .world import (
    RECURRING,
    ROOM,
    SCHEDULED,
    SERIES,
    WEBINAR,
    WEBINAR_NO_TIME,
    WEBINAR_SERIES,
    Meeting,
    World,
)

_TO_WEBINAR = {SCHEDULED: WEBINAR, RECURRING: WEBINAR_NO_TIME, SERIES: WEBINAR_SERIES}
_TO_MEETING = {kind: meeting for meeting, kind in _TO_WEBINAR.items()}
_STATUSES = ("active", "inactive", "pending")
_MOST_WEEKS = 50
_USER: dict[str, type | tuple[type, ...]] = {
    "type": int,
    "status": str,
    "webinar": bool,
    "webinar_capacity": int,
    "zoom_events": bool,
    "zoom_events_capacity": int,
    "meeting_capacity": int,
    "concurrent_meeting": str,
    "timezone": str,
    "use_pmi": bool,
}


def convert(meeting: Meeting, body: Mapping[str, Any]) -> None:
    """A meeting becomes a webinar, or a webinar a meeting; its id stays. What the other kind does not know is lost."""
    only(body, ())
    kinds = _TO_MEETING if meeting.is_webinar else _TO_WEBINAR
    if meeting.type not in kinds:
        raise ValueError(f"meeting {meeting.id} of type {meeting.type} cannot be converted")
    meeting.type = kinds[meeting.type]
    known = webinars.SETTINGS if meeting.is_webinar else meeting_fields.SETTINGS
    meeting.settings = {name: value for name, value in meeting.settings.items() if name in known}
    if not meeting.is_webinar:
        meeting.panelists.clear()
    meeting.pmi, meeting.row = None, ""
    repeat(meeting)


def move(world: World, meeting: Meeting, body: Mapping[str, Any]) -> None:
    """The meeting gets another host; id, link and passcode stay."""
    only(body, ("host",))
    if "host" not in body:
        raise ValueError("give host: whom the meeting belongs to from now on")
    if meeting.type == ROOM:
        raise ValueError("a personal room cannot be moved to another host")
    world.hand_over(meeting, world.user(str(body["host"])).id)


def leave(world: World, user: User, body: Mapping[str, Any]) -> dict[str, Any]:
    """A host leaves the account: his meetings go with him, or with `transfer_to` to another host."""
    only(body, ("transfer_to",))
    heir = world.user(str(body["transfer_to"])) if body.get("transfer_to") else None
    if heir is not None and heir.id == user.id:
        raise ValueError("transfer_to must be somebody else")
    world.users[user.id] = replace(user, status="gone")
    moved = 0
    for meeting in list(world.living(user.id)):
        if heir is not None and meeting.type != ROOM:
            world.hand_over(meeting, heir.id)
            moved += 1
        else:
            meeting.deleted_at = world.clock.now()
            world.tell("deleted", meeting)
    return {"ok": True, "transferred": moved}


def change_user(world: World, user: User, body: Mapping[str, Any]) -> dict[str, Any]:
    """What an administrator changes of a user: his licences and their size, his status, how many meetings at once."""
    only(body, _USER)
    for name, value in body.items():
        kind = _USER[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValueError(f"{name} cannot be {value!r}")
    if body.get("type", LICENSED) not in (BASIC, LICENSED):
        raise ValueError("type must be 1 (Basic) or 2 (Licensed)")
    if body.get("status", "active") not in _STATUSES:
        raise ValueError(f"status must be one of {', '.join(_STATUSES)}; to let a user leave, POST users/{{id}}/leave")
    if body.get("concurrent_meeting", "Basic") not in ("Basic", "Plus", "None"):
        raise ValueError("concurrent_meeting must be Basic, Plus or None")
    world.users[user.id] = replace(user, **body)
    return show_user(world.users[user.id])


def make_user(world: World, body: Mapping[str, Any]) -> dict[str, Any]:
    """A new user, licensed unless said otherwise; one who left with the same e-mail stays gone."""
    only(body, ("email", "first_name", "last_name", *_USER))
    email = str(body.get("email", "")).lower()
    if "@" not in email or any(user.email == email and user.status != "gone" for user in world.users.values()):
        raise ValueError("email must be an address that no user has yet")
    names = (str(body.get("first_name", "New")), str(body.get("last_name", "Host")))
    now = float(int(world.clock.now()))
    user = User(world.mint.text("user", 22), email, *names, LICENSED, world.mint.number("pmi", 10, first=5), now)
    world.users[user.id] = user
    try:
        return change_user(world, user, {name: value for name, value in body.items() if name in _USER})
    except ValueError:
        del world.users[user.id]
        raise


def make_series(world: World, body: dict[str, Any]) -> Meeting:
    """A weekly series made by hand: `weeks` evenings (5), and the fields of the API."""
    weeks, days = body.pop("weeks", 5), body.pop("weekly_days", None)
    if not isinstance(weeks, int) or not 1 <= weeks <= _MOST_WEEKS:
        raise ValueError(f"weeks must be a whole number up to {_MOST_WEEKS}")
    host = _host(world, body)
    body.setdefault("start_time", iso(world.clock.now() + 86_400))
    repeats = {"type": 1, "repeat_interval": 7, "end_times": weeks}
    if days is not None:
        repeats = {"type": 2, "repeat_interval": 1, "weekly_days": days, "end_times": weeks}
    body |= {"type": SERIES, "recurrence": repeats}
    require(meeting_fields.CREATE, body)
    return make_meeting(world, host, body, "hand")


def make_by_hand(world: World, body: dict[str, Any]) -> Meeting:
    """A meeting somebody made in Zoom's own pages."""
    host = _host(world, body)
    require(meeting_fields.CREATE, body)
    return make_meeting(world, host, body, "hand")


def make_webinar_by_hand(world: World, body: dict[str, Any]) -> Meeting:
    """A webinar somebody made in Zoom's own pages; whether the host has the licence for it is not looked at."""
    host = _host(world, body)
    require(webinars.CREATE, body)
    return make_webinar(world, host, body, "hand")


def _host(world: World, body: dict[str, Any]) -> User:
    return world.user(str(body.pop("host", next(iter(world.users)))))


def show_user(user: User) -> dict[str, Any]:
    """A user as the control routes show him."""
    names = ("id", "email", "display_name", "type", "pmi", "use_pmi", "timezone", "status", "webinar", "zoom_events")
    return {name: getattr(user, name) for name in names}

"""The simulator's own routes, all below /_simulator/ : its state, clock, journal and faults, and people's hands.

They need no token and cost nothing of the rate limits. What they cannot read they refuse with 400 and
{"error": reason}, and change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import unquote

from . import hands, meeting_fields, webinars
from .account import User, make_policy
from .clock import Clock, iso, read_instant, read_seconds
from .faults import Faults
from .meetings import change_meeting, show_meeting
from .messages import Request, Response, json_response
from .news import News
from .page import render
from .refusals import Refusal
from .registrant_operations import CANCELLED
from .routes import OPERATIONS
from .schema import only, read_number, require
from .stage import end_now, register, run_evening, start_now
from .twisting import move_link
from .twists import Subject
from .world import Meeting, Options, World

_RESET = (
    "seed", "plan", "hosts", "start", "ticking", "scopes", "limits", "policy", "single_token", "report_delay",
    "latency", "webinars",
)  # fmt: skip
Body = dict[str, Any]


class Controlled(Protocol):
    """The simulator, as far as its routes reach into it."""

    latency: float
    revision: int
    connections: Callable[[], dict[str, int]]
    world: World
    faults: Faults
    news: News

    def renew(self, options: Options, latency: object) -> None: ...


class Control:
    """Answers the control routes of one simulator."""

    def __init__(self, simulator: Controlled) -> None:
        self._simulator = simulator
        self._fixed: dict[tuple[str, str], Callable[[Any], Any]] = {
            ("POST", "reset"): self._reset,
            ("GET", "state"): lambda _: self._state(),
            ("GET", "clock"): lambda _: self._clock(),
            ("POST", "clock"): self._set_clock,
            ("PUT", "clock"): self._set_clock,
            ("PATCH", "clock"): self._set_clock,
            ("GET", "journal"): lambda _: self._world.journal.to_json(),
            ("DELETE", "journal"): lambda _: self._world.journal.clear(),
            ("GET", "faults"): lambda _: simulator.faults.to_json(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): lambda _: simulator.faults.clear(),
            ("POST", "meetings"): lambda body: self._show(hands.make_by_hand(self._world, body)),
            ("POST", "series"): lambda body: self._show(hands.make_series(self._world, body)),
            ("POST", "webinars"): lambda body: self._show(hands.make_webinar_by_hand(self._world, body)),
            ("POST", "users"): lambda body: hands.make_user(self._world, body),
            ("GET", "twists"): lambda _: self._world.twists.to_json(),
            ("POST", "twists"): self._add_twists,
            ("DELETE", "twists"): lambda _: self._world.twists.clear(),
            ("GET", "webhooks"): lambda _: simulator.news.webhooks.to_json(),
            ("POST", "webhooks"): self._subscribe,
            ("DELETE", "webhooks"): lambda _: simulator.news.unsubscribe(),
        }
        self._on_meeting: dict[tuple[str, str], Callable[[Meeting, Any], Any]] = {
            ("PATCH", ""): self._edit,
            ("DELETE", ""): self._delete,
            ("POST", "run"): lambda meeting, body: run_evening(self._world, meeting, body),
            ("POST", "register"): lambda meeting, body: register(self._world, meeting, body),
            ("POST", "convert"): self._convert,
            ("POST", "move"): self._move,
            ("POST", "start"): lambda meeting, _: start_now(self._world, meeting),
            ("POST", "end"): lambda meeting, _: end_now(self._world, meeting),
        }

        self._on_user: dict[tuple[str, str], Callable[[User, Any], Any]] = {
            ("PATCH", ""): lambda user, body: hands.change_user(self._world, user, body),
            ("POST", "leave"): lambda user, body: hands.leave(self._world, user, body),
        }

    @property
    def _world(self) -> World:
        return self._simulator.world

    def answer(self, request: Request) -> Response:
        """Answers a control request; never raises."""
        parts = [part for part in request.path.split("/")[2:] if part]
        if not parts and request.method == "GET":
            return Response(200, {"Content-Type": "text/html; charset=utf-8"}, render().encode())
        try:
            action = self._find(request.method, parts)
            if action is None:
                return json_response({"error": f"no control route {request.method} {request.path}"}, 404)
            answer = action(_read(request))
        except Refusal as refused:
            return refused.response()
        except (ValueError, TypeError) as error:
            return json_response({"error": str(error)}, 400)
        if request.method != "GET":
            self._simulator.revision += 1
        return json_response({"ok": True} if answer is None else answer)

    def _find(self, method: str, parts: list[str]) -> Callable[[Any], Any] | None:
        if len(parts) == 1:
            return self._fixed.get((method, parts[0]))
        if len(parts) in (2, 3) and parts[0] == "meetings":
            action = self._on_meeting.get((method, parts[2] if parts[2:] else ""))
            if action:
                meeting = self._world.either(parts[1])
                return lambda body: action(meeting, body)
        if len(parts) in (2, 3) and parts[0] == "users":
            change = self._on_user.get((method, parts[2] if parts[2:] else ""))
            if change:
                user = self._world.user(unquote(parts[1]))
                return lambda body: change(user, body)
        if (method, len(parts)) == ("DELETE", 2) and parts[0] == "twists":
            return lambda _: self._world.twists.remove(read_number(parts[1]) or 0)
        return None

    def _reset(self, body: Body) -> Any:
        only(body, _RESET)
        latency = body.pop("latency", self._simulator.latency)
        self._simulator.renew(_options(self._world.options, body), latency)
        return {"ok": True, **self._clock()}

    def _clock(self) -> Any:
        return clock_json(self._world.clock)

    def _set_clock(self, body: Body) -> Any:
        only(body, ("now", "set", "time", "advance", "seconds", "ticking"))
        if not body:
            raise ValueError("give now (or set, time), advance (or seconds), or ticking")
        clock = self._world.clock
        points = [read_instant(body[name]) for name in ("now", "set", "time") if name in body]
        steps = [read_seconds(body[name]) for name in ("advance", "seconds") if name in body]
        ticking = _flag(body.get("ticking", clock.ticking), "ticking")
        clock.set(sum(steps, points[-1] if points else clock.now()))
        clock.ticking = ticking
        return clock_json(clock)

    def _add_faults(self, body: Any) -> Any:
        self._simulator.faults.add(*(body if isinstance(body, list) else [body]))
        return self._simulator.faults.to_json()

    def _subscribe(self, body: Body) -> Any:
        return self._simulator.news.subscribe(body)

    def _add_twists(self, body: Any) -> Any:
        bodies = body if isinstance(body, list) else [body]
        self._world.twists.add(bodies, OPERATIONS, lambda key: self._world.user(key).id)
        return self._world.twists.to_json()

    def _show(self, meeting: Meeting) -> Any:
        return (webinars.show_webinar if meeting.is_webinar else show_meeting)(self._world, meeting)

    def _convert(self, meeting: Meeting, body: Body) -> Any:
        hands.convert(meeting, body)
        return self._show(meeting)

    def _move(self, meeting: Meeting, body: Body) -> Any:
        hands.move(self._world, meeting, body)
        return self._show(meeting)

    def _edit(self, meeting: Meeting, body: Body) -> Any:
        if meeting.is_webinar:
            require(webinars.UPDATE, body)
            webinars.change_webinar(self._world, meeting, body)
        else:
            require(meeting_fields.UPDATE, body)
            change_meeting(self._world, meeting, body)
        return self._show(meeting)

    def _delete(self, meeting: Meeting, _body: Body) -> None:
        meeting.deleted_at = self._world.clock.now()
        self._world.tell("deleted", meeting)

    def _state(self) -> Any:
        world, simulator = self._world, self._simulator
        return {
            "plan": world.options.plan,
            "seed": world.options.seed,
            "clock": self._clock(),
            "users": [hands.show_user(user) for user in world.users.values()],
            "meetings": [show_state(world, meeting) for meeting in world.meetings.values()],
            "counters": {**world.counters, **world.limits.counts(), "requests": len(world.journal.entries)},
            "faults": simulator.faults.to_json(),
            "twists": world.twists.to_json(),
            "under_way": len(world.under_way),
            "server": simulator.connections(),
        }


def _read(request: Request) -> Any:
    if not request.body.strip():
        return {}
    body = json.loads(request.body)
    may_be_list = request.path.rstrip("/").endswith(("/faults", "/twists"))
    if not isinstance(body, dict | list if may_be_list else dict):
        raise TypeError("the body must be a JSON object")
    return body


def _flag(value: object, name: str) -> bool:
    """A switch: true or false, or "on" or "off"."""
    if value in ("on", "off"):
        return value == "on"
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be true or false")
    return value


def _options(old: Options, body: Body) -> Options:
    """The options of a reset: those before, but for what the body names. Scopes and policy begin as default."""
    changes: Body = {"scopes": _scopes(body["scopes"]) if "scopes" in body else _default_scopes()}
    changes["policy"] = make_policy(body.get("policy", {}))
    changes["limits"] = _flag(body.get("limits", True), "limits")
    changes["single_token"] = _flag(body.get("single_token", False), "single_token")
    changes["webinars"] = _flag(body.get("webinars", False), "webinars")
    changes["ticking"] = _flag(body.get("ticking", old.ticking), "ticking")
    changes["report_delay"] = read_seconds(body.get("report_delay", 1800.0))
    if "start" in body:
        changes["start"] = None if body["start"] is None else read_instant(body["start"])
    for name, kind in (("seed", int), ("hosts", int), ("plan", str)):
        if name in body and (not isinstance(body[name], kind) or isinstance(body[name], bool)):
            raise ValueError(f"{name} must be of type {kind.__name__}")
        if name in body:
            changes[name] = body[name]
    return replace(old, **changes)


def _scopes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("scopes must be a list of texts")
    return tuple(value)


def _default_scopes() -> tuple[str, ...]:
    return tuple(sorted({scope for route in OPERATIONS.values() for scope in route.scopes if ":admin" in scope}))


def clock_json(clock: Clock) -> dict[str, object]:
    """The clock as the control routes show it."""
    return {"now": iso(clock.now()), "ticking": clock.ticking}


def show_state(world: World, meeting: Meeting) -> dict[str, Any]:
    """A meeting in full, with what the API does not tell: who made it, whether it is gone, when it was held."""
    shown = (webinars.show_webinar if meeting.is_webinar else show_meeting)(world, meeting)
    shown.pop("start_url")
    for twist in world.twists.of(("links",), Subject("meeting", meeting.host_id, meeting.id)):
        move_link(twist, shown)
    held = [world.instances[uuid] for uuid in meeting.instances]
    return {
        **shown,
        "password": meeting.password,
        "created_by": meeting.created_by,
        "deleted": meeting.deleted_at is not None,
        "deleted_at": None if meeting.deleted_at is None else iso(meeting.deleted_at),
        "expired": world.expired(meeting),
        "registrants": sum(person["status"] != CANCELLED for person in meeting.registrants),
        "instances": [
            {
                "uuid": instance.uuid,
                "start_time": iso(instance.start),
                "end_time": None if instance.end is None else iso(instance.end),
                "participants": len(instance.stays),
                "questions": len(instance.questions),
            }
            for instance in held
        ],
    }

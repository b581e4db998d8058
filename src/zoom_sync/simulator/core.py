"""The simulator without a socket: a request goes in, an answer comes out.

One request passes these stations: a fault that strikes before, the token, the scope, the rate limit, the body,
the operation, a fault that strikes afterwards, the journal. A refusal at any of them changes nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from .call import Call
from .clock import http_date, read_instant, read_seconds
from .control import Control
from .faults import AFTER, BEFORE, BESIDES, Faults
from .journal import Entry
from .limits import PLANS
from .messages import Dropped, Outcome, Request, Response
from .mishaps import Drop, Handled, list_late, spoil, strike
from .news import News
from .recordings import DOWNLOADS, download
from .refusals import (
    Refusal,
    invalid_fields,
    invalid_token,
    no_such_meeting,
    not_json,
    unknown_route,
    wrong_content_type,
)
from .routes import DEFAULT_SCOPES, OPERATIONS, Route, decode, find_route
from .twisting import bar, shown, skew, subject_of
from .webhooks import Posting
from .world import Options, World

MOST_HOSTS = 2_000
MOST_LATENCY = 600
_WITH_BODY = ("POST", "PUT", "PATCH")


class Simulator:
    """A local Zoom.

    `start` sets its clock: an ISO text, an aware datetime, or None for now. With `ticking=False` the clock stands
    until it is moved. `latency` is how many seconds each API answer takes (`Response.delay`; the core itself never
    waits). Raises ValueError for an unknown plan or a number of hosts below one.
    """

    def __init__(
        self,
        seed: int = 1,
        plan: str = "pro",
        hosts: int = 3,
        start: str | datetime | None = None,
        ticking: bool = True,
        latency: float = 0.0,
    ) -> None:
        if isinstance(start, datetime):
            start = start.isoformat()
        check_account(plan, hosts)
        self.latency = read_latency(latency)
        self.revision = 0
        self.connections: Callable[[], dict[str, int]] = dict
        self.notify: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        options = Options(seed, plan, hosts, None if start is None else read_instant(start), ticking, DEFAULT_SCOPES)
        self.world = World(options)
        self.faults = Faults(seed, OPERATIONS)
        self.news = News(self.world)
        self._control = Control(self)

    @property
    def clock_now(self) -> float:
        """The simulated instant, in seconds since 1970."""
        return self.world.clock.now()

    def advance(self, seconds: float) -> None:
        """Moves the simulated clock."""
        with self._lock:
            self.world.clock.advance(seconds)
        self.notify()

    def locked(self) -> threading.RLock:
        """The lock that guards the state, for whoever saves it."""
        return self._lock

    def renew(self, options: Options, latency: object) -> None:
        """Begins anew with these options; the credentials stay, so a client's settings stay good.

        Raises ValueError for options that cannot be, and goes on as before.
        """
        check_account(options.plan, options.hosts)
        seconds, world = read_latency(latency), World(options, self.world.credentials)
        self.latency, self.world, self.faults = seconds, world, Faults(options.seed, OPERATIONS)
        self.news = News(world)

    def environment(self, base_url: str) -> dict[str, str]:
        """The variables a client needs to use this simulator at `base_url` (scheme, host and port)."""
        known, base = self.world.credentials, base_url.rstrip("/")
        return {
            "ZOOM_API_URL": f"{base}/v2",
            "ZOOM_OAUTH_URL": f"{base}/oauth/token",
            "ZOOM_ACCOUNT_ID": known.account_id,
            "ZOOM_CLIENT_ID": known.client_id,
            "ZOOM_CLIENT_SECRET": known.client_secret,
            "ZOOM_WEBHOOK_SECRET": known.webhook_secret,
            "ZOOM_PLAN": self.world.options.plan,
        }

    def handle(self, request: Request) -> Outcome:
        """Answers one request. May be called from several threads at once."""
        with self._lock:
            self._deliver()
            if request.path.startswith("/_simulator"):
                outcome: Outcome = self._dated(self._control.answer(request), 0.0)
                self._deliver()
            elif request.path.startswith(DOWNLOADS):
                outcome = self._dated(self._download(request), self.latency)
            else:
                outcome = self._handle(Handled(request, self.world.clock.now()))
            self.news.webhooks.close_batch()
            heard = self.news.webhooks.listening
        if heard:
            self.notify()
        return outcome

    def _download(self, request: Request) -> Response:
        try:
            return download(self.world, request, self.world.clock.now())
        except Refusal as refused:
            return refused.response()

    def _deliver(self) -> None:
        """Carries out what was under way for long, at the moment at which it arrived. Nobody hears the answer."""
        world, clock = self.world, self.world.clock
        while world.under_way and world.under_way[0][0] <= clock.now():
            due, request = world.under_way.pop(0)
            moment = clock.now()
            clock.set(due)
            try:
                self._handle(Handled(request, due, late=True))
            finally:
                clock.set(moment)

    def take_posting(self) -> Posting | None:
        """A webhook that is to be sent now."""
        with self._lock:
            return self.news.webhooks.take(self.world.clock.now())

    def posting_answered(self, posting: Posting, status: int, answer: bytes) -> None:
        """What came of it; status 0 where no answer came."""
        with self._lock:
            self.news.webhooks.answered(posting.letter, status, answer, self.world.clock.now())

    def until_next_posting(self) -> float | None:
        """In how many seconds the next webhook is due; None where that is not known, for the clock stands."""
        with self._lock:
            due, clock = self.news.webhooks.next_due(), self.world.clock
            return None if due is None or (not clock.ticking and due > clock.now()) else max(0.0, due - clock.now())

    def _handle(self, handled: Handled) -> Outcome:
        try:
            response = self._answer(handled)
        except Drop:
            return self._close(handled, Dropped(b"", self.latency), 0)
        except Refusal as refused:
            return self._close(handled, self._answered(handled, refused.response()), refused.status)
        rule = None
        if self.faults.rules and not handled.late:
            late = self.faults.pick(BESIDES, handled.operation, handled.request)
            if late:
                list_late(late, self.world, handled)
            rule = self.faults.pick(AFTER, handled.operation, handled.request)
        if handled.request.method != "GET":
            self.revision += 1
        outcome: Outcome = self._answered(handled, response)
        if rule and isinstance(outcome, Response):
            outcome = spoil(rule, handled, outcome)
        return self._close(handled, outcome, outcome.status if isinstance(outcome, Response) else 0)

    def _close(self, handled: Handled, outcome: Outcome, status: int) -> Outcome:
        request = handled.request
        self.world.journal.add(
            Entry(
                handled.now,
                request.method,
                request.path,
                handled.label,
                status,
                handled.operation,
                handled.host,
            )
        )
        return outcome

    def _answered(self, handled: Handled, response: Response) -> Response:
        """The answer as it is sent: dated by Zoom's clock, which may be wrong."""
        seconds = skew(self.world, handled.subject) if self.world.twists.rules else 0.0
        return self._dated(response, self.latency, handled.now + seconds)

    def _dated(self, response: Response, delay: float, now: float | None = None) -> Response:
        """The answer with the simulator's own time, from which a client learns what time it is at Zoom."""
        date = http_date(int(self.world.clock.now() if now is None else now))
        headers = {"Date": date, **response.headers}
        return Response(response.status, headers, response.body, response.delay + delay, response.made)

    def _answer(self, handled: Handled) -> Response:
        request = handled.request
        if request.path == "/oauth/token":
            return self._token(handled)
        found = find_route(request.method, request.path[3:]) if request.path.startswith("/v2/") else None
        if found:
            handled.operation, handled.label = found[0].operation, found[0].label
        self._strike(handled)
        if not found:
            raise unknown_route()
        return self._operate(handled, *found)

    def _token(self, handled: Handled) -> Response:
        handled.operation = "token"
        request = handled.request
        self._strike(handled)
        if request.method != "POST":
            raise unknown_route()
        base = "http://" + (request.header("Host") or "simulator")
        return self.world.tokens.issue(request, handled.now, base)

    def _operate(self, handled: Handled, route: Route, values: tuple[str, ...]) -> Response:
        request, world = handled.request, self.world
        if "access_token" in request.query:
            # Zoom takes no token from a query since 2023-02-14.
            raise invalid_token()
        world.tokens.check(request.header("Authorization"), route.scopes, route.classic, handled.now)
        taken = self.faults.taken(route.label) if self.faults.rules else (0, 0)
        headers = world.limits.admit(route.label, handled.now, taken)
        base = "http://" + (request.header("Host") or "simulator")
        call = Call(world, route.operation, _params(route, values), request.query, {}, handled.now, base=base)
        if world.twists.rules:
            handled.subject = subject_of(world, route.operation, route.template, call.params)
        try:
            if world.twists.rules:
                bar(world, handled.subject)
            _check_query(route, request)
            call.body = _read_body(request)
            response = route.handler(call)
        except Refusal as refused:
            if refused.status != HTTPStatus.TOO_MANY_REQUESTS:
                refused.headers = {**(call.headers or headers), **refused.headers}
            raise
        finally:
            handled.host = call.host_id
        if route.operation == "meetingCreate":
            handled.created = response.json()["id"] if self.faults.rules else None
        if world.twists.rules:
            response = shown(world, handled.subject, response)
        return Response(response.status, {**response.headers, **(call.headers or headers)}, response.body)

    def _strike(self, handled: Handled) -> None:
        if handled.late or not self.faults.rules:
            return
        rule = self.faults.pick(BEFORE, handled.operation, handled.request)
        if rule:
            strike(rule, self.world, handled)


def read_latency(value: object) -> float:
    """How long an answer takes, in seconds or as ISO 8601; raises ValueError for less than nothing."""
    seconds = read_seconds(value)
    if not 0 <= seconds <= MOST_LATENCY:
        raise ValueError(f"latency must be 0 to {MOST_LATENCY} seconds")
    return seconds


def check_account(plan: str, hosts: int) -> None:
    """Raises ValueError for an account that cannot be."""
    if plan not in PLANS:
        raise ValueError(f"unknown plan {plan!r}; known are {', '.join(PLANS)}")
    if not 1 <= hosts <= MOST_HOSTS:
        raise ValueError(f"an account has 1 to {MOST_HOSTS} hosts")


def _params(route: Route, values: tuple[str, ...]) -> tuple[str, ...]:
    decoded = [decode(value, uuid=route.uuid) for value in values]
    if None in decoded:
        raise no_such_meeting(values[decoded.index(None)])
    return tuple(value for value in decoded if value is not None)


def _check_query(route: Route, request: Request) -> None:
    unknown = [name for name in request.query if name not in route.query]
    if unknown:
        raise invalid_fields((name, f"Unknown parameter: {name}.") for name in unknown)


def _read_body(request: Request) -> dict[str, Any]:
    """The JSON object of a writing request; raises Refusal 300, or 415 for another content type."""
    if request.method not in _WITH_BODY:
        return {}
    if request.header("Content-Type").partition(";")[0].strip().lower() != "application/json":
        raise wrong_content_type()
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise not_json() from None
    if not isinstance(body, dict):
        raise not_json()
    return body

"""The whole of zoom_sync against the whole simulator, in one process, in virtual time.

The real client, the real use cases and a real SQLite store; only the wire is short. Every call of the store and of the
wire is a boundary, at which a run can be interrupted by another one, or die.
"""

from __future__ import annotations

import atexit
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import requests

from simulation.capacity import host_cannot_hold
from simulation.scheduler import START, Boundaries, Crash, Scheduler, VirtualClock
from support.wire import Wire
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.drifts import Drifts
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.adapters.store.tables import metadata
from zoom_sync.adapters.zoom.auth import Credentials, Tokens
from zoom_sync.adapters.zoom.client import Exchange, ZoomReader, ZoomWriter
from zoom_sync.adapters.zoom.governor import ProcessGovernor
from zoom_sync.adapters.zoom.limits import MEETINGS_AT_ONCE, RATES, ZoomPlan
from zoom_sync.domain.meeting import compared, differences
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.plan import Action, Plan, Policy
from zoom_sync.domain.programme import AgendaItem, Event, Passcode, Programme, Session
from zoom_sync.errors import ZoomSyncError
from zoom_sync.service_layer.apply import Applying, carry_out, start_run
from zoom_sync.service_layer.collect import Collecting, collect_event, due_sessions
from zoom_sync.service_layer.sync import Planning, Profiles, plan_event
from zoom_sync.settings import BUILT_IN_PROFILE
from zoom_sync.simulator import Request, Simulator

EVENT = "event"
SETTLE = timedelta(seconds=60)
LATE_LIST = 25.0  # seconds: well inside SETTLE less the request's timeout
PROFILES = Profiles({"public-seminar": BUILT_IN_PROFILE}, "public-seminar")
CAREFUL = Policy()
EVERYTHING = Policy(allow_replace=True, allow_delete=True, allow_double=True)


class Guarded:
    """A part of the world whose every call is a boundary, before and after."""

    def __init__(self, part: Any, name: str, boundaries: Boundaries) -> None:
        self._part = part
        self._name = name
        self._boundaries = boundaries

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._part, method)
        if not callable(call):
            return call

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self._boundaries.cross(f"{self._name}.{method} before")
            result = call(*args, **kwargs)
            self._boundaries.cross(f"{self._name}.{method} after")
            return result

        return guarded


class _Waiting:
    """A clock by which whoever waits for an answer sleeps, while other runs go on."""

    def __init__(self, clock: VirtualClock) -> None:
        self.advance = clock.sleep


def _wire(world: World) -> Wire:
    """The wire, with a boundary before a request leaves and after its answer has come."""
    wire = Wire(world.simulator, _Waiting(world.clock))  # type: ignore[arg-type]
    wire.before = lambda request: world.boundaries.cross(f"{_what(request)} before")
    wire.after = lambda request: world.boundaries.cross(f"{_what(request)} after")
    return wire


def _what(request: requests.PreparedRequest) -> str:
    path = re.sub(r"^/v2|\?.*", "", str(request.path_url))
    ids = r"(?<=/)(?=[^/]*[\d_%=-])[^/]{6,}|(?<=users/)[^/]+"
    return f"{request.method} {re.sub(ids, '*', path)}"


@cache
def _database() -> Database:
    """One store for all stories of this process: its statements are compiled once; each story empties it first."""
    folder = tempfile.mkdtemp(prefix="zoom_sync_simulation_", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder}/store.db")
    database.upgrade()
    return database


def _emptied(database: Database) -> Database:
    with database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return database


class World:
    """An event, its organiser, Zoom, hands that meddle, and processes that die."""

    def __init__(self, seed: int, plan: ZoomPlan = ZoomPlan.BUSINESS) -> None:
        self.rng = random.Random(seed)
        self.plan = plan
        self.boundaries = Boundaries(self.rng)
        self.clock = VirtualClock(START)
        self.simulator = Simulator(seed=seed, plan=str(plan), hosts=3, start=START, ticking=False)
        self.clock.moved = lambda now: self.control("clock", {"now": now.isoformat()})
        self.database = _emptied(_database())
        self.governor = ProcessGovernor(RATES[plan], self.clock.monotonic)
        self.sessions: dict[str, Session] = {}
        self.made = 0
        self.published: dict[str, tuple[str, str, str]] = {}
        self.released: set[str] = set()
        self.by_hand: dict[str, dict[str, Any]] = {}
        self.adopted: set[str] = set()
        self.panelists_by_hand: dict[str, set[str]] = {}
        self.ended: list[BaseException | None] = []

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """Ask the simulator's own routes."""
        import json

        data = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        response: Any = self.simulator.handle(Request(method, f"/_simulator/{path}", {}, headers, data))
        assert response.status < 400, response.body
        return response.json() if response.body else None

    # --- the organiser ---------------------------------------------------------------------------------------------

    def add_session(self) -> None:
        self.made += 1
        start = START + timedelta(days=2, hours=self.rng.randrange(0, 72), minutes=30 * self.rng.randrange(2))
        key = f"s{self.made}"
        self.sessions[key] = Session(
            key, f"Title {self.made}", start, start + timedelta(minutes=90), "Asia/Shanghai",
            items=(AgendaItem("Kazan, Russian", "Park"),),
        )  # fmt: skip

    def edit_session(self) -> None:
        if not self.sessions:
            return
        key = self.rng.choice(sorted(self.sessions))
        session = self.sessions[key]
        what = self.rng.randrange(5)
        if what == 0:
            session = replace(session, title=f"Retitled {self.rng.randrange(1000)}")
        elif what == 1:
            by = timedelta(minutes=self.rng.choice([-60, 45, 120]))
            session = replace(session, start=session.start + by, end=session.end + by)
        elif what == 2:
            session = replace(session, items=(*session.items, AgendaItem("Bogotá, Colombia", "Care")))
        elif what == 3:
            session = replace(session, settings={"mute_upon_entry": self.rng.random() < 0.5})
        else:
            session = replace(session, end=session.end + timedelta(minutes=15))
        self.sessions[key] = session

    def remove_session(self) -> None:
        if self.sessions:
            key = self.rng.choice(sorted(self.sessions))
            del self.sessions[key]
            self.released.add(key)

    def save(self) -> None:
        programme = Programme(Event(EVENT, "An event", "Asia/Shanghai"), tuple(self.sessions.values()))
        Programmes(self.database).save(programme, self.clock.now())

    # --- processes -------------------------------------------------------------------------------------------------

    def process(self) -> tuple[Planning, Applying, Collecting]:
        """A process that has just started: nothing in its memory, everything it touches a boundary."""
        wire = _wire(self)
        environment = self.simulator.environment("http://simulator")
        session = requests.Session()
        session.mount("http://", wire)
        tokens = Tokens(
            Credentials(
                environment["ZOOM_ACCOUNT_ID"], environment["ZOOM_CLIENT_ID"], environment["ZOOM_CLIENT_SECRET"]
            ),
            environment["ZOOM_OAUTH_URL"],
            self.clock.now,
            self.clock.told,
            transport=wire,
        )
        exchange = Exchange(
            environment["ZOOM_API_URL"], tokens, self.governor, self.clock, user_agent="simulation", session=session
        )
        reader = ZoomReader(exchange, MEETINGS_AT_ONCE[self.plan])
        programmes = Guarded(Programmes(self.database), "programmes", self.boundaries)
        links = Guarded(Links(self.database), "links", self.boundaries)
        runs = Guarded(Runs(self.database), "runs", self.boundaries)
        reports = Guarded(Reports(self.database), "reports", self.boundaries)
        planning = Planning(programmes, links, reader, PROFILES, basic_may_host=self.plan is ZoomPlan.FREE)
        applying = Applying(
            programmes, links, runs, reader, ZoomWriter(exchange), self.clock, PROFILES, self._passcode, SETTLE,
            policies=Guarded(Drifts(self.database), "policies", self.boundaries),
        )  # fmt: skip
        return planning, applying, Collecting(programmes, links, reports, reader, self.clock, timedelta(minutes=30))

    def _passcode(self, _policy: PasscodePolicy | None = None) -> Passcode:
        return Passcode("".join(self.rng.choice("abcdefghkmnpqrstuvwxyzABCDEFGH23456789") for _ in range(10)))

    def sync(self, policy: Policy = CAREFUL, *, deep: bool = False) -> Plan:
        """One process plans and applies."""
        planning, applying, _ = self.process()
        return self.sync_with(planning, applying, policy, deep=deep)

    def sync_with(
        self,
        planning: Planning,
        applying: Applying,
        policy: Policy = CAREFUL,
        *,
        deep: bool = False,
    ) -> Plan:
        """A process that was started before plans and applies."""
        planned = plan_event(planning, EVENT, policy, deep=deep)
        self.release(planned.plan, policy)
        run = start_run(applying, planned.plan)
        carry_out(applying, run, lambda _progress: None, lambda _until, _items: None)
        return planned.plan

    def release(self, plan: Plan, policy: Policy) -> None:
        """Let links change that a plan replaces by right: where it may, and Zoom's host cannot hold the session."""
        if policy.allow_replace:
            links = Links(self.database).known(EVENT, "").links
            replaced = [change.key for change in plan.changes if change.action is Action.REPLACE]
            zoom = self.simulator.world
            self.released |= {key for key in replaced if host_cannot_hold(zoom, links, self.sessions, key)}

    def stalling_writer(self, applying: Applying) -> Applying:
        """The same process, which hangs just before its request leaves while another one does all the work."""
        world, writer = self, applying.writer

        class Stalling:
            def create(self, host_id: Any, kind: Any, fields: Any, passcode: Any, before_send: Any) -> Any:
                def stall() -> None:
                    before_send()
                    world.clock.advance(10 * SETTLE.total_seconds())
                    world.sync()

                return writer.create(host_id, kind, fields, passcode, stall)

            def __getattr__(self, name: str) -> Any:
                return getattr(writer, name)

        return replace(applying, writer=Stalling())

    def run(self, works: Sequence[Callable[[], Any]], crash: float, slow: float = 0.2) -> None:
        """Let processes go on in turns; each may die at any boundary. Foreseen errors are theirs to tell."""
        scheduler = Scheduler(self.clock, self.rng, slow)
        self.boundaries.pause, self.boundaries.chance = scheduler.pause, crash
        self.ended = ended = scheduler.go(list(works))
        self.boundaries.pause, self.boundaries.chance = lambda: None, 0.0
        for error in ended:
            if error is not None and not isinstance(error, Crash | ZoomSyncError):
                raise error
        self.note_published()

    def note_published(self) -> None:
        """Once a meeting is linked its ID, passcode and link are out: they must never change by themselves."""
        links = Links(self.database).known(EVENT, "").links
        for key, link in links.items():
            now = (link.meeting_id, link.passcode.value, link.join_url)
            before = self.published.get(key)
            assert before in (None, now) or key in self.released, f"the published link of {key} changed"
            self.published[key] = now

    # --- what goes wrong -------------------------------------------------------------------------------------------

    def make_faults(self) -> None:
        kinds: list[dict[str, Any]] = [
            {"kind": "refuse", "status": self.rng.choice([500, 502, 503])},
            {"kind": "drop_before"},
            {"kind": "drop_after"},
            {"kind": "error_after", "status": 500},
            {"kind": "garbage_after"},
            {"kind": "half_body_after"},
            {"kind": "delay", "seconds": self.rng.choice([1.0, 60.0])},
            {"kind": "rate_limit", "limit": self.rng.choice(["qps", "qps", "host"])},
            {"kind": "expire_token"},
            {"kind": "revoke_token"},
        ]
        for fault in self.rng.sample(kinds, self.rng.randrange(1, 4)):
            operation = self.rng.choice([{}, {"operation": "meetingCreate"}, {"operation": "meetingUpdate"}])
            rule = {**fault, **operation, "times": self.rng.randrange(1, 4), "probability": 0.4}
            if not (fault["kind"] == "rate_limit" and fault["limit"] == "host" and not operation):
                self.control("faults", rule)
        if self.rng.random() < 0.3:
            self.control("faults", {"kind": "late_list", "seconds": LATE_LIST, "times": None})
        if self.rng.random() < 0.1:
            self.control("faults", {"kind": "other_app", "label": "LIGHT", "per_second": 70, "per_day": 0})

    def clear_faults(self) -> None:
        self.control("faults", method="DELETE")

    def meddle(self) -> None:
        """Somebody works on Zoom by hand: makes, edits or deletes a meeting."""
        ours = Links(self.database).known(EVENT, "").links
        what = self.rng.randrange(5)
        if what == 0 or not ours:
            self._make_by_hand()
            return
        key = self.rng.choice(sorted(ours))
        meeting_id = ours[key].meeting_id
        if self._state_of(meeting_id)["deleted"]:
            return
        if what == 1:
            self.control(f"meetings/{meeting_id}", {"topic": f"By hand {self.rng.randrange(99)}"}, "PATCH")
        elif what == 2:
            self.control(f"meetings/{meeting_id}", {"settings": {"mute_upon_entry": False}, "duration": 33}, "PATCH")
        elif what == 3:
            self.control(f"meetings/{meeting_id}", {"password": f"hand{self.rng.randrange(999)}"}, "PATCH")
        else:
            self.control(f"meetings/{meeting_id}", method="DELETE")
            self.released.add(key)

    def _make_by_hand(self) -> None:
        """A meeting of somebody else; sometimes it looks just like one of ours."""
        users = [user for user in self.control("state", method="GET")["users"] if user["type"] == 2]
        like = self.rng.choice([None, *self.sessions.values()])
        start = like.start if like else START + timedelta(days=1)
        body = {
            "host": self.rng.choice(users)["id"],
            "topic": like.title if like else "Team meeting",
            "start_time": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "duration": 90,
        }
        made = self.control("meetings", body)
        self.by_hand[str(made["id"])] = self._state_of(str(made["id"]))

    def _state_of(self, meeting_id: str) -> dict[str, Any]:
        meetings = self.control("state", method="GET")["meetings"]
        return next(meeting for meeting in meetings if str(meeting["id"]) == meeting_id)

    # --- what must hold --------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Faults stop: within a few runs there is nothing left to do."""
        self.clear_faults()
        self.save()
        for _ in range(6):
            self.clock.advance(SETTLE.total_seconds() + LATE_LIST)
            # What a list does not show only the deep plan finds; what died before it was noted only the other one.
            plans = [self.sync(EVERYTHING, deep=True), self.sync(EVERYTHING)]
            self.note_published()
            carried_over = [held.until for plan in plans for held in plan.held_back if held.until is not None]
            if carried_over:
                self.clock.advance((min(carried_over) - self.clock.now()).total_seconds() + 1)
            elif not any(plan.changes for plan in plans):
                break
        else:
            changes = [f"{change.action} {change.key}" for plan in plans for change in plan.changes]
            raise AssertionError(f"plans do not become empty: {changes}")

    def check(self) -> None:
        """The promises, on a world in which nothing goes wrong any more."""
        links = Links(self.database).known(EVENT, "")
        state = {str(meeting["id"]): meeting for meeting in self.control("state", method="GET")["meetings"]}
        alive = {meeting_id for meeting_id, meeting in state.items() if not meeting["deleted"]}
        made_by_us = {one for one in alive if state[one]["created_by"] == "api" or one in self.adopted}
        linked = {link.meeting_id for link in links.links.values()}
        assert set(links.links) == set(self.sessions), (
            f"sessions and links differ: {set(links.links) ^ set(self.sessions)}"
        )
        assert made_by_us == linked, f"one meeting per session and none forgotten: {made_by_us ^ linked}"
        assert not links.intents, "no creation is left in doubt"
        for meeting_id, before in self.by_hand.items():
            assert self._state_of(meeting_id) == before, "what is not ours is not touched"
        self._check_fields()
        refused = [entry for entry in self.control("journal", method="GET")["requests"] if entry["status"] == 429]
        assert not refused or self.simulator.faults.fired, "never over the limit"

    def _check_fields(self) -> None:
        planning, _, _ = self.process()
        for key, link in Links(self.database).known(EVENT, "").links.items():
            on_zoom = planning.reader.meeting(link.meeting_id, link.kind)
            want = PROFILES.desired(self.sessions[key])
            panelists = {one["email"] for one in self.simulator.world.meetings[int(link.meeting_id)].panelists}
            assert panelists == {one.key for one in want.panelists} | self.panelists_by_hand.get(key, set())
            assert set(link.panelists.values()) <= {Standing.ADDED}, "it is known who came from us"
            assert not differences(want.fields, on_zoom.fields()), compared(on_zoom.fields())
            assert on_zoom.passcode == link.passcode
            assert on_zoom.join_url == link.join_url

    def check_cost(self) -> None:
        """Finding out that nothing changed costs one list per host that holds meetings, and a token."""
        self.control("journal", method="DELETE")
        planning, _, _ = self.process()
        plan = plan_event(planning, EVENT, Policy())
        assert not plan.plan.changes
        known = Links(self.database).known(EVENT, "")
        # A host is looked at, too, for whom Zoom may carry out a creation yet that was given up.
        lists = {(one.host_id, f"{one.kind}s") for one in (*known.links.values(), *known.given_up)}
        calls = [entry["operation"] for entry in self.control("journal", method="GET")["requests"]]
        assert sorted(call for call in calls if call not in ("token", "")) == sorted(name for _, name in lists)

    # --- afterwards ------------------------------------------------------------------------------------------------

    def hold_sessions(self) -> None:
        """The days pass: most sessions are held, some twice, some never."""
        for session in sorted(self.sessions.values(), key=lambda session: session.start):
            link = Links(self.database).link(EVENT, session.key)
            assert link is not None
            if self.rng.random() < 0.8:
                body = {"audience": self.rng.randrange(1, 8), "instances": self.rng.choice([1, 1, 2]), "advance": True}
                start = max(session.start, self.clock.now())
                self.control(f"meetings/{link.meeting_id}/run", body | {"start": start.isoformat()})
            self._follow(self.control("clock", method="GET")["now"])
        last = max([session.end for session in self.sessions.values()], default=self.clock.now())
        self.clock.advance(max(0.0, (last - self.clock.now()).total_seconds()) + 86_400)

    def _follow(self, now: str) -> None:
        from datetime import datetime

        told = datetime.fromisoformat(now)
        self.clock.time = max(self.clock.time, told)

    def collect(self) -> None:
        _, _, collecting = self.process()
        collect_event(collecting, EVENT, (), lambda _key, _states: None)

    def check_reports(self) -> None:
        """Every row that Zoom has is stored, once."""
        _, _, collecting = self.process()
        assert not due_sessions(collecting, EVENT, self.clock.now())
        for key in self.sessions:
            link = Links(self.database).link(EVENT, key)
            assert link is not None
            held = [i for i in self.simulator.world.instances.values() if str(i.meeting_id) == link.meeting_id]
            kept = list(Reports(self.database).raw(EVENT, key, "participants"))
            rows = sorted(row["user_id"] for report in kept for row in report.rows)
            assert rows == sorted(stay.user_id for instance in held for stay in instance.stays), key


def play(seed: int) -> World:
    """One story from a seed: edits, faults, crashes, meddling; then all faults stop and the promises are checked.

    What it raises names the seed, and the seed alone makes the same story again.
    """
    world = World(seed)
    try:
        for _ in range(world.rng.randrange(1, 4)):
            world.add_session()
        world.save()
        for _ in range(world.rng.randrange(1, 4)):
            _step(world)
        world.heal()
        world.check()
        world.check_cost()
        if world.rng.random() < 0.3:
            _aftermath(world)
    except BaseException as error:
        error.add_note(f"seed {seed}; play it again: python tests/simulation/seeds.py --first {seed} --count 1")
        raise
    return world


def _step(world: World) -> None:
    for change in world.rng.sample(
        [world.add_session, world.edit_session, world.edit_session, world.remove_session], 2
    ):
        if world.rng.random() < 0.5:
            change()
    world.save()
    if world.rng.random() < 0.5:
        world.make_faults()
    policy = world.rng.choice([Policy(), Policy(), EVERYTHING])
    crash = world.rng.choice([0.0, 0.02, 0.05, 0.12])
    world.run([lambda: world.sync(policy)] * world.rng.choice([1, 1, 2]), crash)
    world.clear_faults()
    if world.rng.random() < 0.3:
        world.meddle()
    if any(isinstance(error, Crash) for error in world.ended) and world.rng.random() < 0.3:
        world.remove_session()
    if world.rng.random() < 0.5:
        world.clock.advance(world.rng.choice([5, 70, 3600]))


def _aftermath(world: World) -> None:
    world.hold_sessions()
    world.make_faults()
    world.run([world.collect] * world.rng.choice([1, 2]), world.rng.choice([0.0, 0.03, 0.1]))
    world.clear_faults()
    for _ in range(3):
        world.clock.advance(3600)
        world.collect()
    world.check_reports()

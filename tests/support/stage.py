"""An event before its pages: one evening is over and collected, one has its meeting, one has none yet.

    played = play(folder)                  # once: the story, on a simulator in this process
    stage = Stage(played, tmp_path)        # for each test: its own store and its own simulator, just as it was
    app = make_app(stage.parts, hand_out=stage.carry_out)

A second event, `spring-school`, is for who may not see it; it is not public.
"""

from __future__ import annotations

import shutil
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from factories import PROFILE
from support.wire import Wired, wired
from zoom_sync.adapters.identity.passwords import Argon2
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Role
from zoom_sync.domain.plan import Policy
from zoom_sync.domain.programme import AgendaItem, Event, Programme, Session
from zoom_sync.service_layer.access import Access, add_account, make_token
from zoom_sync.service_layer.apply import carry_out, start_run
from zoom_sync.service_layer.collect import collect_event
from zoom_sync.service_layer.sync import Profiles, plan_event
from zoom_sync.settings import Settings
from zoom_sync.simulator import Simulator
from zoom_sync.simulator.state_file import dump, restore

EVENT, OTHER = "urban-2023", "spring-school"
PAST, READY, NEW = "seminar-1", "seminar-2", "seminar-3"
ZONE = "Asia/Shanghai"
SITE = "zoom-sync.example"  # where the tests of pages find them
NOW = datetime(2023, 11, 6, 16, 0, tzinfo=UTC)  # two hours after the first evening
PASSWORDS = {Role.VIEWER: "see the sessions", Role.STAFF: "read the reports", Role.ORGANISER: "carry out the plan"}
NAMES = {Role.VIEWER: "Vera", Role.STAFF: "Stefan", Role.ORGANISER: "Olga"}
DESCRIPTION = (
    "Representatives of the 15 shortlisted cities present their initiatives and answer questions from the moderators"
    " and the audience. The seminar is open to the public."
)
SESSIONS = (
    Session(
        PAST,
        "Making our cities and regions safe and resilient for all",
        datetime.fromisoformat("2023-11-06T20:30:00+08:00"),
        datetime.fromisoformat("2023-11-06T22:00:00+08:00"),
        ZONE,
        items=(
            AgendaItem("Xianning, China", "Enhancing traffic safety near schools", "China"),
            AgendaItem("Kazan, Russian", "Park to rest and recuperate", "Russian"),
            AgendaItem("Tehran, Iran", "Substituting chemical poisons with pruning waste", "Iran"),
            AgendaItem("Cape Town, South Africa", "Building resilient food systems", "South Africa"),
        ),
    ),
    Session(
        READY,
        "Leaving no one and no place behind",
        datetime.fromisoformat("2023-11-07T19:30:00+08:00"),
        datetime.fromisoformat("2023-11-07T21:00:00+08:00"),
        ZONE,
        items=(AgendaItem("Utrecht, the Netherlands", "Healthy urban living for everyone", "the Netherlands"),),
    ),
    Session(
        NEW,
        "Conserving and sustaining our planet",
        datetime.fromisoformat("2023-11-08T20:30:00+08:00"),
        datetime.fromisoformat("2023-11-08T22:00:00+08:00"),
        ZONE,
        items=(AgendaItem("Bogotá, Colombia", "Cleaner air in every district", "Colombia"),),
    ),
)
SCHOOL = Programme(
    Event(OTHER, "Spring School on Open Data", "Europe/Lisbon"),
    (
        Session(
            "opening",
            "Opening and first results",
            datetime.fromisoformat("2023-12-10T18:00:00+00:00"),
            datetime.fromisoformat("2023-12-10T19:30:00+00:00"),
            "Europe/Lisbon",
        ),
    ),
)


def seminar(*sessions: Session, public: bool = True) -> Programme:
    event = Event(EVENT, "International Seminar on Learning from Urban Innovation", ZONE, DESCRIPTION, public)
    return Programme(event, sessions or SESSIONS)


@dataclass(frozen=True)
class Played:
    """What is left of the story: the store's file, and the simulator's state."""

    store: Path
    world: dict[str, Any]


class Stage:
    """The parts of a process whose Zoom is a simulator in the same process; its own clock stands at `at`."""

    def __init__(self, played: Played | None, folder: Path, **settings: Any) -> None:
        store = folder / "store.db"
        simulator = Simulator(start="2023-11-01T00:00:00Z", ticking=False)
        if played is not None:
            shutil.copy(played.store, store)
            simulator.world = restore(deepcopy(played.world))  # each stage plays on by itself
        self.at, self.store = NOW, store
        self.zoom: Wired = wired(simulator)
        self.parts = self._parts(f"sqlite:///{store}", settings)
        self.runs: list[int] = []

    def _parts(self, database: str, settings: dict[str, Any]) -> Parts:
        zoom = self.zoom.simulator.environment("http://zoom.invalid")
        config = Path(database.removeprefix("sqlite:///")).parent / "no-config"
        site = {"ZOOM_SYNC_WEB_HOSTS": SITE}
        told = {**zoom, **site, "DATABASE_URL": database, "ZOOM_SYNC_CONFIG": config, **settings}
        parts = Parts(Settings(_env_file=None, **told))
        parts.clock = self.zoom.clock
        # What would be made at first use over the network, over the short wire instead.
        parts.exchange, parts.reader = self.zoom.exchange, self.zoom.reader
        parts.profiles = Profiles({"public-seminar": {**PROFILE, "alternative_hosts": ""}}, "public-seminar")
        # Hashing is slow on purpose; here it only has to be the same code.
        parts.passwords = Argon2(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        access = parts.access
        parts.access = lambda: replace(access(), now=lambda: self.at)
        return parts

    @property
    def access(self) -> Access:
        return self.parts.access()

    def load(self, programme: Programme) -> None:
        self.parts.programmes.save(programme, self.at)

    def plan(self, event: str = EVENT, *, deep: bool = False):
        return plan_event(self.parts.planning(), event, Policy(), deep=deep).plan

    def apply(self, event: str = EVENT, *, deep: bool = False) -> None:
        self.carry_out(start_run(self.parts.applying(), self.plan(event, deep=deep)))

    def carry_out(self, run: int) -> None:
        """Does a run at once, and keeps its number."""
        self.runs.append(run)
        carry_out(self.parts.applying(), run, lambda _: None, lambda _until, _items: None)

    def token(self, role: Role, **lifetime: float) -> str:
        return make_token(self.access, NAMES[role], None, timedelta(**(lifetime or {"days": 1})))

    def close(self) -> None:
        self.parts.database.close()


def play(folder: Path) -> Played:
    """The story up to two hours after the first evening."""
    stage = Stage(None, folder)
    for role, password in PASSWORDS.items():
        add_account(stage.access, NAMES[role], role, password)
    stage.load(seminar(SESSIONS[0], replace(SESSIONS[1], title="Nobody left behind", items=())))
    stage.load(SCHOOL)
    stage.apply()
    meeting = stage.parts.links.link(EVENT, PAST).meeting_id
    stage.zoom.control("POST", f"meetings/{meeting}/run", {"audience": 120, "questions": 8})
    stage.zoom.clock.advance((NOW - stage.zoom.clock.now()).total_seconds())
    collect_event(stage.parts.collecting(), EVENT, [PAST], lambda *_: None)
    stage.load(seminar())
    stage.parts.database.close()
    return Played(folder / "store.db", dump(stage.zoom.simulator.world))

"""What the actors of a story work on: the world, what they have done to it, and what is not to be expected any more."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulation.scheduler import START
from simulation.world import EVENT, World
from zoom_sync.adapters.store.links import Links
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import AgendaItem, Kind, Session
from zoom_sync.simulator import Request
from zoom_sync.simulator.account import LICENSED, User
from zoom_sync.simulator.world import Meeting

ALL = "*"
OTHER_EVENT = "other"
# Half of all starts are drawn from these, so that sessions collide; the others from three days.
FEW_STARTS = tuple(START + timedelta(days=2, minutes=minutes) for minutes in (0, 30, 60, 90))


@dataclass(frozen=True)
class Write:
    """A request of ours that changed something: at which look at the standing world, on which path, which fields."""

    look: int
    path: str
    fields: frozenset[str]


@dataclass
class Scene:
    """A world and its actors.

    `spoiled` says, by session, which fields (ALL: everything) somebody else has a hand in, so that they need not be as
    the programme has them; `everywhere` are such fields of all sessions, `bad_hosts` hosts of whom nothing is expected.
    `theirs` are, by meeting, the alternative hosts whom staff added; `waiting` the sessions that the last sync held
    back for want of a host's time, `held` all that it held back for a person to decide. `writes` are ours, from when
    the world stood still.
    """

    world: World
    rng: random.Random
    played: Counter[str] = field(default_factory=Counter)
    spoiled: dict[str, set[str]] = field(default_factory=dict)
    everywhere: set[str] = field(default_factory=set)
    bad_hosts: set[str] = field(default_factory=set)
    twists: dict[str, list[int]] = field(default_factory=dict)
    rewrites: dict[str, dict[str, Any]] = field(default_factory=dict)
    other_sessions: list[Session] = field(default_factory=list)
    theirs: dict[int, set[str]] = field(default_factory=dict)
    links_moved: bool = False
    hostile: str = ""
    waiting: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    writes: list[Write] = field(default_factory=list)
    look: int = 0

    # --- looking ---

    @property
    def meetings(self) -> dict[int, Meeting]:
        """All meetings that ever were, as the simulator keeps them."""
        return self.world.simulator.world.meetings

    def living(self) -> list[Meeting]:
        """Those that are there."""
        return [one for one in self.meetings.values() if one.deleted_at is None]

    def events(self) -> list[str]:
        """The events that the store has."""
        return [EVENT, OTHER_EVENT] if self.other_sessions else [EVENT]

    def links(self, event: str = EVENT) -> dict[str, Link]:
        return dict(Links(self.world.database).known(event, "").links)

    def hosts(self) -> list[User]:
        """Who may host, as Zoom has it."""
        return [user for user in self.world.simulator.world.users.values() if self._may_host(user)]

    @staticmethod
    def _may_host(user: User) -> bool:
        return user.status == "active" and user.type == LICENSED

    def some_link(self) -> Link | None:
        """A linked meeting that is there, and of which everything is still expected."""
        alive = {str(one.id) for one in self.living()}
        links = self.links()
        fit = [
            link for key, link in sorted(links.items()) if link.meeting_id in alive and key not in self.spoiled
        ]  # fmt: skip
        return self.rng.choice(fit) if fit else None

    def fingerprint(self) -> int:
        """Another number whenever an actor has changed something."""
        zoom = self.world.simulator.world
        twists = [rule.to_json() | {"number": 0} for rule in zoom.twists.rules]
        faults = len(self.world.simulator.faults.rules)
        meetings = [(one, one.registrants, one.settings) for one in zoom.meetings.values()]
        return hash(
            repr((zoom.users, meetings, twists, faults, self.world.sessions, self.other_sessions, self.rewrites))
        )

    # --- noting ---

    def listen(self) -> None:
        """From now on, note what is written on Zoom."""
        answer = self.world.simulator.handle

        def noting(request: Request) -> Any:
            if request.method in ("POST", "PATCH", "DELETE") and request.path.startswith("/v2/"):
                body = json.loads(request.body) if request.body else {}
                settings = {f"settings.{name}" for name in body.pop("settings", {})}
                self.writes.append(Write(self.look, request.path, frozenset(body) | settings))
            return answer(request)

        self.world.simulator.handle = noting  # type: ignore[method-assign]

    def spoil(self, key: str, *names: str) -> None:
        self.spoiled.setdefault(key, set()).update(names or (ALL,))

    def spoiled_fields(self, key: str, host_id: str) -> set[str]:
        """What is not expected of a session."""
        return self.spoiled.get(key, set()) | self.everywhere | ({ALL} if host_id in self.bad_hosts else set())

    # --- acting ---

    def twist(self, actor: str, **body: Any) -> None:
        """A twist that lasts as long as its actor does."""
        twists = self.world.control("twists", body)
        self.twists.setdefault(actor, []).append(twists[-1]["number"])

    def make_twists_end(self) -> None:
        """All twists end but those of the actor who stays hostile."""
        for actor, numbers in self.twists.items():
            if actor != self.hostile:
                for number in numbers:
                    self.world.control(f"twists/{number}", method="DELETE")
        self.twists = {actor: numbers for actor, numbers in self.twists.items() if actor == self.hostile}

    def edit(self, meeting_id: str, fields: dict[str, Any]) -> None:
        """A hand edits a meeting, unless it is gone."""
        meeting = self.meetings.get(int(meeting_id))
        if meeting is not None and meeting.deleted_at is None:
            self.world.control(f"meetings/{meeting_id}", fields, "PATCH")

    def rewrite(self) -> None:
        """The second program puts its values back, whatever they are now."""
        for meeting_id, fields in sorted(self.rewrites.items()):
            self.edit(meeting_id, fields)

    def new_start(self) -> datetime:
        if self.rng.random() < 0.5:
            return self.rng.choice(FEW_STARTS)
        return START + timedelta(days=2, hours=self.rng.randrange(0, 72), minutes=30 * self.rng.randrange(2))

    def new_session(self, prefix: str = "s") -> Session:
        """A session; some are webinars where the account has the licence."""
        self.world.made += 1
        start, number = self.new_start(), self.world.made
        has_webinars = self.world.simulator.world.options.webinars
        kind = Kind.WEBINAR if has_webinars and self.rng.random() < 0.2 else Kind.MEETING
        return Session(
            f"{prefix}{number}", f"Title {number}", start, start + timedelta(minutes=self.rng.choice([30, 60, 90])),
            "Asia/Shanghai", kind=kind, items=(AgendaItem("Kazan, Russian", "Park"),),
        )  # fmt: skip

    def add_session(self) -> None:
        session = self.new_session()
        self.world.sessions[session.key] = session

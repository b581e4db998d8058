"""The same world under Hypothesis, which looks for the shortest story that breaks a promise."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from simulation.world import EVERYTHING, World
from zoom_sync.domain.plan import Policy

FAULTS = st.sampled_from(
    [
        {"kind": "refuse", "status": 503},
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "error_after", "status": 500},
        {"kind": "garbage_after"},
        {"kind": "half_body_after"},
        {"kind": "delay", "seconds": 60.0},
        {"kind": "rate_limit", "limit": "qps"},
        {"kind": "rate_limit", "limit": "host", "operation": "meetingCreate"},
        {"kind": "expire_token"},
        {"kind": "late_list", "seconds": 25.0},
    ]
)


class Organiser(RuleBasedStateMachine):
    """Edits, faults, runs that die at a chosen boundary, runs at once, hands; at the end everything must be right."""

    @initialize(seed=st.integers(0, 1000), sessions=st.integers(1, 3))
    def begin(self, seed: int, sessions: int) -> None:
        self.world = World(seed)
        for _ in range(sessions):
            self.world.add_session()
        self.world.save()

    @rule()
    def add(self) -> None:
        self.world.add_session()
        self.world.save()

    @rule()
    def edit(self) -> None:
        self.world.edit_session()
        self.world.save()

    @rule()
    def remove(self) -> None:
        self.world.remove_session()
        self.world.save()

    @rule(fault=FAULTS, times=st.integers(1, 3))
    def fail(self, fault: dict[str, object], times: int) -> None:
        self.world.control("faults", {**fault, "times": times})

    @rule()
    def recover(self) -> None:
        self.world.clear_faults()

    @rule(dies_at=st.one_of(st.none(), st.integers(1, 80)), everything=st.booleans())
    def apply(self, dies_at: int | None, everything: bool) -> None:
        policy = EVERYTHING if everything else Policy()
        self.world.boundaries.countdown = dies_at
        self.world.run([lambda: self.world.sync(policy)], crash=0.0)
        self.world.boundaries.countdown = None

    @rule(dies_at=st.one_of(st.none(), st.integers(1, 160)))
    def apply_twice_at_once(self, dies_at: int | None) -> None:
        self.world.boundaries.countdown = dies_at
        self.world.run([self.world.sync, self.world.sync], crash=0.0)
        self.world.boundaries.countdown = None

    @rule()
    def meddle(self) -> None:
        self.world.meddle()

    @rule(seconds=st.sampled_from([5, 70, 3600]))
    def wait(self, seconds: int) -> None:
        self.world.clock.advance(seconds)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.heal()
            self.world.check()
            self.world.check_cost()


TestOrganiser = Organiser.TestCase
TestOrganiser.settings = settings(
    max_examples=60,
    stateful_step_count=8,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

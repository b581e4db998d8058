"""Beside which actors all promises hold, and which ones still wait for the part of the product that they need."""

from __future__ import annotations

from simulation.actors import ACTORS
from simulation.invariants import INVARIANTS

# By actor: what does not hold yet. An actor that is taken out of here is played at every run of the tests.
WAITING: dict[str, str] = {}
HOLDING = tuple(name for name in ACTORS if name not in WAITING)

# By promise, likewise: it is not looked at, whoever acts.
PROMISES_WAITING: dict[str, str] = {}
PROMISES = tuple(name for name in INVARIANTS if name not in PROMISES_WAITING)

"""Beside which actors all promises hold, and which ones still wait for the part of the product that they need."""

from __future__ import annotations

from simulation.actors import ACTORS
from simulation.invariants import INVARIANTS

# By actor: what does not hold yet. An actor that is taken out of here is played at every run of the tests.
WAITING: dict[str, str] = {
    "force_passcode": "values: a passcode that Zoom does not take is sent again",
    "convert": "calendar: a host may hold too much after a meeting became a webinar that takes all of him",
    "become_basic": "isolation: a webinar of a host without a licence cannot be read",
    "lose_webinars": "isolation: a webinar of a host without a licence cannot be read",
    "shorten_lists": "calendar: while a host's list stays short, his times and creations in doubt wait for a whole one",
    "host_leaves": "calendar: a creation in doubt of a host who left is never given up",
    "host_hands_over": "calendar: a creation in doubt of a host who left is not looked for where his meetings went",
}
HOLDING = tuple(name for name in ACTORS if name not in WAITING)

# By promise, likewise: it is not looked at, whoever acts.
PROMISES_WAITING: dict[str, str] = {}
PROMISES = tuple(name for name in INVARIANTS if name not in PROMISES_WAITING)

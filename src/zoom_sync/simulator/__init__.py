"""A local Zoom to work against: stateful, strict, and offline.

It shares no code with the rest of zoom_sync, in either direction: were it to share any, one misreading of Zoom's
rules would stand on both sides, and the tests would agree with it.

    simulator = Simulator(seed=1, start="2023-11-01T00:00:00Z", ticking=False)
    outcome = simulator.handle(Request("GET", "/v2/users", headers={"Authorization": "Bearer ..."}))

`python -m zoom_sync.simulator` serves it over HTTP. Imports the standard library only.
"""

from .core import Simulator
from .messages import Dropped, Outcome, Request, Response

__all__ = ["Dropped", "Outcome", "Request", "Response", "Simulator"]

"""One request on its way to an operation, and the answer of an operation that gives paged rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .messages import Response
from .schema import read_number
from .world import Instance, World


@dataclass(slots=True)
class Call:
    """What an operation works with.

    `params` are the decoded values of the path, `body` the JSON object. The operation notes in `host_id` whose
    meeting it was about, and in `headers` what the answer has to carry besides.
    `base` is where the simulator was reached.
    """

    world: World
    operation: str
    params: tuple[str, ...]
    query: Mapping[str, str]
    body: dict[str, Any]
    now: float
    host_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    base: str = ""

    @property
    def about_webinars(self) -> bool:
        """Whether the operation is one on webinars."""
        return "webinar" in self.operation.lower()

    @property
    def instance(self) -> Instance | None:
        """The instance that the first parameter means: that of a UUID, or the latest that ended of a meeting's id."""
        key = self.params[0]
        instance = self.world.instances.get(key)
        known = self.world.meetings.get(read_number(key) or 0)
        if instance is None and known is not None:
            held = self.world.ended(known)
            return held[-1] if held else None
        return instance


Handler = Callable[[Call], Response]

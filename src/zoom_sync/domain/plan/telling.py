"""A plan as JSON, for other programs. It holds no passcode, link or e-mail address."""

from __future__ import annotations

from typing import Any

from zoom_sync.domain.plan.values import HeldBack, Plan, change_json, masked_value, value_json


def held_back_json(held: HeldBack) -> dict[str, Any]:
    """A change that is held back, as the plan's JSON tells it."""
    until = value_json(held.until) if held.until else None
    return change_json(held.change) | {"held_back": masked_value(held.why), "until": until}


def plan_json(plan: Plan) -> dict[str, Any]:
    """The whole plan as JSON. It holds no passcode, link or e-mail address."""
    return {
        "event": plan.event,
        "digest": plan.digest,
        "changes": [change_json(change) for change in plan.changes],
        "held_back": [held_back_json(held) for held in plan.held_back],
        "unchanged": plan.unchanged,
        "cost": {"calls": dict(plan.calls), "writes_by_host": dict(plan.writes_by_host)},
    }

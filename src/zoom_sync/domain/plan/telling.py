"""A plan as JSON, for other programs. It holds no passcode, link or e-mail address."""

from __future__ import annotations

from typing import Any

from zoom_sync.domain.drift import Drift
from zoom_sync.domain.phrases import joined
from zoom_sync.domain.plan.values import HeldBack, Plan, change_json, masked_value, value_json


def held_back_json(held: HeldBack) -> dict[str, Any]:
    """A change that is held back, as the plan's JSON tells it: `reason` says why it is wanted, and why not done."""
    until = value_json(held.until) if held.until else None
    wanted_because = [held.change.reason] if held.change.reason else []
    return change_json(held.change) | {
        "reason": masked_value(joined((*wanted_because, held.why))),
        "held_back": masked_value(held.why),
        "needs": held.needs,
        "together": held.together,
        "until": until,
    }


def drift_json(drift: Drift) -> dict[str, Any]:
    """What somebody edited on Zoom, without e-mail addresses."""
    return {
        "session": drift.key,
        "meeting_id": drift.meeting_id,
        "field": drift.name,
        "applied": value_json(drift.applied),
        "on_zoom": value_json(drift.on_zoom),
        "treatment": str(drift.treatment),
        "since": value_json(drift.since),
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """The whole plan as JSON. It holds no passcode, link or e-mail address."""
    return {
        "event": plan.event,
        "digest": plan.digest,
        "changes": [change_json(change) for change in plan.changes],
        "held_back": [held_back_json(held) for held in plan.held_back],
        "unchanged": plan.unchanged,
        "drift": [drift_json(one) for one in plan.drift],
        "notes": list(plan.notes),
        "frozen_until": value_json(plan.frozen_until) if plan.frozen_until else None,
        "mass_change": None
        if plan.brake is None
        else {
            "sentence": plan.brake.sentence,
            "sessions": plan.brake.count,
            "of": plan.brake.total,
            "held_back": not plan.brake.released,
        },
        "cost": {"calls": dict(plan.calls), "writes_by_host": dict(plan.writes_by_host)}
        | ({"lists": dict(plan.lists)} if plan.lists else {}),
    }

"""Approving a plan that was seen: it is made anew, and what is committed is exactly that plan or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from zoom_sync.domain.plan import Policy
from zoom_sync.service_layer.apply import Applying, start_run
from zoom_sync.service_layer.sync import Planned, Planning, plan_event


@dataclass(frozen=True, slots=True)
class Approved:
    """The plan of now, and the run that was committed for it; None where it is not the plan that was seen."""

    planned: Planned
    run: int | None


def approve(
    planning: Planning, applying: Applying, event: str, digest: str, policy: Policy, *, deep: bool = False
) -> Approved:
    """Commit a run for the plan of this digest; it is for the caller to hand it out. Raises as `plan_event`."""
    planned = plan_event(planning, event, policy, deep=deep)
    if planned.plan.digest != digest or not planned.plan.changes:
        return Approved(planned, None)
    return Approved(planned, start_run(applying, planned.plan))

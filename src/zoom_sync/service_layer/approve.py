"""Approving a plan that was seen: it is made anew, and what is committed is exactly that plan or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from zoom_sync.domain.consent import is_own
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Plan, Policy
from zoom_sync.errors import OwnApproval
from zoom_sync.service_layer.apply import Applying, start_run
from zoom_sync.service_layer.sync import Planned, Planning, plan_event


@dataclass(frozen=True, slots=True)
class Approved:
    """The plan of now, and the run that was committed for it; None where it is not the plan that was seen."""

    planned: Planned
    run: int | None


def approve(
    planning: Planning, applying: Applying, event: str, digest: str, policy: Policy, who: str = "", *,
    deep: bool = False,
) -> Approved:  # fmt: skip
    """Commit a run for the plan of this digest, and that `who` has approved it; it is for the caller to hand it out.

    Raises:
        OwnApproval: of this event nobody approves what he loaded himself.
        NotInStore, ConfigurationError, ZoomError: as `plan_event`.
    """
    planned = plan_event(planning, event, policy, deep=deep)
    if planned.plan.digest != digest or not planned.plan.changes:
        return Approved(planned, None)
    record(planning, applying, planned.plan, who)
    return Approved(planned, start_run(applying, planned.plan))


def record(planning: Planning, applying: Applying, plan: Plan, who: str, *, own: bool = False) -> None:
    """Commit that a person has approved a plan: what of it is not done at once is done later as long as it stands.

    What is carried over to a host's next day is part of it.

    `own`: somebody said by name that he may approve what he loaded himself. Raises OwnApproval where he may not.
    """
    if planning.approvals is None:
        return
    consent = planning.approvals.consent(plan.event)
    changes = planning.changes_of(planning.programmes.event(plan.event))
    if not own and is_own(changes, consent, who):
        raise OwnApproval(
            Phrase("{who} loaded this programme, and its changes are approved by somebody else (changes: ask)", who=who)
        )
    carried_over = (held.change for held in plan.held_back if held.until is not None)
    marks = {change.mark for change in (*plan.changes, *carried_over)}
    planning.approvals.approve(plan.event, marks, who, applying.clock.now())

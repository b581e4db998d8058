"""What would change on Zoom, what differs there, and carrying out exactly the plan that was seen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.domain.access import AuditEntry, Permission
from zoom_sync.domain.consent import is_own, waits
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Action, Change, Plan, Policy, change_json, held_back_json
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.errors import told
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.errors import Unavailable
from zoom_sync.service_layer.approve import approve
from zoom_sync.service_layer.sync import Planned, plan_event

router = APIRouter()


@router.get("/events/{event}/plan", name="plan", dependencies=[Depends(Needs(Permission.PLAN))])
def plan(
    request: Request,
    event: Key,
    deep: bool = False,
    allow_replace: bool = False,
    allow_delete: bool = False,
    allow_double: bool = False,
) -> Response:
    """The plan of now. Asks Zoom, and changes nothing there."""
    policy = Policy(allow_replace, allow_delete, allow_double=allow_double)
    planned = plan_event(parts_of(request).planning(), event, policy, deep=deep)
    return _plan_page(request, planned, policy, deep=deep)


def _plan_page(request: Request, planned: Planned, policy: Policy, *, deep: bool, seen: str = "") -> Response:
    """`seen` is the digest that was approved and is not the plan's any more."""
    parts, event = parts_of(request), planned.plan.event
    return render(
        request,
        "plan.html.j2",
        status=409 if seen else 200,
        **_told(request, planned),
        policy=policy,
        deep=deep,
        seen=seen,
        can_apply=site_of(request).hand_out is not None,
        **_approval(request, planned.plan),
        under_way=[run for run in parts.runs.recent(event, 5) if run.kind == "apply" and run.finished is None],
    )


def _approval(request: Request, plan: Plan) -> dict[str, Any]:
    """Whether the event's changes wait for approval, which have it, and whether it may not be that of who looks."""
    planning = parts_of(request).planning()
    changes = planning.changes_of(planning.programmes.event(plan.event))
    consent = planning.consent(plan.event)
    return {
        "waits": waits(changes, consent),
        "approved": [change.mark in consent.marks for change in plan.changes],
        "approved_at": consent.approved_at,
        "is_own": is_own(changes, consent, signed_in(request).name),
        "loaded_by": consent.loaded_by,
    }


def _told(request: Request, planned: Planned) -> dict[str, Any]:
    programme = parts_of(request).programmes.programme(planned.plan.event)
    plan = planned.plan
    return {
        "event": programme.event,
        "sessions": {session.key: session for session in programme.sessions},
        "plan": plan,
        "released": planned.released,
        "changes": [change_json(change) for change in plan.changes],
        "held_back": [held_back_json(held) for held in plan.held_back],
        "host_names": {host.id: host.name for host in planned.hosts.values()},
        "counts": {str(action): _count(plan.changes, action) for action in Action},
        "looked_at": planned.now,
    }


def _count(changes: tuple[Change, ...], action: Action) -> int:
    return sum(1 for change in changes if change.action is action)


@router.post("/events/{event}/plan/apply", name="apply", dependencies=[Depends(Needs(Permission.APPLY))])
def apply(
    request: Request,
    event: Key,
    digest: Annotated[str, Form(max_length=64)] = "",
    deep: Annotated[bool, Form()] = False,
    allow_replace: Annotated[bool, Form()] = False,
    allow_delete: Annotated[bool, Form()] = False,
    allow_mass_change: Annotated[bool, Form()] = False,
    allow_double: Annotated[bool, Form()] = False,
    allow_frozen: Annotated[bool, Form()] = False,
) -> Response:
    """Commit the plan that was seen, and hand it out. A plan that has changed is shown and not done."""
    parts, hand_out = parts_of(request), site_of(request).hand_out
    if hand_out is None:
        return told(request, 400, Phrase("no worker is running to carry out a plan"))
    policy = Policy(
        allow_replace,
        allow_delete,
        allow_mass_change=allow_mass_change,
        allow_double=allow_double,
        allow_frozen=allow_frozen,
    )
    who = signed_in(request).name
    approved = approve(parts.planning(), parts.applying(), event, digest, policy, who, deep=deep)
    if approved.run is None:
        return _plan_page(request, approved.planned, policy, deep=deep, seen=digest or "-")
    access = parts.access()
    access.audit.write(AuditEntry(access.now(), who, "apply", event, form=digest))
    where = site_of(request).addresses("run", event=event, number=approved.run)
    try:
        hand_out(approved.run)
    except Unavailable:
        return RedirectResponse(f"{where}?broker=away", 303)
    return RedirectResponse(where, 303)


@router.get("/events/{event}/differences", name="differences", dependencies=[Depends(Needs(Permission.PLAN))])
def differences(request: Request, event: Key) -> Response:
    """Every field of every meeting that is not on Zoom as the programme has it. Reads each meeting."""
    planned = plan_event(parts_of(request).planning(), event, Policy(), deep=True)
    return render(request, "differences.html.j2", **_told(request, planned))

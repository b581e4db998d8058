"""Registration for a meeting (https://developers.zoom.us/docs/api/meetings/)."""

from __future__ import annotations

from typing import Any

from .call import Call
from .clock import iso
from .meetings import NO_REGISTRATION, SITE
from .messages import Response, json_response
from .mint import join_hash
from .refusals import Refusal, invalid_field, refusal
from .schema import email, flag, listed, record, require, text
from .world import INSTANT, Meeting

_TEXTS = (
    "last_name", "address", "city", "state", "zip", "country", "phone", "comments", "industry", "job_title",
    "no_of_employees", "org", "purchasing_time_frame", "role_in_purchase_process", "language",
)  # fmt: skip
_BODY = record(
    {
        **dict.fromkeys(_TEXTS, text()),
        "first_name": text(64),
        "last_name": text(64),
        "email": email,
        "custom_questions": listed(record({"title": text(), "value": text(128)})),
        "auto_approve": flag,
    },
    required=("first_name", "email"),
)
_AUTOMATIC = 0
_MOST = 4_999


def add_registrant(call: Call) -> Response:
    """POST /meetings/{meetingId}/registrants: 201. The same e-mail again gives the same registrant.

    Three a day for the same registrant in the same meeting.
    """
    meeting = _of(call, missing=1001)
    require(_BODY, call.body)
    address: str = call.body["email"]
    call.world.limits.admit_registrant(meeting.id, address, call.now)
    approval = meeting.settings.get("approval_type", NO_REGISTRATION)
    if approval == NO_REGISTRATION or meeting.type == INSTANT:
        raise refusal(400, 404, f"Registration has not been enabled for this meeting: {meeting.id}.")
    host = call.world.users[meeting.host_id]
    if address.lower() == host.email:
        raise refusal(400, 3027, "The host can not register.")
    known = next((one for one in meeting.registrants if one["email"].lower() == address.lower()), None)
    if known is None and len(meeting.registrants) >= _MOST:
        raise refusal(400, 3043, "Meeting has reached maximum attendee capacity.")
    return json_response(_answer(meeting, known or _register(call, meeting, approval)), 201)


def _register(call: Call, meeting: Meeting, approval: int) -> dict[str, Any]:
    """A new registrant. `auto_approve` is only honoured with approval_type 1."""
    body = call.body
    approved = approval == _AUTOMATIC or bool(body.get("auto_approve"))
    kept = {name: value for name, value in body.items() if name not in ("auto_approve", "language")}
    registrant = {
        "id": call.world.mint.text("registrant", 22),
        "last_name": "",
        **kept,
        "status": "approved" if approved else "pending",
        "create_time": iso(call.now),
    }
    meeting.registrants.append(registrant)
    call.world.tell("registration_created", meeting, (registrant, _join_url(meeting, registrant)))
    return registrant


def _join_url(meeting: Meeting, registrant: dict[str, Any]) -> str:
    return f"{SITE}/w/{meeting.id}?tk={join_hash(meeting.id, registrant['id'])}"


def _answer(meeting: Meeting, registrant: dict[str, Any]) -> dict[str, Any]:
    """`join_url` is not told for a meeting whose registrants are approved by hand."""
    shown: dict[str, Any] = {"id": meeting.id, "registrant_id": registrant["id"], "topic": meeting.topic}
    if meeting.start is not None:
        shown["start_time"] = iso(meeting.start)
    if meeting.settings.get("approval_type") == _AUTOMATIC:
        shown["join_url"] = _join_url(meeting, registrant)
    return shown


def list_registrants(call: Call) -> Response:
    """GET /meetings/{meetingId}/registrants, by status (approved unless asked otherwise)."""
    meeting = _of(call)
    status = call.query.get("status", "approved")
    if status not in ("pending", "approved", "denied"):
        raise invalid_field("status")
    rows = [one for one in meeting.registrants if one["status"] == status]
    page = call.world.pages.cut(f"{call.operation}/{meeting.id}", call.query, rows, call.now, most=300)
    shown = [one | ({"join_url": _join_url(meeting, one)} if status == "approved" else {}) for one in page.rows]
    return json_response({"page_number": 1, **page.head(), "registrants": shown})


def _of(call: Call, missing: int = 3001) -> Meeting:
    """The meeting; where there is none, Zoom documents another code for adding a registrant than for listing."""
    try:
        meeting = call.world.meeting(call.params[0])
    except Refusal as refused:
        raise Refusal(refused.status, refused.body | {"code": missing}) from None
    call.host_id = meeting.host_id
    return meeting

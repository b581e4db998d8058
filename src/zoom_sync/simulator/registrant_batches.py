"""Many registrants at once, and what becomes of them: https://developers.zoom.us/docs/api/meetings/, …/webinars/."""

from __future__ import annotations

from typing import Any

from .call import Call
from .messages import Response, json_response, no_content
from .refusals import refusal
from .registrant_operations import (
    AUTOMATIC,
    CANCELLED,
    meeting_of,
    need_guests,
    need_registration,
    need_room,
    need_time_left,
    personal_link,
    registered,
)
from .schema import email, flag, listed, one_of, record, require, text
from .world import SCHEDULED, WEBINAR, Meeting

AT_ONCE = 30
_PERSON = record({"email": email, "first_name": text(64), "last_name": text(64)}, required=("email", "first_name"))
_PEOPLE = {"registrants": listed(_PERSON, AT_ONCE), "auto_approve": flag}
_WEBINAR_BATCH = record(_PEOPLE)
_BATCH = record({**_PEOPLE, "registrants_confirmation_email": flag})
_STATUS = record(
    {
        "action": one_of("approve", "cancel", "deny"),
        "registrants": listed(record({"id": text(), "email": text()}), AT_ONCE),
    },
    required=("action",),
)
_DONE = {"approve": "approved", "cancel": CANCELLED, "deny": "denied"}


def add_registrants(call: Call) -> Response:
    """POST /meetings/{meetingId}/batch_registrants: 201. All of them, or with one that cannot be none.

    Each counts as one of the registrant's three of the day.
    """
    meeting = meeting_of(call)
    require(_WEBINAR_BATCH if meeting.is_webinar else _BATCH, call.body)
    people: list[dict[str, Any]] = call.body.get("registrants", [])
    addresses = [person["email"] for person in people]
    _need_scheduled(meeting)
    approval = need_registration(meeting)
    need_time_left(meeting, call.now)
    need_guests(call.world, meeting, addresses)
    need_room(meeting, addresses)
    for address in addresses:
        call.world.limits.admit_registrant(meeting.id, address, call.now)
    status = "approved" if approval == AUTOMATIC or call.body.get("auto_approve") else "pending"
    shown = [_shown(meeting, registered(call.world, meeting, person, status), approval) for person in people]
    return json_response({"registrants": shown}, 201)


def _need_scheduled(meeting: Meeting) -> None:
    if meeting.is_webinar and meeting.type != WEBINAR:
        only = "This API can only be used for scheduled webinars (type 5)."
        raise refusal(400, 300, f"{only} Batch registration is not supported for other webinar types.")
    if not meeting.is_webinar and meeting.type != SCHEDULED:
        only = "This API can only be used for scheduled meeting(meeting type: 2)."
        raise refusal(400, 303, f"{only} Batch registration is not supported for other meeting types.")


def _shown(meeting: Meeting, registrant: dict[str, Any], approval: int) -> dict[str, Any]:
    link = {"join_url": personal_link(meeting, registrant)} if approval == AUTOMATIC else {}
    return {"email": registrant["email"], "registrant_id": registrant["id"], **link}


def set_statuses(call: Call) -> Response:
    """PUT /meetings/{meetingId}/registrants/status: 204. Ten a day for the same registrant in the same meeting.

    Whoever is not there, and whose status cannot become this one, is ignored in silence.
    """
    meeting = meeting_of(call)
    require(_STATUS, call.body)
    need_registration(meeting)
    rows = [
        registrant
        for named in call.body.get("registrants", [])
        for registrant in meeting.registrants
        if _is(registrant, named)
    ]
    for registrant in rows:
        call.world.limits.admit_status(meeting.id, registrant["email"], call.now)
    status = _DONE[call.body["action"]]
    for registrant in rows:
        if registrant["status"] not in (CANCELLED, status):
            registrant["status"] = status
            what = f"registration_{status}"
            call.world.tell(what, meeting, (registrant, personal_link(meeting, registrant)))
    return no_content()


def _is(registrant: dict[str, Any], values: dict[str, Any]) -> bool:
    if values.get("id"):
        return bool(registrant["id"] == values["id"])
    return bool(registrant["email"].lower() == str(values.get("email", "")).lower())

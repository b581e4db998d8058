"""Registration for a meeting (https://developers.zoom.us/docs/api/meetings/) or a webinar (…/webinars/)."""

from __future__ import annotations

from typing import Any

from .call import Call
from .clock import iso
from .meetings import NO_REGISTRATION, SITE
from .messages import Response, json_response
from .mint import join_hash
from .refusals import Refusal, invalid_field, refusal
from .schema import email, flag, listed, read_number, record, require, text
from .webinars import need_plan
from .world import INSTANT, Meeting, World

_TEXTS = (
    "last_name", "address", "city", "state", "zip", "country", "phone", "comments", "industry", "job_title",
    "no_of_employees", "org", "purchasing_time_frame", "role_in_purchase_process", "language",
)  # fmt: skip
_FIELDS = {
    **dict.fromkeys(_TEXTS, text()),
    "first_name": text(64),
    "last_name": text(64),
    "email": email,
    "custom_questions": listed(record({"title": text(), "value": text(128)})),
}
_BODY = record({**_FIELDS, "auto_approve": flag}, required=("first_name", "email"))
_WEBINAR_BODY = record({**_FIELDS, "source_id": text()}, required=("first_name", "email"))
AUTOMATIC = 0
CANCELLED = "cancelled"
_MOST = 4_999


def add_registrant(call: Call) -> Response:
    """POST /meetings/{meetingId}/registrants: 201. The same e-mail again gives the same registrant.

    Three a day for the same registrant in the same meeting.
    """
    meeting = meeting_of(call, missing=1001)
    require(_WEBINAR_BODY if meeting.is_webinar else _BODY, call.body)
    address: str = call.body["email"]
    call.world.limits.admit_registrant(meeting.id, address, call.now)
    approval = need_registration(meeting)
    if meeting.is_webinar:
        need_time_left(meeting, call.now)
    need_guests(call.world, meeting, [address])
    need_room(meeting, [address])
    kept = {name: value for name, value in call.body.items() if name not in ("auto_approve", "language", "source_id")}
    status = "approved" if approval == AUTOMATIC or call.body.get("auto_approve") else "pending"
    return json_response(_answer(meeting, registered(call.world, meeting, kept, status)), 201)


def need_time_left(meeting: Meeting, now: float) -> None:
    """Raises Refusal where the meeting is over; Zoom documents it for webinars, and for meetings only of a batch."""
    if meeting.start is not None and now >= meeting.end_planned:
        what, whom = ("webinar", "webinar host") if meeting.is_webinar else ("Meeting", "Meeting host")
        over = f"{what.capitalize()} is over, you can not register now."
        raise refusal(400, 3038, f"{over} If you have any questions, please contact the {whom}.")


def need_guests(world: World, meeting: Meeting, addresses: list[str]) -> None:
    """Raises Refusal where the host, an alternative host or a panelist is among them.

    3027 for alternative hosts, too: https://github.com/indico/indico-plugins (vc_zoom) sees it.
    """
    texts = {address.lower() for address in addresses}
    others = str(meeting.settings.get("alternative_hosts") or "").replace(",", ";").lower().split(";")
    if texts & {world.users[meeting.host_id].email, *(other.strip() for other in others)}:
        raise refusal(400, 3027, "The host can not register.")
    if texts & {panelist["email"].lower() for panelist in meeting.panelists}:
        invited = "You have been invited as a panelist for the webinar"
        raise refusal(400, 3000, f"{invited}, please check your email to find more information about this webinar.")


def need_room(meeting: Meeting, addresses: list[str]) -> None:
    """Raises Refusal where they are too many."""
    known = {registrant["email"].lower() for registrant in meeting.registrants if registrant["status"] != CANCELLED}
    if len(known | {address.lower() for address in addresses}) > _MOST:
        what = "Webinar" if meeting.is_webinar else "Meeting"
        raise refusal(400, 3043, f"{what} has reached maximum attendee capacity.")


def registered(world: World, meeting: Meeting, fields: dict[str, Any], status: str) -> dict[str, Any]:
    """The registrant of an e-mail: the one that is there, or a new one. Who cancelled is taken in again."""
    known = next(
        (registrant for registrant in meeting.registrants if registrant["email"].lower() == fields["email"].lower()),
        None,
    )
    if known is None:
        return new_registrant(world, meeting, fields, status)
    if known["status"] == CANCELLED:
        known["status"] = status
    return known


def need_registration(meeting: Meeting) -> int:
    """The approval type; raises Refusal where the meeting is without registration."""
    approval: int = meeting.settings.get("approval_type", NO_REGISTRATION)
    if approval != NO_REGISTRATION and meeting.type != INSTANT:
        return approval
    if meeting.is_webinar:
        raise refusal(400, 3000, f"This webinar does not have registration as required: {meeting.id}.")
    raise refusal(400, 404, f"Registration has not been enabled for this meeting: {meeting.id}.")


def new_registrant(world: World, meeting: Meeting, fields: dict[str, Any], status: str) -> dict[str, Any]:
    """A registrant with these fields, taken into the meeting."""
    identity, now = world.mint.text("registrant", 22), iso(world.clock.now())
    registrant = {"id": identity, "last_name": "", **fields, "status": status, "create_time": now}
    meeting.registrants.append(registrant)
    world.tell("registration_created", meeting, (registrant, personal_link(meeting, registrant)))
    return registrant


def personal_link(meeting: Meeting, registrant: dict[str, Any]) -> str:
    """The link that lets in this registrant alone."""
    return f"{SITE}/w/{meeting.id}?tk={join_hash(meeting.id, registrant['id'])}"


def _answer(meeting: Meeting, registrant: dict[str, Any]) -> dict[str, Any]:
    """`join_url` is not told for a meeting whose registrants are approved by hand."""
    shown: dict[str, Any] = {"id": meeting.id, "registrant_id": registrant["id"], "topic": meeting.topic}
    if meeting.start is not None:
        shown["start_time"] = iso(meeting.start)
    if meeting.settings.get("approval_type") == AUTOMATIC:
        shown["join_url"] = personal_link(meeting, registrant)
    return shown


def list_registrants(call: Call) -> Response:
    """GET /meetings/{meetingId}/registrants, by status (approved unless asked otherwise).

    Without registration it is refused: https://github.com/airbytehq/airbyte (source_zoom) sees 400 there.
    """
    meeting = meeting_of(call)
    need_registration(meeting)
    status = call.query.get("status", "approved")
    if status not in ("pending", "approved", "denied"):
        raise invalid_field("status")
    rows = [registrant for registrant in meeting.registrants if registrant["status"] == status]
    page = call.world.pages.cut(f"{call.operation}/{meeting.id}", call.query, rows, call.now, most=300)
    shown = [row | ({"join_url": personal_link(meeting, row)} if status == "approved" else {}) for row in page.rows]
    return json_response({"page_number": 1, **page.head(), "registrants": shown})


def meeting_of(call: Call, missing: int = 3001) -> Meeting:
    """The meeting; where there is none, Zoom documents another code for adding a registrant than for listing."""
    if call.about_webinars:
        meeting = call.world.webinar(call.params[0])
        need_plan(call.world, call.world.users[meeting.host_id])
    else:
        try:
            meeting = call.world.meeting(call.params[0])
        except Refusal as refused:
            raise Refusal(refused.status, refused.body | {"code": missing}) from None
    call.host_id = meeting.host_id
    return meeting


def list_absentees(call: Call) -> Response:
    """GET /past_webinars/{webinarId}/absentees: who was approved and has no stay at that instance."""
    world, key = call.world, call.params[0]
    known = world.meetings.get(read_number(key) or 0)
    held = world.ended(known) if known else []
    instance = world.instances.get(key) or (held[-1] if held else None)
    if instance is None or not instance.is_webinar or not instance.ended(call.now):
        raise refusal(404, 3001, f"Webinar {key} not found or expired.")
    webinar = world.meetings[instance.meeting_id]
    call.host_id = webinar.host_id
    need_plan(world, world.users[webinar.host_id])
    if webinar.settings.get("approval_type", NO_REGISTRATION) == NO_REGISTRATION:
        raise refusal(400, 3000, f"This webinar doesn't have registration required: {instance.uuid}.")
    came = {stay.registrant_id for stay in instance.stays}
    rows = [
        registrant
        for registrant in webinar.registrants
        if registrant["status"] == "approved" and registrant["id"] not in came
    ]
    page = world.pages.cut(f"{call.operation}/{instance.uuid}", call.query, rows, call.now, most=300)
    shown = [row | {"join_url": personal_link(webinar, row)} for row in page.rows]
    return json_response({"page_number": 1, **page.head(), "registrants": shown})

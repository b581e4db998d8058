"""The operations on webinars and their panelists (https://developers.zoom.us/docs/api/webinars/)."""

from __future__ import annotations

from . import recurrence, webinars
from .call import Call
from .clock import iso
from .meeting_operations import as_asked, end_now, remove
from .meetings import SITE, list_row
from .messages import Response, json_response, json_text, no_content, raw_json_response
from .mint import join_hash
from .refusals import invalid_field, refusal
from .schema import email, listed, one_of, record, require, text
from .twisting import shaped
from .webinars import change_webinar, make_webinar, need_plan, show_webinar
from .world import Meeting

_STATUS = record({"action": one_of("end")}, required=("action",))
# "The panelist's full name. This value cannot exceed more than 12 Chinese characters."
_NAME = r"(?=.*\S)(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){0,12}[^\u4e00-\u9fff]*"
_PANELIST = record(
    {
        "email": email,
        "name": text(pattern=_NAME),
        "virtual_background_id": text(),
        "name_tag_id": text(),
        "name_tag_name": text(),
        "name_tag_pronouns": text(),
        "name_tag_description": text(),
    },
    required=("email", "name"),
)
_PANELISTS = record({"panelists": listed(_PANELIST, most=30)}, required=("panelists",))
_MOST_PANELISTS = {"free": 0, "pro": 100, "business": 300}


def create_webinar(call: Call) -> Response:
    """POST /users/{userId}/webinars: 201. Counts against the host's 100 of the UTC day, as meetings do."""
    host = call.world.user(call.params[0])
    call.host_id = host.id
    need_plan(call.world, host)
    call.headers |= call.world.limits.admit_write(host.id, call.now)
    require(webinars.CREATE, call.body)
    if call.body.get("schedule_for", host.email).lower() not in (host.email, host.id.lower()):
        raise refusal(400, 3000, f"You cannot schedule a meeting for {call.body['schedule_for']}.")
    call.body = shaped(call)
    return json_response(show_webinar(call.world, make_webinar(call.world, host, call.body)), 201)


def get_webinar(call: Call) -> Response:
    """GET /webinars/{webinarId}."""
    return json_response(as_asked(call, _of(call), show_webinar))


def update_webinar(call: Call) -> Response:
    """PATCH /webinars/{webinarId}: 204."""
    webinar = _of(call)
    call.headers |= call.world.limits.admit_write(webinar.host_id, call.now)
    require(webinars.UPDATE, call.body)
    if "schedule_for" in call.body:
        # The host of a webinar cannot be changed (https://github.com/indico/indico-plugins).
        raise refusal(400, 300, "The value that you entered for the `schedule_for` field is invalid.")
    call.body = shaped(call, webinar.id)
    if "occurrence_id" in call.query:
        recurrence.change_one(webinar, call.query["occurrence_id"], call.body, call.now)
        call.world.counters["updated"] += 1
    else:
        change_webinar(call.world, webinar, call.body)
    return no_content()


def delete_webinar(call: Call) -> Response:
    """DELETE /webinars/{webinarId}: 204."""
    return remove(call, _of(call))


def set_status(call: Call) -> Response:
    """PUT /webinars/{webinarId}/status: ends a running webinar; 200 by Zoom's description, where meetings have 204."""
    require(_STATUS, call.body)
    end_now(call, _of(call))
    return Response(200)


def list_webinars(call: Call) -> Response:
    """GET /users/{userId}/webinars."""
    host = call.world.user(call.params[0])
    call.host_id = host.id
    need_plan(call.world, host)
    kind = call.query.get("type", "scheduled")
    if kind not in ("scheduled", "upcoming"):
        raise invalid_field("type")
    rows = [meeting for meeting in call.world.living(host.id) if meeting.is_webinar and meeting.listed_from <= call.now]
    if kind == "upcoming":
        rows = [row for row in rows if row.end_planned > call.now]
    rows.sort(key=lambda one: (one.start or one.created_at, one.id))
    page = call.world.pages.cut(f"{call.operation}/{host.id}", call.query, rows, call.now, most=300)
    head = json_text({"page_number": 1, **page.head()})[:-1]
    return raw_json_response(f'{head},"webinars":[{",".join(list_row(row, call.now) for row in page.rows)}]}}')


def list_panelists(call: Call) -> Response:
    """GET /webinars/{webinarId}/panelists: without pages."""
    rows = _of(call).panelists
    return json_response({"total_records": len(rows), "panelists": rows})


def add_panelists(call: Call) -> Response:
    """POST /webinars/{webinarId}/panelists: 201; up to 30 at once, no more than the host's capacity in all."""
    webinar = _of(call)
    require(_PANELISTS, call.body)
    known = {panelist["email"].lower() for panelist in webinar.panelists}
    new = [value for value in call.body["panelists"] if value["email"].lower() not in known]
    if len(webinar.panelists) + len(new) > _MOST_PANELISTS[call.world.options.plan]:
        what = "You have reached the limit for the number of panelists you can add."
        raise refusal(400, 3000, f"{what} Contact Zoom Support for more information.")
    for value in new:
        identity = call.world.mint.text("panelist", 22)
        link = f"{SITE}/w/{webinar.id}?tk={join_hash(webinar.id, identity)}"
        webinar.panelists.append({"id": identity, **value, "join_url": link})
    return json_response({"id": str(webinar.id), "updated_at": iso(call.now)}, 201)


def delete_panelists(call: Call) -> Response:
    """DELETE /webinars/{webinarId}/panelists: all of them."""
    _of(call).panelists.clear()
    return no_content()


def delete_panelist(call: Call) -> Response:
    """DELETE /webinars/{webinarId}/panelists/{panelistId}: one, by its id or e-mail. Who is none is refused."""
    webinar, text = _of(call), call.params[1]
    rows = [
        panelist
        for panelist in webinar.panelists
        if text == panelist["id"] or text.lower() == panelist["email"].lower()
    ]
    if not rows:
        raise refusal(400, 300, "Invalid panelist ID.")
    webinar.panelists.remove(rows[0])
    return no_content()


def _of(call: Call) -> Meeting:
    webinar = call.world.webinar(call.params[0])
    call.host_id = webinar.host_id
    need_plan(call.world, call.world.users[webinar.host_id])
    return webinar

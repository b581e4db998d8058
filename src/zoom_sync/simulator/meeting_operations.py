"""The operations on meetings and on lists of meetings.

https://developers.zoom.us/docs/api/meetings/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import meeting_fields, recurrence
from .account import User
from .call import Call
from .clock import DAY, iso, read_instant
from .meetings import change_meeting, invitation_text, list_row, make_meeting, show_meeting
from .messages import Response, json_response, json_text, no_content, raw_json_response
from .refusals import invalid_field, no_such_meeting, refusal
from .schema import one_of, read_number, record, require
from .twisting import shaped
from .world import INSTANT, ROOM, Meeting, World

_HALF_YEAR = 183 * DAY
_STATUS = record({"action": one_of("end", "recover")}, required=("action",))
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def create_meeting(call: Call) -> Response:
    """POST /users/{userId}/meetings: 201 with the meeting. Counts against the host's 100 of the UTC day."""
    host = call.world.user(call.params[0])
    call.host_id = host.id
    call.headers |= call.world.limits.admit_write(host.id, call.now)
    require(meeting_fields.CREATE, call.body)
    if call.body.get("schedule_for", host.email).lower() not in (host.email, host.id.lower()):
        # Scheduling for somebody else needs a privilege which an app's token has not.
        raise refusal(400, 3000, f"You cannot schedule a meeting for {call.body['schedule_for']}")
    need_host(host)
    meeting = make_meeting(call.world, host, shaped(call), "api")
    return json_response(show_meeting(call.world, meeting), 201)


def need_host(host: User) -> None:
    """Raises Refusal 3161 for somebody whom an administrator has deactivated, or who has not yet come."""
    if host.status != "active":
        what = "Your user account is not allowed meeting hosting and scheduling capabilities."
        raise refusal(400, 3161, what)


def get_meeting(call: Call) -> Response:
    """GET /meetings/{meetingId}."""
    return json_response(as_asked(call, _of(call), show_meeting))


def update_meeting(call: Call) -> Response:
    """PATCH /meetings/{meetingId}: 204. Counts against the host's 100 of the UTC day."""
    meeting = _of(call)
    call.headers |= call.world.limits.admit_write(meeting.host_id, call.now)
    require(meeting_fields.UPDATE, call.body)
    if "schedule_for" in call.body:
        # https://devforum.zoom.us/t/129457
        raise refusal(400, 3000, f"You cannot schedule a meeting for {call.body['schedule_for']}")
    call.body = shaped(call, meeting.id)
    if "occurrence_id" in call.query:
        recurrence.change_one(meeting, call.query["occurrence_id"], call.body, call.now)
        call.world.counters["updated"] += 1
    else:
        change_meeting(call.world, meeting, call.body)
    return no_content()


def delete_meeting(call: Call) -> Response:
    """DELETE /meetings/{meetingId}: 204; with `occurrence_id` one of a series. Does not count against the host's 100.

    https://devforum.zoom.us/t/59670
    """
    if any(str(user.pmi) == call.params[0] for user in call.world.users.values()):
        raise refusal(400, 3018, "Not allowed to delete PMI.")
    return remove(call, _of(call))


def as_asked(call: Call, meeting: Meeting, show: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A meeting or webinar: of a series' occurrences those to come, with `show_previous_occurrences` all, or one."""
    shown = show(call.world, meeting, previous=call.query.get("show_previous_occurrences") == "true")
    if "occurrence_id" in call.query:
        values = recurrence.occurrence(meeting, call.query["occurrence_id"])
        shown |= {"start_time": iso(values["start"]), "duration": values["duration"]}
    return shown


def remove(call: Call, meeting: Meeting) -> Response:
    """Deletes a meeting or webinar, or one occurrence of it."""
    if call.world.running(meeting):
        kind = "webinar" if meeting.is_webinar else "meeting"
        raise refusal(400, 3002, f"Sorry, you cannot delete this {kind} since it is in progress.")
    if "occurrence_id" in call.query:
        recurrence.delete_one(meeting, call.query["occurrence_id"])
        return no_content()
    meeting.deleted_at = call.now
    call.world.counters["deleted"] += 1
    call.world.tell("deleted", meeting)
    return no_content()


def set_status(call: Call) -> Response:
    """PUT /meetings/{meetingId}/status: ends a running meeting, or brings a deleted one back."""
    require(_STATUS, call.body)
    if call.body["action"] == "recover":
        return _recover(call)
    end_now(call, _of(call))
    return no_content()


def end_now(call: Call, meeting: Meeting) -> None:
    """Ends a meeting or webinar that runs: whoever is in it leaves now."""
    running = call.world.running(meeting)
    if running is None:
        raise refusal(400, 3000, f"The {'webinar' if meeting.is_webinar else 'meeting'} is not in progress.")
    running.end = call.now
    stays = (stay for stay in running.stays if stay.join < call.now)
    running.stays = [replace(stay, leave=min(stay.leave, call.now)) for stay in stays]
    call.world.tell("ended", meeting, running)


def _recover(call: Call) -> Response:
    number = call.params[0]
    meeting = call.world.meetings.get(read_number(number) or 0)
    if meeting is None or call.world.expired(meeting):
        raise no_such_meeting(number)
    call.host_id = meeting.host_id
    meeting.deleted_at = None
    call.world.tell("recovered", meeting)
    return no_content()


def get_invitation(call: Call) -> Response:
    """GET /meetings/{meetingId}/invitation."""
    return json_response({"invitation": invitation_text(call.world, _of(call)), "sip_links": []})


def _of(call: Call) -> Meeting:
    meeting = call.world.meeting(call.params[0])
    call.host_id = meeting.host_id
    return meeting


def list_meetings(call: Call) -> Response:
    """GET /users/{userId}/meetings: no instant meetings, and none that expired; the earliest first."""
    host = call.world.user(call.params[0])
    call.host_id = host.id
    kind = call.query.get("type", "scheduled")
    if kind not in _KINDS:
        raise invalid_field("type")
    rows: list[Meeting] = []
    if not call.query.get("next_page_token"):
        rows = [meeting for meeting in _listed(call.world, host.id, call.now) if _KINDS[kind](call, meeting)]
        rows = _between(call, rows)
        rows.sort(key=lambda meeting: (meeting.start or meeting.created_at, meeting.id))
    page = call.world.pages.cut(f"{call.operation}/{host.id}", call.query, rows, call.now, most=300)
    head = json_text({"page_number": 1, **page.head()})[:-1]
    return raw_json_response(f'{head},"meetings":[{",".join(list_row(row, call.now) for row in page.rows)}]}}')


def _listed(world: World, host_id: str, now: float) -> list[Meeting]:
    return [
        meeting
        for meeting in world.living(host_id)
        if meeting.type not in (INSTANT, ROOM) and not meeting.is_webinar and meeting.listed_from <= now
    ]


def _between(call: Call, rows: list[Meeting]) -> list[Meeting]:
    """`from` and `to`: whole UTC days."""
    first, last = (_day(call, "from"), _day(call, "to"))
    if first is not None:
        rows = [meeting for meeting in rows if (meeting.start or 0) >= first]
    if last is not None:
        rows = [meeting for meeting in rows if (meeting.start or 0) < last + DAY]
    return rows


def _day(call: Call, name: str) -> float | None:
    text = call.query.get(name)
    if text is None:
        return None
    try:
        return read_instant(text if _DATE.fullmatch(text) else None)
    except ValueError:
        raise invalid_field(name) from None


def _is_live(call: Call, meeting: Meeting) -> bool:
    return call.world.running(meeting) is not None


def _is_upcoming(call: Call, meeting: Meeting) -> bool:
    """Still to come, or going on; at most half a year ahead."""
    return _is_live(call, meeting) or call.now < meeting.end_planned <= call.now + _HALF_YEAR


def _is_previous(call: Call, meeting: Meeting) -> bool:
    """Over; at most half a year ago."""
    return not _is_live(call, meeting) and call.now - _HALF_YEAR <= meeting.end_planned <= call.now


_KINDS: dict[str, Callable[[Call, Meeting], bool]] = {
    "scheduled": lambda _call, _meeting: True,
    "live": _is_live,
    "upcoming": _is_upcoming,
    "upcoming_meetings": _is_upcoming,
    "previous_meetings": _is_previous,
}

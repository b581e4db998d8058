"""Zoom's protocol without I/O: calls as values. What comes back is read by `answers` and `parsing`.

Imports `domain` only. Beside each rule stands the page that states it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, unquote

from zoom_sync.domain.meeting import OCCURRENCES, RECURRENCE, MeetingFields, compared, unflatten
from zoom_sync.domain.profiles import BESIDE_SETTINGS
from zoom_sync.domain.programme import Kind, Passcode

# "The maximum value is 300": https://developers.zoom.us/docs/api/pagination/
PAGE_SIZE = 300
USERS_PAGE_SIZE = 2000  # https://developers.zoom.us/docs/api/users/#tag/users/GET/users

MEETING_TYPES = {Kind.MEETING: 2, Kind.WEBINAR: 5}
SERIES_TYPES = {Kind.MEETING: 8, Kind.WEBINAR: 9}
KIND_OF_TYPE = {5: Kind.WEBINAR, 6: Kind.WEBINAR, 9: Kind.WEBINAR}


class Label(StrEnum):
    """Zoom's rate-limit label of an operation: https://developers.zoom.us/docs/api/rate-limits/."""

    LIGHT = "LIGHT"
    MEDIUM = "MEDIUM"
    HEAVY = "HEAVY"
    RESOURCE_INTENSIVE = "RESOURCE-INTENSIVE"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to Zoom. `path` begins with `/` and follows the API's base; `body` is JSON."""

    operation: str
    label: Label
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice is the same as once. Creating is not: Zoom has no idempotency key."""
        return self.method != "POST"

    @property
    def subject(self) -> str:
        """The id of the meeting, webinar or user that is asked about; of reports, whose UUIDs have many forms, none."""
        parts = self.path.split("/")
        return unquote(parts[2]) if len(parts) > 2 and parts[1] in ("meetings", "webinars", "users") else ""

    @property
    def passcode(self) -> str:
        """The passcode that is sent, which no error may repeat; empty where there is none."""
        return str((self.body or {}).get("password") or "")


# --- calls ---------------------------------------------------------------------------------------------------------


def list_users() -> Call:
    """The account's active users, paged."""
    return Call("users", Label.MEDIUM, "GET", "/users", {"status": "active", "page_size": str(USERS_PAGE_SIZE)})


def user_settings(user_id: str, option: str = "") -> Call:
    """A user's settings; `option` asks for one part of them."""
    query = {"option": option} if option else {}
    return Call("userSettings", Label.MEDIUM, "GET", f"/users/{quote(user_id, safe='')}/settings", query)


def list_meetings(user_id: str, kind: Kind = Kind.MEETING) -> Call:
    """A user's meetings, or webinars, that have not expired, past ones included, paged."""
    query = {"type": "scheduled", "page_size": str(PAGE_SIZE)}
    return Call(f"{kind}s", Label.MEDIUM, "GET", f"/users/{quote(user_id, safe='')}/{kind}s", query)


def numbered_page(call: Call, number: int) -> Call:
    """The call for a page by its number: lists of webinars know no tokens. The first is 1."""
    return Call(call.operation, call.label, call.method, call.path, {**call.query, "page_number": str(number)})


def get_meeting(meeting_id: str, kind: Kind) -> Call:
    """One in full; of a series with the times that are past, so that all of them can be compared."""
    query = {"show_previous_occurrences": "true"}
    return Call(kind.value, Label.LIGHT, "GET", f"/{kind}s/{quote(meeting_id)}", query)


def create_meeting(
    user_id: str, kind: Kind, fields: MeetingFields, passcode: Passcode, left_out: Collection[str] = ()
) -> Call:
    """Create under the host: `schedule_for` needs a privilege that server-to-server apps lack.

    https://devforum.zoom.us/t/changing-meeting-hosts/88501
    """
    values = {name: value for name, value in compared(fields).items() if name not in left_out}
    body = {"type": MEETING_TYPES[kind]} | typed_body(kind, values, passcode)
    # Zoom would otherwise replace an empty passcode by its own; ours is the mark by which the meeting is found again.
    body |= {"default_password": False} if kind is Kind.MEETING else {"default_passcode": False}
    path = f"/users/{quote(user_id, safe='')}/{kind}s"
    return Call(f"{kind}Create", Label.LIGHT, "POST", path, {}, body)


def update_meeting(meeting_id: str, kind: Kind, values: Mapping[str, Any], passcode: Passcode | None) -> Call:
    body = typed_body(kind, values, passcode)
    return Call(f"{kind}Update", Label.LIGHT, "PATCH", f"/{kind}s/{quote(meeting_id)}", {}, body)


def delete_meeting(meeting_id: str, kind: Kind) -> Call:
    return Call(f"{kind}Delete", Label.LIGHT, "DELETE", f"/{kind}s/{quote(meeting_id)}")


def past_instances(meeting_id: str, kind: Kind) -> Call:
    label = Label.MEDIUM if kind is Kind.MEETING else Label.LIGHT
    return Call(f"past{kind.capitalize()}s", label, "GET", f"/past_{kind}s/{quote(meeting_id)}/instances")


def report_participants(uuid: str, kind: Kind) -> Call:
    """One row per stay; `registrant_id` only comes when it is asked for."""
    path = f"/report/{kind}s/{uuid_in_path(uuid)}/participants"
    query = {"page_size": str(PAGE_SIZE), "include_fields": "registrant_id"}
    return Call(f"report{kind.capitalize()}Participants", Label.HEAVY, "GET", path, query)


def past_participants(uuid: str, kind: Kind) -> Call:
    """The same stays without the report's plan and delay, for where the report has nothing."""
    path = f"/past_{kind}s/{uuid_in_path(uuid)}/participants"
    operation = "pastMeetingParticipants" if kind is Kind.MEETING else "listWebinarParticipants"
    return Call(operation, Label.MEDIUM, "GET", path, {"page_size": str(PAGE_SIZE)})


def report_questions(uuid: str, kind: Kind) -> Call:
    return Call(f"report{kind.capitalize()}QA", Label.HEAVY, "GET", f"/report/{kind}s/{uuid_in_path(uuid)}/qa")


def report_polls(uuid: str, kind: Kind) -> Call:
    return Call(f"report{kind.capitalize()}Polls", Label.HEAVY, "GET", f"/report/{kind}s/{uuid_in_path(uuid)}/polls")


def report_survey(uuid: str, kind: Kind) -> Call:
    return Call(f"report{kind.capitalize()}Survey", Label.HEAVY, "GET", f"/report/{kind}s/{uuid_in_path(uuid)}/survey")


def list_registrants(meeting_id: str, kind: Kind, status: str) -> Call:
    query = {"status": status, "page_size": str(PAGE_SIZE)}
    return Call(f"{kind}Registrants", Label.MEDIUM, "GET", f"/{kind}s/{quote(meeting_id)}/registrants", query)


def count_registrants(meeting_id: str, kind: Kind, status: str) -> Call:
    """The shortest page there is: it tells how many there are in all (`total_records`)."""
    call = list_registrants(meeting_id, kind, status)
    return Call(call.operation, call.label, call.method, call.path, {**call.query, "page_size": "1"})


def add_registrant(meeting_id: str, kind: Kind, person: Mapping[str, Any], *, approved: bool) -> Call:
    """One registrant, by Zoom's names; `approved` at once where approval is asked for, which webinars take in a batch.

    The same e-mail again gives the registrant that is there: https://devforum.zoom.us/t/57798.
    """
    path = f"/{kind}s/{quote(meeting_id)}/registrants"
    told = {"auto_approve": True} if approved and kind is Kind.MEETING else {}
    return Call(f"{kind}RegistrantCreate", Label.LIGHT, "POST", path, {}, {**person, **told})


def add_registrants(meeting_id: str, kind: Kind, people: Sequence[Mapping[str, Any]], *, approved: bool) -> Call:
    """Up to 30 registrants at once. `auto_approve` cannot change a meeting that approves everybody, so it is left out.

    https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/meetings/{meetingId}/batch_registrants
    """
    operation = "addBatchRegistrants" if kind is Kind.MEETING else "addBatchWebinarRegistrants"
    told = {"auto_approve": True} if approved else {}
    path = f"/{kind}s/{quote(meeting_id)}/batch_registrants"
    return Call(operation, Label.HEAVY, "POST", path, {}, {"registrants": list(people), **told})


def set_registrants(meeting_id: str, kind: Kind, action: str, people: Sequence[Mapping[str, str]]) -> Call:
    """Approve, deny or cancel up to 30 registrants, each by its id and e-mail.

    A wrong key for the list is answered with 204 as well, and nothing is done (https://github.com/zoom/api/issues/21).
    """
    path = f"/{kind}s/{quote(meeting_id)}/registrants/status"
    body = {"action": action, "registrants": list(people)}
    return Call(f"{kind}RegistrantStatus", Label.MEDIUM, "PUT", path, {}, body)


def list_absentees(uuid: str) -> Call:
    path = f"/past_webinars/{uuid_in_path(uuid)}/absentees"
    return Call("webinarAbsentees", Label.HEAVY, "GET", path, {"page_size": str(PAGE_SIZE)})


def list_panelists(webinar_id: str) -> Call:
    """All at once: this list has no pages."""
    return Call("webinarPanelists", Label.MEDIUM, "GET", f"/webinars/{quote(webinar_id)}/panelists")


def add_panelists(webinar_id: str, people: Sequence[Mapping[str, str]]) -> Call:
    """Up to 30 at once, by `name` and `email`; the answer tells nothing of each.

    https://developers.zoom.us/docs/api/webinars/#tag/webinars/POST/webinars/{webinarId}/panelists
    """
    path, body = f"/webinars/{quote(webinar_id)}/panelists", {"panelists": list(people)}
    return Call("webinarPanelistCreate", Label.MEDIUM, "POST", path, {}, body)


def remove_panelist(webinar_id: str, panelist_id: str) -> Call:
    """One panelist by the id of the list. Zoom takes an e-mail, too, which has no place in a path."""
    path = f"/webinars/{quote(webinar_id)}/panelists/{quote(panelist_id, safe='')}"
    return Call("webinarPanelistDelete", Label.LIGHT, "DELETE", path)


def page_after(call: Call, token: str) -> Call:
    """The call for the next page: all other parameters are repeated. https://developers.zoom.us/docs/api/pagination/."""
    return Call(call.operation, call.label, call.method, call.path, {**call.query, "next_page_token": token})


def uuid_in_path(uuid: str) -> str:
    """A meeting UUID as a path segment.

    "If a UUID starts with "/" or contains "//", you must double encode the UUID":
    https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/participants
    """
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


def typed_body(kind: Kind, values: Mapping[str, Any], passcode: Passcode | None) -> dict[str, Any]:
    """`meeting_body`, with the type where the rule of a series is told: None makes it one that is held once."""
    body = meeting_body(values, passcode)
    if RECURRENCE in body:
        body["type"] = (MEETING_TYPES if body[RECURRENCE] is None else SERIES_TYPES)[kind]
    return {name: value for name, value in body.items() if name != RECURRENCE or value is not None}


def meeting_body(values: Mapping[str, Any], passcode: Passcode | None) -> dict[str, Any]:
    """Named fields as the body of a create or update."""
    body: dict[str, Any] = {name: _value(value) for name, value in values.items() if not name.startswith("settings.")}
    body.pop(OCCURRENCES, None)  # they follow from the rule
    settings = {name.removeprefix("settings."): v for name, v in values.items() if name.startswith("settings.")}
    body |= {name: settings.pop(name) for name in BESIDE_SETTINGS if name in settings}
    if settings:
        body["settings"] = unflatten(settings)
    if passcode is not None:
        body["password"] = passcode.value
    return body


def _value(value: Any) -> Any:
    # "…Z" is UTC whatever `timezone` says; an offset like "+01:00" would be read as UTC
    # (https://github.com/calcom/cal.diy/pull/3238), so only this form is ever sent.
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value

"""Zoom's protocol without I/O: calls as values. What comes back is read by `answers` and `parsing`.

Imports `domain` only. Beside each rule stands the page that states it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from zoom_sync.adapters.zoom.operations import OPERATIONS, Label
from zoom_sync.domain.meeting import OCCURRENCES, RECURRENCE, MeetingFields, compared, unflatten
from zoom_sync.domain.profiles import BESIDE_SETTINGS
from zoom_sync.domain.programme import Kind, Passcode

MEETING_TYPES = {Kind.MEETING: 2, Kind.WEBINAR: 5}
SERIES_TYPES = {Kind.MEETING: 8, Kind.WEBINAR: 9}
KIND_OF_TYPE = {5: Kind.WEBINAR, 6: Kind.WEBINAR, 9: Kind.WEBINAR}


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


def call(
    operation: str, *ids: str, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
) -> Call:
    """A call of an operation of the table, for ids that are quoted already. A list is asked for in full pages."""
    entry = OPERATIONS[operation]
    paged = {"page_size": str(entry.page_size)} if entry.page_size else {}
    return Call(operation, entry.label, entry.method, entry.path.format(*ids), {**(query or {}), **paged}, body)


# --- calls ---------------------------------------------------------------------------------------------------------


def list_users() -> Call:
    """The account's active users, paged."""
    return call("users", query={"status": "active"})


def user_settings(user_id: str, option: str = "") -> Call:
    """A user's settings; `option` asks for one part of them."""
    query = {"option": option} if option else {}
    return call("userSettings", quote(user_id, safe=""), query=query)


def list_meetings(user_id: str, kind: Kind = Kind.MEETING) -> Call:
    """A user's meetings, or webinars, that have not expired, past ones included, paged."""
    return call(f"{kind}s", quote(user_id, safe=""), query={"type": "scheduled"})


def numbered_page(first: Call, number: int) -> Call:
    """The call for a page by its number: lists of webinars know no tokens. The first is 1."""
    return replace(first, query={**first.query, "page_number": str(number)})


def get_meeting(meeting_id: str, kind: Kind) -> Call:
    """One in full; of a series with the times that are past, so that all of them can be compared."""
    return call(kind.value, quote(meeting_id), query={"show_previous_occurrences": "true"})


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
    return call(f"{kind}Create", quote(user_id, safe=""), body=body)


def update_meeting(meeting_id: str, kind: Kind, values: Mapping[str, Any], passcode: Passcode | None) -> Call:
    body = typed_body(kind, values, passcode)
    return call(f"{kind}Update", quote(meeting_id), body=body)


def end_meeting(meeting_id: str, kind: Kind) -> Call:
    """End one that runs: https://developers.zoom.us/docs/api/meetings/#tag/meetings/PUT/meetings/{meetingId}/status."""
    return call(f"{kind}Status", quote(meeting_id), body={"action": "end"})


def delete_meeting(meeting_id: str, kind: Kind) -> Call:
    return call(f"{kind}Delete", quote(meeting_id))


def past_instances(meeting_id: str, kind: Kind) -> Call:
    return call(f"past{kind.capitalize()}s", quote(meeting_id))


def report_participants(uuid: str, kind: Kind) -> Call:
    """One row per stay; `registrant_id` only comes when it is asked for."""
    query = {"include_fields": "registrant_id"}
    return call(f"report{kind.capitalize()}Participants", uuid_in_path(uuid), query=query)


def past_participants(uuid: str, kind: Kind) -> Call:
    """The same stays without the report's plan and delay, for where the report has nothing."""
    operation = "pastMeetingParticipants" if kind is Kind.MEETING else "listWebinarParticipants"
    return call(operation, uuid_in_path(uuid))


def report_questions(uuid: str, kind: Kind) -> Call:
    return call(f"report{kind.capitalize()}QA", uuid_in_path(uuid))


def report_polls(uuid: str, kind: Kind) -> Call:
    return call(f"report{kind.capitalize()}Polls", uuid_in_path(uuid))


def report_survey(uuid: str, kind: Kind) -> Call:
    return call(f"report{kind.capitalize()}Survey", uuid_in_path(uuid))


def list_recordings(uuid: str) -> Call:
    """The files of one instance, of meetings and webinars alike."""
    return call("recordingGet", uuid_in_path(uuid))


def list_registrants(meeting_id: str, kind: Kind, status: str) -> Call:
    return call(f"{kind}Registrants", quote(meeting_id), query={"status": status})


def count_registrants(meeting_id: str, kind: Kind, status: str) -> Call:
    """The shortest page there is: it tells how many there are in all (`total_records`)."""
    listing = list_registrants(meeting_id, kind, status)
    return replace(listing, query={**listing.query, "page_size": "1"})


def add_registrant(meeting_id: str, kind: Kind, person: Mapping[str, Any], *, approved: bool) -> Call:
    """One registrant, by Zoom's names; `approved` at once where approval is asked for, which webinars take in a batch.

    The same e-mail again gives the registrant that is there: https://devforum.zoom.us/t/57798.
    """
    approval = {"auto_approve": True} if approved and kind is Kind.MEETING else {}
    return call(f"{kind}RegistrantCreate", quote(meeting_id), body={**person, **approval})


def add_registrants(meeting_id: str, kind: Kind, people: Sequence[Mapping[str, Any]], *, approved: bool) -> Call:
    """Up to 30 registrants at once. `auto_approve` cannot change a meeting that approves everybody, so it is left out.

    https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/meetings/{meetingId}/batch_registrants
    """
    operation = "addBatchRegistrants" if kind is Kind.MEETING else "addBatchWebinarRegistrants"
    approval = {"auto_approve": True} if approved else {}
    return call(operation, quote(meeting_id), body={"registrants": list(people), **approval})


def set_registrants(meeting_id: str, kind: Kind, action: str, people: Sequence[Mapping[str, str]]) -> Call:
    """Approve, deny or cancel up to 30 registrants, each by its id and e-mail.

    A wrong key for the list is answered with 204 as well, and nothing is done (https://github.com/zoom/api/issues/21).
    """
    body = {"action": action, "registrants": list(people)}
    return call(f"{kind}RegistrantStatus", quote(meeting_id), body=body)


def list_absentees(uuid: str) -> Call:
    return call("webinarAbsentees", uuid_in_path(uuid))


def list_panelists(webinar_id: str) -> Call:
    """All at once: this list has no pages."""
    return call("webinarPanelists", quote(webinar_id))


def add_panelists(webinar_id: str, people: Sequence[Mapping[str, str]]) -> Call:
    """Up to 30 at once, by `name` and `email`; the answer tells nothing of each.

    https://developers.zoom.us/docs/api/webinars/#tag/webinars/POST/webinars/{webinarId}/panelists
    """
    return call("webinarPanelistCreate", quote(webinar_id), body={"panelists": list(people)})


def remove_panelist(webinar_id: str, panelist_id: str) -> Call:
    """One panelist by the id of the list. Zoom takes an e-mail, too, which has no place in a path."""
    return call("webinarPanelistDelete", quote(webinar_id), quote(panelist_id, safe=""))


def page_after(page: Call, token: str) -> Call:
    """The call for the next page: all other parameters are repeated. https://developers.zoom.us/docs/api/pagination/."""
    return replace(page, query={**page.query, "next_page_token": token})


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

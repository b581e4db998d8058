"""The table of routes: what the simulator answers, with Zoom's rate label and scopes for each.

Labels: https://developers.zoom.us/docs/api/rate-limits/ ; scopes: the page of each operation under
https://developers.zoom.us/docs/api/ . To add an operation, add a line here and a handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from . import meeting_operations as meetings
from . import recordings
from . import registrant_batches as batches
from . import registrant_operations as registrants
from . import report_operations as reports
from . import user_operations as users
from . import webinar_operations as webinars
from .call import Handler
from .limits import HEAVY, LIGHT, MEDIUM

_PAGED = frozenset({"page_size", "next_page_token"})
_NUMBERED = _PAGED | {"page_number"}
_LIST = _NUMBERED | {"type", "from", "to", "timezone"}
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """One operation.

    `scopes` are the granular ones, `classic` the older, broader ones: any one of both will do. `query` names the
    parameters Zoom documents; the simulator refuses others, so that a misspelt one is noticed.
    """

    method: str
    template: str
    operation: str
    label: str
    handler: Handler
    scopes: tuple[str, ...]
    classic: tuple[str, ...]
    query: frozenset[str] = _NONE
    uuid: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The template, cut at its slashes."""
        return tuple(self.template.strip("/").split("/"))


def _both(scope: str) -> tuple[str, str]:
    """A granular scope, for one user and for the whole account."""
    return scope, f"{scope}:admin"


_USER_READ = ("user:read:admin", "user:write:admin", "user:read", "user:write")
_READ = ("meeting:read:admin", "meeting:read")
_WRITE = ("meeting:write:admin", "meeting:write")
_REPORT = ("report:read:admin",)
_WEBINAR_READ = ("webinar:read:admin", "webinar:read")
_WEBINAR_WRITE = ("webinar:write:admin", "webinar:write")

ROUTES: tuple[Route, ...] = (
    Route(
        "GET", "/users", "users", MEDIUM, users.list_users, ("user:read:list_users:admin",), _USER_READ,
        _NUMBERED | {"status", "role_id", "include_fields", "license"},
    ),
    Route("GET", "/users/{}", "user", LIGHT, users.get_user, _both("user:read:user"), _USER_READ),
    Route(
        "GET", "/users/{}/settings", "userSettings", MEDIUM, users.get_settings, _both("user:read:settings"),
        _USER_READ, frozenset({"option"}),
    ),
    Route(
        "GET", "/users/{}/meetings", "meetings", MEDIUM, meetings.list_meetings,
        _both("meeting:read:list_meetings"), _READ, _LIST,
    ),
    Route(
        "POST", "/users/{}/meetings", "meetingCreate", LIGHT, meetings.create_meeting,
        _both("meeting:write:meeting"), _WRITE,
    ),
    Route(
        "GET", "/meetings/{}/polls", "meetingPolls", LIGHT, reports.list_polls,
        _both("meeting:read:list_polls"), _READ, frozenset({"anonymous"}),
    ),
    Route(
        "GET", "/meetings/{}/survey", "meetingSurveyGet", LIGHT, reports.get_survey,
        _both("meeting:read:survey"), _READ,
    ),
    Route(
        "GET", "/webinars/{}/polls", "webinarPolls", LIGHT, reports.list_polls,
        _both("webinar:read:list_polls"), _WEBINAR_READ, frozenset({"anonymous"}),
    ),
    Route(
        "GET", "/webinars/{}/survey", "webinarSurveyGet", LIGHT, reports.get_survey,
        _both("webinar:read:survey"), _WEBINAR_READ,
    ),
    Route(
        "GET", "/meetings/{}", "meeting", LIGHT, meetings.get_meeting, _both("meeting:read:meeting"), _READ,
        frozenset({"occurrence_id", "show_previous_occurrences"}),
    ),
    Route(
        "PATCH", "/meetings/{}", "meetingUpdate", LIGHT, meetings.update_meeting,
        _both("meeting:update:meeting"), _WRITE, frozenset({"occurrence_id"}),
    ),
    Route(
        "DELETE", "/meetings/{}", "meetingDelete", LIGHT, meetings.delete_meeting,
        _both("meeting:delete:meeting"), _WRITE,
        frozenset({"occurrence_id", "schedule_for_reminder", "cancel_meeting_reminder"}),
    ),
    Route(
        "PUT", "/meetings/{}/status", "meetingStatus", LIGHT, meetings.set_status,
        _both("meeting:update:status"), _WRITE,
    ),
    Route(
        "GET", "/meetings/{}/invitation", "meetingInvitation", LIGHT, meetings.get_invitation,
        _both("meeting:read:invitation"), _READ,
    ),
    Route(
        "GET", "/meetings/{}/registrants", "meetingRegistrants", MEDIUM, registrants.list_registrants,
        _both("meeting:read:list_registrants"), _READ, _NUMBERED | {"status"},
    ),
    Route(
        "POST", "/meetings/{}/registrants", "meetingRegistrantCreate", LIGHT, registrants.add_registrant,
        _both("meeting:write:registrant"), _WRITE,
    ),
    Route(
        "GET", "/past_meetings/{}", "pastMeetingDetails", LIGHT, reports.past_meeting,
        _both("meeting:read:past_meeting"), _READ, uuid=True,
    ),
    Route(
        "GET", "/past_meetings/{}/instances", "pastMeetings", MEDIUM, reports.past_instances,
        _both("meeting:read:list_past_instances"), _READ, uuid=True,
    ),
    Route(
        "GET", "/past_meetings/{}/participants", "pastMeetingParticipants", MEDIUM, reports.past_participants,
        _both("meeting:read:list_past_participants"), _READ, _PAGED, uuid=True,
    ),
    Route(
        "GET", "/past_meetings/{}/qa", "listPastMeetingQA", MEDIUM, reports.past_questions,
        _both("meeting:read:past_qa"), _READ, uuid=True,
    ),
    Route(
        "GET", "/report/meetings/{}", "reportMeetingDetails", HEAVY, reports.report_meeting,
        ("report:read:meeting:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/meetings/{}/participants", "reportMeetingParticipants", HEAVY,
        reports.report_participants, ("report:read:list_meeting_participants:admin",), _REPORT,
        _PAGED | {"include_fields"}, uuid=True,
    ),
    Route(
        "GET", "/report/meetings/{}/qa", "reportMeetingQA", HEAVY, reports.report_questions,
        ("report:read:meeting_qna:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/meetings/{}/polls", "reportMeetingPolls", HEAVY, reports.report_polls,
        ("report:read:list_meeting_polls:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/users/{}/meetings", "reportMeetings", HEAVY, reports.report_user_meetings,
        ("report:read:user:admin",), _REPORT, _PAGED | {"from", "to", "type"},
    ),
    Route(
        "GET", "/users/{}/webinars", "webinars", MEDIUM, webinars.list_webinars,
        _both("webinar:read:list_webinars"), _WEBINAR_READ, _NUMBERED | {"type"},
    ),
    Route(
        "POST", "/users/{}/webinars", "webinarCreate", LIGHT, webinars.create_webinar,
        _both("webinar:write:webinar"), _WEBINAR_WRITE,
    ),
    Route(
        "GET", "/webinars/{}", "webinar", LIGHT, webinars.get_webinar, _both("webinar:read:webinar"),
        _WEBINAR_READ, frozenset({"occurrence_id", "show_previous_occurrences"}),
    ),
    Route(
        "PATCH", "/webinars/{}", "webinarUpdate", LIGHT, webinars.update_webinar,
        _both("webinar:update:webinar"), _WEBINAR_WRITE, frozenset({"occurrence_id"}),
    ),
    Route(
        "DELETE", "/webinars/{}", "webinarDelete", LIGHT, webinars.delete_webinar,
        _both("webinar:delete:webinar"), _WEBINAR_WRITE, frozenset({"occurrence_id", "cancel_webinar_reminder"}),
    ),
    Route(
        "PUT", "/webinars/{}/status", "webinarStatus", LIGHT, webinars.set_status,
        _both("webinar:update:status"), _WEBINAR_WRITE,
    ),
    Route(
        "GET", "/webinars/{}/panelists", "webinarPanelists", MEDIUM, webinars.list_panelists,
        _both("webinar:read:list_panelists"), _WEBINAR_READ,
    ),
    Route(
        "POST", "/webinars/{}/panelists", "webinarPanelistCreate", MEDIUM, webinars.add_panelists,
        _both("webinar:write:panelist"), _WEBINAR_WRITE,
    ),
    Route(
        "DELETE", "/webinars/{}/panelists", "webinarPanelistsDelete", LIGHT, webinars.delete_panelists,
        _both("webinar:delete:panelist"), _WEBINAR_WRITE,
    ),
    Route(
        "DELETE", "/webinars/{}/panelists/{}", "webinarPanelistDelete", LIGHT, webinars.delete_panelist,
        _both("webinar:delete:panelist"), _WEBINAR_WRITE,
    ),
    Route(
        "GET", "/past_webinars/{}/instances", "pastWebinars", LIGHT, reports.past_instances,
        _both("webinar:read:list_past_instances"), _WEBINAR_READ, uuid=True,
    ),
    Route(
        "GET", "/past_webinars/{}/participants", "listWebinarParticipants", MEDIUM, reports.past_participants,
        _both("webinar:read:list_past_participants"), _WEBINAR_READ, _PAGED, uuid=True,
    ),
    Route(
        "GET", "/report/webinars/{}", "reportWebinarDetails", HEAVY, reports.report_meeting,
        ("report:read:webinar:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/webinars/{}/participants", "reportWebinarParticipants", HEAVY,
        reports.report_participants, ("report:read:list_webinar_participants:admin",), _REPORT,
        _PAGED | {"include_fields"}, uuid=True,
    ),
    Route(
        "GET", "/report/webinars/{}/qa", "reportWebinarQA", HEAVY, reports.report_questions,
        ("report:read:webinar_qna:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/webinars/{}/polls", "reportWebinarPolls", HEAVY, reports.report_polls,
        ("report:read:list_webinar_polls:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/meetings/{}/survey", "reportMeetingSurvey", HEAVY, reports.report_survey,
        ("report:read:meeting_survey:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/report/webinars/{}/survey", "reportWebinarSurvey", HEAVY, reports.report_survey,
        ("report:read:webinar_survey:admin",), _REPORT, uuid=True,
    ),
    Route(
        "GET", "/webinars/{}/registrants", "webinarRegistrants", MEDIUM, registrants.list_registrants,
        _both("webinar:read:list_registrants"), _WEBINAR_READ, _NUMBERED | {"status"},
    ),
    Route(
        "POST", "/webinars/{}/registrants", "webinarRegistrantCreate", LIGHT, registrants.add_registrant,
        _both("webinar:write:registrant"), _WEBINAR_WRITE,
    ),
    Route(
        "GET", "/past_webinars/{}/absentees", "webinarAbsentees", HEAVY, registrants.list_absentees,
        _both("webinar:read:list_absentees"), _WEBINAR_READ, _PAGED, uuid=True,
    ),
    Route(
        "POST", "/meetings/{}/batch_registrants", "addBatchRegistrants", HEAVY, batches.add_registrants,
        _both("meeting:write:batch_registrants"), _WRITE,
    ),
    Route(
        "PUT", "/meetings/{}/registrants/status", "meetingRegistrantStatus", MEDIUM, batches.set_statuses,
        _both("meeting:update:registrant_status"), _WRITE,
    ),
    Route(
        "POST", "/webinars/{}/batch_registrants", "addBatchWebinarRegistrants", HEAVY, batches.add_registrants,
        _both("webinar:write:batch_registrants"), _WEBINAR_WRITE,
    ),
    Route(
        "GET", "/meetings/{}/recordings", "recordingGet", LIGHT, recordings.list_files, recordings.SCOPES,
        recordings.CLASSIC, uuid=True,
    ),
    Route(
        "PUT", "/webinars/{}/registrants/status", "webinarRegistrantStatus", MEDIUM, batches.set_statuses,
        _both("webinar:update:registrant_status"), _WEBINAR_WRITE,
    ),
)  # fmt: skip

OPERATIONS: Mapping[str, Route] = {route.operation: route for route in ROUTES}
DEFAULT_SCOPES = tuple(sorted({scope for route in ROUTES for scope in route.scopes if scope.endswith(":admin")}))
_BY_SHAPE: dict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = {}
for _route in ROUTES:
    _BY_SHAPE.setdefault((_route.method, len(_route.parts)), []).append((_route.parts, _route))


def find_route(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a raw path below /v2, with the values of its `{}`, each still percent-encoded once."""
    parts = path.removeprefix("/").split("/")
    for template, route in _BY_SHAPE.get((method, len(parts)), ()):
        if all(part and text in ("{}", part) for text, part in zip(template, parts, strict=True)):
            return route, tuple(part for text, part in zip(template, parts, strict=True) if text == "{}")
    return None


def decode(value: str, *, uuid: bool) -> str | None:
    """The value of a path parameter; None where Zoom would not recognise it.

    A UUID that begins with `/` or contains `//` has to be encoded twice, any other once
    (https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/past_meetings/{meetingId}).
    """
    once = unquote(value)
    if not uuid or "%" not in once:
        return None if uuid and _needs_two(once) else once
    twice = unquote(once)
    return twice if _needs_two(twice) else None


def _needs_two(value: str) -> bool:
    return value.startswith("/") or "//" in value

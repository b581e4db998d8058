"""The operations of Zoom's API that are used: one table of method, path, rate-limit label, scope and page size.

The client sends by it, `doctor` compares by it what an app has been granted with what it needs, and the page of scopes
is written from it. Labels: https://developers.zoom.us/docs/api/rate-limits/ ; scopes and paths: the page of each
operation under https://developers.zoom.us/docs/api/ . Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zoom_sync.domain.programme import Kind

# "The maximum value is 300": https://developers.zoom.us/docs/api/pagination/
PAGE_SIZE = 300
USERS_PAGE_SIZE = 2000  # https://developers.zoom.us/docs/api/users/#tag/users/GET/users


class Label(StrEnum):
    """Zoom's rate-limit label of an operation: https://developers.zoom.us/docs/api/rate-limits/."""

    LIGHT = "LIGHT"
    MEDIUM = "MEDIUM"
    HEAVY = "HEAVY"
    RESOURCE_INTENSIVE = "RESOURCE-INTENSIVE"


class Feature(StrEnum):
    """What an operation is used for; an app needs the scopes of the features that its programmes use."""

    MEETINGS = "meetings"
    WEBINARS = "webinars"
    REGISTRATION = "registration"
    WEBINAR_REGISTRATION = "registration for webinars"
    PANELISTS = "presenters as panelists of webinars"
    DIRECTING = "ending sessions from the pages"
    RECORDINGS = "fetching recordings"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `path` has `{}` for each id; `scope` is the granular one of an app of the whole account.

    `classic` is the older, broader scope that serves as well. `page_size` is the most rows that Zoom gives in a page, 0
    where there are no pages.
    """

    name: str
    label: Label
    method: str
    path: str
    scope: str
    classic: str
    purpose: str
    feature: Feature
    page_size: int = 0

    def granted_by(self, scopes: Collection[str]) -> bool:
        """Whether an app with these scopes may do it. What may write with a classic scope may read, too."""
        return bool({self.scope, self.classic, self.classic.replace(":read:", ":write:")} & set(scopes))


LIGHT, MEDIUM, HEAVY = Label.LIGHT, Label.MEDIUM, Label.HEAVY
GET, POST, PATCH, PUT, DELETE = "GET", "POST", "PATCH", "PUT", "DELETE"
_NAMED = "deleting: only with `--allow-delete`, `--allow-replace`, or of a double that nobody has seen"


def _users() -> Iterable[Operation]:
    yield Operation(
        "users", MEDIUM, GET, "/users", "user:read:list_users:admin", "user:read:admin",
        "who may host", Feature.MEETINGS, USERS_PAGE_SIZE,
    )  # fmt: skip
    yield Operation(
        "userSettings", MEDIUM, GET, "/users/{}/settings", "user:read:settings:admin", "user:read:admin",
        "passcode rules and webinar licences", Feature.MEETINGS,
    )  # fmt: skip


def _of_kind(kind: Kind) -> Iterable[Operation]:
    """What there is for meetings and for webinars alike, with Zoom's names for each."""
    noun, title = kind.value, kind.capitalize()
    webinar = kind is Kind.WEBINAR
    feature = Feature.WEBINARS if webinar else Feature.MEETINGS
    registration = Feature.WEBINAR_REGISTRATION if webinar else Feature.REGISTRATION
    item, past, report = f"/{noun}s/{{}}", f"/past_{noun}s/{{}}", f"/report/{noun}s/{{}}"

    def operation(
        name: str, label: Label, method: str, path: str, scope: str, purpose: str,
        needed_for: Feature = feature, page_size: int = 0,
    ) -> Operation:  # fmt: skip
        family = "report" if scope.startswith("report:") else noun
        access = "read" if method == GET else "write"
        return Operation(
            name, label, method, path, f"{scope}:admin", f"{family}:{access}:admin", purpose, needed_for, page_size
        )

    yield from (
        operation(f"{noun}s", MEDIUM, GET, f"/users/{{}}/{noun}s", f"{noun}:read:list_{noun}s",
                  "what Zoom shows now", page_size=PAGE_SIZE),
        operation(noun, LIGHT, GET, item, f"{noun}:read:{noun}",
                  "comparing every field; finding one again after a crash"),
        operation(f"{noun}Create", LIGHT, POST, f"/users/{{}}/{noun}s", f"{noun}:write:{noun}", "creating"),
        operation(f"{noun}Update", LIGHT, PATCH, item, f"{noun}:update:{noun}", "changing"),
        operation(f"{noun}Delete", LIGHT, DELETE, item, f"{noun}:delete:{noun}", _NAMED),
        operation(f"{noun}Status", LIGHT, PUT, f"{item}/status", f"{noun}:update:status",
                  "ending one that runs", Feature.DIRECTING),
        operation(f"past{title}s", LIGHT if webinar else MEDIUM, GET, f"{past}/instances",
                  f"{noun}:read:list_past_instances", "one that was started twice has two reports"),
        operation("listWebinarParticipants" if webinar else "pastMeetingParticipants", MEDIUM, GET,
                  f"{past}/participants", f"{noun}:read:list_past_participants",
                  "the second source of who came", page_size=PAGE_SIZE),
        operation(f"report{title}Participants", HEAVY, GET, f"{report}/participants",
                  f"report:read:list_{noun}_participants", "attendance", page_size=PAGE_SIZE),
        operation(f"report{title}QA", HEAVY, GET, f"{report}/qa", f"report:read:{noun}_qna", "questions and answers"),
        operation(f"report{title}Polls", HEAVY, GET, f"{report}/polls", f"report:read:list_{noun}_polls", "polls"),
        operation(f"report{title}Survey", HEAVY, GET, f"{report}/survey", f"report:read:{noun}_survey", "surveys"),
        operation(f"{noun}Polls", LIGHT, GET, f"{item}/polls", f"{noun}:read:list_polls",
                  "what polls asked, and how it was to be answered"),
        operation(f"{noun}SurveyGet", LIGHT, GET, f"{item}/survey", f"{noun}:read:survey",
                  "what the survey asked, and how it was to be answered"),
        operation(f"{noun}Registrants", MEDIUM, GET, f"{item}/registrants", f"{noun}:read:list_registrants",
                  "who registered", page_size=PAGE_SIZE),
        operation(f"{noun}RegistrantCreate", LIGHT, POST, f"{item}/registrants", f"{noun}:write:registrant",
                  "registering a person", registration),
        operation("addBatchWebinarRegistrants" if webinar else "addBatchRegistrants", HEAVY, POST,
                  f"{item}/batch_registrants", f"{noun}:write:batch_registrants",
                  "registering up to 30 people at once", registration),
        operation(f"{noun}RegistrantStatus", MEDIUM, PUT, f"{item}/registrants/status",
                  f"{noun}:update:registrant_status", "approving, denying and cancelling", registration),
    )  # fmt: skip
    if webinar:
        yield from (
            operation("webinarAbsentees", HEAVY, GET, f"{past}/absentees", "webinar:read:list_absentees",
                      "who registered and did not come", page_size=PAGE_SIZE),
            operation("webinarPanelists", MEDIUM, GET, f"{item}/panelists", "webinar:read:list_panelists",
                      "who is a panelist"),
            operation("webinarPanelistCreate", MEDIUM, POST, f"{item}/panelists", "webinar:write:panelist",
                      "making presenters panelists", Feature.PANELISTS),
            operation("webinarPanelistDelete", LIGHT, DELETE, f"{item}/panelists/{{}}", "webinar:delete:panelist",
                      "taking presenters out who no longer present", Feature.PANELISTS),
        )  # fmt: skip


def _recordings() -> Iterable[Operation]:
    """Of meetings and webinars alike."""
    yield Operation(
        "recordingGet", LIGHT, GET, "/meetings/{}/recordings", "cloud_recording:read:list_recording_files:admin",
        "recording:read", "listing and fetching recordings and transcripts", Feature.RECORDINGS,
    )  # fmt: skip


OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (*_users(), *_of_kind(Kind.MEETING), *_of_kind(Kind.WEBINAR), *_recordings())
}


def needed(features: Collection[Feature]) -> list[Operation]:
    """The operations that these features use, in the order of the table."""
    return [operation for operation in OPERATIONS.values() if operation.feature in features]


def lacking(scopes: Collection[str], features: Collection[Feature]) -> list[Operation]:
    """What an app with these scopes may not do of what these features use."""
    return [operation for operation in needed(features) if not operation.granted_by(scopes)]

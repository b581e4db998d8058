"""Every request of the client, and every answer that it reads, held against Zoom's own description of its API.

The description is not part of this project. It is looked for beside the repository, or where ZOOM_OPENAPI says.
"""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import jsonschema
import pytest

from support.wire import BASE, Wire, wired
from zoom_sync.adapters.zoom import answers, definition_calls, parsing, protocol
from zoom_sync.adapters.zoom.recordings import ZoomRecordings
from zoom_sync.adapters.zoom.registration import ZoomRegistration
from zoom_sync.domain.meeting import MeetingFields, flatten, select
from zoom_sync.domain.panelists import Panelist
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.registering import Guest, Registrant
from zoom_sync.errors import ZoomError
from zoom_sync.settings import BUILT_IN_PROFILE

_BESIDE = Path(__file__).parents[3].parent / "shared" / "zoom-api" / "zoom-meetings.openapi.json"
DESCRIPTION = Path(os.environ.get("ZOOM_OPENAPI", _BESIDE))

pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason="Zoom's OpenAPI description is not at hand")

FIELDS = MeetingFields(
    "Making our cities safe", "• Kazan, Russian: Park", datetime(2023, 11, 6, 12, 30, tzinfo=UTC), 90, "Asia/Shanghai",
    {**dict(flatten(BUILT_IN_PROFILE)), "use_pmi": False},
)  # fmt: skip
WEEKS = tuple(datetime(2024, 1, 1, 12, 30, tzinfo=UTC) + timedelta(weeks=week) for week in range(3))
RULE = {"type": 2, "repeat_interval": 1, "end_times": 3, "weekly_days": "2"}
SERIES = replace(FIELDS, start=WEEKS[0], recurrence=RULE, occurrences=WEEKS)
# What a webinar has of it.
WEBINAR_SETTINGS = (
    "approval_type",
    "auto_recording",
    "email_in_attendee_report",
    "host_video",
    "question_and_answer.enable",
)
ALL_CALLS = [
    call
    for kind in Kind
    for call in (
        protocol.create_meeting("u", kind, FIELDS, Passcode("p")),
        protocol.create_meeting("u", kind, SERIES, Passcode("p")),
        protocol.update_meeting("1", kind, select(SERIES, ["occurrences"]), None),
        protocol.get_meeting("1", kind),
        protocol.update_meeting("1", kind, {"topic": "T"}, Passcode("p")),
        protocol.delete_meeting("1", kind),
        protocol.past_instances("1", kind),
        protocol.report_participants("u", kind),
        protocol.past_participants("u", kind),
        protocol.report_questions("u", kind),
        protocol.report_polls("u", kind),
        protocol.report_survey("u", kind),
        definition_calls.list_polls("1", kind),
        definition_calls.get_survey("1", kind),
        protocol.list_registrants("1", kind, "approved"),
        protocol.add_registrant("1", kind, {"email": "a@example.org", "first_name": "A"}, approved=True),
        protocol.add_registrants("1", kind, [{"email": "a@example.org", "first_name": "A"}], approved=True),
        protocol.set_registrants("1", kind, "approve", [{"email": "a@example.org", "id": "i"}]),
    )
] + [
    protocol.list_recordings("u"),
    protocol.list_absentees("u"),
    protocol.list_panelists("1"),
    protocol.add_panelists("1", [{"email": "a@example.org", "name": "A"}]),
    protocol.remove_panelist("1", "Tg2b6GhcQKKbV7nSCbDKug"),
    protocol.list_users(),
    protocol.list_meetings("u"),
    protocol.numbered_page(protocol.list_meetings("u", Kind.WEBINAR), 1),
]


class Description:
    """Zoom's description, by operation."""

    def __init__(self, content):
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\{\w+\}", "([^/]+)", path) + "$"), operation)
            for path, methods in content["paths"].items()
            for method, operation in methods.items()
            if isinstance(operation, dict) and "operationId" in operation
        ]

    def find(self, method, path):
        found = [one for verb, pattern, one in self._operations if verb == method and pattern.match(path)]
        assert found, f"Zoom has no {method} {path}"
        return min(found, key=lambda one: len(one.get("parameters", [])) if len(found) > 1 else 0)


def closed(schema):
    """`allOf` merged into one object, and no key allowed that is not described."""
    schema = dict(schema)
    for part in map(closed, schema.pop("allOf", [])):
        required = {*schema.get("required", []), *part.get("required", [])}
        properties = {**schema.get("properties", {}), **part.get("properties", {})}
        schema = {**part, **schema, "properties": properties, "required": sorted(required), "type": "object"}
    if "oneOf" in schema:
        return {"anyOf": [closed(one) for one in schema["oneOf"]]}
    if schema.get("properties"):
        schema["properties"] = {name: closed(one) for name, one in schema["properties"].items()}
        schema["additionalProperties"] = False
    if "items" in schema:
        schema["items"] = closed(schema["items"])
    return schema


def check(value, schema, words):
    try:
        jsonschema.Draft4Validator(closed(schema)).validate(value)
    except jsonschema.ValidationError as error:
        pytest.fail(f"{words}: {error.json_path}: {error.message[:200]}")


@pytest.fixture(scope="module")
def description():
    content = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    more = json.loads(DESCRIPTION.with_name("zoom-more.openapi.json").read_text(encoding="utf-8"))
    return Description({"paths": more["paths"] | content["paths"]})


class CheckedWire(Wire):
    """Holds each request and each answer against the description."""

    description: Description
    seen: set

    def send(self, request, *args, **kwargs):
        response = super().send(request, *args, **kwargs)
        path, _, query = request.path_url.partition("?")
        if path.startswith("/v2/"):
            operation = self.description.find(request.method, path.removeprefix("/v2"))
            name = operation["operationId"]
            self.seen.add(name)
            described = {one["name"]: one["schema"] for one in operation["parameters"] if one["in"] == "query"}
            for parameter, value in parse_qsl(query, keep_blank_values=True):
                assert parameter in described, f"{name} has no parameter {parameter}"
                read = {"integer": int, "boolean": {"true": True, "false": False}.get}
                typed = read.get(described[parameter].get("type"), str)(value)
                check(typed, described[parameter], f"{name}?{parameter}")
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            assert (body is None) == (request.body is None)
            if body is not None:
                check(json.loads(request.body), body, f"body of {name}")
            answer = operation["responses"][str(response.status_code)]
            if response.content:
                check(response.json(), answer["content"]["application/json"]["schema"], f"answer of {name}")
        return response


@pytest.fixture
def zoom(description, monkeypatch):
    monkeypatch.setattr("support.wire.Wire", CheckedWire)
    client = wired()
    client.wire.description, client.wire.seen = description, set()
    client.control("POST", "reset", {"limits": False, "webinars": True})
    return client


def test_every_request_and_every_answer_is_as_zoom_describes_it(zoom):
    host = zoom.reader.users()[0].id
    recordings = ZoomRecordings(zoom.exchange, BASE, user_agent="t")
    for kind in Kind:
        settings = FIELDS.settings
        if kind is Kind.WEBINAR:
            settings = {name: value for name, value in settings.items() if name in WEBINAR_SETTINGS}
        settings = {**settings, "approval_type": 0}
        made = zoom.writer.create(host, kind, replace(FIELDS, settings=settings), Passcode("aB3dE5fG7h"), lambda: None)
        changes = {"topic": "New", "agenda": "", "start_time": FIELDS.start, "duration": 60, "timezone": "UTC"}
        changes |= {f"settings.{name}": value for name, value in settings.items()}
        zoom.writer.update(made.meeting_id, kind, changes, Passcode("aB3dE5fG7i"), lambda: None)
        assert zoom.reader.meeting(made.meeting_id, kind).topic == "New"
        assert [one.topic for one in zoom.reader.meetings(host, kind)] == ["New"]
        zoom.control("POST", f"meetings/{made.meeting_id}/register", {"count": 400})
        _register(zoom, made.meeting_id, kind)
        evening = {"audience": 40, "instances": 2, "questions": 9, "polls": 4, "survey": True, "recording": 999}
        zoom.control("POST", f"meetings/{made.meeting_id}/run", evening)
        zoom.clock.advance(3 * 3600)
        instances = zoom.reader.instances(made.meeting_id, kind)
        assert len(instances) == 2
        for instance in instances:
            assert len(recordings.files(instance.uuid)) == 3
            assert zoom.reader.participants(instance.uuid, kind).rows
            assert zoom.reader.past_participants(instance.uuid, kind).rows
            zoom.reader.questions(instance.uuid, kind)
            assert zoom.reader.polls(instance.uuid, kind).rows
            assert zoom.reader.surveys(instance.uuid, kind).rows
        assert zoom.reader.poll_definitions(made.meeting_id, kind).rows
        assert zoom.reader.survey_definition(made.meeting_id, kind).rows
        registered = zoom.reader.registrants(made.meeting_id, kind)
        assert (len(registered.rows), registered.total) == (400, 400)
        assert len(zoom.reader.registrants(made.meeting_id, kind, "denied").rows) == 1
        if kind is Kind.WEBINAR:
            absent = zoom.reader.absentees(instances[0].uuid)
            assert (len(absent.rows), absent.total) == (366, 366)
            zoom.writer.add_panelists(made.meeting_id, [Panelist(f"p{n}@example.org", "P") for n in range(30)])
            listed = zoom.reader.panelists(made.meeting_id)
            assert (len(listed.rows), listed.total) == (30, 30)
            zoom.writer.remove_panelist(made.meeting_id, listed.rows[0]["id"])
            assert zoom.reader.panelists(made.meeting_id).total == 29
        zoom.writer.delete(made.meeting_id, kind)
        series = replace(SERIES, settings=settings)
        made = zoom.writer.create(host, kind, series, Passcode("aB3dE5fG7h"), lambda: None)
        moved = replace(series, occurrences=tuple(one + timedelta(hours=1) for one in WEEKS))
        moved = replace(moved, start=moved.occurrences[0])
        zoom.writer.update(made.meeting_id, kind, select(moved, ["occurrences"]), None, lambda: None)
        assert zoom.reader.meeting(made.meeting_id, kind).occurrences == moved.occurrences
    assert zoom.wire.seen == {call.operation for call in ALL_CALLS}


def _register(zoom, meeting_id, kind):
    """Three people, who end cancelled and denied."""
    guests = [Guest(f"guest{n}@example.org", "Ann", "Li", "City") for n in range(3)]
    registration = ZoomRegistration(zoom.exchange)
    assert registration.add(meeting_id, kind, guests[0], approved=True)["registrant_id"]
    rows = registration.add_many(meeting_id, kind, guests[1:], approved=True)
    people = [Registrant(one, registrant_id=row["registrant_id"]) for one, row in zip(guests[1:], rows, strict=True)]
    registration.set_status(meeting_id, kind, "deny", people[:1])
    registration.set_status(meeting_id, kind, "cancel", [people[1], Registrant(guests[0])])


@pytest.mark.parametrize("call", ALL_CALLS, ids=lambda call: call.operation)
def test_name_and_rate_label_of_each_call_are_the_described_ones(description, call):
    operation = description.find(call.method, call.path)
    label = re.search(r"Rate Limit Label[^`]*`([A-Za-z-]+)`", operation["description"], re.DOTALL)
    assert operation["operationId"] == call.operation
    assert label[1].upper() == call.label


@pytest.mark.parametrize("call", ALL_CALLS, ids=lambda call: call.operation)
def test_the_page_size_is_the_largest_that_is_described(description, call):
    described = [one for one in description.find(call.method, call.path)["parameters"] if one["name"] == "page_size"]
    assert bool(described) == ("page_size" in call.query)
    for one in described:
        assert int(call.query["page_size"]) == one["schema"].get("maximum", 2000 if call.operation == "users" else 300)


def example_of(schema):
    """A value with every described field, from Zoom's own examples."""
    schema = closed(schema)
    if "example" in schema:
        return schema["example"]
    if schema.get("properties"):
        return {name: example_of(one) for name, one in schema["properties"].items()}
    if "items" in schema:
        return [example_of(schema["items"])]
    if "enum" in schema:
        return schema["enum"][0]
    return {"string": "text", "integer": 1, "number": 1, "boolean": True}.get(schema.get("type"))


@pytest.mark.parametrize("call", ALL_CALLS, ids=lambda call: call.operation)
def test_an_answer_with_every_described_field_is_read(description, call):
    for status, answer in description.find(call.method, call.path)["responses"].items():
        if status in ("200", "201"):
            _read(call, example_of(answer["content"]["application/json"]["schema"]))


def _read(call, example):
    if call.operation in ("meeting", "webinar", "meetingCreate", "webinarCreate"):
        assert parsing.observed_meeting(example).deep
    elif call.operation == "users":
        assert [parsing.host(row, 1) for row in parsing.rows(example, "users")]
    elif call.operation in ("meetings", "webinars"):
        assert [parsing.observed_meeting(row) for row in parsing.rows(example, call.operation)]
    elif "instances" in call.path:
        assert [
            parsing.instance(row) for row in parsing.rows(example, "webinars" if "webinars" in example else "meetings")
        ]
    elif call.operation.endswith("RegistrantCreate"):
        assert parsing.row(example)["registrant_id"]
    elif call.operation.endswith("SurveyGet"):
        assert parsing.rows(example["custom_survey"], "questions")
    elif call.operation in ("meetingPolls", "webinarPolls"):
        assert parsing.rows(example, "polls")
    elif call.operation == "webinarPanelistCreate":
        assert "panelists" not in example, "it tells of nobody: the list does"
    else:
        last = call.path.rpartition("/")[2]
        names = {"qa": "questions", "polls": "questions", "survey": "survey_answers", "absentees": "registrants",
                 "batch_registrants": "registrants", "recordings": "recording_files"}  # fmt: skip
        assert parsing.rows(example, names.get(last, last))


def test_described_errors_become_errors_of_ours(description):
    now = datetime(2023, 11, 6, tzinfo=UTC)
    for call in ALL_CALLS:
        for status in description.find(call.method, call.path)["responses"]:
            if status.isdigit() and int(status) >= 400:
                with pytest.raises(ZoomError):
                    answers.outcome(answers.Answer(int(status), {}, b""), now)

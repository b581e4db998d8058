"""Every answer of every operation, held against Zoom's own description of its API where that is at hand.

The description is not part of this project. It is looked for beside the repository, or where ZOOM_OPENAPI says.
"""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from zoom_sync.simulator.routes import OPERATIONS

_BESIDE = Path(__file__).parents[2].parent / "shared" / "zoom-api" / "zoom-meetings.openapi.json"
DESCRIPTION = Path(os.environ.get("ZOOM_OPENAPI", _BESIDE))

pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason="Zoom's OpenAPI description is not at hand")


# What the simulator leaves out of webinars and says so: recorded ones that play as if live.
SIMULIVE = {"is_simulive", "record_file_id", "transition_to_live", "simulive_delay_start"}


def flatten(schema):
    """`allOf` merged into one object, and no key allowed that is not described."""
    if not isinstance(schema, dict):
        return schema
    schema = dict(schema)
    for part in map(flatten, schema.pop("allOf", [])):
        merged = {**schema.get("properties", {}), **part.get("properties", {})}
        schema = {**part, **schema, "properties": merged}
        schema["required"] = sorted({*schema.get("required", []), *part.get("required", [])})
        schema["type"] = "object"
    if "oneOf" in schema:
        return {"anyOf": [flatten(one) for one in schema["oneOf"]]}
    if schema.get("properties"):
        schema["properties"] = {name: flatten(one) for name, one in schema["properties"].items()}
        schema["additionalProperties"] = False
    if "items" in schema:
        schema["items"] = flatten(schema["items"])
    return schema


def inlined(value, schemas):
    """A description with what its references point to in their place."""
    if isinstance(value, list):
        return [inlined(entry, schemas) for entry in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return inlined(schemas[value["$ref"].rpartition("/")[2]], schemas)
    return {name: inlined(entry, schemas) for name, entry in value.items()}


@pytest.fixture(scope="module")
def operations():
    described = DESCRIPTION.with_name("zoom-more.openapi.json"), DESCRIPTION
    paths = {}
    for file in described:
        content = json.loads(file.read_text(encoding="utf-8"))
        paths |= inlined(content["paths"], content.get("components", {}).get("schemas", {}))
    return {
        operation["operationId"]: {**operation, "method": method.upper(), "template": path}
        for path, methods in paths.items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


@pytest.fixture
def story(zoom, encode):
    """An answer of every operation, from one evening with everything on; by operation, with its status."""
    zoom.reset(limits=False, hosts=4, webinars=True)
    answers = []
    settings = {
        "use_pmi": False,
        "approval_type": 0,
        "waiting_room": True,
        "question_and_answer": {"enable": True, "allow_anonymous_questions": True},
        "breakout_room": {"enable": True, "rooms": [{"name": "A", "participants": ["a@example.org"]}]},
        "alternative_hosts": "host2@example.org",
    }

    def ask(operation, method, path, body=None, **query):
        answer = zoom.send(method, path, body, **query)
        answers.append((operation, answer))
        return answer.json() if answer.body else None

    users, host = "/users", f"/users/{zoom.host()}"
    ask("users", "GET", users)
    ask("user", "GET", host)
    ask("userSettings", "GET", f"{host}/settings")
    ask("userSettings", "GET", f"{host}/settings", option="meeting_security")
    for fields in (
        {"settings": settings, "start_time": "2023-11-06T12:30:00Z", "agenda": "x" * 500},
        {"type": 1, "settings": {"use_pmi": False}},
        {"type": 3, "default_password": False, "tracking_fields": [{"field": "a", "value": "b"}]},
    ):
        made = ask("meetingCreate", "POST", f"{host}/meetings", {"topic": "T", **fields})
        ask("meeting", "GET", f"/meetings/{made['id']}")
    _series(ask, host)
    with_pmi = ask("meetingCreate", "POST", f"/users/{zoom.host(4)}/meetings", {"topic": "T"})
    assert with_pmi["pmi"]
    ask("meetings", "GET", f"/users/{zoom.host(4)}/meetings")
    ask("meetings", "GET", f"{host}/meetings", page_size=1)
    first = next(row["id"] for row in zoom.get(f"{host}/meetings")["meetings"] if row["type"] == 2)
    one = f"/meetings/{first}"
    ask("meetingUpdate", "PATCH", one, {"topic": "U", "settings": settings})
    ask("meetingInvitation", "GET", f"{one}/invitation")
    person = {"first_name": "A", "last_name": "B", "email": "a@example.org", "org": "C", "no_of_employees": "1-20"}
    ask("meetingRegistrantCreate", "POST", f"{one}/registrants", person)
    batch = {"registrants": [{"first_name": "D", "email": "d@example.org"}], "registrants_confirmation_email": False}
    ask("addBatchRegistrants", "POST", f"{one}/batch_registrants", batch)
    cancelled = {"action": "cancel", "registrants": [{"email": "d@example.org"}]}
    ask("meetingRegistrantStatus", "PUT", f"{one}/registrants/status", cancelled)
    ask("meetingRegistrants", "GET", f"{one}/registrants")
    zoom.run(first, instances=2, questions=9, polls=4, survey=True, recording=1000)
    _recordings(zoom, ask, first)
    for key in (first, *(encode(row["uuid"]) for row in zoom.get(f"/past_meetings/{first}/instances")["meetings"])):
        ask("pastMeetingDetails", "GET", f"/past_meetings/{key}")
        ask("pastMeetingParticipants", "GET", f"/past_meetings/{key}/participants", page_size=300)
        ask("listPastMeetingQA", "GET", f"/past_meetings/{key}/qa")
        report = f"/report/meetings/{key}"
        ask("reportMeetingDetails", "GET", report)
        ask("reportMeetingParticipants", "GET", f"{report}/participants", page_size=300)
        ask("reportMeetingParticipants", "GET", f"{report}/participants", include_fields="registrant_id")
        ask("reportMeetingQA", "GET", f"{report}/qa")
        ask("reportMeetingPolls", "GET", f"{report}/polls")
        ask("reportMeetingSurvey", "GET", f"{report}/survey")
    for name, path in (("meetingPolls", "polls"), ("meetingSurveyGet", "survey")):
        ask(name, "GET", f"/meetings/{first}/{path}")
    ask("pastMeetings", "GET", f"/past_meetings/{first}/instances")
    ask("reportMeetings", "GET", f"/report{host}/meetings", **{"from": "2023-11-01", "to": "2023-11-30"})
    _webinar(zoom, ask, encode)
    zoom.control("POST", f"meetings/{first}/start")
    ask("meeting", "GET", one)
    ask("meetingStatus", "PUT", f"{one}/status", {"action": "end"})
    ask("meetingDelete", "DELETE", one)
    return answers


def _recordings(zoom, ask, meeting):
    """Not ready, and all there."""
    ask("recordingGet", "GET", f"/meetings/{meeting}/recordings")
    zoom.advance(1800)
    ask("recordingGet", "GET", f"/meetings/{meeting}/recordings")


def _series(ask, host):
    repeats = {"type": 2, "repeat_interval": 1, "weekly_days": "2,4", "end_times": 4}
    series = {"topic": "S", "type": 8, "start_time": "2023-11-20T12:30:00Z", "recurrence": repeats}
    made = ask("meetingCreate", "POST", f"{host}/meetings", series)
    recurring, identity = f"/meetings/{made['id']}", made["occurrences"][1]["occurrence_id"]
    ask("meeting", "GET", recurring, occurrence_id=identity, show_previous_occurrences="true")
    ask("meetingUpdate", "PATCH", recurring, {"duration": 30}, occurrence_id=identity)
    ask("meetingDelete", "DELETE", recurring, occurrence_id=identity)
    ask("meeting", "GET", recurring)


def _webinar(zoom, ask, encode):
    host = f"/users/{zoom.host()}/webinars"
    body = {"topic": "W", "tracking_fields": [{"field": "a", "value": "b"}], "settings": {"approval_type": 0}}
    made = ask("webinarCreate", "POST", host, body)
    one = f"/webinars/{made['id']}"
    ask("webinar", "GET", one)
    ask("webinars", "GET", host)
    series = {"topic": "S", "type": 9, "recurrence": {"type": 1, "repeat_interval": 2, "end_times": 3}}
    recurring = f"/webinars/{ask('webinarCreate', 'POST', host, series)['id']}"
    ask("webinar", "GET", recurring, show_previous_occurrences="true")
    ask("webinarUpdate", "PATCH", one, {"agenda": "x", "password": "123456"})
    ask("webinarPanelistCreate", "POST", f"{one}/panelists", {"panelists": [{"email": "a@example.org", "name": "A"}]})
    ask("webinarPanelists", "GET", f"{one}/panelists")
    panelist = zoom.get(f"{one}/panelists")["panelists"][0]["id"]
    ask("webinarPanelistDelete", "DELETE", f"{one}/panelists/{panelist}")
    ask("webinarPanelistsDelete", "DELETE", f"{one}/panelists")
    ask("webinarRegistrantCreate", "POST", f"{one}/registrants", {"first_name": "B", "email": "b@example.org"})
    ask("addBatchWebinarRegistrants", "POST", f"{one}/batch_registrants",
        {"registrants": [{"first_name": "C", "email": "c@example.org"}], "auto_approve": True})  # fmt: skip
    ask("webinarRegistrantStatus", "PUT", f"{one}/registrants/status",
        {"action": "deny", "registrants": [{"email": "c@example.org"}]})  # fmt: skip
    assert zoom.control("POST", f"meetings/{made['id']}/register", {"count": 70}).status == 200
    ask("webinarRegistrants", "GET", f"{one}/registrants", page_size=300)
    evening = zoom.run(made["id"], questions=9, polls=4, survey=True)
    zoom.advance(1800)
    for key in (made["id"], encode(evening["uuid"])):
        ask("listWebinarParticipants", "GET", f"/past_webinars/{key}/participants")
        ask("reportWebinarDetails", "GET", f"/report/webinars/{key}")
        ask("reportWebinarParticipants", "GET", f"/report/webinars/{key}/participants", include_fields="registrant_id")
        ask("reportWebinarQA", "GET", f"/report/webinars/{key}/qa")
        ask("reportWebinarPolls", "GET", f"/report/webinars/{key}/polls")
        ask("reportWebinarSurvey", "GET", f"/report/webinars/{key}/survey")
        assert ask("webinarAbsentees", "GET", f"/past_webinars/{key}/absentees", page_size=300)["total_records"] > 10
    zoom.control("POST", f"meetings/{made['id']}/start")
    ask("webinarStatus", "PUT", f"{one}/status", {"action": "end"})
    ask("webinarPolls", "GET", f"{one}/polls")
    ask("webinarSurveyGet", "GET", f"{one}/survey")
    ask("pastWebinars", "GET", f"/past_webinars/{made['id']}/instances")
    ask("webinarDelete", "DELETE", one)


def test_every_answer_fits_zooms_description(story, operations):
    for operation, answer in story:
        described = operations[operation]["responses"]
        assert str(answer.status) in described, (operation, answer)
        content = described[str(answer.status)].get("content")
        if not content:
            assert answer.body == b"", operation
            continue
        (media,) = [one for kind, one in content.items() if "json" in kind]
        jsonschema.validate(answer.json(), flatten(media["schema"]), cls=jsonschema.Draft7Validator)


def test_the_story_has_every_operation(story):
    assert {operation for operation, _ in story} == set(OPERATIONS)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_route_label_and_scopes_are_as_described(operations, operation):
    route, described = OPERATIONS[operation], operations[operation]
    template = "/".join("{}" if part.startswith("{") else part for part in described["template"].split("/"))
    scopes = {scope for need in described.get("security", []) for names in need.values() for scope in names}
    query = {one["name"] for one in described.get("parameters", []) if one["in"] == "query"}

    assert (route.method, route.template) == (described["method"], template)
    assert f"`{route.label}`" in described["description"].upper()
    assert set(route.scopes) <= scopes | set(_granular(described))
    # The list of webinars answers a next_page_token, though the description names no such parameter for it.
    assert route.query - ({"next_page_token"} if operation == "webinars" else set()) <= query


def _granular(described):
    text = described["description"]
    return [word.strip("`,*") for word in text.replace("\n", " ").split() if ":" in word]


@pytest.mark.parametrize("operation", ["meetingCreate", "meetingUpdate", "webinarCreate", "webinarUpdate"])
def test_the_fields_of_meetings_and_webinars_are_those_described(zoom, operations, operation):
    body = flatten(operations[operation]["requestBody"]["content"]["application/json"]["schema"])["properties"]
    zoom.reset(limits=False, webinars=True)
    things = "webinars" if operation.startswith("webinar") else "meetings"
    made = zoom.send("POST", f"/users/{zoom.host()}/{things}", {}).json()
    path = f"/{things}/{made['id']}" if operation.endswith("Update") else f"/users/{zoom.host()}/{things}"

    wrong = {"no": "such value"}
    sent = {**dict.fromkeys(body, wrong), "settings": dict.fromkeys(body["settings"]["properties"], wrong)}
    method = "PATCH" if operation.endswith("Update") else "POST"
    errors = zoom.send(method, path, sent).json()["errors"]

    unknown = {one["field"] for one in errors if one["message"].startswith("Unknown")}
    assert {field for field in unknown if not field.endswith(".no")} <= SIMULIVE

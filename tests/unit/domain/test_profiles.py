"""What settings may be written, and how profiles build upon one another."""

import json
import os
from pathlib import Path

import pytest

from factories import make_host, make_session
from zoom_sync.domain.alternatives import known_alternatives
from zoom_sync.domain.desired import desired_meeting
from zoom_sync.domain.meeting import alike
from zoom_sync.domain.profiles import CATALOGUE, merged, profile_flaws, resolved, setting_flaws
from zoom_sync.domain.programme import Kind

_BESIDE = Path(__file__).parents[3].parent / "shared" / "zoom-api" / "zoom-meetings.openapi.json"
DESCRIPTION = Path(os.environ.get("ZOOM_OPENAPI", _BESIDE))
TYPES = {"boolean": "flag", "string": "text", "integer": "whole"}


def flaws(told):
    return [flaw for _, flaw in setting_flaws(told)]


@pytest.mark.parametrize(
    ("told", "flaw"),
    [
        ({"waitng_room": True}, "Zoom knows no setting 'waitng_room'; did you mean `waiting_room`?"),
        ({"question_and_answer": {"enabled": True}}, "Zoom knows no setting 'enabled'; did you mean `enable`?"),
        ({"rooms": []}, "Zoom knows no setting 'rooms'; did you mean `rooms` below `breakout_room`?"),
        ({"xyzzy": 1}, "Zoom knows no setting 'xyzzy'"),
        ({"waiting_room": "yes"}, "`waiting_room` must be true or false"),
        ({"approval_type": True}, "`approval_type` must be one of: 0, 1, 2"),
        ({"contact_name": 5}, "`contact_name` must be a text; put it in quotes"),
        ({"question_and_answer": True}, "`question_and_answer` must be a mapping: lines of the form `name: value`, indented"),
        ({"global_dial_in_countries": ["US", 1]}, "`global_dial_in_countries` must be a list of texts"),
        ({"tracking_fields": [{"fild": "a"}]}, "Zoom knows no setting 'fild'; did you mean `field`?"),
        ({"tracking_fields": ["a"]}, "an entry of `tracking_fields` must be a mapping"),
        ({"use_pmi": True}, "`use_pmi` is always false: the published link would be the host's personal one"),
    ],
)  # fmt: skip
def test_what_zoom_would_not_take_is_told(told, flaw):
    assert flaws(told) == [flaw]


def test_all_is_told_at_once_with_where_it_is():
    told = {"a": 1, "breakout_room": {"rooms": [{"name": "x"}, {"name": 1}]}, "jbh_time": 7}
    assert [path for path, _ in setting_flaws(told)] == [("a",), ("breakout_room", "rooms", 1, "name"), ("jbh_time",)]


def test_a_profile_has_what_all_have_and_what_it_extends_and_its_own():
    profiles = {
        "plain": {"waiting_room": True, "question_and_answer": {"enable": True}},
        "quiet": {"extends": "plain", "waiting_room": False, "question_and_answer": {"attendees_can_upvote": False}},
        "quieter": {"extends": "quiet", "host_video": False},
    }
    told = resolved({"audio": "voip"}, profiles)
    assert told["quieter"] == {
        "audio": "voip",
        "waiting_room": False,
        "host_video": False,
        "question_and_answer": {"enable": True, "attendees_can_upvote": False},
    }
    assert list(profile_flaws({"audio": "voip"}, profiles)) == []


def test_lists_are_replaced_as_a_whole():
    assert merged({"a": [1], "b": {"c": 1}}, {"a": [2], "b": {"d": 2}}) == {"a": [2], "b": {"c": 1, "d": 2}}


@pytest.mark.parametrize(
    ("profiles", "flaw"),
    [
        ({"a": {"extends": "plane"}, "plain": {}}, "there is no profile 'plane'; did you mean `plain`?"),
        ({"a": {"extends": "a"}}, "profile 'a' extends itself: a → a"),
        ({"a": {"extends": "b"}, "b": {"extends": "b"}}, "profile 'a' extends 'b', which extends itself"),
        ({"a": {"extends": 5}}, "there is no profile 5"),
    ],
)
def test_what_extends_nothing_or_itself_is_told(profiles, flaw):
    assert flaw in [told for _, told in profile_flaws({}, profiles)]


def test_what_a_kind_does_not_know_is_left_out_of_it():
    profile = {"waiting_room": True, "practice_session": True, "question_and_answer": {"answer_questions": "all"}}

    def paths(kind):
        return set(desired_meeting(make_session(kind=kind), {"p": profile}, "p").fields.settings)

    assert paths(Kind.MEETING) == {"waiting_room", "use_pmi"}
    assert paths(Kind.WEBINAR) == {"practice_session", "question_and_answer.answer_questions"}


@pytest.mark.parametrize(
    ("have", "want", "same"),
    [
        ([{"email": "A@x.org", "join_url": "…"}, {"email": "b@x.org"}], [{"email": "b@x.org"}, {"email": "a@x.org"}], True),
        ([{"email": "a@x.org"}], [{"email": "a@x.org"}, {"email": "b@x.org"}], False),
        ([{"email": "a@x.org"}, {"email": "b@x.org"}], [{"email": "a@x.org"}], False),
        (["DE", "US"], ["US", "DE"], True),
        (None, [], True),
        (None, "", True),
        (None, False, False),
        ("x", ["x"], False),
        (True, {"enable": True}, False),
        ("Room", "room", False),
    ],
)  # fmt: skip
def test_zoom_may_tell_more_in_another_order(have, want, same):
    assert alike("settings.any", have, want) is same


def test_an_alternative_host_who_cannot_be_one_is_left_out_and_told_without_his_address():
    want = desired_meeting(
        make_session(), {"p": {"alternative_hosts": "HOST1@example.org; x@example.org,host2@example.org"}}, "p"
    )
    told, note = known_alternatives(want, [make_host(1), make_host(2, licensed=False)])
    assert told.fields.settings["alternative_hosts"] == "HOST1@example.org"
    assert note == (
        "session seminar-1: of the alternative hosts, number 2, 3 of 3 is not a licensed user of the account and is left out"
    )
    assert known_alternatives(told, [make_host(1)]) == (told, None)


# --- against Zoom's description, where that is at hand -------------------------------------------------------------


def fields_of(schema):
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        found |= fields_of(part)
    return found


def described(fields, path=""):
    """Each setting of a description as the table has it: path, type, choices."""
    for name, one in fields.items():
        inner = one.get("items", {}) if one.get("type") == "array" else one
        below = fields_of(inner)
        if one.get("type") == "array":
            yield f"{path}{name}", "list" if below else "texts", ()
        if below:
            yield from described(below, f"{path}{name}{'[]' if one.get('type') == 'array' else ''}.")
        elif one.get("type") != "array":
            choices = tuple(one.get("enum", ()))
            yield f"{path}{name}", "choice" if choices else TYPES[one["type"]], choices


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="Zoom's OpenAPI description is not at hand")
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("when", ["Create", "Update"])
def test_the_table_is_what_zoom_describes(kind, when):
    paths = json.loads(DESCRIPTION.read_text(encoding="utf-8"))["paths"]
    (body,) = [
        fields_of(operation["requestBody"]["content"]["application/json"]["schema"])
        for methods in paths.values()
        for operation in methods.values()
        if isinstance(operation, dict) and operation.get("operationId") == f"{kind}{when}"
    ]
    theirs = {*described(fields_of(body["settings"])), *described({"tracking_fields": body["tracking_fields"]})}
    ours = {
        (one.path, one.type, one.choices)
        for one in CATALOGUE.values()
        if kind in (one.created if when == "Create" else one.changed)
    }
    assert ours == theirs

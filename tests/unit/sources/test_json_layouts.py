"""Layouts in JSON and YAML: those known by themselves, and those that a mapping tells by paths."""

import json

import pytest
from programme_samples import ROOT

from zoom_sync.adapters.sources import read_mapping, read_programme
from zoom_sync.adapters.sources.origins.opening import as_table
from zoom_sync.errors import ConfigurationError

SAMPLES = ROOT / "tests/samples/programmes"
ZONE = "Europe/Lisbon"


def read(data, mapping=None, **options):
    data = data if isinstance(data, bytes | str) else json.dumps(data)
    told = {"mapping": read_mapping(mapping.encode(), "mapping.yaml")} if mapping else {}
    return read_programme(data, name="source", timezone=ZONE, **told, **options)


def facts(reading):
    assert reading.problems == ()
    return [(one.key, one.title, f"{one.start:%d %H:%M}", one.minutes, one.room) for one in reading.programme.sessions]


SAME = [
    ("open01", "Opening", "06 09:00", 90, "Hall A"),
    ("tides2", "Reading the tides", "06 14:00", 90, "Hall B"),
    ("maps03", "Maps of the coast 海岸地图", "07 09:00", 45, "Hall A"),
]


@pytest.mark.parametrize("name", ["records.json", "sessionize.json", "opass.json", "open-event.json", "programme.html"])
def test_the_samples_tell_the_same_sessions(name):
    assert facts(read((SAMPLES / name).read_bytes())) == SAME


def test_a_layout_of_its_own_is_read_by_own_layout_mapping_yaml():
    mapping = (SAMPLES / "own-layout.mapping.yaml").read_text()
    assert facts(read((SAMPLES / "own-layout.yml").read_bytes(), mapping)) == sorted(SAME, key=lambda one: one[2])


# --- Sessionize ------------------------------------------------------------------------------------------------------

TALK = {
    "id": "1", "title": "Tides", "startsAt": "2030-03-04T10:00:00", "endsAt": "2030-03-04T10:45:00", "isServiceSession": False,
    "speakers": [{"id": "a", "name": "Ana Reis"}, {"id": "b", "name": "Lund, Bo"}], "roomId": 1, "room": "Hall A",
    "categories": [{"id": 1, "name": "Level", "categoryItems": [{"id": 2, "name": "Beginner"}]}], "status": "Accepted",
}  # fmt: skip
LUNCH = {**TALK, "id": "2", "title": "Lunch", "isServiceSession": True, "speakers": []}


def test_sessionize_s_views_of_sessions_and_of_the_grid_are_read_and_lunch_is_left_out():
    views = ([{"groupId": 1, "groupName": "Day 1", "sessions": [TALK, LUNCH]}],
             [{"date": "2030-03-04T00:00:00", "isDefault": False, "timeSlots": [],
               "rooms": [{"id": 1, "name": "Hall A", "sessions": [TALK, LUNCH]}, {"id": 2, "name": "B", "sessions": [TALK]}]}])  # fmt: skip
    for view in views:
        reading = read(view)
        assert facts(reading) == [("1", "Tides", "04 10:00", 45, "Hall A")]
        assert [one.presenter for one in reading.programme.sessions[0].items] == ["Ana Reis, Lund, Bo"]


# --- Open Event ------------------------------------------------------------------------------------------------------


def test_an_answer_of_open_event_s_api_is_read_with_what_it_includes():
    told = {
        "data": [
            {"type": "session", "id": "7",
             "attributes": {"title": "Tides", "starts-at": "2030-03-04T10:00:00+00:00", "ends-at": "2030-03-04T11:00:00+00:00",
                            "state": "accepted", "language": "English"},
             "relationships": {"microlocation": {"data": {"type": "microlocation", "id": "3"}},
                               "speakers": {"data": [{"type": "speaker", "id": "5"}, {"type": "speaker", "id": "6"}]}}}
        ],
        "included": [
            {"type": "microlocation", "id": "3", "attributes": {"name": "Hall A"}},
            {"type": "speaker", "id": "5", "attributes": {"name": "Ana"}},
            {"type": "speaker", "id": "6", "attributes": {"name": "Bo"}},
            {"type": "track", "id": "3", "attributes": {"name": "not a room"}},
        ],
    }  # fmt: skip
    reading = read(told)
    assert facts(reading) == [("7", "Tides", "04 10:00", 60, "Hall A")]
    assert reading.programme.sessions[0].items[0].presenter == "Ana, Bo"


# --- schema.org ------------------------------------------------------------------------------------------------------


def test_events_of_schema_org_alone_are_sessions_with_their_links_and_states():
    told = {"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "name": "no event"},
        {"@type": ["Event", "SocialEvent"], "@id": "a", "name": "Tides", "startDate": "2030-03-04T10:00:00Z",
         "duration": "PT1H30M", "eventStatus": "https://schema.org/EventRescheduled", "performer": {"@type": "Person", "name": "Ana"},
         "location": {"@type": "VirtualLocation", "url": "https://zoom.us/j/82318937943?pwd=abcdefghijklmnop1"}},
        {"@type": "Event", "@id": "b", "name": "Floods", "startDate": "2030-03-04T10:00:00Z", "endDate": "2030-03-04T11:00:00Z",
         "eventStatus": "EventCancelled"}]}  # fmt: skip
    [session] = read(told).require().sessions
    assert (session.title, session.minutes, session.known.meeting_id) == ("Tides", 90, "82318937943")
    assert session.items[0].presenter == "Ana"


def test_a_page_that_tells_an_event_twice_has_it_once_and_runs_no_script():
    event = {"@context": "http://schema.org", "@type": "Event", "name": "A </b> & <i>", "startDate": "2030-03-04T10:00:00Z",
             "endDate": "2030-03-04T11:00:00Z"}  # fmt: skip
    script = f'<script type="application/ld+json; charset=utf-8">{json.dumps(event)}</script>'
    page = f"<!doctype html><html><script>document.write('x')</script>{script}<p>Session 1: no</p>{script}</html>"
    assert len(read(page).require().sessions) == 1


@pytest.mark.parametrize("body", ["{", "[1, [2]]", '{"@type": "Person"}', "null", "[" * 5000])
def test_a_page_whose_data_are_broken_or_of_no_event_is_told(body):
    page = f'<!doctype html><script type="application/ld+json">{body}</script> schema.org'
    assert read(page).problems


def test_events_in_events_without_end_are_read_as_far_as_it_makes_sense():
    event = {"@type": "Event", "name": "x", "startDate": "2030-03-04T10:00:00Z", "endDate": "2030-03-04T11:00:00Z"}
    for _ in range(300):
        event = {"@type": "Event", "name": "x", "subEvent": [event]}
    assert read({"@context": "https://schema.org", **event}).problems


# --- records and paths -----------------------------------------------------------------------------------------------


def test_records_tell_names_in_lists_whole_numbers_of_unix_and_yes_and_no():
    told = [{"code": 7, "name": {"en": "Tides", "pt": "Marés"}, "startTime": 1898848800, "endTime": 1898852400000,
             "speakers": ["Lund, Bo", {"name": "Ana"}], "isCancelled": False, "recorded": False}]  # fmt: skip
    [session] = read(told).require().sessions
    assert (session.key, session.title, session.start.isoformat(), session.minutes) == (
        "7", "Tides", "2030-03-04T10:00:00+00:00", 60
    )  # fmt: skip
    assert (session.items[0].presenter, session.cancelled, session.record) == ("Lund, Bo, Ana", False, False)


def test_a_column_that_the_mapping_names_is_found_by_its_key():
    mapping = "columns: {title: talkLabel}"
    told = [{"talkLabel": "Tides", "startTime": "2030-03-04 10:00", "minutes": 30}]
    assert facts(read(told, mapping, format="records")) == [("tides-20300304-1000", "Tides", "04 10:00", 30, None)]


PATHS = "paths:\n  entries: $.talks[*]\n  fields: {title: $.name, start: $.at, duration: $.minutes}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("$.talks[*]", "talks"), "begins with `$`"),
        (("$.talks[*]", "$.talks["), "is not a JSONPath"),
        (("title: $.name, ", ""), "must say where `title` and `start` are"),
        (("$.name", "{up: 1}"), "has no `path`"),
        (("$.name", "{path: $.a, among: $.b}"), "needs `among`, `by` and `take`"),
        (("$.name", "{path: $.a, up: many}"), "number of levels"),
        (("title", "heading"), "unknown key"),
        (("$.talks[*]", "$" + "[0]" * 300), "too long"),
    ],
)
def test_paths_that_cannot_be_meant_are_told(change, said):
    with pytest.raises(ConfigurationError) as raised:
        read_mapping(PATHS.replace(*change).encode(), "mapping.yaml")
    assert any(said in problem.message for problem in raised.value.problems), raised.value.problems


def test_a_file_in_which_the_paths_lead_nowhere_is_told():
    assert "there is no entry at `$.talks[*]`" in read({"sessions": []}, PATHS).problems[0].message
    assert "needs a mapping" in read({"talks": []}, format="mapped").problems[0].message


def test_a_text_in_the_tree_is_a_text_although_it_looks_like_json():
    mapping = PATHS.replace("$.name", '{path: $.by, among: "$.people[*]", by: $.id, take: $.id}')
    told = {
        "people": ['{"id": "a"}', "[1"],
        "talks": [{"name": "x", "by": "a", "at": "2030-03-04 10:00", "minutes": 30}],
    }
    assert [one.title for one in read(told, mapping).require().sessions] == ["a"]
    assert read("no: tree".replace("no: ", ""), PATHS, format="mapped").problems


def test_paths_over_a_tree_that_is_very_deep_are_told():
    deep = "[" * 500 + "]" * 500
    assert read(f'{{"talks": {deep}}}', PATHS.replace("$.talks[*]", "$..talks")).problems


def test_the_address_of_a_google_sheet_is_that_of_its_table():
    sheet = "https://docs.google.com/spreadsheets/d/1AbC_d-9"
    assert as_table(f"{sheet}/edit?usp=sharing#gid=42") == f"{sheet}/export?format=csv&gid=42"
    assert as_table(f"{sheet}/edit") == f"{sheet}/export?format=csv&gid=0"
    for other in (f"{sheet}/pub?output=csv", "https://example.org/edit#gid=1"):
        assert as_table(other) == other

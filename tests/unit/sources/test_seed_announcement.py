"""The real announcement that the project was born from is read exactly."""

import json
from datetime import UTC, datetime

from programme_samples import ROOT, SEED, read

from zoom_sync.adapters.sources import check_json, json_schema_text
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode


def test_the_seed_is_read_without_any_problem():
    reading = read(SEED)
    assert reading.problems == ()
    assert [session.key for session in reading.programme.sessions] == [f"seminar-{n}" for n in (1, 2, 3, 4)]
    assert [len(session.items) for session in reading.programme.sessions] == [4, 4, 3, 4]


def test_the_event_is_named_by_its_own_line_and_keyed_by_title_and_year():
    event = read(SEED).programme.event
    assert event.title == "International Seminar on Learning from Urban Innovation"
    assert event.key == "international-seminar-on-learning-from-urban-innovation-2023"
    assert event.timezone == "Etc/GMT-8"
    assert event.description.startswith("The International Seminar")
    assert event.description.endswith("practices of global cities.")


def test_instants_are_exact_whatever_form_the_date_has():
    starts = [session.start.astimezone(UTC) for session in read(SEED).programme.sessions]
    assert starts == [
        datetime(2023, 11, 6, 12, 30, tzinfo=UTC),
        datetime(2023, 11, 7, 11, 30, tzinfo=UTC),
        datetime(2023, 11, 8, 12, 30, tzinfo=UTC),
        datetime(2023, 11, 9, 13, 0, tzinfo=UTC),
    ]
    assert {session.minutes for session in read(SEED).programme.sessions} == {90}


def test_ids_lose_their_spaces_and_passcodes_keep_their_zeros():
    known = [session.known for session in read(SEED).programme.sessions]
    assert known[0] == KnownMeeting("82318937943", Passcode("807001"))
    assert known[3] == KnownMeeting("89594051352", Passcode("011826"))


def test_presenters_countries_and_titles_with_colons_are_kept():
    first, second, third, fourth = read(SEED).programme.sessions
    assert first.items[1] == AgendaItem("Kazan, Russian", "Park to rest and recuperate", "Russian")
    assert second.items[3] == AgendaItem("Pimpri Chinchwad, India", "Navi Disha: community toilet model", "India")
    assert third.items[0] == AgendaItem("São Paulo, Brazil", "Programa Tô Legal", "Brazil")
    assert (fourth.items[3].presenter, fourth.items[3].country) == (
        "Alcaldia Iztapalapa, Mexico City, Mexico",
        "Mexico",
    )


def test_the_short_title_is_the_title_and_the_long_one_is_kept():
    session = read(SEED).programme.sessions[2]
    assert session.title == "Beyond smart city"
    assert session.long_title.startswith("Beyond smart city: empowering people")
    assert session.kind is Kind.MEETING


def test_a_bare_offset_is_kept_and_noted_with_the_way_to_name_a_place():
    (note,) = [note for note in read(SEED).notes if "--timezone" in note.message]
    assert note.line == 10
    assert "Etc/GMT-8" in note.message
    assert "--timezone Asia/Shanghai" in note.message


def test_a_named_place_with_the_same_offset_gives_the_same_instants():
    there, bare = read(SEED, timezone="Asia/Shanghai"), read(SEED)
    assert there.problems == ()
    assert {session.timezone for session in there.programme.sessions} == {"Asia/Shanghai"}
    assert [s.start for s in there.programme.sessions] == [s.start for s in bare.programme.sessions]


def test_a_named_place_with_another_offset_is_a_problem_of_each_session():
    reading = read(SEED, timezone="Asia/Tokyo")
    assert reading.programme is None
    assert [problem.line for problem in reading.problems] == [17, 34, 51, 70]
    assert "UTC+8 is written, but Asia/Tokyo has UTC+9" in reading.problems[0].message


def test_the_sample_of_the_config_folder_is_this_programme():
    sample = read((ROOT / "config/programme.yaml").read_bytes())
    assert sample.problems == ()
    assert sample.notes == ()
    assert sample.programme == read(SEED, timezone="Asia/Shanghai", event_key="urban-2023").programme


def test_the_schema_of_the_config_folder_is_current():
    """`make docs` renews it."""
    assert (ROOT / "config/programme.schema.json").read_text("utf-8") == json_schema_text()


def test_check_json_has_the_agreed_shape():
    report = check_json(read(SEED))
    assert json.loads(json.dumps(report)) == report
    assert set(report) == {"event", "sessions", "problems", "notes"}
    assert set(report["event"]) == {"key", "title", "timezone"}
    session = report["sessions"][3]
    assert list(session) == ["key", "title", "start", "end", "timezone", "kind", "items", "meeting_id", "passcode"]
    assert (session["start"], session["end"]) == ("2023-11-09T21:00:00+08:00", "2023-11-09T22:30:00+08:00")
    assert (session["meeting_id"], session["passcode"], session["kind"]) == ("89594051352", "011826", "meeting")
    assert session["items"][0]["presenter"] == "Mannheim, Germany"
    assert report["problems"] == []
    assert set(report["notes"][0]) == {"line", "message"}


def test_check_json_gives_no_sessions_where_there_is_a_problem():
    report = check_json(read(SEED.replace(b"823 1893 7943", b"823 1893")))
    assert report["sessions"] == []
    assert report["event"]["title"].startswith("International Seminar")
    assert report["problems"] == [{"line": 19, "message": report["problems"][0]["message"]}]

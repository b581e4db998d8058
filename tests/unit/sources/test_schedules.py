"""Schedules of the frab family, pretalx and Indico: the samples, the details of each, and what is refused."""

import json

import pytest
from programme_samples import ROOT, read, told

SAMPLES = ROOT / "tests/samples/programmes"
OPENING = ("2030-05-06T09:00:00+01:00", "2030-05-06T10:30:00+01:00")
TIDES = ("2030-05-06T23:00:00+01:00", "2030-05-07T00:30:00+01:00")


def sample(name):
    return (SAMPLES / name).read_text(encoding="utf-8")


def messages(entries):
    return "\n".join(message for _, message in told(entries))


def problems(text, **options):
    reading = read(text, **options)
    assert reading.programme is None
    return messages(reading.problems)


@pytest.mark.parametrize(
    ("name", "keys", "title"),
    [
        (
            "schedule.xml",
            ["6b1f0a52-0000-4000-8000-000000000001", "6b1f0a52-0000-4000-8000-000000000002"],
            "Open Coast Forum",
        ),
        (
            "schedule.json",
            ["6b1f0a52-0000-4000-8000-000000000001", "6b1f0a52-0000-4000-8000-000000000002"],
            "Open Coast Forum",
        ),
        ("pretalx.json", ["aaaaaa", "bbbbbb"], "programme"),
        ("indico-event.json", ["s1", "c12"], "Open Coast Forum"),
        ("indico-timetable.json", ["s1", "c12"], "programme"),
    ],
)
def test_the_samples(name, keys, title):
    reading = read(sample(name), timezone="Europe/Lisbon")
    assert reading.problems == ()
    assert reading.programme.event.title == title
    sessions = reading.programme.sessions
    assert [session.key for session in sessions] == keys
    assert [(s.start.isoformat(), s.end.isoformat()) for s in sessions] == [OPENING, TIDES]
    assert [item.presenter for session in sessions for item in session.items] == ["Ana Reis", "Bo Lund, Chen Wei"]


def test_xml_and_json_of_one_schedule_give_the_same_programme():
    assert read(sample("schedule.xml")).programme == read(sample("schedule.json")).programme


# --- XML -------------------------------------------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE schedule [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>\n<schedule><conference><title>&i;</title></conference></schedule>"
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE schedule [<!ENTITY x SYSTEM "file:///etc/passwd">]><schedule><conference><title>&x;</title></conference></schedule>',
        '<!DOCTYPE schedule SYSTEM "http://127.0.0.1:9/x.dtd"><schedule/>',
        '<?xml version="1.0"?><!DOCTYPE schedule [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]><schedule/>',
    ],
)
def test_entities_and_document_types_are_refused(text):
    assert "document type or entities" in problems(text)


def test_other_xml_is_no_schedule():
    assert "outermost element" in problems("<html><schedule/></html>")
    assert "not valid XML" in problems(sample("schedule.xml")[:-20])
    assert "holds no event" in problems("<schedule><conference/></schedule>")
    assert problems('<?xml version="1.0" encoding="nonsense"?><schedule/>')


def test_xml_in_utf_16_is_read():
    text = sample("schedule.xml").replace("encoding='utf-8'", "encoding='utf-16'")
    assert read(text.encode("utf-16")).programme == read(sample("schedule.xml")).programme


def test_an_old_schedule_tells_the_time_of_day_only():
    text = sample("schedule.xml").replace("<date>2030-05-06T09:00:00+01:00</date>", "")
    assert read(text).programme.sessions[0].start.isoformat() == OPENING[0]
    assert "`6b1f0a52-0000-4000-8000-000000000001` has no time" in problems(text.replace("<start>09:00</start>", ""))


def test_offsets_without_a_place_are_kept_and_told():
    text = sample("schedule.xml").replace("<time_zone_name>Europe/Lisbon</time_zone_name>", "")
    reading = read(text)
    assert reading.programme.event.timezone == "Etc/GMT-1"
    assert "only offsets from UTC are given" in messages(reading.notes)
    assert "no time zone is given" in problems(text.replace("+01:00", "+05:30"))


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_a_page_of_several_is_refused_and_all_pages_together_are_read():
    page = json.loads(sample("pretalx.json"))
    assert "one page of several" in problems(json.dumps({**page, "next": "https://x.example.org/?page=2", "count": 9}))
    other = {**page, "results": [{**page["results"][0], "code": "ZZZZZZ", "title": "More"}]}
    reading = read(json.dumps([page, {**other, "count": 5}]), timezone="Europe/Lisbon")
    assert [session.key for session in reading.programme.sessions] == ["aaaaaa", "bbbbbb", "zzzzzz"]


def test_two_slots_of_one_talk_are_two_sessions():
    page = json.loads(sample("pretalx.json"))
    slots = page["results"][1]["slots"]
    slots.append({**slots[0], "start": "2030-05-07T09:00:00+01:00", "end": "2030-05-07T10:30:00+01:00"})
    keys = [session.key for session in read(json.dumps(page), timezone="Europe/Lisbon").programme.sessions]
    assert keys == ["aaaaaa", "bbbbbb", "bbbbbb-2"]


def test_slots_that_hold_their_submission():
    page = json.loads(sample("pretalx.json"))
    talk = page["results"][1]
    slot = {**talk["slots"][0], "submission": {key: value for key, value in talk.items() if key != "slots"}}
    (session,) = read(json.dumps({"count": 1, "results": [slot]}), timezone="Europe/Lisbon").programme.sessions
    assert (session.key, session.start.isoformat()) == ("bbbbbb", TIDES[0])


def test_slots_that_are_only_numbers_are_told_with_what_to_ask_for():
    page = json.loads(sample("pretalx.json"))
    page["results"][1]["slots"] = [7]
    assert "expand=slots" in problems(json.dumps(page), timezone="Europe/Lisbon")


def test_slots_that_only_name_their_submission_are_told_with_what_to_ask_for():
    slot = {"submission": "BBBBBB", "start": TIDES[0], "end": TIDES[1], "room": 3, "code": None}
    assert "expand=submission" in problems(json.dumps({"results": [slot]}), timezone="Europe/Lisbon")


def test_breaks_are_left_out_and_told():
    assert "left out by their type (`break`): 1 of the entries (`b2`)" in messages(
        read(sample("indico-timetable.json"), timezone="Europe/Lisbon").notes
    )


def test_html_of_descriptions_is_taken_off():
    assert read(sample("indico-event.json")).programme.event.description == "A forum of those who live by the sea."


def test_several_events_are_refused():
    export = json.loads(sample("indico-event.json"))
    export["results"] *= 2
    assert "holds 2 events" in problems(json.dumps(export))


@pytest.mark.parametrize(
    "text", ['{"schedule": {"conference": {"days": ' + "[" * 100_000, '{"_type": "HTTPAPIResult", "results": 1}',
             '{"schedule":1,"conference":1,"days":' + "9" * 5000 + "}", '{"schedule":1,"conference":1,"days":[}'],
)  # fmt: skip
def test_json_that_is_no_programme_is_refused(text):
    assert problems(text)


def test_a_json_programme_in_our_own_form_is_still_one():
    own = {"event": {"key": "e", "title": "T", "timezone": "Europe/Paris"}, "sessions": [
        {"key": "a", "title": "A", "start": "2030-01-01T10:00:00", "duration": 30}]}  # fmt: skip
    assert read(json.dumps(own, indent=1)).programme.event.key == "e"

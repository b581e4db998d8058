"""What is written as YAML is read back equal, and fits the schema that editors are given."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from programme_samples import ROOT, SEED, YAML, read, told

from zoom_sync.adapters.sources import dump_programme, json_schema
from zoom_sync.domain.programme import AgendaItem, Event, Kind, KnownMeeting, Passcode, Programme, Session
from zoom_sync.domain.validate import check_programme

ZONES = st.sampled_from(["America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca", "Asia/Kathmandu",
                         "Etc/GMT-8", "UTC", "Pacific/Apia", "Asia/Shanghai"])  # fmt: skip
NO_CONTROLS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029")
LINE = st.text(NO_CONTROLS, min_size=1, max_size=60).map(str.strip).filter(bool) | st.sampled_from(
    [
        "yes",
        "null",
        "~",
        "011826",
        "2030-01-01",
        "a: b",
        "- a",
        "# a",
        "'",
        '"',
        "*a",
        "{}",
        "1:30",
        "=",
        "<<",
        "\ufeffa",
    ]
)
LINES = st.lists(LINE, min_size=1, max_size=4).map("\n".join)
KEYS = st.from_regex(r"[a-z0-9]{1,8}([-_][a-z0-9]{1,8}){0,2}", fullmatch=True)
SETTINGS = st.fixed_dictionaries({}, optional={
    "contact_name": LINE, "audio_conference_info": LINE, "waiting_room": st.booleans(), "jbh_time": st.sampled_from([0, 5]),
    "registrants_restrict_number": st.integers(-(10**9), 10**9), "global_dial_in_countries": st.lists(LINE, max_size=3),
    "question_and_answer": st.fixed_dictionaries({"enable": st.booleans(), "auto_reply_text": LINE}),
    "tracking_fields": st.lists(st.fixed_dictionaries({"field": LINE, "value": LINE}), max_size=2),
})  # fmt: skip
EMAILS = st.lists(st.from_regex(r"[a-z][a-z0-9.+-]{0,9}@[a-z]{1,9}\.(org|рф)", fullmatch=True), max_size=3).map(tuple)
ITEMS = st.builds(AgendaItem, LINE, LINE, st.none() | LINE, emails=EMAILS)
INSTANTS = st.integers(631_152_000, 5_680_281_600).map(lambda second: datetime.fromtimestamp(second, UTC)) | st.sampled_from(
    [datetime(2024, 11, 3, 5, 30, tzinfo=UTC), datetime(2024, 11, 3, 6, 30, tzinfo=UTC), datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
     datetime(2024, 4, 6, 15, 30, tzinfo=UTC), datetime(2024, 4, 6, 16, 30, tzinfo=UTC)]
)  # fmt: skip


@st.composite
def timed(draw, items, start, seconds, zone):
    """The items, one after the other, as far as whole minutes of the session are left."""
    free, found = 0, []
    for one in items:
        begin, minutes = free + draw(st.integers(0, 600)), draw(st.integers(1, 30))
        free = begin + minutes * 60
        if free > seconds:
            return (*found, *items[len(found) :]) if free - minutes * 60 < seconds else tuple(found)
        told = (start + timedelta(seconds=begin), start + timedelta(seconds=free))
        found.append(replace(one, start=told[0].astimezone(ZoneInfo(zone)), end=told[1].astimezone(ZoneInfo(zone))))
    return tuple(found)


@st.composite
def sessions(draw, key, meeting_id):
    zone, start = draw(ZONES), draw(INSTANTS)
    seconds = draw(st.integers(1, 86400))
    items = draw(st.lists(ITEMS, max_size=3))
    passcode = st.none() | st.from_regex(r"[A-Za-z0-9@*_!#&%-]{1,10}", fullmatch=True).map(Passcode)
    optional = st.none() | LINE
    return Session(
        key=key, title=draw(LINE), start=start.astimezone(ZoneInfo(zone)),
        end=(start + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone)), timezone=zone,
        kind=draw(st.sampled_from(Kind)), long_title=draw(optional), description=draw(st.none() | LINES),
        profile=draw(optional), host=draw(optional), settings=draw(SETTINGS),
        items=draw(st.just(tuple(items)) | timed(items, start, seconds, zone)),
        known=draw(st.none() | st.builds(KnownMeeting, st.just(meeting_id), passcode)),
    )  # fmt: skip


@st.composite
def programmes(draw):
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    event = Event(draw(KEYS), draw(LINE), draw(ZONES), draw(st.none() | LINES), draw(st.booleans()))
    return Programme(event, tuple(draw(sessions(key, str(80_000_000_000 + n))) for n, key in enumerate(keys)))


class JsonLoader(yaml.SafeLoader):
    """Reads times as texts, as editors do."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def faults(text):
    validator = jsonschema.Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(yaml.load(text, Loader=JsonLoader))]


@settings(deadline=None, max_examples=60)
@given(programmes())
def test_what_is_written_is_read_back_equal_and_fits_the_schema(programme):
    assert check_programme(programme) == ()
    text = dump_programme(programme)
    reading = read(text)
    assert told(reading.problems) == []
    assert reading.programme == programme
    for old, new in zip(programme.sessions, reading.programme.sessions, strict=True):
        assert (old.start.astimezone(UTC), old.end.astimezone(UTC)) == (
            new.start.astimezone(UTC),
            new.end.astimezone(UTC),
        )
    assert dump_programme(reading.programme) == text


def test_the_dump_is_kind_to_people():
    text = dump_programme(read(SEED, timezone="Asia/Shanghai", event_key="urban-2023").programme)
    assert 'passcode: "011826"' in text
    assert "presenter: São Paulo, Brazil" in text
    assert "start: 2023-11-09T21:00:00\n" in text
    assert "description: |" in text
    assert "kind:" not in text


def test_the_schema_is_a_schema_and_the_samples_fit_it():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert faults((ROOT / "config/programme.yaml").read_text("utf-8")) == []
    assert faults(YAML) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("title: Opening", "titel: Opening"), ("key: day-1", "key: Day 1"), ("duration: 45", "duration: 0"),
     ("823 1893 7943", "823"), ("011826", "01182601182"), ("duration: 45", "kind: webinars"), ("title: Opening", "x: y")],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(old, new):
    text = YAML.replace(old, new, 1)
    assert read(text).problems
    assert faults(text)


def calls_to_read(sessions):
    """How many functions are called to read a programme of so many sessions: the work, whatever the machine does else."""
    start = datetime(2030, 1, 1, tzinfo=UTC)
    items = tuple(AgendaItem(f"City {n}, Country", "A title of some length: and more", "Country") for n in range(4))
    many = tuple(
        Session(f"s-{n}", f"Session {n}", start + timedelta(hours=n), start + timedelta(hours=n + 1), "UTC", items=items,
                long_title="The title in full", known=KnownMeeting(str(80_000_000_000 + n), Passcode("011826")))
        for n in range(sessions)
    )  # fmt: skip
    text = dump_programme(Programme(Event("e", "E", "UTC"), many))
    calls = Counter()
    sys.setprofile(lambda _frame, event, _arg: calls.update((event,)))
    reading = read(text)
    sys.setprofile(None)
    assert len(reading.programme.sessions) == sessions
    return calls["call"]


def test_the_work_of_reading_grows_with_the_sessions_and_no_faster():
    calls_to_read(1)  # what is done only once
    assert calls_to_read(200) < 4.2 * calls_to_read(50)

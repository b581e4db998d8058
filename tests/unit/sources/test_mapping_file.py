"""The mapping file: everything it says arrives, and all that is wrong with it is told at once."""

import pytest
from programme_samples import ROOT

from zoom_sync.adapters.sources import read_mapping, read_programme
from zoom_sync.adapters.sources.mapping import SourceMapping
from zoom_sync.domain.timetable import Aspect, Per, SpeakersAs
from zoom_sync.errors import ConfigurationError

SAMPLES = ROOT / "tests/samples/programmes"


def wrong(text):
    with pytest.raises(ConfigurationError) as raised:
        read_mapping(text.encode(), "mapping.yaml")
    return [(problem.line, problem.message) for problem in raised.value.problems]


def test_everything_in_the_sample_arrives():
    mapping = read_mapping((SAMPLES / "mapping.yaml").read_bytes(), "mapping.yaml")
    assert (mapping.key, mapping.title, mapping.timezone) == ("coast-2030", "Open Coast Forum", "Europe/Lisbon")
    assert mapping.table.columns == {"tags": "Remarks"}
    assert mapping.table.day_first is True
    assert mapping.selection.only == {Aspect.ROOM: ("Hall A", "Hall B")}
    assert mapping.shaping.title == "{room}: {title}"
    assert mapping.shaping.per is Per.SESSION
    assert mapping.shaping.speakers is SpeakersAs.NAMES


def test_the_sample_table_is_read_with_the_sample_mapping():
    mapping = read_mapping((SAMPLES / "mapping.yaml").read_bytes(), "mapping.yaml")
    reading = read_programme((SAMPLES / "programme.csv").read_bytes(), name="programme.csv", mapping=mapping)
    assert reading.problems == ()
    opening, tides, _ = reading.programme.sessions
    assert (opening.title, opening.profile, opening.host) == ("Hall A: Opening of the forum", "internal", None)
    assert (tides.profile, tides.host) == (None, "webinars@example.org")
    assert reading.programme.event.key == "coast-2030"


def test_the_other_keys_arrive_too():
    text = """
encoding: cp1252
delimiter: ";"
header_row: 3
sheets: [Day 1]
fill_down: [date, room]
without: {types: [Lunch], tags: [private]}
one_meeting_per: room-and-day
speakers: alternative-hosts
"""
    mapping = read_mapping(text.encode(), "m")
    table = mapping.table
    assert (table.encoding, table.delimiter, table.header_row, table.sheets, table.fill_down) == (
        "cp1252", ";", 3, ("Day 1",), ("date", "room")
    )  # fmt: skip
    assert mapping.selection.without == {Aspect.TYPE: ("Lunch",), Aspect.TAG: ("private",)}
    assert mapping.shaping.per is Per.ROOM_AND_DAY
    assert mapping.shaping.speakers is SpeakersAs.ALTERNATIVE_HOSTS


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "~"])
def test_an_empty_mapping_says_nothing(text):
    assert read_mapping(text.encode(), "m") == SourceMapping()


def test_all_that_is_wrong_is_told_with_its_line():
    text = """\
event: {timezone: Mars/Olympus}
columns: {titel: X}
day_first: perhaps
encoding: nonsense
delimiter: "ab"
header_row: 0
only: {halls: [A]}
one_meeting_per: day
title: "{titel}"
hosts: [A]
speakers: everybody
colour: blue
"""
    told = wrong(text)
    assert [line for line, _ in told] == list(range(1, 13))


@pytest.mark.parametrize(
    "text", ["- a\n- b\n", "columns:\n\ttitle: x", "only: {rooms: A}", "encoding: hex", "title: plain"]
)
def test_what_is_no_mapping_is_refused(text):
    assert wrong(text)

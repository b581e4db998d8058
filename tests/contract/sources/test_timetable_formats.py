"""What holds for every format of timetables: one suite, run with the same programme written in each."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from timetable_writers import (
    NO_EMAILS,
    NO_SPEAKERS,
    NO_ZONE,
    ON_THE_WALL,
    PATHS,
    TELLS,
    WRITERS,
    ZONE,
    Row,
    many,
    own_id,
)

from zoom_sync.adapters.sources import FORMATS, SourceMapping, read_programme
from zoom_sync.adapters.sources.mapping import Part
from zoom_sync.domain.timetable import Aspect, Per, Selection, Shaping, SpeakersAs

TIDES = Row(
    "TIDES2", "Reading the tides", datetime(2030, 5, 6, 23, 0, tzinfo=ZoneInfo(ZONE)),
    datetime(2030, 5, 7, 0, 30, tzinfo=ZoneInfo(ZONE)), "Hall B", "Water", "Workshop", "confirmed", ("night",),
    (("Bo Lund", "bo@example.org"), ("Chen Wei", "chen@example.org")),
)  # fmt: skip
ROWS = (Row(track="Plenary", type="Talk", state="confirmed", tags=("coast",)), TIDES)


@pytest.fixture(params=WRITERS)
def form(request):
    return request.param


def read(form, rows, zone=ZONE, told_zone=ZONE, **mapping):
    """The reading; the zone is told by the caller where the format has no place for one."""
    mapping = SourceMapping(title="Forum", paths=PATHS.get(form), **mapping)
    return read_programme(WRITERS[form](rows, zone), name="source", timezone=told_zone, mapping=mapping)


def sessions(form, rows, **options):
    reading = read(form, rows, **options)
    assert reading.problems == ()
    return reading.programme.sessions


def messages(entries):
    return "\n".join(entry.message for entry in entries)


def test_every_format_of_timetables_is_in_this_suite():
    assert {each.name for each in FORMATS if Part.TIMETABLE in each.takes} == set(WRITERS)


def test_the_sessions_are_read(form):
    opening, tides = sessions(form, ROWS)
    assert (opening.key, opening.title, opening.timezone) == (own_id(form, "open01"), "Opening", ZONE)
    assert (opening.start, opening.end) == (ROWS[0].start, ROWS[0].end)
    assert (tides.key, tides.start, tides.end, tides.minutes) == (own_id(form, "tides2"), TIDES.start, TIDES.end, 90)
    if form not in NO_SPEAKERS:
        assert [item.presenter for item in tides.items] == ["Bo Lund, Chen Wei"]


def test_the_format_is_found_by_its_content_whatever_the_name(form):
    mapping = SourceMapping(paths=PATHS.get(form))
    reading = read_programme(WRITERS[form](ROWS, ZONE), name="notes.txt", timezone=ZONE, mapping=mapping)
    assert len(reading.programme.sessions) == 2
    named = read_programme(WRITERS[form](ROWS, ZONE), name="notes.txt", timezone=ZONE, format=form, mapping=mapping)
    assert named.programme.sessions == reading.programme.sessions


def test_a_key_stays_when_title_time_and_place_in_the_source_change(form):
    changed = replace(ROWS[0], title="Grand opening", start=ROWS[0].start.replace(hour=8), room="Hall C")
    assert [session.key for session in sessions(form, (TIDES, changed))] == [
        own_id(form, "tides2"),
        own_id(form, "open01"),
    ]


def test_keys_made_from_title_and_time_are_told_as_such(form):
    reading = read(form, [replace(row, id=None) for row in ROWS])
    assert [session.key for session in reading.programme.sessions] == [
        "opening-20300506-0900", "reading-the-tides-20300506-2300"
    ]  # fmt: skip
    assert reading.made_keys == {session.key for session in reading.programme.sessions}
    assert read(form, ROWS).made_keys == frozenset()


def test_an_entry_without_a_time_is_reported_by_its_id(form):
    reading = read(form, (ROWS[0], replace(TIDES, start=None, end=None)))
    assert reading.programme is None
    assert f"`{own_id(form, 'TIDES2')}` has no time" in messages(reading.problems)


def test_an_entry_without_a_title_is_reported(form):
    told = messages(read(form, (ROWS[0], replace(TIDES, title=""))).problems)
    assert "no title" in told


def test_an_entry_without_a_length_is_reported_by_its_id(form):
    reading = read(form, (ROWS[0], replace(TIDES, end=None)))
    assert f"`{own_id(form, 'TIDES2')}` has no length" in messages(reading.problems)


def test_an_entry_of_no_length_is_reported_by_its_id(form):
    reading = read(form, (ROWS[0], replace(TIDES, end=TIDES.start)))
    assert reading.programme is None
    assert f"`{own_id(form, 'TIDES2')}`" in messages(reading.problems)


@pytest.mark.parametrize("form", NO_ZONE)
def test_entries_without_a_zone_are_reported_by_their_ids_and_a_named_zone_cures_it(form):
    told = messages(read(form, ROWS, zone=None, told_zone=None).problems)
    assert (
        f"no time zone is given for 2 of the entries (`{own_id(form, 'OPEN01')}`, `{own_id(form, 'TIDES2')}`)" in told
    )
    assert "--timezone" in told
    assert sessions(form, ROWS, zone=None)[0].start == ROWS[0].start


def test_an_entry_that_is_not_selected_may_lack_its_time(form):
    read_one = sessions(
        form, (ROWS[0], replace(TIDES, start=None, end=None)), selection=Selection({Aspect.ROOM: ("hall a",)})
    )
    assert [session.key for session in read_one] == [own_id(form, "open01")]


@pytest.mark.parametrize(
    ("aspect", "value"),
    [("room", "Hall B"), ("track", "water"), ("type", "WORKSHOP"), ("tag", "night")],
)
def test_entries_are_selected_and_the_others_are_told(form, aspect, value):
    reading = read(form, ROWS, selection=Selection({Aspect(aspect): (value,)}))
    if aspect not in TELLS[form]:
        assert f"no entry has the {aspect}" in messages(reading.problems)
        return
    assert [session.key for session in reading.programme.sessions] == [own_id(form, "tides2")]
    assert f"left out by their {aspect}" in messages(reading.notes)
    assert f"`{own_id(form, 'OPEN01')}`" in messages(reading.notes)


def test_what_is_selected_can_be_what_is_left_over(form):
    read_rest = sessions(form, ROWS, selection=Selection(without={Aspect.ROOM: ("Hall A",)}))
    assert [session.key for session in read_rest] == [own_id(form, "tides2")]


def test_a_value_that_no_entry_has_is_told_with_those_there_are(form):
    told = messages(read(form, ROWS, selection=Selection({Aspect.ROOM: ("Hall X", "Hall A")})).problems)
    assert "no entry has the room `Hall X`" in told
    assert "`Hall A`, `Hall B`" in told


def test_what_is_cancelled_is_left_out_and_told_unless_it_is_asked_for(form):
    if "state" not in TELLS[form]:
        return
    rows = (ROWS[0], replace(TIDES, state="cancelled"))
    reading = read(form, rows)
    assert [session.key for session in reading.programme.sessions] == [own_id(form, "open01")]
    assert f"`{own_id(form, 'TIDES2')}`" in messages(reading.notes)
    asked = sessions(form, rows, selection=Selection({Aspect.STATE: ("cancelled",)}))
    assert [session.key for session in asked] == [own_id(form, "tides2")]


def test_one_session_in_several_rooms_is_one_meeting(form):
    rows = (ROWS[0], replace(ROWS[0], room="Hall C"), TIDES)
    if form in {"csv", "xlsx"}:
        rows = (replace(ROWS[0], room="Hall A; Hall C"), TIDES)
    elif form == "pretalx":  # tells one code once; another slot of it is another entry with the same speakers
        rows = (ROWS[0], replace(ROWS[0], room="Hall C"), TIDES)
    elif form == "icalendar":
        rows = tuple(replace(row, id=None) for row in rows)
    reading = read(form, rows, shaping=Shaping(hosts={"hall c": "c@example.org"}))
    assert len(reading.programme.sessions) == 2
    assert reading.programme.sessions[0].host == "c@example.org"
    assert "2 rooms" in messages(reading.notes)


def test_one_meeting_per_room_and_day(form):
    second = replace(
        ROWS[0], id="MAPS03", title="Maps", start=ROWS[0].start.replace(hour=14), end=ROWS[0].end.replace(hour=15)
    )
    made = sessions(form, (second, *ROWS), shaping=Shaping(per=Per.ROOM_AND_DAY, title="{event} / {room}"))
    assert [(session.key, session.title) for session in made] == [
        ("hall-a-2030-05-06", "Forum / Hall A"), ("hall-b-2030-05-06", "Forum / Hall B")
    ]  # fmt: skip
    assert (made[0].start, made[0].end) == (ROWS[0].start, second.end)
    assert [item.title for item in made[0].items] == ["Opening (09:00)", "Maps (14:00)"]


def test_an_entry_without_a_room_is_reported_where_there_is_one_meeting_per_room(form):
    reading = read(form, (ROWS[0], replace(TIDES, room=None)), shaping=Shaping(per=Per.ROOM_AND_DAY))
    assert f"`{own_id(form, 'TIDES2')}` has no room" in messages(reading.problems)


def test_one_meeting_per_room_cannot_last_for_days(form):
    later = replace(
        ROWS[0], id="LATE", title="Late", start=ROWS[0].start.replace(day=8), end=ROWS[0].end.replace(day=8)
    )
    reading = read(form, (ROWS[0], later), shaping=Shaping(per=Per.ROOM))
    assert "room-and-day" in messages(reading.problems)
    assert [each.key for each in sessions(form, ROWS, shaping=Shaping(per=Per.ROOM))] == ["hall-a", "hall-b"]


def test_speakers_become_what_the_mapping_asks_for(form):
    if form in NO_SPEAKERS:
        return
    plain, kept, hosts, none = (
        sessions(form, ROWS, shaping=Shaping(speakers=speakers))[1]
        for speakers in (SpeakersAs.NAMES, SpeakersAs.EMAILS, SpeakersAs.ALTERNATIVE_HOSTS, SpeakersAs.NONE)
    )
    assert plain.items[0].emails == ()
    if form in NO_EMAILS:
        assert (kept.items, none.items) == (plain.items, ())
        return
    assert kept.items[0].emails == ("bo@example.org", "chen@example.org")
    assert "bo@" not in repr(kept)
    assert hosts.settings == {"alternative_hosts": "bo@example.org;chen@example.org"}
    assert none.items == ()


def test_a_title_that_is_too_long_for_zoom_is_shortened_and_told(form):
    reading = read(form, (replace(ROWS[0], title="A " * 150 + "end"),), shaping=Shaping(title="{room}: {title}"))
    (session,) = reading.programme.sessions
    assert len(session.title) == 200
    assert session.title.startswith("Hall A: A A")
    assert session.title.endswith("…")
    assert session.long_title.endswith("end")
    assert "shortened" in messages(reading.notes)


CHANGES = [  # a zone, and a session that lasts over its change of clocks: begin and end in UTC
    ("America/New_York", (2024, 11, 3, 4, 30), (2024, 11, 3, 8, 0)),
    ("America/New_York", (2024, 3, 10, 6, 0), (2024, 3, 10, 8, 0)),
    ("Europe/London", (2024, 10, 26, 23, 30), (2024, 10, 27, 2, 30)),
    ("Europe/London", (2024, 3, 31, 0, 30), (2024, 3, 31, 2, 30)),
    ("Australia/Sydney", (2024, 4, 6, 14, 0), (2024, 4, 6, 18, 0)),
    ("Australia/Sydney", (2024, 10, 5, 15, 0), (2024, 10, 5, 17, 0)),
    ("Africa/Casablanca", (2024, 3, 10, 0, 30), (2024, 3, 10, 3, 30)),
    ("Africa/Casablanca", (2024, 4, 14, 1, 0), (2024, 4, 14, 3, 0)),
]


@pytest.mark.parametrize(("zone", "start", "end"), CHANGES)
def test_a_session_over_a_change_of_the_clocks_keeps_its_instants(form, zone, start, end):
    start, end = (datetime(*each, tzinfo=UTC).astimezone(ZoneInfo(zone)) for each in (start, end))
    (session,) = sessions(form, [replace(ROWS[0], start=start, end=end)], zone=zone, told_zone=zone)
    assert (session.start.astimezone(UTC), session.end.astimezone(UTC)) == (start.astimezone(UTC), end.astimezone(UTC))
    assert session.timezone == zone
    assert session.minutes == (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() // 60


@pytest.mark.parametrize("form", ON_THE_WALL)
@pytest.mark.parametrize(
    ("zone", "gap", "fold"),
    [
        ("America/New_York", (2024, 3, 10, 2, 30), (2024, 11, 3, 1, 30)),
        ("Europe/London", (2024, 3, 31, 1, 30), (2024, 10, 27, 1, 30)),
        ("Australia/Sydney", (2024, 10, 6, 2, 30), (2024, 4, 7, 2, 30)),
        ("Africa/Casablanca", (2024, 4, 14, 2, 30), (2024, 3, 10, 2, 30)),
    ],
)
def test_a_time_that_the_clocks_skip_or_show_twice_is_reported_by_its_id(form, zone, gap, fold):
    for moment, word in ((gap, "does not exist"), (fold, "occurs twice")):
        start = datetime(*moment, tzinfo=ZoneInfo(zone))
        told = messages(read(form, [replace(ROWS[0], start=start, end=start.replace(hour=5))], zone, zone).problems)
        assert f"`{own_id(form, 'OPEN01')}`" in told
        assert word in told


def test_a_thousand_sessions_are_ten_times_the_work_of_a_hundred(form):
    """Counted in calls of Python functions, which do not depend on the machine."""
    read(form, many(10))  # imports, caches
    mapping = SourceMapping(paths=PATHS.get(form))
    works = (partial(read_bytes, WRITERS[form](many(count), ZONE), mapping) for count in (100, 1000))
    small, large = map(calls_of, works)
    assert large < 11 * small
    assert len(read(form, many(1000)).programme.sessions) == 1000


def read_bytes(data, mapping):
    assert read_programme(data, name="source", timezone=ZONE, mapping=mapping).programme


def calls_of(work):
    count = 0

    def counting(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_no_message_tells_an_address(form):
    rows = (
        replace(ROWS[0], id="jane@example.org", title="Ask jane@example.org", room="jane@example.org", end=None),
        TIDES,
    )
    reading = read(form, rows, selection=Selection({Aspect.ROOM: ("jane@example.org", "nowhere@example.org")}))
    told = messages([*reading.problems, *reading.notes])
    assert told
    assert "@" not in told
    assert "jane" not in told

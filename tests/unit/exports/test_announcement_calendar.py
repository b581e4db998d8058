"""The calendar read back by others: the icalendar package for entries, dateutil for the zones that they stand in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from export_samples import announcement, session
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.domain.publication import Language
from zoom_sync.domain.revision import Revision

ZONES = ["America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca", "Asia/Shanghai"]
# Nights in which clocks are changed, in UTC; Casablanca's around Ramadan 2024.
CHANGES = {
    "America/New_York": ["2024-03-10T07:00", "2024-11-03T06:00"],
    "Europe/London": ["2024-03-31T01:00", "2024-10-27T01:00"],
    "Australia/Sydney": ["2024-04-06T16:00", "2024-10-05T16:00"],
    "Africa/Casablanca": ["2024-03-10T02:00", "2024-04-14T02:00"],
}
ACROSS = [(zone, datetime.fromisoformat(f"{at}+00:00")) for zone, moments in CHANGES.items() for at in moments]


def talk(zone, start, minutes=90, key="seminar-1"):
    """A session in a zone, from an instant on."""
    start = start.astimezone(ZoneInfo(zone))
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return session(key, start=start, end=end, timezone=zone)


def calendar_of(*sessions, **options):
    return write_announcement("ics", announcement(*sessions, **options))


def entries(calendar):
    return {str(one["uid"]).partition("@")[0]: one for one in Calendar.from_ical(calendar).walk("VEVENT")}


def told_in_its_own_zone(calendar, entry, name):
    """The instant of a time by nothing but the calendar's own description of the zone."""
    value = entry[name]
    if "TZID" not in value.params:
        return value.dt
    zones = tzical(StringIO(calendar.decode().replace("\r\n ", "")))
    return value.dt.replace(tzinfo=zones.get(value.params["TZID"])).astimezone(UTC)


def assert_same_instants(calendar, sessions):
    read = entries(calendar)
    for one in sessions:
        for name, moment in (("dtstart", one.start), ("dtend", one.end)):
            assert read[one.key][name].dt.astimezone(UTC) == moment.astimezone(UTC)
            assert told_in_its_own_zone(calendar, read[one.key], name) == moment.astimezone(UTC)


@pytest.mark.parametrize(("zone", "change"), ACROSS)
@pytest.mark.parametrize("hours", [-48, -2, -1, 0, 1, 48])
def test_a_session_around_a_clock_change_is_at_its_instant(zone, change, hours):
    talks = [talk(zone, change + timedelta(hours=hours, minutes=30 * half), key=f"s-{half}") for half in range(3)]
    assert_same_instants(calendar_of(*talks), talks)


@given(
    st.lists(
        st.builds(
            lambda zone, minute, length: (zone, datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minute), length),
            st.sampled_from([*ZONES, "Etc/UTC", "Etc/GMT-8", "Asia/Kolkata"]),
            st.integers(0, 60 * 24 * 800),
            st.integers(1, 1440),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_zones_the_instants_are_equal(told):
    talks = [talk(*one, key=f"s-{number}") for number, one in enumerate(told)]
    assert_same_instants(calendar_of(*talks), talks)


def test_every_zone_that_is_named_is_described_once_and_no_other():
    talks = [talk(zone, datetime(2024, 5, 1, tzinfo=UTC), key=f"s-{n}") for n, zone in enumerate([*ZONES, ZONES[0]])]
    read = Calendar.from_ical(calendar_of(*talks, talk("Etc/UTC", datetime(2024, 5, 1, tzinfo=UTC))))
    assert sorted(str(zone["tzid"]) for zone in read.walk("VTIMEZONE")) == sorted(ZONES)


def test_each_session_has_the_sequence_and_the_time_of_its_own_last_change():
    first, second = session(), session("seminar-2")
    changed = datetime(2023, 11, 1, 8, tzinfo=UTC)
    revision = Revision(second.key, second.title, second.start, second.end, second.timezone, "d", changed, sequence=4)
    read = entries(calendar_of(first, second, revisions={"seminar-2": revision}))
    assert (read["seminar-1"]["sequence"], read["seminar-2"]["sequence"]) == (0, 4)
    assert read["seminar-2"]["dtstamp"].dt == read["seminar-2"]["last-modified"].dt == changed


def test_a_session_that_left_is_told_as_called_off_without_any_link():
    gone = talk("America/New_York", datetime(2024, 3, 10, 6, 30, tzinfo=UTC), key="gone")
    revision = Revision("gone", "Gone, it is", gone.start, gone.end, gone.timezone, "d", gone.start, 2, True, True)
    calendar = calendar_of(session(), revisions={"gone": revision})
    read = entries(calendar)
    assert {key: str(one["status"]) for key, one in read.items()} == {"seminar-1": "CONFIRMED", "gone": "CANCELLED"}
    assert str(read["gone"]["summary"]) == "Called off: Gone, it is"
    assert "url" not in read["gone"]
    assert told_in_its_own_zone(calendar, read["gone"], "dtend") == gone.end.astimezone(UTC)


def test_the_calendar_is_published_and_looked_at_again_each_hour():
    read = Calendar.from_ical(calendar_of(title="A; b, c"))
    assert (str(read["method"]), str(read["x-wr-calname"])) == ("PUBLISH", r"A\; b\, c")
    assert read["refresh-interval"].dt == timedelta(hours=1)


def test_the_same_announcement_is_written_in_the_same_bytes():
    one, other = (announcement(session(), session("seminar-2")) for _ in range(2))
    assert write_announcement("ics", one) == write_announcement("ics", other)


def test_an_entry_speaks_the_announcements_language():
    told = write_announcement("ics", replace(announcement(), language=Language.CHINESE)).decode()
    assert "会议号" in told.replace("\r\n ", "")

"""Where an instance belongs that neither overlaps the session nor lies far from it."""

from datetime import UTC, datetime, timedelta

import pytest

from zoom_sync.domain.instances import LATE, Place, Times, Window, place_all

START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
END = START + timedelta(minutes=90)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after", "place"),
    [(MINUTE, Place.OWN), (LATE, Place.OWN), (LATE + MINUTE, Place.STRAY), (timedelta(hours=3), Place.STRAY)],
)
def test_a_meeting_that_is_begun_again_soon_after_its_end_goes_on_with_it(after, place):
    times = {"evening": Times(START, END), "again": Times(END + after, END + after + 20 * MINUTE)}
    placed = place_all("s", {"s": Window(START, END)}, times)
    assert placed["evening"][0] is Place.OWN
    assert placed["again"][0] is place


def test_a_restart_is_reckoned_from_when_the_session_really_ended():
    times = {"evening": Times(START, END + 45 * MINUTE), "again": Times(END + 60 * MINUTE, END + 80 * MINUTE)}
    assert place_all("s", {"s": Window(START, END)}, times)["again"][0] is Place.OWN

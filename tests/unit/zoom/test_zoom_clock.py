"""The clock that Zoom's answers put right."""

from datetime import UTC, datetime, timedelta

import pytest

from zoom_sync.adapters.zoom.clock import ZoomClock, contradicts

NOON = datetime(2023, 11, 6, 12, tzinfo=UTC)


class Machine(ZoomClock):
    def __init__(self, at):
        super().__init__()
        self.at = at

    def local(self):
        return self.at


def seconds(number):
    return timedelta(seconds=number)


@pytest.mark.parametrize("wrong", [-86_400, -3600, -4, 4, 3600, 86_400])
def test_a_machine_whose_clock_is_wrong_tells_zooms_time(wrong):
    clock = Machine(NOON + seconds(wrong))
    clock.told(NOON)
    assert clock.now() == NOON
    clock.at += seconds(60)
    assert clock.now() == NOON + seconds(60)
    assert clock.offset == seconds(-wrong)


@pytest.mark.parametrize("wrong", [-3, -1, 0, 2])
def test_a_difference_of_a_few_seconds_means_nothing(wrong):
    clock = Machine(NOON + seconds(wrong))
    clock.told(NOON)
    assert clock.offset == timedelta()


def test_a_clock_that_was_put_right_by_hand_is_believed_again():
    clock = Machine(NOON - seconds(3600))
    clock.told(NOON)
    clock.at = NOON
    clock.told(NOON)
    assert clock.offset == timedelta()


@pytest.mark.parametrize(
    ("server", "took", "contradiction"),
    [
        (0, 0, False), (3, 0, False), (4, 0, True), (-3, 0, False), (-4, 0, True),
        (-19, 19, False), (-23, 19, True), (0, 19, False), (3600, 19, True),
        (0, -3600, False),
    ],
)  # fmt: skip
def test_a_slow_answer_tells_an_older_time_without_contradiction(server, took, contradiction):
    assert contradicts(NOON + seconds(server), NOON - seconds(took), NOON) is contradiction

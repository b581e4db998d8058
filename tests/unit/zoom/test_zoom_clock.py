"""The clock that Zoom's answers put right."""

from datetime import UTC, datetime, timedelta

import pytest

from zoom_sync.adapters.zoom.clock import ZoomClock, contradicts

NOON = datetime(2023, 11, 6, 12, tzinfo=UTC)


class Machine(ZoomClock):
    def __init__(self, at, jumped=None):
        super().__init__(jumped)
        self.at, self.passed = at, 0.0

    def monotonic(self):
        return self.passed

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


@pytest.mark.parametrize("jump", [-7200, -15, 15, 7200])
def test_a_time_of_zooms_that_jumps_is_told_whatever_the_machines_clock_does(jump, caplog):
    told = []
    clock = Machine(NOON, told.append)
    clock.heard(NOON, 0.0)
    clock.passed += 60
    clock.at += seconds(86_400)  # somebody sets the machine's clock: that is no jump of Zoom's
    clock.heard(NOON + seconds(60), 60.0)
    assert told == []
    clock.passed += 60
    clock.heard(NOON + seconds(120 + jump), 120.0)
    assert told == [jump]
    assert "zoom_clock_jumped" in caplog.text
    clock.heard(NOON + seconds(120 + jump), 120.0)
    assert told == [jump], "told once"


@pytest.mark.parametrize(("took", "off"), [(0.0, 9), (0.0, -9), (40.0, -40), (40.0, -49)])
def test_slow_answers_and_the_seconds_between_zooms_machines_are_no_jump(took, off):
    told = []
    clock = Machine(NOON, told.append)
    clock.heard(NOON, 0.0)
    clock.passed += 100
    clock.heard(NOON + seconds(100 + off), 100.0 - took)
    assert told == []

"""Sessions as lists show them: where each is now, what is chosen, how it stands, what waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zoom_sync.domain.overview import (
    Choice,
    Line,
    Phase,
    Presence,
    Sort,
    Summed,
    Wait,
    Waiting,
    chosen,
    gathered,
    natural,
    standing,
)
from zoom_sync.domain.report import ReportState

START = datetime(2023, 11, 6, 12, 0, tzinfo=UTC)
LINE = Line("e", "Event", "Asia/Shanghai", "s1", "Opening", START, START + timedelta(hours=1), meeting_id="81234567890")
THERE = Presence(START, 12)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("line", "after", "watched", "phase"),
    [
        (LINE, -1, True, Phase.TO_COME),
        (LINE, 1, True, Phase.DUE),
        (LINE, 2, True, Phase.LATE),
        (LINE, 30, False, Phase.DUE),
        (replace(LINE, presence=THERE), -10, True, Phase.RUNNING),
        (replace(LINE, presence=THERE), 30, False, Phase.RUNNING),
        (replace(LINE, presence=THERE), 61, True, Phase.OVER_TIME),
        (replace(LINE, presence=THERE), 60 * 8, True, Phase.ENDED),
        (LINE, 61, True, Phase.ENDED),
        (replace(LINE, reports={"participants": ReportState.NONE}), 61, True, Phase.NOT_HELD),
        (replace(LINE, cancelled=True, presence=THERE), 30, True, Phase.CANCELLED),
    ],
)
def test_where_a_session_is_now(line, after, watched, phase):
    assert line.phase(START + after * MINUTE, watched=watched) is phase


@pytest.mark.parametrize(
    ("states", "summed"),
    [
        ([], Summed.NOT_YET),
        (["complete", "none"], Summed.COMPLETE),
        (["complete", "waiting"], Summed.WAITING),
        (["waiting", "partial", "complete"], Summed.SHORT),
        (["partial", "failed"], Summed.FAILED),
        (["complete", "expired"], Summed.FAILED),
    ],
)
def test_the_worst_report_stands_for_all_of_a_session(states, summed):
    line = replace(LINE, reports={f"kind{n}": ReportState(state) for n, state in enumerate(states)})
    assert line.summed is summed


def test_each_choice_narrows_and_all_together():
    lines = [
        replace(LINE, room="Room 10", track="Data", host="Ada"),
        replace(LINE, key="s2", title="Closing", room="Room 2", start=START + timedelta(days=1), meeting_id=""),
        replace(LINE, key="s3", title="Panel", moderators=("Bela",), reports={"polls": ReportState.FAILED}),
    ]
    now = START - timedelta(days=1)

    def keys(**choice):
        return [line.key for line in chosen(lines, Choice(**choice), now)]

    assert keys() == ["s1", "s3", "s2"]
    assert keys(text="bela") == ["s3"]
    assert keys(text="812 3456") == ["s1", "s3"]
    assert keys(day=lines[1].day) == ["s2"]
    assert keys(room="Room 10", track="Data", host="Ada") == ["s1"]
    assert keys(room="Room 10", track="Health") == []
    assert keys(state="none") == ["s2"]
    assert keys(report="short") == ["s3"]
    assert keys(sort=Sort.TITLE) == ["s1", "s3", "s2"]


def test_rooms_are_sorted_as_people_count():
    assert sorted(["Room 10", "Room 2", "aula", ""], key=natural) == ["", "aula", "Room 2", "Room 10"]


def test_how_it_stands_counts_each_session_once():
    past = replace(LINE, start=START - timedelta(days=1), end=START - timedelta(hours=20))
    lines = [
        replace(LINE, presence=THERE),
        replace(LINE, meeting_id=""),
        replace(LINE, cancelled=True, meeting_id=""),
        replace(past, reports={"participants": ReportState.COMPLETE}),
        replace(past, reports={"participants": ReportState.PARTIAL}),
        replace(past, reports={"participants": ReportState.NONE}, meeting_id=""),
    ]
    shown = standing(lines, START + 10 * MINUTE, watched=True)
    assert (shown.sessions, shown.cancelled, shown.running, shown.late, shown.missing) == (5, 1, 1, 1, 1)
    assert (shown.over, shown.complete, shown.short, shown.not_held) == (3, 1, 1, 1)


def test_more_than_three_of_a_kind_are_one_and_the_urgent_come_first():
    held = [Waiting(Wait.HELD_BACK, "e", "Event", f"s{n}", why="it moves") for n in range(4)]
    failed = Waiting(Wait.FAILED, "e", "Event", "s9")
    first, second = gathered([*held, failed])
    assert first is failed
    assert (second.kind, second.count, second.key, second.why) == (Wait.HELD_BACK, 4, "", "it moves")


@pytest.mark.parametrize(("there", "seats", "full"), [(90, 100, True), (89, 100, False), (500, None, False)])
def test_nearly_all_seats_are_told_at_nine_tenths(there, seats, full):
    assert replace(LINE, presence=Presence(START, there), capacity=seats).crowded is full

"""Collecting after the event: complete or said not to be, and doing it again doubles nothing."""

import re
from datetime import datetime, timedelta

import pytest

from factories import START, make_session
from zoom_sync.domain.report import ReportState
from zoom_sync.errors import NotInStore

EVENT = "urban-2023"
WAITING, PARTIAL, COMPLETE, NONE, EXPIRED, FAILED = ReportState
P, Q = ("seminar-1", "participants"), ("seminar-1", "questions")


def lines(desk, key="seminar-1"):
    return list(desk.reports.attendance(EVENT, key))


def rows(desk, kind="participants"):
    return sum(len(report.rows) for report in desk.reports.raw(EVENT, "seminar-1", kind))


def test_before_the_end_there_is_nothing_to_collect(evening):
    assert evening.collect() == {}
    told = evening.collect("seminar-1")
    assert (told[P].state, told[P].reason) == (WAITING, "the session is not over")


def test_right_after_the_end_a_report_is_partial_and_an_hour_later_complete(evening):
    held = evening.run(audience=40, questions=6)
    first = evening.collect()
    assert first[P].state in (WAITING, PARTIAL)
    assert first[P].reason
    evening.pass_time(hours=1)
    told = evening.collect()
    assert (told[P].state, told[P].rows) == (COMPLETE, held["participants"])
    assert told[Q].state is COMPLETE
    assert len(list(evening.reports.questions(EVENT, "seminar-1"))) == held["questions"]
    assert rows(evening) == held["participants"]
    assert 0 < len(lines(evening)) <= held["people"]
    assert evening.collect() == {}


def test_collecting_again_doubles_nothing(evening):
    evening.run(audience=40, questions=6)
    evening.pass_time(hours=1)
    evening.collect()
    before = (lines(evening), list(evening.reports.questions(EVENT, "seminar-1")), rows(evening))
    evening.collect("seminar-1")
    assert (lines(evening), list(evening.reports.questions(EVENT, "seminar-1")), rows(evening)) == before


def test_every_instance_of_a_restarted_meeting_counts(evening):
    held = evening.run(audience=30, instances=2)
    evening.pass_time(hours=1)
    told = evening.collect()
    assert told[P].rows == sum(one["participants"] for one in held["instances"])
    assert len(list(evening.reports.raw(EVENT, "seminar-1", "participants"))) == 2
    assert told[P].state is COMPLETE


def test_a_single_participant_is_asked_for_at_the_other_source_too(evening):
    evening.run(audience=1, questions=0)
    (instance,) = evening.zoom.simulator.world.instances.values()
    del instance.stays[1:]
    evening.pass_time(hours=1)
    evening.calls()
    told = evening.collect()
    assert (told[P].state, lines(evening)) == (NONE, [])
    assert "one person only" in told[P].reason
    assert evening.calls()["pastMeetingParticipants"] == 1


def test_a_meeting_that_nobody_opened_is_a_result(evening):
    evening.pass_time(days=5, hours=14, minutes=10)
    assert evening.collect()[P].state is WAITING
    evening.pass_time(hours=6)
    told = evening.collect()
    assert (told[P].state, told[P].reason) == (NONE, "the meeting was never held")
    assert told[Q].state is NONE
    assert evening.collect() == {}


@pytest.mark.parametrize("minutes", [20, 31, 60, 5 * 60])
def test_a_meeting_that_is_not_listed_yet_is_not_said_to_be_missing(evening, minutes):
    evening.pass_time(days=5, hours=14, minutes=minutes)
    told = evening.collect()[P]
    moment = re.fullmatch(r"Zoom lists no meeting yet; asked again at (.+) UTC", told.reason)
    assert (told.state, bool(moment)) == (WAITING, True)
    again = datetime.strptime(f"{moment[1]} +0000", "%Y-%m-%d %H:%M %z")
    assert again > told.checked_at
    evening.pass_time(seconds=(again - timedelta(minutes=1) - told.checked_at).total_seconds())
    assert P not in evening.collect()
    evening.pass_time(minutes=2)
    assert P in evening.collect()


def test_an_evening_without_questions_is_a_result(evening):
    evening.run(audience=10, questions=0)
    evening.pass_time(hours=1)
    told = evening.collect()
    assert (told[Q].state, told[Q].reason) == (NONE, "nobody asked")


def test_pages_are_read_to_the_end(evening):
    held = evening.run(audience=700, questions=0)
    evening.pass_time(hours=1)
    evening.calls()
    told = evening.collect()
    assert told[P].rows == held["participants"]
    assert evening.calls()["reportMeetingParticipants"] == -(-held["participants"] // 300)


def test_trouble_with_zoom_is_said_and_what_was_had_is_kept(evening):
    evening.run(audience=20)
    evening.pass_time(hours=1)
    evening.collect()
    before = lines(evening)
    evening.zoom.fault(kind="refuse", operation="reportMeetingParticipants", times=20)
    told = evening.collect("seminar-1")
    assert told[P].state is FAILED
    assert told[Q].state is COMPLETE
    assert lines(evening) == before


def test_one_sessions_trouble_is_not_anothers(evening):
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2", start=START + timedelta(days=1)))
    evening.apply()
    evening.run("seminar-1", audience=10)
    evening.run("seminar-2", audience=10)
    evening.control("DELETE", f"meetings/{evening.link('seminar-1').meeting_id}")
    evening.pass_time(hours=1)
    told = evening.collect()
    assert told["seminar-2", "participants"].state is COMPLETE
    assert told["seminar-1", "participants"].state in (COMPLETE, NONE)


def test_an_expired_meeting_is_no_error(evening):
    evening.run(audience=10)
    evening.pass_time(days=40)
    told = evening.collect()
    assert told[P].state in (COMPLETE, NONE)


def test_a_session_without_meeting_cannot_be_collected(evening):
    evening.load(make_session("seminar-2"))
    with pytest.raises(NotInStore, match="zoom-sync adopt"):
        evening.collect("seminar-2")
    with pytest.raises(NotInStore):
        evening.collect("unknown")

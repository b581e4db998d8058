"""Every kind of report: waiting, partial, complete, none, expired and failed, at no more calls than needed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import make_session
from zoom_sync.domain.attendance import Role, Turnout
from zoom_sync.domain.polls import Source, count_answers
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.report import Report, ReportState
from zoom_sync.service_layer.collect import collect_sessions, due_sessions, remerge

EVENT, KEY = "urban-2023", "seminar-1"
WAITING, PARTIAL, COMPLETE, NONE, EXPIRED, FAILED = ReportState
MEETING = ("participants", "questions", "polls", "surveys", "registrants")
WEBINAR = (*MEETING, "absentees", "panelists")
HEAVY = ("reportMeetingParticipants", "reportMeetingQA", "reportMeetingPolls", "reportMeetingSurvey")
ADA = {"first_name": "Ada", "email": "Ada@example.org"}


@pytest.fixture
def registered(desk):
    """A desk whose session has a meeting with registration."""
    desk.profiles["plain"]["approval_type"] = 0
    desk.apply()
    return desk


@pytest.fixture
def webinar(desk):
    """A desk whose session has a webinar with registration, and a panelist."""
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
    desk.profiles["plain"] = {"approval_type": 0}
    desk.load(make_session(kind=Kind.WEBINAR, timezone="Asia/Shanghai"))
    desk.again().apply()
    call = {"panelists": [{"email": "pan@example.org", "name": "Pan Ellist"}]}
    world = desk.zoom.simulator.world
    world.meetings[int(desk.link().meeting_id)].panelists.append(
        {"id": "pan-id", **call["panelists"][0], "join_url": "x"}
    )
    return desk


def register(desk, count):
    desk.control("POST", f"meetings/{desk.link().meeting_id}/register", {"count": count})


def states(told):
    return {kind: one.state for (_, kind), one in told.items()}


def due(desk):
    return due_sessions(desk.collecting, EVENT, desk.zoom.clock.now())


def people(desk):
    return list(desk.reports.attendance(EVENT, KEY))


# --- a meeting -------------------------------------------------------------------------------------------------------


def test_what_a_meeting_can_have_is_asked_for_and_nothing_else(evening):
    told = evening.collect(KEY)
    assert {kind: (one.state, one.reason) for (_, kind), one in told.items()} == dict.fromkeys(
        MEETING, (WAITING, "the session is not over")
    )
    evening.run(audience=20, questions=2, polls=2, survey=True)
    evening.pass_time(days=8)
    assert states(evening.collect()) == {
        "participants": COMPLETE, "questions": COMPLETE, "polls": COMPLETE, "surveys": COMPLETE, "registrants": NONE,
    }  # fmt: skip
    assert due(evening) == []


def test_heavy_calls_are_one_for_each_report_once_zoom_has_finished(evening):
    evening.run(audience=20, polls=1)
    evening.calls()
    told = evening.collect()
    assert told[KEY, "polls"].state is WAITING
    assert "Zoom may add rows until 2023-11-06 14:30 UTC" in told[KEY, "polls"].reason
    early = evening.calls()
    assert {name: early.get(name, 0) for name in HEAVY} == dict(zip(HEAVY, (1, 1, 0, 0), strict=True))
    evening.pass_time(hours=1)
    assert states(evening.collect())["surveys"] is NONE
    later = evening.calls()
    assert {name: later.get(name, 0) for name in HEAVY} == dict.fromkeys(HEAVY, 1)
    assert evening.collect() == {}
    assert not set(HEAVY) & set(evening.calls())


def test_a_meeting_without_registration_costs_no_call_for_registrants(evening):
    evening.run(audience=10)
    evening.pass_time(hours=1)
    evening.calls()
    told = evening.collect()[KEY, "registrants"]
    assert (told.state, told.reason) == (NONE, "the meeting is without registration")
    assert "meetingRegistrants" not in evening.calls()


def test_an_adopted_meeting_is_asked_once_whether_it_has_registration(desk):
    made = desk.by_hand()
    desk.adopt(KEY, made["id"])
    link = desk.link()
    settings = {name: value for name, value in link.applied.settings.items() if name != "approval_type"}
    desk.links.applied(EVENT, replace(link, applied=replace(link.applied, settings=settings)), desk.zoom.clock.now())
    desk.run(audience=10)
    desk.pass_time(hours=1)
    desk.calls()
    assert states(desk.collect())["registrants"] is NONE
    assert desk.calls()["meetingRegistrants"] == 1


def test_who_registered_came_stayed_away_or_came_unregistered(registered):
    register(registered, 40)
    registered.run(audience=20)
    registered.pass_time(hours=1)
    told = registered.collect()[KEY, "registrants"]
    assert (told.state, told.rows, told.total) == (COMPLETE, 40, 40)
    lines = list(registered.reports.registrations(EVENT, KEY))
    count = {turnout: sum(one.turnout is turnout for one in lines) for turnout in Turnout}
    assert (count[Turnout.CAME], count[Turnout.ABSENT]) == (17, 23)
    assert count[Turnout.UNREGISTERED] > 0
    assert len(list(registered.reports.absentees(EVENT, KEY))) == 23
    assert {one.registered for one in people(registered)} == {True, False}
    kept = [row for report in registered.reports.raw(EVENT, KEY, "registrants") for row in report.rows]
    assert not [row for row in kept if "join_url" in row]


def test_registrations_of_a_meeting_that_nobody_opened_are_collected(registered):
    register(registered, 5)
    registered.pass_time(days=6)
    told = registered.collect()
    assert (told[KEY, "participants"].state, told[KEY, "registrants"].state) == (NONE, COMPLETE)
    assert {one.turnout for one in registered.reports.registrations(EVENT, KEY)} == {Turnout.ABSENT}


def test_where_somebody_approves_by_hand_all_who_asked_are_known(registered):
    registered.edit(registered.link().meeting_id, settings={"approval_type": 1})
    link = registered.link()
    applied = replace(link.applied, settings={**link.applied.settings, "approval_type": 1})
    registered.links.applied(EVENT, replace(link, applied=applied), registered.zoom.clock.now())
    register(registered, 3)
    meeting = registered.zoom.simulator.world.meetings[int(link.meeting_id)]
    meeting.registrants[0]["status"], meeting.registrants[1]["status"] = "denied", "pending"
    registered.run(audience=10)
    registered.pass_time(hours=1)
    assert registered.collect()[KEY, "registrants"].rows == 3
    assert {one.registration.status for one in registered.reports.registrations(EVENT, KEY)} >= {"denied", "pending"}


def test_registrations_that_went_with_their_meeting_are_expired(registered):
    register(registered, 3)
    registered.run(audience=10)
    registered.control("DELETE", f"meetings/{registered.link().meeting_id}")
    registered.pass_time(hours=1)
    told = registered.collect()
    assert (told[KEY, "registrants"].state, told[KEY, "participants"].state) == (EXPIRED, COMPLETE)
    assert "no longer has the meeting" in told[KEY, "registrants"].reason
    assert due(registered) == []


def test_answers_to_polls_and_surveys_are_kept_and_come_once(evening):
    held = evening.run(audience=30, polls=4, survey=True)
    evening.pass_time(hours=1)
    told = evening.collect()
    assert told[KEY, "polls"].rows == held["polls"]
    assert (told[KEY, "surveys"].state, told[KEY, "surveys"].rows) == (PARTIAL, held["surveys"])
    assert "people may answer until 2023-11-13" in told[KEY, "surveys"].reason
    before = list(evening.reports.polls(EVENT, KEY))
    assert {one.source for one in before} == set(Source)
    assert any(one.anonymous for one in before)
    evening.collect(KEY)
    assert list(evening.reports.polls(EVENT, KEY)) == before


def test_how_questions_are_answered_is_learnt_from_their_definitions(evening):
    evening.run(audience=60, polls=2, survey=True)
    evening.pass_time(hours=1)
    evening.calls()
    evening.collect()
    calls = evening.calls()
    assert (calls["meetingPolls"], calls["meetingSurveyGet"]) == (1, 1)
    counted = {
        one.question: {choice.choice for choice in one.choices}
        for one in count_answers(evening.reports.polls(EVENT, KEY))
    }
    assert counted["What should be other next time?"] == {"Longer pauses; fewer speakers", "More time for questions"}
    assert counted["Which of these apply to you?"] == {"Student", "Researcher", "City administration", "Other"}


def test_without_their_definitions_answers_are_collected_all_the_same(evening):
    evening.run(audience=60, survey=True)
    evening.pass_time(hours=1)
    evening.zoom.fault(kind="refuse", operation="meetingSurveyGet", times=4)
    assert evening.collect()[KEY, "surveys"].state is PARTIAL
    assert all(answer.type is None for answer in evening.reports.polls(EVENT, KEY))
    evening.pass_time(minutes=31)
    evening.collect(KEY)
    assert {answer.type.name for answer in evening.reports.polls(EVENT, KEY)} == {"single", "long_answer"}


def test_a_meeting_without_polls_costs_no_call_for_their_definitions(evening):
    evening.run(audience=20)
    evening.pass_time(hours=1)
    evening.calls()
    evening.collect()
    assert not {"meetingPolls", "meetingSurveyGet"} & set(evening.calls())


def test_a_restarted_meeting_is_asked_for_each_instance(evening):
    held = evening.run(audience=30, polls=1, instances=2)["instances"]
    evening.pass_time(hours=1)
    evening.calls()
    told = evening.collect()
    assert told[KEY, "polls"].rows == sum(one["polls"] for one in held)
    assert evening.calls()["reportMeetingPolls"] == 2
    assert len(list(evening.reports.raw(EVENT, KEY, "polls"))) == 2


# --- webinars --------------------------------------------------------------------------------------------------------


def test_a_webinar_has_absentees_and_panelists_too(webinar):
    register(webinar, 30)
    webinar.run(audience=20, polls=1)
    webinar.pass_time(hours=1)
    webinar.calls()
    told = webinar.collect()
    assert states(told) == {
        "participants": COMPLETE, "questions": COMPLETE, "polls": COMPLETE, "surveys": NONE, "registrants": COMPLETE,
        "absentees": COMPLETE, "panelists": COMPLETE,
    }  # fmt: skip
    assert (told[KEY, "absentees"].rows, told[KEY, "absentees"].total) == (13, 13)
    calls = webinar.calls()
    assert [calls[name] for name in ("webinarAbsentees", "webinarPanelists", "webinarRegistrants")] == [1, 1, 1]
    assert len(list(webinar.reports.absentees(EVENT, KEY))) == 13
    (panelist,) = [one for one in people(webinar) if one.panelist]
    assert (panelist.name, panelist.role) == ("Pan Ellist", Role.PANELIST)
    assert {one.panelist for one in people(webinar)} == {True, False}


def test_of_a_webinar_that_was_restarted_absent_is_who_missed_both(webinar):
    register(webinar, 30)
    webinar.run(audience=20, instances=2)
    webinar.pass_time(hours=1)
    told = webinar.collect()
    lists = [{row["id"] for row in report.rows} for report in webinar.reports.raw(EVENT, KEY, "absentees")]
    assert told[KEY, "absentees"].rows == sum(map(len, lists))
    assert {one.registrant_id for one in webinar.reports.absentees(EVENT, KEY)} == lists[0] & lists[1]


# --- trouble, and time -----------------------------------------------------------------------------------------------


class Reader:
    """A reader of which one method answers otherwise."""

    def __init__(self, reader, **methods):
        self._reader = reader
        self.__dict__.update(methods)

    def __getattr__(self, name):
        return getattr(self._reader, name)


def test_fewer_rows_than_zoom_says_are_partial_and_say_how_many(registered):
    register(registered, 10)
    registered.run(audience=10)
    registered.pass_time(hours=1)
    real = registered.zoom.reader

    def some(*args):
        return Report(real.registrants(*args).rows[:4], 10)

    collecting = replace(registered.collecting, reader=Reader(real, registrants=some))
    told = {one.kind: one for one in collect_sessions(collecting, EVENT, [KEY])}["registrants"]
    assert (told.state, told.rows, told.total, told.reason) == (PARTIAL, 4, 10, "4 of 10 rows")
    assert registered.collect(KEY)[KEY, "registrants"].state is COMPLETE


def test_fewer_rows_later_change_neither_the_rows_nor_the_state(evening):
    held = evening.run(audience=20)
    evening.pass_time(hours=1)
    evening.collect()
    before = people(evening)
    collecting = replace(
        evening.collecting, reader=Reader(evening.zoom.reader, participants=lambda *_: Report((), None))
    )
    collecting.reader.past_participants = lambda *_: Report((), 0)
    told = {one.kind: one for one in collect_sessions(collecting, EVENT, [KEY])}["participants"]
    assert (told.state, told.rows) == (COMPLETE, held["participants"])
    assert people(evening) == before


def test_a_report_that_fails_and_then_expires_still_says_how_many_rows_are_kept(evening):
    held = evening.run(audience=20)
    evening.pass_time(hours=1)
    evening.collect()
    evening.zoom.fault(kind="refuse", operation="reportMeetingParticipants", times=4)
    assert evening.collect(KEY)[KEY, "participants"].rows == held["participants"]
    evening.pass_time(days=400)
    told = evening.collect()[KEY, "participants"]
    assert (told.state, told.rows) == (EXPIRED, held["participants"])


@pytest.mark.parametrize(
    ("operation", "kind"),
    [("reportMeetingPolls", "polls"), ("reportMeetingSurvey", "surveys"), ("meetingRegistrants", "registrants"),
     ("reportMeetingQA", "questions"), ("reportMeetingParticipants", "participants")],
)  # fmt: skip
def test_trouble_with_one_report_blocks_no_other_and_is_over_later(registered, operation, kind):
    register(registered, 5)
    registered.run(audience=20, polls=1, survey=True)
    registered.pass_time(hours=1)
    registered.zoom.fault(kind="refuse", operation=operation, times=4)
    told = registered.collect()
    assert [name for name, state in states(told).items() if state is FAILED] == [kind]
    assert len(told) == len(MEETING)
    registered.pass_time(minutes=31)
    assert states(registered.collect())[kind] in (COMPLETE, PARTIAL)


def test_where_the_instances_cannot_be_had_registrations_are_collected_all_the_same(registered):
    register(registered, 5)
    registered.run(audience=20)
    registered.pass_time(hours=1)
    registered.zoom.fault(kind="refuse", operation="pastMeetings", times=4)
    told = states(registered.collect())
    assert told == {**dict.fromkeys(MEETING, FAILED), "registrants": COMPLETE}


def test_a_missing_scope_is_a_failure_that_is_asked_about_ever_seldomer(evening):
    evening.run(audience=20, polls=1)
    evening.pass_time(hours=1)
    evening.zoom.fault(kind="code_under_200", operation="reportMeetingPolls", times=None, code=4711,
                       message="Invalid access token, does not contain scopes:[report:read:list_meeting_polls:admin].")  # fmt: skip
    told = evening.collect()
    assert told[KEY, "polls"].state is FAILED
    assert "report:read:list_meeting_polls:admin" in told[KEY, "polls"].reason
    asked = 0
    for _ in range(7 * 24 * 6):
        evening.pass_time(minutes=10)
        asked += (KEY, "polls") in evening.collect()
    assert 5 < asked < 20
    assert KEY in evening.collect(KEY)[KEY, "polls"].key


def test_no_plan_for_reports_is_a_failure_and_not_an_empty_report(evening):
    evening.run(audience=20)
    evening.pass_time(hours=1)
    evening.zoom.fault(kind="code_under_200", operation="reportMeetingPolls", times=1)
    told = evening.collect()[KEY, "polls"]
    assert (told.state, told.lasting) == (FAILED, True)
    assert "No permission" in told.reason


def test_after_a_year_reports_are_expired_and_not_asked_for(evening):
    evening.run(audience=20)
    evening.pass_time(days=370)
    evening.calls()
    told = evening.collect()
    assert states(told) == {**dict.fromkeys(MEETING, EXPIRED), "registrants": NONE}
    assert "for a year" in told[KEY, "participants"].reason
    assert not set(HEAVY) & set(evening.calls())
    assert due(evening) == []


def test_what_zoom_itself_says_is_expired_is_so_too(evening):
    evening.run(audience=20)
    evening.pass_time(days=300)
    evening.zoom.fault(kind="code_under_200", operation="reportMeetingQA", times=1, code=12702,
                       message="Can not access a meeting a year ago.")  # fmt: skip
    told = evening.collect()
    assert (told[KEY, "questions"].state, told[KEY, "participants"].state) == (EXPIRED, COMPLETE)


def test_after_fifteen_months_nothing_is_asked(evening):
    evening.run(audience=20)
    evening.pass_time(days=500)
    evening.zoom.reader.server_time()
    evening.calls()
    assert set(states(evening.collect()).values()) == {EXPIRED}
    assert not set(evening.calls()) - {"token"}


def test_what_is_complete_stays_so_when_zoom_keeps_it_no_longer(evening):
    evening.run(audience=20)
    evening.pass_time(hours=1)
    evening.collect()
    before = people(evening)
    evening.pass_time(days=400)
    told = evening.collect(KEY)
    assert told[KEY, "participants"].state is COMPLETE
    assert people(evening) == before != []


def test_a_webinars_participants_of_more_than_half_a_year_ago_come_from_the_other_source(webinar):
    webinar.run(audience=20)
    webinar.pass_time(days=200)
    webinar.calls()
    assert states(webinar.collect())["participants"] is COMPLETE
    calls = webinar.calls()
    assert calls["listWebinarParticipants"] == 1
    assert "reportWebinarParticipants" not in calls


def test_the_due_reports_of_a_session_are_asked_for_and_the_settled_ones_not(evening):
    evening.run(audience=20, polls=1, survey=True)
    evening.pass_time(hours=1)
    evening.collect()
    evening.pass_time(days=1)
    evening.calls()
    assert len(evening.collect()) == len(MEETING)
    assert [name for name in evening.calls() if name in HEAVY] == ["reportMeetingSurvey"]


def test_a_meeting_that_runs_beyond_its_time_is_waited_for(evening):
    evening.pass_time(days=5, hours=13)
    evening.control("POST", f"meetings/{evening.link().meeting_id}/start")
    evening.pass_time(hours=2)
    told = evening.collect()
    assert {one.reason for one in told.values()} >= {"the meeting may still be under way"}
    assert states(told)["participants"] is WAITING
    evening.control("POST", f"meetings/{evening.link().meeting_id}/end")
    evening.pass_time(hours=2)
    assert states(evening.collect())["participants"] is NONE
    assert "one person only" in evening.collect(KEY)[KEY, "participants"].reason


def test_a_meeting_that_was_begun_again_is_complete_only_when_it_is_over(evening):
    evening.run(audience=20, minutes=60, polls=1)
    evening.pass_time(minutes=5)
    evening.control("POST", f"meetings/{evening.link().meeting_id}/start")
    evening.pass_time(hours=2)
    evening.calls()
    told = evening.collect()
    assert (told[KEY, "participants"].state, told[KEY, "polls"].state) == (PARTIAL, PARTIAL)
    assert told[KEY, "participants"].reason == "the meeting may be under way again"
    assert evening.calls()["meeting"] == 1
    evening.control("POST", f"meetings/{evening.link().meeting_id}/end")
    evening.pass_time(hours=2)
    assert states(evening.collect())["participants"] is COMPLETE
    assert len(list(evening.reports.raw(EVENT, KEY, "participants"))) == 2


def test_a_webinar_that_nobody_opened_is_a_result_some_hours_later(webinar):
    webinar.pass_time(days=5, hours=16)
    assert states(webinar.collect())["participants"] is WAITING
    webinar.pass_time(hours=6)
    told = states(webinar.collect())
    assert {told[kind] for kind in ("participants", "questions", "polls", "surveys", "absentees")} == {NONE}
    assert told["panelists"] is COMPLETE


def test_until_the_participants_are_settled_they_are_asked_for_with_every_other_report(evening):
    evening.run(audience=20)
    evening.pass_time(hours=10)
    evening.zoom.fault(kind="code_under_200", operation="reportMeetingParticipants", times=1)
    evening.zoom.fault(kind="refuse", operation="reportMeetingQA", times=4)
    told = states(evening.collect())
    assert (told["participants"], told["questions"]) == (FAILED, FAILED)
    evening.pass_time(minutes=31)  # the questions are due again, the participants by themselves not before 5 hours
    told = states(evening.collect())
    assert (told["participants"], told["questions"]) == (COMPLETE, COMPLETE)


# --- what is made of it ----------------------------------------------------------------------------------------------


def test_hosts_alternative_hosts_staff_and_users_of_the_account_are_told_apart(desk):
    desk.profiles["plain"]["alternative_hosts"] = "host2@example.org"
    desk.apply()
    desk.run(audience=40)
    desk.pass_time(hours=1)
    desk.collect()
    roles = {one.email: one.role for one in people(desk) if one.role is not Role.AUDIENCE}
    assert len(roles) == 2
    assert set(roles.values()) == {Role.HOST}
    guest = next(one for one in people(desk) if one.email and one.role is Role.AUDIENCE)
    remerge(replace(desk.collecting, staff=frozenset({guest.email.upper()})), EVENT, KEY)
    assert next(one for one in people(desk) if one.email == guest.email).role is Role.STAFF


def test_what_counts_as_attended_can_be_told_and_merged_anew_without_asking_zoom(evening):
    evening.run(audience=40)
    evening.pass_time(hours=1)
    evening.collect()
    evening.calls()
    half = sum(one.attended for one in people(evening))
    remerge(replace(evening.collecting, attended_share=0.99), EVENT, KEY)
    assert 0 <= sum(one.attended for one in people(evening)) < half
    assert evening.calls() == {}


def test_the_delay_counts_from_the_last_who_left(evening):
    evening.run(audience=20, minutes=200, polls=1)
    evening.pass_time(minutes=15)
    assert evening.collect()[KEY, "polls"].state is WAITING
    evening.pass_time(seconds=timedelta(minutes=20).total_seconds())
    assert evening.collect(KEY)[KEY, "polls"].state is COMPLETE

"""What Zoom refuses proves nothing about who came: it is a failure, told, and asked again until Zoom answers.

Each line of the tables is one refusal with what is done about it. `FAILS`: the state is failed, nobody is said to have
been absent, and the report is complete once Zoom answers again. `OTHER_SOURCE`: the same stays are read elsewhere.
What Zoom's own words mean that there is none stands in `adapters/zoom/absence.py`.
"""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from factories import make_session
from support.front import Front
from zoom_sync.adapters.zoom.absence import GONE, NONE
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.report import ReportState

EVENT, KEY = "urban-2023", "seminar-1"
WAITING, PARTIAL, COMPLETE, NONE_STATE, EXPIRED, FAILED = ReportState
FAILS, OTHER_SOURCE = "fails", "other source"
REPORT = "/report/(meetings|webinars)/.+/participants"
PAST = "/past_(meetings|webinars)/.+/participants"
HTML = b"<html><body><h1>Not Found</h1></body></html>"


def said(code, message):
    return {"code": code, "message": message}


REFUSALS = [
    # words that Zoom's description has for a report that it does not find
    (404, said(3001, "Meeting 81000000001 not found or has expired."), OTHER_SOURCE),
    (404, said(3001, "Meeting does not exist: 81000000001."), OTHER_SOURCE),
    (404, said(3001, "Webinar 81000000001 not found or has expired."), OTHER_SOURCE),
    (404, said(3001, "Meeting ID is invalid or not end."), OTHER_SOURCE),
    (400, said(3001, "Meeting ID is invalid or not end."), OTHER_SOURCE),
    # the same code with other words
    (404, said(3001, "You do not have access to this meeting."), FAILS),
    (404, said(3001, "Not allowed to access this meeting."), FAILS),
    (404, said(3001, ""), FAILS),
    (200, said(3001, "Not allowed to access this meeting."), FAILS),
    (404, said(1001, "User does not exist: host-1."), FAILS),
    (404, said(1010, "User does not belong to this account: acc-1."), FAILS),
    (400, said(1010, "User does not belong to this account: acc-1."), FAILS),
    (401, said(1010, "User does not belong to this account: acc-1."), FAILS),
    (400, said(1120, "The invitation has expired."), FAILS),
    (404, said(1120, "The invitation has expired."), FAILS),
    (404, said(2300, "This API endpoint is not recognized."), FAILS),
    (400, said(2300, "This API endpoint is not recognized."), FAILS),
    (404, said(3161, "Meeting hosting and scheduling capabilities are not allowed for your user account."), FAILS),
    (400, said(3161, "Meeting hosting and scheduling capabilities are not allowed for your user account."), FAILS),
    (400, said(3000, "Cannot access webinar info."), FAILS),
    (404, said(3000, "Cannot access webinar info."), FAILS),
    (400, said(3063, "This operation cannot be performed on an on-premise meeting."), FAILS),
    (400, said(3038, "The meeting is over."), FAILS),
    (400, said(3301, "This recording does not exist."), FAILS),
    (404, said(3301, "This recording does not exist."), FAILS),
    # permission, plan, scope, token
    (400, said(200, "No permission."), FAILS),
    (200, said(200, "No permission."), FAILS),
    (403, said(200, "No permission."), FAILS),
    (400, said(200, "Only available for Paid or ZMP account: acc-1."), FAILS),
    (200, said(200, "Webinar plan is missing."), FAILS),
    (400, said(124, "Invalid access token."), FAILS),
    (401, said(124, "Access token is expired."), FAILS),
    (400, said(4711, "Invalid access token, does not contain scopes:[report:read:admin]."), FAILS),
    (403, said(4700, "Invalid access token, does not contain scopes:[report:read:admin]."), FAILS),
    (403, {"message": "Access to the Zoom REST API has been denied for this account."}, FAILS),
    # the request
    (400, said(300, "The next page token is invalid or expired."), FAILS),
    (400, said(300, "Validation Failed."), FAILS),
    (400, {**said(300, "Validation Failed."), "errors": [{"field": "page_size", "message": "Invalid."}]}, FAILS),
    (400, said(300, "Cannot access meeting information."), FAILS),
    (404, said(300, "Meeting ID does not exist."), FAILS),
    (400, said(12702, "Can not access a meeting a year ago."), FAILS),  # it is an hour ago
    (404, said(404, "Not found."), FAILS),
    (404, said(99999, "Something new."), FAILS),
    (400, said(99999, "Something new."), FAILS),
    (200, said(99999, "Something new."), FAILS),
    (422, said(42, "Something new."), FAILS),
    # HTTP's own, proxies, and what is no answer
    (404, {}, FAILS),
    (404, b"", FAILS),
    (404, HTML, FAILS),
    (400, HTML, FAILS),
    (200, HTML, FAILS),
    (302, HTML, FAILS),
    (405, b"", FAILS),
    (405, said(405, "Method not allowed."), FAILS),
    (410, HTML, FAILS),
    (413, b"", FAILS),
    (413, HTML, FAILS),
    (429, said(429, "You have reached the maximum per-second rate limit for this API. Try again later."), FAILS),
    (500, said(500, "Internal error."), FAILS),
    (503, HTML, FAILS),
    (504, b"", FAILS),
    (200, b"", FAILS),
    (204, b"", FAILS),
    (200, b"[]", FAILS),
    (200, b"null", FAILS),
    (200, {}, FAILS),
    (200, {"participants": None}, FAILS),
    (200, {"participants": {}}, FAILS),
    (200, {"code": 0, "message": "no rows"}, FAILS),
    (200, {"participants": "none", "total_records": 12}, FAILS),
]


def test_there_are_as_many_refusals_as_were_seen_to_be_misread():
    assert len(REFUSALS) >= 56


@pytest.fixture
def held(evening):
    """An evening that twenty people came to, an hour after its end."""
    evening.run(audience=20, questions=3, polls=1)
    evening.pass_time(hours=1)
    evening.front = Front(evening.zoom)
    return evening


def state(desk, kind="participants"):
    return desk.collect()[KEY, kind]


@pytest.mark.parametrize(("status", "body"), [(s, b) for s, b, _ in REFUSALS])
def test_no_refusal_of_the_participants_means_that_nobody_came(held, status, body):
    for path in (REPORT, PAST):
        held.front.serve(path, status, body)
    told = state(held)
    assert (told.state, told.rows) == (FAILED, 0)
    assert told.reason
    assert list(held.reports.attendance(EVENT, KEY)) == []
    held.front.open()
    held.pass_time(hours=2)
    assert state(held).state is COMPLETE
    assert list(held.reports.attendance(EVENT, KEY)) != []


@pytest.mark.parametrize(("status", "body"), [(s, b) for s, b, action in REFUSALS if action == FAILS])
def test_a_refusal_that_proves_nothing_is_no_reason_to_read_the_other_source(held, status, body):
    held.front.serve(REPORT, status, body)
    assert state(held).state is FAILED
    assert list(held.reports.attendance(EVENT, KEY)) == []


@pytest.mark.parametrize(("status", "body"), [(s, b) for s, b, action in REFUSALS if action == OTHER_SOURCE])
def test_where_the_report_is_not_found_the_stays_come_from_the_other_source(held, status, body):
    held.front.serve(REPORT, status, body)
    told = state(held)
    assert told.state is COMPLETE
    assert told.rows > 20


@pytest.mark.parametrize(("status", "body"), [(s, b) for s, b, action in REFUSALS if action == OTHER_SOURCE])
def test_a_listed_instance_without_a_report_is_not_an_empty_one(held, status, body):
    held.front.serve(REPORT, status, body)
    held.front.serve(PAST, 200, {"participants": [], "total_records": 0})
    told = state(held)
    assert (told.state, told.reason.split(" (")[0]) == (
        FAILED, "Zoom lists this meeting as held, but has no report of it yet"
    )  # fmt: skip


OF_OTHERS = [
    (404, said(3001, "Meeting 81000000001 not found or has expired.")),
    (404, said(1001, "User does not exist: host-1.")),
    (400, said(3001, "Meeting ID is invalid or not end.")),
    (400, said(200, "No permission.")),
    (200, said(200, "Only available for Paid or ZMP account: acc-1.")),
    (400, said(1010, "User does not belong to this account: acc-1.")),
    (400, said(300, "The next page token is invalid or expired.")),
    (400, said(3000, "Cannot access webinar info.")),
    (401, said(124, "Invalid access token.")),
    (404, said(404, "Not found.")),
    (404, HTML),
    (405, b""),
    (413, b""),
    (200, {}),
    (200, {"questions": None, "survey_answers": None}),
]


@pytest.mark.parametrize(("status", "body"), OF_OTHERS)
@pytest.mark.parametrize(("kind", "path"), [("questions", "qa"), ("polls", "polls"), ("surveys", "survey")])
def test_no_refusal_of_another_report_means_that_there_is_none(held, kind, path, status, body):
    held.front.serve(f"/report/meetings/.+/{path}", status, body)
    told = state(held, kind)
    assert (told.state, bool(told.reason)) == (FAILED, True)
    held.front.open()
    held.pass_time(hours=2)
    assert state(held, kind).state in (COMPLETE, NONE_STATE)


@pytest.mark.parametrize(("status", "body"), [(s, b) for s, b in OF_OTHERS if b not in ({}, HTML)])
def test_no_refusal_of_the_list_of_instances_means_that_the_session_was_not_held(held, status, body):
    held.front.serve("/past_meetings/.+/instances", status, body)
    assert state(held).state is FAILED
    held.front.open()
    held.pass_time(hours=2)
    assert state(held).state is COMPLETE


# --- what does mean that there is none -------------------------------------------------------------------------------


def test_a_meeting_that_zoom_says_does_not_exist_by_its_very_id_is_gone(held):
    meeting = held.link().meeting_id
    held.front.serve("/past_meetings/.+/instances", 404, said(3001, "Meeting does not exist: 99999999999."))
    assert state(held).state is FAILED
    held.front.serve("/past_meetings/.+/instances", 404, said(3001, f"Meeting does not exist: {meeting}."))
    held.pass_time(hours=1)
    assert (state(held).state, held.reports.states(EVENT, KEY)[0].reason) == (EXPIRED, "Zoom no longer has the meeting")


def test_polls_that_zoom_says_there_were_not_are_none(held):
    held.front.serve("/report/meetings/.+/polls", 404, said(404, "Meeting Poll not found"))
    assert state(held, "polls").state is NONE_STATE


def test_a_webinar_without_registration_has_no_absentees(desk):
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
    desk.profiles["plain"] = {"approval_type": 0}
    desk.load(make_session(kind=Kind.WEBINAR, timezone="Asia/Shanghai"))
    desk.again().apply()
    desk.run(audience=20)
    desk.pass_time(hours=1)
    front = Front(desk.zoom)
    front.serve("/past_webinars/.+/absentees", 400, said(3000, "This webinar doesn't have registration required: u=="))
    front.serve("/webinars/.+/registrants", 400, said(404, "Registration has not been enabled for this webinar: 1."))
    told = desk.collect()
    assert (told[KEY, "absentees"].state, told[KEY, "registrants"].state) == (NONE_STATE, NONE_STATE)


def test_every_line_of_the_table_names_its_source():
    assert all(line.source.strip() for line in (*NONE, *GONE))


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "body"), [(s, b) for s, b, _ in REFUSALS[:12] + REFUSALS[30:45]])
def test_nothing_is_believed_to_be_all_after_a_first_page(evening, status, body):
    evening.run(audience=400, questions=0)
    evening.pass_time(hours=1)
    front = Front(evening.zoom)
    row = {"name": "Ada", "join_time": "2023-11-06T12:30:00Z"}
    front.answer(REPORT, lambda _: {"participants": [row], "next_page_token": "more"})
    front.serve(REPORT, status, body, later_pages=True)
    assert state(evening).state is FAILED
    assert list(evening.reports.attendance(EVENT, KEY)) == []


def test_pages_without_an_end_stop_when_the_rows_exceed_what_zoom_says_by_a_page(held):
    calls = []

    def page(request):
        calls.append(request)
        rows = [{"name": f"P{len(calls)}-{n}", "join_time": "2023-11-06T12:30:00Z"} for n in range(300)]
        return {"participants": rows, "total_records": 600, "next_page_token": f"t{len(calls)}"}

    held.front.answer(REPORT, page)
    told = state(held)
    assert (told.state, len(calls)) == (FAILED, 4)
    assert "Zoom says there are 600 rows" in told.reason


def test_pages_that_hold_the_same_rows_again_and_tell_no_count_stop(held):
    calls = []

    def page(request):
        calls.append(request)
        return {"participants": [{"name": "Ada"}], "next_page_token": f"t{len(calls)}"}

    held.front.answer(REPORT, page)
    assert state(held).state is FAILED
    assert len(calls) == 2


def test_a_page_token_that_expired_once_is_no_trouble(held):
    held.front.serve(REPORT, 400, said(300, "The next page token is invalid or expired."), times=1)
    assert state(held).state is COMPLETE


def test_a_report_that_is_never_had_is_asked_for_ever_more_seldom_and_to_the_end(evening):
    evening.run(audience=20, questions=0)
    evening.pass_time(hours=1)
    front = Front(evening.zoom)
    for path in (REPORT, PAST):
        front.serve(path, 404, said(3001, "Not allowed to access this meeting."))
    looks = []
    ended = evening.zoom.clock.now()
    while not looks or looks[-1][1] is not EXPIRED:
        told = evening.collect()
        if (KEY, "participants") in told:
            looks.append((evening.zoom.clock.now(), told[KEY, "participants"].state))
        evening.pass_time(hours=3)
        assert evening.zoom.clock.now() - ended < timedelta(days=370)
    assert 10 < len(looks) < 60
    assert max(later[0] - earlier[0] for earlier, later in pairwise(looks)) > timedelta(days=20)


def test_nobody_came_is_not_believed_while_another_report_shows_people(held):
    for path in (REPORT, PAST):
        held.front.serve(path, 200, {"participants": [], "total_records": 0})
    told = state(held)
    assert told.state is FAILED
    assert "people asked or answered" in told.reason


def test_nobody_came_is_not_believed_where_questions_were_collected_before(held):
    for path in (REPORT, PAST):
        held.front.serve(path, 500, b"")
    assert state(held).state is FAILED
    for path in (REPORT, PAST):
        held.front.serve(path, 200, {"participants": [], "total_records": 0})
    held.pass_time(hours=2)
    told = held.collect()
    assert told[KEY, "participants"].state is FAILED
    held.front.open()
    held.pass_time(hours=3)
    assert state(held).state is COMPLETE


def test_of_a_restarted_meeting_no_instance_is_believed_to_be_empty_while_somebody_asked_in_it(evening):
    evening.run(audience=20, questions=6, instances=2)
    evening.pass_time(hours=1)
    first = evening.zoom.reader.instances(evening.link().meeting_id, Kind.MEETING)[0].uuid
    front = Front(evening.zoom)
    letters = max(re.findall(r"\w+", first), key=len)
    for path in (REPORT, PAST):
        front.serve(path.replace(".+", f".*{letters}.*"), 200, {"participants": [], "total_records": 0})
    told = state(evening)
    assert (told.state, told.rows > 0) == (FAILED, True)
    assert told.reason.startswith("of one of the times that the meeting was held Zoom names no participants")
    front.open()
    evening.pass_time(hours=2)
    assert state(evening).state is COMPLETE

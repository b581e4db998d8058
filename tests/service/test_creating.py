"""Creating, branch by branch: what another run did, what Zoom refused, and what is past, leave no second meeting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from factories import make_session
from service.conftest import EVENT
from support.front import Front
from zoom_sync.domain.meeting import Intent, Link, Origin
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.service_layer.apply import Listings, apply_item, carry_out, start_run

LATER = "enforce_login"  # Zoom takes it of a meeting only once that is there
CODE = Passcode("Abc123defg")


def begin(desk, host_id, **differences):
    """A creation that a run began and did not end."""
    intent = Intent("seminar-1", host_id, Kind.MEETING, "Making our cities safe", CODE, desk.zoom.clock.now())
    return desk.links.begin(EVENT, replace(intent, **differences), desk.zoom.clock.now(), "2023-11-01", 100)


def linked_to(meeting, passcode):
    return Link(
        "seminar-1", meeting.meeting_id, Kind.MEETING, meeting.host_id, passcode, meeting.join_url, Origin.CREATED,
        meeting.fields(),
    )  # fmt: skip


@pytest.fixture
def doubled(desk):
    """A session with a meeting, and a second one that a run made which did not end."""
    host_id = desk.plan().changes[0].host_id
    begin(desk, host_id)
    fields = desk.planning.profiles.desired(desk.programmes.session(EVENT, "seminar-1")).fields
    made = [
        desk.zoom.writer.create(host_id, Kind.MEETING, fields, code, lambda: None)
        for code in (CODE, Passcode("Used123456"))
    ]
    desk.links.finish(EVENT, linked_to(made[1], Passcode("Used123456")), None, desk.zoom.clock.now())
    desk.pass_time(seconds=60)
    return desk, int(made[0].meeting_id), int(made[1].meeting_id)


def on_zoom(desk):
    return {one["id"] for one in desk.zoom.meetings()}


def carry(desk, run):
    carry_out(desk.applying, run, lambda _: None, lambda *_: None)
    return [(item.action, str(item.state), item.reason) for item in desk.runs.items(run)]


def test_a_second_meeting_that_nobody_is_in_is_removed(doubled):
    desk, _, used = doubled
    items = desk.apply()
    assert [(item.action, str(item.state)) for item in items] == [("adopt", "done")]
    assert on_zoom(desk) == {used}
    assert desk.links.intent(EVENT, "seminar-1") is None


def test_a_second_meeting_that_is_under_way_is_told_and_not_deleted(doubled):
    desk, second, used = doubled
    desk.pass_time(days=5, hours=12, minutes=35)
    items = desk.apply()
    assert [(item.action, str(item.state)) for item in items] == [("adopt", "failed")]
    assert "people are in it" in items[0].reason
    assert on_zoom(desk) == {second, used}
    assert desk.links.intent(EVENT, "seminar-1") is not None


def test_a_creation_in_doubt_is_looked_for_before_anything_else_is_decided(doubled):
    desk, _, _ = doubled
    assert [(str(one.action), one.meeting_id) for one in desk.plan().changes] == [("adopt", None)]


def test_nothing_is_created_once_the_start_is_past(desk):
    run = start_run(desk.applying, desk.plan())
    desk.pass_time(days=5, hours=12, minutes=31)
    assert carry(desk, run)[0][:2] == ("create", "skipped")
    assert on_zoom(desk) == set()


def test_the_last_second_before_the_start_is_in_time(desk):
    run = start_run(desk.applying, desk.plan())
    desk.pass_time(days=5, hours=12, minutes=29, seconds=50)
    assert carry(desk, run)[0][:2] == ("create", "done")


def other_run_links(desk, own=None):
    """As soon as our creation was carried out, another run links the session, to a meeting of its own."""
    other = []

    def link(request):
        if request.method == "POST" and str(request.path_url).endswith("/meetings"):
            desk.zoom.wire.after = lambda _request: None
            made = desk.zoom.reader.meeting(str(desk.by_hand()["id"] if own is None else max(on_zoom(desk))))
            desk.links.finish(EVENT, linked_to(made, made.passcode), None, desk.zoom.clock.now())
            other.append(int(made.meeting_id))

    desk.zoom.wire.after = link
    return other


def test_of_two_runs_that_linked_at_once_the_later_one_removes_its_own_meeting(desk):
    other = other_run_links(desk)
    items = desk.apply()
    assert [(str(item.state), "second one was removed" in item.reason) for item in items] == [("skipped", True)]
    assert on_zoom(desk) == set(other)
    assert desk.links.intent(EVENT, "seminar-1") is None


def test_another_runs_link_is_not_patched(desk):
    desk.profiles["plain"] = {**desk.profiles["plain"], LATER: True}
    other = other_run_links(desk)
    desk.apply()
    assert desk.calls().get("meetingUpdate", 0) == 0
    assert on_zoom(desk) == set(other)


def test_what_zoom_takes_only_later_is_told_to_our_own_meeting(desk):
    desk.profiles["plain"] = {**desk.profiles["plain"], LATER: True}
    desk.apply()
    assert desk.calls()["meetingUpdate"] == 1


def test_another_run_that_found_and_linked_our_very_meeting_leaves_it_there(desk):
    other = other_run_links(desk, own=True)
    items = desk.apply()
    assert [str(item.state) for item in items] == ["done"]
    assert on_zoom(desk) == set(other)
    assert len(other) == 1


def test_a_creation_that_zoom_refused_is_in_doubt_no_more(desk):
    desk.zoom.fault(kind="code_under_200", operation="meetingCreate", code=300, message="Validation Failed.")
    items = desk.apply()
    assert [str(item.state) for item in items] == ["failed"]
    assert desk.links.intent(EVENT, "seminar-1") is None
    assert desk.links.given_up(EVENT) == ()


def test_a_creation_whose_answer_was_lost_is_waited_for_and_its_meeting_linked(desk):
    desk.zoom.fault(kind="drop_after", operation="meetingCreate")
    item = desk.runs.items(start_run(desk.applying, desk.plan()))[0]
    outcome = apply_item(desk.applying, Listings(desk.applying), item)
    assert outcome.retry_at is not None
    assert outcome.retry_at - desk.zoom.clock.now() > timedelta(seconds=20)
    assert not outcome.held_by_another
    assert desk.link() is None
    desk.pass_time(seconds=30)
    assert str(apply_item(desk.applying, Listings(desk.applying), item).state) == "done"
    assert on_zoom(desk) == {int(desk.link().meeting_id)}
    assert desk.link().origin is Origin.CREATED


def test_a_session_that_has_a_meeting_by_now_gets_no_other(desk):
    plan = desk.plan()
    runs = [start_run(desk.applying, plan) for _ in range(2)]
    ended = [carry(desk, run)[0] for run in runs]
    assert [one[:2] for one in ended] == [("create", "done"), ("create", "skipped")]
    assert ended[1][2] == f"the session has meeting {desk.link().meeting_id} by now"
    assert len(on_zoom(desk)) == 1


def test_a_creation_is_taken_up_with_the_passcode_that_it_was_begun_with(desk):
    plan = desk.plan()
    begin(desk, plan.changes[0].host_id)
    desk.pass_time(seconds=30)
    desk.apply()
    assert desk.link().passcode == CODE
    assert [one.passcode for one in desk.links.given_up(EVENT)] == [CODE]


def test_a_creation_that_is_taken_up_follows_the_programme_to_another_host(desk):
    plan = desk.plan()
    users = [user for user in desk.zoom.reader.users() if user.licensed]
    other = next(user.id for user in users if user.id != plan.changes[0].host_id)
    begin(desk, other, topic="Before")
    desk.pass_time(seconds=30)
    run = start_run(desk.applying, plan)
    assert carry(desk, run)[0][1] == "done"
    assert desk.link().host_id == plan.changes[0].host_id
    assert [one.host_id for one in desk.links.given_up(EVENT)] == [other]


def test_a_replaced_meeting_is_deleted_once_the_new_one_is_linked(evening):
    users = [user for user in evening.zoom.reader.users() if user.licensed]
    old = evening.link()
    other = next(user.id for user in users if user.id != old.host_id)
    evening.load(make_session(timezone="Asia/Shanghai", host=other))
    assert [str(item.state) for item in evening.apply(allow_replace=True)] == ["done"]
    assert evening.link().host_id == other
    assert on_zoom(evening) == {int(evening.link().meeting_id)}


def test_a_replaced_meeting_that_cannot_be_deleted_is_told(evening):
    users = [user for user in evening.zoom.reader.users() if user.licensed]
    old = evening.link()
    other = next(user.id for user in users if user.id != old.host_id)
    start = datetime(2023, 11, 20, 12, 30, tzinfo=UTC)
    evening.load(make_session(timezone="Asia/Shanghai", host=other, start=start, end=start + timedelta(hours=1)))
    evening.pass_time(days=5, hours=12, minutes=35)
    items = evening.apply(allow_replace=True)
    assert "is still there" in items[0].reason
    assert int(old.meeting_id) in on_zoom(evening)


def test_the_likely_meeting_is_read_first(desk):
    desk.load(make_session(timezone="Asia/Shanghai", host="host1@example.org"))
    for number in range(4):
        desk.by_hand(topic=f"Somebody's {number}", start_time="2023-12-24T12:00:00Z")
    desk.zoom.fault(kind="drop_after", operation="meetingCreate")
    desk.calls()
    desk.apply()
    assert desk.calls()["meeting"] == 1


def test_a_creation_that_nobody_waits_for_any_more_is_looked_for_and_remembered(desk):
    begin(desk, desk.plan().changes[0].host_id)
    start = datetime(2023, 11, 20, 12, 30, tzinfo=UTC)
    desk.load(make_session(key="other", title="Other", start=start, end=start + timedelta(hours=1)))
    desk.pass_time(seconds=30)
    told = {(item.key, str(item.state), item.reason) for item in desk.apply()}
    assert ("seminar-1", "done", "the earlier run had created nothing") in told
    assert [one.key for one in desk.links.given_up(EVENT)] == ["seminar-1"]


def test_a_creation_that_nobody_waits_for_any_more_is_not_looked_for_before_zoom_must_show_it(desk):
    begin(desk, desk.plan().changes[0].host_id)
    start = datetime(2023, 11, 20, 12, 30, tzinfo=UTC)
    desk.load(make_session(key="other", title="Other", start=start, end=start + timedelta(hours=1)))
    before = desk.zoom.clock.now()
    reasons = {item.key: item.reason for item in desk.apply()}
    assert reasons["seminar-1"] == "the earlier run had created nothing"
    assert desk.zoom.clock.now() - before >= timedelta(seconds=30)


def test_a_meeting_that_is_gone_when_it_is_read_is_none_of_ours(desk):
    desk.load(make_session(timezone="Asia/Shanghai", host="host1@example.org"))
    begin(desk, desk.plan().changes[0].host_id)
    listed = desk.by_hand(start_time="2023-12-24T12:00:00Z")["id"]
    desk.pass_time(seconds=30)
    Front(desk.zoom).serve(f"/meetings/{listed}", 404, {"code": 3001, "message": f"Meeting does not exist: {listed}."})
    assert [str(item.state) for item in desk.apply()] == ["done"]
    assert on_zoom(desk) == {listed, int(desk.link().meeting_id)}


def test_a_passcode_that_the_account_refuses_is_exchanged_once(desk):
    refusal = {
        "code": 300, "message": "Validation Failed.", "errors": [{"field": "password", "message": "Invalid password."}],
    }  # fmt: skip
    front = Front(desk.zoom)
    front.serve("/users/.+/meetings", 400, refusal, method="POST", times=1)
    assert [str(item.state) for item in desk.apply()] == ["done"]
    assert on_zoom(desk) == {int(desk.link().meeting_id)}
    assert desk.links.given_up(EVENT) == ()


def test_a_passcode_that_is_refused_again_is_told_and_leaves_nothing_in_doubt(desk):
    refusal = {
        "code": 300, "message": "Validation Failed.", "errors": [{"field": "password", "message": "Invalid password."}],
    }  # fmt: skip
    Front(desk.zoom).serve("/users/.+/meetings", 400, refusal, method="POST")
    assert [str(item.state) for item in desk.apply()] == ["failed"]
    assert desk.links.intent(EVENT, "seminar-1") is None
    assert on_zoom(desk) == set()


def test_a_creation_that_another_run_has_looked_for_meanwhile_is_left_alone(doubled):
    desk, _, used = doubled
    run = start_run(desk.applying, desk.plan())
    desk.apply()
    assert carry(desk, run) == [("adopt", "skipped", "another run has looked for it")]
    assert on_zoom(desk) == {used}


def test_what_was_never_sent_leaves_nothing_in_doubt(desk):
    run = start_run(desk.applying, desk.plan())
    desk.zoom.fault(kind="refuse", operation="meetingCreate", times=None)
    carry(desk, run)
    assert on_zoom(desk) == set()
    assert desk.link() is None

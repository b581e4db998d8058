"""One bad thing stays one thing: a meeting, a host, a row or a line that cannot be read holds up nothing else."""

from dataclasses import replace

import pytest

from factories import START, make_session
from service.conftest import EVENT
from support.rewriting import having, html, in_rows, put_between, refusal, the_object, without
from zoom_sync.domain.plan import Action
from zoom_sync.domain.programme import Kind, KnownMeeting
from zoom_sync.errors import ConfigurationError, Unauthorized, Unavailable
from zoom_sync.service_layer.observe import HostRule

DAY = START.replace(hour=9)
NOTHING_FOLLOWS = {
    "a proxy's page": html(404),
    "a page of an error": html(400),
    "not allowed": refusal(404, 3001, "You are not allowed to access this meeting."),
    "another account's": refusal(404, 1010, "User does not belong to this account: 7."),
    "may not schedule": refusal(404, 3161, "Meeting hosting and scheduling capabilities are not allowed."),
    "may not schedule, 400": refusal(400, 3161, "Meeting hosting and scheduling capabilities are not allowed."),
    "another meeting": refusal(404, 3001, "Meeting does not exist: 99999999999."),
    "a code under 200": refusal(200, 3001, "Meeting does not exist: 1."),
    "no permission": refusal(400, 200, "No permission."),
    "nothing at all": refusal(404, None, ""),
    "forbidden": refusal(403, 200, "Forbidden."),
}


def evening(key, hour, **more):
    start = DAY.replace(hour=hour)
    return make_session(key, start=start, end=start.replace(minute=50), title=f"Evening {key}", **more)


def with_webinars(desk, hosts):
    desk.control("POST", "reset", {"webinars": True, "hosts": hosts, "start": "2023-11-01T00:00:00Z", "ticking": False})
    return desk


@pytest.fixture
def two(make_desk):
    """Two sessions with their meetings, both with one host; and what stands between us and Zoom."""
    desk = with_webinars(make_desk(), hosts=1)
    desk.load(evening("a", 9), evening("b", 12))
    desk.apply()
    desk.between = put_between(desk.zoom)
    return desk


def retitled(desk, *bad):
    """Changes the titles of both sessions, so that there is something to do for each."""
    desk.load(*(replace(one, title=f"{one.title}!") for one in bad or (evening("a", 9), evening("b", 12))))


def goes_on_without(desk, key, **policy):
    """The plan changes the other session alone; answers what is said of the one that is held back."""
    plan = desk.plan(**policy)
    [other] = {"a", "b"} - {key}
    assert [(one.action, one.key) for one in plan.changes] == [(Action.UPDATE, other)]
    [held] = [one for one in plan.held_back if one.change.key == key]
    return held


def converted(desk, key, to=5):
    meeting = desk.zoom.simulator.world.meetings[int(desk.link(key).meeting_id)]
    meeting.type, meeting.row = to, ""


# --- a meeting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", NOTHING_FOLLOWS)
def test_a_meeting_of_which_nothing_follows_is_held_back_and_never_replaced(two, how):
    retitled(two)
    meeting_id = two.link("a").meeting_id
    two.between.rewrite("GET", f"/meetings/{meeting_id}$", NOTHING_FOLLOWS[how])
    two.between.rewrite("GET", "/users/.*/meetings$", _hidden(meeting_id))
    held = goes_on_without(two, "a", allow_replace=True, allow_delete=True)
    assert meeting_id in held.why
    assert "could not be read" in held.why
    items = two.apply(allow_replace=True, allow_delete=True)
    assert [(one.key, one.state) for one in items] == [("b", "done")]
    assert two.link("a").meeting_id == meeting_id


def _hidden(meeting_id):
    return the_object(
        lambda page: {**page, "meetings": [row for row in page["meetings"] if str(row["id"]) != meeting_id]}
    )


def test_a_deep_plan_that_cannot_read_a_listed_meeting_holds_back_that_one(two):
    two.between.rewrite("GET", f"/meetings/{two.link('a').meeting_id}$", html(404))
    retitled(two)
    goes_on_without(two, "a", deep=True, allow_replace=True)


def test_a_meeting_that_zoom_says_is_gone_is_replaced_by_name(two):
    two.zoom.control("DELETE", f"meetings/{two.link('a').meeting_id}")
    [held] = two.plan().held_back
    assert (held.change.action, held.change.key, held.needs) == (Action.REPLACE, "a", "--allow-replace")


def test_a_list_with_a_row_that_cannot_be_read_proves_no_absence(two):
    meeting_id = two.link("a").meeting_id
    is_a = lambda row: str(row["id"]) == meeting_id  # noqa: E731
    two.between.rewrite("GET", "/users/.*/meetings$", in_rows("meetings", without("id"), is_a))
    retitled(two)
    assert [one.key for one in two.plan().changes] == ["a", "b"]  # it was read by its id
    two.zoom.control("DELETE", f"meetings/{meeting_id}")
    two.between.clear()
    two.between.rewrite(
        "GET", "/users/.*/meetings$", the_object(lambda page: {**page, "meetings": [*page["meetings"], {"topic": "?"}]})
    )
    goes_on_without(two, "a", allow_replace=True)


def test_a_deletion_by_a_program_of_a_meeting_of_which_nothing_follows_forgets_nothing(two):
    meeting_id = two.link("a").meeting_id
    two.load(evening("b", 12))
    run_against = NOTHING_FOLLOWS["a proxy's page"]
    plan = two.plan(allow_delete=True)
    assert [one.action for one in plan.changes] == [Action.DELETE]
    two.between.rewrite("GET", f"/meetings/{meeting_id}$", run_against)
    assert two.apply(allow_delete=True) == ()  # what would be lost with it cannot be counted
    [item] = two.apply(allow_delete=True, allow_loss=frozenset({"a"}))
    assert item.state == "failed"
    assert meeting_id in two.links.linked_ids()


# --- converted -------------------------------------------------------------------------------------------------------


def test_a_converted_meeting_is_shown_as_such_and_the_other_goes_on(two):
    converted(two, "a")
    retitled(two)
    held = goes_on_without(two, "a")
    assert (held.change.action, held.needs) == (Action.REPLACE, "--allow-replace")
    assert "it is a webinar now" in held.change.reason


def test_a_meeting_that_is_a_webinar_nobody_may_look_at_is_held_back_with_what_to_do(two):
    meeting_id = two.link("a").meeting_id
    two.between.rewrite("GET", f"/meetings/{meeting_id}$", refusal(400, 3000, "Cannot access webinar info."))
    two.between.rewrite("GET", f"/webinars/{meeting_id}$", refusal(400, 4711, "does not contain scopes:[webinar:read]"))
    two.between.rewrite("GET", "/users/.*/meetings$", _hidden(meeting_id))
    retitled(two)
    held = goes_on_without(two, "a", allow_replace=True)
    assert "it may have been converted on Zoom" in held.why


def test_the_link_follows_a_converted_meeting_where_the_programme_wants_that_kind(two):
    before = two.link("a")
    converted(two, "a")
    two.load(evening("a", 9, kind=Kind.WEBINAR), evening("b", 12))
    [change] = two.plan().changes
    assert (change.action, change.meeting_id) == (Action.ADOPT, before.meeting_id)
    [item] = two.apply()
    assert item.state == "done", item
    after = two.link("a")
    assert (after.kind, after.meeting_id, after.join_url) == (Kind.WEBINAR, before.meeting_id, before.join_url)
    assert two.plan().changes == ()


def test_a_webinar_that_became_a_meeting_is_found_on_the_other_side(make_desk):
    desk = with_webinars(make_desk(), hosts=1)
    desk.load(evening("a", 9, kind=Kind.WEBINAR), evening("b", 12))
    desk.apply()
    converted(desk, "a", to=2)
    retitled(desk, evening("a", 9, kind=Kind.WEBINAR), evening("b", 12))
    held = goes_on_without(desk, "a")
    assert "it is a meeting now" in held.change.reason
    desk.load(evening("a", 9), evening("b", 12))
    meeting_id = desk.link("a").meeting_id
    desk.apply()
    assert (desk.link("a").kind, desk.link("a").meeting_id) == (Kind.MEETING, meeting_id)


def test_a_converted_meeting_is_replaced_by_name_and_the_old_one_deleted(two):
    converted(two, "a")
    old = two.link("a").meeting_id
    two.apply(allow_replace=True)
    assert two.link("a").meeting_id != old
    assert str(old) not in {str(one["id"]) for one in two.zoom.meetings()}


# --- a host ----------------------------------------------------------------------------------------------------------

REFUSED = {
    "3161": refusal(400, 3161, "Meeting hosting and scheduling capabilities are not allowed for your user account."),
    "1010": refusal(404, 1010, "User does not belong to this account: 7."),
    "1120": refusal(400, 1120, "A valid invitation to join the Zoom account was not found for this user."),
    "200": refusal(200, 200, "No permission."),
    "403": refusal(403, None, "Forbidden."),
    "401 for him alone": refusal(401, 124, "Invalid access token."),
    "a page": html(404),
    "another page": html(200),
    "no list": the_object(lambda page: {"page_size": 300}),
}


@pytest.fixture
def apart(make_desk):
    """Two sessions with their meetings, each with a host of its own."""
    desk = make_desk(hosts=3)
    sessions = [evening("a", 9, host="host1@example.org"), evening("b", 9, host="host2@example.org")]
    desk.load(*sessions)
    desk.apply()
    desk.between = put_between(desk.zoom)
    desk.load(*(replace(one, title=f"{one.title}!") for one in sessions))
    return desk


@pytest.mark.parametrize("how", REFUSED)
def test_a_hosts_list_that_is_refused_holds_up_his_meetings_alone(apart, how):
    apart.between.rewrite("GET", f"/users/{apart.link('a').host_id}/meetings$", REFUSED[how])
    held = goes_on_without(apart, "a", allow_replace=True)
    assert "the host's meetings could not be read" in held.why
    assert [(one.key, one.state) for one in apart.apply(allow_replace=True)] == [("b", "done")]


@pytest.mark.parametrize("how", ["3161", "1010", "403", "a page"])
def test_where_his_is_the_only_list_his_sessions_are_held_back_all_the_same(two, how):
    two.between.rewrite("GET", "/users/.*/meetings$", REFUSED[how])
    plan = two.plan(allow_replace=True)
    assert (plan.changes, sorted(one.change.key for one in plan.held_back)) == ((), ["a", "b"])


def test_credentials_that_are_refused_stop_all(apart):
    apart.between.rewrite("GET", "/users/.*/meetings$", refusal(401, 124, "Invalid access token."))
    with pytest.raises(Unauthorized):
        apart.plan()


def test_a_zoom_that_cannot_be_reached_stops_all(apart):
    apart.plan()
    apart.zoom.wire.refuse = 99
    with pytest.raises(Unavailable):
        apart.plan()


def test_a_host_of_the_pool_who_is_not_on_the_account_is_named_and_the_others_go_on(make_desk):
    desk = make_desk(hosts=2)
    desk.pool = [HostRule("host1@example.org"), HostRule("left@example.org"), HostRule("host2@example.org")]
    desk.load(evening("a", 9), evening("b", 9))
    plan = desk.plan()
    assert [one.action for one in plan.changes] == [Action.CREATE, Action.CREATE]
    assert ["left@example.org" in note for note in plan.notes] == [True]
    desk.pool = desk.pool[1:2]
    with pytest.raises(ConfigurationError):
        desk.plan()


def test_a_session_whose_host_is_not_on_the_account_is_held_back_alone(make_desk):
    desk = make_desk(hosts=2)
    desk.load(evening("a", 9, host="left@example.org"), evening("b", 9))
    plan = desk.plan()
    assert ([one.key for one in plan.changes], [one.change.key for one in plan.held_back]) == (["b"], ["a"])


# --- a line of configuration -----------------------------------------------------------------------------------------


def test_a_profile_that_does_not_exist_holds_up_its_session_alone(two):
    two.load(evening("a", 9, profile="missing"), replace(evening("b", 12), title="Another"))
    held = goes_on_without(two, "a", allow_delete=True, allow_replace=True)
    assert "session 'a' names profile 'missing'" in held.why
    two.load(evening("a", 9), evening("b", 12), evening("c", 15, profile="missing"))
    plan = two.plan(allow_delete=True)
    assert [one.change.key for one in plan.held_back] == ["c"]


# --- a room ----------------------------------------------------------------------------------------------------------


def test_an_adopted_room_without_a_time_is_told_and_the_rest_of_it_compared(make_desk):
    desk = make_desk(hosts=1)
    desk.load(evening("a", 9), evening("b", 12))
    made = desk.control("POST", "meetings", {"host": "host1@example.org", "type": 3, "topic": "A room"})
    desk.adopt("a", made["id"])
    plan = desk.plan(deep=True)
    assert {(one.action, one.key) for one in plan.changes} == {(Action.UPDATE, "a"), (Action.CREATE, "b")}
    assert "room without a fixed time" in next(one.why for one in plan.held_back if one.change.key == "a")
    desk.apply()
    again = desk.plan(deep=True)
    assert (again.changes, [one.change.key for one in again.held_back]) == ((), ["a"])


# --- any field of any row ----------------------------------------------------------------------------------------------

BAD = {"dropped": without, "null": lambda name: having(name, None), "text": lambda name: having(name, "nonsense"),
       "list": lambda name: having(name, []), "object": lambda name: having(name, {"a": 1}),
       "number": lambda name: having(name, -1), "true": lambda name: having(name, True)}  # fmt: skip
ROW = (
    "uuid",
    "id",
    "host_id",
    "topic",
    "type",
    "start_time",
    "duration",
    "timezone",
    "created_at",
    "join_url",
    "agenda",
)
FULL = (*ROW, "settings", "password", "status", "assistant_id", "occurrences", "recurrence")
USER = ("id", "type", "email", "first_name", "last_name", "display_name", "status")
# What is a value of its own: another title, no passcode. That is an edit, and not a row that cannot be read.
VALUES = {"topic", "agenda", "timezone", "join_url", "password", "duration", "host_id", "type", "id"}


@pytest.mark.parametrize("name", ROW)
@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_wrong_with_one_field_of_a_row_the_other_session_goes_on(two, name, bad):
    meeting_id = two.link("a").meeting_id
    retitled(two, evening("a", 9), evening("b", 12))
    change = BAD[bad](name)
    two.between.rewrite(
        "GET", "/users/.*/meetings$", in_rows("meetings", change, lambda row: str(row["id"]) == meeting_id)
    )
    keys = {one.key for one in two.plan(allow_replace=True).changes}
    assert "b" in keys
    assert {one.state for one in two.apply(allow_replace=True)} == {"done"}
    assert two.link("a").meeting_id == meeting_id


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_wrong_with_one_field_of_a_meeting_the_other_session_goes_on(two, name, bad):
    meeting_id = two.link("a").meeting_id
    two.between.rewrite("GET", f"/meetings/{meeting_id}$", the_object(BAD[bad](name)))
    two.load(evening("a", 9), replace(evening("b", 12), title="Another"))
    plan = two.plan(deep=True, allow_replace=True)
    changes = {one.key: one for one in plan.changes}
    assert changes["b"].action is Action.UPDATE
    if "a" in changes:
        assert changes["a"].action is not Action.REPLACE
    if bad in ("dropped", "null") and name != "settings":
        assert "a" not in changes or name in ("password", "status"), changes["a"]


@pytest.mark.parametrize("name", USER)
@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_wrong_with_one_user_the_others_hold_the_meetings(make_desk, name, bad):
    desk = make_desk(hosts=3)
    between = put_between(desk.zoom)
    first = lambda row: row["email"] == "host1@example.org"  # noqa: E731
    between.rewrite("GET", "/users$", in_rows("users", BAD[bad](name), first))
    desk.load(evening("a", 9), evening("b", 9))
    plan = desk.plan()
    assert [one.action for one in plan.changes] == [Action.CREATE, Action.CREATE]
    if name in ("id", "type"):
        assert len({one.host_id for one in plan.changes}) == 2


# --- what was announced is what is published ----------------------------------------------------------------------------


@pytest.fixture
def announced(make_desk):
    """A meeting of a host who is not in the pool, and a session whose programme may name it."""
    desk = with_webinars(make_desk(), hosts=3)
    desk.pool = [HostRule("host1@example.org")]
    desk.made = str(desk.by_hand(host=3, topic="By hand", settings={"use_pmi": False})["id"])
    desk.between = put_between(desk.zoom)
    return desk


def naming(meeting_id, **more):
    return make_session(known=KnownMeeting(str(meeting_id)), **more)


def test_a_named_meeting_of_any_host_of_the_account_is_taken_over(announced):
    announced.load(naming(announced.made))
    [change] = announced.plan().changes
    assert (change.action, change.meeting_id) == (Action.ADOPT, announced.made)
    announced.apply()
    assert announced.link().meeting_id == announced.made
    assert len(announced.zoom.meetings()) == 1


def test_a_named_meeting_that_is_not_there_gets_another_one_by_name_only(announced):
    announced.load(naming("82318937943"))
    assert not announced.apply()
    [held] = announced.plan().held_back
    assert (held.change.action, held.change.meeting_id, held.needs) == (
        Action.REPLACE,
        "82318937943",
        "--allow-replace",
    )
    [item] = announced.apply(allow_replace=True)
    assert (item.state, len(announced.zoom.meetings())) == ("done", 2)
    again = announced.plan(allow_replace=True)
    assert (again.changes, again.held_back) == ((), ())
    assert ["82318937943" in note for note in again.notes] == [True]


@pytest.mark.parametrize("how", NOTHING_FOLLOWS)
def test_a_named_meeting_of_which_nothing_follows_gets_no_other_one_at_all(announced, how):
    announced.between.rewrite("GET", f"/meetings/{announced.made}$", NOTHING_FOLLOWS[how])
    announced.load(naming(announced.made))
    assert not announced.apply(allow_replace=True)
    assert len(announced.zoom.meetings()) == 1


def test_a_named_webinar_is_not_taken_over_as_a_meeting(announced):
    made = announced.made
    announced.zoom.simulator.world.meetings[int(made)].type = 5
    announced.load(naming(made))
    [held] = announced.plan().held_back
    assert held.needs == "--allow-replace"
    announced.load(naming(made, kind=Kind.WEBINAR))
    assert [one.action for one in announced.plan().changes] == [Action.ADOPT]


def test_a_programme_that_names_another_meeting_moves_the_session_by_name(announced):
    announced.load(make_session())
    announced.apply()
    old = announced.link().meeting_id
    announced.load(naming(announced.made))
    [held] = announced.plan().held_back
    assert (held.change.action, held.change.meeting_id, held.needs) == (Action.MOVE, announced.made, "--allow-replace")
    assert not announced.apply()
    [item] = announced.apply(allow_replace=True)
    assert item.state == "done", item
    assert announced.link().meeting_id == announced.made
    assert old in {str(one["id"]) for one in announced.zoom.meetings()}  # people may hold its link
    plan = announced.plan(allow_replace=True)
    assert ([one.change.action for one in plan.held_back], plan.held_back[0].needs) == (
        [Action.DELETE],
        "--allow-delete",
    )
    announced.apply(allow_delete=True)
    assert old not in {str(one["id"]) for one in announced.zoom.meetings()}
    assert announced.plan().held_back == ()


def test_a_meeting_that_staff_made_anew_by_hand_is_taken_by_the_programme(announced):
    announced.load(make_session())
    announced.apply()
    announced.zoom.control("DELETE", f"meetings/{announced.link().meeting_id}")
    announced.load(naming(announced.made))
    announced.apply(allow_replace=True)
    assert announced.link().meeting_id == announced.made
    announced.apply()
    assert announced.links.known(EVENT, "").retired == ()


def test_a_session_can_be_moved_back(announced):
    announced.load(make_session())
    announced.apply()
    old = announced.link().meeting_id
    announced.load(naming(announced.made))
    announced.apply(allow_replace=True)
    from zoom_sync.service_layer.apply import move_to

    move_to(announced.applying, EVENT, announced.link(), old, Kind.MEETING)
    assert announced.link().meeting_id == old
    assert [one.meeting_id for one in announced.links.known(EVENT, "").retired] == [announced.made]

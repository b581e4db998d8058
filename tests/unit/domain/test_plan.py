"""The planner: make everything in step, change one thing, plan, look at the changes."""

import json
from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from factories import (
    NOW,
    PASSCODE,
    START,
    join_link,
    make_desired,
    make_host,
    make_intent,
    make_link,
    make_observed,
    make_session,
)
from zoom_sync.domain.meeting import FieldChange, compared
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import (
    Action,
    Change,
    Failure,
    HeldBack,
    Known,
    Observation,
    Policy,
    make_plan,
    plan_json,
)
from zoom_sync.domain.programme import AgendaItem, Kind, Passcode

DURING = START + timedelta(minutes=10)
AFTER = START + timedelta(hours=3)
HOSTS = (make_host(1), make_host(2))


class Stage:
    """One session that is linked and in step; tests change one thing and plan."""

    def __init__(self, *sessions, deep=True):
        self.sessions = sessions or (make_session(),)
        self.desired = [make_desired(session) for session in self.sessions]
        self.links = {
            session.key: make_link(session, f"8100000000{number}") for number, session in enumerate(self.sessions, 1)
        }
        self.seen = {link.meeting_id: make_observed(link, deep=deep) for link in self.links.values()}
        self.intents = {}
        self.retired = ()
        self.missing = frozenset()
        self.unread = {}
        self.failures = {}
        self.left = frozenset()
        self.left_out = ()
        self.used = {}
        self.hosts = HOSTS
        self.zone = UTC

    def want(self, session=None, **profile):
        self.desired[0] = make_desired(session or self.sessions[0], **profile)

    def zoom(self, number=1, **differences):
        meeting_id = f"8100000000{number}"
        self.seen[meeting_id] = replace(self.seen[meeting_id], **differences)

    def plan(self, now=NOW, **policy):
        known = Known(self.links, self.intents, self.retired, self.used, left=self.left)
        seen = Observation(self.seen, self.missing, self.unread, failures=self.failures)
        rules = Policy(**policy)
        return make_plan(
            "urban-2023", self.desired, known, seen, self.hosts, rules, now, self.zone, left_out=self.left_out
        )


def the_only(items):
    [one] = items
    return one


def the_change(plan):
    assert not plan.held_back
    (change,) = plan.changes
    return change


def the_held(plan):
    assert not plan.changes
    (held,) = plan.held_back
    return held


# --- each compared field -------------------------------------------------------------------------------------------

LONG = "What cities do about floods. " * 20
EDITS = {
    "topic": (
        make_session(title="Another title"),
        {"topic": "By hand"},
        ("By hand", "Making our cities safe"),
        "Another title",
    ),
    "agenda": (
        make_session(items=(AgendaItem("Lima", "Water"),), description=None),
        {"agenda": "By hand"},
        None,
        "• Lima: Water",
    ),
    "start_time": (
        make_session(start=START + timedelta(hours=1)),
        {"start": START - timedelta(hours=1)},
        (START - timedelta(hours=1), START),
        START + timedelta(hours=1),
    ),
    "duration": (make_session(minutes=60), {"duration": 45}, (45, 90), 60),
    "timezone": (
        make_session(timezone="Asia/Shanghai"),
        {"timezone": "Europe/Kiev"},
        ("Europe/Kiev", "UTC"),
        "Asia/Shanghai",
    ),
}
SETTINGS = {
    "settings.waiting_room": ("waiting_room", False, True),
    "settings.mute_upon_entry": ("mute_upon_entry", True, False),
    "settings.question_and_answer.enable": ("question_and_answer.enable", True, False),
    "settings.alternative_hosts": (
        "alternative_hosts",
        "ann@example.org;bob@example.org",
        "cy@example.org",
    ),
}


@pytest.mark.parametrize("deep", [True, False], ids=["read", "listed"])
def test_what_is_in_step_needs_nothing(deep):
    plan = Stage(deep=deep).plan()
    assert (plan.changes, plan.held_back, plan.unchanged, dict(plan.calls)) == ((), (), 1, {})


@pytest.mark.parametrize("deep", [True, False], ids=["read", "listed"])
@pytest.mark.parametrize("name", EDITS)
def test_a_plain_field_that_the_programme_changed_is_updated(name, deep):
    session, _, _, new = EDITS[name]
    stage = Stage(deep=deep)
    old = compared(make_desired().fields)[name]
    stage.want(session)
    change = the_change(stage.plan())
    assert (change.action, change.meeting_id, change.host_id) == (Action.UPDATE, "81000000001", "host-1")
    assert change.fields == (FieldChange(name, old, new),)


@pytest.mark.parametrize("deep", [True, False], ids=["read", "listed"])
@pytest.mark.parametrize("name", EDITS)
def test_a_plain_field_that_somebody_edited_on_zoom_is_put_back(name, deep):
    _, edit, told, _ = EDITS[name]
    stage = Stage(deep=deep)
    stage.zoom(**edit)
    change = the_change(stage.plan())
    assert [field.name for field in change.fields] == [name]
    if told:
        assert (change.fields[0].old, change.fields[0].new) == told


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_the_profile_changed_is_updated(name):
    path, old, new = SETTINGS[name]
    parent, _, leaf = path.partition(".")
    stage = Stage(deep=False)
    stage.want(**({parent: {leaf: new}} if leaf else {parent: new}))
    assert the_change(stage.plan()).fields == (FieldChange(name, old, new),)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_somebody_edited_on_zoom_shows_when_the_meeting_is_read(name):
    path, old, new = SETTINGS[name]
    stage = Stage()
    stage.zoom(settings={**stage.seen["81000000001"].settings, path: new})
    written = f"{new};{old}" if path == "alternative_hosts" else old  # whom somebody added there stays
    assert the_change(stage.plan()).fields == (FieldChange(name, new, written),)


def test_a_setting_that_zoom_does_not_show_is_left_as_it_was_sent():
    stage = Stage()
    stage.zoom(settings={})
    assert not stage.plan().changes


def test_settings_that_are_not_managed_make_no_difference():
    stage = Stage()
    stage.zoom(settings={**stage.seen["81000000001"].settings, "auto_recording": "cloud"})
    assert not stage.plan().changes


@pytest.mark.parametrize(
    "edit",
    [{"passcode": Passcode("other")}, {"passcode": None, "join_url": join_link("81000000001", "")}],
    ids=["another", "taken away"],
)
def test_a_passcode_that_somebody_changed_is_put_back_and_not_shown(edit):
    stage = Stage()
    stage.zoom(**edit)
    plan = stage.plan()
    assert the_change(plan).fields == (FieldChange("passcode", "***", "***"),)
    assert plan.calls == {"LIGHT": 3}  # it is read right before, and then its new link


def test_a_changed_link_in_a_list_alone_tells_nothing_of_the_passcode():
    """The meeting is read because of it; what cannot be read is concluded from no list."""
    stage = Stage(deep=False)
    stage.zoom(join_url=join_link("81000000001", "other"))
    assert not stage.plan().changes


HOLDING = [*EDITS, *SETTINGS, "passcode"]


@pytest.mark.parametrize("name", HOLDING)
@pytest.mark.parametrize("when", ["running", "begun"])
def test_a_difference_of_a_session_under_way_is_held_back(name, when):
    stage = Stage()
    if name in EDITS:
        stage.zoom(**(EDITS[name][1] if name != "start_time" else {"start": START - timedelta(hours=1)}))
    elif name in SETTINGS:
        stage.zoom(settings={**stage.seen["81000000001"].settings, SETTINGS[name][0]: SETTINGS[name][2]})
    else:
        stage.zoom(passcode=Passcode("other"))
    if when == "running":
        stage.zoom(running=True)
    held = the_held(stage.plan(NOW if when == "running" else DURING))
    assert [field.name for field in held.change.fields] == [name]
    assert held.why == "the session is under way"


@pytest.mark.parametrize("name", HOLDING)
def test_a_difference_of_a_session_that_is_over_rests(name):
    stage = Stage()
    if name in EDITS:
        stage.zoom(**EDITS[name][1])
    assert not stage.plan(AFTER).changes


# --- what makes no difference --------------------------------------------------------------------------------------


def test_a_list_shows_only_the_beginning_of_a_long_agenda():
    session = make_session(description=LONG)
    stage = Stage(session, deep=False)
    assert len(stage.seen["81000000001"].agenda) == 250
    assert not stage.plan().changes


def test_a_list_row_shows_an_edit_within_the_beginning_of_a_long_agenda():
    stage = Stage(make_session(description=LONG), deep=False)
    stage.zoom(agenda="B" + stage.seen["81000000001"].agenda[1:])
    assert [field.name for field in the_change(stage.plan()).fields] == ["agenda"]


def test_a_list_row_that_is_shorter_than_the_cut_is_the_whole_agenda():
    stage = Stage(make_session(description=LONG), deep=False)
    stage.zoom(agenda=stage.seen["81000000001"].agenda[:100])
    assert [field.name for field in the_change(stage.plan()).fields] == ["agenda"]


def test_line_ends_and_outer_blanks_make_no_difference():
    stage = Stage()
    stage.zoom(
        agenda=stage.seen["81000000001"].agenda.replace("\n", "\r\n") + " \r\n", topic=" Making our cities safe "
    )
    assert not stage.plan().changes


@pytest.mark.parametrize(
    "alike",
    ["BOB@example.org;Ann@Example.org", "ann@example.org, bob@example.org", ";bob@example.org;ann@example.org;"],
)
def test_order_case_and_separator_of_alternative_hosts_make_no_difference(alike):
    stage = Stage()
    stage.zoom(settings={**stage.seen["81000000001"].settings, "alternative_hosts": alike})
    assert not stage.plan().changes


def test_the_order_of_sessions_makes_no_difference():
    sessions = [make_session(f"s-{n}", start=START + timedelta(days=n)) for n in range(4)]
    stage = Stage(*sessions)
    for number, title in enumerate("abc", 1):
        stage.zoom(number, topic=title)
    stage.links.pop("s-3")
    stage.seen.pop("81000000004")
    forwards = stage.plan()
    stage.desired.reverse()
    backwards = stage.plan()
    assert forwards.changes == backwards.changes
    assert forwards.digest == backwards.digest
    assert len(forwards.changes) == 4


def test_changes_are_carried_out_by_the_time_of_their_sessions():
    late, early = make_session("a", start=START + timedelta(days=1)), make_session("b")
    stage = Stage(late, early)
    stage.links, stage.seen = {}, {}
    assert [change.key for change in stage.plan().changes] == ["b", "a"]


# --- nothing yet ---------------------------------------------------------------------------------------------------


def test_a_session_without_meeting_gets_one_with_every_field():
    stage = Stage()
    stage.links, stage.seen = {}, {}
    plan = stage.plan()
    change = the_change(plan)
    assert (change.action, change.host_id, change.meeting_id) == (Action.CREATE, "host-1", None)
    assert [field.name for field in change.fields] == [*EDITS, *sorted([*SETTINGS, "settings.use_pmi"])]
    assert all(field.old is None for field in change.fields)
    assert (plan.calls, plan.writes_by_host) == ({"LIGHT": 1}, {"host-1": 1})


@pytest.mark.parametrize("now", [START, DURING, AFTER])
def test_a_session_that_has_begun_gets_no_meeting(now):
    stage = Stage()
    stage.links, stage.seen = {}, {}
    assert "past" in the_held(stage.plan(now)).why


def test_without_any_host_a_creation_is_held_back():
    stage = Stage()
    stage.links, stage.seen, stage.hosts = {}, {}, ()
    assert "no licensed user" in the_held(stage.plan()).why


def test_where_all_hosts_are_taken_it_says_when_one_more_is_needed():
    stage = Stage(make_session("a"), make_session("b"))
    stage.links.pop("b")
    stage.hosts = HOSTS[:1]
    held = the_held(stage.plan())
    assert held.change.key == "b"
    assert held.why == (
        "the only host holds another meeting at that time; one more licensed host is needed on 6 November 2023, "
        "12:30 to 14:00 (UTC)"
    )


def test_a_meeting_that_is_not_ours_takes_its_hosts_time():
    stage = Stage()
    foreign = make_observed(make_link(meeting_id="85000000000"), start=START + timedelta(hours=1))
    stage.links, stage.seen = {}, {"85000000000": foreign}
    assert the_change(stage.plan()).host_id == "host-2"


def test_a_host_whose_meetings_could_not_be_read_gets_none():
    stage = Stage()
    stage.links, stage.seen, stage.unread = {}, {}, {"host-1": "no answer"}
    assert the_change(stage.plan()).host_id == "host-2"


def test_a_meeting_to_adopt_takes_its_hosts_time_once():
    adopted, other = make_session("a", known_id="81000000001"), make_session("b")
    stage = Stage(adopted, other)
    stage.links = {}
    stage.seen.pop("81000000002")
    stage.hosts = (make_host(1, capacity=2),)
    assert [(c.action, c.host_id) for c in stage.plan().changes] == [
        (Action.ADOPT, "host-1"),
        (Action.CREATE, "host-1"),
    ]


# --- adopting ------------------------------------------------------------------------------------------------------


def announced(**differences):
    stage = Stage(make_session(known_id="81000000001"))
    stage.links = {}
    stage.zoom(**differences)
    return stage


def test_a_meeting_that_the_programme_names_is_taken_over():
    plan = announced().plan()
    change = the_change(plan)
    assert (change.action, change.meeting_id, change.host_id, change.fields) == (
        Action.ADOPT,
        "81000000001",
        "host-1",
        (),
    )
    assert (plan.calls, plan.writes_by_host) == ({"LIGHT": 1}, {})


def test_what_differs_on_an_adopted_meeting_is_shown_and_counted():
    plan = announced(topic="By hand").plan()
    assert the_change(plan).fields == (FieldChange("topic", "By hand", "Making our cities safe"),)
    assert (plan.calls, plan.writes_by_host) == ({"LIGHT": 2}, {"host-1": 1})


def test_a_named_meeting_that_is_under_way_is_not_changed():
    assert "under way" in the_held(announced(topic="By hand", running=True).plan()).why


def test_a_named_meeting_of_a_past_session_is_left_to_adopt_by_hand():
    assert "zoom-sync adopt" in the_held(announced().plan(AFTER)).why


def test_a_named_meeting_that_is_not_on_the_account_gets_a_new_one_by_name_only():
    stage = announced()
    stage.seen, stage.missing = {}, frozenset({"81000000001"})
    held = the_held(stage.plan())
    assert (held.change.action, held.needs) == (Action.REPLACE, "--allow-replace")
    assert "meeting 81000000001, which the programme names, is not on this account" in held.change.reason
    change = the_change(stage.plan(allow_replace=True))
    assert (change.action, change.host_id) == (Action.REPLACE, "host-1")


def test_a_named_meeting_that_could_not_be_read_is_no_reason_for_another_one():
    stage = announced()
    stage.seen = {}
    stage.failures = {"81000000001": Failure("You are not allowed to access this meeting.", lasting=True)}
    for allowed in (False, True):
        held = the_held(stage.plan(allow_replace=allowed))
        assert (held.change.action, held.needs, held.asks) == (Action.ADOPT, None, True)
        assert "not allowed to access" in held.why


def test_a_named_meeting_of_the_other_kind_is_not_taken_over():
    held = the_held(announced(kind=Kind.WEBINAR).plan())
    assert (held.change.action, held.needs) == (Action.REPLACE, "--allow-replace")
    assert "`kind`" in held.change.reason


# --- moving --------------------------------------------------------------------------------------------------------


def named_otherwise(**differences):
    """A linked session whose programme names another meeting that is there."""
    stage = Stage(make_session(known_id="81000000009"))
    seen = stage.seen["81000000001"]
    stage.seen["81000000009"] = replace(seen, meeting_id="81000000009", host_id="host-9", **differences)
    return stage


def test_a_programme_that_names_another_meeting_moves_the_session_by_name_only():
    stage = named_otherwise(topic="By hand")
    held = the_held(stage.plan())
    assert (held.change.action, held.change.meeting_id, held.needs) == (Action.MOVE, "81000000009", "--allow-replace")
    change = the_change(stage.plan(allow_replace=True))
    assert (change.host_id, [one.name for one in change.fields]) == ("host-9", ["topic"])


def test_as_long_as_it_is_not_moved_the_meeting_that_people_know_is_kept_right():
    stage = named_otherwise()
    stage.want(make_session(known_id="81000000009", title="Another title"))
    plan = stage.plan()
    assert [(one.action, one.meeting_id) for one in plan.changes] == [(Action.UPDATE, "81000000001")]
    assert [one.change.action for one in plan.held_back] == [Action.MOVE]


@pytest.mark.parametrize("failed", [True, False])
def test_a_session_is_not_moved_to_a_meeting_that_is_not_there(failed):
    stage = named_otherwise()
    del stage.seen["81000000009"]
    stage.missing = frozenset() if failed else frozenset({"81000000009"})
    stage.failures = {"81000000009": Failure("No.")} if failed else {}
    plan = stage.plan(allow_replace=True)
    assert (plan.changes, plan.held_back, len(plan.notes)) == ((), (), 1)
    assert "session 'seminar-1' keeps meeting 81000000001" in plan.notes[0]


def test_a_meeting_that_a_session_was_moved_away_from_is_deleted_by_name_only():
    stage = Stage()
    stage.retired = (make_link(make_session(), "81000000007"),)
    stage.left = frozenset({"81000000007"})
    assert the_held(stage.plan()).needs == "--allow-delete"
    stage.missing = frozenset({"81000000007"})
    assert the_change(stage.plan()).action is Action.DELETE  # only forgotten


# --- converted, unreadable -----------------------------------------------------------------------------------------


def test_a_converted_meeting_is_shown_as_such_with_the_choices():
    stage = Stage()
    stage.zoom(kind=Kind.WEBINAR)
    held = the_held(stage.plan())
    # How many registered there was not counted, so that some may be lost with it.
    assert (held.change.action, held.needs) == (Action.REPLACE, "--allow-replace --allow-loss seminar-1")
    assert "it is a webinar now" in held.change.reason
    assert "`kind`" in held.change.reason


def test_a_meeting_that_was_converted_to_what_the_programme_wants_is_followed():
    stage = Stage()
    stage.zoom(kind=Kind.WEBINAR)
    stage.want(make_session(kind=Kind.WEBINAR))
    change = the_change(stage.plan())
    assert (change.action, change.meeting_id) == (Action.ADOPT, "81000000001")
    assert "its link stays" in change.reason


def test_a_meeting_that_could_not_be_read_holds_up_no_other():
    stage = Stage(make_session("a"), make_session("b", title="B"))
    stage.desired[1] = make_desired(make_session("b", title="C"))
    del stage.seen["81000000001"]
    stage.failures = {"81000000001": Failure("Cannot access.", lasting=True)}
    plan = stage.plan(allow_replace=True)
    assert [(one.action, one.key) for one in plan.changes] == [(Action.UPDATE, "b")]
    assert [(one.change.key, one.asks) for one in plan.held_back] == [("a", True)]


@pytest.mark.parametrize(
    "differences",
    [{"start": None}, {"start": None, "unread": frozenset({"start_time"})}],
)  # fmt: skip
def test_a_meeting_without_a_readable_time_is_told_and_the_rest_of_it_compared(differences):
    stage = Stage()
    stage.zoom(topic="By hand", **differences)
    plan = stage.plan()
    assert [one.name for one in the_only(plan.changes).fields] == ["topic"]
    assert "81000000001" in the_only(plan.held_back).why


@pytest.mark.parametrize("name", ["topic", "agenda", "duration", "timezone", "start_time", "join_url"])
def test_nothing_follows_from_a_field_that_zoom_does_not_show(name):
    stage = Stage(deep=False)
    other = {"topic": "", "agenda": "", "duration": 0, "timezone": "", "start_time": None, "join_url": ""}[name]
    stage.zoom(**{{"start_time": "start"}.get(name, name): other}, unread=frozenset({name}))
    assert stage.plan().changes == ()


def test_a_session_that_cannot_be_planned_for_keeps_its_meeting():
    stage = Stage(make_session("a"), make_session("b"))
    held = HeldBack(Change(Action.UPDATE, "a", "host-1", "81000000001"), Phrase("no such profile"))
    stage.left_out = (held,)
    stage.desired = stage.desired[1:]
    plan = stage.plan(allow_delete=True)
    assert (plan.changes, plan.held_back) == ((), (held,))


def test_a_renamed_session_does_not_take_the_meeting_from_its_old_key():
    stage = announced()
    stage.links = {"old-key": make_link(make_session("old-key"))}
    plan = stage.plan()
    assert [held.change.action for held in plan.held_back] == [Action.ADOPT, Action.DELETE]
    assert "'old-key'" in plan.held_back[0].why


# --- another meeting -----------------------------------------------------------------------------------------------


def missing():
    stage = Stage()
    stage.missing, stage.seen = frozenset(stage.seen), {}
    return stage


def test_a_meeting_that_is_gone_from_zoom_is_replaced_only_by_name():
    held = the_held(missing().plan())
    assert held.change.action is Action.REPLACE
    assert held.why == "needs --allow-replace: it changes a published link"
    change = the_change(missing().plan(allow_replace=True))
    assert (change.action, change.host_id, change.meeting_id) == (Action.REPLACE, "host-1", "81000000001")


def test_where_the_host_is_gone_too_another_one_is_found():
    stage = missing()
    stage.hosts = HOSTS[1:]
    assert the_change(stage.plan(allow_replace=True)).host_id == "host-2"


def test_a_gone_meeting_is_replaced_with_the_host_that_the_programme_names():
    stage = missing()
    stage.want(make_session(host="Host 2"))
    assert the_change(stage.plan(allow_replace=True)).host_id == "host-2"


def test_an_unread_host_says_nothing_about_its_meetings():
    stage = Stage()
    stage.seen, stage.unread = {}, {"host-1": "no answer"}
    held = the_held(stage.plan(allow_replace=True, allow_delete=True))
    assert held.change.action is Action.UPDATE
    assert held.why == "the host's meetings could not be read: no answer"


def test_another_kind_needs_another_meeting():
    stage = Stage()
    stage.want(make_session(kind=Kind.WEBINAR))
    assert "meeting cannot become a webinar" in the_held(stage.plan()).change.reason
    assert the_change(stage.plan(allow_replace=True)).action is Action.REPLACE


@pytest.mark.parametrize("name", ["host-2", "HOST2@example.org", "host 2"])
def test_another_host_needs_another_meeting(name):
    stage = Stage()
    stage.want(make_session(host=name))
    plan = stage.plan(allow_replace=True)
    assert (the_change(plan).action, the_change(plan).host_id) == (Action.REPLACE, "host-2")
    assert (plan.calls, plan.writes_by_host) == ({"LIGHT": 3}, {"host-2": 1})


def test_another_host_who_is_taken_gets_no_meeting():
    stage = Stage(make_session("a"), make_session("b"))
    stage.links["b"] = replace(stage.links["b"], host_id="host-2")
    stage.zoom(2, host_id="host-2")
    stage.want(make_session("a", host="host-2"))
    assert "holds another meeting" in the_held(stage.plan(allow_replace=True)).why


@pytest.mark.parametrize("now", [DURING, AFTER])
def test_nothing_is_replaced_once_the_session_began(now):
    stage = missing()
    assert not stage.plan(now, allow_replace=True).changes


def test_a_past_date_in_the_programme_is_held_back_as_a_question():
    stage = Stage()
    stage.want(make_session(start=NOW - timedelta(days=3)))
    held = the_held(stage.plan())
    assert "is its date right?" in held.why
    assert [field.name for field in held.change.fields] == ["start_time"]


# --- deleting ------------------------------------------------------------------------------------------------------


def left():
    stage = Stage()
    stage.desired = []
    return stage


def test_the_meeting_of_a_session_that_left_is_deleted_only_by_name():
    assert the_held(left().plan()).why == "needs --allow-delete"
    plan = left().plan(allow_delete=True)
    assert (the_change(plan).action, the_change(plan).meeting_id) == (Action.DELETE, "81000000001")
    assert (plan.calls, plan.writes_by_host) == ({"LIGHT": 2}, {})


def test_a_past_meeting_is_never_deleted():
    plan = left().plan(AFTER, allow_delete=True)
    assert not plan.changes
    assert not plan.held_back


def test_a_running_meeting_is_never_deleted():
    stage = left()
    stage.zoom(running=True)
    assert the_held(stage.plan(allow_delete=True)).why == "the meeting is under way"
    assert the_held(left().plan(DURING, allow_delete=True)).why == "the meeting is under way"


def test_an_empty_programme_deletes_nothing_by_itself():
    stage = Stage(*(make_session(f"s-{n}") for n in range(5)))
    stage.desired = []
    plan = stage.plan()
    assert not plan.changes
    assert len(plan.held_back) == 5


def test_what_was_replaced_is_deleted_without_being_asked_again():
    stage = Stage()
    stage.retired = (make_link(meeting_id="82000000000"),)
    change = the_change(stage.plan())
    assert (change.action, change.meeting_id) == (Action.DELETE, "82000000000")
    assert stage.plan().unchanged == 1


# --- creations that were begun -------------------------------------------------------------------------------------


def begun(**differences):
    stage = Stage()
    stage.links, stage.seen = {}, {}
    stage.intents = {"seminar-1": make_intent(host_id="host-2", **differences)}
    return stage


def test_a_creation_in_doubt_goes_on_with_the_host_it_began_with():
    change = the_change(begun().plan())
    assert (change.action, change.host_id) == (Action.CREATE, "host-2")
    assert "looked for" in change.reason


def test_a_creation_in_doubt_of_a_past_session_is_only_looked_for():
    change = the_change(begun().plan(AFTER))
    assert (change.action, change.meeting_id, change.fields) == (Action.ADOPT, None, ())


def test_a_creation_in_doubt_of_a_session_that_left_is_looked_for():
    stage = begun()
    stage.desired = []
    assert the_change(stage.plan()).action is Action.ADOPT


def test_a_creation_in_doubt_takes_its_hosts_time():
    stage = begun()
    stage.hosts = HOSTS[1:]
    stage.desired.append(make_desired(make_session("b")))
    plan = stage.plan()
    assert [change.key for change in plan.changes] == ["seminar-1"]
    assert [held.change.key for held in plan.held_back] == ["b"]


def test_a_replacement_in_doubt_is_looked_for_before_anything_else():
    stage = Stage()
    stage.intents = {"seminar-1": make_intent(replaces="81000000001")}
    stage.zoom(topic="By hand")
    change = the_change(stage.plan())
    assert (change.action, change.meeting_id) == (Action.ADOPT, None)


# --- the day's writes ----------------------------------------------------------------------------------------------


def test_what_the_day_does_not_cover_is_carried_over():
    sessions = [make_session(f"s-{n}", start=START + timedelta(days=n)) for n in range(3)]
    stage = Stage(*sessions)
    for number in (1, 2, 3):
        stage.zoom(number, topic="By hand")
    stage.used = {"host-1": 98}
    plan = stage.plan(kept_for_programme=0)
    assert [change.key for change in plan.changes] == ["s-0", "s-1"]
    (held,) = plan.held_back
    assert held.until == NOW + timedelta(days=1)
    assert held.why.endswith("goes on after 2023-11-02 00:00 UTC")
    assert plan.writes_by_host == {"host-1": 2}


def test_what_several_days_are_needed_for_says_of_each_on_which_day_and_by_the_clocks_of_the_event():
    sessions = [make_session(f"s-{n}", start=START + timedelta(days=n)) for n in range(5)]
    stage = Stage(*sessions)
    stage.hosts, stage.zone = (replace(make_host(1), daily_writes=2),), ZoneInfo("Asia/Shanghai")
    for number in range(1, 6):
        stage.zoom(number, topic="By hand")
    plan = stage.plan(kept_for_programme=0)
    assert [change.key for change in plan.changes] == ["s-0", "s-1"]
    assert [(held.change.key, held.until - NOW) for held in plan.held_back] == [
        ("s-2", timedelta(days=1)), ("s-3", timedelta(days=1)), ("s-4", timedelta(days=2)),
    ]  # fmt: skip
    assert plan.held_back[-1].why.endswith("goes on after 2023-11-03 00:00 UTC (2023-11-03 08:00 Asia/Shanghai)")


def test_a_share_of_the_day_is_kept_for_the_programmes_own_changes():
    sessions = [make_session(f"s-{n}", start=START + timedelta(days=n)) for n in range(3)]
    stage = Stage(*sessions)
    stage.zoom(1, topic="By hand")
    stage.zoom(2, topic="By hand")
    stage.links["s-2"] = replace(stage.links["s-2"], applied=replace(stage.links["s-2"].applied, topic="Earlier"))
    stage.zoom(3, topic="Earlier")
    stage.used = {"host-1": 74}
    plan = stage.plan()
    assert [change.key for change in plan.changes] == ["s-0", "s-2"]
    (held,) = plan.held_back
    assert held.change.key == "s-1"
    assert "kept for the programme" in held.why
    assert held.until == NOW + timedelta(days=1)


def test_creations_go_to_the_hosts_with_writes_left():
    stage = Stage(*(make_session(f"s-{n}", start=START + timedelta(days=n)) for n in range(4)))
    stage.links, stage.seen, stage.used = {}, {}, {"host-1": 97}
    plan = stage.plan()
    assert plan.writes_by_host == {"host-2": 4}
    assert not plan.held_back


def test_a_host_outside_the_pool_has_a_daily_limit_too():
    stage = Stage()
    stage.hosts, stage.used = HOSTS[1:], {"host-1": 100}
    stage.zoom(topic="By hand")
    assert the_held(stage.plan()).until is not None


def test_a_hosts_own_smaller_budget_counts():
    stage = Stage()
    stage.hosts = (make_host(1, daily_writes=0),)
    stage.zoom(topic="By hand")
    assert the_held(stage.plan()).until is not None


def test_deleting_costs_no_write():
    stage = left()
    stage.used = {"host-1": 100}
    assert the_change(stage.plan(allow_delete=True)).action is Action.DELETE


# --- digest and JSON -----------------------------------------------------------------------------------------------


def test_the_digest_does_not_depend_on_time_or_cost():
    stage = Stage()
    stage.zoom(topic="By hand")
    before = stage.plan()
    stage.used = {"host-1": 7}
    assert stage.plan(NOW + timedelta(hours=5)).digest == before.digest


def test_the_digest_differs_for_every_difference():
    digests = set()
    for differences in [
        {"topic": "By hand"},
        {"topic": "By another hand"},
        {"agenda": "By hand"},
        {"duration": 45},
        {"passcode": Passcode("other")},
        {"topic": "write to ann@example.org"},
        {"topic": "write to bob@example.org"},
    ]:
        stage = Stage()
        stage.zoom(**differences)
        digests.add(stage.plan().digest)
    assert len(digests) == 7
    assert Stage().plan().digest not in digests


def test_the_digest_is_of_this_event():
    stage = Stage()
    other = make_plan("other", stage.desired, Known(), Observation(), HOSTS, Policy(), NOW)
    stage.links = {}
    stage.seen = {}
    assert other.digest != stage.plan().digest


def test_an_address_in_a_setting_is_masked_in_the_json_and_counts_in_the_digest():
    one, other = Stage(), Stage()
    one.want(alternative_hosts="cy@example.org")
    other.want(alternative_hosts="di@example.org")
    assert plan_json(one.plan())["changes"] == plan_json(other.plan())["changes"]
    assert one.plan().digest != other.plan().digest


def test_the_json_holds_no_address_and_no_passcode():
    stage = Stage(
        make_session(known_id="81000000001", description="Write to ann@example.org; bring <bob@example.org>.")
    )
    stage.links, stage.seen, stage.missing = {}, {}, frozenset({"81000000001"})
    stage.hosts = (make_host(1, name="host1@example.org"),)
    created = json.dumps(plan_json(stage.plan()))
    stage = Stage()
    stage.zoom(passcode=Passcode("other"), agenda="call cy@example.org")
    stage.hosts = (*HOSTS, make_host(3, name="host3@example.org"))
    stage.want(make_session(host="host-3"))
    replaced = json.dumps(plan_json(stage.plan()))
    for text in (created, replaced):
        assert "@" not in text
        assert PASSCODE not in text
        assert "pwd" not in text
        assert "011826" not in text
    assert "Write to ***; bring <***>." in created


def test_an_at_sign_alone_is_not_masked():
    stage = Stage()
    stage.want(make_session(title="Lunch @ noon"))
    (change,) = plan_json(stage.plan())["changes"]
    assert change["fields"] == [{"name": "topic", "old": "Making our cities safe", "new": "Lunch @ noon"}]


def test_the_json_has_the_shape_that_other_programs_rely_on():
    stage = Stage(make_session("a"), make_session("b", start=START + timedelta(days=1)))
    stage.zoom(1, start=START - timedelta(minutes=5))
    stage.missing = frozenset({"81000000002"})
    stage.seen.pop("81000000002")
    told = plan_json(stage.plan())
    assert set(told) >= {"event", "digest", "changes", "held_back", "cost"}
    assert told["changes"] == [
        {
            "action": "update",
            "session": "a",
            "host": "host-1",
            "meeting_id": "81000000001",
            "fields": [{"name": "start_time", "old": "2023-11-06T12:25:00Z", "new": "2023-11-06T12:30:00Z"}],
            "reason": "somebody edited start_time on Zoom",
        }
    ]
    assert told["held_back"][0]["session"] == "b"
    assert told["cost"] == {"calls": {"LIGHT": 2}, "writes_by_host": {"host-1": 1}}
    assert len(told["digest"]) == 16
    json.dumps(told)


def test_secrets_do_not_print():
    link, intent = make_link(), make_intent()
    printed = repr([link, intent, make_observed(link), HOSTS[0]])
    assert PASSCODE not in printed
    assert "in7entPass" not in printed
    assert "pwd=" not in printed
    assert "@example.org" not in printed.replace("ann@example.org;bob@example.org", "")

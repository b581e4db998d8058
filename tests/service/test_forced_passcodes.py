"""An account that gives new meetings passcodes of its own: the mark of a creation in doubt is not on Zoom."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_session
from zoom_sync.domain.programme import Kind, Passcode

START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)


def sessions(count):
    return [
        make_session(key=f"s{number}", title=f"Title {number}", start=START + timedelta(days=number),
                     end=START + timedelta(days=number, minutes=90), timezone="Asia/Shanghai")
        for number in range(count)
    ]  # fmt: skip


@pytest.fixture
def forcing(make_desk):
    """A desk on such an account."""
    desk = make_desk(hosts=1, plan="business")
    desk.asks_policies = True
    desk.control("POST", "twists", {"what": "force_passcode"})
    return desk


def on_zoom(desk):
    return {str(one["id"]) for one in desk.zoom.meetings()}


def linked(desk, count):
    return {desk.link(f"s{number}").meeting_id for number in range(count)}


@pytest.mark.parametrize("kind", ["drop_after", "garbage_after", "error_after"])
def test_a_meeting_whose_answer_was_lost_is_taken_once_the_account_is_known(forcing, kind):
    forcing.load(*sessions(1))
    forcing.apply()
    forcing.load(*sessions(2))
    forcing.zoom.fault(kind=kind, operation="meetingCreate", times=1)
    forcing.apply()
    assert on_zoom(forcing) == linked(forcing, 2)
    assert len(on_zoom(forcing)) == 2
    assert forcing.link("s1").passcode == forcing.zoom.reader.meeting(forcing.link("s1").meeting_id).passcode
    assert not forcing.plan(deep=True).changes


@pytest.mark.parametrize("lost", [1, 2])
def test_what_the_first_attempts_made_is_taken_when_the_next_one_shows_what_the_account_does(forcing, lost):
    forcing.load(*sessions(1))
    forcing.zoom.fault(kind="drop_after", operation="meetingCreate", times=lost)
    forcing.apply()
    assert on_zoom(forcing) == linked(forcing, 1)
    assert not forcing.plan(deep=True).changes


def test_sixteen_creations_of_which_many_lose_their_answers_make_sixteen_meetings(forcing):
    forcing.load(*sessions(16))
    forcing.zoom.fault(kind="drop_after", operation="meetingCreate", times=None, probability=0.4)
    forcing.apply()
    forcing.control("DELETE", "faults")
    forcing.apply()
    assert on_zoom(forcing) == linked(forcing, 16)
    assert len(on_zoom(forcing)) == 16


@pytest.mark.parametrize(
    "other", [{"topic": "Another"}, {"start_time": "2023-11-07T12:31:00Z"}, {"duration": 60}, {}], ids=str
)
def test_what_people_made_or_is_another_one_is_never_taken(forcing, other):
    forcing.load(*sessions(1))
    forcing.apply()
    forcing.load(*sessions(2))
    forcing.zoom.fault(kind="drop_before", operation="meetingCreate", times=None)
    forcing.apply()
    forcing.control("DELETE", "faults")
    theirs = {"topic": "Title 1", "start_time": "2023-11-07T12:30:00Z", "duration": 90} | other
    made = str(forcing.by_hand(**theirs)["id"])
    forcing.pass_time(minutes=5)
    forcing.apply()
    assert forcing.link("s1").meeting_id != made
    assert made in on_zoom(forcing)
    assert len(on_zoom(forcing)) == 3


def test_an_account_that_keeps_passcodes_is_asked_for_nothing_else(make_desk):
    desk = make_desk(hosts=1, plan="business")
    desk.asks_policies = True
    desk.load(*sessions(2))
    host_id = desk.plan().changes[0].host_id
    desk.zoom.fault(kind="drop_before", operation="meetingCreate", times=None)
    desk.apply()
    desk.control("DELETE", "faults")
    want = desk.planning.profiles.desired(desk.programmes.session("urban-2023", "s0"))
    code = Passcode("Theirs1234")  # a program of somebody else makes a meeting with the same title and time
    foreign = desk.zoom.writer.create(host_id, Kind.MEETING, want.fields, code, lambda: None)
    desk.pass_time(minutes=5)
    desk.apply()
    assert foreign.meeting_id not in linked(desk, 2)
    assert len(on_zoom(desk)) == 3


def dies_in_doubt(desk):
    """A run whose answer is lost, and which ends before it can look for what it made."""
    desk.zoom.fault(kind="drop_after", operation="meetingCreate", times=1)
    sleep = desk.zoom.clock.sleep

    def interrupted(seconds):
        if seconds > 5:  # the creation is in doubt, and a run waits until it can be looked for
            raise KeyboardInterrupt
        sleep(seconds)

    desk.zoom.clock.sleep = interrupted
    with pytest.raises(KeyboardInterrupt):
        desk.apply()
    desk.zoom.clock.sleep = sleep
    desk.pass_time(minutes=5)


def test_the_meeting_of_a_session_that_is_removed_before_the_account_is_known_is_not_forgotten(forcing):
    forcing.load(*sessions(1))
    dies_in_doubt(forcing)
    (made,) = on_zoom(forcing)
    forcing.load(*sessions(3)[1:2])
    forcing.apply()
    assert forcing.link("s0").meeting_id == made
    (held,) = forcing.plan().held_back
    assert (held.change.action, held.change.key, held.needs) == ("delete", "s0", "--allow-delete")
    forcing.apply(allow_delete=True)
    assert on_zoom(forcing) == {forcing.link("s1").meeting_id}


@pytest.mark.parametrize("other", ["made by a person", "made an hour before", "of another title"])
def test_what_only_looks_like_the_meeting_of_a_removed_session_is_left_to_whom_it_belongs(forcing, other):
    forcing.load(*sessions(1))
    dies_in_doubt(forcing)
    (made,) = (forcing.zoom.simulator.world.meetings[int(one)] for one in on_zoom(forcing))
    if other == "made by a person":
        made.created_by = "hand"
    elif other == "made an hour before":
        made.created_at -= 3600
    else:
        made.topic = "Another"
    made.row = ""
    forcing.load(*sessions(3)[1:2])
    forcing.apply()
    assert forcing.link("s0") is None
    assert str(made.id) in on_zoom(forcing)


def test_what_a_late_creation_made_without_our_mark_is_told_until_it_is_gone(forcing):
    (session,) = sessions(1)
    forcing.load(session)
    forcing.zoom.fault(kind="deliver_late", operation="meetingCreate", seconds=3000, times=1)
    forcing.apply()
    forcing.pass_time(seconds=3000)
    (late,) = on_zoom(forcing) - linked(forcing, 1)
    for _ in range(2):
        plan = forcing.plan()
        assert not plan.changes
        (note,) = [str(note) for note in plan.notes if late in str(note)]
        assert "has the title of session s0, and a creation of that was given up" in note
    assert on_zoom(forcing) == {late} | linked(forcing, 1)  # nothing proves it ours, so it is nobody's to delete
    forcing.control("DELETE", f"meetings/{late}")
    assert not [note for note in forcing.plan().notes if late in str(note)]

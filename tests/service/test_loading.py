"""Loading a programme again: nothing doubles because something has another name."""

from datetime import timedelta

import pytest

from factories import make_intent, make_programme, make_session
from service.conftest import EVENT
from zoom_sync.adapters.store.event_states import EventStates
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.bootstrap import Parts
from zoom_sync.errors import ConfigurationError, StoreConflict, Undecided, UserError
from zoom_sync.service_layer.apply import Listings
from zoom_sync.service_layer.loading import Said, compare, comparison_json, put_in
from zoom_sync.service_layer.publish import Publishing, announce
from zoom_sync.service_layer.work import Working, do_item, start_collection
from zoom_sync.settings import Settings


def session(key="seminar-1", **differences):
    return make_session(key, timezone="Asia/Shanghai", **differences)


def load(desk, *sessions, event=EVENT, **said):
    compared = compare(desk.programmes, make_programme(*sessions, key=event), (), Said(**said))
    put_in(desk.programmes, compared, desk.zoom.clock.now())
    return compared


def keys(desk):
    return [one.key for one in desk.programmes.programme(EVENT).sessions]


def test_a_renamed_key_is_offered_and_nothing_is_stored_until_somebody_says(evening):
    with pytest.raises(Undecided) as refused:
        load(evening, session("opening"))
    [problem] = refused.value.problems
    assert "--rename seminar-1=opening" in problem.message
    assert "--another opening" in problem.message
    assert keys(evening) == ["seminar-1"]


@pytest.mark.parametrize("said", [{"rename": {"seminar-1": "opening"}}, {"accept": True}])
def test_a_renamed_session_keeps_its_meeting(evening, said):
    link = evening.link()
    load(evening, session("opening"), **said)
    assert keys(evening) == ["opening"]
    assert evening.link() is None
    kept = evening.link("opening")
    assert (kept.meeting_id, kept.join_url, kept.passcode) == (link.meeting_id, link.join_url, link.passcode)
    plan = evening.plan(deep=True)
    assert (plan.changes, plan.held_back) == ((), ())
    assert compare(evening.programmes, make_programme(session("opening"))).difference.is_empty


def test_a_rename_is_undone_by_the_rename_back(evening):
    before = evening.link()
    load(evening, session("opening"), accept=True)
    load(evening, session(), rename={"opening": "seminar-1"})
    assert evening.link().meeting_id == before.meeting_id
    assert evening.plan(deep=True).changes == ()


def test_a_renamed_session_may_change_everything_else_at_once(evening):
    before = evening.link()
    load(evening, session("opening", title="Another title", minutes=45), rename={"seminar-1": "opening"})
    assert [str(item.action) for item in evening.apply()] == ["update"]
    assert evening.link("opening").meeting_id == before.meeting_id


def test_reports_and_what_calendars_know_go_with_a_renamed_session(evening, database):
    publishing = Publishing(evening.programmes, evening.links, Publications(database), evening.zoom.clock)
    announce(publishing, EVENT, public=True)
    evening.pass_time(days=5, hours=12, minutes=30)
    evening.run()
    evening.pass_time(days=7)
    evening.collect()
    before = list(evening.reports.attendance(EVENT, "seminar-1"))
    assert before
    load(evening, session("opening"), accept=True)
    assert list(evening.reports.attendance(EVENT, "opening")) == before
    told = announce(publishing, EVENT, public=True)
    assert told.revisions["opening"].uid_key == "seminar-1"
    assert not told.called_off()


def test_a_session_that_is_said_to_be_another_gets_a_meeting_of_its_own(evening):
    load(evening, session("opening"), another=frozenset({"opening"}))
    assert [change.key for change in evening.plan().changes] == ["opening"]
    assert evening.link() is not None


def test_a_worker_that_holds_the_old_link_does_not_write_the_old_key_back(evening):
    held = evening.link()
    load(evening, session("opening"), accept=True)
    with pytest.raises(StoreConflict):
        evening.links.applied(EVENT, held, evening.zoom.clock.now())
    assert evening.link("opening") is not None


def test_no_key_changes_while_the_meeting_is_being_made(desk):
    now = desk.zoom.clock.now()
    begun = desk.links.begin(EVENT, make_intent(attempts=0, attempted_at=None), now, "2023-11-01", 100)
    with pytest.raises(StoreConflict, match="is being made"):
        load(desk, session("opening"), accept=True)
    assert keys(desk) == ["seminar-1"]
    desk.links.close(EVENT, begun)
    load(desk, session("opening"), accept=True)
    with pytest.raises(StoreConflict, match="in the programme no longer"):
        desk.links.begin(EVENT, make_intent(attempts=0, attempted_at=None), now, "2023-11-01", 100)


def test_what_is_left_of_an_earlier_session_is_not_mixed_with_another_ones(evening):
    load(evening, session("other", title="Another one"))
    evening.apply()
    load(evening, session("third", title="Third"), session("seminar-1"))
    with pytest.raises(UserError, match="still holds something of an earlier session 'other'"):
        load(evening, session("other"), session("third", title="Third"), rename={"seminar-1": "other"})
    assert evening.link() is not None


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"rename": {"nobody": "opening"}}, "the store has no session nobody"),
        ({"rename": {"seminar-1": "nobody"}}, "the programme has no session nobody"),
        ({"another": frozenset({"nobody"})}, "the programme has no new session"),
    ],
)
def test_a_key_that_there_is_not_is_said_before_anything_is_changed(evening, said, message):
    with pytest.raises(ConfigurationError) as refused:
        load(evening, session("opening"), **said)
    assert any(message in problem.message for problem in refused.value.problems)
    assert keys(evening) == ["seminar-1"]


# --- whose programme it is -------------------------------------------------------------------------------------------


def test_a_new_event_with_the_sessions_of_a_stored_one_is_stored_only_where_somebody_says_so(evening):
    with pytest.raises(Undecided) as refused:
        load(evening, session(), event="seminar-v2-final")
    [problem] = refused.value.problems
    assert f"--event {EVENT}" in problem.message
    assert "--new" in problem.message
    assert [one.key for one in evening.programmes.events()] == [EVENT]
    load(evening, session(), event="seminar-v2-final", new_event=True)
    assert [one.key for one in evening.programmes.events()] == [EVENT, "seminar-v2-final"]


def test_another_events_sessions_are_stored_without_a_question(evening):
    load(evening, session("keynote", title="Something else"), event="other")
    assert len(evening.programmes.events()) == 2


def test_the_difference_as_json(evening):
    read = make_programme(session(title="New title"), session("two", title="Two"))
    told = comparison_json(compare(evening.programmes, read), stored=False)
    assert told["counts"]["new"] == told["counts"]["retitled"] == 1
    assert told["retitled"][0]["from"] == "Making our cities safe"
    assert (told["event"], told["stored"], told["unclear"]) == (EVENT, False, [])


def test_what_waits_for_a_person_is_recorded_where_no_mail_is_configured(tmp_path):
    zoom = {"ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "c", "ZOOM_CLIENT_SECRET": "s"}
    database = f"sqlite:///{tmp_path / 'parts.db'}"
    parts = Parts(Settings(_env_file=None, DATABASE_URL=database, ZOOM_SYNC_CONFIG=tmp_path, **zoom))
    assert not parts.settings.notifies
    assert parts.working().notices is parts.notices
    parts.database.close()


# --- called off, archived -----------------------------------------------------------------------------------


def test_an_event_is_called_off_and_held_again_with_its_links(evening, database):
    load(evening, session(), session("two", title="Two", cancelled=True))
    states, now, link = EventStates(database), evening.zoom.clock.now(), evening.link()
    assert states.call_off(EVENT, now) == 1
    assert all(one.cancelled for one in evening.programmes.programme(EVENT).sessions)
    assert (evening.plan().changes, evening.link().meeting_id) == ((), link.meeting_id)
    assert load(evening, session(), session("two", title="Two", cancelled=True)).difference.is_empty
    assert states.hold_again(EVENT, now) == 1
    assert [one.cancelled for one in evening.programmes.programme(EVENT).sessions] == [False, True]
    assert states.hold_again(EVENT, now) == 0


def test_an_archived_event_is_kept_and_not_planned_loaded_or_synced_until_it_is_restored(evening, database):
    states = EventStates(database)
    states.archive(EVENT, evening.zoom.clock.now())
    for act in (evening.plan, lambda: load(evening, session())):
        with pytest.raises(UserError, match="event restore"):
            act()
    assert Schedule(database).outlooks() == ()
    assert evening.link() is not None
    states.restore(EVENT)
    assert evening.plan().changes == ()
    assert len(Schedule(database).outlooks()) == 1


def test_what_a_programme_says_while_its_event_is_called_off_holds_when_the_event_does(evening, database):
    load(evening, session(), session("two", title="Two"))
    states, now = EventStates(database), evening.zoom.clock.now()
    states.call_off(EVENT, now)
    told = load(evening, session(title="Floods"), session("two", title="Two", cancelled=True)).difference
    assert (len(told.retitled), told.unchanged, told.called_off, told.held_again) == (1, 1, (), ())
    assert all(one.cancelled for one in evening.programmes.programme(EVENT).sessions)
    assert states.hold_again(EVENT, now) == 1
    assert [one.cancelled for one in evening.programmes.programme(EVENT).sessions] == [False, True]


def test_nothing_is_collected_of_an_archived_event_by_name_either_and_its_reports_stay(evening, database):
    evening.run()
    evening.pass_time(days=10)
    run = start_collection(evening.runs, evening.collecting, EVENT, [])
    EventStates(database).archive(EVENT, evening.zoom.clock.now())
    calls = evening.calls()
    for act in (
        lambda: evening.collect("seminar-1"),
        evening.collect,
        lambda: start_collection(evening.runs, evening.collecting, EVENT, ["seminar-1"]),
    ):
        with pytest.raises(UserError, match="event restore"):
            act()
    working = Working(evening.planning, evening.applying, evening.collecting, timedelta(minutes=5))
    for item in evening.runs.items(run):
        do_item(working, Listings(evening.applying), item.id)
    assert [(str(item.state), item.reason) for item in evening.runs.items(run)] == [
        ("skipped", "the event is archived")
    ]
    assert calls
    assert not any("articipants" in name for name in evening.calls())
    EventStates(database).restore(EVENT)
    assert str(evening.collect("seminar-1")["seminar-1", "participants"].state) == "complete"

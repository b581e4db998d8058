"""What Zoom makes of a value is learned: told once, never taken for an edit, and never written again."""

import random
from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.domain.drift import Group, Treatment
from zoom_sync.domain.run import ItemState
from zoom_sync.service_layer.apply import carry_out, start_run
from zoom_sync.service_layer.status import status_json, status_of

EVENT = "urban-2023"


def twist(desk, **body):
    return desk.control("POST", "twists", body)


def session(**differences):
    return make_session(**{"timezone": "Asia/Shanghai", **differences})


def shown(desk, key="seminar-1"):
    return desk.zoom.reader.meeting(desk.link(key).meeting_id)


def writes(desk):
    counted = desk.calls()
    return sum(counted.get(name, 0) for name in ("meetingCreate", "meetingUpdate"))


def is_quiet(desk, **how):
    """Whether a sync has nothing to write and nothing to say of anybody's edits."""
    plan = desk.plan(**how)
    return (plan.changes, plan.drift) == ((), ())


def status(desk):
    told = status_of(desk.programmes, desk.links, desk.reports, EVENT, desk.drifts)
    (one,) = status_json(told)["sessions"]
    return one


# Each kind of what Zoom may make of a value: what it does, what the programme says, what Zoom keeps.
MAKINGS = {
    "a zone by its old name": ({"what": "alias", "from": "Europe/Kyiv", "to": "Europe/Kiev"}, {"timezone": "Europe/Kyiv"}, None),
    "a zone by a new name": ({"what": "alias", "to": "America/Toronto"}, {"timezone": "America/New_York"}, None),
    "a zone that is replaced": ({"what": "alias", "to": "UTC"}, {"timezone": "Asia/Tokyo"}, "timezone"),
    "a character that is dropped": ({"what": "drop", "characters": "🌳"}, {"title": "Trees 🌳 and cities"}, "topic"),
    "letters that are dropped": ({"what": "drop", "characters": "ö"}, {"title": "Löschen"}, "topic"),
    "line ends that are dropped": ({"what": "drop", "field": "agenda", "characters": "\n"}, {}, "agenda"),
    "a title that is cut": ({"what": "truncate", "length": 10}, {"title": "Making our cities safe"}, "topic"),
    "an agenda that is cut": ({"what": "truncate", "field": "agenda", "length": 20}, {}, "agenda"),
    "a locked setting": ({"what": "lock", "field": "settings.waiting_room", "value": True}, {}, "waiting_room"),
    "a locked part of a setting": (
        {"what": "lock", "field": "settings.mute_upon_entry", "value": False}, {}, "mute_upon_entry",
    ),
    "a length of the account's": ({"what": "lock", "field": "duration", "value": 40}, {}, "duration"),
}  # fmt: skip


@pytest.mark.parametrize("making", MAKINGS)
def test_what_zoom_makes_of_a_new_meetings_values_is_told_once_and_never_written_again(desk, making):
    rule, differences, kept = MAKINGS[making]
    twist(desk, **rule)
    desk.load(session(**differences))
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert writes(desk) == 1
    notes = [note for note in desk.plan(deep=True).notes if "Zoom keeps" in note]
    assert [f"Zoom keeps {kept} " in note for note in notes] == ([True] if kept else [])
    assert not [note for note in desk.plan(deep=True).notes if "Zoom keeps" in note]
    for deep in (False, True):
        assert is_quiet(desk, deep=deep)
    assert writes(desk) == 0
    assert [one["field"] for one in status(desk)["zoom_keeps"]] == ([kept] if kept else [])


@pytest.mark.parametrize("making", MAKINGS)
def test_what_zoom_makes_of_a_change_costs_one_write(desk, making):
    rule, differences, kept = MAKINGS[making]
    before = {"timezone": "America/Lima", "title": "Before", "description": "Before", "minutes": 60}
    desk.profiles["plain"] |= {"waiting_room": True, "mute_upon_entry": False}
    desk.load(session(**before))
    desk.apply()
    twist(desk, **rule)
    desk.profiles["plain"] |= {"waiting_room": False, "mute_upon_entry": True}
    desk.load(session(**differences))
    desk.calls()
    desk.apply()
    assert writes(desk) == 1
    said = desk.plan(deep=True).notes
    for deep in (False, True, False):
        desk.pass_time(hours=1)
        assert is_quiet(desk, deep=deep) or making in PRESUMED
        desk.apply()
    assert writes(desk) <= (making in PRESUMED)
    assert making in PRESUMED or [f"Zoom keeps {kept} " in note for note in said] == ([True] if kept else [])


@pytest.mark.parametrize("making", MAKINGS)
def test_what_zoom_makes_of_a_further_change_is_asked_for_at_once_where_it_made_something_before(desk, making):
    rule, differences, kept = MAKINGS[making]
    twist(desk, **rule)
    desk.load(session(**differences))
    desk.apply()
    further = {"topic": {"title": "A plain title that is long"}, "duration": {"minutes": 75}}.get(kept or "", {})
    desk.load(session(**{**differences, **further, "description": "A plain description that is long"}))
    desk.calls()
    for _ in range(3):
        desk.apply()
        desk.pass_time(hours=1)
    assert writes(desk) == 1
    assert not desk.plan(deep=True).changes


# Plain text and numbers are not read back as long as Zoom takes them: a list shows them, and what is another there for
# the first time is put back once.
PRESUMED = {"a title that is cut", "a length of the account's"}


def test_a_second_look_at_once_does_not_take_a_late_list_for_an_edit(evening):
    evening.load(session(title="Another title"))
    evening.apply()
    evening.control("POST", "twists", {"what": "show", "operation": "meetings", "field": "topic",
                                       "value": "Making our cities safe"})  # fmt: skip
    assert is_quiet(evening)


def test_an_edit_after_a_change_is_still_an_edit(evening):
    evening.load(session(title="Another title"))
    evening.apply()
    evening.edit(evening.link().meeting_id, topic="By hand")
    (drift,) = evening.plan().drift
    assert (drift.applied, drift.on_zoom) == ("Another title", "By hand")


def test_an_edit_of_what_zoom_keeps_is_an_edit(desk):
    twist(desk, what="drop", characters="🌳")
    desk.load(session(title="Trees 🌳"))
    desk.apply()
    assert is_quiet(desk)
    desk.edit(desk.link().meeting_id, topic="By hand")
    assert [one.name for one in desk.plan().changes[0].fields] == ["topic"]
    desk.apply()
    assert is_quiet(desk)
    assert shown(desk).topic.strip() == "Trees"


@pytest.mark.parametrize("what", ["omit", "null"])
@pytest.mark.parametrize("name", ["topic", "agenda", "timezone", "settings.waiting_room", "settings.mute_upon_entry"])
def test_what_zoom_does_not_show_is_never_written_again(evening, what, name):
    for operation in ("meeting",) if name.startswith("settings.") else ("meeting", "meetings"):
        twist(evening, what=what, operation=operation, field=name)
    for deep in (False, True):
        assert is_quiet(evening, deep=deep)


# --- the way in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("links", [{"site": "https://events.zoom.example"}, {"embed": False}])
def test_a_link_that_moved_is_taken_over_and_told_once(evening, links):
    before = evening.link()
    twist(evening, what="links", **links)
    evening.calls()
    (note,) = evening.plan().notes
    assert "another join link" in note
    assert evening.plan().notes == ()
    assert is_quiet(evening, deep=True)
    assert writes(evening) == 0
    assert evening.link().join_url != before.join_url
    assert evening.link().passcode == before.passcode
    assert status(evening)["join_url"] == shown(evening).join_url


@pytest.mark.parametrize("treatment", [Treatment.KEEP, Treatment.ASK])
def test_what_is_told_is_what_lets_people_in_now(evening, treatment):
    announced = evening.link()
    evening.treatments = {Group.PASSCODE: treatment}
    evening.edit(announced.meeting_id, password="byHand7")
    evening.apply()
    assert (status(evening)["passcode"], status(evening)["join_url"]) == ("byHand7", shown(evening).join_url)
    assert [one.name for one in evening.plan().drift] == ["passcode"]
    evening.treatments = {}
    evening.apply()
    assert evening.link().passcode == announced.passcode == shown(evening).passcode
    assert evening.link().join_url == announced.join_url
    assert is_quiet(evening, deep=True)


def test_a_passcode_that_the_account_insists_on_is_the_one_that_is_told(desk):
    twist(desk, what="force_passcode", value="482913")
    desk.apply()
    assert status(desk)["passcode"] == "482913"
    assert is_quiet(desk, deep=True)


def test_a_passcode_that_the_account_does_not_give_back_is_tried_once(evening):
    twist(evening, what="force_passcode", value="482913")
    evening.edit(evening.link().meeting_id, password="byHand7")
    evening.apply()
    evening.calls()
    for _ in range(3):
        evening.apply()
    assert writes(evening) == 0
    assert status(evening)["passcode"] == "482913"


# --- refused fields ------------------------------------------------------------------------------------------------

REFUSED = {
    "a title": ("topic", {"title": "Another"}),
    "an agenda": ("agenda", {"description": "Another"}),
    "a zone": ("timezone", {"timezone": "Asia/Tokyo"}),
    "a setting": ("settings.waiting_room", {}),
}


@pytest.mark.parametrize("in_words", [False, True])
@pytest.mark.parametrize("which", REFUSED)
def test_a_refused_field_is_remembered_and_the_others_arrive(evening, which, in_words):
    name, differences = REFUSED[which]
    leaf = name.rpartition(".")[2]
    twist(evening, what="refuse_field", field=name, only_in_message=in_words, message=f"Invalid parameter: {leaf}.")
    evening.profiles["plain"]["waiting_room"] = name == "settings.waiting_room"
    evening.load(session(minutes=45, **differences))
    evening.calls()
    (item,) = evening.apply()
    assert item.reason == f"Zoom refused {leaf}: Invalid parameter: {leaf}."
    assert writes(evening) == 2
    assert shown(evening).duration == 45
    evening.pass_time(days=1)
    plan = evening.plan()
    assert plan.changes == ()
    (held,) = plan.held_back
    assert f"Invalid parameter: {leaf}" in held.why
    evening.apply()
    assert writes(evening) == 0
    assert [one["field"] for one in status(evening)["refused"]] == [leaf]


def test_a_refused_field_is_sent_again_once_the_programme_says_otherwise(evening):
    twist(evening, what="refuse_field", field="topic", values=["Another"])
    evening.load(session(title="Another"))
    evening.apply()
    evening.load(session(title="A third"))
    evening.apply()
    assert shown(evening).topic == "A third"
    assert evening.plan().held_back == ()


@pytest.mark.parametrize("name", ["topic", "agenda", "timezone", "settings.waiting_room"])
def test_a_new_meeting_is_made_without_what_zoom_refuses(desk, name):
    twist(desk, what="refuse_field", field=name)
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert "Zoom refused" in item.reason
    assert shown(desk).start == START
    assert len(desk.zoom.meetings()) == 1
    desk.calls()
    desk.apply()
    desk.apply()
    assert writes(desk) == 0


def test_no_meeting_is_made_without_its_start(desk):
    twist(desk, what="refuse_field", field="start_time")
    (item,) = desk.apply()
    assert item.state is ItemState.FAILED
    assert desk.zoom.meetings() == []


def test_a_refused_passcode_is_tried_with_another_one(desk):
    twist(desk, what="refuse_field", field="password", times=1)
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert desk.link().passcode == shown(desk).passcode


# --- a second program ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit", [{"topic": "Theirs"}, {"duration": 20}, {"agenda": "Theirs"}, {"password": "theirs1"}], ids=str
)
def test_a_second_program_does_not_use_up_the_day(evening, edit):
    evening.calls()
    repaired = 0
    for _ in range(4 * 24):  # four days, a sync an hour
        evening.edit(evening.link().meeting_id, **edit)
        evening.apply()
        repaired += writes(evening)
        evening.pass_time(hours=1)
    assert repaired == 4
    (held,) = evening.plan().held_back
    assert held.needs == "--repair seminar-1"
    assert "each time (4) it was put back" in held.why
    evening.apply(repair=frozenset({"seminar-1"}))
    assert writes(evening) == 1


def test_pauses_are_forgotten_once_a_value_stayed(evening):
    for _ in range(3):
        evening.edit(evening.link().meeting_id, topic="By hand")
        evening.apply()
        evening.pass_time(hours=5)
        assert is_quiet(evening)
    assert shown(evening).topic == "Making our cities safe"


# --- opinions ------------------------------------------------------------------------------------------------------


def test_what_the_programme_never_spoke_of_is_nobodys_business(evening):
    evening.edit(evening.link().meeting_id, settings={"focus_mode": True})
    assert is_quiet(evening, deep=True)


def test_what_the_programme_withdraws_goes_back_to_what_was_there_before_us(desk):
    made = desk.by_hand(settings={"focus_mode": True})
    desk.load(session(known_id=str(made["id"])))
    desk.profiles["plain"]["focus_mode"] = False
    desk.apply()
    assert shown(desk).settings["focus_mode"] is False
    assert is_quiet(desk, deep=True)
    del desk.profiles["plain"]["focus_mode"]
    (change,) = desk.plan(deep=True).changes
    assert [(one.name, one.new) for one in change.fields] == [("settings.focus_mode", True)]


def test_what_was_never_ours_to_reset_stays_when_the_programme_withdraws(evening):
    del evening.profiles["plain"]["waiting_room"]
    assert is_quiet(evening, deep=True)
    evening.edit(evening.link().meeting_id, settings={"waiting_room": True})
    assert is_quiet(evening, deep=True)


def test_a_link_from_before_this_was_kept_is_no_drift(evening, database):
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE links SET learned = NULL")
    assert evening.link().learned is None
    assert is_quiet(evening)
    evening.edit(evening.link().meeting_id, topic="By hand")
    evening.apply()
    evening.pass_time(hours=timedelta(days=1) / timedelta(hours=1))
    assert is_quiet(evening, deep=True)


# --- the whole -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_whatever_zoom_makes_of_values_the_third_sync_after_the_last_change_writes_nothing(make_desk, seed):
    """Twists drawn by chance, in force from the beginning or from between two changes of the programme."""
    desk, dice = make_desk(), random.Random(seed)
    texts = ["Plain words", "Löschen & Retten", "Trees 🌳", "A <b>title</b>", " \t blanks ", "X" * 200]
    zones = ["Europe/Kyiv", "Asia/Shanghai", "America/Toronto", "Europe/Vilnius"]
    for _ in range(3):
        rules = [
            {"what": "alias", "to": dice.choice(["UTC", "Europe/Kiev", "Asia/Tokyo"])},
            {"what": "drop", "characters": "".join(dice.sample("🌳ö<> aeX&", 3))},
            {"what": "truncate", "field": dice.choice(["topic", "agenda"]), "length": dice.randrange(1, 30)},
            {"what": "lock", "field": f"settings.{dice.choice(['waiting_room', 'mute_upon_entry'])}"},
            {"what": "lock", "field": "duration", "value": 40},
            {"what": "omit", "operation": dice.choice(["meeting", "meetings", "meetingCreate"]), "field": "agenda"},
            {"what": "null", "operation": "meeting", "field": "settings.waiting_room"},
            {"what": "refuse_field", "field": dice.choice(["topic", "agenda", "settings.waiting_room", "timezone"])},
            {"what": "links", "embed": False},
            {"what": "force_passcode", "value": "482913"},
        ]
        twist(desk, **dice.choice(rules))
        desk.profiles["plain"]["waiting_room"] = dice.random() < 0.5
        desk.load(
            session(
                title=dice.choice(texts), description=dice.choice(texts), timezone=dice.choice(zones),
                minutes=dice.choice([30, 60, 90]),
            )
        )  # fmt: skip
        desk.apply()
        desk.pass_time(hours=1)
    for _ in range(2):
        sync_deeply(desk)
        desk.pass_time(hours=1)
    desk.calls()
    for _ in range(3):
        sync_deeply(desk)
        desk.pass_time(hours=7)
    assert writes(desk) == 0
    assert len(desk.zoom.meetings()) == 1


def sync_deeply(desk):
    run = start_run(desk.applying, desk.plan(deep=True))
    carry_out(desk.applying, run, lambda _: None, lambda _until, _items: None)

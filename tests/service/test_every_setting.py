"""Every setting that Zoom takes: made, changed, and then nothing differs, though Zoom shows some things otherwise."""

from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.domain.meeting import unflatten
from zoom_sync.domain.plan import Action
from zoom_sync.domain.profiles import CATALOGUE, NEVER_SHOWN, only_changed, only_created, taken
from zoom_sync.domain.programme import Kind

# What an object needs besides, and texts that must be of a form.
COMPANIONS = {
    "waiting_room_options.who_goes_to_waiting_room": {"waiting_room_options.mode": "custom"},
    "auto_add_recording_to_video_management.channels": {"auto_add_recording_to_video_management.enable": True},
}
FORMS = {"alternative_hosts": ("host2@example.org", "host3@example.org;host2@example.org")}
ANSWERED_ONLY = {"authentication_exception[].join_url"}


def value(path, turn):
    """A value that Zoom takes, one for each turn."""
    setting = CATALOGUE[path]
    if path == "use_pmi":
        return False
    if path in FORMS:
        return FORMS[path][turn]
    if setting.choices:
        return setting.choices[turn % len(setting.choices)]
    if setting.type == "list":
        inner = [one for one in CATALOGUE if one.startswith(f"{path}[].") and one not in ANSWERED_ONLY]
        return [
            {one.rpartition(".")[2]: value(one, number) for one in inner}
            for number in ((0,), (1, 0))[turn]
        ]  # fmt: skip
    text = f"{'ab'[turn]}@example.org" if "email" in path else "ab"[turn]
    return {"flag": turn == 0, "text": text, "whole": turn + 1, "texts": [text, "z"]}[setting.type]


def settings_of(kind):
    return [path for path in CATALOGUE if "[]" not in path and taken(path, kind)]


@pytest.mark.parametrize("kind", Kind)
def test_what_was_made_or_changed_with_a_setting_is_in_step(make_desk, kind):
    desk = make_desk()
    desk.control(
        "POST", "reset", {"webinars": True, "hosts": 4, "start": "2023-11-01T00:00:00Z", "ticking": False, "limits": False}
    )  # fmt: skip
    desk.again()
    paths = settings_of(kind)

    def sessions(turn):
        return [
            make_session(
                path.replace(".", "-").replace("_", "-"),
                start=START + timedelta(hours=2 * number),
                kind=kind,
                settings=unflatten({**COMPANIONS.get(path, {}), path: value(path, turn)}),
            )
            for number, path in enumerate(paths)
        ]

    desk.load(*sessions(0))
    assert {(item.state, item.reason) for item in desk.apply()} == {("done", "")}
    assert left(desk) == []
    desk.pass_time(days=1)  # another day's writes
    desk.load(*sessions(1))
    plan = desk.plan()
    assert {change.action for change in plan.changes} == {Action.UPDATE}
    unchangeable = [path for path in paths if only_created(path, kind) or path == "use_pmi"]
    assert len(plan.changes) == len(paths) - len(unchangeable)
    assert {(item.state, item.reason) for item in desk.apply()} == {("done", "")}
    assert left(desk) == []


def left(desk):
    """What a look in full would still write."""
    plan = desk.plan(deep=True)
    items = (*plan.changes, *(held.change for held in plan.held_back))
    return [(change.key, [(one.name, one.old, one.new) for one in change.fields]) for change in items]


def test_a_setting_that_zoom_takes_only_later_is_a_second_write_in_the_plan(desk):
    desk.profiles["plain"]["custom_keys"] = [{"key": "a", "value": "b"}]
    plan = desk.plan()
    assert only_changed("custom_keys", Kind.MEETING)
    assert (list(plan.writes_by_host.values()), plan.calls) == ([2], {"LIGHT": 3})
    desk.calls()
    desk.apply()
    counted = desk.calls()
    assert (counted["meetingCreate"], counted["meetingUpdate"]) == (1, 1)


def test_what_zoom_never_shows_is_not_written_again(make_desk):
    assert {path for path in NEVER_SHOWN if path not in CATALOGUE} == set()


def test_a_bad_alternative_host_blocks_nobody_and_is_told(desk):
    desk.profiles["plain"]["alternative_hosts"] = "host2@example.org;gone@example.org"
    plan = desk.plan()
    (note,) = plan.notes
    assert "number 2 of 2" in note
    assert "@" not in note
    assert [item.state for item in desk.apply()] == ["done"]
    assert left(desk) == []
    shown = desk.zoom.reader.meeting(desk.link().meeting_id)
    assert shown.settings["alternative_hosts"] == "host2@example.org"

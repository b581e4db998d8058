"""What a session asks of Zoom, in the form that is compared."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import PROFILE, START, make_desired, make_fields, make_observed, make_session
from zoom_sync.domain.desired import desired_meeting
from zoom_sync.domain.meeting import (
    AGENDA_LIMIT,
    applied_after,
    clip,
    compared,
    differences,
    flatten,
    select,
    unflatten,
)
from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.zones import zoom_timezone

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_agenda_tells_title_description_and_items():
    session = make_session(long_title="The long one", description="Floods.\r\n")
    assert make_desired(session).fields.agenda == (
        "The long one\n\nFloods.\r\n\n\n• Kazan, Russian: Park to rest\n• Tehran, Iran: Chemical poisons"
    ).replace("\r\n", "\n")


def test_a_long_agenda_is_cut_to_what_zoom_takes():
    session = make_session(items=tuple(AgendaItem("City", "x" * 100) for _ in range(40)))
    agenda = make_desired(session).fields.agenda
    assert len(agenda) <= AGENDA_LIMIT
    assert agenda.endswith("…")


def test_the_length_is_counted_by_instants_when_the_clock_changes():
    spring = make_session(
        start=datetime(2024, 3, 31, 1, 0, tzinfo=BERLIN), end=datetime(2024, 3, 31, 4, 0, tzinfo=BERLIN)
    )
    autumn = make_session(
        start=datetime(2024, 10, 27, 1, 0, tzinfo=BERLIN), end=datetime(2024, 10, 27, 4, 0, tzinfo=BERLIN)
    )
    assert (spring.minutes, autumn.minutes) == (120, 240)
    assert make_desired(spring).fields.start == datetime(2024, 3, 31, 0, 0, tzinfo=UTC)


def test_a_part_of_a_minute_counts_as_one():
    assert make_session(end=START + timedelta(minutes=59, seconds=1)).minutes == 60


def test_a_sessions_own_settings_win_over_the_profile_one_by_one():
    session = make_session(settings={"question_and_answer": {"allow_anonymous": True}, "waiting_room": True})
    found = desired_meeting(session, {"plain": PROFILE}, "plain").fields.settings
    assert found["question_and_answer.enable"] is True
    assert found["question_and_answer.allow_anonymous"] is True
    assert found["waiting_room"] is True
    assert found["mute_upon_entry"] is True


def test_nobodys_personal_room_is_ever_used():
    assert make_desired(use_pmi=True).fields.settings["use_pmi"] is False


def test_an_unknown_profile_is_an_error():
    with pytest.raises(KeyError):
        desired_meeting(make_session(profile="other"), {"plain": PROFILE}, "plain")


@pytest.mark.parametrize(
    ("zone", "told"),
    [("Asia/Shanghai", "Asia/Shanghai"), ("UTC", "UTC"), ("Etc/GMT-8", "UTC"), ("GMT", "UTC"), ("Etc/UTC", "UTC")],
)
def test_zones_are_told_as_zoom_takes_them(zone, told):
    assert zoom_timezone(zone) == told


KEYS = st.text("abcdef_", min_size=1, max_size=8)
SETTINGS = st.recursive(
    st.booleans() | st.integers() | st.text() | st.lists(st.text()),
    lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, SETTINGS, max_size=4))
@settings(deadline=None)
def test_settings_survive_being_made_flat(nested):
    assert unflatten(dict(flatten(nested))) == nested


@given(st.text(), st.integers(1, 50))
@settings(deadline=None)
def test_clipped_text_fits(text, limit):
    assert len(clip(text, limit)) <= limit
    assert clip(text, limit) == text or len(text) > limit


def test_fields_equal_to_themselves_do_not_differ():
    assert differences(make_fields(), make_fields()) == ()


def test_what_zoom_shows_is_known_over_what_was_written():
    shown = make_observed(topic="As Zoom has it", settings={"other": 1, "waiting_room": True})
    after = applied_after(make_fields(settings={"waiting_room": False, "not_shown": 2}), shown)
    assert after.settings == {"other": 1, "waiting_room": True, "not_shown": 2}
    assert after.topic == "As Zoom has it"


def test_fields_are_selected_by_zooms_names():
    fields = make_fields()
    assert select(fields, ["topic", "settings.waiting_room", "passcode"]) == {
        "topic": fields.topic,
        "settings.waiting_room": False,
    }
    assert list(compared(fields))[:5] == ["topic", "agenda", "start_time", "duration", "timezone"]

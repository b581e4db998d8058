"""Rooms, tracks, moderators and what is cancelled, in every form of an announcement."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import NOW, START, make_programme, make_session
from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS, write_announcement
from zoom_sync.domain.publication import Announcement, Language
from zoom_sync.domain.revision import revised

FORMS = sorted(set(ANNOUNCEMENT_WRITERS) - {"poster"})
DETAILED = {"room": "Hall 1", "track": "Water", "moderators": ("Ann Lee", "Wei Li"), "language": "German"}


def written(form, *sessions, **how):
    return (
        write_announcement(form, Announcement(make_programme(*sessions), {}, NOW, **how)).decode().replace("\r\n ", "")
    )


@pytest.mark.parametrize("form", FORMS)
def test_details_are_told_in_every_form(form):
    text = written(form, make_session(**DETAILED))
    for word in ("Hall 1", "Water", "Ann Lee", "Wei Li", "German"):
        assert word in text


@pytest.mark.parametrize("form", sorted(ANNOUNCEMENT_WRITERS))
def test_cancelled_sessions_are_told_in_every_form(form):
    text = written(form, make_session(), make_session("seminar-2", cancelled=True))
    word = {"ics": "STATUS:CANCELLED", "json": '"cancelled": true', "csv": ",cancelled,"}.get(form, "Called off")
    assert text.count(word) == 1


@pytest.mark.parametrize("form", sorted(ANNOUNCEMENT_WRITERS))
def test_what_is_not_announced_leaves_no_trace(form):
    hidden = [
        make_session("jury", title="Secret jury", public=False, timezone="Asia/Tokyo"),
        make_session("dry-run", title="Secret rehearsal", rehearsal_of="seminar-1"),
    ]
    text = written(form, make_session(), *hidden)
    for word in ("Secret", "jury", "dry-run", "Tokyo"):
        assert word not in text


def test_with_rooms_sessions_stand_by_day_room_and_time():
    def at(key, hours, room):
        return make_session(key, start=START + timedelta(hours=hours), room=room)

    sessions = [at("c", 24, "B"), at("d", 26, "A"), at("b", 2, "B"), at("a2", 4, "A"), at("a1", 0, "A")]
    told = Announcement(make_programme(*sessions), {}, NOW)
    assert [(one.number, one.session.key) for one in told.sessions()] == [
        (1, "a1"), (2, "a2"), (3, "b"), (4, "c"), (5, "d"),
    ]  # fmt: skip
    plain = [replace(one, room=None) for one in sessions]
    told = Announcement(make_programme(*plain), {}, NOW)
    assert [one.session.key for one in told.sessions()] == ["c", "d", "b", "a2", "a1"]


def test_details_raise_the_sequence_and_their_absence_changes_no_digest():
    def digest(**fields):
        [one] = revised(make_programme(make_session(**fields)), {}, {}, NOW, public=False)
        return one.digest

    assert digest() == digest(expected=10) == digest(record=False)
    assert len({digest(), digest(room="A"), digest(cancelled=True), digest(moderators=("Ann",))}) == 4


def test_the_words_are_those_of_the_language():
    text = written("text", make_session(cancelled=True, **DETAILED), language=Language.CHINESE)
    for line in ("状态：已取消", "会议室：Hall 1", "主持人：Ann Lee；Wei Li"):
        assert line in text

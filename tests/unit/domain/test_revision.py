"""SEQUENCE: it rises when what a calendar entry says has changed, and at no other time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import NOW, join_link, make_programme, make_session
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.domain.revision import revised

LATER = NOW + timedelta(hours=1)
MEETINGS = {"seminar-1": PublishedMeeting("81000000001", Passcode("aB3"), join_link("81000000001"))}


def told(*sessions, before=None, meetings=MEETINGS, public=True, now=NOW):
    """The revisions after one publication more."""
    changed = revised(make_programme(*sessions), meetings, before or {}, now, public=public)
    return {**(before or {}), **{one.key: one for one in changed}}


def test_a_new_session_begins_at_zero_and_the_same_again_changes_nothing():
    first = told(make_session())
    assert [(one.key, one.sequence, one.changed_at, one.shown) for one in first.values()] == [
        ("seminar-1", 0, NOW, True)
    ]
    assert revised(make_programme(make_session()), MEETINGS, first, LATER, public=True) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "New"}, {"start": make_session().start + timedelta(minutes=1)}, {"minutes": 91},
        {"long_title": "Long"}, {"items": (AgendaItem("Ann", "Parks"),)}, {"kind": Kind.WEBINAR},
        {"timezone": "Asia/Shanghai"},
    ],
)  # fmt: skip
def test_what_an_entry_says_raises_it_once(change):
    first = told(make_session())
    second = told(make_session(**change), before=first, now=LATER)
    assert (second["seminar-1"].sequence, second["seminar-1"].changed_at) == (1, LATER)
    assert told(make_session(**change), before=second) == second


@pytest.mark.parametrize("change", [{"host": "ann"}, {"profile": "plain"}, {"settings": {"a": 1}}, {"line": 7}])
def test_what_no_entry_says_does_not_raise_it(change):
    first = told(make_session())
    assert told(make_session(**change), before=first) == first


def test_another_link_or_passcode_raises_it():
    first = told(make_session())
    meeting = MEETINGS["seminar-1"]
    for other in (replace(meeting, join_url=join_link("1")), replace(meeting, passcode=Passcode("other"))):
        assert told(make_session(), before=first, meetings={"seminar-1": other})["seminar-1"].sequence == 1


def test_a_meeting_that_the_programme_names_counts_too():
    first = told(make_session(), meetings={})
    named = make_session(known=KnownMeeting("82000000000", Passcode("1")))
    assert told(named, before=first, meetings={})["seminar-1"].sequence == 1


def test_showing_the_link_for_the_first_time_raises_it_and_taking_turns_does_not():
    revisions = told(make_session(), public=False)
    sequences = []
    for public in (True, False, True, False):
        revisions = told(make_session(), before=revisions, public=public)
        sequences.append(revisions["seminar-1"].sequence)
    assert sequences == [1, 1, 1, 1]


def test_a_session_that_left_is_called_off_once_and_may_come_back():
    both = told(make_session(), make_session("seminar-2"))
    gone = told(make_session(), before=both, now=LATER)
    assert (gone["seminar-2"].called_off, gone["seminar-2"].sequence) == (True, 1)
    assert gone["seminar-2"].title == "Making our cities safe"
    assert told(make_session(), before=gone) == gone
    back = told(make_session(), make_session("seminar-2"), before=gone)
    assert (back["seminar-2"].called_off, back["seminar-2"].sequence) == (False, 2)


def test_neither_passcode_nor_link_is_kept_in_it():
    (one,) = told(make_session()).values()
    assert "aB3" not in repr(one)
    assert "pwd" not in repr(one)

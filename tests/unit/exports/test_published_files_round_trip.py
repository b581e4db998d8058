"""What zoom_sync publishes as JSON and as Markdown is read again as the programme that it was made from."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOW, START, make_link, make_programme, make_session
from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.sources import read_programme
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode
from zoom_sync.domain.publication import Announcement, Language
from zoom_sync.domain.published_meeting import PublishedMeeting

SESSIONS = (
    make_session("seminar-1", room="Hall *1*", track="Water", moderators=("Ann Lee", "Wei Li"), language="German",
                 long_title="Making our cities safe, and how", description=None, timezone="Asia/Shanghai",
                 items=(AgendaItem("Kazan, Russian", "Park [to] rest", "Russian"),)),
    make_session("seminar-2", kind=Kind.WEBINAR, cancelled=True, title="#1 of <all> `things`", room="Hall *1*",
                 description=None, timezone="Asia/Shanghai", items=()),
)  # fmt: skip


def published(form, *sessions, **how):
    links = {}
    for number, one in enumerate(sessions):
        link = make_link(one, f"8100000000{number}")
        links[one.key] = PublishedMeeting(link.meeting_id, link.passcode, link.join_url)
    told = Announcement(make_programme(*sessions, timezone="Asia/Shanghai"), links, NOW, public=True, **how)
    return write_announcement(form, told)


def again(data, **options):
    return read_programme(data, name="again", **options)


def test_json_is_read_again():
    programme = again(published("json", *SESSIONS)).require()
    assert programme.event == replace(make_programme().event, timezone="Asia/Shanghai")
    first, second = programme.sessions
    assert replace(first, known=None) == SESSIONS[0]
    assert first.known == KnownMeeting("81000000000", Passcode("aB3defghij"))
    assert second.cancelled
    assert second.kind is Kind.WEBINAR
    assert second.start == SESSIONS[1].start


@pytest.mark.parametrize("language", list(Language))
def test_markdown_is_read_again(language):
    reading = again(
        published("markdown", *SESSIONS, language=language, zones=("Europe/Paris",)), timezone="Asia/Shanghai"
    )
    assert reading.problems == ()
    first, second = reading.programme.sessions
    assert reading.programme.event.title == "Seminar"
    for name in ("key", "title", "long_title", "start", "end", "room", "track", "moderators", "language"):
        assert getattr(first, name) == getattr(SESSIONS[0], name)
    assert [(one.presenter, one.title) for one in first.items] == [("Kazan, Russian", "Park [to] rest")]
    assert first.known == KnownMeeting("81000000000", Passcode("aB3defghij"))
    assert (second.title, second.cancelled, second.kind) == (SESSIONS[1].title, True, Kind.WEBINAR)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("shown", [True, False])
def test_a_calendar_is_read_again_with_what_is_told_beside_the_meeting(language, shown):
    sessions = SESSIONS if shown else [replace(one, long_title=None) for one in SESSIONS]
    told = Announcement(make_programme(*sessions, timezone="Asia/Shanghai"), {}, NOW, public=shown, language=language)
    first, second = again(write_announcement("ics", told)).require().sessions
    for name in ("key", "title", "long_title", "start", "end", "room", "track", "moderators", "language", "items"):
        assert getattr(first, name) == getattr(sessions[0], name)
    assert (second.title, second.cancelled) == (sessions[1].title, True)


TITLES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40)


@given(TITLES.filter(lambda text: text.strip() and text == " ".join(text.split())))
def test_any_title_survives_json(title):
    [session] = again(published("json", make_session(title=title))).require().sessions
    assert session.title == title


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"Asia/Shanghai"', b'"Atlantis"', "not known"),
        (b"2023-11-06T", b"2023-13-06T", "has a time that cannot be used"),
        (b'"key": "seminar-1"', b'"key": null', "needs `key`"),
        (b'"key": "urban-2023"', b'"key": 7.5', "the event's key"),
    ],
)
def test_what_was_changed_by_hand_is_judged(old, new, why):
    data = published("json", make_session(start=START))
    assert old in data
    reading = again(data.replace(old, new))
    assert reading.programme is None
    assert any(why in problem.message for problem in reading.problems)


@pytest.mark.parametrize(("form", "name"), [("json", "zoom-sync-json"), ("markdown", "zoom-sync-markdown")])
def test_the_format_is_found_and_can_be_named(form, name):
    data = published(form, *SESSIONS)
    assert again(data, timezone="Asia/Shanghai", format=name) == again(data, timezone="Asia/Shanghai")

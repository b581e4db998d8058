"""Programmes in the store: what goes in comes out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import NOW, START, make_link, make_programme, make_session
from zoom_sync.domain.programme import (
    AgendaItem,
    Event,
    Kind,
    KnownMeeting,
    Passcode,
    Programme,
    RegistrationMode,
    Session,
)
from zoom_sync.errors import NotInStore

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
LINE = TEXT.filter(bool)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def items(moment):
    """Items with and without times; whether the times make sense is not the store's matter."""
    times = st.sampled_from([(None, None), (moment, None), (moment, moment + timedelta(minutes=5))])
    return st.builds(
        lambda who, what, where, when, told: AgendaItem(who, what, where, when[0], when[1], tuple(told)),
        LINE,
        LINE,
        st.none() | LINE,
        times,
        st.lists(LINE, max_size=2),
    )


@st.composite
def sessions(draw, key):
    zone = draw(ZONES)
    start = draw(st.integers(978_307_200, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC)))
    known = st.none() | st.builds(
        KnownMeeting, st.integers(10**8, 10**11 - 1).map(str), st.none() | st.builds(Passcode, LINE)
    )
    return Session(
        key,
        draw(LINE),
        start.astimezone(ZoneInfo(zone)),
        (start + timedelta(minutes=draw(st.integers(1, 1440)))).astimezone(ZoneInfo(zone)),
        zone,
        kind=draw(st.sampled_from(Kind)),
        long_title=draw(st.none() | LINE),
        description=draw(st.none() | LINE),
        profile=draw(st.none() | LINE),
        host=draw(st.none() | LINE),
        settings=draw(st.dictionaries(LINE, JSON, max_size=3)),
        items=tuple(draw(st.lists(items(start.astimezone(ZoneInfo(zone))), max_size=3))),
        known=draw(known),
        registration=draw(st.none() | st.sampled_from(RegistrationMode)),
    )


@st.composite
def programmes(draw):
    keys = draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True))
    event = Event("odd", draw(LINE), draw(ZONES), draw(st.none() | LINE), draw(st.booleans()))
    return Programme(event, tuple(draw(sessions(key)) for key in keys))


@given(programmes(), programmes())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_programme_comes_out_as_it_went_in_over_whatever_was_there(store, before, after):
    store.programmes.save(before, NOW)
    assert store.programmes.programme("odd") == before
    store.programmes.save(after, NOW)
    assert store.programmes.programme("odd") == after
    for session in after.sessions:
        assert store.programmes.session("odd", session.key) == session


def test_a_session_that_left_is_gone_and_its_link_stays(store):
    store.links.finish("urban-2023", make_link(), None, NOW)
    store.programmes.save(make_programme(make_session("seminar-2")), NOW)
    with pytest.raises(NotInStore, match="seminar-1"):
        store.programmes.session("urban-2023", "seminar-1")
    assert store.links.link("urban-2023", "seminar-1") == make_link()
    store.programmes.save(make_programme(make_session(title="Back again")), NOW)
    assert store.links.known("urban-2023", "").links == {"seminar-1": make_link()}


def test_events_come_in_the_order_they_were_loaded(store):
    store.programmes.save(make_programme(key="zz"), NOW)
    store.programmes.save(make_programme(key="aa"), NOW)
    store.programmes.save(make_programme(key="zz", title="Again"), NOW)
    assert [event.key for event in store.programmes.events()] == ["urban-2023", "zz", "aa"]
    assert store.programmes.programme("zz").event.title == "Again"


def test_what_is_not_there_is_said(store):
    with pytest.raises(NotInStore, match="zoom-sync load"):
        store.programmes.programme("nothing")
    with pytest.raises(NotInStore, match="'x'"):
        store.programmes.session("urban-2023", "x")
    for ask in (store.links.known, store.links.finish):
        with pytest.raises(NotInStore):
            ask(*(("nothing", "") if ask == store.links.known else ("nothing", make_link(), None, NOW)))


def test_events_do_not_mix(store):
    store.programmes.save(make_programme(make_session(start=START + timedelta(days=1)), key="other"), NOW)
    store.links.finish("other", make_link(), None, NOW)
    assert store.links.link("urban-2023", "seminar-1") is None
    assert store.links.linked_ids() == {"81000000001"}


def test_a_long_programme_loses_nothing(store):
    many = [make_session(f"s-{n:04}", start=START + timedelta(hours=n)) for n in range(1200)]
    store.programmes.save(make_programme(*many), NOW)
    assert store.programmes.programme("urban-2023").sessions == tuple(many)
    store.programmes.save(make_programme(*many[:3]), NOW)
    assert [session.key for session in store.programmes.programme("urban-2023").sessions] == [
        "s-0000", "s-0001", "s-0002",
    ]  # fmt: skip


def test_two_loads_at_once_leave_one_of_both(store, at_once):
    one, other = (make_programme(make_session(title=title), key="new", title=title) for title in ("one", "other"))
    answers = at_once(*(lambda each=each: store.programmes.save(each, NOW) for each in (one, other)))
    assert any(answer is None for answer in answers)
    assert store.programmes.programme("new") in (one, other)


def test_the_sessions_of_one_meeting_come_together_with_its_owner_first(store):
    later = make_session("owner", start=START + timedelta(hours=2))
    early = make_session("early", meeting_of="owner")
    alone = make_session("alone")
    store.programmes.save(make_programme(early, alone, later), NOW)
    for key in ("owner", "early"):
        assert store.programmes.sharing("urban-2023", key) == (later, early)
    assert store.programmes.sharing("urban-2023", "alone") == (alone,)
    for event, key in (("urban-2023", "none"), ("none", "alone")):
        with pytest.raises(NotInStore):
            store.programmes.sharing(event, key)

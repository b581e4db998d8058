"""A webinar's panelists: who is named, under which name, and what differs from whom we added."""

import pytest

from factories import NOW, make_desired, make_host, make_link, make_observed, make_session
from zoom_sync.domain.alternatives import for_account
from zoom_sync.domain.meeting import Cause
from zoom_sync.domain.panelists import Panelist, Standing, named_in
from zoom_sync.domain.plan.comparing import compare
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.domain.registering import portions

ADDED, SENT, FOUND = Standing.ADDED, Standing.SENT, Standing.FOUND


def item(presenter, *emails):
    return AgendaItem(presenter, "Talk", emails=emails)


@pytest.mark.parametrize(
    ("items", "named"),
    [
        ([item("Ana, Bo", "a@x.org", "b@x.org")], {"a@x.org": "Ana", "b@x.org": "Bo"}),
        ([item("Kazan, Russian", "a@x.org")], {"a@x.org": "Kazan, Russian"}),
        ([item("Ana, Bo, Cy", "a@x.org", "b@x.org")], {"a@x.org": "Ana, Bo, Cy", "b@x.org": "Ana, Bo, Cy"}),
        ([item("Ana", "A@x.org"), item("Dr Ana", " a@X.org ")], {"A@x.org": "Ana"}),
        ([item("Ana")], {}),
        ([item("武汉市规划研究院城市设计中心 Zhang", "a@x.org")], {"a@x.org": "武汉市规划研究院城市设计"}),
        ([item("北京 and " + "x" * 30, "a@x.org")], {"a@x.org": "北京 and " + "x" * 30}),
    ],
)
def test_each_e_mail_is_one_panelist_by_a_name_that_zoom_takes(items, named):
    assert {one.email: one.name for one in named_in(items)} == named


def test_a_panelist_prints_as_nobody():
    assert "@" not in repr(Panelist("a@x.org", "Ana"))
    assert "Ana" not in repr(Panelist("a@x.org", "Ana"))


def test_thirty_are_sent_at_once():
    people = [Panelist(f"p{n}@x.org", "P") for n in range(61)]
    assert [len(some) for some in portions(people)] == [30, 30, 1]


def test_hosts_are_known_among_the_panelists_by_address_and_by_id():
    users = [make_host(n, email=f"Host{n}@x.org") for n in (1, 2, 3)]
    session = make_session(
        kind=Kind.WEBINAR, items=[item("All", *(f"host{n}@x.org" for n in (1, 2, 3)), "guest@x.org")],
        settings={"alternative_hosts": "host-2; HOST3@x.org"},
    )  # fmt: skip
    want, note = for_account(make_desired(session), users)
    assert note is None
    assert [(one.key, one.user_id) for one in want.panelists] == [("host1@x.org", "host-1"), ("guest@x.org", None)]
    assert [one.key for one in want.panelists_beside("host-1")] == ["guest@x.org"]


@pytest.mark.parametrize(
    ("kept", "seen", "old", "added", "removed", "cause"),
    [
        ({}, None, 0, ("a@x.org", "b@x.org"), (), Cause.PROGRAMME),
        ({"a@x.org": ADDED}, None, 1, ("b@x.org",), (), Cause.PROGRAMME),
        ({"a@x.org": ADDED, "b@x.org": SENT}, None, 1, ("b@x.org",), (), Cause.PROGRAMME),
        ({"a@x.org": ADDED, "b@x.org": FOUND, "c@x.org": ADDED}, None, 3, (), ("c@x.org",), Cause.PROGRAMME),
        ({"a@x.org": ADDED, "b@x.org": ADDED, "c@x.org": SENT}, None, 2, (), ("c@x.org",), Cause.PROGRAMME),
        ({"a@x.org": ADDED, "b@x.org": ADDED}, {"a@x.org"}, 1, ("b@x.org",), (), Cause.ZOOM),
        ({"a@x.org": ADDED, "b@x.org": FOUND}, {"a@x.org", "h@x.org"}, 1, ("b@x.org",), (), Cause.ZOOM),
        ({"a@x.org": ADDED, "c@x.org": ADDED}, {"c@x.org"}, 1, ("a@x.org", "b@x.org"), ("c@x.org",), Cause.BOTH),
    ],
)
def test_what_differs_is_told_with_its_cause(kept, seen, old, added, removed, cause):
    session = make_session(kind=Kind.WEBINAR, items=(item("Ana, Bo", "a@x.org", "b@x.org"),))
    link = make_link(session, panelists=kept)
    observed = make_observed(link, panelists=None if seen is None else frozenset(seen))
    (change,) = compare(make_desired(session), link, observed, NOW)
    assert (change.name, change.old, change.cause) == ("panelists", old, cause)
    assert (change.new.added, change.new.removed) == (added, removed)


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ({"a@x.org": ADDED, "b@x.org": FOUND}, None),
        ({"a@x.org": ADDED, "b@x.org": FOUND, "c@x.org": FOUND}, None),
        ({"a@x.org": ADDED, "b@x.org": ADDED}, {"a@x.org", "b@x.org", "hand@x.org"}),
    ],
)
def test_who_is_on_the_list_besides_is_nobodys_business(kept, seen):
    session = make_session(kind=Kind.WEBINAR, items=(item("Ana, Bo", "a@x.org", "b@x.org"),))
    link = make_link(session, panelists=kept)
    observed = make_observed(link, panelists=None if seen is None else frozenset(seen))
    assert compare(make_desired(session), link, observed, NOW) == ()

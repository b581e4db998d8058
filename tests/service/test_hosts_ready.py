"""Whether hosts are what the pool takes them for, and passcodes are what the account asks for."""

from datetime import timedelta

import pytest

from factories import NOW, START, make_session
from zoom_sync.domain.programme import Kind
from zoom_sync.service_layer.hosts_ready import crowded_hosts, hosts_ready, pool_flaws
from zoom_sync.service_layer.observe import HostRule, host_pool

EVENT = "urban-2023"
SOON = timedelta(hours=3)


def to_the_evening(desk):
    desk.pass_time(seconds=(START - NOW).total_seconds() - 3600)


def flaws(desk, *rules):
    users = desk.zoom.reader.users()
    return [
        flaw.told for _, found in pool_flaws(desk.zoom.reader, users, rules, basic_may_host=False) for flaw in found
    ]


def change_user(desk, number, **fields):
    """Somebody changes a user in Zoom's admin pages; None: he is gone."""
    users = desk.zoom.simulator.world.users
    user = next(user for user in users.values() if user.email == f"host{number}@example.org")
    if fields:
        for name, value in fields.items():
            object.__setattr__(user, name, value)
    else:
        del users[user.id]


def test_what_starts_later_is_not_looked_at(evening):
    evening.calls()
    assert hosts_ready(evening.planning, EVENT, SOON) == ()
    assert evening.calls() == {}


def test_a_session_with_meeting_and_licensed_host_is_ready(evening):
    to_the_evening(evening)
    assert hosts_ready(evening.planning, EVENT, SOON) == []


def test_a_session_without_meeting_is_not_ready(desk):
    to_the_evening(desk)
    (one,) = hosts_ready(desk.planning, EVENT, SOON)
    assert (one.key, one.start, one.told) == ("seminar-1", START, "it has no meeting yet")


def test_a_host_who_lost_his_licence_is_not_ready(evening):
    to_the_evening(evening)
    change_user(evening, 1, type=1)
    (one,) = hosts_ready(evening.planning, EVENT, SOON)
    assert one.told.startswith("host Ada Moreau: Basic: Zoom ends the meetings after 40 minutes")
    evening.pool = [HostRule("Ada Moreau", licence="basic")]
    assert hosts_ready(evening.planning, EVENT, SOON) == []


def test_a_host_who_is_gone_is_not_ready(evening):
    to_the_evening(evening)
    change_user(evening, 1)
    (one,) = hosts_ready(evening.planning, EVENT, SOON)
    assert one.told.endswith("no longer an active user of the account")


def test_a_webinar_needs_the_add_on_and_seats_enough(make_desk):
    desk = make_desk()
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
    desk.again()
    desk.load(make_session(kind=Kind.WEBINAR, settings={"registrants_restrict_number": 400}))
    desk.apply()
    desk.load(make_session(kind=Kind.WEBINAR, settings={"registrants_restrict_number": 600}))
    to_the_evening(desk)
    (one,) = hosts_ready(desk.planning, EVENT, SOON)
    assert one.told == "host Ada Moreau: this host's webinars take 500 people, 600 are expected"


def test_the_pool_is_held_against_what_zoom_says(desk):
    assert flaws(desk, HostRule("host1@example.org"), HostRule("basic@example.org", licence="basic")) == []
    assert flaws(desk, HostRule("basic@example.org")) == [
        "Basic: Zoom ends the meetings after 40 minutes and makes no reports of them"
    ]
    assert flaws(desk, HostRule("host1@example.org", capacity=2)) == [
        "hosts.yaml allows 2 meetings at once, the host's licence and plan 1"
    ]
    assert flaws(desk, HostRule("host1@example.org", webinar_capacity=500)) == ["this host lacks Zoom's webinar add-on"]


def test_buffers_that_the_meetings_do_not_leave_are_told(desk):
    later = make_session("seminar-2", start=START + timedelta(minutes=95), timezone="Asia/Shanghai")
    desk.load(make_session(timezone="Asia/Shanghai"), later)
    desk.apply()
    users = desk.zoom.reader.users()

    def told(**rule):
        pool = host_pool(users, [HostRule("host1@example.org", **rule)], basic_may_host=False)
        return [flaw.told for _, flaw in crowded_hosts(desk.programmes, desk.links, pool, NOW)]

    assert told(buffer_before=5) == []
    assert told(buffer_before=5, buffer_after=1) == [
        "this host's meetings follow one another more closely than the buffers allow"
    ]


def test_buffers_of_the_pool_open_another_host(desk):
    later = make_session("seminar-2", start=START + timedelta(minutes=95), timezone="Asia/Shanghai")
    desk.load(make_session(timezone="Asia/Shanghai"), later)
    assert len({change.host_id for change in desk.plan().changes}) == 1
    desk.pool = [HostRule(f"host{n}@example.org", buffer_after=6) for n in (1, 2)]
    assert len({change.host_id for change in desk.plan().changes}) == 2


@pytest.mark.parametrize(
    "policy",
    [
        {"only_allow_numeric": True, "length": 8},
        {"have_special_character": True, "have_upper_and_lower_characters": True},
        {"consecutive_characters_length": 4, "length": 10},
    ],
)
def test_a_passcode_is_as_the_account_asks(make_desk, policy):
    desk = make_desk()
    desk.control("POST", "reset", {"policy": policy, "start": "2023-11-01T00:00:00Z", "ticking": False})
    desk.again()
    desk.asks_policies = True
    desk.load(*(make_session(f"s-{n}", start=START + timedelta(days=n)) for n in range(3)))
    assert [item.state for item in desk.apply()] == ["done"] * 3
    assert desk.calls()["userSettings"] == 1
    desk.load(*(make_session(f"t-{n}", start=START + timedelta(days=n, hours=4)) for n in range(3)))
    desk.apply()
    assert "userSettings" not in desk.calls()


def test_where_the_policy_cannot_be_asked_for_meetings_are_made_all_the_same(desk):
    desk.asks_policies = True
    desk.control("POST", "faults", {"kind": "refuse", "operation": "userSettings", "times": 10})
    assert [item.state for item in desk.apply()] == ["done"]

"""Who may do what, for how long, and what a password must be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.adapters.identity.passwords import Argon2
from zoom_sync.domain.access import (
    ALLOWED,
    NAME_LIMIT,
    OpenSession,
    Permission,
    Role,
    SessionLimits,
    Visitor,
    display_name,
    lower,
    may,
    name_flaw,
    password_flaw,
    read_role_map,
    role_of_claims,
)

NOW = datetime(2023, 11, 7, 9, tzinfo=UTC)
LIMITS = SessionLimits(timedelta(hours=1), timedelta(hours=12))


def test_a_viewer_sees_and_no_more():
    assert ALLOWED[Role.VIEWER] == {Permission.SEE}


def test_staff_read_and_do_not_act():
    assert {Permission.JOIN, Permission.PEOPLE, Permission.RUNS} <= ALLOWED[Role.STAFF]
    assert not ALLOWED[Role.STAFF] & {Permission.PLAN, Permission.APPLY, Permission.AUDIT}


def test_an_organiser_may_everything():
    assert ALLOWED[Role.ORGANISER] == set(Permission)


def test_each_role_may_what_the_one_below_may():
    for below, above in zip(list(Role), list(Role)[1:], strict=False):
        assert ALLOWED[below] < ALLOWED[above]
        assert lower(below, above) == lower(above, below) == below


def test_a_visitor_may_what_his_role_may():
    for role in Role:
        for permission in Permission:
            assert Visitor("x", role).may(permission) == may(role, permission)


@pytest.mark.parametrize(
    ("age", "rest", "over"), [(0, 0, False), (59, 59, False), (60, 60, True), (719, 1, False), (720, 0, True)]
)
def test_a_session_ends_by_rest_and_by_age(age, rest, over):
    session = OpenSession(Visitor("x", Role.STAFF), NOW - timedelta(minutes=age), NOW - timedelta(minutes=rest))
    assert LIMITS.over(session, NOW) is over


@pytest.mark.parametrize("name", ["", " ada", "ada ", "a\0b", "a\nb", "x" * (NAME_LIMIT + 1), "a\u202eb"])
def test_a_name_that_could_mislead_is_refused(name):
    assert name_flaw(name)


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "陈丽华", "ada@example.org", "x" * NAME_LIMIT])
def test_people_may_have_their_names(name):
    assert name_flaw(name) is None


@pytest.mark.parametrize("password", ["", "short", "ada is my name!", "ADA-2023-ADA", "x" * 2000])
def test_a_password_of_the_wrong_length_or_with_the_name_in_it_is_refused(password):
    assert password_flaw(password, "ada")


@pytest.mark.parametrize(
    "password",
    ["Password1234", "aaaaaaaaaaaa", "abababababab", "qwertyuiop12", "123456789012", "zoomzoomzoom", "correcthorse",
     "January2026!", "a" * 200],
)  # fmt: skip
def test_a_password_that_is_easily_guessed_is_known_as_such(password):
    assert Argon2().guessable(password, ["ada"])


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "Tr0ub4dor&3x!9",
        "vXq7-rM2k-pL9s",
        "十二个字的密码也可以用哦啊",
    ],
)
def test_a_password_that_takes_long_to_guess_is_not(password):
    assert not Argon2().guessable(password, ["ada"])


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [("  Ada   Lovelace ", "Ada Lovelace"), ("Ada\u202eevil", "Adaevil"), ("a\x00b\x1b[31m", "ab[31m"), ("\u2066\u200b", ""),
     ("Zoë\nadmin", "Zoë admin"), ("李" * 200, "李" * 80)],
)  # fmt: skip
def test_a_name_chosen_elsewhere_is_shown_on_one_line_without_what_is_not_seen(chosen, shown):
    assert display_name(chosen) == shown


def test_an_address_gives_a_role_only_where_it_is_verified():
    roles = {"ada@example.org": Role.ORGANISER, "*": Role.VIEWER}
    for verified, role in ((True, Role.ORGANISER), (False, Role.VIEWER), ("true", Role.VIEWER), (None, Role.VIEWER)):
        claims = {"email": "ada@example.org", "email_verified": verified}
        assert role_of_claims(claims, "email", roles) is role
    assert role_of_claims({"email": "ada@example.org"}, "email", {"ada@example.org": Role.STAFF}) is None


@pytest.mark.parametrize("password", ["correct horse battery", "Tr0ub4dor&3x", "十二个字的密码也可以用哦啊"])
def test_a_long_password_will_do(password):
    assert password_flaw(password, "ada") is None


def test_roles_are_read_from_a_line():
    told = read_role_map(" zoom-admins=organiser, a=b=staff ,*=viewer,")
    assert told == {"zoom-admins": Role.ORGANISER, "a=b": Role.STAFF, "*": Role.VIEWER}
    assert read_role_map("") == {}


@pytest.mark.parametrize("text", ["admins", "admins=", "=staff", "admins=king"])
def test_a_line_that_gives_no_roles_is_refused_by_its_part(text):
    with pytest.raises(ValueError, match="VALUE=ROLE"):
        read_role_map(text)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["a"]}, Role.STAFF),
        ({"groups": ["b", "a"]}, Role.ORGANISER),
        ({"groups": "b"}, Role.ORGANISER),
        ({"groups": ["c"]}, None),
        ({}, None),
        ({"groups": None}, None),
    ],
)
def test_a_claim_gives_the_highest_of_its_roles(claims, role):
    assert role_of_claims(claims, "groups", {"a": Role.STAFF, "b": Role.ORGANISER}) == role


def test_a_star_lets_everybody_in():
    assert role_of_claims({}, "groups", {"*": Role.VIEWER}) == Role.VIEWER
    assert role_of_claims({"groups": ["*"]}, "groups", {"x": Role.ORGANISER}) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_whatever_a_provider_sends_gives_no_role_it_does_not_name(value):
    assert role_of_claims({"groups": value}, "groups", {"admins-of-zoom": Role.ORGANISER}) is None

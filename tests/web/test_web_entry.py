"""Signing in and out with an account of ours: sessions, cookies, too many tries."""

import re
from datetime import timedelta

import pytest

from support.stage import EVENT, NAMES, PASSWORDS
from zoom_sync.domain.access import Account, Role
from zoom_sync.entrypoints.web import make_app
from zoom_sync.errors import NotInStore, SignInRefused, TooManyTries
from zoom_sync.service_layer.access import sign_in, sign_out_everywhere, visitor_of_token

SESSION = "__Host-zoom_sync_session"
NAME, PASSWORD = NAMES[Role.STAFF], PASSWORDS[Role.STAFF]


def signed_in(browser):
    return browser.get("/events").status_code == 200


def test_who_signs_in_comes_where_he_wanted_to_go(browse):
    browser = browse()
    answer = browser.get(f"/events/{EVENT}/runs?x=1")
    assert answer.status_code == 303
    way = answer.headers["location"]
    assert way == f"/sign-in?next=/events/{EVENT}/runs%3Fx%3D1"
    there = re.search(r'name="next" value="([^"]*)"', browser.get(way).text)[1]
    answer = browser.sign_in(NAME, PASSWORD, next=there)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/events/{EVENT}/runs?x=1")
    assert browser.get("/sign-in").status_code == 303  # nobody has to do it twice


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\r\nSet-Cookie: x=y",
        "/ä",
    ],
)
def test_sign_in_leads_to_no_other_site(browse, way):
    assert browse().sign_in(NAME, PASSWORD, next=way).headers["location"] == "/today"
    assert (
        "evil" not in re.search(r'name="next" value="([^"]*)"', browse().get("/sign-in", params={"next": way}).text)[1]
    )


def test_the_session_cookie_is_for_this_host_alone_and_for_no_script(browse):
    answer = browse().sign_in(NAME, PASSWORD)
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION)]
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert len(re.match(rf"{SESSION}=([^;]+)", cookie)[1]) >= 43  # 256 bits


def test_plain_http_is_for_who_asks_for_it(make_stage, browse):
    stage = make_stage(ZOOM_SYNC_PLAIN_HTTP=True)
    answer = browse(app=make_app(stage.parts)).sign_in(NAME, PASSWORD)
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("zoom_sync_session")]
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie
    assert "strict-transport-security" not in answer.headers


def test_the_store_does_not_know_the_secret_of_a_session(browse, stage):
    browser = browse(Role.STAFF)
    secret = browser.cookies[SESSION]
    with stage.parts.database.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert secret not in dump
    assert PASSWORD not in dump
    assert "$argon2id$" in dump


@pytest.mark.parametrize(
    ("name", "password"), [(NAME, "wrong"), ("nobody", PASSWORD), (NAME.lower(), PASSWORD), ("", ""), ("a\0b", "x")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(browse, name, password):
    browser = browse()
    answer = browser.sign_in(name, password)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert not signed_in(browser)
    other = browse().sign_in("somebody else", "and his password")
    hide = re.compile(r'value="[^"]*"|csrf|[0-9a-f]{64}')
    assert hide.sub("", answer.text) == hide.sub("", other.text)


def test_an_unknown_name_costs_a_hash_like_a_known_one(stage, browse, monkeypatch):
    """The same work, counted and not timed."""
    hashed = []
    verify = stage.parts.passwords._hasher.verify
    hasher = type(stage.parts.passwords._hasher)
    monkeypatch.setattr(hasher, "verify", lambda self, kept, password: hashed.append(kept) or verify(kept, password))
    browse().sign_in("nobody", PASSWORD)
    browse().sign_in(NAME, "wrong")
    assert len(hashed) == 2
    assert len(set(hashed[0].split("$")[:4]) | set(hashed[1].split("$")[:4])) == 4  # the same parameters


def test_sign_in_begins_a_new_session_and_ends_the_old_one(browse):
    browser = browse(Role.STAFF)
    first = browser.cookies[SESSION]
    browser.cookies.delete(SESSION)
    browser.get("/sign-in")
    csrf = browser.csrf("/sign-in")
    browser.cookies.set(SESSION, first, domain="zoom-sync.example", path="/")
    # The form of a signed-in browser has the token of its session.
    answer = browser.post("/sign-in", data={"name": NAME, "password": PASSWORD, "csrf": csrf})
    assert answer.status_code == 403
    answer = browser.post("/sign-in", data={"name": NAME, "password": PASSWORD, "csrf": browser.csrf()})
    second = re.search(rf"{SESSION}=([^;]+)", answer.headers["set-cookie"])[1]
    assert second != first
    fresh = browse()
    fresh.cookies.set(SESSION, first, domain="zoom-sync.example", path="/")
    assert not signed_in(fresh)


def test_a_session_somebody_else_chose_is_none(browse):
    """Session fixation: a cookie that we did not give opens nothing, and is not what sign-in makes."""
    browser = browse()
    browser.cookies.set(SESSION, "chosen", domain="zoom-sync.example", path="/")
    assert not signed_in(browser)


def test_who_does_nothing_for_an_hour_is_signed_out(browse, stage):
    browser = browse(Role.STAFF)
    stage.at += timedelta(minutes=59)
    assert signed_in(browser)
    stage.at += timedelta(minutes=59)
    assert signed_in(browser)
    stage.at += timedelta(minutes=60)
    assert not signed_in(browser)
    stage.at -= timedelta(minutes=60)
    assert not signed_in(browser)  # it is gone, and not only over


def test_a_session_ends_after_half_a_day_whatever_is_done(browse, stage):
    browser = browse(Role.STAFF)
    for _ in range(23):
        stage.at += timedelta(minutes=30)
        assert signed_in(browser)
    stage.at += timedelta(minutes=30)
    assert not signed_in(browser)


def test_another_password_ends_every_session(browse, stage):
    from zoom_sync.service_layer.access import change_password

    browser = browse(Role.STAFF)
    change_password(stage.access, NAME, "another good password")
    assert not signed_in(browser)
    assert browser.sign_in(NAME, PASSWORD).status_code == 401
    assert browser.sign_in(NAME, "another good password").status_code == 303


def test_another_password_ends_the_tokens_too_unless_they_are_to_be_kept(stage):
    from zoom_sync.service_layer.access import change_password, make_token

    def good(token):
        return visitor_of_token(stage.access, token) is not None

    kept = make_token(stage.access, NAME, None, timedelta(days=1))
    change_password(stage.access, NAME, "another good password", keep_tokens=True)
    assert good(kept)
    change_password(stage.access, NAME, "a third good password")
    assert not good(kept)


def test_signing_out_everywhere_ends_every_session_of_a_name(browse, stage):
    first, second, other = browse(Role.STAFF), browse(Role.STAFF), browse(Role.VIEWER)
    assert sign_out_everywhere(stage.access, NAME) == 2
    assert [signed_in(browser) for browser in (first, second, other)] == [False, False, True]
    with pytest.raises(NotInStore, match="nobody is signed in"):
        sign_out_everywhere(stage.access, NAME)


def test_wrong_tries_from_elsewhere_do_not_lock_out_the_browser_one_uses(stage):
    access, tries = stage.access, stage.access.tries
    sign_in(access, NAME, PASSWORD, "192.0.2.1", "the browser's own secret")
    for number in range(tries.per_name + 5):
        with pytest.raises((SignInRefused, TooManyTries)):
            sign_in(access, NAME, "wrong", f"198.51.100.{number // 5}")
    assert sign_in(access, NAME, PASSWORD, "192.0.2.9", "the browser's own secret").name == NAME
    with pytest.raises(TooManyTries):
        sign_in(access, NAME, PASSWORD, "192.0.2.9", "another browser")


def test_wrong_tries_of_one_stranger_lock_out_nobody_but_himself(stage):
    for _ in range(40):
        with pytest.raises((SignInRefused, TooManyTries)):
            sign_in(stage.access, NAME, "wrong", "198.51.100.7")
    assert sign_in(stage.access, NAME, PASSWORD, "192.0.2.1").name == NAME


def test_an_office_behind_one_address_is_not_locked_out_by_its_right_passwords(stage):
    for _ in range(stage.access.tries.per_address * 3):
        assert sign_in(stage.access, NAME, PASSWORD, "203.0.113.5").name == NAME


def test_a_browser_that_is_known_is_held_to_its_own_wrong_tries(stage):
    sign_in(stage.access, NAME, PASSWORD, "192.0.2.1", "secret")
    for _ in range(stage.access.tries.per_pair):
        with pytest.raises(SignInRefused):
            sign_in(stage.access, NAME, "wrong", "192.0.2.1", "secret")
    with pytest.raises(TooManyTries):
        sign_in(stage.access, NAME, PASSWORD, "192.0.2.1", "secret")


@pytest.mark.parametrize(
    "host", ["evil.example", "zoom-sync.example.evil.example", "", "localhost.evil.example", "10.0.0.1"]
)
def test_another_sites_name_is_refused_everywhere_but_where_machines_ask(browse, host):
    for page in ("/sign-in", "/e/urban-2023", "/static/style.css", "/api/events/urban-2023.json"):
        assert browse().get(page, headers={"Host": host}).status_code == 421
    assert browse().get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["zoom-sync.example", "ZOOM-SYNC.example:443", "localhost:8000", "127.0.0.1:1", "[::1]:8000"]
)
def test_the_configured_name_and_this_machines_own_are_answered(browse, host):
    assert browse().get("/sign-in", headers={"Host": host}).status_code == 200


def test_sign_out_ends_the_session_in_the_store(browse):
    browser = browse(Role.STAFF)
    kept = browser.cookies[SESSION]
    answer = browser.post("/sign-out", data={"csrf": browser.csrf()})
    assert answer.headers["location"] == "/sign-in"
    fresh = browse()
    fresh.cookies.set(SESSION, kept, domain="zoom-sync.example", path="/")
    assert not signed_in(fresh)


def test_after_ten_wrong_passwords_a_name_has_to_wait(browse, stage):
    for _ in range(10):
        assert browse().sign_in(NAME, "wrong").status_code == 401
    answer = browse().sign_in(NAME, PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert "Too many sign-ins" in answer.text
    assert browse().sign_in(NAMES[Role.VIEWER], PASSWORDS[Role.VIEWER]).status_code == 303
    stage.at += timedelta(minutes=15, seconds=1)
    assert browse().sign_in(NAME, PASSWORD).status_code == 303


def test_a_hash_of_weaker_days_is_made_anew_at_sign_in(browse, stage):
    from argon2 import PasswordHasher

    from zoom_sync.adapters.identity.passwords import Argon2

    _, weak = stage.access.accounts.account(NAME)
    stage.parts.passwords = Argon2(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    first, second = browse().sign_in_as(Role.STAFF), browse().sign_in_as(Role.STAFF)
    _, strong = stage.access.accounts.account(NAME)
    assert ("m=8,t=1" in weak, "m=16,t=2" in strong) == (True, True)
    assert signed_in(first)  # his sessions go on
    assert signed_in(second)


def test_a_password_holds_however_old_it_is(browse, stage):
    _, kept = stage.access.accounts.account(NAME)
    long_ago = stage.at - timedelta(days=3650)
    stage.access.accounts.add(Account("veteran", Role.STAFF, long_ago), kept)
    assert browse().sign_in("veteran", PASSWORDS[Role.STAFF]).status_code == 303


def test_an_unknown_name_has_to_wait_just_the_same(browse):
    answers = [browse().sign_in("nobody", "wrong").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_a_right_password_forgets_the_wrong_ones(browse):
    for _ in range(3):
        assert [browse().sign_in(NAME, "wrong").status_code for _ in range(9)] == [401] * 9
        assert browse().sign_in(NAME, PASSWORD).status_code == 303


def test_many_names_from_one_address_have_to_wait_too(browse):
    browser = browse()
    answers = [browser.sign_in(f"name {number}", "wrong").status_code for number in range(51)]
    assert answers == [401] * 50 + [429]


def test_signing_in_and_out_is_written_down(browse, stage):
    browser = browse(Role.STAFF)
    browser.post("/sign-out", data={"csrf": browser.csrf()})
    latest = stage.access.audit.entries(2)
    assert [(one.who, one.what) for one in latest] == [(NAME, "signed out"), (NAME, "signed in")]


def test_a_page_that_asks_again_by_itself_is_sent_to_sign_in(browse):
    answer = browse().get(f"/events/{EVENT}/runs/1", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")

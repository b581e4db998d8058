"""Accounts managed on a page, and the announcement downloaded from the event's."""

import pytest

from support.stage import EVENT, NAMES, OTHER, PASSWORDS, READY
from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.domain.access import Role

SECRET = "seven brown umbrellas dancing"


@pytest.fixture
def browser(browse):
    return browse(Role.ORGANISER)


def send(browser, way="", **fields):
    return browser.post(f"/accounts{way}", data={"csrf": browser.csrf("/accounts"), **fields})


def test_an_organiser_adds_an_account_that_can_sign_in_and_is_named_in_the_log(browser, browse, stage):
    assert send(browser, name="Nadia", role="staff", password=SECRET).status_code == 303
    assert "Nadia" in browser.get("/accounts").text
    assert browse().sign_in("Nadia", SECRET).status_code == 303
    entry = next(one for one in stage.access.audit.entries(9) if one.what == "account added")
    assert (entry.who, entry.form) == ("Olga", "Nadia")
    assert SECRET not in browser.get("/audit").text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "Nadia", "password": "short"}, "12 to 1024 characters"),
        ({"name": "", "password": SECRET}, "a name has"),
        ({"name": NAMES[Role.STAFF], "password": SECRET}, "there is"),
    ],
)
def test_what_will_not_do_is_said(browser, stage, fields, why):
    before = stage.access.accounts.all()
    answer = send(browser, role="staff", **fields)
    assert answer.status_code == 400
    assert why in answer.text
    assert stage.access.accounts.all() == before


def test_another_password_signs_the_account_out(browser, browse):
    staff = browse(Role.STAFF)
    assert send(browser, "/password", name=NAMES[Role.STAFF], password=SECRET).status_code == 303
    assert staff.get("/events").status_code == 303
    assert browse().sign_in(NAMES[Role.STAFF], PASSWORDS[Role.STAFF]).status_code != 303
    assert browse().sign_in(NAMES[Role.STAFF], SECRET).status_code == 303


def test_an_account_is_removed_but_nobodys_own(browser, stage):
    assert send(browser, "/remove", name=NAMES[Role.VIEWER]).status_code == 303
    assert stage.access.accounts.account(NAMES[Role.VIEWER]) is None
    refused = send(browser, "/remove", name=NAMES[Role.ORGANISER])
    assert "nobody removes their own account" in refused.text
    assert stage.access.accounts.account(NAMES[Role.ORGANISER])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STAFF])
def test_who_may_not_manage_accounts_does_not_see_them(browse, role):
    browser = browse(role)
    assert browser.get("/accounts").status_code == 403
    assert browser.post("/accounts", data={"csrf": browser.csrf(), "name": "x"}).status_code == 403


@pytest.mark.parametrize("form", list(ANNOUNCEMENT_WRITERS))
def test_the_announcement_is_downloaded_in_each_format(browse, stage, form):
    browser = browse(Role.STAFF)
    assert f"/announcement/{form}" in browser.get(f"/events/{EVENT}").text
    answer = browser.get(f"/events/{EVENT}/announcement/{form}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert b"Leaving no one" in answer.content
    assert stage.access.audit.entries(1)[0].form == f"announcement {form}"


def test_how_to_join_what_is_not_public_is_in_it_only_where_that_is_asked_for(browse, stage):
    stage.apply(OTHER)
    link = stage.parts.links.link(OTHER, "opening")
    browser = browse(Role.STAFF)
    way = f"/events/{OTHER}/announcement/text"
    assert link.passcode.value not in browser.get(way).text
    assert link.passcode.value in browser.get(way, params={"inside": "true"}).text
    assert browse(Role.VIEWER).get(way).status_code == 403
    assert stage.parts.links.link(EVENT, READY).passcode.value in browser.get(f"/events/{EVENT}/announcement/text").text

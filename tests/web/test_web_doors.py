"""Who may enter, tried on every route there is: what is tried is made from the route table.

A new route that does not say who may enter, or that is opened to everybody without being named here, fails.
"""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount, Route

from support.stage import EVENT, NAMES, OTHER, PASSWORDS, PAST
from zoom_sync.bootstrap import OPENID_BACK, Parts
from zoom_sync.domain.access import Role, may
from zoom_sync.entrypoints.web import make_app
from zoom_sync.entrypoints.web.app import require_doors, views_of
from zoom_sync.entrypoints.web.doors import SAFE, Everybody, Needs, door_of
from zoom_sync.settings import Settings

# What everybody may enter. Whoever adds a line here has thought about it.
OPEN = {
    "/", "/healthz", "/readyz", "/readyz/deep", "/sign-in", "/sign-in/openid", OPENID_BACK, "/language/{code}", "/e/{event}",
    "/e/{event}/calendar.ics", "/e/{event}/{key}/calendar.ics", "/e/{event}/{key}/code.svg", "/preview/{secret}",
    "/j/{event}/{key}", "/j/{event}/rooms/{room}", "/verify", "/verify/{number}", "/api/events/{key}.json", "/api/events/{key}.csv", "/api/events/{key}.ics",
}  # fmt: skip
GIVEN = {
    "event": EVENT,
    "key": PAST,
    "number": 1,
    "report": "attendance",
    "form": "csv",
    "code": "en",
    "secret": "none",
    "line": "0",
    "room": "Hall",
}


def views():
    """Every view of the application, with one of its methods."""
    app = make_app(Parts(Settings(_env_file=None)))
    return [(route, method) for route in views_of(app) for method in sorted(route.methods - {"HEAD"})]


def names(views):
    return [f"{method} {route.path}" for route, method in views]


VIEWS = views()
GUARDED = [(route, method) for route, method in VIEWS if isinstance(door_of(route), Needs)]
UNSAFE = [(route, method) for route, method in VIEWS if method not in SAFE]


def address(route, **differences):
    return route.path.format(**(GIVEN | differences))


def roles_without(permission):
    return [role for role in Role if not may(role, permission)]


def lowest(permission):
    return next(role for role in Role if may(role, permission))


def call(browser, method, path, *, csrf=None, headers=None):
    form = {} if method in SAFE else {"data": {"csrf": csrf} if csrf else {}}
    return browser.request(method, path, headers=headers, **form)


def refused_for_want_of_sign_in(answer):
    return answer.status_code == 401 or (
        answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    )


def test_every_route_says_who_may_enter():
    assert [route.path for route, _ in VIEWS if door_of(route) is None] == []
    assert {route.path for route, _ in VIEWS if isinstance(door_of(route), Everybody)} == OPEN


def test_besides_the_views_there_are_only_static_files_and_zooms_own_door():
    app = make_app(Parts(Settings(_env_file=None)))
    others = [c.original_route for c in iter_route_contexts(app.routes) if not isinstance(c.original_route, APIRoute)]
    assert [(type(other), other.path) for other in others] == [(Route, "/webhooks/zoom"), (Mount, "/static")]


def test_an_application_with_a_route_that_does_not_say_it_is_not_made():
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: "secret")
    app = FastAPI()
    app.include_router(router)
    with pytest.raises(RuntimeError, match="/forgotten"):
        require_doors(app)


@pytest.mark.parametrize(("route", "method"), GUARDED, ids=names(GUARDED))
def test_without_sign_in_nothing_is_shown(browse, route, method):
    browser = browse()
    assert refused_for_want_of_sign_in(call(browser, method, address(route), csrf=browser.csrf("/sign-in")))


@pytest.mark.parametrize(("route", "method"), GUARDED, ids=names(GUARDED))
def test_a_session_that_was_signed_out_is_worth_nothing(browse, route, method):
    browser = browse(Role.ORGANISER)
    kept, csrf = dict(browser.cookies), browser.csrf()
    browser.post("/sign-out", data={"csrf": csrf})
    browser.cookies.update(kept)
    assert refused_for_want_of_sign_in(call(browser, method, address(route), csrf=csrf))


BELOW = [(route, method, role) for route, method in GUARDED for role in roles_without(door_of(route).permission)]


@pytest.mark.parametrize(
    ("route", "method", "role"), BELOW, ids=[f"{method} {route.path} as {role}" for route, method, role in BELOW]
)
def test_a_lower_role_is_refused(browse, stage, route, method, role):
    browser = browse(role)
    answer = call(browser, method, address(route), csrf=browser.csrf())
    assert answer.status_code == 403
    assert stage.runs == []
    for session in stage.parts.programmes.programme(EVENT).sessions:
        link = stage.parts.links.link(EVENT, session.key)
        assert link is None or link.passcode.value not in answer.text


def test_what_is_refused_is_logged_with_who_and_where(browse, caplog):
    browser = browse(Role.VIEWER)
    assert browser.get("/audit").status_code == 403
    assert browser.post("/sign-out", data={"csrf": "0" * 64}).status_code == 403
    lines = [vars(line) for line in caplog.records if line.message == "refused"]
    assert [(line["why"], line["route"], line["method"]) for line in lines] == [
        ("role", "audit", "GET"),
        ("forged", "sign_out", "POST"),
    ]
    assert lines[0]["who"]


@pytest.mark.parametrize(("route", "method"), UNSAFE, ids=names(UNSAFE))
@pytest.mark.parametrize("token", ["missing", "wrong", "before sign-in", "of another session"])
def test_an_unsafe_request_needs_the_token_of_its_own_session(browse, stage, route, method, token):
    door = door_of(route)
    browser, before = browse(), None
    if isinstance(door, Needs):
        before = browser.csrf("/sign-in")
        browser.sign_in_as(lowest(door.permission))
    else:
        browser.get("/sign-in")
    stale = {"missing": None, "wrong": "0" * 64, "before sign-in": before, "of another session": None}[token]
    if token == "of another session":
        stale = browse(Role.ORGANISER).csrf()
    answer = call(browser, method, address(route), csrf=stale)
    assert answer.status_code == 403
    assert "out of date" in answer.text
    assert stage.runs == []
    if stale:  # the header is no way around
        assert call(browser, method, address(route), headers={"X-CSRF-Token": stale}).status_code == 403


@pytest.mark.parametrize(("route", "method"), UNSAFE, ids=names(UNSAFE))
def test_the_token_may_come_as_a_header(browse, route, method):
    door = door_of(route)
    browser = browse(Role.ORGANISER) if isinstance(door, Needs) else browse()
    csrf = browser.csrf("/events" if isinstance(door, Needs) else "/sign-in")
    answer = browser.request(method, address(route), headers={"X-CSRF-Token": csrf})
    assert answer.status_code != 403


OF_EVENT = [(route, method) for route, method in VIEWS if "{event}" in route.path]
OF_PART = [(route, method) for route, method in OF_EVENT if "{key}" in route.path or "{number}" in route.path]


@pytest.mark.parametrize(("route", "method"), OF_EVENT, ids=names(OF_EVENT))
@pytest.mark.parametrize("event", ["no-such-event", "%2e%2e", "urban-2023%00", "x" * 3000])
def test_an_event_that_is_not_there_is_not_found(browse, route, method, event):
    browser = browse(Role.ORGANISER)
    assert call(browser, method, address(route, event=event), csrf=browser.csrf()).status_code == 404


@pytest.mark.parametrize(("route", "method"), OF_PART, ids=names(OF_PART))
def test_another_events_session_or_run_is_not_found(browse, stage, route, method):
    stage.apply(OTHER)
    number = stage.runs[-1]
    browser = browse(Role.ORGANISER)
    for path in (
        address(route, key="opening", number=number),
        address(route, event=OTHER),
        address(route, key="no-such-session", number=99),
    ):
        assert call(browser, method, path, csrf=browser.csrf()).status_code == 404, path


@pytest.mark.parametrize(("route", "method"), GUARDED, ids=names(GUARDED))
def test_a_scripts_token_opens_what_is_for_scripts_and_no_more(browse, stage, route, method):
    door = door_of(route)
    browser = browse()
    bearer = {"Authorization": f"Bearer {stage.token(lowest(door.permission))}"}
    answer = call(browser, method, address(route), headers=bearer)
    assert answer.status_code == (200 if door.tokens else 401)
    if not door.tokens:
        return
    for role in roles_without(door.permission):
        bearer = {"Authorization": f"Bearer {stage.token(role)}"}
        assert call(browser, method, address(route), headers=bearer).status_code == 403
    late = {"Authorization": f"Bearer {stage.token(Role.ORGANISER, seconds=0)}"}
    for wrong in (late, {"Authorization": "Bearer zs_nonsense"}, {"Authorization": "Bearer "}):
        answer = call(browser, method, address(route), headers=wrong)
        assert (answer.status_code, answer.json()["error"]) == (401, "sign in, or send a token")


def test_a_bearer_token_that_is_wrong_is_not_made_good_by_a_cookie(browse):
    browser = browse(Role.ORGANISER)
    assert browser.get("/api/events", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize(("route", "method"), VIEWS, ids=names(VIEWS))
def test_every_answer_carries_the_policy(browse, route, method):
    browser = browse(Role.ORGANISER)
    for answer in (call(browser, method, address(route)), browser.get("/no-such-page")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "max-age" in answer.headers["strict-transport-security"]


def test_no_page_has_a_script_or_a_style_of_its_own(browse):
    """The policy would stop them, and the page would be broken without anybody seeing why."""
    browser = browse(Role.ORGANISER)
    for route, method in VIEWS:
        if method == "GET":
            text = browser.get(address(route)).text
            assert " style=" not in text
            assert "<style" not in text
            assert " onclick=" not in text
            assert text.count("<script") == text.count("<script src=")


def test_an_account_that_is_removed_or_given_less_is_out_at_once(browse, stage):
    browser = browse(Role.STAFF)
    assert browser.get(f"/events/{EVENT}/runs").status_code == 200
    stage.access.accounts.remove(NAMES[Role.STAFF])
    assert refused_for_want_of_sign_in(browser.get(f"/events/{EVENT}/runs"))
    assert PASSWORDS[Role.STAFF] not in browser.get("/sign-in").text


def test_a_body_that_is_far_too_long_is_refused(browse):
    browser = browse()
    form = {"csrf": browser.csrf("/sign-in"), "name": "x" * 1_100_000, "password": "y"}
    assert browser.post("/sign-in", data=form).status_code == 413

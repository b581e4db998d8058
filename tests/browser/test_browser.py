"""What people do on the pages, in a real browser."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from support.crowd import hear, open_meetings
from support.stage import EVENT, NAMES, NEW, NOW, OTHER, PASSWORDS, PAST, READY, SESSIONS, seminar
from zoom_sync.adapters.exports.writing import WRITERS
from zoom_sync.domain.access import Role
from zoom_sync.entrypoints.report_files import REPORTS
from zoom_sync.entrypoints.web import make_app

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EVENT_PAGE = f"/events/{EVENT}"
SESSION_PAGE = f"{EVENT_PAGE}/sessions/{PAST}"
PLAN_PAGE = f"{EVENT_PAGE}/plan"
PAGES = {
    "today": "/today", "events": "/events", "grid": f"{EVENT_PAGE}?view=grid", "event": EVENT_PAGE, "session": SESSION_PAGE, "ready": f"{EVENT_PAGE}/sessions/{READY}",
    "attendance": f"{SESSION_PAGE}/attendance", "questions": f"{SESSION_PAGE}/questions",
    "polls": f"{SESSION_PAGE}/polls", "plan": PLAN_PAGE, "plan otherwise": f"{PLAN_PAGE}?deep=true",
    "differences": f"{EVENT_PAGE}/differences", "runs": f"{EVENT_PAGE}/runs", "run": f"{EVENT_PAGE}/runs/1",
    "audit": "/audit", "public": f"/e/{EVENT}", "not public": f"/e/{OTHER}", "nothing yet": f"/events/{OTHER}",
    "not found": "/no/such/page", "day": f"{EVENT_PAGE}/day", "sheet": f"{EVENT_PAGE}/run-sheet",
    "later": f"{EVENT_PAGE}/sessions/{READY}/later", "hosting": f"{EVENT_PAGE}/sessions/{READY}/hosting",
    "address": f"/j/{EVENT}/{READY}",
}  # fmt: skip


def width_of(page):
    """How wide the page is beyond the window, in pixels; what scrolls by itself does not count."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def flaws_of(page):
    """What axe finds that is serious or critical, in words."""
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_from_sign_in_to_a_session(open_page, picture):
    page = open_page(f"/events/{EVENT}")
    expect(page).to_have_title("Sign in · zoom_sync")
    page.get_by_label("Name").fill(NAMES[Role.STAFF])
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    page.get_by_label("Password").fill(PASSWORDS[Role.STAFF])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(seminar().event.title)
    expect(page.get_by_role("row")).to_have_count(1 + 2 * len(SESSIONS))  # each on a day of its own
    page.get_by_role("link", name=SESSIONS[0].title).click()
    expect(page.get_by_role("img", name="People present during the session")).to_be_visible()
    expect(page.get_by_text("Passcode", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("rowheader", name="20:40")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · zoom_sync")
    page.go_back()
    page.reload()
    expect(page).to_have_title("Sign in · zoom_sync")  # nothing is shown to who sits down after him


# The browser itself tells of the 401 that a wrong password gets.
test_from_sign_in_to_a_session.complaints = ("401",)


@pytest.mark.parametrize("report", list(REPORTS))
def test_each_download_is_saved_and_can_be_read(sign_in, stage, report):
    page = sign_in(Role.STAFF, SESSION_PAGE)
    page.get_by_text("Each report by itself").click()
    rows = {"attendance": 122, "questions": 8}
    if REPORTS[report].made_of not in stage.parts.report_pages.held(EVENT, PAST):
        expect(page.locator(f'a[href*="/downloads/{report}/"]')).to_have_count(0)
        return
    for form, writer in WRITERS.items():
        with page.expect_download() as started:
            page.locator(f'a[href$="/downloads/{report}/{form}"]').click()
        saved = started.value
        assert saved.suggested_filename == f"{EVENT}-{PAST}-{report}{writer.suffix}"
        content = Path(saved.path()).read_bytes()
        if form.startswith("csv"):
            read = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
            assert content.startswith(b"\xef\xbb\xbf") is (form == "csv-excel")
        elif form == "json":
            read = json.loads(content)
        else:
            assert content  # other formats are read back by the tests of their writers
            continue
        assert len(read) == rows.get(report, len(read))
        assert {row["session"] for row in read} <= {PAST}
    assert {one.what for one in stage.access.audit.entries(len(WRITERS))} == {"download"}


def somebody(stage):
    """One of the audience, whose name has no surprise in it."""
    people = stage.parts.reports.attendance(EVENT, PAST)
    return next(one for one in people if one.email and re.fullmatch("[A-Z][a-z]+ [A-Z][a-z]+", one.name))


def test_people_are_found_while_one_types(sign_in, stage):
    someone = somebody(stage)
    page = sign_in(Role.STAFF, f"{SESSION_PAGE}/attendance")
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    page.get_by_label("Name or e-mail address").press_sequentially(someone.name)
    page.locator("#people p", has_text="found").wait_for()
    expect(page.get_by_role("rowheader", name=someone.name).first).to_be_visible()
    page.get_by_role("columnheader", name="Minutes").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Minutes")
    page.get_by_role("columnheader", name="Minutes").get_by_role("link").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Minutes")
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "<t" not in kept  # the browser keeps no page with people on it
    assert someone.email not in kept


def test_everything_works_without_scripts(sign_in, stage):
    someone = somebody(stage)
    page = sign_in(Role.ORGANISER, f"{SESSION_PAGE}/attendance", java_script_enabled=False)
    page.get_by_label("Name or e-mail address").fill(someone.name)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader", name=someone.name).first).to_be_visible()
    page.goto(PLAN_PAGE)
    page.get_by_role("button", name="Apply these 2 changes").click()
    expect(page.get_by_text("2 of 2")).to_be_visible()


def test_a_plan_is_seen_and_applied_and_a_changed_one_is_refused(sign_in, stage):
    page = sign_in(Role.ORGANISER, PLAN_PAGE)
    expect(page.get_by_text("Nobody left behind")).to_be_visible()
    first = page.locator("code").first.inner_text()
    stage.load(seminar(*SESSIONS[:2], replace(SESSIONS[2], title="Another title")))
    page.get_by_role("button", name="Apply these 2 changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done: the plan has changed since you saw it.")
    expect(page.get_by_role("link", name="Another title")).to_be_visible()
    expect(page.locator("code").first).not_to_have_text(first)
    assert stage.runs == []
    assert stage.parts.links.link(EVENT, NEW) is None
    page.get_by_role("button", name="Apply these 2 changes").click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    assert stage.parts.links.link(EVENT, NEW).applied.topic == "Another title"
    page.get_by_role("link", name="Plan").click()
    expect(page.get_by_text("Nothing is to be done.")).to_be_visible()


test_a_plan_is_seen_and_applied_and_a_changed_one_is_refused.complaints = ("409",)


def test_a_run_shows_its_progress_by_itself(chromium, stage, serve, sign_in_at):
    """Nobody reloads: the page asks until the run is over, and then no more."""
    with serve(make_app(stage.parts, hand_out=stage.runs.append)) as site:
        page = sign_in_at(site.url, Role.ORGANISER, PLAN_PAGE)
        page.get_by_role("button", name="Apply these 2 changes").click()
        expect(page.get_by_text("0 of 2")).to_be_visible()
        (run,) = stage.runs
        with page.expect_response(f"**/runs/{run}"):
            stage.carry_out(run)
        page.get_by_text("2 of 2").wait_for()
        expect(page.get_by_text("finished", exact=True)).to_be_visible()
        expect(page.locator("[hx-trigger]")).to_have_count(0)


def test_the_public_page_tells_the_visitors_own_time(open_page, picture):
    page = open_page(f"/e/{EVENT}", timezone_id="America/Bogota", locale="en-US")
    article = page.get_by_role("article", name=SESSIONS[1].title)
    assert "Tue, Nov 7, 2023, 19:30–21:00 (UTC+8)" in article.inner_text()
    assert "06:30 – 08:00 GMT-5" in article.inner_text().replace("\u2009", " ").replace("\u202f", " ")
    expect(page.get_by_text("America/Bogota")).to_be_visible()
    with page.expect_download() as started:
        article.get_by_role("link", name="Add to a calendar").click()
    assert b"BEGIN:VEVENT" in Path(started.value.path()).read_bytes()
    page.evaluate("scrollTo(0, 0)")
    picture(page, "public")


def test_both_languages(sign_in, picture):
    page = sign_in(Role.ORGANISER, EVENT_PAGE, locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.get_by_text("1 份报告完整").first).to_be_visible()
    picture(page, "event-zh")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(f"{EVENT_PAGE}$"))
    expect(page.get_by_text("1 report complete").first).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("link", name="审计日志")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_phone(sign_in, name):
    page = sign_in(Role.ORGANISER, EVENT_PAGE, **PHONE)
    page.goto(PAGES[name], wait_until="networkidle")
    assert width_of(page) == 0
    expect(page.get_by_role("heading", level=1)).to_be_visible()


test_no_page_is_wider_than_a_phone.complaints = ("404",)


def tab_to(page, name, role="link"):
    """Press Tab until the focus is on what is called so; it is seen there."""
    wanted = page.get_by_role(role, name=name).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            ring = wanted.evaluate("one => getComputedStyle(one).outlineStyle")
            assert ring == "solid", f"the focus on {name} cannot be seen"
            return
    pytest.fail(f"the keyboard does not come to {name}")


def test_everything_can_be_done_by_keyboard_alone(open_page, stage):
    page = open_page("/sign-in?next=/events")
    page.keyboard.type(NAMES[Role.ORGANISER])  # the name has the focus already
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORDS[Role.ORGANISER])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Events").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, seminar().event.title)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{EVENT_PAGE}")
    tab_to(page, "Plan")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PLAN_PAGE}")
    tab_to(page, "Apply these 2 changes", "button")
    page.keyboard.press("Enter")
    page.get_by_text("2 of 2").wait_for()
    assert stage.parts.links.link(EVENT, NEW)
    tab_to(page, "Sign out", "button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["sign-in", *PAGES])
def test_axe_finds_nothing_serious(sign_in, open_page, name, scheme):
    if name == "sign-in":
        page = open_page("/sign-in", color_scheme=scheme)
    else:
        page = sign_in(Role.ORGANISER, EVENT_PAGE, color_scheme=scheme)
        page.goto(PAGES[name], wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert flaws_of(page) == []


test_axe_finds_nothing_serious.complaints = ("404",)


def test_pictures_of_the_main_pages(sign_in, stage, picture):
    """They also show that the pages can be drawn; `--screenshots` keeps them."""
    page = sign_in(Role.ORGANISER, "/today", viewport={"width": 1280, "height": 800})
    picture(page, "today")
    page.goto(EVENT_PAGE)
    picture(page, "event")
    page.goto(SESSION_PAGE)
    picture(page, "session")
    page.goto(PLAN_PAGE)
    picture(page, "plan")
    page.goto(f"{SESSION_PAGE}/questions")
    picture(page, "questions")
    phone = sign_in(Role.STAFF, SESSION_PAGE, **PHONE)
    picture(phone, "phone")
    first = SESSIONS[1].start - (NOW - timedelta(minutes=10))
    programme = seminar(
        *(
            replace(one, start=one.start - first, end=one.end - first, room=f"Room {n}")
            for n, one in enumerate(SESSIONS)
        )
    )
    stage.load(programme)
    open_meetings(stage.parts, [READY], NOW, people=184)
    hear(stage.parts, NOW)
    room = sign_in(Role.STAFF, f"{EVENT_PAGE}/day", color_scheme="dark", viewport={"width": 1280, "height": 800})
    expect(room.get_by_text("184", exact=True)).to_be_visible()
    picture(room, "day")


def test_from_a_worried_call_to_the_start_link_in_two_clicks_and_by_keyboard(sign_in, stage):
    page = sign_in(Role.STAFF, "/today")
    page.get_by_role("button", name=re.compile("Host's start link ?: " + SESSIONS[1].title)).click()
    expect(page.get_by_role("link", name="Open as the host")).to_be_visible()
    assert stage.access.audit.entries(1)[0].what == "start link"
    page.goto("/today")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/events")
    page.goto(EVENT_PAGE)
    page.keyboard.press("/")
    page.keyboard.type("planet")
    expect(page.locator("#sessions-title")).to_have_text("1 session")
    expect(page).to_have_url(re.compile("q=planet"))


# Chromium looks for a favicon.ico after a form was sent.
test_from_a_worried_call_to_the_start_link_in_two_clicks_and_by_keyboard.complaints = ("404",)


def test_a_late_session_is_said_once_it_is_late_and_the_focus_stays(sign_in, stage, monkeypatch):
    """The day asks anew by itself: what changed is told to who does not see it, and nothing jumps."""
    late = replace(SESSIONS[1], start=NOW - timedelta(minutes=1), end=NOW + timedelta(minutes=59))
    stage.load(seminar(SESSIONS[0], late, SESSIONS[2]))
    hear(stage.parts, NOW)
    page = sign_in(Role.STAFF, f"{EVENT_PAGE}/day")
    expect(page.get_by_text("should be running")).to_be_visible()
    page.locator(f"#a-{READY}").focus()
    stage.zoom.clock.advance(120)
    page.evaluate(
        "htmx.trigger('#live', 'poll'); htmx.ajax('GET', location.pathname, {target: '#live', select: '#live', swap: 'outerHTML'})"
    )
    expect(page.get_by_text("not started").first).to_be_visible()
    expect(page.locator("#changes")).to_contain_text("not started")
    assert page.evaluate("document.activeElement.id") == f"a-{READY}"

"""From a file to an announcement, and a session that is edited, in a real browser."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from browser.test_browser import PHONE, flaws_of, width_of
from support.stage import EVENT, READY, SESSIONS, seminar
from zoom_sync.adapters.sources import dump_programme
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import Changes

EDIT = f"/events/{EVENT}/sessions/{READY}/edit"
SPRING = """event: {key: spring-2024, title: Spring Lectures 2024, timezone: Asia/Shanghai, public: true, changes: first}
sessions:
  - {key: rivers, title: Rivers in cities, start: 2024-05-06T18:00:00, end: 2024-05-06T19:30:00}
  - {key: trees, title: Trees in cities, start: 2024-05-07T18:00:00, end: %s}
"""


@pytest.fixture
def file(tmp_path):
    """Writes a file to be uploaded."""

    def write(text, name="programme.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def upload(page, path):
    page.get_by_label("File with the programme").set_input_files(path)
    page.get_by_role("button", name="Show what it changes").click()


@pytest.mark.parametrize("script", [True, False])
def test_from_a_file_to_approved_meetings_and_the_announcement(sign_in, file, picture, script):
    page = sign_in(Role.ORGANISER, "/events", java_script_enabled=script)
    page.get_by_role("link", name="Upload a programme").click()
    upload(page, file(SPRING % "2024-05-07T18:00:00"))
    expect(page.get_by_role("heading", level=1)).to_have_text("1 problem in programme.yaml")
    expect(page.locator("pre.source")).to_contain_text("Trees in cities")
    assert flaws_of(page) == [] if script else True
    upload(page, file(SPRING % "2024-05-07T19:30:00"))
    expect(page.get_by_role("heading", level=1)).to_have_text("A new event")
    page.get_by_role("button", name="Load this programme").click()
    expect(page.get_by_text("The changes of this event wait for approval.")).to_be_visible()
    page.get_by_role("button", name="Approve and apply these 2 changes").click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    page.goto("/events/spring-2024/sessions/trees")
    expect(page.get_by_text("Passcode", exact=True)).to_be_visible()
    page.goto("/e/spring-2024")
    expect(page.get_by_role("heading", name="Trees in cities")).to_be_visible()


def test_a_programme_is_uploaded_by_keyboard_alone(sign_in, file, stage):
    page = sign_in(Role.ORGANISER, f"/events/{EVENT}/programme")
    changed = seminar(SESSIONS[0], replace(SESSIONS[1], title="Otherwise"), SESSIONS[2])
    page.get_by_label("File with the programme").set_input_files(
        file(dump_programme(changed))
    )  # the system's own dialog
    page.get_by_label("Time zone, where the file does not say it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="With another title")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Load this programme":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan")
    assert stage.parts.programmes.session(EVENT, READY).title == "Otherwise"


def moved(session):
    return replace(session, start=session.start + timedelta(hours=1), end=session.end + timedelta(hours=1))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "screen"), [("en-US", {}), ("zh-CN", PHONE)], ids=["wide", "phone"])
def test_the_new_pages_have_no_flaw_and_fit(sign_in, file, stage, picture, locale, screen, scheme):
    """The pages of the programme, of the difference with what is asked and kept, and of the form."""
    place = f"{locale[:2]}-{scheme}"
    page = sign_in(Role.ORGANISER, EDIT, locale=locale, color_scheme=scheme, **screen)

    def look(name):
        assert flaws_of(page) == []
        assert width_of(page) <= 0
        picture(page, f"{name}-{place}", full_page=True)

    look("edit")
    page.locator("#title").fill("Nobody is left behind")
    page.locator("form.stacked button[type=submit]").click()
    page.locator("#does").wait_for()
    look("edit-does")
    page.locator("section[aria-labelledby=does] button").click()
    page.goto(f"/events/{EVENT}/programme")
    page.locator("#adjusted").wait_for()
    look("programme")
    stored = stage.parts.programmes.programme(EVENT)
    asked = replace(seminar(SESSIONS[0], replace(SESSIONS[1], key="renamed"), moved(SESSIONS[2])))
    page.locator("#file").set_input_files(file(dump_programme(asked)))
    page.locator("form.stacked button[type=submit]").click()
    page.locator("fieldset").first.wait_for()
    look("asked")
    page.locator("fieldset input[type=radio]").first.check()
    page.locator("form.card button[type=submit]").first.click()
    page.locator("input[name=mark]").wait_for(state="attached")
    page.locator("#kept").wait_for()
    look("difference")
    assert stage.parts.programmes.programme(EVENT) == stored
    for name, way in (("upload", "/programme"), ("accounts", "/accounts"), ("event", f"/events/{EVENT}")):
        page.goto(way)
        look(name)


def test_where_everything_is_asked_for_the_loader_does_not_approve_himself(sign_in, file, stage):
    asked = seminar(moved(SESSIONS[0]), *SESSIONS[1:])
    asked = replace(asked, event=replace(asked.event, changes=Changes.ASK))
    page = sign_in(Role.ORGANISER, f"/events/{EVENT}/programme")
    upload(page, file(dump_programme(asked)))
    page.get_by_role("button", name="Load this programme").click()
    expect(page.get_by_text("so somebody else has to approve it")).to_be_visible()

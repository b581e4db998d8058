"""Staff say on the pages who is one person, and undo it by a click."""

import re

import pytest

from support.stage import EVENT, NAMES, PAST
from zoom_sync.domain.access import Role
from zoom_sync.domain.attendance import line_id

PAGE = f"/events/{EVENT}/sessions/{PAST}/attendance"


@pytest.fixture
def browser(browse):
    return browse(Role.STAFF)


def lines(stage):
    return list(stage.parts.reports.attendance(EVENT, PAST))


def post(browser, what, **form):
    answer = browser.post(f"{PAGE}/{what}", data={"csrf": browser.csrf(PAGE), **form})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].endswith(PAGE)
    return browser.get(PAGE).text


def test_two_lines_are_merged_by_a_click_and_undone_by_another(browser, stage):
    before = lines(stage)
    ids = [line_id(one.key) for one in before[:2]]
    assert all(f'value="{id_}"' in browser.get(PAGE).text for id_ in ids)
    page = post(browser, "merge", line=ids, why="same person")
    assert len(lines(stage)) == len(before) - 1
    assert "same person" in page
    (entry, *_) = stage.parts.audit.entries(1)
    assert (entry.who, entry.what, entry.event, entry.session) == (NAMES[Role.STAFF], "people merged", EVENT, PAST)
    number = re.search(r'name="number" value="(\d+)"', page)[1]
    post(browser, "undo", number=number)
    assert lines(stage) == before


def test_a_person_is_named_and_given_a_role(browser, stage):
    one = lines(stage)[0]
    page = browser.get(f"{PAGE}/{line_id(one.key)}").text
    assert "What the rows say" in page
    post(browser, "name", line=line_id(one.key), name="Somebody <b>Else</b>")
    assert "Somebody &lt;b&gt;Else&lt;/b&gt;" in browser.get(f"{PAGE}/{line_id(one.key)}").text
    post(browser, "role", line=line_id(one.key), role="panelist")
    found = next(each for each in lines(stage) if each.key == one.key)
    assert (found.name, str(found.role)) == ("Somebody <b>Else</b>", "panelist")


def test_a_line_that_is_not_there_is_a_page_not_found(browser):
    assert browser.get(f"{PAGE}/000000000000").status_code == 404
    answer = browser.post(f"{PAGE}/merge", data={"csrf": browser.csrf(PAGE), "line": ["0"]})
    assert answer.status_code in (400, 404)

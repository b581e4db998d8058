"""When a session's meeting was held: shown on its page, and what staff say of it."""

from datetime import timedelta

import pytest

from support.stage import EVENT, PAST, SESSIONS
from zoom_sync.domain.access import Role
from zoom_sync.domain.instances import Held, Place
from zoom_sync.entrypoints.web.language import Languages

PAGE = f"/events/{EVENT}/sessions/{PAST}"
SET = f"{PAGE}/instances"


@pytest.fixture
def rehearsed(stage):
    """The evening, and a rehearsal the day before."""
    start = SESSIONS[0].start - timedelta(days=1)
    rehearsal = Held(PAST, "rehearsal==", start, start + timedelta(hours=1), Place.REHEARSAL, people=3)
    stage.parts.reports.set_instances(EVENT, [rehearsal])
    return stage


def test_a_rehearsal_is_shown_apart_with_its_date_and_its_people(rehearsed, browse):
    page = browse(Role.VIEWER).get(PAGE).text
    assert "When the meeting was held" in page
    assert "rehearsal" in page
    assert "Nov 5, 2023, 20:30" in page
    assert "3 people" in page
    assert "<select" not in page[page.index('id="held"') :]


def test_staff_say_what_an_instance_is_and_the_audit_log_has_it(rehearsed, browse):
    browser = browse(Role.STAFF)
    (own,) = [one for one in rehearsed.parts.reports.instances(EVENT, PAST) if one.uuid != "rehearsal=="]
    answer = browser.post(SET, data={"csrf": browser.csrf(), "uuid": own.uuid, "place": "stray"})
    assert answer.status_code in (200, 303)
    (entry,) = [one for one in rehearsed.access.audit.entries(10) if one.what == "instance"]
    assert (entry.session, entry.form) == (PAST, f"stray {own.uuid[:12]}")
    assert list(rehearsed.parts.reports.attendance(EVENT, PAST)) == []
    assert "opened afterwards" in browser.get(PAGE).text
    browser.post(SET, data={"csrf": browser.csrf(), "uuid": own.uuid, "place": ""})
    assert len(list(rehearsed.parts.reports.attendance(EVENT, PAST))) > 50


def test_an_instance_that_is_not_there_is_not_found(rehearsed, browse):
    browser = browse(Role.STAFF)
    answer = browser.post(SET, data={"csrf": browser.csrf(), "uuid": "none==", "place": "own"})
    assert answer.status_code == 404


def test_a_time_of_another_day_bears_its_date():
    class Asked:
        cookies = {"zoom_sync_language": "en"}  # noqa: RUF012 - read only

    language, start = Languages().of(Asked), SESSIONS[0].start
    assert language.clock_at(start + timedelta(hours=1), "Asia/Shanghai", start) == "21:30"
    assert language.clock_at(start - timedelta(days=1), "Asia/Shanghai", start) == "Nov 5, 2023, 20:30"


@pytest.mark.parametrize(
    ("zone", "said"), [("Asia/Shanghai", "20:30–01:20 (+1)"), ("Europe/Berlin", "13:30–18:20"), ("UTC", "12:30–17:20")]
)
def test_an_end_past_midnight_is_told_in_few_characters(zone, said):
    class Asked:
        cookies = {"zoom_sync_language": "en"}  # noqa: RUF012 - read only

    start = SESSIONS[0].start
    assert Languages().of(Asked).hours(start, start + timedelta(minutes=290), zone) == said

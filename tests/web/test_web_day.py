"""A day as a control room sees it, and what staff do there: each act shows what it does, and is in the audit log."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from support.crowd import KEY, congress, hear, open_meetings, put_in
from support.stage import EVENT, NEW, NOW, READY, SESSIONS, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.delivery import Delivery
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.errors import Unavailable

DAY = f"/events/{KEY}/day"
FIRST = NOW - timedelta(minutes=100)  # one block runs over time or is over, one runs since ten minutes


def act(name, key=READY, event=EVENT):
    return f"/events/{event}/sessions/{key}/{name}"


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def said(stage):
    return [(entry.who, entry.what, entry.session) for entry in stage.access.audit.entries(10)]


@pytest.fixture
def a_day(stage):
    put_in(stage.parts, congress(60, FIRST), NOW)


def states(answer):
    return re.findall(r'class="row day-row ([\w-]+)" id="n-([\w-]+)"', answer.text)


def test_what_needs_somebody_comes_first(browse, stage, a_day):
    hear(stage.parts, NOW)
    open_meetings(stage.parts, ["s0003", *(f"s{n:04}" for n in range(21, 40))], NOW)
    shown = states(browse(Role.STAFF).get(DAY))
    assert shown[0] == ("late", "s0020")
    assert shown[1] == ("over-time", "s0003")
    assert [state for state, _ in shown[2:21]] == ["running"] * 19
    assert {state for state, _ in shown[21:]} == {"to-come"}


def test_people_now_and_at_most_come_from_webhooks(browse, stage, a_day):
    link = stage.parts.links.link(KEY, "s0021")
    webhooks = stage.parts.webhooks

    def tell(number, what, minute, person=None):
        at = NOW - timedelta(minutes=9 - minute)
        one = Delivery(f"k{number}", "s", f"meeting.{what}", at, link.meeting_id, uuid="u1", person=person)
        webhooks.take_in([one], {}, at)

    tell(0, "started", 0)
    for number in range(1, 6):
        tell(number, "participant_joined", number, f"p{number}")
    for number in range(6, 9):
        tell(number, "participant_left", number, f"p{number - 5}")
    page = browse(Role.STAFF).get(DAY)
    assert "2 of at most 5" in text_of(page)
    assert '<svg class="spark"' in page.text
    assert re.search(r"\d\d:\d\d Session 21 began", text_of(page))


@pytest.mark.parametrize(("seats", "told"), [(100, True), (300, False), (0, False)])
def test_a_meeting_that_nearly_fills_its_hosts_licence_is_told(browse, stage, a_day, seats, told):
    """Of whose licence Zoom told no number (0), nothing is said."""
    link = stage.parts.links.link(KEY, "s0021")
    stage.parts.links.set_licence(link.host_id, Licence(webinars=False, meeting_capacity=seats), NOW)
    open_meetings(stage.parts, ["s0021"], NOW, people=93)
    page = text_of(browse(Role.STAFF).get(DAY))
    assert ("Nearly full: 93 of 100 seats." in page) is told
    assert page.count("Nearly full") == told


def test_the_host_who_is_due_elsewhere_is_told(browse, stage):
    programme = congress(60, FIRST)
    moved = [
        replace(s, start=s.start - timedelta(minutes=20), end=s.end - timedelta(minutes=35))
        for s in programme.sessions[:20]
    ]
    put_in(stage.parts, replace(programme, sessions=(*moved, *programme.sessions[20:])), NOW - timedelta(minutes=15))
    hear(stage.parts, NOW)
    stage.parts.programmes.save(
        replace(
            programme,
            sessions=(
                moved[0],
                *[
                    replace(s, start=NOW + timedelta(minutes=10), end=NOW + timedelta(minutes=70))
                    for s in programme.sessions[20:21]
                ],
            ),
        ),
        NOW,
    )
    open_meetings(stage.parts, ["s0000"], NOW)
    assert "Its host is due in the next session" in text_of(browse(Role.STAFF).get(DAY))


def test_without_webhooks_zoom_is_looked_at_once_for_everybody_and_not_at_the_first_byte(browse, stage):
    late = replace(SESSIONS[1], start=NOW - timedelta(minutes=5), end=NOW + timedelta(minutes=55))
    stage.load(seminar(SESSIONS[0], late))
    browser, page = browse(Role.STAFF), f"/events/{EVENT}/day"
    meeting = stage.parts.links.link(EVENT, READY).meeting_id

    def asked():
        journal = stage.zoom.control("GET", "journal")["requests"]
        return sum(one["path"].endswith(f"/meetings/{meeting}") and one["method"] == "GET" for one in journal)

    before = asked()
    assert states(browser.get(page)) == [("due", READY)]
    assert asked() == before
    assert states(browser.get(page, headers={"HX-Request": "true"})) == [("late", READY)]
    browse(Role.ORGANISER).get(page, headers={"HX-Request": "true"})
    assert asked() == before + 1


def test_the_page_asks_once_at_once_and_then_every_ten_seconds(browse):
    browser, page = browse(Role.STAFF), f"/events/{EVENT}/day"
    assert 'hx-trigger="load, every 10s"' in browser.get(page).text
    assert 'hx-trigger="every 10s"' in browser.get(page, headers={"HX-Request": "true"}).text


def test_where_zoom_does_not_answer_nobody_is_called_late(browse, stage, monkeypatch):
    late = replace(SESSIONS[1], start=NOW - timedelta(minutes=5), end=NOW + timedelta(minutes=55))
    stage.load(seminar(SESSIONS[0], late))

    def away(*_):
        raise Unavailable("away")

    monkeypatch.setattr(type(stage.parts.reader), "meeting", away)
    page = browse(Role.STAFF).get(f"/events/{EVENT}/day", headers={"HX-Request": "true"})
    assert states(page) == [("due", READY)]
    assert "Zoom could not be asked what is running." in page.text


def test_an_empty_day_says_what_comes_next(browse, stage):
    text = text_of(browse(Role.STAFF).get(f"/events/{EVENT}/day"))
    assert "Nothing runs, and nothing begins within two hours. Next: Leaving no one and no place behind" in text


# --- acts -------------------------------------------------------------------------------------------------------------


def test_the_start_link_is_shown_once_kept_nowhere_and_noted(browse, stage, caplog):
    browser = browse(Role.STAFF)
    answer = browser.post(act("start"), data={"csrf": browser.csrf()})
    link = re.search(r'href="(https://[^"]+zak=[^"]+)"', answer.text)[1]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert said(stage)[0] == ("Stefan", "start link", READY)
    secret = link.partition("zak=")[2]
    assert secret not in caplog.text
    assert secret.encode() not in b"".join(path.read_bytes() for path in stage.store.parent.glob("store.db*"))


@pytest.mark.parametrize(
    ("role", "acts"), [(Role.VIEWER, "start end later hosting open"), (Role.STAFF, "later hosting open")]
)
def test_who_may_not_is_refused(browse, role, acts):
    browser = browse(role)
    for name in acts.split():
        assert browser.post(act(name), data={"csrf": browser.csrf()}).status_code == 403
    assert f"/sessions/{READY}/{acts.split()[0]}" not in browser.get(f"/events/{EVENT}/sessions/{READY}").text


def test_a_session_without_a_meeting_has_no_start_link(browse):
    browser = browse(Role.STAFF)
    answer = browser.post(act("start", NEW), data={"csrf": browser.csrf()})
    assert answer.status_code == 400
    assert "the session has no meeting yet" in answer.text


def test_a_session_is_ended_for_everybody(browse, stage):
    meeting = stage.parts.links.link(EVENT, READY).meeting_id
    stage.zoom.control("POST", f"meetings/{meeting}/start", {})
    browser = browse(Role.STAFF)
    assert "ends at once for everybody" in browser.get(act("end")).text
    answer = browser.post(act("end"), data={"csrf": browser.csrf()})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/events/{EVENT}/day")
    assert not stage.parts.reader.meeting(meeting).running
    assert said(stage)[0] == ("Stefan", "session ended", READY)


def later_form(browser, key=READY, **more):
    page = browser.get(act("later", key), params=more)
    return page, dict(
        re.findall(r'name="(csrf|minutes|mark|following)" value="([^"]*)"', page.text.split('<form method="post"')[-1])
    )


def test_a_delay_shows_what_it_does_and_moves_programme_meeting_and_calendar(browse, stage):
    browser = browse(Role.ORGANISER)
    before = browser.get(f"/e/{EVENT}/calendar.ics").text
    page, form = later_form(browser, minutes=15)
    assert "19:30–21:00" in page.text
    assert "19:45–21:15" in page.text
    assert stage.parts.programmes.session(EVENT, READY).start == SESSIONS[1].start
    answer = browser.post(act("later"), data=form)
    assert re.fullmatch(rf"/events/{EVENT}/runs/\d+", answer.headers["location"])
    moved = SESSIONS[1].start + timedelta(minutes=15)
    assert stage.parts.programmes.session(EVENT, READY).start == moved
    link = stage.parts.links.link(EVENT, READY)
    assert stage.parts.reader.meeting(link.meeting_id).start == moved
    assert stage.parts.links.link(EVENT, NEW) is None, "the rest of the plan waits"
    after = browser.get(f"/e/{EVENT}/calendar.ics").text
    assert before.count("SEQUENCE:1") + 1 == after.count("SEQUENCE:1")
    assert said(stage)[:2] == [("Olga", "session edited", READY), ("Olga", "began later", READY)]


def test_a_delay_that_is_another_by_now_is_shown_and_not_done(browse, stage):
    browser = browse(Role.ORGANISER)
    _, form = later_form(browser, minutes=15)
    other = replace(SESSIONS[1], start=SESSIONS[1].start + timedelta(hours=1), end=SESSIONS[1].end + timedelta(hours=1))
    stage.load(seminar(SESSIONS[0], other, SESSIONS[2]))
    answer = browser.post(act("later"), data=form)
    assert answer.status_code == 409
    assert "Nothing was done: the programme has changed" in answer.text
    assert stage.parts.programmes.session(EVENT, READY).start == other.start


def test_what_follows_in_the_room_moves_with_it_and_what_is_run_into_is_named(browse, stage, a_day):
    browser = browse(Role.ORGANISER)
    alone, _ = later_form(browser, "s0020", minutes=45)
    assert "It runs into Session 40 in the same room" in browser.get(act("later", "s0020", KEY) + "?minutes=45").text
    both = text_of(browser.get(act("later", "s0020", KEY) + "?minutes=45&following=true"))
    assert "2 sessions begin later" in both
    assert "It runs into" not in both
    assert alone.status_code == 404  # of the other event


def test_another_host_may_start_it_and_the_link_stays(browse, stage):
    link = stage.parts.links.link(EVENT, READY)
    other = next(user for user in stage.parts.reader.users() if user.licensed and user.id != link.host_id)
    browser = browse(Role.ORGANISER)
    assert other.email in browser.get(act("hosting")).text
    answer = browser.post(act("hosting"), data={"csrf": browser.csrf(), "email": other.email})
    assert answer.status_code == 303
    meeting = stage.parts.reader.meeting(link.meeting_id)
    assert other.email in meeting.settings["alternative_hosts"]
    assert (meeting.join_url, meeting.passcode) == (link.join_url, link.passcode)


def test_a_stranger_is_no_host(browse):
    browser = browse(Role.ORGANISER)
    answer = browser.post(act("hosting"), data={"csrf": browser.csrf(), "email": "nobody@elsewhere.example"})
    assert answer.status_code == 400
    assert "nobody on the account has that address" in answer.text


def test_the_room_is_opened_to_all(browse, stage):
    browser = browse(Role.ORGANISER)
    assert browser.post(act("open"), data={"csrf": browser.csrf()}).status_code == 303
    settings = stage.parts.reader.meeting(stage.parts.links.link(EVENT, READY).meeting_id).settings
    assert (settings["waiting_room"], settings["join_before_host"]) == (False, True)


def test_the_run_sheet_has_all_that_is_needed_beside_the_screen(browse, stage):
    stage.load(
        seminar(
            *(
                replace(one, moderators=("Ada", "Bela") if n else ("Ada",), room=f"R{n}")
                for n, one in enumerate(SESSIONS)
            )
        )
    )
    link = stage.parts.links.link(EVENT, READY)
    browser = browse(Role.STAFF)
    page = browser.get(f"/events/{EVENT}/run-sheet?by=moderator&who=Bela")
    assert link.passcode.value in page.text
    assert SESSIONS[1].title in page.text
    assert SESSIONS[0].title not in page.text
    assert "Healthy urban living for everyone" in page.text
    assert "If something goes wrong" in page.text
    assert browse(Role.VIEWER).get(f"/events/{EVENT}/run-sheet").status_code == 403


def test_a_start_time_is_shifted_by_instants_across_a_change_of_the_clocks(stage):
    from zoom_sync.domain.directing import later

    start = datetime.fromisoformat("2023-10-29T01:30:00+02:00")
    session = replace(
        SESSIONS[0], key="night", start=start, end=start + timedelta(hours=1), timezone="Europe/Berlin", items=()
    )
    (move,) = later(seminar(session), "night", timedelta(hours=2), following=False, now=start.astimezone(UTC))
    assert move.after.start.isoformat() == "2023-10-29T02:30:00+01:00"

"""What the pages say: to whom, of what there is, of what there is not, and when something is wrong."""

import re
from dataclasses import replace

import pytest

import zoom_sync
from factories import make_intent
from support.stage import EVENT, NEW, OTHER, PAST, READY, SESSIONS, Stage, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.attendance import Attendee, Certainty
from zoom_sync.domain.attendance import Role as PresentAs
from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.questions import Answer, AnswerKind, Question, Status
from zoom_sync.entrypoints.web import make_app
from zoom_sync.errors import StoreUnavailable, Unavailable

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "a\u202egnp.exe",
    "null\0byte and \x1b[31mred",
    "'; DROP TABLE attendance; --",
    "%(name)s %s",
    "javascript:alert(1)",
]


def session(key, page=""):
    return f"/events/{EVENT}/sessions/{key}{page}"


def text_of(answer):
    """What stands on a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def attendee(name="Ann", email="ann@example.org", number=0, **more):
    told = {
        "key": f"k{number}", "first_join": SESSIONS[0].start, "last_leave": SESSIONS[0].end, "seconds": 60 * number,
        "seconds_inside": 60 * number, "seconds_outside": 0, "seconds_waiting": 0, "share": 0.5, "joins": 1, "devices": 1,
        "certainty": Certainty.EMAIL, "role": PresentAs.AUDIENCE, "phone": False, "note": "", "intervals": (),
    }  # fmt: skip
    return Attendee(name=name, email=email, **(told | more))


def question(text, **more):
    told = {
        "asker": "Ann", "email": None, "anonymous": False, "asked_at": SESSIONS[0].start, "status": Status.OPEN,
        "answers": (), "live_answered": False,
    }  # fmt: skip
    return Question(text=text, **(told | more))


def test_an_event_shows_the_state_of_every_session(browse, stage):
    text = text_of(browse(Role.VIEWER).get(f"/events/{EVENT}"))
    for each in SESSIONS:
        assert each.title in text
    rows = re.findall(r"<td class=\"state\">\s*<[^>]+>([^<]+)<", browse(Role.VIEWER).get(f"/events/{EVENT}").text)
    assert rows == ["ended", "ready", "no meeting yet"]
    assert "Monday, November 6, 2023 1 session" in text
    assert "20:30–22:00" in text
    assert "3 sessions · 1 without a meeting · 1 over: 1 report complete" in text
    assert "122" in text


def test_a_creation_in_doubt_is_said(browse, stage):
    wanted = replace(make_intent(SESSIONS[2]), attempts=0, attempted_at=None)
    stage.parts.links.begin(EVENT, wanted, stage.at, "2023-11-06", 100)
    assert "being created, not confirmed yet" in text_of(browse(Role.VIEWER).get(session(NEW)))
    assert "It is looked for before another one is made" in text_of(browse(Role.STAFF).get(session(NEW)))


def test_staff_see_how_to_join_and_viewers_do_not(browse, stage):
    link = stage.parts.links.link(EVENT, READY)
    shown = browse(Role.STAFF).get(session(READY)).text
    hidden = browse(Role.VIEWER).get(session(READY)).text
    for secret in (link.passcode.value, link.join_url, "<svg xmlns"):
        assert secret in shown
        assert secret not in hidden


def test_a_viewer_sees_counts_and_nobody(browse, stage):
    browser = browse(Role.VIEWER)
    people = list(stage.parts.reports.attendance(EVENT, PAST))
    text = browser.get(session(PAST)).text + browser.get(f"/events/{EVENT}").text
    assert "122" in text
    assert not [one for one in people if one.email and one.email in text]
    assert "/downloads/" not in text


def test_the_curve_is_also_a_text_and_a_table(browse):
    text = browse(Role.VIEWER).get(session(PAST)).text
    assert re.search(r'<svg[^>]*role="img" aria-labelledby="curve-title curve-words"', text)
    assert "From 20:30 to 22:00; at most" in text
    assert re.search(r'<th scope="row">20:40</th><td class="number">\d+</td>', text)


def test_the_curve_is_kept_with_merged_lines_and_computed_once_of_others(browse, stage, monkeypatch):
    read = []
    lines = type(stage.parts.reports).attendance
    monkeypatch.setattr(
        type(stage.parts.reports), "attendance", lambda self, *where: read.append(where) or lines(self, *where)
    )
    browser = browse(Role.VIEWER)
    first, second = browser.get(session(PAST)).text, browser.get(session(PAST)).text
    assert first == second
    assert read == []
    stage.parts.reports.set_attendance(EVENT, PAST, [attendee()])
    assert [">1<" in browser.get(session(PAST)).text for _ in range(2)] == [True, True]
    assert len(read) == 1


# --- attendance ------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(stage):
    people = [attendee(f"Person {n:03}", f"p{n}@example.org", n) for n in range(120)]
    people.append(attendee("Ünsal 100%_", "umlaut@example.org", 500))
    stage.parts.reports.set_attendance(EVENT, PAST, people)


def names_on(answer):
    return re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', answer.text)


@pytest.mark.usefixtures("crowd")
def test_attendance_is_shown_by_pages(browse):
    browser = browse(Role.STAFF)
    pages = [names_on(browser.get(session(PAST, "/attendance"), params={"page": page})) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, 21, 0]
    assert pages[0][0] == "Person 000"
    assert len({name for page in pages for name in page}) == 121


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ({"sort": "name"}, "Person 000"),
        ({"sort": "name", "backwards": "true"}, None),
        ({"sort": "time", "backwards": "true"}, "Ünsal 100%_"),
        ({"sort": "time"}, "Person 000"),
        ({"sort": "joined", "backwards": "true"}, "Ünsal 100%_"),
    ],
)
def test_attendance_is_sorted_by_the_store(browse, asked, first):
    found = names_on(browse(Role.STAFF).get(session(PAST, "/attendance"), params=asked))
    assert len(found) == 50
    if first:
        assert found[0] == first
    else:
        assert found == sorted(found, reverse=True)


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("q", "count"),
    [
        ("person 01", 10),
        ("P7@EXAMPLE", 1),
        ("100%_", 1),
        ("%", 1),
        ("_", 1),
        ("Ünsal", 1),
        ("nobody at all", 0),
        ("\\", 0),
    ],
)
def test_people_are_found_by_name_and_address(browse, q, count):
    answer = browse(Role.STAFF).get(session(PAST, "/attendance"), params={"q": q})
    assert len(names_on(answer)) == count
    if not count:
        assert "Nobody has that name" in answer.text


@pytest.mark.usefixtures("crowd")
def test_only_the_lines_of_the_page_are_read(browse, stage, monkeypatch):
    from zoom_sync.adapters.store import lines

    made = []
    make = lines.attendee
    monkeypatch.setattr(lines, "attendee", lambda *told: made.append(told) or make(*told))
    browse(Role.STAFF).get(session(PAST, "/attendance"))
    assert len(made) == 50


@pytest.mark.parametrize(
    "asked", [{"page": "0"}, {"page": "x"}, {"sort": "email"}, {"q": "x" * 201}, {"page": "9" * 30}]
)
def test_an_address_that_no_page_makes_is_refused(browse, asked):
    answer = browse(Role.STAFF).get(session(PAST, "/attendance"), params=asked)
    assert answer.status_code == 400
    assert "This cannot be done" in answer.text


# --- questions -------------------------------------------------------------------------------------------------------


def test_what_nobody_has_answered_comes_first_and_answers_have_author_and_kind(browse, stage):
    answered = question(
        "first asked", answers=(Answer("Ada Moreau", "yes", SESSIONS[0].end, AnswerKind.HOST_ANSWERED_PRIVATELY),)
    )
    anonymous = question("asked later", asker="Anonymous Attendee", anonymous=True, asked_at=SESSIONS[0].end)
    stage.parts.reports.set_questions(EVENT, PAST, [answered, anonymous])
    text = text_of(browse(Role.STAFF).get(session(PAST, "/questions")))
    assert text.index("asked later") < text.index("first asked")
    assert "Ada Moreau · answered privately · 22:00" in text
    assert "anonymous · 22:00 no answer yet" in text
    assert "2 questions , 1 without an answer" in text.replace("questions,", "questions ,")


def test_polls_say_what_is_there(browse, stage):
    text = text_of(browse(Role.STAFF).get(session(PAST, "/polls")))
    assert "No poll was collected" in text


# --- what people type --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_shown_and_never_run(browse, stage, text):
    browser = browse(Role.ORGANISER)
    hostile = replace(SESSIONS[0], title=text[:190], long_title=text, description=text, items=(AgendaItem(text, text),))
    stage.load(replace(seminar(hostile, *SESSIONS[1:]), event=replace(seminar().event, title=text, description=text)))
    stage.parts.reports.set_attendance(EVENT, PAST, [attendee(text, text)])
    asked = question(text, asker=text, answers=(Answer(text, text, None, AnswerKind.DEFAULT),))
    stage.parts.reports.set_questions(EVENT, PAST, [asked])
    pages = [
        "/events", f"/events/{EVENT}", session(PAST), session(PAST, "/attendance"), session(PAST, "/questions"),
        f"/e/{EVENT}", f"/events/{EVENT}/plan", f"/events/{EVENT}/runs/1", f"/events/{EVENT}/differences",
        session(PAST, "/attendance?q=%3Cscript%3Ealert(1)%3C/script%3E"),
    ]  # fmt: skip
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert "<script>alert" not in answer.text
        assert all(image.startswith('<img src="/e/') for image in re.findall(r"<img[^>]*", answer.text))
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]", answer.text), page
        assert 'href="javascript' not in answer.text


def test_a_question_of_ten_thousand_characters_is_shown(browse, stage):
    stage.parts.reports.set_questions(EVENT, PAST, [question("why " * 2500)])
    assert browse(Role.STAFF).get(session(PAST, "/questions")).text.count("why") >= 2500


def test_a_join_link_that_is_no_web_address_is_no_link(browse, stage):
    link = stage.parts.links.link(EVENT, READY)
    stage.parts.links.drop(EVENT, link.meeting_id, stage.at)
    bad = replace(link, join_url="javascript:alert(1)")
    stage.parts.links.finish(EVENT, bad, None, stage.at)
    for page in (session(READY), f"/e/{EVENT}"):
        answer = browse(Role.STAFF).get(page)
        assert answer.status_code == 200
        assert "javascript:" not in answer.text


# --- nothing there, or something wrong ---------------------------------------------------------------------------------


def test_every_page_says_where_there_is_nothing(browse, stage):
    browser = browse(Role.ORGANISER)
    opening = f"/events/{OTHER}/sessions/opening"
    for page, words in {
        f"/events/{OTHER}": "1 without a meeting",
        opening: "Nobody has been counted yet",
        f"{opening}/attendance": "There is no attendance yet",
        f"{opening}/questions": "No question was collected",
        f"{opening}/polls": "No poll was collected",
        f"/events/{OTHER}/runs": "There is no run yet",
        f"/e/{OTHER}": "Opening and first results",
    }.items():
        answer = browser.get(page)
        assert (answer.status_code, words in answer.text) == (200, True), page
    assert "The session has no meeting yet." in browser.get(opening).text


def test_a_store_without_events_says_what_to_do(tmp_path, browse):
    from support.stage import NAMES, PASSWORDS
    from zoom_sync.service_layer.access import add_account

    stage = Stage(None, tmp_path)
    add_account(stage.access, NAMES[Role.STAFF], Role.STAFF, PASSWORDS[Role.STAFF])
    answer = browse(Role.STAFF, app=make_app(stage.parts)).get("/events")
    assert "There is no event yet" in answer.text
    assert "zoom-sync load" in answer.text
    stage.close()


def test_a_page_that_is_not_there_says_what_to_do(browse):
    for browser in (browse(), browse(Role.VIEWER)):
        answer = browser.get("/no/such/page")
        assert answer.status_code == 404
        assert "There is no such page" in answer.text
        assert "To the events" in answer.text


def test_a_store_that_is_away_is_said(browse, stage, monkeypatch, caplog):
    browser = browse(Role.VIEWER)

    def away(*_):
        raise StoreUnavailable("connection refused")

    monkeypatch.setattr(type(stage.parts.database), "reading", away)
    answer = browser.get("/events")
    assert answer.status_code == 503
    assert "The store does not answer" in answer.text
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "failing": ["store"]})
    assert [vars(line)["reason"] for line in caplog.records if line.message == "not_ready"] == ["connection refused"]
    assert browser.get("/healthz").status_code == 200


def test_each_page_says_at_its_foot_which_build_it_is_of(browse):
    foot = browse(Role.VIEWER).get("/events").text.partition("<footer")[2]
    assert f"zoom_sync {zoom_sync.version()}<" in foot


def test_a_store_of_a_newer_version_is_no_place_to_send_visitors(browse, stage):
    with stage.parts.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    answer = browse().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "failing": ["store"]})


def test_a_zoom_that_is_away_is_said(browse, stage, monkeypatch):
    def away(*_):
        raise Unavailable("Zoom does not answer")

    monkeypatch.setattr(stage.parts.reader, "server_time", away)
    answer = browse(Role.ORGANISER).get(f"/events/{EVENT}/plan")
    assert answer.status_code == 502
    assert "Zoom could not be reached" in answer.text


def test_what_nobody_foresaw_is_a_page_without_its_words(browse, app, stage, monkeypatch, caplog):
    from web.conftest import Browser

    def broken(*_):
        raise RuntimeError("s3cret of ann@example.org")

    signed = browse(Role.VIEWER)
    browser = Browser(app, raise_server_exceptions=False)
    browser.cookies.update(signed.cookies)
    monkeypatch.setattr(type(stage.parts.overview), "events", broken)
    answer = browser.get("/events")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "s3cret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unexpected error" in caplog.text
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_errors_are_json_for_programs(browse, stage):
    bearer = {"Authorization": f"Bearer {stage.token(Role.STAFF)}"}
    answer = browse().get("/api/events/none", headers=bearer)
    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found", "problems": []})


def test_programs_get_what_the_commands_write(browse, stage):
    from zoom_sync.service_layer.status import run_json, status_json, status_of, with_webhooks
    from zoom_sync.service_layer.warning import with_warnings

    browser, parts = browse(), stage.parts
    bearer = {"Authorization": f"Bearer {stage.token(Role.STAFF)}"}
    told = browser.get(f"/api/events/{EVENT}", headers=bearer).json()
    status = status_of(parts.programmes, parts.links, parts.reports, EVENT, parts.drifts)
    assert told == with_warnings(with_webhooks(status_json(status), {}, parts.webhooks.heard()), {})
    told = browser.get(f"/api/events/{EVENT}/runs/1", headers=bearer).json()
    assert told == run_json(parts.runs.run(1), parts.runs.items(1))
    assert [one["key"] for one in browser.get("/api/events", headers=bearer).json()] == [EVENT, OTHER]


def test_static_files_are_served_and_nothing_beside_them(browse):
    browser = browse()
    for name in ("style.css", "pages.js", "htmx-2.0.11.min.js", "favicon.svg", "htmx.LICENSE.txt"):
        answer = browser.get(f"/static/{name}")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["cache-control"]
    for name in ("../app.py", "%2e%2e/app.py", "", "..%2fapp.py"):
        assert browser.get(f"/static/{name}").status_code == 404

"""A session edited in a form: an adjustment that the next reading keeps and shows, until it is dropped."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from support.stage import EVENT, NEW, NOW, READY, SESSIONS, seminar
from zoom_sync.adapters.sources import dump_programme
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import AgendaItem, Changes
from zoom_sync.service_layer.loading import Said, compare, put_in

EDIT = f"/events/{EVENT}/sessions/{READY}/edit"
PROGRAMME = f"/events/{EVENT}/programme"


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def field_values(answer):
    """What the last form of the page is filled with."""
    form = answer.text.split('<form method="post" class="card stacked">')[1].split("</form>")[0]
    values = {
        name: unescape(value) for name, value in re.findall(r'<input [^>]*name="(\w+)"[^>]* value="([^"]*)"', form)
    }
    for name in ("cancelled", "public"):
        if not re.search(rf'name="{name}" value="true" checked', form):
            values.pop(name)
    return values | {"profile": ""}


def edit(browser, path=EDIT, **fields):
    """Fills the form, looks at what it does, and does it; answers what was looked at and what came of it."""
    form = {name: value for name, value in (field_values(browser.get(path)) | fields).items() if value is not None}
    seen = browser.post(path, data=form)
    mark = re.search(r'name="mark" value="(\w+)"', seen.text)
    return seen, browser.post(path, data={**form, "mark": mark[1]}) if mark else None


def session(stage, key=READY):
    return stage.parts.programmes.session(EVENT, key)


def read_again(stage, programme=None, **said):
    """The source is read again; answers what is kept."""
    compared = compare(stage.parts.programmes, programme or seminar(), (), Said(**said))
    put_in(stage.parts.programmes, compared, NOW)
    return [(one.adjustment.field, one.news) for one in compared.kept]


@pytest.fixture
def browser(browse):
    return browse(Role.ORGANISER)


def test_an_edit_shows_what_it_does_and_then_does_it(browser, stage):
    before = browser.get(f"/e/{EVENT}").text
    seen, done = edit(browser, title="Nobody is left", start="2023-11-07T20:00", end="2023-11-07T21:30", room="Hall 2")
    told = text_of(seen)
    assert "Title Leaving no one and no place behind Nobody is left" in told
    assert "19:30–21:00 (UTC+8) Tue, Nov 7, 2023, 20:00–21:30 (UTC+8)" in told
    assert done.headers["location"] == f"/events/{EVENT}/plan"
    now = session(stage)
    assert (now.title, now.room) == ("Nobody is left", "Hall 2")
    assert now.start == SESSIONS[1].start + timedelta(minutes=30)
    assert "Nobody is left" in browser.get(f"/e/{EVENT}").text
    assert "Nobody is left" not in before
    entry = stage.access.audit.entries(1)[0]
    assert (entry.who, entry.what, entry.session) == ("Olga", "session edited", READY)
    assert "change Nobody is left" in text_of(browser.get(f"/events/{EVENT}/plan"))


def test_looking_changes_nothing(browser, stage):
    before = stage.parts.programmes.programme(EVENT)
    browser.post(EDIT, data={**field_values(browser.get(EDIT)), "title": "Otherwise"})
    assert stage.parts.programmes.programme(EVENT) == before
    assert "Nothing differs from what is stored." in edit(browser)[0].text


def test_the_next_reading_keeps_what_was_edited_and_shows_it(browser, stage):
    edit(browser, title="Nobody is left", cancelled="true")
    assert read_again(stage) == [("cancelled", False), ("title", False)]
    assert session(stage).title == "Nobody is left"
    assert session(stage).cancelled
    files = {"file": ("p.yaml", dump_programme(seminar()).encode())}
    page = browser.post("/programme/read", data={"csrf": browser.csrf(), "at": EVENT}, files=files)
    assert "The stored programme says the same already." in page.text
    assert re.search(
        r"Title: Nobody is left adjusted on the page on Nov 7, 2023, 00:00 by Olga; the source: Leaving no one",
        text_of(page),
    )


def test_the_source_may_say_something_else_by_then_or_the_same(browser, stage):
    edit(browser, title="Nobody is left", room="Hall 2")
    other = replace(SESSIONS[1], title="A third title", room="Hall 2")
    assert read_again(stage, seminar(SESSIONS[0], other, SESSIONS[2])) == [("title", True)]
    (left,) = stage.parts.programmes.adjustments(EVENT)
    assert (left.field, left.source) == ("title", "A third title")
    assert session(stage).title == "Nobody is left"


def test_what_was_edited_is_dropped_by_a_click_and_by_name(browser, stage):
    edit(browser, title="Nobody is left", room="Hall 2")
    page = browser.get(PROGRAMME)
    assert "Room: Hall 2 the source: nothing" in text_of(page)
    form = {"csrf": browser.csrf(), "name": f"{READY}/title"}
    assert browser.post(f"/events/{EVENT}/adjustments/drop", data=form).status_code == 303
    assert session(stage).title == SESSIONS[1].title
    assert session(stage).room == "Hall 2"
    assert read_again(stage, drop_all=True) == []
    assert session(stage) == SESSIONS[1]
    assert stage.parts.programmes.adjustments(EVENT) == ()


def test_all_is_dropped_where_a_file_is_uploaded_after_it_was_seen(browser, stage):
    edit(browser, title="Nobody is left")
    files = {"file": ("p.yaml", dump_programme(seminar()).encode())}
    page = browser.post("/programme/read", data={"csrf": browser.csrf(), "at": EVENT}, files=files)
    form = page.text.split("Kept")[1].split("<form ")[1].split("</form>")[0]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    seen = browser.post("/programme/read", data=fields)
    assert "1 with another title" in text_of(seen)
    confirm = dict(
        re.findall(
            r'type="hidden" name="([^"]+)" value="([^"]*)"',
            seen.text.split('action="/programme/load"')[1].split("</form>")[0],
        )
    )
    assert browser.post("/programme/load", data=confirm).status_code == 303
    assert session(stage) == SESSIONS[1]


def test_what_is_edited_back_is_no_adjustment(browser, stage):
    edit(browser, title="Nobody is left")
    edit(browser, title=SESSIONS[1].title)
    assert stage.parts.programmes.adjustments(EVENT) == ()


def test_an_adjustment_goes_with_a_renamed_session_and_with_one_that_is_gone(browser, stage):
    edit(browser, title="Nobody is left")
    renamed = replace(SESSIONS[1], key="leaving")
    assert read_again(stage, seminar(SESSIONS[0], renamed, SESSIONS[2]), rename={READY: "leaving"}) == [
        ("title", False)
    ]
    assert session(stage, "leaving").title == "Nobody is left"
    assert read_again(stage, seminar(SESSIONS[0], SESSIONS[2])) == []
    assert stage.parts.programmes.adjustments(EVENT) == ()


def test_times_of_the_agenda_move_along_and_one_that_does_not_fit_is_a_problem(browser, stage):
    item = replace(SESSIONS[1].items[0], start=SESSIONS[1].start, end=SESSIONS[1].end)
    stage.load(seminar(SESSIONS[0], replace(SESSIONS[1], items=(item,)), SESSIONS[2]))
    edit(browser, start="2023-11-07T20:00", end="2023-11-07T21:30")
    assert session(stage).items[0].start == session(stage).start
    refused, _ = edit(browser, end="2023-11-07T20:30")
    assert refused.status_code == 422
    assert "Nothing was changed." in refused.text


def test_what_does_not_fit_the_source_any_more_is_a_question_and_not_stored(browser, stage):
    edit(browser, end="2023-11-07T20:00")
    items = (AgendaItem("Utrecht", "Healthy", start=SESSIONS[1].end - timedelta(minutes=30), end=SESSIONS[1].end),)
    other = seminar(SESSIONS[0], replace(SESSIONS[1], items=items), SESSIONS[2])
    compared = compare(stage.parts.programmes, other)
    assert any("--drop-adjustments" in str(one) for one in compared.open_questions)
    with pytest.raises(Exception, match="nothing was changed"):
        put_in(stage.parts.programmes, compared, NOW)
    assert read_again(stage, other, drop_all=True) == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title": " "}, "is empty"),
        ({"end": "2023-11-07T18:00"}, "ends before it starts"),
        ({"start": "soon"}, "is no date with a time"),
        ({"profile": "no-such-profile"}, "names profile"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(browser, stage, fields, why):
    answer, done = edit(browser, **fields)
    assert (answer.status_code, done) == (422, None)
    assert why in text_of(answer)
    assert session(stage) == SESSIONS[1]
    if "profile" not in fields:
        assert field_values(answer).items() >= {name: value.strip() for name, value in fields.items()}.items()


def test_two_who_edit_at_once_do_not_overwrite_each_other(browser, stage):
    form = field_values(browser.get(EDIT)) | {"title": "Mine"}
    mark = re.search(r'name="mark" value="(\w+)"', browser.post(EDIT, data=form).text)[1]
    stage.load(seminar(SESSIONS[0], replace(SESSIONS[1], title="Yours"), SESSIONS[2]))
    answer = browser.post(EDIT, data={**form, "mark": mark})
    assert answer.status_code == 409
    assert session(stage).title == "Yours"


def test_a_delay_is_an_adjustment_too_and_the_next_reading_keeps_it(browser, stage):
    page = browser.get(f"/events/{EVENT}/sessions/{READY}/later")
    form = dict(re.findall(r'name="(csrf|minutes|mark)" value="([^"]*)"', page.text.split('<form method="post"')[-1]))
    browser.post(f"/events/{EVENT}/sessions/{READY}/later", data=form)
    assert read_again(stage) == [("time", False)]
    assert session(stage).start == SESSIONS[1].start + timedelta(minutes=15)


@pytest.mark.parametrize("what", ["later", "open"])
def test_where_changes_wait_for_approval_an_act_of_the_day_does_too(browser, stage, what):
    asked = seminar()
    stage.load(replace(asked, event=replace(asked.event, changes=Changes.ASK)))
    before = stage.parts.reader.meeting(stage.parts.links.link(EVENT, READY).meeting_id)
    page = browser.get(f"/events/{EVENT}/sessions/{READY}/{what}")
    form = dict(re.findall(r'name="(csrf|minutes|mark)" value="([^"]*)"', page.text.split('<form method="post"')[-1]))
    answer = browser.post(f"/events/{EVENT}/sessions/{READY}/{what}", data=form)
    assert answer.headers["location"] == f"/events/{EVENT}/plan"
    assert stage.runs == []
    assert stage.parts.reader.meeting(before.meeting_id) == before
    assert "somebody else has to approve it" in browser.get(f"/events/{EVENT}/plan").text


def test_a_setting_of_the_day_is_kept_as_well(browser, stage):
    browser.post(f"/events/{EVENT}/sessions/{READY}/open", data={"csrf": browser.csrf()})
    assert [field for field, _ in read_again(stage)] == ["settings.join_before_host", "settings.waiting_room"]
    assert session(stage).settings == {"waiting_room": False, "join_before_host": True}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STAFF])
def test_who_may_not_edit_does_not(browse, role):
    browser = browse(role)
    assert browser.get(EDIT).status_code == 403
    assert browser.post(EDIT, data={"csrf": browser.csrf(), "title": "x"}).status_code == 403
    assert "/edit" not in browser.get(f"/events/{EVENT}/sessions/{READY}").text


def test_where_the_truth_lives_is_said(browser, stage):
    from zoom_sync.domain.following import Binding

    stage.parts.bindings.bind(Binding(0, "talks.yaml", {"source": "talks.yaml"}, EVENT))
    for page in (EDIT, PROGRAMME):
        assert "The truth lives elsewhere" in browser.get(page).text
        assert "talks.yaml" in browser.get(page).text


def test_a_session_without_a_meeting_is_edited_as_well(browser, stage):
    _, done = edit(browser, f"/events/{EVENT}/sessions/{NEW}/edit", room="Hall", public=None)
    assert done.status_code == 303
    assert (session(stage, NEW).room, session(stage, NEW).public) == ("Hall", False)


def test_a_renamed_session_is_known_again_by_what_its_source_says_and_not_by_what_was_edited(browser, stage):
    edit(browser, title="Nobody is left")
    other = seminar(SESSIONS[0], replace(SESSIONS[1], key="leaving"), SESSIONS[2])
    (match,) = compare(stage.parts.programmes, other).difference.proposed
    assert (match.stored.key, match.stored.title) == (READY, "Nobody is left")
    (event,) = compare(
        stage.parts.programmes, replace(seminar(), event=replace(seminar().event, key="another"))
    ).coincides
    assert len(event.shared) == len(SESSIONS)

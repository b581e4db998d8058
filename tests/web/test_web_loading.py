"""A programme that is uploaded: problems with their lines, what it changes, and the loading of exactly that."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from openpyxl import Workbook

from support.stage import EVENT, NEW, OTHER, PAST, READY, SESSIONS, seminar
from zoom_sync.adapters.sources import dump_programme
from zoom_sync.adapters.sources.decoding import MOST_BYTES
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import Changes

PAGE = f"/events/{EVENT}/programme"
READ, LOAD = "/programme/read", "/programme/load"


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def browser(browse):
    return browse(Role.ORGANISER)


def upload(browser, content, name="programme.yaml", at=EVENT, **more):
    data = content if isinstance(content, bytes) else content.encode()
    form = {"csrf": browser.csrf(), "at": at, **more}
    return browser.post(READ, data=form, files={"file": (name, data)})


def form_of(answer, action):
    """What the form of a page sends: its hidden fields, each as often as it is there."""
    form = next(each for each in answer.text.split("<form ")[1:] if f'action="{action}"' in each).split("</form>")[0]
    fields = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(unescape(name), []).append(unescape(value))
    return fields


def load(browser, answer, **more):
    return browser.post(LOAD, data={**form_of(answer, LOAD), **more})


def stored(stage, event=EVENT):
    return stage.parts.programmes.programme(event)


def moved(session, hours=1, **more):
    by = timedelta(hours=hours)
    return replace(session, start=session.start + by, end=session.end + by, **more)


def test_all_problems_are_told_beside_their_lines_and_nothing_is_stored(browser, stage):
    before = stored(stage)
    text = (
        dump_programme(seminar())
        .replace("2023-11-07T19:30:00", "2023-11-07T99:30:00")
        .replace("Asia/Shanghai", "Mars/X", 1)
    )
    answer = upload(browser, text)
    assert "2 problems in programme.yaml" in text_of(answer)
    assert re.search(r"Line \d+ .*Mars/X", text_of(answer))
    assert re.search(r'<pre class="source"[^>]*>\s*start: .*99:30', answer.text)
    assert LOAD not in answer.text
    assert stored(stage) == before


def test_the_difference_is_seen_and_exactly_that_is_loaded(browser, stage):
    first, second, third = SESSIONS
    later = replace(third, key="seminar-4", title="Seminar of the last day")
    changed = seminar(moved(first), replace(second, title="Nobody is left behind"), moved(later, 48))
    answer = upload(browser, dump_programme(changed))
    told = text_of(answer)
    assert "1 new, 1 at another time, 1 with another title, 1 gone, 0 unchanged" in told
    assert "20:30–22:00 (UTC+8) → Mon, Nov 6, 2023, 21:30–23:00 (UTC+8) (+1 h)" in told
    assert stored(stage) == seminar()
    done = load(browser, answer)
    assert (done.status_code, done.headers["location"]) == (303, f"/events/{EVENT}/plan")
    assert stored(stage) == changed
    assert stage.parts.approvals.consent(EVENT).loaded_by == "Olga"
    entry = stage.access.audit.entries(1)[0]
    assert (entry.who, entry.what, entry.event) == ("Olga", "programme loaded", EVENT)


def test_what_would_be_another_change_by_now_is_shown_and_not_loaded(browser, stage):
    answer = upload(browser, dump_programme(seminar(*SESSIONS[:2])))
    assert "1 gone" in text_of(answer)
    stage.load(seminar(*SESSIONS[:2], moved(SESSIONS[2]), moved(SESSIONS[2], 24, key="extra", title="Extra")))
    refused = load(browser, answer)
    assert refused.status_code == 409
    assert "Nothing was stored. the programme has changed since this was shown" in text_of(refused)
    assert "2 gone" in text_of(refused)
    assert len(stored(stage).sessions) == 4
    assert load(browser, refused).status_code == 303
    assert len(stored(stage).sessions) == 2


def test_a_change_between_looking_and_storing_is_noticed_by_the_store(browser, stage, monkeypatch):
    """As late as it can be: after the comparison, in the transaction that stores."""
    answer = upload(browser, dump_programme(seminar(*SESSIONS[:2])))
    save = type(stage.parts.programmes).save

    def meanwhile(store, *arguments, **options):
        monkeypatch.undo()
        stage.load(seminar(*SESSIONS, moved(SESSIONS[2], 24, key="extra", title="Extra")))
        return save(store, *arguments, **options)

    monkeypatch.setattr(type(stage.parts.programmes), "save", meanwhile)
    assert load(browser, answer).status_code == 409
    assert len(stored(stage).sessions) == 4


def test_the_page_can_be_forged_by_no_other_mark(browser, stage):
    answer = upload(browser, dump_programme(seminar(*SESSIONS[:2])))
    assert load(browser, answer, mark="0" * 64).status_code == 409
    assert load(browser, answer, csrf="0" * 64).status_code == 403
    assert load(browser, answer, packed_file="AAAA").status_code == 400
    assert stored(stage) == seminar()


def test_a_renamed_key_is_asked_about_and_keeps_its_meeting(browser, stage):
    meeting = stage.parts.links.link(EVENT, READY).meeting_id
    renamed = replace(SESSIONS[1], key="leaving-no-one")
    answer = upload(browser, dump_programme(seminar(SESSIONS[0], renamed, SESSIONS[2])))
    assert "It is the stored session Leaving no one and no place behind, and keeps its link: seminar-2" in text_of(
        answer
    )
    assert LOAD not in answer.text
    decided = browser.post(READ, data={**form_of(answer, READ), "same:leaving-no-one": READY})
    assert "1 under a new key, 2 unchanged" in text_of(decided)
    assert load(browser, decided).status_code == 303
    assert stage.parts.links.link(EVENT, "leaving-no-one").meeting_id == meeting


def test_a_renamed_key_may_be_another_session(browser, stage):
    renamed = replace(SESSIONS[2], key="conserving")
    answer = upload(browser, dump_programme(seminar(*SESSIONS[:2], renamed)))
    decided = browser.post(READ, data={**form_of(answer, READ), "same:conserving": ""})
    assert "1 new, 1 gone" in text_of(decided)
    assert load(browser, decided).status_code == 303
    assert [one.key for one in stored(stage).sessions] == [PAST, READY, "conserving"]


def test_an_answer_that_was_not_offered_answers_nothing(browser, stage):
    renamed = replace(SESSIONS[1], key="leaving-no-one")
    answer = upload(browser, dump_programme(seminar(SESSIONS[0], renamed, SESSIONS[2])))
    decided = browser.post(READ, data={**form_of(answer, READ), "same:leaving-no-one": PAST})
    assert "To decide first" in decided.text
    assert LOAD not in decided.text


def test_the_same_sessions_under_another_events_key_are_asked_about(browser, stage):
    other = seminar()
    other = replace(other, event=replace(other.event, key="urban"))
    answer = upload(browser, dump_programme(other), at="")
    assert "Whose programme is this?" in answer.text
    assert "3 of its sessions are there already" in text_of(answer)
    same = browser.post(READ, data={**form_of(answer, READ), "event_is": EVENT})
    assert "The stored programme says the same already." in same.text
    new = browser.post(READ, data={**form_of(answer, READ), "event_is": "="})
    assert "A new event" in new.text
    assert load(browser, new).headers["location"] == "/events/urban/plan"
    assert stored(stage, "urban").sessions == stored(stage).sessions


def test_a_file_of_another_event_on_an_events_page_is_asked_about_and_never_put_in_silently(browser, stage):
    school = stored(stage, OTHER)
    answer = upload(browser, dump_programme(replace(school, sessions=(moved(school.sessions[0]),))))
    assert "It is that of Spring School on Open Data, as the file says." in text_of(answer)
    forced = browser.post(LOAD, data={**form_of(answer, READ), "mark": "x"})
    assert "Whose programme is this?" in forced.text
    assert stored(stage) == seminar()
    assert stored(stage, OTHER) == school
    own = browser.post(READ, data={**form_of(answer, READ), "event_is": "="})
    assert load(browser, own).headers["location"] == f"/events/{OTHER}/plan"
    assert stored(stage, OTHER) != school


def table():
    book = Workbook()
    sheet = book.active
    sheet.append(["Title", "Date", "Start", "End", "Room"])
    sheet.append(["Opening", "2024-05-06", "09:00", "10:00", "Hall"])
    sheet.append(["Closing", "2024-05-06", "17:00", "18:00", "Hall"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


ANNOUNCEMENT = """Spring Lectures

Lecture 1: Rivers in cities
Date: 6 May 2024
Time: 18:00-19:30 (UTC+8)
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:a@example.org
SUMMARY:Opening
DTSTART:20240506T090000Z
DTEND:20240506T100000Z
END:VEVENT
END:VCALENDAR
"""
CSV = "Title,Date,Start,End\nOpening,2024-05-06,09:00,10:00\n"


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", table()), ("a.csv", CSV), ("a.ics", CALENDAR), ("a.txt", ANNOUNCEMENT)]
)
def test_other_formats_are_read_by_their_content_and_the_same_bytes_are_loaded(browser, stage, name, content):
    answer = upload(
        browser, content, name, at="", timezone="Asia/Shanghai", event="spring-2024", event_title="Spring", default_length="60"
    ) if name != "a.txt" else upload(browser, content, name, at="", timezone="Asia/Shanghai", event="spring-2024")  # fmt: skip
    assert "A new event" in answer.text, text_of(answer)
    assert load(browser, answer).headers["location"] == "/events/spring-2024/plan"
    assert stored(stage, "spring-2024").sessions


def test_sessions_without_keys_are_found_again_by_a_look(browser, stage):
    told = {"timezone": "Asia/Shanghai", "event": "spring-2024", "event_title": "Spring"}
    load(browser, upload(browser, CSV, "a.csv", at="", **told))
    answer = upload(
        browser,
        CSV.replace("09:00,10:00", "11:00,12:00"),
        "a.csv",
        at="spring-2024",
        timezone="Asia/Shanghai",
        event_title="Spring",
    )
    assert "same title on the same day, another time" in text_of(answer)
    (key,) = [one.key for one in stored(stage, "spring-2024").sessions]
    new = re.search(r'name="same:([^"]+)"', answer.text)[1]
    decided = browser.post(READ, data={**form_of(answer, READ), f"same:{new}": key})
    assert "1 at another time" in text_of(decided)
    assert load(browser, decided).status_code == 303
    (session,) = stored(stage, "spring-2024").sessions
    assert (session.key, session.start.hour) == (key, 11)


def test_a_mapping_is_sent_along_and_one_that_names_a_place_is_refused(browser, stage):
    mapping = b"columns: {title: Was, start: Wann}\nevent: {title: Spring, key: spring, timezone: Europe/Berlin}\n"
    files = {"file": ("a.csv", b"Was;Wann\nOpening;2024-05-06 09:00\n"), "mapping": ("m.yaml", mapping)}
    answer = browser.post(READ, data={"csrf": browser.csrf(), "default_length": "30"}, files=files)
    assert "A new event" in answer.text, text_of(answer)
    assert load(browser, answer).headers["location"] == "/events/spring/plan"
    place = b"sql: {connection: PRIVATE_URL, query: select 1}\n"
    for sent in ({"file": ("a.yaml", place)}, {"file": files["file"], "mapping": ("m.yaml", place)}):
        answer = browser.post(READ, data={"csrf": browser.csrf()}, files=sent)
        assert "a mapping that names its source is not read here" in text_of(answer)


def test_a_file_is_bounded_and_a_large_one_is_carried_whole(browser, stage):
    """What is not compressible is longer than a text field of a form may be."""
    answer = upload(browser, b"x" * (MOST_BYTES + 1))
    assert "the source is larger than 8 MiB" in text_of(answer)
    assert upload(browser, b"x" * (2 * MOST_BYTES)).status_code == 413
    import random

    noise = random.Random(1).randbytes(1_500_000).hex()  # 1.5 MB of it cannot be squeezed away
    answer = upload(browser, dump_programme(seminar(*SESSIONS[:2])) + f"# {noise}\n")
    assert len(form_of(answer, LOAD)["packed_file"]) > 1
    assert load(browser, answer).status_code == 303
    assert len(stored(stage).sessions) == 2


def test_no_file_and_no_sense_are_said(browser):
    answer = browser.post(READ, data={"csrf": browser.csrf()}, files={"file": ("", b"")})
    assert answer.status_code == 400
    assert "choose a file with the programme first" in answer.text
    assert "this is not a programme in a known format" in text_of(upload(browser, "hello", "a.txt"))
    assert "a length is between 1 and 1440 minutes" in text_of(upload(browser, CSV, "a.csv", default_length="9999"))
    assert "problem" in text_of(upload(browser, "\0\1\2", "a.bin"))


def test_a_profile_that_is_not_there_is_a_problem(browser):
    answer = upload(browser, dump_programme(seminar(replace(SESSIONS[0], profile="no-such-profile"))))
    assert "names profile 'no-such-profile'" in text_of(answer)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STAFF])
def test_who_may_not_edit_uploads_nothing(browse, role):
    browser = browse(role)
    assert upload(browser, dump_programme(seminar())).status_code == 403
    assert PAGE not in browser.get(f"/events/{EVENT}").text


def test_whose_changes_are_asked_for_somebody_elses_word_is_not_approved_by_who_loaded(browser, stage):
    """`changes: ask`: two pairs of eyes, and the upload counts as the loading that it is."""
    asked = replace(seminar(SESSIONS[0], moved(SESSIONS[1]), SESSIONS[2]))
    asked = replace(asked, event=replace(asked.event, changes=Changes.ASK))
    load(browser, upload(browser, dump_programme(asked)))
    page = text_of(browser.get(f"/events/{EVENT}/plan"))
    assert "You loaded it yourself, so somebody else has to approve it." in page


def test_the_programmes_page_says_where_the_truth_lives(browser, stage):
    assert "No source is read by itself." in browser.get(PAGE).text


def test_everything_is_said_in_chinese(browser, stage):
    browser.get("/language/zh")
    answer = upload(browser, dump_programme(seminar(moved(SESSIONS[0]), SESSIONS[1], replace(SESSIONS[2], key=NEW))))
    assert "载入此议程" in answer.text
    assert "1 个时间变更" in text_of(answer)

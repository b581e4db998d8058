"""An evening's data, on the disk: erased people leave no byte, and with a key nobody stands there in the open."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from factories import make_session
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.store.report_pages import ReportPages
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.sealing import Seal
from zoom_sync.domain.kept_figures import of_session
from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.retention import Retention
from zoom_sync.service_layer.audience import audience_of
from zoom_sync.service_layer.collect import attendance_of, questions_of, reading
from zoom_sync.service_layer.privacy import erase_person, export_person, pseudonymised, purge_due, seek
from zoom_sync.service_layer.summary import keep_figures, summarise

EVENT = "urban-2023"
DAYS = {Retention.RAW: 30, Retention.REPORT: 0}


def bytes_on_disk(folder):
    return b"".join(path.read_bytes() for path in sorted(Path(folder).glob("store.db*")))


def written(text):
    """A text as it may lie in a file: as UTF-8, or escaped as JSON does."""
    return {text.encode(), text.encode("unicode_escape").replace(b"\\x", b"\\u00")}


def lies_in(text, data):
    return any(form in data or form.lower() in data.lower() for form in written(text))


@pytest.fixture
def collected(evening):
    evening.run(audience=60, questions=20)
    evening.pass_time(hours=1)
    evening.collect()
    return evening


@pytest.fixture
def somebody(collected):
    """Who came, asked, and is the only one of that name."""
    lines = list(collected.reports.attendance(EVENT, "seminar-1"))
    asked = {one.email.casefold() for one in collected.reports.questions(EVENT, "seminar-1") if one.email}
    names = Counter(one.name for one in lines)
    asked = {email for email in asked if email.startswith("person")}
    return next(one for one in lines if one.email in asked and names[one.name] == 1)


def test_after_erasing_no_byte_of_the_person_is_left_and_totals_hold(collected, database, tmp_path, somebody):
    before = list(collected.reports.attendance(EVENT, "seminar-1"))
    questions = list(collected.reports.questions(EVENT, "seminar-1"))
    texts = Counter(one.text for one in questions)
    own = [one.text for one in questions if one.email == somebody.email and texts[one.text] == 1]
    traces = [somebody.email, somebody.name, *own]
    people, now = People(database), collected.zoom.clock.now()
    assert all(lies_in(trace, bytes_on_disk(tmp_path)) for trace in traces)
    done = erase_person(people, seek(people, somebody.email, name_too=True), now)
    assert done.keys() == {"report_rows", "attendance", "questions"}
    data = bytes_on_disk(tmp_path)
    assert [trace for trace in traces if lies_in(trace, data)] == []
    lines = list(collected.reports.attendance(EVENT, "seminar-1"))
    assert sum(one.seconds for one in lines) == sum(one.seconds for one in before)
    assert len(lines) == len(before)
    assert len(list(collected.reports.questions(EVENT, "seminar-1"))) == len(questions)

    collected.collect("seminar-1")  # Zoom still has the person
    data = bytes_on_disk(tmp_path)
    assert [trace for trace in traces if lies_in(trace, data)] == []
    again = list(collected.reports.attendance(EVENT, "seminar-1"))
    assert (len(again), sum(one.seconds for one in again)) == (len(lines), sum(one.seconds for one in lines))
    assert erase_person(people, seek(people, somebody.email), now) == {}


def test_an_export_holds_what_is_stored_of_the_person(collected, database, somebody):
    people = People(database)
    told = export_person(people, seek(people, somebody.email), collected.zoom.clock.now())
    assert told["emails"] == [somebody.email]
    assert told["tables"]["attendance"][0]["seconds"] == somebody.seconds
    assert len(told["tables"]["report_rows"]) > 1
    assert told["tables"]["questions"]


def test_with_a_key_no_passcode_and_nobody_who_came_lies_on_the_disk(tmp_path, make_desk):
    folder = tmp_path / "sealed"
    database = Database(f"sqlite:///{folder}/store.db", seal=Seal([Fernet.generate_key().decode()]))
    database.upgrade()
    desk = type(make_desk())(database)
    desk.load(make_session(timezone="Asia/Shanghai"))
    desk.apply()
    desk.run(audience=60, questions=10)
    desk.pass_time(hours=1)
    assert desk.collect()["seminar-1", "participants"].state is ReportState.COMPLETE
    lines = list(desk.reports.attendance(EVENT, "seminar-1"))
    asked = [one.text for one in desk.reports.questions(EVENT, "seminar-1")]
    link, hosts = desk.link(), desk.links.hosts(desk.zoom.clock.now().replace(year=2000))
    secrets = [one.email for one in lines if one.email] + [one.name for one in lines] + asked
    secrets += [link.passcode.value, link.join_url, *(host.email for host in hosts), *(host.name for host in hosts)]
    data = bytes_on_disk(folder)
    database.close()
    assert len(secrets) > 80
    assert [secret for secret in secrets if lies_in(secret, data)] == []


def test_what_was_purged_is_not_fetched_again_and_says_so(collected, database):
    before = list(collected.reports.attendance(EVENT, "seminar-1"))
    collected.pass_time(days=31)
    (gone,) = purge_due(Purging(database), DAYS, collected.zoom.clock.now())
    assert gone.rows > 0
    collected.calls()
    told = collected.collect("seminar-1")
    assert "reportMeetingParticipants" not in collected.calls()
    assert told["seminar-1", "participants"].state is told["seminar-1", "questions"].state is ReportState.COMPLETE
    assert all("raw rows purged on 2023-12-0" in one.reason for one in told.values() if one.rows)
    assert collected.collect() == {}
    assert list(collected.reports.attendance(EVENT, "seminar-1")) == before


def test_a_session_that_never_was_complete_is_not_due_after_the_purge(collected, database):
    collected.zoom.fault(kind="refuse", operation="reportMeetingParticipants", times=20)
    assert collected.collect("seminar-1")["seminar-1", "participants"].state is ReportState.FAILED
    collected.pass_time(days=31)
    purge_due(Purging(database), DAYS, collected.zoom.clock.now())
    assert collected.collect() == {}


def test_emails_and_names_that_are_not_to_be_stored_never_reach_the_disk(evening, database, tmp_path):
    evening.run(audience=40, questions=10)
    evening.pass_time(hours=1)
    evening.reports = Reports(database, Guard(["emails", "names"]))
    evening.collect()
    stays = [stay for one in evening.zoom.simulator.world.instances.values() for stay in one.stays]
    people = {stay.email for stay in stays if stay.email.startswith("person")}
    data = bytes_on_disk(tmp_path)
    assert people
    assert [one for one in people if lies_in(one, data)] == []
    lines = list(evening.reports.attendance(EVENT, "seminar-1"))
    assert len(lines) > len(people)
    assert {(one.name, one.email) for one in lines} == {("", None)}


def test_a_pseudonym_is_one_persons_over_the_event_and_no_name_or_address_is_left(evening, database):
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2"))
    evening.apply()
    for key in ("seminar-1", "seminar-2"):
        evening.run(key, audience=40, questions=10)
    evening.pass_time(hours=3)
    evening.collect()
    people = People(database)
    plain = list(attendance_of(evening.programmes, evening.reports, EVENT, ()))
    hidden = list(pseudonymised(people, EVENT, plain))
    assert [s.key for s, _ in hidden] == [s.key for s, _ in plain]
    assert [one.seconds for _, one in hidden] == [one.seconds for _, one in plain]
    by_email = {}
    for (_, one), (_, other) in zip(plain, hidden, strict=True):
        if one.email:
            by_email.setdefault(one.email, set()).add(other.name)
        assert one.name not in (other.name, other.key)
        assert other.email is None or other.email.endswith("@pseudonym.invalid")
    both = {e for e, n in Counter(one.email for _, one in plain if one.email).items() if n > 1}
    assert both, "some came to both sessions"
    assert {len(names) for names in by_email.values()} == {1}
    elsewhere = list(pseudonymised(people, "other-event", plain))
    assert not {one.name for _, one in hidden} & {one.name for _, one in elsewhere}
    asked = list(pseudonymised(people, EVENT, questions_of(evening.programmes, evening.reports, EVENT, ())))
    names = {next(iter(found)) for found in by_email.values()}
    assert {one.asker for _, one in asked if one.email} <= names


def kept_and_purged(desk, database, days):
    keep = partial(keep_figures, desk.programmes, desk.reports)
    return purge_due(Purging(database), days, desk.zoom.clock.now(), before_each=keep)


def figures(desk):
    told = summarise(desk.programmes, desk.reports, EVENT, ["seminar-1"], desk.zoom.clock.now(), most_questions=0)
    return replace(told.sessions[0], curve=replace(told.sessions[0].curve, steps=()), reports=())


def test_the_figures_of_a_session_outlive_the_purge_of_its_people(collected, database):
    before, names = figures(collected), {one.name for one in collected.reports.attendance(EVENT, "seminar-1")}
    audience = audience_of(collected.reports, EVENT, before.session)
    assert before.people > 30
    assert before.asked > 0
    collected.pass_time(days=31)
    assert kept_and_purged(collected, database, {Retention.REPORT: 30})
    assert list(collected.reports.attendance(EVENT, "seminar-1")) == []
    assert list(collected.reports.questions(EVENT, "seminar-1")) == []
    assert figures(collected) == before
    counts = ReportPages(database).counts(EVENT)["seminar-1"]
    assert (counts.people, counts.questions) == (before.people, before.asked)
    assert audience_of(collected.reports, EVENT, before.session) == audience
    assert not [name for name in names if len(name) > 3 and name in str(collected.reports.figures(EVENT))]


def test_the_counts_of_polls_and_the_audience_of_items_outlive_the_purge_and_what_people_wrote_does_not(desk, database):
    items = (AgendaItem(presenter="Ada", title="One"), AgendaItem(presenter="Bo", title="Two"))
    desk.load(replace(make_session(timezone="Asia/Shanghai"), items=items))
    desk.apply()
    desk.run(audience=40, questions=3, polls=2, survey=True)
    desk.pass_time(hours=1)
    desk.collect()

    def told():
        programmes, reports = desk.programmes, desk.reports
        items = [one for _, one in reading.audience_of(programmes, reports, EVENT, ())]
        return items, list(reading.counted_polls(reports, EVENT, programmes.session(EVENT, "seminar-1")))

    heard, counted = told()
    written = {"What should be other next time?"}
    assert len(heard) == 2
    assert {one.question for one in counted} > written
    desk.pass_time(days=31)
    kept_and_purged(desk, database, {Retention.REPORT: 30})
    assert list(desk.reports.polls(EVENT, "seminar-1")) == []
    after, polls = told()
    assert after == heard
    assert [replace(one, choices=()) for one in polls] == [replace(one, choices=()) for one in counted]
    assert [one for one in polls if one.question not in written] == [
        one for one in counted if one.question not in written
    ]
    assert [one.choices for one in polls if one.question in written] == [()]
    assert "Longer pauses" not in str(desk.reports.figures(EVENT))


def test_no_figure_shrinks_while_a_purge_is_under_way(collected, database):
    before = figures(collected)
    collected.pass_time(days=31)

    class Broken(Purging):
        def _remove(self, holding, due, before, tell):
            if holding.table.name == "questions":
                raise RuntimeError("the power went")
            return super()._remove(holding, due, before, tell)

    with pytest.raises(RuntimeError, match="power"):
        purge_due(Broken(database), {Retention.REPORT: 30}, collected.zoom.clock.now(),
                  before_each=partial(keep_figures, collected.programmes, collected.reports))  # fmt: skip
    assert list(collected.reports.attendance(EVENT, "seminar-1")) == []
    assert list(collected.reports.questions(EVENT, "seminar-1")) != []
    assert figures(collected) == before


def test_a_purge_that_was_interrupted_keeps_the_figures_of_when_it_began(collected, database):
    before = figures(collected)
    collected.pass_time(days=31)
    days, now = {Retention.REPORT: 30}, collected.zoom.clock.now()
    keep = partial(keep_figures, collected.programmes, collected.reports)

    def broken(_rows):
        raise RuntimeError("the power went")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="power"):
            purge_due(Purging(database), days, now, broken, keep)
    kept_and_purged(collected, database, days)
    assert figures(collected) == before


def test_figures_of_before_a_session_was_moved_are_not_those_of_the_session(collected, database):
    collected.pass_time(days=31)
    kept_and_purged(collected, database, {Retention.REPORT: 30})
    kept, session = collected.reports.figures(EVENT)["seminar-1"], figures(collected).session
    assert of_session(kept, session)
    assert not of_session(kept, replace(session, start=session.start + timedelta(days=60)))

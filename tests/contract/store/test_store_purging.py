"""What is past its time goes, a few rows at a time, and does not come back by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories import NOW, START, make_link, make_programme, make_session
from zoom_sync.adapters.store import purging as purging_module
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.store.tables import panelists, presenters, report_instances, report_rows, run_items
from zoom_sync.domain.attendance import merge, stay_from_row
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.domain.questions import questions_from_report
from zoom_sync.domain.report import Collected, Instance, RawReport, ReportState
from zoom_sync.domain.retention import Retention, cutoffs
from zoom_sync.domain.run import ItemState, Step
from zoom_sync.service_layer.privacy import due_for_purge, purge_due

EVENT, KEY, LATER = "urban-2023", "seminar-1", "seminar-2"
END = START + timedelta(minutes=90)
DAYS = {Retention.RAW: 30, Retention.REPORT: 90, Retention.RUN: 60}


def rows(count):
    return tuple(
        {"id": f"id-{n}", "name": f"P {n}", "join_time": "2023-11-06T12:30:00Z", "leave_time": "2023-11-06T12:50:00Z"}
        for n in range(count)
    )


def keep(store, key=KEY, count=25, uuid="uuid=="):
    return store.reports.keep(EVENT, key, RawReport("participants", Instance(f"{uuid}{key}", START), rows(count)), NOW)


def set_report(store, key=KEY):
    store.reports.set_attendance(EVENT, key, merge(stay_from_row(one, "u") for one in rows(3)).attendees)
    asked = {"questions": [{"name": "P", "question_details": [{"question": "Why?"}]}]}
    store.reports.set_questions(EVENT, key, questions_from_report(asked))


@pytest.fixture
def held(store):
    """A store with a session that is over and one a year later."""
    store.programmes.save(make_programme(make_session(), make_session(LATER, start=START + timedelta(days=365))), NOW)
    for key in (KEY, LATER):
        keep(store, key)
        set_report(store, key)
        store.reports.note(EVENT, Collected(key, "participants", ReportState.COMPLETE, 25, 25, "", NOW))
    return store


def purge(store, **after):
    return purge_due(Purging(store.database), DAYS, END + timedelta(**after))


def count(store, table):
    with store.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def state(store, key=KEY):
    (told,) = [one.reason for one in store.reports.states(EVENT) if one.key == key]
    return told


def test_what_is_not_past_its_time_stays(held):
    assert purge(held, days=29, hours=23) == []
    assert count(held, report_rows) == 50


def test_raw_rows_go_first_and_the_report_stays_and_says_so(held):
    (gone,) = purge(held, days=31)
    assert (gone.kind, gone.event, gone.session, gone.rows, gone.ended_at) == (Retention.RAW, EVENT, KEY, 25, END)
    assert list(held.reports.raw(EVENT, KEY, "participants")) == []
    assert len(list(held.reports.attendance(EVENT, KEY))) == 3
    assert state(held) == "raw rows purged on 2023-12-07"
    assert state(held, LATER) == ""
    assert count(held, report_rows) == 25
    assert purge(held, days=32) == []
    assert count(held, report_instances) == 1


def test_the_report_goes_in_its_own_time(held):
    purge(held, days=31)
    (gone,) = purge(held, days=91)
    assert (gone.kind, gone.rows) == (Retention.REPORT, 4)
    assert list(held.reports.attendance(EVENT, KEY)) == list(held.reports.questions(EVENT, KEY)) == []
    assert state(held) == "raw rows purged on 2023-12-07; report purged on 2024-02-05"
    assert held.reports.purged(EVENT) == {KEY: "raw rows purged on 2023-12-07; report purged on 2024-02-05"}


def test_raw_rows_never_outlive_the_report():
    now = END
    kept = cutoffs({Retention.RAW: 0, Retention.REPORT: 10}, now)
    assert kept[Retention.RAW] == kept[Retention.REPORT] == now - timedelta(days=10)
    assert cutoffs({Retention.RAW: 5, Retention.REPORT: 10}, now)[Retention.RAW] == now - timedelta(days=5)
    assert cutoffs({Retention.RAW: 0, Retention.REPORT: 0, Retention.RUN: 0}, now) == {}


def test_what_was_purged_is_neither_stored_nor_made_again(held):
    purge(held, days=31)
    before = list(held.reports.attendance(EVENT, KEY))
    assert not keep(held)
    held.reports.set_attendance(EVENT, KEY, ())
    assert list(held.reports.attendance(EVENT, KEY)) == before
    assert count(held, report_rows) == 25


def test_presenters_e_mails_go_with_the_report_and_a_load_does_not_bring_them_back(held):
    items = (AgendaItem("Ana", "Floods", emails=("ana@example.org",)),)
    past = make_session(kind=Kind.WEBINAR, items=items)
    programme = make_programme(past, make_session(LATER, start=START + timedelta(days=365), items=items))
    held.programmes.save(programme, NOW)
    webinar = make_link(kind=Kind.WEBINAR)
    held.links.finish(EVENT, webinar, None, NOW)
    held.links.applied(EVENT, replace(webinar, panelists={"ana@example.org": Standing.ADDED}), NOW)
    purge(held, days=89)
    assert (count(held, presenters), count(held, panelists)) == (2, 1)
    purge(held, days=91)
    assert (count(held, presenters), count(held, panelists)) == (1, 0)
    held.programmes.save(programme, END + timedelta(days=91))
    assert [one.items[0].emails for one in held.programmes.programme(EVENT).sessions] == [(), ("ana@example.org",)]
    assert held.links.link(EVENT, KEY).meeting_id == webinar.meeting_id


def test_a_session_that_is_moved_to_later_is_collected_again(held):
    purge(held, days=31)
    held.programmes.save(make_programme(make_session(start=START + timedelta(days=100)), make_session(LATER)), NOW)
    assert held.reports.purged(EVENT) == {}
    assert keep(held)


def test_a_session_that_left_the_programme_is_purged_too(held):
    held.programmes.save(make_programme(make_session(LATER, start=START + timedelta(days=365))), NOW)
    assert [one.session for one in purge(held, days=31)] == [KEY]


def test_runs_go_with_their_items_when_they_are_finished(held):
    done = held.runs.start(EVENT, "apply", "d", [Step("create", KEY), Step("create", LATER)], NOW)
    waiting = held.runs.start(EVENT, "apply", "d", [Step("create", KEY)], NOW)
    for item in held.runs.items(done):
        held.runs.settle(item.id, ItemState.DONE, "", NOW)
    gone = [
        one for one in purge_due(Purging(held.database), DAYS, NOW + timedelta(days=61)) if one.kind is Retention.RUN
    ]
    assert [(one.event, one.rows) for one in gone] == [(EVENT, 1)]
    assert [run.id for run in held.runs.recent(EVENT, 10)] == [waiting]
    assert count(held, run_items) == 1


def test_a_purge_that_was_interrupted_is_finished_by_the_next(held, monkeypatch):
    monkeypatch.setattr(purging_module, "AT_ONCE", 10)

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        purge_due(Purging(held.database), DAYS, END + timedelta(days=31), stop)
    assert count(held, report_rows) == 40
    assert not keep(held), "nobody stores it again meanwhile"
    told = []
    purge_due(Purging(held.database), DAYS, END + timedelta(days=31), told.append)
    assert told == [10, 5]
    assert count(held, report_rows) == 25


def test_looking_removes_nothing(held):
    store = Purging(held.database)
    due = due_for_purge(store, DAYS, END + timedelta(days=91))
    assert [(one.kind, one.session, one.rows) for one in due] == [
        (Retention.RAW, KEY, 25), (Retention.REPORT, KEY, 4),
    ]  # fmt: skip
    assert count(held, report_rows) == 50

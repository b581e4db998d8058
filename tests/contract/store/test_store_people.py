"""One person over every table: found by what rows say, told, erased for good; totals stay what they were."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from factories import NOW, make_link, make_programme, make_session
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard, bury
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.personal import HOLDINGS
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.sealing import SealedJson, SealedText
from zoom_sync.adapters.store.tables import metadata
from zoom_sync.domain.attendance import merge, stay_from_row
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.privacy import Known, Person, mark_of
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.domain.questions import questions_from_report
from zoom_sync.domain.report import Instance, RawReport
from zoom_sync.errors import StoreUnavailable, UserError
from zoom_sync.service_layer.privacy import erase_person, export_person, seek

EVENT, KEY, UUID = "urban-2023", "seminar-1", "uuid=="


def row(number, **differences):
    return {
        "id": f"id-{number}", "name": f"Person {number}", "user_email": f"P{number}@Example.org",
        "registrant_id": f"reg-{number}", "user_id": f"u{number}", "join_time": "2023-11-06T12:30:00Z",
        "leave_time": f"2023-11-06T13:{number:02}:00Z", "duration": 3600, **differences,
    }  # fmt: skip


def asker(number, *details):
    return {"name": f"Person {number}", "email": f"p{number}@example.org", "question_details": list(details)}


def asked(question, *answers, **more):
    return {
        "question": question, "question_id": "q", "question_status": "answered", "create_time": "2023-11-06T12:40:00Z",
        "answer_details": [
            {"name": name, "email": email, "content": content, "create_time": "2023-11-06T12:41:00Z"}
            for name, email, content in answers
        ],
        **more,
    }  # fmt: skip


ROWS = [row(1), row(1, user_email="", name="Person 1 (phone)", user_id="u9"), row(2), row(3, user_email="", id="")]
QUESTIONS = [
    asker(1, asked("My number is 555", ("Host", "host@example.org", "Thank you"))),
    asker(2, asked("Why?", ("Person 1", "p1@example.org", "Because I live there"), answer="Because I live there")),
]


def keep(reports, rows, kind="participants", uuid=UUID):
    assert reports.keep(EVENT, KEY, RawReport(kind, Instance(uuid, NOW), tuple(rows)), NOW)


def merged(reports):
    stays = (stay_from_row(one, r.instance.uuid) for r in reports.raw(EVENT, KEY, "participants") for one in r.rows)
    reports.set_attendance(EVENT, KEY, merge(stays).attendees)
    raw = [one for report in reports.raw(EVENT, KEY, "questions") for one in report.rows]
    reports.set_questions(EVENT, KEY, questions_from_report({"questions": raw}))
    return list(reports.attendance(EVENT, KEY)), list(reports.questions(EVENT, KEY))


@pytest.fixture
def people(store):
    keep(store.reports, ROWS)
    keep(store.reports, QUESTIONS, "questions")
    merged(store.reports)
    return People(store.database)


def everything(database):
    """Every value of every table, as it is read."""
    with database.reading() as connection:
        return json.dumps(
            [[list(map(str, r)) for r in connection.execute(t.select())] for t in metadata.tables.values()]
        )


def test_every_column_is_declared_personal_or_not():
    declared = {holding.table.name: holding for holding in HOLDINGS}
    assert declared.keys() == metadata.tables.keys(), "a table needs a Holding in adapters/store/personal.py"
    for name, table in metadata.tables.items():
        holding = declared[name]
        named = [*holding.plain, *holding.personal, *holding.secret]
        assert sorted(named) == sorted(table.columns.keys()), f"{name}: each column once in its Holding"


def test_what_is_personal_or_secret_is_sealed_or_declared_open():
    for holding in HOLDINGS:
        for column in holding.sealed:
            assert isinstance(column.type, SealedText | SealedJson), str(column)
        assert holding.open <= holding.personal | holding.secret
        unsealed = [c for c in holding.table.columns if c.name in holding.plain]
        assert not [c for c in unsealed if isinstance(c.type, SealedText | SealedJson)], holding.table.name


def test_a_person_is_known_by_all_that_its_rows_say(people):
    found = seek(people, "p1@EXAMPLE.org").found
    assert found.person.marks.emails == {"p1@example.org"}
    assert found.person.marks.ids == {"id-1", "reg-1"}
    assert found.person.marks.names == {"person 1", "person 1 (phone)"}
    assert found.rows == {"report_rows": 4, "attendance": 1, "questions": 2}


@pytest.mark.parametrize(("told", "known"), [("reg-1", Known.ID), ("p1@example.org", Known.EMAIL)])
def test_a_person_is_found_by_id_and_by_e_mail_alike(people, told, known):
    sought = seek(people, told)
    assert (sought.known, sought.found.rows["report_rows"], sought.unsure) == (known, 4, False)


def test_a_name_finds_only_what_has_nothing_else_and_is_unsure(people):
    sought = seek(people, "person  3")
    assert sought.unsure
    assert sought.found.rows == {}, "this row has a registrant id, which may be of anybody of that name"


def test_nobody_is_found_where_nobody_is(people):
    assert seek(people, "other@example.org").found.rows == {}


def test_an_export_tells_all_of_one_person_and_nothing_of_others(people):
    told = export_person(people, seek(people, "p1@example.org"), NOW)
    text_of_it = json.dumps(told)
    assert {table: len(rows) for table, rows in told["tables"].items()} == {
        "report_rows": 4, "attendance": 1, "questions": 2,
    }  # fmt: skip
    assert "My number is 555" in text_of_it
    assert "Because I live there" in text_of_it
    assert "Thank you" in text_of_it
    for other in ("p2@", "Person 2", "Why?", "host@example.org", "Person 3"):
        assert other not in text_of_it
    assert {row["session"] for rows in told["tables"].values() for row in rows} == {KEY}


def test_the_erased_leave_no_trace_and_totals_stay(store, people):
    before = merged(store.reports)
    done = erase_person(people, seek(people, "p1@example.org"), NOW)
    assert done == {"report_rows": 4, "attendance": 1, "questions": 2}
    left = everything(store.database).casefold()
    for trace in ("p1@", "person 1", 'id-1"', "id-1'", "reg-1", "is 555", "because i live"):
        assert trace not in left
    for other in ("p2@", "person 2", "why?", "thank you", "reg-3"):
        assert other in left
    lines, questions = list(store.reports.attendance(EVENT, KEY)), list(store.reports.questions(EVENT, KEY))
    assert [one.seconds for one in lines] == [one.seconds for one in before[0]]
    assert [one.joins for one in lines] == [one.joins for one in before[0]]
    assert len(questions) == len(before[1])
    assert sorted(one.name for one in lines) == ["Person 2", "Person 3", "erased"]
    again = merged(store.reports)
    assert sorted(again[0], key=lambda one: one.key) == sorted(lines, key=lambda one: one.key)
    assert again[1] == questions


def test_a_second_time_nothing_is_left(people):
    erase_person(people, seek(people, "p1@example.org"), NOW)
    sought = seek(people, "p1@example.org")
    assert sought.found.rows == {}
    assert erase_person(people, sought, NOW) == {}


def test_the_erased_do_not_come_back_with_the_next_collection(store, people):
    erase_person(people, seek(people, "p1@example.org"), NOW)
    lines = merged(store.reports)
    assert [one.name for one in lines[0]].count("erased") == 1
    keep(store.reports, ROWS)
    keep(store.reports, QUESTIONS, "questions")
    assert merged(store.reports) == lines
    assert "p1@" not in everything(store.database).casefold()


def test_a_merge_from_before_the_erasing_does_not_bring_the_person_back(store, people):
    attendees, questions = merged(store.reports)
    erase_person(people, seek(people, "p1@example.org"), NOW)
    store.reports.set_attendance(EVENT, KEY, attendees)
    store.reports.set_questions(EVENT, KEY, questions)
    assert "p1@" not in everything(store.database).casefold()
    assert sum(one.name == "erased" for one in store.reports.attendance(EVENT, KEY)) == 1


def test_an_erasing_that_was_interrupted_is_finished_by_the_next(store, people):
    sought = seek(people, "p1@example.org")

    def stop(table):
        if table == "attendance":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        erase_person(people, sought, NOW, stop)
    assert "reg-1" in everything(store.database)
    erase_person(people, seek(people, "p1@example.org"), NOW)
    assert "reg-1" not in everything(store.database)


def test_namesakes_are_left_alone_unless_they_are_named_too(store, people):
    keep(store.reports, [row(1), row(7, name="Person 1", user_email="", id="", registrant_id="")], uuid="other==")
    sought = seek(people, "p1@example.org")
    assert sought.found.namesakes == 1
    erase_person(people, sought, NOW)
    assert "Person 1" in everything(store.database)
    sought = seek(people, "Person 1")
    assert sought.unsure
    assert erase_person(people, sought, NOW)["report_rows"] == 1
    assert "Person 1" not in everything(store.database)


def test_name_too_takes_the_namesakes_with_it(store, people):
    keep(store.reports, [row(7, name="PERSON 1", user_email="", id="", registrant_id="")], uuid="other==")
    erase_person(people, seek(people, "p1@example.org", name_too=True), NOW)
    assert "person 1" not in everything(store.database).casefold()


def test_two_who_are_erased_remain_two(store, people):
    for number in (1, 2):
        erase_person(people, seek(people, f"p{number}@example.org"), NOW)
    lines, _ = merged(store.reports)
    assert [one.name for one in lines].count("erased") == 2
    keys = {one.key for one in lines}
    assert len(keys) == 3


def test_hosts_and_presenters_are_told_and_kept_with_the_reason(store, people):
    from zoom_sync.domain.hosts import Host

    store.links.set_hosts([Host("host-1", "Kazan, Russian", "host@example.org", licensed=True, capacity=1)], NOW)
    sought = seek(people, "host@example.org")
    assert sought.found.rows.keys() >= {"hosts", "report_rows"}
    assert set(sought.found.kept) == {"hosts", "agenda_items"}
    assert "hosts" not in erase_person(people, sought, NOW)
    assert store.links.hosts(NOW)


def test_a_presenters_e_mail_is_told_and_erased_and_a_load_does_not_bring_it_back(store, people):
    items = (AgendaItem("Ana, Bo", "Floods", emails=("Ana@example.org", "bo@example.org")),)
    programme = make_programme(make_session(kind=Kind.WEBINAR, items=items), make_session("seminar-2"))
    store.programmes.save(programme, NOW)
    webinar = make_link(kind=Kind.WEBINAR)
    store.links.finish(EVENT, webinar, None, NOW)
    panelists = {"ana@example.org": Standing.ADDED, "bo@example.org": Standing.ADDED}
    store.links.applied(EVENT, replace(webinar, panelists=panelists), NOW)
    sought = seek(people, "ana@example.org")
    told = export_person(people, sought, NOW)["tables"]
    assert {name: [row["session"] for row in rows] for name, rows in told.items()} == {
        "presenters": [KEY], "panelists": [KEY],
    }  # fmt: skip
    assert "bo@" not in json.dumps(told)
    assert erase_person(people, sought, NOW) == {"presenters": 1, "panelists": 1}
    store.programmes.save(programme, NOW)
    store.links.applied(EVENT, replace(webinar, panelists=panelists, version=2), NOW)
    assert "ana@example.org" not in everything(store.database).casefold()
    (item,) = store.programmes.session(EVENT, KEY).items
    assert (item.presenter, item.emails) == ("Ana, Bo", ("bo@example.org",))
    assert store.links.link(EVENT, KEY).panelists == {"bo@example.org": Standing.ADDED}


@pytest.mark.parametrize("word", ["emails", "names", "questions"])
def test_what_is_not_to_be_stored_never_is(store, word):
    reports = Reports(store.database, Guard([word]))
    keep(reports, ROWS)
    keep(reports, QUESTIONS, "questions")
    lines, questions = merged(reports)
    assert len(lines) == 3
    assert len(questions) == 2
    left = everything(store.database)
    traces = {"emails": ["@example.org", "@Example.org"], "names": ["Person"], "questions": ["Why", "Because", "Thank"]}
    assert not [trace for trace in traces[word] if trace in left]
    others = {trace for other, found in traces.items() if other != word for trace in found}
    assert [trace for trace in others if trace in left]


def test_rows_kept_while_somebody_is_erased_do_not_slip_through(store, people, at_once):
    reports = [RawReport("participants", Instance(f"at-once-{n}", NOW), tuple(ROWS)) for n in range(3)]
    sought = seek(people, "p1@example.org")
    answers = at_once(
        *(lambda one=one: store.reports.keep(EVENT, KEY, one, NOW) for one in reports),
        lambda: people.erase(sought.found.person, NOW, lambda _: None),
    )
    assert not [one for one in answers if isinstance(one, Exception)]
    assert "p1@" not in everything(store.database).casefold()


def test_only_hashes_of_the_erased_are_kept(store, people):
    people.erase(Person(mark_of(Known.EMAIL, "p1@example.org")), NOW, lambda _: None)
    with store.database.reading() as connection:
        kept = connection.execute(text("SELECT mark FROM erasures")).scalars().all()
    assert [len(mark) for mark in kept] == [64]
    assert people.pseudonym_key() == people.pseudonym_key()


def test_who_erases_waits_for_who_writes(postgres_url):
    database = Database(postgres_url)
    database.upgrade()
    person = Person(mark_of(Known.EMAIL, "p1@example.org"))
    with database.transaction() as writing:
        list(Guard().clean(writing, "attendance", (EVENT, KEY), []))
        list(Guard().clean(writing, "questions", (EVENT, KEY), []))
        with pytest.raises(StoreUnavailable, match="lock timeout"), database.transaction() as erasing:  # noqa: PT012
            erasing.execute(text("SET LOCAL lock_timeout = '50ms'"))
            bury(erasing, person, NOW)
    with database.transaction() as erasing:
        assert bury(erasing, person, NOW)
    database.close()


# --- one link, several people ---------------------------------------------------------------------------------------

OWN = {"id": "", "registrant_id": "N2", "user_email": "own@x.org", "name": "Olga Own"}
FRIEND = {**OWN, "user_email": "friend@x.org", "name": "Fred Friend", "user_id": "u20"}


@pytest.fixture
def forwarded(store):
    """A registrant and a friend on her link at the same time, and a row of one of them without an e-mail."""
    keep(store.reports, [row(5, **OWN), row(2, **FRIEND), row(3, **{**OWN, "user_email": "", "name": "iPhone"})])
    merged(store.reports)
    return People(store.database)


def test_an_export_gives_nothing_of_the_owner_of_a_forwarded_link(forwarded):
    told = export_person(forwarded, seek(forwarded, "friend@x.org"), NOW)
    assert (told["sure"], told["emails"], told["ids"]) == (True, ["friend@x.org"], [])
    text_of_it = json.dumps(told)
    assert "own@x.org" not in text_of_it
    assert "Olga" not in text_of_it
    assert {table: len(rows) for table, rows in told["tables"].items()} == {"report_rows": 1, "attendance": 1}
    assert (told["likely"]["left_out"], told["likely"]["tables"]) == ({"report_rows": 1}, {})


def test_what_is_only_likely_is_exported_apart_and_for_its_own_word(forwarded):
    told = export_person(forwarded, seek(forwarded, "own@x.org", likely_too=True), NOW)
    assert [one["row"]["name"] for one in told["likely"]["tables"]["report_rows"]] == ["iPhone"]
    assert "iPhone" not in json.dumps(told["tables"]["report_rows"])
    assert "Fred" not in json.dumps(told)


@pytest.mark.parametrize(("erased", "left"), [("friend@x.org", "own@x.org"), ("own@x.org", "friend@x.org")])
def test_erasing_one_of_two_on_a_link_leaves_the_other(store, forwarded, erased, left):
    erase_person(forwarded, seek(forwarded, erased), NOW)
    kept = everything(store.database)
    assert erased not in kept
    assert left in kept
    keep(store.reports, [row(5, **OWN), row(2, **FRIEND), row(3, **{**OWN, "user_email": "", "name": "iPhone"})])
    lines, _ = merged(store.reports)
    assert {one.email for one in lines} == {left, None}
    assert erased not in everything(store.database)
    assert "iPhone" in everything(store.database), "it is only likely of either of them"


def test_with_its_own_word_what_is_likely_is_erased_and_the_other_is_still_left(store, forwarded):
    erase_person(forwarded, seek(forwarded, "own@x.org", likely_too=True), NOW)
    kept = everything(store.database)
    assert "iPhone" not in kept
    assert "friend@x.org" in kept


def test_an_id_that_two_with_different_e_mails_used_names_nobody(forwarded):
    with pytest.raises(UserError, match=r"friend@x\.org, own@x\.org"):
        seek(forwarded, "N2")


def test_two_names_on_one_link_are_told_apart_from_the_one_whose_e_mail_it_is(store):
    keep(store.reports, [row(5, **OWN), row(2, **{**FRIEND, "user_email": ""})])
    merged(store.reports)
    people = People(store.database)
    told = export_person(people, seek(people, "own@x.org"), NOW)
    assert "Fred" not in json.dumps(told)
    erase_person(people, seek(people, "own@x.org"), NOW)
    assert "Fred Friend" in everything(store.database)


def test_a_link_used_one_after_the_other_is_no_sure_sign_either(store):
    later = {"join_time": "2023-11-06T13:30:00Z", "leave_time": "2023-11-06T13:50:00Z"}
    keep(store.reports, [row(5, **OWN), row(2, **FRIEND, **later)])
    merged(store.reports)
    people = People(store.database)
    told = export_person(people, seek(people, "friend@x.org"), NOW)
    assert "own@x.org" not in json.dumps(told)
    erase_person(people, seek(people, "friend@x.org"), NOW)
    kept = everything(store.database)
    assert "own@x.org" in kept
    assert "friend@x.org" not in kept


def test_names_are_one_in_every_form_of_writing(store):
    keep(store.reports, [row(8, name="Jose\u0301", user_email="", id="", registrant_id="")])
    people = People(store.database)
    assert seek(people, "JOS\u00c9").found.rows["report_rows"] == 1

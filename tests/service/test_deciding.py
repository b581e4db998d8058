"""Staff say who is one person: it is kept, undone, survives collecting again, and stands in the audit log."""

from dataclasses import replace

import pytest

from zoom_sync.adapters.store.audit import AuditLog
from zoom_sync.adapters.store.decisions import Decisions
from zoom_sync.adapters.store.people import People
from zoom_sync.domain.attendance import Role, line_id
from zoom_sync.domain.report import Instance, RawReport
from zoom_sync.errors import NotInStore, UserError
from zoom_sync.service_layer.collect import PARTICIPANTS, remerge
from zoom_sync.service_layer.deciding import Deciding, give_role, line, merge_lines, name_line, split_line, undo
from zoom_sync.service_layer.privacy import erase_person, seek

EVENT, KEY = "urban-2023", "seminar-1"


def row(name, begin, end, **more):
    return {
        "id": "", "name": name, "user_email": "", "user_id": f"{name}{begin}",
        "join_time": f"2023-11-06T12:{begin:02}:00Z", "leave_time": f"2023-11-06T12:{end:02}:00Z",
        "duration": (end - begin) * 60, **more,
    }  # fmt: skip


ROWS = [
    row("Ann Lee", 30, 40, user_email="ann@x.org"),
    row("Ann at work", 35, 50, user_email="ann@work.org"),
    row("Bo", 30, 35),
    row("Bo", 40, 45),
]


class Desk:
    def __init__(self, evening, database):
        self.evening, self.database = evening, database
        self.decisions, self.audit = Decisions(database), AuditLog(database)
        collecting = replace(evening.collecting, decisions=self.decisions)
        self.deciding = Deciding(collecting, self.decisions, self.audit, evening.zoom.clock.now, "stella")
        self.collect()

    def collect(self, rows=ROWS):
        now = self.evening.zoom.clock.now()
        self.evening.reports.keep(EVENT, KEY, RawReport(PARTICIPANTS, Instance("one==", now), tuple(rows)), now)
        remerge(self.deciding.collecting, EVENT, KEY)

    def lines(self):
        return list(self.evening.reports.attendance(EVENT, KEY))

    def names(self):
        return sorted((one.name, one.seconds // 60) for one in self.lines())

    def id(self, name):
        return next(line_id(one.key) for one in self.lines() if one.name == name)

    def log(self):
        return [(one.who, one.what) for one in self.audit.entries(10)]


@pytest.fixture
def desk(evening, database):
    return Desk(evening, database)


BEFORE = [("Ann Lee", 10), ("Ann at work", 15), ("Bo", 10)]


def test_two_lines_are_merged_kept_and_undone(desk):
    assert desk.names() == BEFORE
    merge_lines(desk.deciding, EVENT, KEY, [desk.id("Ann Lee"), desk.id("Ann at work")], "she told us")
    assert desk.names() == [("Ann at work", 20), ("Bo", 10)]
    merged = next(one for one in desk.lines() if one.name == "Ann at work")
    assert merged.emails == ("ann@work.org", "ann@x.org")
    assert merged.decided
    assert "staff decided" in merged.note
    desk.collect([*ROWS, row("Ann Lee", 50, 55, user_email="ann@x.org")])
    assert desk.names() == [("Ann Lee", 25), ("Bo", 10)] or desk.names() == [("Ann at work", 25), ("Bo", 10)]
    (decision,) = desk.decisions.of(EVENT, KEY)
    assert (decision.who, decision.why, decision.holds) == ("stella", "she told us", True)
    desk.collect()
    undo(desk.deciding, EVENT, KEY, decision.id)
    assert len(desk.lines()) == 3
    assert desk.log() == [("stella", "decision undone"), ("stella", "people merged")]
    assert not desk.decisions.of(EVENT, KEY)[0].holds


def test_a_line_is_split_by_what_its_rows_say_and_merged_again(desk):
    merge_lines(desk.deciding, EVENT, KEY, [desk.id("Ann Lee"), desk.id("Ann at work")])
    one = line(desk.deciding, EVENT, KEY, desk.id("Ann at work"))
    assert [each.mark.email for each in one.rows] == ["ann@x.org", "ann@work.org"]
    split_line(desk.deciding, EVENT, KEY, one.id, [2])
    assert desk.names() == BEFORE
    merge_lines(desk.deciding, EVENT, KEY, [desk.id("Ann Lee"), desk.id("Ann at work")])
    assert len(desk.lines()) == 2


def test_rows_that_say_the_same_are_split_one_by_one(desk):
    one = line(desk.deciding, EVENT, KEY, desk.id("Bo"))
    assert len(one.rows) == 2
    split_line(desk.deciding, EVENT, KEY, one.id, [2])
    assert desk.names() == [("Ann Lee", 10), ("Ann at work", 15), ("Bo", 5), ("Bo", 5)]
    assert len({line.key for line in desk.lines()}) == 4
    desk.collect()
    assert len(desk.lines()) == 4


def test_a_name_and_a_role_are_given_the_latest_holds_and_undoing_brings_the_one_before(desk):
    name_line(desk.deciding, EVENT, KEY, desk.id("Bo"), " Bo  Ray ")
    name_line(desk.deciding, EVENT, KEY, desk.id("Bo Ray"), "Bob Ray")
    give_role(desk.deciding, EVENT, KEY, desk.id("Bob Ray"), "staff")
    (bob,) = (one for one in desk.lines() if one.name == "Bob Ray")
    assert bob.role is Role.STAFF
    undo(desk.deciding, EVENT, KEY, desk.decisions.of(EVENT, KEY)[1].id)
    assert ("Bo Ray", 10) in desk.names()


@pytest.mark.parametrize("ids", [[], ["0" * 12], ["Bo"]])
def test_what_cannot_be_merged_is_refused_and_nothing_is_kept(desk, ids):
    with pytest.raises((UserError, NotInStore)):
        merge_lines(desk.deciding, EVENT, KEY, ids if ids != ["Bo"] else [desk.id("Bo")])
    assert desk.decisions.of(EVENT, KEY) == ()


@pytest.mark.parametrize("rows", [[], [1, 2], [3], [0]])
def test_a_split_leaves_something_on_either_side(desk, rows):
    with pytest.raises(UserError):
        split_line(desk.deciding, EVENT, KEY, desk.id("Bo"), rows)


def test_a_decision_survives_the_erasing_of_its_person_and_tells_nothing_of_it(desk):
    merge_lines(desk.deciding, EVENT, KEY, [desk.id("Ann Lee"), desk.id("Ann at work")], "ann@x.org wrote")
    people = People(desk.database)
    erase_person(people, seek(people, "ann@x.org"), desk.evening.zoom.clock.now())
    remerge(desk.deciding.collecting, EVENT, KEY)
    assert len(desk.lines()) == 2
    assert "ann@x.org" not in repr([(d.these.marks, d.why, d.these.name) for d in desk.decisions.of(EVENT, KEY)])

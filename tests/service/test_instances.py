"""Which of the times that a meeting was held are the session: rehearsals, strays, restarts, series, and staff's word."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_session
from support.front import Front
from zoom_sync.domain.instances import Place
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.report import Collected, Instance, RawReport, ReportState
from zoom_sync.service_layer.collect import due_sessions
from zoom_sync.service_layer.instances import say_what_it_is

EVENT, KEY = "urban-2023", "seminar-1"
WAITING, PARTIAL, COMPLETE, NONE, EXPIRED, FAILED = ReportState
NINE, TEN = datetime(2023, 11, 6, 9, tzinfo=UTC), datetime(2023, 11, 6, 10, tzinfo=UTC)
LIST = "/past_(meetings|webinars)/.+/instances"
DAY = timedelta(days=1)


class Zoom:
    """Instances with their people, questions and answers, served in front of the simulator, each from when it is listed."""

    def __init__(self, desk):
        self.desk, self.held, self.asked = desk, {}, []
        self.front = Front(desk.zoom)
        self.front.answer(LIST, self._list)
        for where in ("report", "past"):
            self.front.answer(rf"/{where}_?/?(meetings|webinars)/.+/participants", self._people)
        self.front.answer("/report/(meetings|webinars)/.+/qa", self._questions)
        self.front.answer("/report/(meetings|webinars)/.+/polls", self._polls)
        self.front.answer("/report/(meetings|webinars)/.+/survey", lambda _: {"survey_answers": []})

    def hold(self, uuid, start, end, people, *, listed=None, told=True):
        """`told`: whether Zoom's list tells when it began."""
        self.held[uuid] = (start, end, people, listed or end, told)

    def _list(self, request):
        now = self.desk.zoom.clock.now()
        rows = [
            {"uuid": uuid, "start_time": f"{start:%Y-%m-%dT%H:%M:%SZ}" if told else ""}
            for uuid, (start, _, _, listed, told) in self.held.items()
            if listed <= now
        ]
        return {("webinars" if "webinars" in request.path else "meetings"): rows}

    def _of(self, request):
        from urllib.parse import unquote

        uuid = unquote(unquote(request.path.split("/")[-2]))
        self.asked.append((request.path.rsplit("/", 1)[1], uuid))
        return self.held[uuid]

    def _people(self, request):
        start, end, people, *_ = self._of(request)
        rows = [
            {
                "id": "", "user_id": str(number), "name": name, "user_email": f"{name.lower()}@example.org",
                "join_time": f"{start:%Y-%m-%dT%H:%M:%SZ}", "leave_time": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "duration": int((end - start).total_seconds()), "status": "in_meeting",
            }
            for number, name in enumerate(people)
        ]  # fmt: skip
        return {"participants": rows, "total_records": len(rows)}

    def _questions(self, request):
        start, _, people, *_ = self._of(request)
        detail = [{"question": f"asked at {start:%d %H:%M}", "create_time": f"{start:%Y-%m-%dT%H:%M:%SZ}"}]
        return {"questions": [{"name": people[0], "question_details": detail}] if people else []}

    def _polls(self, request):
        start, _, people, *_ = self._of(request)
        detail = [{"question": "Well?", "answer": "Yes", "date_time": f"{start:%Y-%m-%dT%H:%M:%SZ}"}]
        return {"questions": [{"name": people[0], "question_details": detail}] if people else []}


@pytest.fixture(params=[Kind.MEETING, Kind.WEBINAR], ids=str)
def zoom(request, desk):
    """A desk with a meeting, or a webinar, from 09:00 to 10:00 UTC."""
    if request.param is Kind.WEBINAR:
        desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
        desk.profiles["plain"] = {"approval_type": 2}
        desk = desk.again()
    desk.load(make_session(start=NINE, minutes=60, kind=request.param))
    desk.apply()
    return Zoom(desk)


def go_to(zoom, moment):
    clock = zoom.desk.zoom.clock
    clock.advance((moment - clock.now()).total_seconds())


def people(zoom, key=KEY):
    return sorted(one.name for one in zoom.desk.reports.attendance(EVENT, key))


def places(zoom, key=KEY):
    return {one.uuid: (one.counts_as, one.people) for one in zoom.desk.reports.instances(EVENT, key)}


def by_the_clock(zoom, until):
    """Collect whatever is due, every ten minutes; answers the states of the participants as they changed."""
    seen = []
    while zoom.desk.zoom.clock.now() < until:
        told = zoom.desk.collect().get((KEY, "participants"))
        if told is not None and (not seen or seen[-1] != (told.state, told.rows)):
            seen.append((told.state, told.rows))
        zoom.desk.pass_time(minutes=10)
    return seen


def test_a_rehearsal_the_day_before_is_not_the_session_that_is_listed_late(zoom):
    zoom.hold("rehearsal==", NINE - DAY, TEN - DAY, ["Hanna", "Helper"])
    zoom.hold("evening==", NINE, TEN + timedelta(minutes=45), ["Hanna", "Ada", "Bo"], listed=TEN + timedelta(hours=2))
    go_to(zoom, TEN + timedelta(minutes=31))
    told = zoom.desk.collect()[KEY, "participants"]
    assert told.state is WAITING
    assert people(zoom) == []
    assert by_the_clock(zoom, TEN + timedelta(hours=6))[-1] == (COMPLETE, 3)
    assert people(zoom) == ["Ada", "Bo", "Hanna"]
    assert places(zoom) == {"rehearsal==": (Place.REHEARSAL, 2), "evening==": (Place.OWN, 3)}
    assert [one.text for one in zoom.desk.reports.questions(EVENT, KEY)] == ["asked at 06 09:00"]
    assert len(list(zoom.desk.reports.polls(EVENT, KEY))) == 1
    assert ("qa", "rehearsal==") not in zoom.asked


def test_a_break_off_and_a_restart_that_is_listed_late_are_one_session_by_the_clock_alone(zoom):
    zoom.hold("first==", NINE - timedelta(minutes=5), NINE + timedelta(minutes=40), ["Hanna", "Ada"])
    zoom.hold("second==", NINE + timedelta(minutes=45), TEN + timedelta(minutes=45), ["Hanna", "Bo"],
              listed=TEN + timedelta(hours=2))  # fmt: skip
    go_to(zoom, TEN + timedelta(minutes=31))
    told = zoom.desk.collect()[KEY, "participants"]
    assert (told.state, told.rows) == (PARTIAL, 2)
    assert "one that was begun again may be listed" in told.reason
    assert by_the_clock(zoom, TEN + timedelta(hours=8))[-1] == (COMPLETE, 4)
    assert people(zoom) == ["Ada", "Bo", "Hanna"]


def test_an_instance_that_is_listed_after_the_report_was_complete_is_found_a_day_later(zoom):
    zoom.hold("first==", NINE, TEN - timedelta(minutes=2), ["Hanna", "Ada"])
    zoom.hold("second==", TEN, TEN + timedelta(minutes=20), ["Bo"], listed=TEN + timedelta(hours=20))
    go_to(zoom, TEN + timedelta(hours=1))
    assert zoom.desk.collect()[KEY, "participants"].state is COMPLETE
    zoom.asked.clear()
    go_to(zoom, TEN + timedelta(hours=23))
    assert zoom.desk.collect() == {}
    go_to(zoom, TEN + DAY)
    told = zoom.desk.collect()
    assert (told[KEY, "participants"].state, told[KEY, "participants"].rows) == (COMPLETE, 3)
    assert len(list(zoom.desk.reports.questions(EVENT, KEY))) == 2
    zoom.asked.clear()
    go_to(zoom, TEN + 5 * DAY)
    assert not any(kind == "participants" for _, kind in zoom.desk.collect() if kind == "participants")


def test_the_last_look_at_the_instances_costs_one_call(zoom):
    zoom.hold("only==", NINE, TEN, ["Hanna", "Ada"])
    go_to(zoom, TEN + timedelta(hours=1))
    zoom.desk.collect()
    zoom.asked.clear()
    go_to(zoom, TEN + DAY)
    assert zoom.desk.collect()[KEY, "participants"].state is COMPLETE
    assert zoom.asked == []
    go_to(zoom, TEN + 2 * DAY)
    assert (KEY, "participants") not in zoom.desk.collect()


def test_a_session_with_a_rehearsal_only_was_not_held_and_says_so(zoom):
    zoom.hold("rehearsal==", NINE - timedelta(hours=3), NINE - timedelta(hours=2), ["Hanna", "Helper"])
    go_to(zoom, TEN + timedelta(hours=1))
    assert zoom.desk.collect()[KEY, "participants"].state is WAITING
    go_to(zoom, TEN + timedelta(hours=7))
    told = zoom.desk.collect()
    reason = "the session was not held: there was a rehearsal only"
    assert (told[KEY, "participants"].state, told[KEY, "participants"].reason) == (NONE, reason)
    assert people(zoom) == []
    assert list(zoom.desk.reports.questions(EVENT, KEY)) == []


def test_a_stray_one_afterwards_counts_nowhere(zoom):
    zoom.hold("evening==", NINE, TEN, ["Hanna", "Ada"])
    zoom.hold("stray==", TEN + timedelta(hours=9), TEN + timedelta(hours=10), ["Cy", "Di", "Ed"])
    go_to(zoom, TEN + timedelta(hours=12))
    assert zoom.desk.collect()[KEY, "participants"].rows == 2
    assert people(zoom) == ["Ada", "Hanna"]
    assert places(zoom) == {"evening==": (Place.OWN, 2), "stray==": (Place.STRAY, 3)}


def test_a_rehearsal_that_ends_shortly_before_is_none_of_the_people_who_gather(zoom):
    zoom.hold("rehearsal==", NINE - timedelta(hours=1), NINE - timedelta(minutes=10), ["Hanna", "Helper"])
    zoom.hold("too_early==", NINE - timedelta(minutes=9), NINE - timedelta(minutes=6), ["Ed"])
    zoom.hold("evening==", NINE - timedelta(minutes=5), TEN, ["Hanna", "Ada"])
    go_to(zoom, TEN + timedelta(hours=1))
    zoom.desk.collect()
    assert people(zoom) == ["Ada", "Ed", "Hanna"]
    assert [uuid for uuid, (place, _) in places(zoom).items() if place is Place.REHEARSAL] == ["rehearsal=="]


def test_one_that_was_opened_the_night_before_and_left_on_is_the_session(zoom):
    zoom.hold("evening==", NINE - timedelta(hours=13), TEN, ["Hanna", "Ada"])
    go_to(zoom, TEN + timedelta(hours=1))
    assert zoom.desk.collect()[KEY, "participants"].state is COMPLETE
    assert places(zoom)["evening=="][0] is Place.OWN


def test_the_rows_tell_when_one_was_whose_start_zoom_leaves_empty(zoom):
    zoom.hold("rehearsal==", NINE - DAY, TEN - DAY, ["Hanna", "Helper"], told=False)
    zoom.hold("evening==", NINE, TEN, ["Hanna", "Ada", "Bo"], told=False)
    go_to(zoom, TEN + timedelta(hours=1))
    told = zoom.desk.collect()[KEY, "participants"]
    assert (told.state, told.rows) == (COMPLETE, 3)
    assert places(zoom) == {"rehearsal==": (Place.REHEARSAL, 2), "evening==": (Place.OWN, 3)}


def test_one_without_a_start_and_without_rows_is_waited_for(zoom):
    zoom.hold("evening==", NINE, TEN, [], told=False)
    go_to(zoom, TEN + timedelta(hours=7))
    told = zoom.desk.collect()[KEY, "participants"]
    assert (told.state, told.reason) == (WAITING, "Zoom says neither when the meeting was held nor who came")


def test_the_rehearsals_of_a_series_count_for_none_and_each_evening_for_its_own(desk):
    week = timedelta(weeks=1)
    desk.load(
        *(make_session(f"s{n}", start=NINE + n * week, minutes=60, meeting_of="s0" if n else None) for n in range(3))
    )
    desk.apply()
    zoom = Zoom(desk)
    for number in range(3):
        zoom.hold(f"evening{number}==", NINE + number * week, TEN + number * week, ["Hanna", f"Guest{number}"])
        zoom.hold(f"rehearsal{number}==", NINE + number * week - DAY, TEN + number * week - DAY, ["Hanna", "Helper"])
    go_to(zoom, TEN + 2 * week + timedelta(hours=1))
    zoom.desk.collect()
    for number in range(3):
        assert people(zoom, f"s{number}") == [f"Guest{number}", "Hanna"]
        own = [one.uuid for one in zoom.desk.reports.instances(EVENT, f"s{number}") if one.counts]
        assert own == [f"evening{number}=="]
    assert sorted(uuid for kind, uuid in zoom.asked if kind == "participants") == sorted(zoom.held)


def test_what_somebody_says_of_an_instance_wins_and_survives_collecting_again(zoom):
    zoom.hold("early==", NINE - timedelta(hours=2), NINE - timedelta(hours=1), ["Hanna", "Cy"])
    zoom.hold("evening==", NINE, TEN, ["Hanna", "Ada"])
    go_to(zoom, TEN + timedelta(hours=1))
    zoom.desk.collect()
    assert people(zoom) == ["Ada", "Hanna"]
    collecting = zoom.desk.collecting
    say_what_it_is(collecting, EVENT, KEY, "early==", Place.OWN, "Stefan")
    assert people(zoom) == ["Ada", "Cy", "Hanna"]
    assert due_sessions(collecting, EVENT, zoom.desk.zoom.clock.now()) == [KEY]
    assert zoom.desk.collect()[KEY, "participants"].rows == 4
    assert len(list(zoom.desk.reports.questions(EVENT, KEY))) == 2
    say_what_it_is(collecting, EVENT, KEY, "evening==", Place.STRAY, "Stefan")
    assert people(zoom) == ["Cy", "Hanna"]
    zoom.desk.collect(KEY)
    assert people(zoom) == ["Cy", "Hanna"]
    say_what_it_is(collecting, EVENT, KEY, "evening==", None, "Stefan")
    say_what_it_is(collecting, EVENT, KEY, "early==", None, "Stefan")
    assert people(zoom) == ["Ada", "Hanna"]


def test_a_report_that_an_earlier_version_held_complete_by_its_rehearsal_is_put_right(zoom):
    zoom.hold("rehearsal==", NINE - DAY, TEN - DAY, ["Hanna", "Helper"])
    go_to(zoom, TEN - DAY + timedelta(hours=1))
    rows = zoom.desk.zoom.reader.participants("rehearsal==", zoom.desk.link().kind).rows
    rehearsal, checked = Instance("rehearsal==", NINE - DAY), TEN + timedelta(minutes=31)
    zoom.desk.reports.keep(EVENT, KEY, RawReport("participants", rehearsal, rows), checked)
    for kind in ("participants", "questions", "polls"):
        zoom.desk.reports.note(EVENT, Collected(KEY, kind, COMPLETE, 2, 2, "", checked))
    zoom.hold("evening==", NINE, TEN + timedelta(minutes=45), ["Hanna", "Ada", "Bo"])
    go_to(zoom, TEN + DAY)
    assert zoom.desk.collect()[KEY, "participants"].rows == 3
    assert people(zoom) == ["Ada", "Bo", "Hanna"]
    assert places(zoom)["rehearsal=="][0] is Place.REHEARSAL

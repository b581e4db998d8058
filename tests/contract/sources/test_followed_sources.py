"""What holds for every place that an event follows: one suite, run with each kind of place."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from homes import HOMES, OLD, home_of

from support.stores import migrated_file
from zoom_sync.adapters.sources.fetching import Fetcher
from zoom_sync.adapters.sources.origins import SourceSpec, Ways, open_source
from zoom_sync.adapters.store.bindings import Bindings
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.event_states import EventStates
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.returning import Returned
from zoom_sync.entrypoints.following import SourcePlace, binding_of, takes_back
from zoom_sync.errors import StoreUnavailable
from zoom_sync.service_layer.following import LEASE, Following, follow_due

START = datetime(2030, 4, 1, tzinfo=UTC)
EVENT = "forum"


class Follower:
    """A worker that follows one source, with a store of its own; nobody has Zoom here."""

    def __init__(self, home, store):
        self.home, self.now, self.meetings = home, START, {}
        database = self.database = Database(f"sqlite:///{store}")
        self.programmes, self.bindings = Programmes(database), Bindings(database)
        self.following = Following(
            self.bindings, self.programmes, Schedule(database), self.open, lambda _: self.wanted(),
            Rhythm(*(timedelta(minutes=minutes) for minutes in (15, 5, 2))), lambda: self.now,
        )  # fmt: skip

    def open(self, spec):
        ways = Ways(lambda name: self.home.variables[name], Fetcher(allow_private=True))
        return SourcePlace(open_source(SourceSpec.of_json(spec), ways))

    def bind(self, *, write_back=False):
        spec = SourceSpec(str(self.home.path), timezone="Europe/Lisbon", event=EVENT)
        self.bindings.bind(binding_of(spec.anywhere(), write_back=write_back))
        self.tick()
        return self

    def tick(self, minutes=16):
        self.now += timedelta(minutes=minutes)
        return follow_due(self.following)

    @property
    def seen(self):
        [binding] = self.bindings.all()
        return binding.seen

    @property
    def titles(self):
        return {one.key: one.title for one in self.programmes.programme(EVENT).sessions}

    def wanted(self):
        return {key: Returned(key, number, f"https://zoom.us/j/{number}?pwd=abc", f"0code{number[:3]}", "Host", "linked")
                for key, number in self.meetings.items()}  # fmt: skip

    def meet(self, **numbers):
        self.meetings = {getattr(self.home, name): number for name, number in numbers.items()}


@pytest.fixture(params=HOMES)
def home(request, tmp_path):
    def database_url(kind):
        return request.getfixturevalue("mariadb_url" if kind == "mariadb" else "postgres_url")

    with home_of(request.param, tmp_path / "home", database_url) as made:
        yield made


@pytest.fixture
def follower(home, tmp_path):
    migrated_file(tmp_path / "store.db")
    return Follower(home, tmp_path / "store.db")


def test_what_changes_there_is_stored_and_what_does_not_is_not(follower, home):
    follower.bind()
    before = follower.titles
    loaded = follower.following.schedule.outlooks()[0].loaded_at
    assert follower.tick() == []
    assert follower.following.schedule.outlooks()[0].loaded_at == loaded
    home.retitle("Floods and what to do")
    assert follower.tick() == [EVENT]
    assert follower.titles == {**before, home.second: "Floods and what to do"}
    assert follower.seen.trouble == ""


@pytest.mark.parametrize("is_archived", [True, False])
def test_the_source_of_an_event_that_is_archived_or_called_off_is_neither_read_nor_written(follower, home, is_archived):
    follower.bind(write_back=True)
    states, before, read = EventStates(follower.database), follower.titles, follower.seen.read_at
    (states.archive if is_archived else states.call_off)(EVENT, follower.now)
    home.retitle("Floods and what to do")
    follower.meet(first="82318930001")
    there = home.meeting_ids() if home.writes else None
    assert follower.tick(60) == []
    assert (follower.titles, follower.seen.read_at, follower.seen.written_at) == (before, read, None)
    assert there is None or home.meeting_ids() == there
    states.restore(EVENT)
    states.hold_again(EVENT, follower.now)
    assert follower.tick(60) == [EVENT]
    assert follower.titles == {**before, home.second: "Floods and what to do"}


def test_it_is_read_at_its_own_rhythm_and_more_often_near_a_session(follower, home):
    follower.bind()
    read = follower.seen.read_at
    follower.tick(14)
    assert follower.seen.read_at == read
    follower.tick(2)
    assert follower.seen.read_at == follower.now
    follower.now = datetime(2030, 5, 6, 7, 30, tzinfo=UTC)
    follower.tick(0)
    follower.tick(3)
    assert follower.seen.read_at == follower.now


def test_a_place_that_is_away_changes_nothing_and_is_told_until_it_is_back(follower, home):
    follower.bind()
    before = follower.titles
    home.go(away=True)
    assert follower.tick() == []
    since = follower.seen.trouble_since
    assert (follower.titles, since) == (before, follower.now)
    assert follower.seen.trouble
    assert "secret-word" not in follower.seen.trouble
    follower.tick()
    assert follower.seen.trouble_since == since
    home.go(away=False)
    follower.tick()
    assert (follower.seen.trouble, follower.seen.trouble_since) == ("", None)


def test_a_place_that_is_suddenly_empty_changes_nothing_and_is_told(follower, home):
    follower.bind()
    before = follower.titles
    home.empty()
    assert follower.tick() == []
    assert follower.titles == before
    assert follower.seen.trouble


def test_half_of_it_is_never_taken_for_the_whole(follower, home):
    follower.bind()
    before = follower.titles
    if not hasattr(home, "half"):
        return  # a database shows a transaction whole or not at all
    whole = home.half()
    assert follower.tick() == []
    assert follower.titles == before
    if whole is not None:
        file = getattr(home, "file", home.path)
        file.write_bytes(whole.replace(OLD.encode(), b"Floods") if OLD.encode() in whole else whole)
        os.utime(file, (file.stat().st_mtime - 60,) * 2)
        follower.tick()
        assert follower.seen.trouble == ""


@pytest.mark.parametrize("title", ["'; DROP TABLE talks_talk; -- {{7*7}} <script>", "Ꮺ" * 150])
def test_hostile_titles_are_titles(follower, home, title):
    if title.startswith("=") and home.__class__.__name__ == "Workbooks":
        return  # there it is a formula, which is not read
    follower.bind()
    home.retitle(title)
    follower.tick()
    assert follower.titles[home.second].rstrip("…")[:20] == title[:20]


def test_meetings_are_written_back_by_themselves_once_and_are_no_news(follower, home):
    if not home.writes:
        return
    follower.bind(write_back=True)
    follower.meet(first="82318937943", second="82318937944")
    follower.tick(1)
    assert home.meeting_ids()[home.first] == "82318937943"
    assert home.meeting_ids()[home.second] == "82318937944"
    settle(home)
    written = follower.seen.written_at
    assert [follower.tick() for _ in range(3)] == [[], [], []]
    assert all(one.known is None for one in follower.programmes.programme(EVENT).sessions)
    follower.meet(first="99999999999", second="82318937944")
    follower.tick(1)
    assert home.meeting_ids()[home.first] == "99999999999"
    assert follower.seen.written_at > written
    assert follower.seen.unwritten == ""


def test_what_somebody_wrote_there_meanwhile_stays_and_is_told(follower, home):
    if not home.writes:
        return
    follower.bind(write_back=True)
    follower.meet(first="82318937943", second="82318937944")
    follower.tick(1)
    home.put("81111111111")
    follower.meet(first="99999999999", second="99999999998")
    follower.tick(1)
    assert home.meeting_ids()[home.first] == "81111111111"
    assert home.meeting_ids()[home.second] == "99999999998"
    assert "somebody else" in follower.seen.unwritten


def test_who_died_after_writing_leaves_nothing_that_looks_like_a_strangers(follower, home, monkeypatch):
    if not home.writes:
        return
    follower.bind(write_back=True)
    follower.meet(first="82318937943", second="82318937944")
    follower.tick(1)

    def dies(*_):
        raise StoreUnavailable("the machine is gone")

    follower.meet(first="99999999999", second="82318937944")
    with monkeypatch.context() as patched:
        patched.setattr(Bindings, "wrote", dies)
        with pytest.raises(StoreUnavailable):
            follower.tick(1)
    assert home.meeting_ids()[home.first] == "99999999999"
    settle(home)
    follower.meet(first="88888888888", second="82318937944")
    follower.tick(LEASE / timedelta(minutes=1) + 1)
    assert home.meeting_ids()[home.first] == "88888888888"
    assert follower.seen.unwritten == ""


def test_two_workers_at_once_read_it_once(follower, home):
    follower.bind()
    [binding] = follower.bindings.all()
    assert follower.bindings.claim(binding, follower.now + LEASE)
    home.retitle("Floods")
    assert follower.tick(1) == []
    assert follower.titles[home.second] != "Floods"
    follower.tick(16)
    assert follower.titles[home.second] == "Floods"


def test_what_takes_nothing_back_says_so(follower, home):
    spec = SourceSpec(str(home.path)).as_json()
    assert takes_back(follower.open(spec).opened) >= home.writes
    if home.writes or home.__class__.__name__ == "OwnJson":
        return
    assert not takes_back(follower.open(spec).opened)


def settle(home):
    """A while passes after a file was written."""
    if hasattr(home, "settle"):
        home.settle()

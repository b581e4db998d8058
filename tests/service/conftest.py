"""The use cases over the real client and a real store, on a simulator in the same process, in virtual time."""

from collections import Counter
from datetime import timedelta

import pytest

from factories import PROFILE, make_programme, make_session
from support.stores import migrated_file
from support.wire import wired
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.drifts import Drifts
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.protocol import Call
from zoom_sync.domain.plan import Policy
from zoom_sync.service_layer.apply import Applying, adopt_meeting, carry_out, start_run
from zoom_sync.service_layer.collect import Collecting, collect_event
from zoom_sync.service_layer.new_passcodes import new_passcode
from zoom_sync.service_layer.sync import Planning, Profiles, plan_event
from zoom_sync.simulator import Simulator

EVENT = "urban-2023"
SETTINGS = {**PROFILE, "alternative_hosts": ""}


class Desk:
    """Somebody who keeps a programme, with everything he works with."""

    asks_policies = False
    exact_lists = False

    def __init__(self, database, **options):
        options = {"start": "2023-11-01T00:00:00Z", "ticking": False, **options}
        self.zoom = wired(Simulator(**options))
        self.control = self.zoom.control
        self.programmes, self.links = Programmes(database), Links(database)
        self.runs, self.reports = Runs(database), Reports(database)
        self.drifts, self.treatments, self.pool = Drifts(database), {}, None
        self.profiles = {"plain": dict(SETTINGS)}

    def again(self):
        """The same desk in a new process: it has no token and does not know Zoom's time."""
        self.zoom = wired(self.zoom.simulator)
        return self

    @property
    def planning(self):
        return Planning(
            self.programmes, self.links, self.zoom.reader, Profiles(self.profiles, "plain", self.exact_lists), self.pool,
            drifts=self.drifts, treatments=self.treatments,
        )  # fmt: skip

    @property
    def applying(self):
        return Applying(
            self.programmes, self.links, self.runs, self.zoom.reader, self.zoom.writer, self.zoom.clock,
            Profiles(self.profiles, "plain", self.exact_lists), new_passcode, timedelta(seconds=30), drifts=self.drifts,
            policies=self.drifts if self.asks_policies else None,
        )  # fmt: skip

    @property
    def collecting(self):
        return Collecting(
            self.programmes, self.links, self.reports, self.zoom.reader, self.zoom.clock, timedelta(minutes=30)
        )

    def load(self, *sessions):
        self.programmes.save(make_programme(*sessions), self.zoom.clock.now())

    def plan(self, *, deep=False, **policy):
        return plan_event(self.planning, EVENT, Policy(**policy), deep=deep).plan

    def plan_of(self, event):
        return plan_event(self.planning, event, Policy()).plan

    def apply(self, **policy):
        """Plan and carry out; answers the items as they ended."""
        run = start_run(self.applying, self.plan(**policy))
        carry_out(self.applying, run, lambda _: None, lambda _until, _items: None)
        return self.runs.items(run)

    def adopt(self, key, meeting_id):
        session = self.programmes.session(EVENT, key)
        return adopt_meeting(self.applying, EVENT, key, str(meeting_id), session.kind)

    def collect(self, *keys):
        return {(one.key, one.kind): one for one in collect_event(self.collecting, EVENT, keys, lambda *_: None)}

    def link(self, key="seminar-1"):
        return self.links.link(EVENT, key)

    def by_hand(self, host=1, **fields):
        """A meeting that somebody made in Zoom's own pages."""
        body = {"topic": "By hand", "start_time": "2023-11-06T12:30:00Z", "duration": 90, **fields}
        return self.control("POST", "meetings", {"host": f"host{host}@example.org", **body})

    def webinar_by_hand(self, host_id, body):
        """A webinar that somebody else made through Zoom's interface."""
        made = self.zoom.exchange.call(
            Call("webinarCreate", Label.LIGHT, "POST", f"/users/{host_id}/webinars", {}, body)
        )
        return made["id"]

    def edit(self, meeting_id, **fields):
        self.control("PATCH", f"meetings/{meeting_id}", fields)

    def run(self, key="seminar-1", **body):
        return self.control("POST", f"meetings/{self.link(key).meeting_id}/run", body)

    def pass_time(self, **how):
        self.zoom.clock.advance(timedelta(**how).total_seconds())

    def calls(self):
        """The calls since it was last asked."""
        counted = Counter((one["operation"] or "token") for one in self.control("GET", "journal")["requests"])
        self.control("DELETE", "journal")
        return dict(counted)


@pytest.fixture
def database(tmp_path):
    database = Database(migrated_file(tmp_path / "store.db"))
    yield database
    database.close()


@pytest.fixture
def make_desk(database):
    def make(**options):
        return Desk(database, **options)

    return make


@pytest.fixture
def desk(make_desk):
    desk = make_desk()
    desk.load(make_session(timezone="Asia/Shanghai"))
    return desk


@pytest.fixture
def evening(desk):
    """A desk whose session has its meeting."""
    desk.apply()
    return desk

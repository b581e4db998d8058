"""Publishing from the store: what is shown, and what calendars have to be told anew."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from factories import make_session
from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.domain.revision import Revision
from zoom_sync.errors import StoreConflict
from zoom_sync.service_layer.publish import Publishing, announce

EVENT = "urban-2023"


@pytest.fixture
def publishing(evening, database):
    return Publishing(evening.programmes, evening.links, Publications(database), evening.zoom.clock)


def sequences(publishing, **options):
    told = announce(publishing, EVENT, public=True, **options)
    return {key: (one.sequence, one.called_off) for key, one in told.revisions.items()}


def test_the_meetings_link_is_told_to_the_public_only(evening, publishing):
    shown, hidden = (announce(publishing, EVENT, public=public).sessions()[0] for public in (True, False))
    assert shown.join_url == evening.link().join_url
    assert (hidden.join_url, hidden.passcode, hidden.meeting_id) == (None, None, evening.link().meeting_id)


def test_publishing_again_and_syncing_again_raise_nothing(evening, publishing):
    first = write_announcement("ics", announce(publishing, EVENT, public=True))
    evening.pass_time(hours=3)
    evening.apply()
    assert sequences(publishing) == {"seminar-1": (0, False)}
    assert write_announcement("ics", announce(publishing, EVENT, public=True)) == first


def test_a_session_that_moves_is_raised_and_one_that_leaves_is_called_off(evening, publishing):
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2"), make_session("seminar-3"))
    assert sequences(publishing) == {"seminar-1": (0, False), "seminar-2": (0, False), "seminar-3": (0, False)}
    start = make_session().start + timedelta(hours=1)
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2", start=start))
    assert sequences(publishing) == {"seminar-1": (0, False), "seminar-2": (1, False), "seminar-3": (1, True)}


@dataclass
class Raced:
    """A store where somebody else publishes first, as often as it is told."""

    inner: Publications
    times: int

    def revisions(self, event):
        return self.inner.revisions(event)

    def keep(self, event, revisions):
        if self.times:
            self.times -= 1
            raise StoreConflict("another process was first")
        self.inner.keep(event, revisions)


@pytest.mark.parametrize("times", [1, 4])
def test_who_comes_second_looks_again(publishing, times):
    raced = replace(publishing, publications=Raced(publishing.publications, times))
    told = announce(raced, EVENT, public=True)
    assert isinstance(told.revisions["seminar-1"], Revision)
    assert told.revisions == publishing.publications.revisions(EVENT)


def test_who_always_comes_second_says_so(publishing):
    with pytest.raises(StoreConflict):
        announce(replace(publishing, publications=Raced(publishing.publications, 99)), EVENT, public=True)

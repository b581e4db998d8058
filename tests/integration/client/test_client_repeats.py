"""What the client sends again, what it never does, and how it waits: the real client, faults of the simulator."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
import urllib3

from support.wire import Wire
from zoom_sync.adapters.zoom.client import LEAD_SECONDS, PLACES, TIMEOUT_SECONDS, TRIES
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import (
    InvalidRequest,
    MissingScope,
    NoProperAnswer,
    NotFound,
    RateLimited,
    StoreConflict,
    Unauthorized,
    Unavailable,
)

LOST = ["drop_before", "drop_after", "error_after", "garbage_after", "half_body_after"]


def fault(zoom, kind, operation, **more):
    zoom.fault(kind=kind, operation=operation, **more)


# --- a creation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOST)
def test_a_creation_whose_answer_is_lost_is_never_sent_again(zoom, create, kind):
    fault(zoom, kind, "meetingCreate")
    with pytest.raises(NoProperAnswer) as raised:
        create()
    assert raised.value.outcome_unknown
    assert zoom.journal()["meetingCreate"] == 1
    assert len(zoom.meetings()) == (0 if kind == "drop_before" else 1)


def test_a_creation_that_zoom_answers_too_late_is_never_sent_again(zoom, create):
    fault(zoom, "delay", "meetingCreate", seconds=60)
    with pytest.raises(NoProperAnswer):
        create()
    assert len(zoom.meetings()) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_creation_that_a_gateway_refused_may_have_been_done(zoom, create, status):
    fault(zoom, "refuse", "meetingCreate", status=status)
    with pytest.raises(NoProperAnswer):
        create()
    assert zoom.journal()["meetingCreate"] == 1


@pytest.mark.parametrize(
    "rule", [{"kind": "rate_limit", "limit": "qps"}, {"kind": "expire_token"}, {"kind": "revoke_token"}]
)
def test_a_creation_that_was_refused_before_anything_was_done_is_sent_again(zoom, create, rule):
    zoom.fault(operation="meetingCreate", **rule)
    sent = []
    made = create(lambda: sent.append(zoom.journal()["meetingCreate"]))
    assert [str(one["id"]) for one in zoom.meetings()] == [made.meeting_id]
    assert sent == [0, 1]


def test_a_creation_that_found_nobody_listening_is_sent_again(zoom, create):
    zoom.reader.users()
    zoom.wire.refuse = TRIES - 1
    create()
    assert len(zoom.meetings()) == 1
    zoom.wire.refuse = TRIES
    with pytest.raises(Unavailable):
        create()
    assert len(zoom.meetings()) == 1


@pytest.mark.parametrize("limit", ["daily", "host", "registrant"])
def test_a_limit_that_lasts_is_not_waited_for(zoom, create, limit):
    fault(zoom, "rate_limit", "meetingCreate", limit=limit)
    with pytest.raises(RateLimited) as raised:
        create()
    assert (raised.value.limit, raised.value.retry_at) == (limit, datetime(2023, 11, 2, tzinfo=UTC))
    assert zoom.journal()["meetingCreate"] == 1


def test_a_used_up_day_that_zoom_told_of_stops_the_next_call_before_it_is_sent(zoom, create):
    fault(zoom, "rate_limit", "meetingCreate", limit="daily")
    for _ in range(2):
        with pytest.raises(RateLimited):
            create()
    assert zoom.journal()["meetingCreate"] == 1
    zoom.clock.advance(86_400)
    create()


@pytest.mark.parametrize("limit", ["host", "registrant"])
def test_a_limit_of_one_host_does_not_stop_the_others(zoom, create, limit):
    fault(zoom, "rate_limit", "meetingCreate", limit=limit)
    with pytest.raises(RateLimited):
        create()
    create()
    assert len(zoom.meetings()) == 1


def test_a_refusal_by_zoom_is_not_repeated(zoom, create):
    fault(zoom, "code_under_200", "meetingCreate", code=300, message="Invalid passcode aB3dE5fG7h.")
    with pytest.raises(InvalidRequest) as raised:
        create()
    assert "aB3dE5fG7h" not in str(raised.value)
    assert zoom.journal()["meetingCreate"] == 1


# --- before each send ----------------------------------------------------------------------------------------------


@pytest.fixture
def places(zoom):
    """When each place is that is reserved, a second from then."""
    zoom.reader.users()
    found = []
    reserve = zoom.governor.reserve

    def remembered(label, now):
        wait = reserve(label, now) + 1
        found.append(zoom.clock.monotonic() + wait)
        return wait

    zoom.governor.reserve = remembered
    return found


@pytest.mark.parametrize("takes", [0.0, LEAD_SECONDS / 2, LEAD_SECONDS])
def test_whoever_is_asked_before_each_send_is_asked_just_before_it(zoom, create, places, takes):
    asked = []

    def ask():
        asked.append((zoom.clock.monotonic(), len(zoom.wire.sent)))
        zoom.clock.advance(takes)

    create(ask)
    [(when, sent)] = asked
    assert sent == len(zoom.wire.sent) - 1
    assert when == pytest.approx(places[0] - LEAD_SECONDS)
    assert zoom.clock.monotonic() == pytest.approx(places[0])


@pytest.mark.parametrize("slow", range(PLACES + 1))
def test_whoever_comes_late_to_its_place_takes_another_but_does_not_wait_for_ever(zoom, create, places, slow):
    asked = []

    def ask():
        asked.append(len(zoom.wire.sent))
        zoom.clock.advance(2.0 if len(asked) <= slow else 0.0)

    create(ask)
    assert asked == [len(zoom.wire.sent) - 1] * min(slow + 1, PLACES)
    late = zoom.clock.monotonic() - places[-1]
    assert late == pytest.approx(0 if slow < PLACES else 2.0 - LEAD_SECONDS)


def test_whoever_is_asked_before_each_send_can_prevent_it(zoom, create):
    def no():
        raise StoreConflict("another run was first")

    with pytest.raises(StoreConflict):
        create(no)
    assert zoom.journal()["meetingCreate"] == 0


@pytest.mark.parametrize("limit", ["per-second", "host"])
def test_a_refusal_of_our_own_is_not_taken_for_one_of_zooms(zoom, create, limit):
    asked = []

    def no():
        asked.append(1)
        raise RateLimited("our own budget", limit=limit)

    with pytest.raises(RateLimited, match="our own"):
        create(no)
    assert asked == [1]
    assert zoom.governor.reserve(zoom.calls[-1][0].label, zoom.clock.now()) < 1


# --- calls that are the same done twice ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("operation", ["meeting", "meetingUpdate", "meetingDelete"])
def test_what_is_the_same_done_twice_is_sent_again_after_a_lost_answer(zoom, create, kind, operation):
    made = create()
    calls = {
        "meeting": lambda: zoom.reader.meeting(made.meeting_id),
        "meetingUpdate": lambda: zoom.writer.update(made.meeting_id, Kind.MEETING, {"topic": "U"}, None, lambda: None),
        "meetingDelete": lambda: zoom.writer.delete(made.meeting_id, Kind.MEETING),
    }
    fault(zoom, kind, operation, times=TRIES - 1)
    calls[operation]()
    if kind == "half_body_after" and operation != "meeting":
        sends = 1  # an answer without a body: half of it is a head that says it was done
    elif kind != "drop_before" and operation == "meetingDelete":
        sends = 2  # the second finds it gone
    else:
        sends = TRIES
    assert zoom.journal()[operation] == sends
    assert [one["topic"] for one in zoom.meetings()] == {"meetingUpdate": ["U"], "meetingDelete": []}.get(
        operation, ["T"]
    )


def test_repeating_has_a_bound_and_the_waits_between_grow(zoom, create):
    made = create()
    zoom.clock.slept.clear()
    fault(zoom, "drop_before", "meeting", times=None)
    with pytest.raises(NoProperAnswer):
        zoom.reader.meeting(made.meeting_id)
    assert zoom.journal()["meeting"] == TRIES
    assert [wait for wait in zoom.clock.slept if wait >= 0.5] == [0.5, 1.0, 2.0]


def test_per_second_refusals_have_a_bound(zoom, create):
    fault(zoom, "rate_limit", "meetingCreate", limit="qps", times=None)
    with pytest.raises(RateLimited):
        create()
    assert zoom.journal()["meetingCreate"] == TRIES


def test_after_a_429_the_row_waits_for_everybody(zoom, create):
    zoom.reader.users()
    fault(zoom, "rate_limit", "meetingCreate", limit="qps")
    zoom.clock.slept.clear()
    create()
    assert sum(zoom.clock.slept) == pytest.approx(1, abs=0.1)


def test_deleting_what_is_gone_is_no_error(zoom, create):
    made = create()
    zoom.control("DELETE", f"meetings/{made.meeting_id}")
    zoom.writer.delete(made.meeting_id, Kind.MEETING)
    with pytest.raises(NotFound):
        zoom.reader.meeting(made.meeting_id)
    with pytest.raises(NotFound):
        zoom.writer.update(made.meeting_id, Kind.MEETING, {"topic": "U"}, None, lambda: None)


# --- tokens in the middle of a call --------------------------------------------------------------------------------


def test_a_token_is_renewed_once_and_not_twice(zoom, create):
    fault(zoom, "revoke_token", "meetingCreate", times=None)
    with pytest.raises(Unauthorized):
        create()
    assert zoom.journal()["token"] == 2
    assert zoom.journal()["meetingCreate"] == 2


def test_a_token_refused_on_the_last_try_is_told_as_that(zoom, create):
    made = create()
    fault(zoom, "drop_before", "meeting", times=TRIES - 1)
    fault(zoom, "revoke_token", "meeting", times=1)
    with pytest.raises(Unauthorized):
        zoom.reader.meeting(made.meeting_id)


def test_a_missing_scope_renews_nothing_and_names_it(zoom):
    zoom.control("POST", "reset", {"scopes": ["meeting:read:meeting:admin"]})
    with pytest.raises(MissingScope) as raised:
        zoom.reader.users()
    assert raised.value.scopes
    assert zoom.journal() == {"token": 1, "users": 1}


def test_a_renewal_that_fails_leaves_no_doubt_about_the_creation(zoom, create):
    zoom.reader.users()
    fault(zoom, "revoke_token", "meetingCreate")
    fault(zoom, "refuse", "token", times=None, status=503)
    with pytest.raises(Unavailable) as raised:
        create()
    assert not raised.value.outcome_unknown
    assert zoom.meetings() == []


def test_a_token_request_that_is_lost_is_repeated(zoom):
    for kind in ("drop_before", "drop_after", "half_body_after"):
        fault(zoom, kind, "token")
    assert zoom.reader.users()
    assert zoom.journal()["token"] == TRIES


# --- the exceptions of a network -----------------------------------------------------------------------------------


class Raising(Wire):
    """A wire on which every request ends in this exception."""

    error: Exception

    def send(self, *_, **__):
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ConnectionError("?"),
        requests.exceptions.ConnectionError(),
        requests.exceptions.ContentDecodingError("?"),
        requests.exceptions.InvalidHeader("?"),
        requests.exceptions.ReadTimeout("?"),
        urllib3.exceptions.DecodeError("?"),
        urllib3.exceptions.ProtocolError("?"),
    ],
)
def test_whatever_breaks_on_the_way_leaves_a_creation_in_doubt(zoom, create, error):
    create()
    broken = Raising(zoom.simulator, zoom.clock)
    broken.error = error
    zoom.exchange._session.mount("http://", broken)
    with pytest.raises(NoProperAnswer) as raised:
        create()
    assert raised.value.__suppress_context__


def test_every_request_has_a_timeout(zoom, create):
    create()
    assert len(zoom.wire.timeouts) == 3
    assert set(zoom.wire.timeouts) == {TIMEOUT_SECONDS}


def test_each_call_and_how_it_ended_is_told(zoom, create):
    fault(zoom, "rate_limit", "meetingCreate", limit="qps")
    create()
    assert [(call.operation, outcome) for call, outcome in zoom.calls] == [
        ("users", "ok"), ("meetingCreate", "RateLimited"), ("meetingCreate", "ok"),
    ]  # fmt: skip


def test_many_creations_stay_under_the_limit_and_use_nearly_all_of_it(zoom, create):
    create()
    began = zoom.clock.monotonic()
    for _ in range(90):
        create()
    assert 0.95 * 30 <= 90 / (zoom.clock.monotonic() - began) < 30
    assert all(outcome == "ok" for _, outcome in zoom.calls)


def test_a_slow_answer_does_not_set_the_clock_back(zoom, create):
    create()
    zoom.fault(kind="delay", seconds=15)
    create()
    assert zoom.clock.offset == timedelta()

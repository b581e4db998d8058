"""The access token: asked for once, renewed early, shared between threads and processes, put right after a refusal."""

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import redis
import responses
from hypothesis import given
from hypothesis import strategies as st

from support.wire import VirtualClock, wired
from zoom_sync.adapters.zoom.auth import Credentials, Token, Tokens
from zoom_sync.adapters.zoom.shared.token_cache import RedisTokenCache
from zoom_sync.errors import Unauthorized, Unavailable, ZoomError

NOW = datetime(2023, 11, 6, tzinfo=UTC)
URL = "https://zoom.test/oauth/token"
CREDENTIALS = Credentials("account", "client", "s3cret-of-the-app")


def asked(zoom):
    return zoom.journal()["token"]


def test_many_threads_that_need_a_token_ask_once(zoom, at_once):
    tokens = at_once(zoom.tokens.token)
    assert len({token.value for token in tokens}) == 1
    assert asked(zoom) == 1


def test_nobody_asks_while_another_thread_is_asking(zoom):
    second, came = threading.Thread(target=zoom.tokens.token), threading.Event()

    def while_asking(_request):
        zoom.wire.before = lambda _request: came.set()
        second.start()
        assert not came.wait(0.1)

    zoom.wire.before = while_asking
    zoom.tokens.token()
    second.join()
    assert asked(zoom) == 1


def test_many_threads_whose_token_was_refused_ask_once_more(zoom, at_once):
    old = zoom.tokens.token()
    tokens = at_once(lambda: zoom.tokens.renewed(old))
    assert {token.value for token in tokens} == {zoom.tokens.token().value}
    assert old.value != zoom.tokens.token().value
    assert asked(zoom) == 2


def test_many_threads_with_wrong_credentials_ask_once_and_again_after_a_while(at_once):
    zoom = wired(changes={"ZOOM_CLIENT_SECRET": "wrong-secret"})
    errors = at_once(zoom.tokens.token)
    assert {type(error) for error in errors} == {Unauthorized}
    assert {str(error).partition(" (")[0] for error in errors} == {
        "Zoom refused the app's credentials: invalid_client: Invalid client_id or client_secret"
    }
    assert asked(zoom) == 1
    zoom.clock.advance(31)
    with pytest.raises(Unauthorized):
        zoom.tokens.token()
    assert asked(zoom) == 2


def test_a_token_is_kept_for_most_of_its_hour_and_renewed_before_it_ends(zoom):
    first = zoom.tokens.token()
    zoom.clock.advance(3600 - 301)
    assert zoom.tokens.token() == first
    zoom.clock.advance(2)
    assert zoom.tokens.token() != first
    assert asked(zoom) == 2


@pytest.mark.parametrize("ahead", [-7200, -3, 0, 3, 7200])
def test_a_machine_whose_clock_is_wrong_keeps_its_token_as_long(ahead):
    zoom = wired()
    zoom.clock.ahead = ahead
    zoom.tokens.token()
    zoom.clock.advance(3200)
    zoom.tokens.token()
    assert asked(zoom) == 1
    zoom.clock.advance(120)
    zoom.tokens.token()
    assert asked(zoom) == 2


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_a_clock_that_jumps_costs_a_token_at_most(zoom, jump):
    zoom.reader.users()
    zoom.clock.ahead += jump
    for _ in range(3):
        assert zoom.reader.users()
    assert asked(zoom) <= 2
    assert abs(zoom.clock.now().timestamp() - zoom.simulator.clock_now) < 3


def test_a_machine_that_slept_past_the_end_of_its_token_goes_on(zoom):
    zoom.reader.users()
    zoom.simulator.advance(7200)
    zoom.clock.ahead -= 7200  # it did not notice
    assert zoom.reader.users()
    assert asked(zoom) == 2


def test_asking_for_the_time_asks_for_a_token_once(zoom, at_once):
    zoom.clock.ahead = 5000
    told = at_once(zoom.reader.server_time)
    assert {abs(one.timestamp() - zoom.simulator.clock_now) < 3 for one in told} == {True}
    zoom.reader.users()
    assert zoom.reader.server_time() == zoom.clock.now()
    assert asked(zoom) == 1


def test_a_token_that_zoom_ends_with_the_next_one_is_lived_with(redis_url):
    """Some accounts seem to have one token at a time; several processes then take each other's."""
    first = wired()
    first.control("POST", "reset", {"single_token": True})
    second = wired(first.simulator)
    for _ in range(2):
        first.reader.users()
        second.reader.users()
    assert asked(first) <= 4


# --- what the endpoint may answer ----------------------------------------------------------------------------------


def tokens(told=lambda _server: None, cache=None, now=lambda: NOW):
    return Tokens(CREDENTIALS, URL, now, told, cache)


def answer(token="t0k", expires=3600, **more):
    return {"access_token": token, "token_type": "bearer", "expires_in": expires, **more}


@responses.activate
def test_the_request_is_the_one_that_zoom_documents(monkeypatch, tmp_path):
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_text("machine zoom.test login other password other\n")
    sent = responses.post(URL, json=answer())
    assert tokens().token().value == "t0k"
    request = sent.calls[0].request
    assert request.headers["Authorization"] == "Basic Y2xpZW50OnMzY3JldC1vZi10aGUtYXBw"
    assert sorted(request.body.split("&")) == ["account_id=account", "grant_type=account_credentials"]
    assert all(part in request.req_kwargs["timeout"] for part in (5.0, 20.0))
    assert request.req_kwargs["proxies"] == {}


@responses.activate
@pytest.mark.parametrize(
    ("named", "scopes"),
    [
        ({"scope": "user:read:list_users:admin meeting:read:meeting:admin"},
         {"user:read:list_users:admin", "meeting:read:meeting:admin"}),
        ({}, None),
        ({"scope": None}, None),
    ],
)  # fmt: skip
def test_the_scopes_that_zoom_grants_are_those_of_a_token_asked_for_now(named, scopes):
    responses.post(URL, json=answer(scope="user:read:list_users:admin"))
    now = responses.post(URL, json=answer(token="next", **named))
    fresh = tokens()
    fresh.token()
    assert fresh.granted_scopes() == scopes
    assert now.call_count == 1
    assert fresh.token().value == "next"


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}, Unauthorized, "Invalid client_id"),
        (401, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}, Unauthorized, "invalid_client"),
        (404, {"reason": "The application is disabled", "error": "invalid_client"}, Unauthorized, "application is disabled"),
        (400, {"reason": "Bad Request", "error": "invalid_request"}, Unauthorized, "Bad Request"),
        (400, {"reason": "unsupported grant type", "error": "unsupported_grant_type"}, Unauthorized, "grant"),
        (400, {"error": ["odd"]}, Unauthorized, "odd"),
        (429, {"error": "too_many"}, Unavailable, "wait"),
        (500, {}, Unavailable, "HTTP 500"),
        (503, "busy", Unavailable, "HTTP 503"),
        (404, "no such page", Unavailable, "HTTP 404"),
        (302, "", Unavailable, "HTTP 302"),
        (200, "<html>", Unavailable, "HTTP 200"),
        (200, [], Unavailable, "HTTP 200"),
        (200, {}, Unavailable, "no token"),
        (200, {"access_token": "t"}, Unavailable, "no token"),
        (200, answer(expires="soon"), Unavailable, "in place of a token"),
        (200, answer(expires=10**30), Unavailable, "no token"),
        (200, answer("bad\r\ntoken"), Unavailable, "no header"),
        (200, answer("tokén"), Unavailable, "no header"),
        (200, answer("two words"), Unavailable, "no header"),
    ],
)  # fmt: skip
def test_every_answer_without_a_token_is_an_error_that_says_so(status, body, kind, words):
    content = {"body": body} if isinstance(body, str) else {"json": body}
    responses.post(URL, status=status, headers={"Location": "https://elsewhere.test/"}, **content)
    with pytest.raises(ZoomError, match=words) as raised:
        tokens().token()
    assert type(raised.value) is kind
    assert not raised.value.outcome_unknown
    assert CREDENTIALS.client_secret not in str(raised.value)
    assert raised.value.__context__ is None or raised.value.__suppress_context__
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize("lifetime", [2, 60, 300, 600, 3599])
def test_a_token_with_a_short_life_is_used_for_at_least_half_of_it(lifetime):
    responses.post(URL, json=answer(expires=lifetime))
    token = tokens().token()
    assert NOW + timedelta(seconds=lifetime / 2) <= token.renew_at < token.ends == NOW + timedelta(seconds=lifetime)


def test_neither_token_nor_secret_shows_when_printed():
    token = Token("t0k3n", NOW, NOW)
    assert "t0k3n" not in f"{token!r}{token}"
    assert CREDENTIALS.client_secret not in f"{CREDENTIALS!r}{CREDENTIALS}"


# --- one token for all processes -----------------------------------------------------------------------------------


@pytest.fixture
def shared(redis_url):
    return redis.Redis.from_url(redis_url)


def cache(client, credentials=CREDENTIALS, now=NOW):
    return RedisTokenCache(client, credentials, lambda: now)


def token(seconds=3600):
    return Token("t0k3n-v4lue", NOW + timedelta(seconds=seconds), NOW + timedelta(seconds=seconds - 300))


def test_a_token_that_one_process_keeps_another_finds(shared, redis_url):
    cache(shared).put(token())
    assert cache(shared).get() == token()
    assert cache(redis.Redis.from_url(redis_url, decode_responses=True)).get() == token()


def test_redis_holds_neither_the_token_nor_the_secret(shared):
    cache(shared).put(token())
    (name,) = shared.keys()
    kept = name + shared.get(name)
    assert b"t0k3n" not in kept
    assert b"s3cret" not in kept
    cache(shared).put(token())
    assert shared.get(name) not in kept  # not twice the same, though the token is


def test_the_value_leaves_redis_when_the_token_ends(shared):
    cache(shared).put(token())
    assert 3_500_000 < shared.pttl(shared.keys()[0]) <= 3_600_000
    cache(shared, now=NOW + timedelta(hours=2)).put(token(seconds=60))
    assert shared.pttl(shared.keys()[0]) > 3_500_000  # one that has ended is not kept


@pytest.mark.parametrize(
    "other", [{"client_secret": "another"}, {"client_id": "another"}, {"account_id": "another"}], ids=str
)
def test_who_has_other_credentials_finds_nothing(shared, other):
    cache(shared).put(token())
    assert cache(shared, replace(CREDENTIALS, **other)).get() is None


def test_a_value_moved_to_another_name_is_not_read(shared):
    cache(shared).put(token())
    (name,) = shared.keys()
    other = replace(CREDENTIALS, client_id="another")
    shared.set(name.replace(b"client", b"another"), shared.get(name))
    assert cache(shared, other).get() is None


class Holding:
    def __init__(self, value):
        self.value = value

    def get(self, _name):
        return self.value


@given(st.binary() | st.text())
def test_whatever_stands_in_redis_is_a_token_or_nothing(value):
    assert cache(Holding(value)).get() is None


def test_a_redis_that_is_away_is_an_empty_cache():
    away = cache(redis.Redis(port=1, retry=None))
    away.put(token())
    assert away.get() is None


def test_processes_that_share_a_redis_use_one_token_and_renew_it_once(shared):
    first = wired()
    clock = VirtualClock(first.simulator)
    kept = RedisTokenCache(shared, CREDENTIALS, clock.now)
    processes = [wired(first.simulator, cache=kept, clock=clock) for _ in range(3)]
    for process in processes:
        process.reader.users()
    assert asked(first) == 1
    first.fault(kind="revoke_token", operation="users")
    for process in processes:
        process.reader.users()
    assert asked(first) == 2
    assert len({process.tokens.token().value for process in processes}) == 1


def test_a_process_that_was_given_a_shared_token_asks_for_one_to_learn_the_time(shared):
    first = wired()
    kept = RedisTokenCache(shared, CREDENTIALS, first.clock.now)
    wired(first.simulator, cache=kept, clock=first.clock).reader.users()
    late = wired(first.simulator, cache=kept, clock=VirtualClock(first.simulator, ahead=-1000))
    assert abs(late.reader.server_time().timestamp() - first.simulator.clock_now) < 3
    assert asked(first) == 2


def test_who_only_reads_the_store_does_not_load_what_signs_in():
    code = "import sys, zoom_sync.bootstrap; print([name for name in sys.modules if name.startswith('authlib')])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"

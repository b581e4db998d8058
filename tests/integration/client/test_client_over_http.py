"""The client on real connections: how many it opens, what it sends, and what it makes of those that fail."""

import socket
import threading
from contextlib import closing

import pytest
import requests
import responses

import zoom_sync
from support.wire import wired
from zoom_sync.adapters.zoom import client
from zoom_sync.adapters.zoom.auth import Credentials, Token, Tokens
from zoom_sync.adapters.zoom.client import Exchange, ZoomReader, ZoomWriter
from zoom_sync.adapters.zoom.clock import ZoomClock
from zoom_sync.adapters.zoom.governor import ProcessGovernor
from zoom_sync.adapters.zoom.limits import RATES, ZoomPlan
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.errors import InvalidRequest, NoProperAnswer, NotFound, Unavailable
from zoom_sync.settings import Settings


class Instantly(ZoomClock):
    """Does not wait: there are no limits here."""

    def sleep(self, seconds):
        """Nothing."""


def exchange_of(url, environment, connections=8):
    clock = Instantly()
    names = ("ACCOUNT_ID", "CLIENT_ID", "CLIENT_SECRET")
    credentials = Credentials(*(environment[f"ZOOM_{name}"] for name in names))
    tokens = Tokens(credentials, environment["ZOOM_OAUTH_URL"], clock.now, clock.told)
    governor = ProcessGovernor(RATES[ZoomPlan.BUSINESS], lambda: 0.0)
    return Exchange(url, tokens, governor, clock, user_agent="zoom_sync/test", connections=connections)


@pytest.fixture
def environment(server):
    environment = server.simulator.environment(server.base_url)
    requests.post(f"{server.base_url}/_simulator/reset", json={"limits": False}, timeout=5)
    return environment


@pytest.fixture
def opened(server):
    """How many connections were opened since the test began."""
    before = server.counts()["connections_opened"]
    return lambda: server.counts()["connections_opened"] - before


def test_calls_one_after_the_other_use_one_connection(environment, opened, fields):
    exchange = exchange_of(environment["ZOOM_API_URL"], environment)
    reader, writer = ZoomReader(exchange, 1), ZoomWriter(exchange)
    host = reader.users()[0]
    for _ in range(20):
        made = writer.create(host.id, Kind.MEETING, fields, Passcode("aB3dE5fG7h"), lambda: None)
        writer.update(made.meeting_id, Kind.MEETING, {"topic": "U"}, None, lambda: None)
        assert reader.meeting(made.meeting_id).topic == "U"
        writer.delete(made.meeting_id, Kind.MEETING)
    assert opened() == 2  # one for the token


def test_threads_open_as_many_connections_as_they_may_and_no_more(environment, opened, at_once):
    reader = ZoomReader(exchange_of(environment["ZOOM_API_URL"], environment, connections=3), 1)
    reader.users()
    assert all(isinstance(users, tuple) for users in at_once(lambda: [reader.users() for _ in range(5)][-1]))
    assert opened() <= 1 + 3


def test_neither_proxies_nor_netrc_of_the_environment_are_used(environment, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert ZoomReader(exchange_of(environment["ZOOM_API_URL"], environment), 1).users()


# --- connections that fail, as the network fails them --------------------------------------------------------------


class Given:
    """Tokens without asking anybody."""

    heard = True

    def token(self):
        return Token("t0k3n", ZoomClock().now(), ZoomClock().now())

    renewed = token


def exchange_at(url):
    clock = Instantly()
    return Exchange(
        url, Given(), ProcessGovernor(RATES[ZoomPlan.BUSINESS], lambda: 0.0), clock, user_agent="zoom_sync/test"
    )


def create_at(url, fields):
    ZoomWriter(exchange_at(url)).create("h", Kind.MEETING, fields, Passcode("aB3dE5fG7h"), lambda: None)


@pytest.fixture
def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def answering():
    """Starts a server that does with each connection what the test says; counts the connections."""
    servers = []

    def start(behave):
        listening = socket.create_server(("127.0.0.1", 0))
        listening.settimeout(20)
        seen = []

        def run():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                seen.append(1)
                with connection:
                    behave(connection)

        thread = threading.Thread(target=run)
        thread.start()
        servers.append((listening, thread))
        return listening.getsockname()[1], seen

    yield start
    for listening, thread in servers:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def test_a_refused_connection_was_never_sent(fields, free_port):
    with pytest.raises(Unavailable):
        create_at(f"http://127.0.0.1:{free_port}/v2", fields)


def test_a_name_that_is_unknown_was_never_sent(fields, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unavailable):
        create_at("http://zoom.invalid/v2", fields)


def test_a_connection_that_takes_too_long_was_never_sent(fields, monkeypatch):
    def slow(*_, **__):
        raise TimeoutError("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", slow)
    with pytest.raises(Unavailable):
        create_at("http://127.0.0.1:9/v2", fields)


def test_a_reset_after_the_request_leaves_it_in_doubt_and_is_not_repeated(fields, answering):
    def reset(connection):
        connection.recv(65536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    port, seen = answering(reset)
    with pytest.raises(NoProperAnswer):
        create_at(f"http://127.0.0.1:{port}/v2", fields)
    assert len(seen) == 1


def test_something_that_does_not_speak_tls_leaves_a_creation_in_doubt(fields, answering):
    """An error of TLS may come before or after the request was sent; only that of a certificate comes before."""
    port, seen = answering(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    with pytest.raises(NoProperAnswer):
        create_at(f"https://127.0.0.1:{port}/v2", fields)
    assert len(seen) == 1


def test_a_certificate_that_is_not_trusted_was_never_sent():
    import ssl

    from urllib3.exceptions import MaxRetryError, SSLError

    broken = ssl.SSLCertVerificationError(1, "certificate verify failed")
    after = ssl.SSLError(1, "decryption failed or bad record mac")
    for cause, never in ((broken, True), (after, False)):
        error = requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(cause)))
        assert client._never_sent(error) is never


@responses.activate
def test_zoom_is_told_which_version_asks_for_a_token_and_for_the_rest(tmp_path):
    responses.post("https://zoom.test/oauth/token", json={"access_token": "t0k3n", "expires_in": 3600})
    responses.get("https://zoom.test/v2/users", json={"users": []})
    zoom = {"ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "c", "ZOOM_CLIENT_SECRET": "s"}
    urls = {"ZOOM_API_URL": "https://zoom.test/v2", "ZOOM_OAUTH_URL": "https://zoom.test/oauth/token"}
    assert Parts(Settings(_env_file=None, ZOOM_SYNC_CONFIG=tmp_path, **zoom, **urls)).reader.users() == ()
    told = [(call.request.path_url.partition("?")[0], call.request.headers["User-Agent"]) for call in responses.calls]
    assert told == [(path, f"zoom_sync/{zoom_sync.version()}") for path in ("/oauth/token", "/v2/users")]


@pytest.mark.parametrize(
    "content",
    [
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 300 + b"\r\n{}",
        b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nnull",
        b"\x00\xff" * 500,
    ],
)
def test_bytes_that_are_no_answer_leave_a_creation_in_doubt_and_are_not_repeated(fields, answering, content):
    def answer(connection):
        connection.recv(65536)
        connection.sendall(content)

    port, seen = answering(answer)
    with pytest.raises(NoProperAnswer):
        create_at(f"http://127.0.0.1:{port}/v2", fields)
    assert len(seen) == 1


# --- the bytes of one exchange -------------------------------------------------------------------------------------


@responses.activate
def test_a_creation_is_one_post_of_json_with_the_token_and_our_name(fields):
    body = {"id": 82318937943, "host_id": "h", "password": "aB3dE5fG7h", "settings": {}, "topic": "T"}
    sent = responses.post("https://zoom.test/v2/users/h/meetings", json=body, status=201)
    writer = ZoomWriter(exchange_at("https://zoom.test/v2/"))
    assert writer.create("h", Kind.MEETING, fields, Passcode("aB3dE5fG7h"), lambda: None).meeting_id == "82318937943"
    request = sent.calls[0].request
    assert request.headers["Authorization"] == "Bearer t0k3n"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["User-Agent"] == "zoom_sync/test"
    assert request.req_kwargs["timeout"] == client.TIMEOUT_SECONDS


@responses.activate
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(fields, status):
    elsewhere = responses.post("https://elsewhere.test/", json={"id": 1, "host_id": "h"})
    also = responses.get("https://elsewhere.test/", json={"id": 1, "host_id": "h"})
    away = {"Location": "https://elsewhere.test/"}
    responses.post("https://zoom.test/v2/users/h/meetings", status=status, headers=away)
    with pytest.raises(InvalidRequest):
        create_at("https://zoom.test/v2", fields)
    assert elsewhere.call_count == also.call_count == 0


def test_a_uuid_reaches_the_server_encoded_as_zoom_reads_it(fields):
    zoom = wired()
    for uuid, path in (("/a==", "%252Fa%253D%253D"), ("a//b", "a%252F%252Fb"), ("a+b/c=", "a%2Bb%2Fc%3D")):
        with pytest.raises(NotFound):
            zoom.reader.participants(uuid)
        assert zoom.wire.sent[-1].path_url.partition("?")[0] == f"/v2/report/meetings/{path}/participants"

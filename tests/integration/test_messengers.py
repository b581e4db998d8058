"""Notifications to services, over real connections to one on this machine."""

import json
import logging
import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from zoom_sync.adapters.notify.messengers import Messengers, services_at
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.notices import Concern, Digest, Notice, Subject
from zoom_sync.errors import ConfigurationError, NotSent
from zoom_sync.settings import Settings, secrets_of

DIGEST = Digest(
    (Notice(Subject.FAILED, "school", "Spring School", Concern("s1", "create", "refused"), "Opening", None),)
)


@contextmanager
def service(answer=200, held=None):
    """A service that takes JSON; answers its port and what it got."""
    got = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            if held:
                held.wait(30)
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1], got
        finally:
            if held:
                held.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def closed_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def test_every_service_is_sent_the_digest_in_words():
    with service() as (port, got):
        channel = Messengers(services_at([f"json://127.0.0.1:{port}/{key}" for key in ("k3y", "0ther")]), "en")
        assert channel.send(DIGEST) == "2 of 2 service(s): JSON"
    assert sorted(path for path, _ in got) == ["/0ther", "/k3y"]
    assert got[0][1]["title"] == "[zoom_sync] failed: 1 - Spring School"
    assert "refused" in got[0][1]["message"]


def test_what_one_service_takes_is_sent_whatever_the_others_do(closed_port):
    with service() as (port, got), service(answer=500) as (broken, _):
        ports = (closed_port, broken, port)
        assert (
            Messengers(services_at([f"json://127.0.0.1:{each}/k3y" for each in ports]), "en")
            .send(DIGEST)
            .startswith("1 of 3")
        )
    assert len(got) == 1


def test_it_fails_where_none_takes_it_and_shows_no_key(closed_port, caplog):
    caplog.set_level(logging.DEBUG, logger="apprise")
    channel = Messengers(services_at([f"json://127.0.0.1:{closed_port}/k3y"]), "en")
    with pytest.raises(NotSent, match="no service took it") as caught:
        channel.send(DIGEST)
    assert "k3y" not in f"{caught.value} {channel!r} {channel.check()} {caplog.text}"


def test_a_service_that_never_answers_is_given_up():
    held = Event()
    with service(held=held) as (port, _), pytest.raises(NotSent, match="no service took it"):
        Messengers(services_at([f"json://127.0.0.1:{port}/k3y"]), "en", seconds=0.2).send(DIGEST)


@pytest.mark.parametrize("address", ["nonsense://x", "slack://too-short", "json://"])
def test_an_address_that_is_none_is_named_by_its_place(address):
    settings = Settings(_env_file=None, ZOOM_SYNC_NOTIFY_ADDRESSES=f"ntfy://topic {address}")
    with pytest.raises(ConfigurationError) as caught:
        _ = Parts(settings).channels
    assert [str(problem) for problem in caught.value.problems] == [
        "ZOOM_SYNC_NOTIFY_ADDRESSES: Apprise does not know address 2 of 2"
    ]


def test_what_is_no_address_at_all_is_told_at_the_start():
    with pytest.raises(ConfigurationError, match="notifications"):
        _ = Parts(Settings(_env_file=None, ZOOM_SYNC_NOTIFY_ADDRESSES="#general")).channels


def test_addresses_are_secrets():
    settings = Settings(_env_file=None, ZOOM_SYNC_NOTIFY_ADDRESSES="ntfy://topic slack://a/b/c")
    assert {"ntfy://topic", "slack://a/b/c"} <= set(secrets_of(settings))
    assert "slack" not in repr(settings)

"""Whoever is asked beside Zoom may dribble for ever: each call is given up when its time in all is over."""

import threading
from contextlib import closing

import pytest

from factories import NOW
from support.dribbler import HANDSHAKE, Dribbler
from support.mailbox import hook_receiver
from zoom_sync.adapters.identity.openid import Begun, Client, OpenID
from zoom_sync.adapters.notify.heartbeat import Heartbeat
from zoom_sync.adapters.notify.hook import Hook
from zoom_sync.adapters.notify.mail import Mail, MailServer
from zoom_sync.adapters.sources.fetching import Fetcher, NotFetched
from zoom_sync.domain.notices import Digest
from zoom_sync.errors import NotSent, SignInRefused

WHOLE = 0.2
HEADER = (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x")
BODY = (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ")
GREETING = (b"220-", b"x")
NOTHING = Digest((), test=True)


def hook(url):
    Hook(url, "secret", "en", "zoom_sync/1", lambda: NOW, seconds=WHOLE).send(NOTHING)


def heartbeat(url):
    Heartbeat(url, "zoom_sync/1", seconds=WHOLE).call()


def provider(url):
    OpenID(Client(url, "us", "secret", "https://here.example/"), seconds=WHOLE).address(Begun("a", "b", "c"))


def source(url):
    # Its caller is let go after a limit of its own; here it is the thread below that has to end.
    before = set(threading.enumerate())
    with pytest.raises(NotFetched, match=r"longer than|does not answer in time|broke off"):
        Fetcher(allow_private=True, most_seconds=WHOLE).fetch(url)
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()
    raise NotSent("and the thread that waited has ended")


def mail(security):
    def send(url):
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        server = MailServer("127.0.0.1", port, security, whole=WHOLE)
        Mail(server, "zoom@example.org", ["a@example.org"], "en", lambda: NOW).send(NOTHING)

    return send


@pytest.mark.parametrize(
    ("call", "scheme", "sent"),
    [
        *((call, "http", HEADER) for call in (hook, heartbeat, provider, source)),
        *((call, "https", HANDSHAKE) for call in (hook, heartbeat, provider, source)),
        (provider, "http", BODY),
        (source, "http", BODY),
        (mail("none"), "http", GREETING),
        (mail("tls"), "http", HANDSHAKE),
    ],
)
def test_a_call_that_is_answered_byte_by_byte_is_given_up(call, scheme, sent):
    with closing(Dribbler(*sent)) as server, pytest.raises((NotSent, SignInRefused)):
        call(server.url.replace("http", scheme, 1))


def test_a_receiver_cannot_make_us_wait_before_the_next_try():
    with hook_receiver("secret") as receiver:
        receiver.answers, receiver.headers = [503], {"Retry-After": "86400"}
        Hook(receiver.url, "secret", "en", "zoom_sync/1", lambda: NOW).send(NOTHING)
    assert receiver.requests == 2

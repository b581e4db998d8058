"""A call is over after its time, however the other side spends it; a process that stops ends what it waits for."""

import threading

import pytest
import requests

from support.dribbler import HANDSHAKE, Dribbler
from zoom_sync.deadline import DeadlineAdapter
from zoom_sync.simulator import Simulator
from zoom_sync.simulator.server import serve_in_background

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture(
    params=[(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), (HEAD + b"Content-Length: 100000\r\n\r\n", b" "), (HEAD + b"\r\n", b" "),
            (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"), (b"", b"")],
    ids=["header", "body of known length", "body until the end", "chunks", "silence"],
)  # fmt: skip
def dribbler(request):
    server = Dribbler(*request.param)
    yield server
    server.close()


def session_of(adapter):
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def test_an_answer_that_never_ends_is_given_up(dribbler):
    with session_of(DeadlineAdapter(0.2)) as session, pytest.raises(requests.exceptions.ReadTimeout):
        session.get(dribbler.url, timeout=(5, 20))


def test_a_handshake_that_never_ends_is_given_up():
    server = Dribbler(*HANDSHAKE)
    with session_of(DeadlineAdapter(0.2)) as session, pytest.raises(requests.exceptions.ReadTimeout):
        session.get(server.url.replace("http:", "https:"), timeout=(5, 20))
    server.close()


def test_a_process_that_stops_waits_for_no_answer(dribbler):
    adapter = DeadlineAdapter(3600)
    threading.Thread(target=lambda: (dribbler.heard.wait(), adapter.cut_all())).start()
    with session_of(adapter) as session, pytest.raises(requests.exceptions.ReadTimeout):
        session.get(dribbler.url, timeout=(5, 3600))


def test_an_answer_in_time_is_read_whole_and_its_connection_used_again():
    server = serve_in_background(Simulator(seed=1))
    try:
        adapter = DeadlineAdapter(20)
        with session_of(adapter) as session:
            for _ in range(3):
                assert session.get(f"{server.base_url}/_simulator/state", timeout=(5, 20)).json()
            assert server.counts()["connections_opened"] == 1
    finally:
        server.shutdown()
        server.server_close()

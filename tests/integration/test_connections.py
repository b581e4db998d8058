"""Connections that send nothing, or half a request: they are given up, and never keep others out."""

import asyncio
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
import uvicorn

from zoom_sync.entrypoints.web import connections
from zoom_sync.entrypoints.web.connections import BoundedProtocol, bounded, most_connections

HALF = [
    b"", b"GET /healthz HTT", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nname=",
]  # fmt: skip


async def echo(scope, receive, send):
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def serve():
    ends = []

    def start(protocol):
        listening = socket.create_server(("127.0.0.1", 0), backlog=200)
        config = uvicorn.Config(echo, **bounded(lifespan="off", http=protocol))
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        ends.append((server, thread, listening))
        return listening.getsockname()

    yield start
    for server, thread, listening in ends:
        server.should_exit = True
        thread.join()
        listening.close()


def connect(address, first):
    connection = socket.create_connection(address)
    connection.settimeout(60)
    connection.sendall(first)
    return connection


def is_closed(connection):
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("first", HALF)
def test_a_request_that_is_not_sent_in_time_is_given_up(serve, first):
    hasty = type("Hasty", (BoundedProtocol,), {"receive_seconds": 0.2})
    with connect(serve(hasty), first) as connection:
        assert is_closed(connection)


def test_many_that_send_nothing_do_not_keep_others_out(serve, monkeypatch):
    monkeypatch.setattr(connections, "most_connections", lambda: 20)
    address = serve(BoundedProtocol)
    idle = [connect(address, HALF[number % len(HALF)]) for number in range(60)]
    try:
        for _ in range(5):
            assert requests.get(f"http://127.0.0.1:{address[1]}/healthz", timeout=60).text == "ok"
        assert is_closed(idle[0])
    finally:
        for each in idle:
            each.close()


def test_a_connection_is_used_again_and_each_request_has_its_time(serve):
    address = serve(BoundedProtocol)
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"
    with connect(address, request) as connection:
        for number in range(3):
            if number:
                connection.sendall(request)
            connection.sendall(b"name")
            answer = b""
            while not answer.endswith(b"ok"):
                answer += connection.recv(1000)


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nContent-Length: 5",
        b"Content-Length: 4, 5",
        b"Content-Length: -4",
        b"Content-Length: 4x",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: chunked, gzip",
    ],
)
def test_a_request_whose_length_contradicts_itself_is_refused(serve, lengths):
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\n" + lengths + b"\r\n\r\nname"
    with connect(serve(BoundedProtocol), request) as connection:
        answer = connection.recv(1000)
        assert answer.split()[1] in {b"400", b"501"}
        assert b"connection: close" in answer.lower()


FEW = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
sys.path[:0] = sys.argv[1:]
import socket, threading, urllib.request, uvicorn
from test_connections import HALF, connect, echo
from zoom_sync.entrypoints.web.connections import bounded
listening = socket.create_server(("127.0.0.1", 0))
server = uvicorn.Server(uvicorn.Config(echo, **bounded(lifespan="off")))
thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
thread.start()
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
server.should_exit = True
thread.join()
"""


def test_with_few_descriptors_a_flood_leaves_room_for_others_and_tells_it_in_a_line():
    here = Path(__file__).parent
    command = [sys.executable, "-c", FEW, str(here), str(here.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        address = "127.0.0.1", int(server.stdout.readline())
        idle = [connect(address, HALF[number % len(HALF)]) for number in range(600)]
        try:
            for _ in range(5):
                assert requests.get(f"http://127.0.0.1:{address[1]}/healthz", timeout=60).text == "ok"
        finally:
            for each in idle:
                each.close()
            said = server.communicate(b"", timeout=60)[1].decode()
    assert "Traceback" not in said
    assert len(said.splitlines()) < 10
    assert server.returncode == 0


def test_a_request_that_is_not_over_when_the_server_has_to_stop_is_one_line_and_no_traceback(caplog):
    """An application that never ends its answer, and a server that waits for nobody."""
    begun = threading.Event()

    async def endless(scope, receive, send):
        begun.set()
        await asyncio.Event().wait()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(endless, **bounded(lifespan="off", timeout_graceful_shutdown=0)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        with connect(listening.getsockname(), b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            assert begun.wait(60)
            server.should_exit = True
            thread.join()
    assert "request_cut_off_at_stop" in caplog.messages
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(("soft", "most"), [(256, 160), (64, 16), (1024, 768), (65536, 1000), (-1, 1000)])
def test_the_bound_leaves_the_process_the_files_that_it_needs(monkeypatch, soft, most):
    monkeypatch.setattr(connections.resource, "getrlimit", lambda _: (soft, soft))
    assert most_connections() == most

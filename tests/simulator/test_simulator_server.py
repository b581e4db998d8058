"""The simulator over HTTP, as a program, and its state file."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from zoom_sync.simulator import Simulator
from zoom_sync.simulator.server import serve_in_background
from zoom_sync.simulator.state_file import load_state, save_state


@pytest.fixture
def server():
    running = serve_in_background(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def session(server):
    known = server.simulator.environment(server.base_url)
    with requests.Session() as opened:
        opened.trust_env = False
        answer = opened.post(
            known["ZOOM_OAUTH_URL"],
            auth=(known["ZOOM_CLIENT_ID"], known["ZOOM_CLIENT_SECRET"]),
            data={"grant_type": "account_credentials", "account_id": known["ZOOM_ACCOUNT_ID"]},
            timeout=10,
        )
        assert answer.json()["api_url"] == server.base_url
        opened.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
        opened.base = known["ZOOM_API_URL"]
        yield opened


def test_meetings_over_http_on_one_connection(session, server):
    made = session.post(f"{session.base}/users/host1@example.org/meetings", json={"topic": "Ä"}, timeout=10)
    path = f"{session.base}/meetings/{made.json()['id']}"

    assert (made.status_code, made.json()["topic"]) == (201, "Ä")
    assert made.headers["Date"] == "Wed, 01 Nov 2023 00:00:00 GMT"
    patched = session.patch(path, json={"topic": "B"}, timeout=10)
    assert (patched.status_code, patched.content) == (204, b"")
    assert session.get(path, timeout=10).json()["topic"] == "B"
    assert session.delete(path, timeout=10).status_code == 204
    assert server.counts()["connections_opened"] == 1


def test_a_dropped_connection_has_no_answer_and_a_half_body_breaks_off(session, server):
    server.simulator.faults.add({"kind": "drop_after", "operation": "users"})
    with pytest.raises(requests.ConnectionError):
        session.get(f"{session.base}/users", timeout=10)

    server.simulator.faults.add({"kind": "half_body_after", "operation": "users"})
    with pytest.raises(requests.RequestException):
        session.get(f"{session.base}/users", timeout=10)

    assert session.get(f"{session.base}/users", timeout=10).status_code == 200


def test_uuids_keep_their_encoding_on_the_way(session, server, encode):
    made = session.post(f"{session.base}/users/host1@example.org/meetings", json={}, timeout=10).json()
    body = {"instances": 12, "minutes": 40, "audience": 3}
    held = requests.post(f"{server.base_url}/_simulator/meetings/{made['id']}/run", json=body, timeout=10)

    for one in held.json()["instances"]:
        answer = session.get(f"{session.base}/past_meetings/{encode(one['uuid'])}", timeout=10)
        assert answer.json()["uuid"] == one["uuid"]


def test_requests_under_way_at_once_are_counted(session, server):
    server.simulator.faults.add({"kind": "delay", "operation": "users", "seconds": 0.2, "times": None})
    threads = [
        threading.Thread(
            target=requests.get, args=(f"{session.base}/users",), kwargs={"headers": session.headers, "timeout": 10}
        )
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counted = requests.get(f"{server.base_url}/_simulator/state", timeout=10).json()["server"]
    assert counted["peak_concurrent_requests"] == 5
    assert counted["connections_opened"] >= 6


def test_a_client_that_hangs_up_harms_nobody(session, server):
    broken = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=10)
    broken.request("GET", "/_simulator/state")
    broken.close()

    assert session.get(f"{session.base}/users", timeout=10).status_code == 200


def test_a_body_in_chunks_is_refused(session):
    answer = session.post(f"{session.base}/users/host1@example.org/meetings", data=iter([b"{}"]), timeout=10)

    assert answer.status_code == 411


def _start(*arguments):
    program = subprocess.Popen(
        [sys.executable, "-m", "zoom_sync.simulator", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    return program, json.loads(program.stdout.readline())


def test_a_terminal_is_told_the_environment_as_a_line_for_the_shell():
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "zoom_sync.simulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as program, os.fdopen(ours, "rb") as terminal:
        os.close(theirs)
        environment = json.loads(program.stdout.readline())
        told = [terminal.readline().decode() for _ in range(2)][1]
        program.terminate()
    shown = subprocess.run(
        ["sh", "-ec", f"{told}\nenv"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {f"{name}={value}" for name, value in environment.items()} <= set(shown)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_tells_the_environment_serves_and_stops_quietly(tmp_path, number):
    state = tmp_path / "deep" / "zoom.json"
    program, known = _start("--seed", "7", "--plan", "business", "--state", str(state))
    base = known["ZOOM_API_URL"].removesuffix("/v2")
    requests.post(f"{base}/_simulator/meetings", json={"host": "host1@example.org", "topic": "Kept"}, timeout=10)
    program.send_signal(number)
    output, errors = program.communicate(timeout=10)

    assert (program.returncode, output, errors) == (0, b"", b"")
    assert set(known) == {
        "ZOOM_API_URL", "ZOOM_OAUTH_URL", "ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET",
        "ZOOM_WEBHOOK_SECRET", "ZOOM_PLAN",
    }  # fmt: skip
    assert known["ZOOM_PLAN"] == "business"
    assert [one["topic"] for one in json.loads(state.read_text())["meetings"]] == ["Kept"]


def test_a_file_that_is_no_state_is_refused_in_one_line(tmp_path):
    state = tmp_path / "zoom.json"
    state.write_text("{}")
    done = subprocess.run(
        [sys.executable, "-m", "zoom_sync.simulator", "--state", str(state)],
        capture_output=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )

    assert done.returncode == 2
    assert b"is not a state of a simulator" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_taken_port_is_told_in_one_line(server):
    done = subprocess.run(
        [sys.executable, "-m", "zoom_sync.simulator", "--port", str(server.server_address[1])],
        capture_output=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )

    assert done.returncode == 2
    assert b"in use" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_restarted_simulator_goes_on(make_zoom, tmp_path):
    first = make_zoom()
    made = first.create(password="807001", settings={"use_pmi": False, "approval_type": 0})
    first.send("POST", f"/meetings/{made['id']}/registrants", {"first_name": "A", "email": "a@example.org"})
    first.run(made["id"], questions=3, polls=1)
    first.advance(1800)
    first.sign_in()
    report = first.get(f"/report/meetings/{made['id']}/participants", page_size=300)
    save_state(first.simulator, tmp_path / "state.json")

    second = make_zoom(seed=99, plan="free")
    load_state(second.simulator, tmp_path / "state.json")
    second.token = first.token

    assert second.env == first.env
    assert second.get(f"/report/meetings/{made['id']}/participants", page_size=300) == report
    seen = second.get(f"/meetings/{made['id']}")
    assert (seen["password"], seen["join_url"]) == ("807001", made["join_url"])
    assert second.control("GET", "clock").json() == first.control("GET", "clock").json()
    assert {**second.create(), "start_url": ""} == {**first.create(), "start_url": ""}


def test_the_hundred_of_a_host_survives_a_restart(make_zoom, tmp_path):
    first = make_zoom()
    for _ in range(100):
        first.advance(0.1)
        first.create()
    save_state(first.simulator, tmp_path / "state.json")
    second = make_zoom()
    load_state(second.simulator, tmp_path / "state.json")
    second.token = first.token

    assert second.send("POST", f"/users/{second.host()}/meetings", {}).status == 429

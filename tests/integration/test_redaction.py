"""The whole line with every log on, once well and once badly: nothing secret or personal leaves the process.

The command line runs as a process of its own against a simulator; what it writes to standard error is searched for
every secret that the simulator knows, and so is every plan.
"""

import json
import os
import re
import subprocess
import sys
from itertools import cycle

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from support.forked import run_command
from zoom_sync.observability import redact
from zoom_sync.simulator import Simulator
from zoom_sync.simulator.server import serve_in_background

START = "2023-11-01T00:00:00Z"
PROGRAMME = """\
event: {key: evening, title: An evening, timezone: Asia/Shanghai}
sessions:
  - {key: one, title: First, start: 2023-11-06T20:30:00, end: 2023-11-06T22:00:00}
  - {key: two, title: Second, start: 2023-11-07T20:30:00, end: 2023-11-07T22:00:00}
"""


class Line:
    """The command line with all logs on, beside a simulator; `said` is everything it wrote to standard error.

    The form of the logs changes from run to run.
    """

    def __init__(self, folder):
        self.server = serve_in_background(Simulator(start=START, ticking=False, seed=7))
        self.simulator = self.server.simulator
        self.base = self.server.base_url
        self.folder = folder
        self.said = ""
        self.forms = cycle(("json", "text"))
        self.results = []
        (folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
        (folder / "config").mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
        self.environment = {
            **kept,
            **self.simulator.environment(self.base),
            "HOME": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'store.db'}",
            "ZOOM_SYNC_CONFIG": str(folder / "config"),
            "ZOOM_SYNC_LOG_LEVEL": "debug",
            "ZOOM_SYNC_SETTLE_SECONDS": "0",
            "PYTHONWARNINGS": "default",
        }

    def control(self, method, path, body=None):
        answer = requests.request(method, f"{self.base}/_simulator/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def run(self, *arguments, expect=0, script=None, **environment):
        form = next(self.forms)
        env = {**self.environment, "ZOOM_SYNC_LOG_FORMAT": form, **environment}
        if script is None:
            done = run_command(arguments, self.folder, env)
        else:
            done = subprocess.run(
                [sys.executable, "-c", script, *arguments],
                env=env, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
        self.said += done.stderr
        logs = [one for one in done.stderr.splitlines() if one.startswith("{")]
        assert all(isinstance(json.loads(one), dict) for one in logs)
        assert form == "json" or not logs
        self.results.append((arguments, done.stdout))
        assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def secrets(self):
        """Everything that must not be seen, as the simulator knows it."""
        world = self.simulator.world
        found = {world.credentials.client_secret, world.credentials.webhook_secret}
        found |= set(world.tokens._tokens)
        found |= {user.email for user in world.users.values()}
        found |= {self.environment["ZOOM_CLIENT_SECRET"]}
        for meeting in self.control("GET", "state")["meetings"]:
            found |= {meeting["password"], meeting["join_url"], str(meeting.get("start_url") or meeting["join_url"])}
            found |= set(re.findall(r"pwd=([\w.-]+)", meeting["join_url"]))
        for instance in world.instances.values():
            found |= {stay.email for stay in instance.stays}
        return {secret for secret in found if secret}

    def assert_clean(self, text):
        assert text
        for secret in self.secrets():
            at = text.find(secret)
            assert at < 0, f"{secret} in: …{text[max(0, at - 300) : at + 100]}…"
        assert not re.search(r"pwd=(?!\*\*\*)|zak=(?!\*\*\*)", text)
        assert not re.search(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", text)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def line(tmp_path):
    made = Line(tmp_path)
    yield made
    made.close()


def test_a_whole_line_that_goes_well_tells_no_secret(line):
    line.run("load", "programme.yaml")
    plans = [line.run("plan", "--format", "json", expect=3)]
    line.run("apply", "--yes", "--format", "json")
    plans.append(line.run("plan", "--deep", "--format", "json"))
    status = json.loads(line.run("status", "--format", "json"))
    for session in status["sessions"]:
        assert session["passcode"]  # a result may hold what it is asked for
        line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 30, "questions": 5})
    line.control("POST", "clock", {"now": "2023-11-08T12:00:00Z"})
    line.run("collect")
    assert "/users/" in line.said  # the libraries did log: there was something to keep quiet about
    assert '{"event"' in line.said or '"level": "debug"' in line.said
    assert len(line.secrets()) > 10
    for text in (line.said, *plans):
        line.assert_clean(text)


def test_a_line_on_which_everything_fails_tells_no_secret(line):
    line.run("load", "programme.yaml")
    line.run("plan", expect=1, ZOOM_CLIENT_SECRET="wr0ng-s3cret-of-nobody")
    talkative = (
        "Refused: passcode of jane.doe@example.org, see https://us02web.zoom.us/j/82318937943?pwd=S3cr3tPwd"
        " or https://us02web.zoom.us/s/82318937943?zak=eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln"
    )
    # Each of the two is refused twice: after a refused passcode another one is tried.
    refusal = {"kind": "code_under_200", "operation": "meetingCreate", "code": 300, "message": talkative, "times": 4}
    line.control("POST", "faults", refusal)
    line.control("POST", "faults", {"kind": "drop_after", "operation": "meetingCreate"})
    line.run("apply", "--yes", expect=1)
    line.control("DELETE", "faults")
    for kind in ("half_body_after", "error_after", "garbage_after", "drop_before"):
        line.control("POST", "faults", {"kind": kind, "method": "GET"})
    line.run("plan", "--deep", expect=3)
    line.run("doctor", expect=1, ZOOM_API_URL="http://127.0.0.1:1/v2")
    line.assert_clean(line.said)
    for secret in ("wr0ng-s3cret", "S3cr3tPwd", "c2ln", "82318937943"):
        assert secret not in line.said
        assert not any(secret in told for _, told in line.results)


UNFORESEEN = """
import logging, os, threading
from zoom_sync.observability import configure_logging, hide
configure_logging("debug", os.environ["ZOOM_SYNC_LOG_FORMAT"])
hide("s3cret-of-the-app")
SECRETS = "jane@example.org https://zoom.us/j/1234567890?pwd=S3cr3tPwd {'password': 'aB3dE5fG7h'} s3cret-of-the-app"

class Printed:
    def __repr__(self):
        return SECRETS

logging.getLogger("lib").debug("%s %r", SECRETS, Printed(), extra={"thing": Printed(), "passcode": "011826", "n": {1: Printed()}})
logging.getLogger("sqlalchemy.engine.Engine").debug("Row %r", ("011826",))
try:
    raise ValueError(SECRETS)
except ValueError:
    logging.getLogger("lib").exception("failed with %s", SECRETS)

def fails(printed):
    raise KeyError(printed)

thread = threading.Thread(target=fails, args=(SECRETS,))
thread.start()
thread.join()
try:
    fails(SECRETS)
except KeyError as error:
    raise RuntimeError(SECRETS) from error
"""


def test_tracebacks_of_exceptions_that_nobody_foresaw_tell_no_secret(line):
    for _ in range(2):
        line.run(expect=1, script=UNFORESEEN)
    assert line.said.count("Traceback") >= 6
    assert "RuntimeError" in line.said
    for secret in ("jane@", "example.org", "S3cr3tPwd", "1234567890", "aB3dE5fG7h", "011826", "s3cret-of-the-app"):
        assert secret not in line.said.replace(UNFORESEEN, "")


# --- what is taken for a secret ------------------------------------------------------------------------------------

SECRET = "S3cr3t-V4lue"


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET}@example.org",
        f"o'{SECRET}@ex-ample.co.uk",
        f"/users/{SECRET}%40example.org/meetings",
        f"https://us02web.zoom.us/j/82318937943?pwd={SECRET}.1",
        f"https://us02web.zoom.us/s/82318937943?zak={SECRET}",
        f"https://us02web.zoom.us/w/82318937943?tk={SECRET}&uuid=x",
        f"GET /x?access_token={SECRET}&a=1",
        f"Authorization: Bearer {SECRET}",
        f"'Authorization': 'Basic {SECRET}=='",
        f"Authorization: {SECRET}",
        f'{{"access_token": "{SECRET}"}}',
        f'{{"password":"{SECRET}","h323_password": "{SECRET}"}}',
        f'"{{\\"password\\": \\"{SECRET}\\"}}"',
        f"{{'client_secret': '{SECRET}'}}",
        f"passcode={SECRET}",
        f"Passcode: {SECRET}",
        f"redis://:{SECRET}@localhost:6379/0",
        f"postgresql://user:{SECRET}@db/zoom_sync",
        f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.{SECRET}",
    ],
)
def test_what_looks_like_a_secret_is_not_told(text):
    assert SECRET not in redact(text)
    assert SECRET not in redact(f"({text}) and <{text}>, '{text}'")


@pytest.mark.parametrize(
    "text",
    [
        "meeting 82318937943 was created for session seminar-1 on host host1",
        "GET /v2/users/KdYKjnimT4KPd8FFgQt9FQ/meetings?type=scheduled&page_size=300 HTTP/1.1",
        "https://developers.zoom.us/docs/api/rate-limits/",
        "the app lacks the scopes meeting:write:meeting, meeting:read:meeting",
        "2023-11-06T12:30:00Z 4 sessions, 15 items, tokens: 1",
    ],
)
def test_what_a_reader_needs_is_told(text):
    assert redact(text) == text


@given(st.dictionaries(st.sampled_from(["event", "email", "password", "join_url", "n"]), st.text() | st.emails()))
def test_a_line_of_json_stays_one(event):
    for line in (json.dumps(event), json.dumps(event, ensure_ascii=False)):
        assert json.loads(redact(line)).keys() == event.keys()
        assert redact(redact(line)) == redact(line)


def test_long_lines_are_read_in_good_time():
    for text in ("a" * 200_000, "a@" * 100_000, "https://" * 20_000, "password" * 20_000, "x/j/" * 50_000):
        redact(text)


def test_registering_people_tells_nobodys_address_or_link(line):
    line.control("POST", "reset", {"start": START, "ticking": False, "seed": 7, "limits": False})
    text = PROGRAMME.replace("sessions:", "defaults: {registration: automatic}\nsessions:")
    (line.folder / "programme.yaml").write_text(text, encoding="utf-8")
    rows = "".join(f"Person {n},person{n}@example.org\n" for n in range(3))
    (line.folder / "guests.csv").write_text("name,email\n" + rows, encoding="utf-8")
    (line.folder / "bad.csv").write_text(f"name,email\n{rows}Bad,{'b' * 130}@example.org\n", encoding="utf-8")
    line.run("load", "programme.yaml")
    line.run("apply", "--yes")
    line.run("registrants", "push", "one", "bad.csv", "--yes", expect=1)
    words = {"code": 300, "message": "No such person1@example.org, see https://us02web.zoom.us/w/823?tk=S3cr3t"}
    for operation in ("addBatchRegistrants", "meetingRegistrantCreate"):
        line.control("POST", "faults", {"kind": "code_under_200", "operation": operation, **words})
    line.run("registrants", "push", "one", "guests.csv", "--yes", expect=1)
    line.run("registrants", "push", "one", "guests.csv", "--yes")
    for fault in ("drop_after", "error_after", "garbage_after"):
        line.control("POST", "faults", {"kind": fault, "operation": "addBatchRegistrants"})
        line.run("registrants", "cancel", "one", *(f"person{n}@example.org" for n in range(3)))
        line.run("registrants", "push", "one", "guests.csv", "--yes", "--anew")
    line.run("registrants", "cancel", "one", "nobody@example.org", expect=1)
    line.run("registrants", "export", "one", "-o", "links.csv")
    line.run("registrants", "list", "one", "--fresh")
    line.assert_clean(line.said)
    ids = [one["id"] for made in line.simulator.world.meetings.values() for one in made.registrants]
    assert len(ids) == 3
    assert not any(one in line.said for one in (*ids, "tk="))

"""The commands as people run them: processes of their own, against a simulator that is one too."""

import json
import os
import signal
import subprocess
import urllib.request

import pytest

from e2e.command import COMMAND, SAMPLE
from support.forked import run_command

# Python 3.13 and later say at the end of a process which connections it closes.
WARNINGS = "error,ignore:unclosed database:ResourceWarning"


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c():
    """Ctrl-C reaches what is started here, in the background too, where a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Line:
    """A folder, its environment, and the commands run in it."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONWARNINGS": WARNINGS, "LANG": "C.UTF-8",
            "DATABASE_URL": f"sqlite:///{folder}/var/store.db",
        }  # fmt: skip

    def start(self, *arguments, env=None, log=subprocess.PIPE):
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, env={**self.env, **(env or {})}, text=True,
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments, code=0, env=None, stdin=None):
        """Run a command to its end; answers it, with `stdout` and `stderr`."""
        ended = run_command(list(map(str, arguments)), self.folder, {**self.env, **(env or {})}, stdin or "")
        assert "Traceback" not in ended.stderr, ended.stderr
        assert ended.returncode == code, (ended.returncode, ended.stdout, ended.stderr)
        return ended

    def out(self, *arguments, **kwargs):
        return self.run(*arguments, **kwargs).stdout

    def err(self, *arguments, **kwargs):
        return self.run(*arguments, **kwargs).stderr

    def json(self, *arguments, **kwargs):
        return json.loads(self.out(*arguments, "--format", "json", **kwargs))

    def control(self, method, path, body=None):
        url = self.env["ZOOM_API_URL"].removesuffix("/v2") + f"/_simulator/{path}"
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def reset(self, **options):
        """Begin Zoom anew."""
        usual = {
            "start": "2023-11-01T00:00:00Z", "ticking": False, "latency": 0, "limits": False, "hosts": 3, "plan": "pro",
        }  # fmt: skip
        self.control("POST", "reset", usual | options)

    def meetings(self):
        return [one for one in self.control("GET", "state")["meetings"] if not one["deleted"]]

    def load(self, *, named=False):
        """Load the announcement; `named`: with the IDs of its meetings, which are not on this account."""
        source = SAMPLE
        if not named:
            lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
            source = self.folder / "announcement.txt"
            without_ids = "".join(line for line in lines if not line.startswith(("Meeting ID:", "Passcode:")))
            source.write_text(without_ids, encoding="utf-8")
        self.run("load", source, "--timezone", "Asia/Shanghai", "--event", "urban-2023")


@pytest.fixture(scope="session")
def simulator():
    """One simulator process for all tests; `line` begins it anew."""
    command = [*COMMAND, "simulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)


def begun_anew(folder, simulator):
    """A line on a simulator whose clock stands some days before the seminar; the programme is not loaded."""
    line = Line(folder)
    line.env |= simulator
    line.reset()
    return line


@pytest.fixture
def line(tmp_path, simulator):
    return begun_anew(tmp_path, simulator)


@pytest.fixture
def bare(tmp_path):
    """A line without any Zoom."""
    return Line(tmp_path)

"""docker-compose.yml as plain processes: its own commands and health checks, its secrets as files, real servers, no engine.

An administrator's way: start, load the seminar, an evening with webhooks, reports, an upgrade, a backup and its restoring.
"""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

import psycopg
import pytest

from e2e.command import ROOT
from servers import ServerMissing, free_port, postgres_server, redis_server

sys.path.append(str(ROOT / "bench"))

from line import wait_for

pytestmark = pytest.mark.timeout(300)
EVENT = "urban-2023"
PROGRAMME = "config/programme.yaml"
OWN = ("web", "worker", "beat")  # in the order in which they are started
# The engine's own places, and where they are here.
SECRETS, CONFIG, NO_HOME = "/run/secrets", "/app/config", "/nonexistent"
QUICK = "\ntick_seconds = 1\nsweep_seconds = 1\nsettle_seconds = 1\n"
YEAR = datetime.now(UTC).year + 1  # the simulator's clock begins with this machine's


class Deployment:
    """A server's folders, and the services of the compose file as processes in them."""

    def __init__(self, folder, redis, postgres):
        self.app, self.secrets, self.tmp = folder / "app", folder / "secrets", folder / "tmp"
        self.redis, self.postgres, self.folder = redis, postgres, folder
        told = subprocess.run(
            ["docker-compose", "--profile", "*", "config", "--format", "json"], cwd=ROOT, check=True, text=True,
            capture_output=True, env=os.environ | {"PATH": PATH},
        )  # fmt: skip
        self.services = json.loads(told.stdout)["services"]
        self.ports = {"8000": str(free_port()), "8090": str(free_port())}
        self.processes = {}
        self.zoom = {}
        self.token = ""
        for made in (self.app / "out", self.app / "config", self.tmp):
            made.mkdir(parents=True)
        for path in (ROOT / "config").iterdir():
            text = path.read_text(encoding="utf-8")
            # The seminar's own meetings are on an account of 2023 and nobody's here: without IDs new ones are made.
            text = re.sub(r"\n    meeting:\n(      .*\n)+", "\n", text) if path.name == "programme.yaml" else text
            (self.app / "config" / path.name).write_text(text.replace("2023-", f"{YEAR}-"), encoding="utf-8")
        with (self.app / "config" / "zoom_sync.toml").open("a", encoding="utf-8") as settings:
            settings.write(QUICK)
        self.before = self.written()

    # --- what an engine does ---

    def here(self, text, name=""):
        """A word of the compose file with the engine's places and ports replaced by ours.

        A container has a /tmp of its own: `name` is the service's.
        """
        text = text.replace("/tmp/alive", str(self.tmp / f"{name}-alive"))
        text = text.replace(SECRETS, str(self.secrets)).replace(CONFIG, str(self.app / "config"))
        text = text.replace("redis://redis:6379/0", self.redis.url)
        for inside, port in self.ports.items():
            text = port if text == inside else text.replace(f":{inside}/", f":{port}/")
            text = text.replace(f"/127.0.0.1/{inside}", f"/127.0.0.1/{port}")
        return text

    def environment(self, name):
        """Nothing of this process's own: what the service, and the image, are given."""
        given = {key: self.here(value, name) for key, value in self.services[name].get("environment", {}).items()}
        image = {"PATH": PATH, "HOME": NO_HOME, "TMPDIR": str(self.tmp), "PYTHONDONTWRITEBYTECODE": "1"}
        zoom = {key: self.zoom[key] for key in ("ZOOM_API_URL", "ZOOM_OAUTH_URL") if key in given}
        return image | given | zoom

    def words(self, name, *command):
        entrypoint = self.services[name]["entrypoint"] or ENTRYPOINT
        return [self.here(word) for word in (*entrypoint, *(command or self.services[name]["command"]))]

    def start(self, name):
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self.words(name), cwd=self.app, env=self.environment(name), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip

    def well(self, name):
        """Whether the service's own health check ends with 0."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        assert kind in ("CMD", "CMD-SHELL")
        words = [self.here(word, name) for word in command]
        done = subprocess.run(
            ["sh", "-c", *words] if kind == "CMD-SHELL" else words, cwd=self.app, env=self.environment(name), capture_output=True,
            check=False,
        )  # fmt: skip
        return done.returncode == 0

    def up(self):
        """Start what does not run, each when what it waits for is well, and wait until all are."""
        for name in OWN:
            for other, how in self.services[name]["depends_on"].items():
                if other in OWN and how["condition"] == "service_healthy":
                    self.wait(lambda other=other: self.well(other))
            self.start(name)
        for name in OWN:
            self.wait(lambda name=name: self.well(name))

    def stop(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(90)

    def children(self, name):
        pid = self.processes[name].pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def down(self):
        """Stop what runs, each before what it waits for; answers how each ended."""
        return {name: self.stop(name) for name in reversed(OWN) if name in self.processes}

    @contextmanager
    def away(self, *names):
        """Stop services for the time of the block."""
        for name in names:
            self.stop(name)
        yield
        for name in reversed(names):
            self.start(name)

    def kill(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes.clear()

    def tool(self, *command, code=0, stdin=""):
        """docker compose run --rm tool …; answers what it wrote."""
        done = subprocess.run(
            self.words("tool", *command), cwd=self.app, env=self.environment("tool"), input=stdin, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
        return done.stdout

    # --- what is seen of it ---

    def use(self, database):
        """Let the secret with the database's address name this one."""
        self.database = database.replace("+psycopg", "")
        path = self.secrets / "database_url"
        path.unlink()  # nobody may write into it
        path.write_text(f"{self.database}\n", encoding="utf-8")

    def rows(self):
        """How many rows each table has, and what is in them."""
        with psycopg.connect(self.database) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            ask = "SELECT count(*), md5(string_agg(one::text, ',' ORDER BY one::text)) FROM {} AS one"
            rows = {name: connection.execute(ask.format(name)).fetchone() for (name,) in names}
            # The versions of contents are new with each restore: whoever kept a public page asks for it anew.
            return {name: row[:1] if name == "event_contents" else row for name, row in rows.items()}

    def written(self):
        """Every file in the folders that an image holds, which are read-only, with its time."""
        return {
            path.relative_to(self.app): path.stat().st_mtime_ns
            for path in self.app.rglob("*")
            if path.is_file() and path.parent.name != "out"
        }

    def get(self, path):
        """Status and text of a page of web, with the token of a script."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['8000']}{path}", headers=bearer)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def status(self):
        return json.loads(self.get(f"/api/events/{EVENT}")[1])

    def report(self, number):
        """How the report of who attended a session stands."""
        return self.status()["sessions"][number]["reports"].get("participants", {"state": ""})

    def evening(self, number):
        """Play a session's evening, deliver what there is to tell of it, and go on by an hour; answers who came.

        A process that runs meanwhile would learn of so great a jump only when it next asks Zoom something.
        """
        meeting = sorted(self.meetings(), key=itemgetter("start_time"))[number]["id"]
        came = self.control("POST", f"meetings/{meeting}/run", {"audience": 12, "questions": 2})
        self.wait(lambda: self.control("GET", "webhooks")["waiting"] == 0 or "web" not in self.processes)
        self.control("POST", "clock", {"advance": 3600})
        return came

    def control(self, method, path, body=None):
        url = self.zoom["ZOOM_API_URL"].removesuffix("/v2") + f"/_simulator/{path}"
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def meetings(self):
        return [one for one in self.control("GET", "state")["meetings"] if not one["deleted"]]

    def said(self):
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def wait(self, what, seconds=90):
        try:
            return wait_for(what, seconds, 0.1)
        except TimeoutError:
            pytest.fail(f"not yet: {what.__doc__ or what.__name__}\n{self.said()[-4000:]}")


PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
ENTRYPOINT = next(
    json.loads(line.removeprefix("ENTRYPOINT "))
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    if line.startswith("ENTRYPOINT ")
)
PAGE = (ROOT / "docs" / "how-to" / "operate.md").read_text(encoding="utf-8")
BEFORE = PAGE.partition("## With containers")[2].partition("```sh\n")[2].partition("docker compose")[0]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The servers and the simulator run; the secrets are written as the page on operating says; nothing of ours is started."""
    with ExitStack() as undone:
        try:
            redis, postgres = undone.enter_context(redis_server()), undone.enter_context(postgres_server())
        except ServerMissing as missing:
            pytest.skip(str(missing))
        house = Deployment(tmp_path_factory.mktemp("server"), redis, postgres)
        undone.callback(house.kill)
        simulator = undone.enter_context(
            subprocess.Popen(house.words("simulator"), stdout=subprocess.PIPE, text=True, env={"PATH": PATH})
        )
        undone.callback(simulator.terminate)
        house.zoom = json.loads(simulator.stdout.readline())
        asked = ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET", "ZOOM_WEBHOOK_SECRET")
        typed = [house.zoom[name] for name in asked]
        subprocess.run(["bash", "-euc", BEFORE], cwd=house.folder, input="\n".join([*typed, ""]), text=True, check=True)
        house.use(undone.enter_context(postgres.database()))
        yield house


@pytest.fixture(scope="module")
def house(installed):
    """The seminar is loaded, its first evening is over, and its reports are collected: the rest by nobody's hand."""
    installed.up()
    installed.tool("load", PROGRAMME)
    installed.tool("account", "add", "ada", "--role", "staff", stdin="read the reports\n")
    installed.token = installed.tool("account", "token", "ada").strip()

    def all_linked():
        return [one["state"] for one in installed.status()["sessions"]] == ["linked"] * 4

    installed.wait(all_linked)
    address = f"http://127.0.0.1:{installed.ports['8000']}/webhooks/zoom"
    installed.control("POST", "webhooks", {"url": address})
    installed.wait(lambda: installed.control("GET", "webhooks")["subscriptions"][0]["state"] == "active")
    with installed.away("beat", "worker"):
        installed.came = installed.evening(0)
    installed.wait(lambda: installed.report(0)["state"] == "complete")
    return installed


def test_every_service_is_well_by_its_own_health_check(house):
    assert {name: house.well(name) for name in (*OWN, "simulator")} == dict.fromkeys((*OWN, "simulator"), True)


def test_each_session_has_one_meeting(house):
    linked = {session["meeting_id"] for session in house.status()["sessions"]}
    assert linked == {str(one["id"]) for one in house.meetings()}
    assert house.control("GET", "state")["counters"]["created"] == len(linked) == 4


def test_signed_webhooks_were_let_in(house):
    counts = json.loads(house.tool("status", "--format", "json"))["webhooks"]["counts"]
    assert counts["new"] > 10
    assert "forged" not in counts


def test_the_doctor_finds_nothing_wrong(house):
    told = house.tool("doctor")
    assert "FAIL" not in told
    for part in ("store: postgresql", "encryption: on", "broker: ", "webhooks: on", "host "):
        assert f"ok   {part}" in told


def test_the_report_that_the_workers_collected_is_downloaded(house):
    status, text = house.get(DOWNLOAD.format("seminar-1"))
    assert status == 200
    assert text.startswith("session,name,email,first_join,last_leave,minutes,share,joins")
    assert len(text.splitlines()) > 12
    assert house.report(0)["rows"] == house.came["participants"]
    house.tool("report", "attendance", "seminar-1", "-o", "out/attendance.csv")
    assert (house.app / "out" / "attendance.csv").read_text(encoding="utf-8").splitlines() == text.splitlines()


DOWNLOAD = f"/events/{EVENT}/sessions/{{}}/downloads/attendance/csv"


def test_nobody_writes_but_into_out_and_the_store(house):
    assert house.written() == house.before
    assert not Path(NO_HOME).exists()


def test_a_log_line_tells_its_message_once_and_without_colours(house):
    lines = [json.loads(line) for line in house.said().splitlines() if line.startswith("{")]
    assert [line for line in lines if "parent process" in line["event"]], [line["event"] for line in lines]
    assert not any("\\u001b" in json.dumps(one) for one in lines)


def test_no_secret_is_in_the_logs(house):
    for path in house.secrets.iterdir():
        assert path.read_text(encoding="utf-8").strip() not in house.said(), path.name
    assert house.token not in house.said()
    assert "Traceback" not in house.said()


def test_what_is_done_all_the_time_is_not_told_each_time(house):
    assert "zoom_sync.v1." not in house.said()


def test_readyz_and_the_health_checks_say_that_redis_is_away(house):
    house.redis.stop()
    try:
        status, text = house.get("/readyz")
        assert (status, json.loads(text)["failing"]) == (503, ["broker"])
        assert not house.well("web")
        assert house.get("/healthz")[0] == 200
        # By the file that each process renews, or takes away, every 20 seconds.
        house.wait(lambda: not house.well("worker"))
        house.wait(lambda: not house.well("beat"))
    finally:
        house.redis.start()
    assert house.get("/readyz")[0] == 200
    for name in OWN:
        house.wait(lambda name=name: house.well(name))


def test_the_health_check_sees_a_stopped_process_of_the_pool(house):
    stopped = house.children("worker")[0]
    os.kill(stopped, signal.SIGSTOP)
    try:
        house.wait(lambda: not house.well("worker"))
    finally:
        os.kill(stopped, signal.SIGCONT)
    house.wait(lambda: house.well("worker"))


def test_the_health_check_sees_a_worker_that_is_stopped(house):
    """What was renewed last is let grow old, as it does by itself in a minute and a half."""
    worker = house.processes["worker"]
    house.wait(lambda: house.well("worker"))
    worker.send_signal(signal.SIGSTOP)
    try:
        alive = house.tmp / "worker-alive"
        os.utime(alive, (alive.stat().st_mtime - 91,) * 2)
        assert not house.well("worker")
    finally:
        worker.send_signal(signal.SIGCONT)
    house.wait(lambda: house.well("worker"))


def test_after_an_upgrade_nothing_is_lost_and_there_is_nothing_to_do(house):
    before, report = house.status()["sessions"], house.get(DOWNLOAD.format("seminar-1"))
    assert house.down() == {"beat": 0, "worker": 0, "web": 0}
    house.redis.restart()  # and with it all that was in the queue
    house.postgres.restart()
    house.evening(1)
    house.up()
    assert house.status()["sessions"][0] == before[0]
    assert house.get(DOWNLOAD.format("seminar-1")) == report
    assert "nothing to do" in house.tool("plan")
    house.wait(lambda: house.report(1)["state"] == "complete")
    assert [session["meeting_id"] for session in house.status()["sessions"]] == [one["meeting_id"] for one in before]
    assert house.control("GET", "state")["counters"]["created"] == 4


def test_an_empty_database_is_given_every_row_of_the_backup(house):
    house.down()
    house.tool("backup", "out/zoom_sync.zip")
    before = house.rows()
    assert before["links"][0] == 4
    with house.postgres.database() as empty:
        house.use(empty)
        assert house.rows() == {}
        house.tool("restore", "out/zoom_sync.zip")
        assert house.rows() == before
        assert "nothing to do" in house.tool("plan")

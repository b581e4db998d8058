"""The compose file on a container engine, from the first start over an upgrade to a restored backup.

It builds the image, needs the images that are named there, and takes minutes: `make engine-test`.
"""

import json
import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif("ENGINE" not in os.environ, reason="needs a container engine and its images: make engine-test"),
    pytest.mark.timeout(1200),
]
ROOT = Path(__file__).parents[2]
COMPOSE = ("docker", "compose")
CONTEXT = ("Dockerfile", ".dockerignore", "docker-compose.yml", "pyproject.toml", "README.md", "LICENSE")
IMAGE = "zoom_sync:engine-test"
# Beside a deployment that may run here: other ports, another name for the image.
BESIDE = f"""\
x-image: &image {{image: "{IMAGE}"}}
services:
  web: {{<<: *image, ports: !override ["127.0.0.1::8000"]}}
  worker: *image
  beat: *image
  tool: *image
  simulator: {{<<: *image, ports: !override ["127.0.0.1::8090"]}}
"""
PROGRAMME = """\
event: {key: school, title: Spring School, timezone: Europe/Lisbon}
sessions:
  - {key: opening, title: Opening, start: 2099-05-10T18:00:00, end: 2099-05-10T19:30:00}
  - {key: closing, title: Closing, start: 2099-05-12T18:00:00, end: 2099-05-12T19:30:00}
"""
OWN = {"web", "worker", "beat"}


class Deployment:
    def __init__(self, folder):
        self.folder = folder
        for name in CONTEXT:
            shutil.copy(ROOT / name, folder / name)
        for name in ("src", "config", "requirements"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "beside.yml").write_text(BESIDE, encoding="utf-8")
        (folder / "config/programme.yaml").write_text(PROGRAMME, encoding="utf-8")
        (folder / "out").mkdir(mode=0o700)
        self.secrets = folder / "secrets"
        self.secrets.mkdir(mode=0o700)
        self.env = {
            **os.environ,
            "ZOOM_API_URL": "http://simulator:8090/v2",
            "ZOOM_OAUTH_URL": "http://simulator:8090/oauth/token",
            "COMPOSE_PROJECT_NAME": "zoom_sync_engine_test",
            "COMPOSE_FILE": "docker-compose.yml:beside.yml",
            "BUILDKIT_PROGRESS": "quiet",
        }

    def run(self, *command, code=0):
        words = list(map(str, command))
        done = subprocess.run(words, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout

    def compose(self, *command, code=0):
        return self.run(*COMPOSE, *command, code=code)

    def tool(self, *command, code=0):
        who = f"{os.getuid()}:{os.getgid()}"
        return self.compose("run", "--no-TTY", "--rm", "--user", who, "tool", *command, code=code)

    def up(self, *more):
        self.compose("up", "--build", "--detach", "--wait", *more)

    def services(self):
        """Each service that runs, and how it is."""
        lines = self.compose("ps", "--format", "json").splitlines()
        return {one["Service"]: one["Health"] for one in map(json.loads, lines)}

    def container(self, service):
        return self.compose("ps", "--quiet", service).strip()

    def in_python(self, service, script, code=0):
        return self.compose("exec", "--no-TTY", service, "python", "-c", script, code=code)

    def meetings(self):
        told = json.loads(self.tool("status", "--event", "school", "--format", "json"))
        return {one["key"]: one["meeting_id"] for one in told["sessions"]}

    def write_secrets(self):
        """As the README says; the credentials are the simulator's."""
        password = secrets.token_hex(24)
        written = {
            "postgres_password": password,
            "database_url": f"postgresql://zoom_sync:{password}@postgres/zoom_sync",
            "zoom_sync_encryption_key": secrets.token_urlsafe(32) + "=",
        }
        self.compose("up", "--build", "--detach", "--wait", "simulator")
        log = self.run("docker", "logs", self.container("simulator"))
        given = json.loads(log.splitlines()[0])
        for name in ("zoom_account_id", "zoom_client_id", "zoom_client_secret", "zoom_webhook_secret"):
            written[name] = given[name.upper()]
        for name, value in written.items():
            (self.secrets / name).write_text(value + "\n", encoding="utf-8")
            (self.secrets / name).chmod(0o444)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    made = Deployment(tmp_path_factory.mktemp("deployment"))
    try:
        made.write_secrets()
        made.up()
        yield made
    finally:
        made.compose("--profile", "*", "down", "--volumes", "--remove-orphans")
        made.run("docker", "image", "rm", "--force", IMAGE)


def test_every_service_is_well_after_the_first_start(deployment):
    assert deployment.services() == dict.fromkeys((*OWN, "postgres", "redis", "simulator"), "healthy")


def test_the_doctor_finds_nothing_wrong(deployment):
    told = deployment.tool("doctor")
    assert "FAIL" not in told
    assert "broker: in redis" in told
    assert "store: postgresql" in told


def test_a_service_is_nobody_and_can_write_nowhere_but_in_tmp(deployment):
    told = deployment.in_python("web", "import os; print(os.getuid(), open('/proc/self/status').read())")
    assert told.startswith("10001 ")
    assert "CapEff:\t0000000000000000" in told
    assert "NoNewPrivs:\t1" in told
    for place in ("/app/x", "/opt/zoom_sync/x", "/app/config/x"):
        deployment.in_python("web", f"open({place!r}, 'w')", code=1)
    deployment.in_python("web", "open('/tmp/x', 'w')")


def test_the_database_is_on_a_network_without_a_way_out(deployment):
    networks = json.loads(deployment.run("docker", "inspect", deployment.container("postgres")))[0]["NetworkSettings"]
    inside = [json.loads(deployment.run("docker", "network", "inspect", name)) for name in networks["Networks"]]
    assert [one[0]["Internal"] for one in inside] == [True]


def test_what_is_loaded_gets_its_meetings_from_the_workers(deployment):
    deployment.tool("load", "config/programme.yaml")
    deployment.tool("apply", "--event", "school", "--yes", "--queue")
    patience = time.monotonic() + 120
    while len(deployment.meetings()) < 2 or not all(deployment.meetings().values()):
        assert time.monotonic() < patience
    deployment.tool("publish", "--event", "school", "--public", "-o", "out")
    assert (deployment.folder / "out/school.ics").exists()


def test_a_worker_that_dies_is_started_again(deployment):
    worker = deployment.container("worker")
    script = "import os; os.kill(min(int(p) for p in os.listdir('/proc') if p.isdigit() and p != '1'), 9)"
    deployment.in_python("worker", script)
    patience = time.monotonic() + 120
    while not json.loads(deployment.run("docker", "inspect", worker))[0]["RestartCount"]:
        assert time.monotonic() < patience
    deployment.up()
    assert deployment.services()["worker"] == "healthy"


def test_an_upgrade_stops_the_workers_before_the_new_web_starts(deployment):
    before, begun = deployment.meetings(), f"{time.time():.0f}"
    (deployment.folder / "src/zoom_sync/_newer.py").write_text('"""A newer version."""\n', encoding="utf-8")
    deployment.up()
    label = "label=com.docker.compose.project=zoom_sync_engine_test"
    shape = '{{.Action}} {{index .Actor.Attributes "com.docker.compose.service"}}'
    told = deployment.run(
        "docker", "events", "--since", begun, "--until", f"{time.time():.0f}", "--filter", label,
        "--filter", "event=die", "--filter", "event=start", "--format", shape,
    )  # fmt: skip
    order = [line.split() for line in told.splitlines()]
    first_start = order.index(["start", "web"])
    assert {service for action, service in order[:first_start] if action == "die"} >= OWN
    assert deployment.meetings() == before


def test_a_backup_is_restored_into_an_empty_place(deployment):
    before = deployment.meetings()
    deployment.tool("backup", "out/before.zip")
    deployment.compose("down", "--volumes")
    assert "postgres" not in deployment.services()
    deployment.tool("restore", "out/before.zip")
    deployment.up()
    assert deployment.meetings() == before

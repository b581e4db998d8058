"""What is for the server holds together: the compose file, the Dockerfile, the page on operating, the command line, the settings."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

import zoom_sync
from zoom_sync.settings import variables
from zoom_sync.simulator.server import _parser

OWN = ("web", "worker", "beat", "tool")
PROGRAMS = Path(sys.executable).parent
# Not ours: uvicorn reads it. https://uvicorn.dev/settings/#http
OTHERS = {"FORWARDED_ALLOW_IPS"}


@pytest.fixture(scope="module")
def compose(root):
    return yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_docker_compose_takes_the_file(root):
    command = [PROGRAMS / "docker-compose", "--profile", "*", "config", "--quiet"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_linter_finds_nothing_in_the_dockerfile(root):
    done = subprocess.run([PROGRAMS / "hadolint", root / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_image_bears_the_version(services):
    assert {services[name]["image"] for name in (*OWN, "simulator")} == {f"zoom_sync:{zoom_sync.__version__}"}


def test_at_an_upgrade_old_workers_are_stopped_before_the_schema_changes(services):
    for name in ("worker", "beat"):
        assert services[name]["depends_on"] == {"web": {"condition": "service_healthy", "restart": True}}


def test_the_page_on_operating_says_how_each_secret_is_written(compose, root):
    text = (root / "docs/how-to/operate.md").read_text(encoding="utf-8")
    unit = (root / "deploy/systemd/zoom-sync@.service").read_text(encoding="utf-8")
    containers, _, units = text.partition("## With containers")[2].partition("## Without containers")
    assert written(containers) == set(compose["secrets"])
    assert written(units) == set(re.findall(r"LoadCredential=(\w+):", unit))
    given = {name.lower() for name in variables() if f"{name}_FILE=" in unit}
    assert given == set(compose["services"]["web"]["secrets"])


def written(text):
    """The files that the first commands of a chapter write."""
    block = text.partition("```sh\n")[2].partition("```")[0]
    (asked,) = re.findall(r"for name in ([\w ]+);", block)
    return {*asked.split(), *re.findall(r"> (?:secrets/)?(\w+)\b(?!/)", block)}


@pytest.fixture
def tool(root, tmp_path):
    """Runs the tool of the units with its places in `tmp_path`."""
    text = (root / "deploy/zoom-sync-tool").read_text(encoding="utf-8")
    for place in ("/etc/zoom_sync", "/var/lib/zoom_sync", "/opt/zoom_sync/bin"):
        assert place in text
        (tmp_path / place[1:]).mkdir(parents=True)
        text = re.sub(rf"(?<![\w.]){place}", str(tmp_path / place[1:]), text)
    text = text.replace("runuser -u zoom_sync --", "env")  # there is no such user here
    (tmp_path / "etc/zoom_sync/secrets").mkdir()
    (tmp_path / "etc/zoom_sync/secrets/database_url").write_text("sqlite:///kept.db\n", encoding="utf-8")

    def run(program, *arguments):
        (tmp_path / "opt/zoom_sync/bin/zoom-sync").symlink_to(program)
        return subprocess.run(
            ["sh", "-s", *arguments],
            input=text,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_tool_of_the_units_runs_a_command_with_their_settings_and_secrets(tool, tmp_path):
    (tmp_path / "etc/zoom_sync/environment").write_text("REDIS_URL=redis://127.0.0.1:1/0\n", encoding="utf-8")
    done = tool(PROGRAMS / "zoom-sync", "doctor")
    assert f"ok   settings: config folder {tmp_path}/etc/zoom_sync" in done.stdout, done.stderr
    assert "FAIL broker" in done.stdout
    assert "ok   webhooks: off" in done.stdout
    assert (tmp_path / "var/lib/zoom_sync/kept.db").stat().st_mode & 0o777 == 0o600


def test_the_tool_of_the_units_reads_their_settings_as_systemd_does(tool, tmp_path):
    lines = (
        "# a remark", "; another", "",
        'ZOOM_SYNC_OIDC_ROLES="zoom-admins=organiser, *=viewer"', "REDIS_URL=rediss://q/0?a=b&c=d",
        "ZOOM_SYNC_SMTP_PASSWORD=p$$s`w`(r)#d;", "  ZOOM_SYNC_SMTP_FROM='two  \"words\"'  ", "SENTRY_DSN=",
        "https_proxy=http://p:1", "ZOOM_PLAN=business",
    )  # fmt: skip
    (tmp_path / "etc/zoom_sync/environment").write_text("\n".join(lines), encoding="utf-8")
    done = tool(shutil.which("env"))
    given = dict(line.split("=", 1) for line in done.stdout.splitlines())
    for name in ("PATH", "PWD", "OLDPWD", "SHLVL", "_"):
        given.pop(name, None)
    assert given == {
        "ZOOM_SYNC_CONFIG": f"{tmp_path}/etc/zoom_sync",
        "DATABASE_URL": "sqlite:///kept.db",
        "ZOOM_SYNC_OIDC_ROLES": "zoom-admins=organiser, *=viewer",
        "REDIS_URL": "rediss://q/0?a=b&c=d",
        "ZOOM_SYNC_SMTP_PASSWORD": "p$$s`w`(r)#d;",
        "ZOOM_SYNC_SMTP_FROM": 'two  "words"',
        "SENTRY_DSN": "",
        "https_proxy": "http://p:1",
        "ZOOM_PLAN": "business",
    }


def test_the_backup_is_as_confined_as_the_processes(root):
    process, backup = (
        (root / "deploy/systemd" / name).read_text(encoding="utf-8").partition("UMask=")[2].splitlines()
        for name in ("zoom-sync@.service", "zoom-sync-backup.service")
    )
    assert process[: len(backup)] == backup
    assert backup[0] == "0077"


def test_every_service_of_the_system_is_there(services):
    assert set(services) >= {"redis", "postgres", "web", "worker", "beat", "simulator"}
    assert services["simulator"]["profiles"] == ["simulator"]


@pytest.mark.parametrize("name", OWN)
def test_the_command_of_a_service_is_one_the_command_line_takes(services, generator, name):
    words, *arguments = services[name]["command"]
    generator.commands()[words].make_context(words, list(arguments))


def test_the_simulators_command_is_one_it_takes(services):
    assert services["simulator"]["entrypoint"] == ["python", "-m", "zoom_sync.simulator"]
    _parser().parse_args(services["simulator"]["command"])


def test_every_variable_is_a_setting(services):
    known = {*variables(), *(f"{name}_FILE" for name in variables())}
    for name, service in services.items():
        for variable in service.get("environment", {}):
            others = variable.startswith("POSTGRES_") if name == "postgres" else variable in OTHERS
            assert variable in known or others, (name, variable)


def test_every_secret_is_a_file_that_is_not_in_the_repository(compose, root):
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    for service in compose["services"].values():
        for variable, value in service.get("environment", {}).items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]
            else:
                assert not re.search(r"PASSWORD|SECRET|CLIENT|ACCOUNT", variable)


def test_every_service_is_pinned_unprivileged_bounded_and_watched(services):
    for name, service in services.items():
        assert re.search(r":\d+\.\d+", service["image"]), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["user"] not in ("root", "0"), name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert name == "tool" or service["healthcheck"]["test"], name


def test_the_python_in_the_health_checks_can_be_compiled(services):
    for name, service in services.items():
        test = service.get("healthcheck", {}).get("test", [])
        if test[1:3] == ["python", "-c"]:
            compile(test[-1], name, "exec")


@pytest.mark.parametrize(("age", "well"), [(0, True), (80, True), (100, False), (None, False)])
@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_service_is_well_while_its_process_renews_its_file(services, tmp_path, name, age, well):
    kind, command = services[name]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    file = tmp_path / "alive"
    if age is not None:
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
    assert services[name]["environment"]["ZOOM_SYNC_ALIVE_PATH"] == "/tmp/alive"
    done = subprocess.run(["sh", "-c", command.replace("/tmp/alive", str(file))], capture_output=True, check=False)
    assert (done.returncode == 0) is well


def test_no_health_check_of_ours_starts_an_interpreter(services):
    checks = {name: " ".join(services[name]["healthcheck"]["test"]) for name in ("web", "worker", "beat")}
    assert {name for name, words in checks.items() if "python" in words or "zoom" in words} == set()


def test_the_network_and_what_is_waited_for_exist(compose):
    for service in compose["services"].values():
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])


def test_nothing_is_published_beyond_this_machine(services):
    for service in services.values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_the_image_is_locked_unprivileged_and_made_from_files_that_exist(root):
    text = (root / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len([line for line in lines if line.startswith("FROM")]) == 2
    assert all(re.search(r"python:3\.\d+\.\d+-", line) for line in lines if line.startswith("FROM"))
    installs = [line for line in lines if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert next(line for line in lines if line.startswith("USER")) == "USER 10001:10001"
    allowed = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY") and "--from" not in line:
            for source in shlex.split(line)[1:-1]:
                assert (root / source).exists(), source
                assert f"!{source}" in allowed, source

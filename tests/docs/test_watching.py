"""The alert rules, the dashboard and the units for systemd name only what exists."""

import json
import re
import shutil
import subprocess

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints.metrics import metrics_text
from zoom_sync.settings import Settings, variables

NAME = re.compile(r"\bzoom_sync_\w+")
SUFFIXES = ("_sum", "_count", "_total", "")


@pytest.fixture(scope="module")
def metrics(tmp_path_factory):
    """The names of all metrics, told by an empty store; and their labels, as the code that makes them names them."""
    folder = tmp_path_factory.mktemp("store")
    text = metrics_text(Parts(Settings(DATABASE_URL=f"sqlite:///{folder}/store.db"))).decode()
    # A counter that another test of this process has used tells when it began, too.
    names = [family.name for family in text_string_to_metric_families(text) if not family.name.endswith("_created")]
    return {name + suffix for name in names for suffix in SUFFIXES}


def test_every_alert_asks_for_a_metric_that_there_is_and_says_what_to_do(root, metrics):
    rules = yaml.safe_load((root / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    for rule in rules:
        assert NAME.findall(rule["expr"]), rule["alert"]
        assert set(NAME.findall(rule["expr"])) <= metrics, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "what_to_do"}


def test_the_dashboard_shows_every_metric_and_no_other(root, metrics):
    dashboard = json.loads((root / "deploy/grafana/zoom_sync.json").read_text(encoding="utf-8"))
    asked = {
        name for panel in dashboard["panels"] for target in panel["targets"] for name in NAME.findall(target["expr"])
    }
    assert asked <= metrics
    families = {name for name in metrics if not name.endswith(SUFFIXES[:-1])} - {"zoom_sync_info"}
    assert families == {re.sub("_(sum|count|total)$", "", name) for name in asked}


def test_the_procfile_and_the_unit_start_commands_that_there_are(root, generator):
    commands = generator.commands()
    for line in (root / "deploy/Procfile").read_text(encoding="utf-8").splitlines():
        name, command = line.split(": ")
        assert command == f"zoom-sync {name}"
        assert name in commands
    unit = (root / "deploy/systemd/zoom-sync@.service").read_text(encoding="utf-8")
    for name in re.findall(r"zoom-sync@(\w+)", unit):
        assert name in commands, name


@pytest.mark.parametrize("name", ["zoom-sync@.service", "zoom-sync-backup.service"])
def test_a_unit_sets_only_what_is_a_setting_and_holds_no_secret(root, name):
    unit = (root / "deploy/systemd" / name).read_text(encoding="utf-8")
    known = {*variables(), *(f"{each}_FILE" for each in variables())}
    told = [pair for line in unit.splitlines() if line.startswith("Environment=") for pair in line[12:].split()]
    assert {pair.split("=")[0] for pair in told} <= known
    assert all(pair.split("=")[1].startswith("%d/") for pair in told if "_FILE=" in pair)
    loaded = re.findall(r"LoadCredential=(\w+):", unit)
    assert {pair.split("%d/")[1] for pair in told if "%d/" in pair} == set(loaded)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here to check the units with")
def test_systemd_takes_the_units(root, tmp_path):
    for path in (root / "deploy/systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/zoom_sync/bin/zoom-sync", "/bin/true")
        (tmp_path / path.name.replace("@.", "@web.")).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if str(tmp_path) in line], done.stderr


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool here to play the stories with")
def test_the_alerts_tell_the_stories_as_they_happen(root, tmp_path):
    shutil.copy(root / "deploy/prometheus/alerts.yml", tmp_path)
    shutil.copy(root / "tests/docs/stories.yml", tmp_path)
    done = subprocess.run(
        ["promtool", "test", "rules", str(tmp_path / "stories.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""The files of config/ are what they say they are."""

import tomllib

import pytest
import yaml
from pydantic import SecretStr

from zoom_sync.settings import (
    BUILT_IN_PROFILE,
    PREFIX,
    Settings,
    load_settings,
    read_host_pool,
    read_profiles,
    secret_variables,
)
from zoom_sync.simulator import meeting_fields, webinars


@pytest.fixture
def sample(root):
    return root / "config" / "zoom_sync.toml"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """None of this machine's own settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields.values():
        monkeypatch.delenv(name.alias, raising=False)


def uncommented(text):
    """The sample with every setting taken out of its comment."""
    lines = [line.removeprefix("# ") for line in text.splitlines() if line.removeprefix("# ").partition(" = ")[1]]
    return "\n".join(lines)


def test_every_setting_stands_in_the_sample_with_its_default(sample):
    told = tomllib.loads(uncommented(sample.read_text(encoding="utf-8")))
    fields = {f.alias: f.default for f in Settings.model_fields.values() if f.annotation is not SecretStr}
    wanted = {
        name.removeprefix(PREFIX).lower(): default
        for name, default in fields.items()
        if (name.startswith(PREFIX) or name == "ZOOM_PLAN") and name not in {"ZOOM_SYNC_CONFIG", *secret_variables()}
    }
    assert told == wanted


def test_the_sample_as_it_is_changes_nothing(root, monkeypatch):
    monkeypatch.setenv("ZOOM_SYNC_CONFIG", str(root / "config"))
    told = load_settings()
    assert told.model_dump(exclude={"config"}) == Settings().model_dump(exclude={"config"})


def test_the_sample_is_taken_when_every_line_is_active(sample, tmp_path, monkeypatch):
    (tmp_path / "zoom_sync.toml").write_text(uncommented(sample.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("ZOOM_SYNC_CONFIG", str(tmp_path))
    assert load_settings().threads == Settings().threads


def test_the_profiles_are_read_and_the_first_is_the_built_in_one(root):
    profiles = read_profiles(root / "config")
    assert list(profiles) == ["public-seminar", "internal", "webinar-with-questions"]
    assert profiles["public-seminar"] == BUILT_IN_PROFILE


@pytest.mark.parametrize("name", ["public-seminar", "internal"])
def test_zoom_knows_the_settings_of_the_meeting_profiles(root, name):
    settings = read_profiles(root / "config")[name]
    assert set(settings) <= set(meeting_fields.SETTINGS)


def test_zoom_knows_the_settings_of_the_webinar_profile(root):
    assert set(read_profiles(root / "config")["webinar-with-questions"]) <= set(webinars.SETTINGS)


def test_the_host_pool_names_nobody(root):
    assert yaml.safe_load((root / "config" / "hosts.yaml").read_text(encoding="utf-8")) is None
    assert read_host_pool(root / "config") is None


def test_the_example_of_a_host_pool_can_be_used(root, tmp_path):
    text = (root / "config" / "hosts.yaml").read_text(encoding="utf-8")
    example = [line.removeprefix("# ") for line in text[text.index("# hosts:") :].splitlines()]
    (tmp_path / "hosts.yaml").write_text("\n".join(example), encoding="utf-8")
    assert [entry["user"] for entry in read_host_pool(tmp_path)] == ["webinars@example.org", "seminars@example.org"]


PROFILES = {"public-seminar": "meeting", "internal": "meeting", "webinar-with-questions": "webinar"}
WEBINARS = """python -c 'import os, urllib.request as u
url = os.environ["ZOOM_API_URL"].removesuffix("/v2") + "/_simulator/reset"
u.urlopen(u.Request(url, b"{\\"webinars\\": true}", {"Content-Type": "application/json"}))'"""


@pytest.mark.parametrize("profile", PROFILES)
def test_a_session_of_each_profile_gets_its_meeting_and_is_then_in_step(shell, tmp_path, profile):
    assert shell(WEBINARS).returncode == 0
    (tmp_path / "one.yaml").write_text(
        f"""
event: {{key: one, title: One, timezone: Europe/Paris}}
defaults: {{profile: {profile}, kind: {PROFILES[profile]}, duration: 60}}
sessions:
  - {{key: first, title: First, start: 2023-12-01T10:00:00}}
""",
        encoding="utf-8",
    )
    done = shell("zoom-sync load one.yaml && zoom-sync apply --yes && zoom-sync plan --deep")
    assert done.returncode == 0, done.stdout + done.stderr

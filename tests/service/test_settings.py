"""Settings: where they come from, and what is said where they are wrong."""

import os
from pathlib import Path

import pytest

from zoom_sync.domain.drift import Group
from zoom_sync.errors import ConfigurationError
from zoom_sync.settings import (
    load_settings,
    notify_flaws,
    read_host_pool,
    read_profiles,
    require_credentials,
    secrets_of,
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith(("ZOOM_", "DATABASE_", "REDIS_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


def told(error):
    return "\n".join([error.value.message, *map(str, error.value.problems)])


def test_without_anything_the_defaults_hold():
    settings = load_settings()
    assert (settings.zoom_plan, settings.threads, settings.config) == ("pro", 4, Path("config"))
    assert not settings.is_simulator
    with pytest.raises(ConfigurationError) as caught:
        require_credentials(settings)
    assert len(caught.value.problems) == 3


def test_the_environment_wins_over_files_and_files_over_the_config(folder, monkeypatch):
    (folder / "zoom_sync.toml").write_text("threads = 2\nsync_minutes = 3\nlog_level = 'info'\n")
    (folder.parent / ".env").write_text("ZOOM_SYNC_THREADS=5\nZOOM_SYNC_SYNC_MINUTES=7\n")
    monkeypatch.setenv("ZOOM_SYNC_THREADS", "9")
    settings = load_settings()
    assert (settings.threads, settings.sync_minutes, settings.log_level) == (9, 7, "info")


def test_a_secret_may_stand_in_a_file(folder, monkeypatch):
    (folder / "secret").write_text("s3cret\n")
    monkeypatch.setenv("ZOOM_CLIENT_SECRET_FILE", str(folder / "secret"))
    settings = load_settings()
    assert settings.zoom_client_secret.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)
    monkeypatch.setenv("ZOOM_CLIENT_SECRET_FILE", str(folder / "none"))
    with pytest.raises(ConfigurationError, match="ZOOM_CLIENT_SECRET_FILE"):
        load_settings()


@pytest.mark.parametrize("blanks", ["", "  ", "\t\n", "\u00a0", "\u3000"])
def test_a_webhook_secret_of_blanks_is_none(monkeypatch, blanks):
    monkeypatch.setenv("ZOOM_WEBHOOK_SECRET", blanks)
    assert load_settings().zoom_webhook_secret.get_secret_value() == ""


def test_all_problems_come_at_once_and_show_no_value(monkeypatch):
    for name, value in {"ZOOM_SYNC_THREADZ": "4", "ZOOM_SYNC_THREADS": "s3cret", "ZOOM_PLAN": "s3cret"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ZOOM_SYNC_CONFIG", "elsewhere")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    for name in ("ZOOM_SYNC_THREADZ", "ZOOM_SYNC_THREADS", "ZOOM_PLAN", "elsewhere"):
        assert name in told(caught)
    assert "s3cret" not in told(caught)


@pytest.mark.parametrize(
    "content", ["threads = 'many'", "zoom_client_secret = 'x'", "encryption_key = 'x'", "threads = ", "nonsense = 1"]
)
def test_a_wrong_file_of_settings(folder, content):
    (folder / "zoom_sync.toml").write_text(content)
    with pytest.raises(ConfigurationError):
        load_settings()


@pytest.mark.parametrize("content", ["profiles: [", "- x", "profiles: {a: 1}", "", "profiles:"])
def test_a_wrong_file_of_profiles(folder, content):
    (folder / "profiles.yaml").write_text(content)
    with pytest.raises(ConfigurationError, match=r"profiles\.yaml"):
        read_profiles(folder)


def test_profiles_are_read_or_built_in(folder):
    assert set(read_profiles(folder)) == {"public-seminar"}
    (folder / "profiles.yaml").write_text("profiles: {a: {waiting_room: true}}")
    assert read_profiles(folder) == {"a": {"waiting_room": True}}


def test_everything_that_is_wrong_with_profiles_is_told_with_its_line(folder):
    (folder / "profiles.yaml").write_text(
        "defaults:\n  audoi: voip\nprofiles:\n  a:\n    waiting_room: 1\n    question_and_answer:\n      enabled: true\n"
        "  b:\n    extends: aa\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        read_profiles(folder)
    assert [(one.line, one.message) for one in caught.value.problems] == [
        (2, "Zoom knows no setting 'audoi'; did you mean `audio`?"),
        (5, "`waiting_room` must be true or false"),
        (7, "Zoom knows no setting 'enabled'; did you mean `enable`?"),
        (9, "there is no profile 'aa'; did you mean `a`?"),
    ]
    assert caught.value.problems[0].source.endswith("profiles.yaml")


def test_profiles_inherit(folder):
    (folder / "profiles.yaml").write_text(
        "{defaults: {audio: voip}, profiles: {a: {waiting_room: true}, b: {extends: a, host_video: true}}}"
    )
    assert read_profiles(folder)["b"] == {"audio": "voip", "waiting_room": True, "host_video": True}


@pytest.mark.parametrize("told", ["repair", "keep", "ask"])
def test_what_is_done_about_edits_on_zoom_is_set_for_each_group(folder, told):
    (folder / "zoom_sync.toml").write_text(f'drift_title = "{told}"\n')
    treatments = load_settings().drift_treatments
    assert treatments[Group.TITLE] == told
    assert {str(treatments[group]) for group in Group if group is not Group.TITLE} == {"repair"}


@pytest.mark.parametrize(
    "content",
    [
        "- user: x", "hosts: {user: x}", "hosts: x", "hosts: [{user: 7}]", "hosts: [x]", "host: []",
        "hosts: [{user: x, capacity: two}]", "hosts: [{user: x, capacity: -1}]", "hosts: [{usr: x}]",
        "hosts: [{user: x, daily_writes: true}]", "hosts: [", "x", b"\xff\xfe", "hosts: [{user: x, capacity: 0}]",
        "hosts: [{user: x, licence: gold}]", "hosts: [{user: x, buffer_after: 1.5}]", "buffer_before: 5",
        "{buffer_before: -5, hosts: [{user: x}]}", "{buffers: 5, hosts: [{user: x}]}",
    ],
)  # fmt: skip
def test_a_wrong_pool_is_never_taken_for_none(folder, content):
    (folder / "hosts.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError, match=r"hosts\.yaml"):
        read_host_pool(folder)


@pytest.mark.parametrize("content", ["", "# nothing yet", "hosts:", "hosts: []"])
def test_an_empty_pool_is_every_licensed_user(folder, content):
    assert read_host_pool(folder) is None
    (folder / "hosts.yaml").write_text(content)
    assert read_host_pool(folder) is None


def test_a_pool_is_read_in_its_order(folder):
    (folder / "hosts.yaml").write_text("hosts: [{user: b}, {user: a, capacity: 2, daily_writes: 50}]")
    assert read_host_pool(folder) == [{"user": "b"}, {"user": "a", "capacity": 2, "daily_writes": 50}]


def test_keys_and_what_is_not_stored_are_lists(monkeypatch):
    monkeypatch.setenv("ZOOM_SYNC_ENCRYPTION_KEY", "ke7one, ke7two,")
    monkeypatch.setenv("ZOOM_SYNC_DO_NOT_STORE", "emails, devices")
    settings = load_settings()
    assert (settings.encryption_keys, settings.not_stored) == (("ke7one", "ke7two"), ("emails", "devices"))
    assert "ke7" not in repr(settings)
    assert {"ke7one", "ke7two"} <= set(secrets_of(settings))


def test_what_cannot_be_left_out_is_said_with_what_can(monkeypatch):
    monkeypatch.setenv("ZOOM_SYNC_DO_NOT_STORE", "emails,phones")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert "knows emails, names, questions, devices, and not phones" in told(caught)


def test_a_hosts_own_buffers_win_over_the_pools(folder):
    (folder / "hosts.yaml").write_text(
        "{buffer_before: 10, buffer_after: 5, hosts: [{user: b, buffer_after: 0}, {user: a, webinar_capacity: 500}]}"
    )
    assert read_host_pool(folder) == [
        {"user": "b", "buffer_before": 10, "buffer_after": 0},
        {"user": "a", "buffer_before": 10, "buffer_after": 5, "webinar_capacity": 500},
    ]


def test_everything_that_is_wrong_with_a_pool_is_told_at_once(folder):
    (folder / "hosts.yaml").write_text("{buffer_before: x, hosts: [{user: b, capacity: 0}, {usr: a}, {user: c, x: 1}]}")
    with pytest.raises(ConfigurationError) as caught:
        read_host_pool(folder)
    assert len(caught.value.problems) == 4


def test_notifications_are_off_and_what_is_set_by_half_is_said_at_once(monkeypatch):
    assert not load_settings().notifies
    told = {
        "ZOOM_SYNC_NOTIFY_MAIL_TO": "a@example.org, nobody", "ZOOM_SYNC_SMTP_PASSWORD": "s3cret",
        "ZOOM_SYNC_SMTP_SECURITY": "none", "ZOOM_SYNC_NOTIFY_URL": "http://elsewhere.example.org/s3cret",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    flaws = "\n".join(map(str, notify_flaws(settings)))
    for part in ("SMTP_HOST", "MAIL_FROM", "not a bare e-mail", "SMTP_USER", "readable", "https://", "NOTIFY_SECRET"):
        assert part in flaws
    assert "s3cret" not in flaws + repr(settings)
    assert "s3cret" in secrets_of(settings)


def test_notifications_that_are_set_right_have_no_flaws(folder, monkeypatch):
    (folder / "password").write_text("s3cret\n")
    told = {
        "ZOOM_SYNC_NOTIFY_MAIL_TO": "a@example.org,b@example.org", "ZOOM_SYNC_NOTIFY_MAIL_FROM": "z@example.org",
        "ZOOM_SYNC_SMTP_HOST": "mail.example.org", "ZOOM_SYNC_SMTP_USER": "z",
        "ZOOM_SYNC_SMTP_PASSWORD_FILE": str(folder / "password"),
        "ZOOM_SYNC_NOTIFY_URL": "https://example.org/in", "ZOOM_SYNC_NOTIFY_SECRET": "k3y",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert notify_flaws(settings) == []
    assert settings.mail_addresses == ("a@example.org", "b@example.org")
    assert settings.smtp_password.get_secret_value() == "s3cret"

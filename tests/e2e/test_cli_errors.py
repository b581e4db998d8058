"""What a user meets when something is wrong: a clear word, the right exit code, never a traceback."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

import zoom_sync
from e2e.command import COMMAND, SAMPLE

GOOD = "event: {{key: {key}, title: T, timezone: UTC}}\nsessions:\n- {{key: s, title: S, start: 2030-01-01T10:00:00, end: 2030-01-01T11:00:00}}\n"


def test_a_source_that_cannot_be_read(bare):
    assert "nowhere.yaml cannot be read: No such file" in bare.err("check", "nowhere.yaml", code=1)
    assert "cannot be read: Is a directory" in bare.err("load", ".", code=1)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"sessions: [", b"[]", b"just words", b"\x00" * 100])
def test_a_source_that_is_no_programme(bare, content):
    (bare.folder / "odd.yaml").write_bytes(content)
    for command in ("check", "load"):
        ended = bare.run(command, "odd.yaml", code=1)
        assert ended.stdout + ended.stderr
    assert not (bare.folder / "var" / "store.db").exists()


def test_all_problems_of_a_programme_come_at_once_and_nothing_is_stored(bare):
    (bare.folder / "p.yaml").write_text(
        "event: {key: e, title: T, timezone: Mars/Olympus}\n"
        "sessions:\n"
        "- {key: a, title: A, start: 2030-01-01T10:00:00, end: 2030-01-01T09:00:00}\n"
        "- {key: a, title: '', start: nonsense, end: 2030-01-01T09:00:00}\n"
    )
    told = bare.json("check", "p.yaml", code=1)
    assert len(told["problems"]) >= 3
    assert all(set(problem) >= {"line", "message"} for problem in told["problems"])
    said = bare.err("load", "p.yaml", code=1)
    assert said.count("\n") > 3
    assert not (bare.folder / "var" / "store.db").exists()


def test_standard_input_is_a_source(bare):
    assert "1 session," in bare.out("check", "-", stdin=GOOD.format(key="e"))


def test_an_empty_store_says_what_to_do(line):
    for command in ("plan", "apply", "status", "collect"):
        assert "zoom-sync load SOURCE" in line.err(command, code=1)
    assert line.out("runs") == "no run yet\n"
    assert "no orphans" in line.out("orphans")
    assert line.json("runs") == []


def test_several_events_need_a_choice(bare):
    for key in ("one", "two"):
        (bare.folder / "p.yaml").write_text(GOOD.format(key=key))
        bare.run("load", "p.yaml", "--new")
    said = bare.err("status", code=2)
    assert "--event" in said
    assert "one, two" in said
    assert bare.json("status", "--event", "two")["event"] == "two"
    assert "'three'" in bare.err("status", "-e", "three", code=1)


def test_unknown_sessions_runs_and_meetings(line):
    line.load()
    assert "'nobody'" in line.err("adopt", "nobody", "82318937943", code=1)
    assert "is not a meeting ID" in line.err("adopt", "seminar-1", "12", code=2)
    assert "(any more)" in line.err("adopt", "seminar-1", "82318937943", code=1)
    assert "no run 99" in line.err("runs", "99", code=1)
    assert "'nobody'" in line.err("collect", "nobody", code=1)
    assert "no meeting" in line.err("collect", "seminar-1", code=1)
    assert "'nobody'" in line.err("report", "attendance", "nobody", code=1)


def test_wrong_usage(line):
    line.load()
    for arguments in (
        ["nonsense"],
        ["plan", "--nonsense"],
        ["plan", "--format", "xml"],
        ["check"],
        ["check", str(SAMPLE), "--source-format", "odt"],
        ["load", str(SAMPLE), "--format", "odt"],
        ["report", "attendance", "-f", "pdf"],
        ["publish", "-f", "pdf"],
        ["orphans", "--delete"],
        ["orphans", "82318937943"],
    ):
        assert line.err(*arguments, code=2)


def test_missing_credentials_are_all_named(bare):
    bare.load()
    said = bare.err("plan", code=2)
    for name in ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"):
        assert f"{name} is not set" in said
    bare.run("status")  # the store alone is enough for it


def test_a_wrong_secret(line):
    line.load()
    said = line.err("plan", code=1, env={"ZOOM_CLIENT_SECRET": "wrong-secret"})
    assert "refused the app's credentials" in said
    assert "wrong-secret" not in said


def test_zoom_that_cannot_be_reached(line):
    line.load()
    said = line.err("plan", code=1, env={"ZOOM_OAUTH_URL": "http://127.0.0.1:1/oauth/token"})
    assert "cannot reach 127.0.0.1: the connection is refused" in said


def test_settings_that_are_wrong_are_all_told_at_once(line):
    said = line.err(
        "plan",
        code=2,
        env={"ZOOM_SYNC_THREADZ": "4", "ZOOM_SYNC_THREADS": "many", "ZOOM_PLAN": "gold", "ZOOM_SYNC_LOG_LEVEL": "x"},
    )
    for name in ("ZOOM_SYNC_THREADZ", "ZOOM_SYNC_THREADS", "ZOOM_PLAN", "ZOOM_SYNC_LOG_LEVEL"):
        assert name in said


def test_a_file_of_the_config_folder_that_is_wrong(line):
    line.load()
    (line.folder / "config").mkdir()
    (line.folder / "config" / "hosts.yaml").write_text("hosts: [{user: nobody@example.org}]")
    assert "is not an active user" in line.err("plan", code=2)
    assert "there is no such folder" in line.err("plan", code=2, env={"ZOOM_SYNC_CONFIG": "elsewhere"})


def test_places_that_cannot_be_written(line):
    line.load()
    (line.folder / "file").write_text("")
    assert "cannot be written" in line.err("report", "attendance", "-o", "file/x.csv", code=1)
    assert "cannot be written" in line.err("publish", "-o", "file", code=1)
    assert "cannot be made" in line.err("status", code=1, env={"DATABASE_URL": "sqlite:///file/x.db"})
    assert "cannot be read" in line.err("status", code=2, env={"DATABASE_URL": "nonsense"})
    said = line.err("status", code=1, env={"DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/x"})
    assert "s3cret" not in said


def test_a_plan_that_changed_is_not_applied(line):
    line.load()
    assert "nothing was changed" in line.err("apply", "--digest", "0123456789abcdef", code=1)
    assert "there is nobody to ask" in line.err("apply", code=2)
    assert line.meetings() == []


def test_a_failed_item_is_said_and_fails_the_command(line):
    line.load()
    line.control("POST", "faults", {"kind": "code_under_200", "code": 300, "operation": "meetingCreate", "times": 1})
    told = line.json("apply", "--yes", code=1)
    assert len(told["failed"]) == 1
    assert told["failed"][0]["session"].startswith("seminar-")
    assert told["failed"][0]["reason"]
    assert len(told["applied"]) == 3
    assert line.json("apply", "--yes")["failed"] == []


def test_a_reader_that_leaves_early_is_no_error(bare):
    command = " ".join(f"'{part}'" for part in [*COMMAND, "check", str(SAMPLE), "--format", "json"])
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -c 1"], env=bare.env, capture_output=True, text=True, check=False
    )
    assert ended.stdout == "{"
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr


def test_help_is_there_for_everything_and_needs_nothing_heavy(bare):
    code = (
        "import sys; sys.argv = ['zoom-sync', '--help']\n"
        "from zoom_sync.entrypoints.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'celery', 'requests', 'pydantic', 'fastapi', 'alembic', 'authlib', 'redis', 'rich', 'yaml'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], env=bare.env, capture_output=True, text=True, check=True)
    assert "HEAVY []" in ended.stdout
    commands = [words[0] for words in map(str.split, ended.stdout.partition("Commands:")[2].splitlines()) if words]
    known = [name for name in commands if name in ended.stdout and name.isalpha() and name.islower()]
    for name in ("demo", "check", "load", "plan", "apply", "status", "adopt", "runs", "orphans", "collect", "doctor"):
        assert name in known
        assert "Example: zoom-sync" in bare.out(name, "--help")
    assert "Example: zoom-sync" in bare.out("report", "attendance", "--help")
    assert "Usage" in bare.run("report", code=2).stdout + bare.run("report", code=2).stderr
    assert bare.out("--version") == f"zoom_sync {zoom_sync.version()}\n"


def test_who_does_not_talk_to_zoom_is_told_so_first_by_every_command(line):
    line.load()
    for command in (["status"], ["plan"], ["doctor"], ["account", "list"]):
        said = line.err(*command, code=3 if command == ["plan"] else 0)
        assert (
            said.splitlines()[0] == f"THIS IS NOT ZOOM: the API is {line.env['ZOOM_API_URL']}, which is not Zoom's own"
        )


def test_doctor_refuses_a_simulator_where_the_pages_are_published(line):
    assert "ok   address: " in line.out("doctor")
    told = line.out("doctor", code=1, env={"ZOOM_SYNC_WEB_URL": "https://events.example.org"})
    assert "FAIL address: " in told
    assert "is a simulator, not Zoom, and the pages are published: the meetings on them cannot be joined" in told
    assert "unset ZOOM_API_URL and ZOOM_OAUTH_URL" in told


@pytest.mark.parametrize(
    "zooms", [{"ZOOM_API_URL": "https://api.zoom.us/v2"}, {"ZOOM_OAUTH_URL": "https://zoom.us/oauth/token"}]
)
def test_what_is_half_zoom_and_half_not_is_sent_nothing(line, zooms):
    line.load()
    told = "one of ZOOM_API_URL and ZOOM_OAUTH_URL is Zoom's own and the other is not"
    before = len(line.control("GET", "journal")["requests"])
    assert told in line.err("plan", code=2, env=zooms)
    assert f"FAIL credentials: {told}" in line.out("doctor", code=1, env=zooms)
    assert told in line.err("serve", "--port", "0", code=2, env=zooms)
    assert len(line.control("GET", "journal")["requests"]) == before


def test_a_store_of_a_newer_version_is_refused_by_every_command_that_uses_it(bare):
    bare.run("load", SAMPLE, "--timezone", "Asia/Shanghai")
    with closing(sqlite3.connect(bare.folder / "var" / "store.db")) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (["status"], ["load", SAMPLE], ["privacy", "purge"]):
        assert "schema is 9999, of a newer zoom_sync than this one; upgrade the program" in bare.err(*command, code=2)


@pytest.mark.parametrize("command", ["check", "load"])
def test_a_source_without_an_end_is_refused_and_not_read_for_ever(bare, command):
    ended = bare.run(command, "/dev/zero", code=1)
    assert "larger than 8 MiB" in ended.stdout + ended.stderr

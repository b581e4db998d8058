"""`account`: passwords come from a terminal or standard input, never from an argument, and are never shown."""

import json
import os
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from e2e.command import COMMAND

PASSWORD = "correct horse battery"


def test_an_account_is_made_listed_changed_and_removed(bare):
    told = bare.out("account", "add", "ada", "--role", "organiser", stdin=f"{PASSWORD}\n")
    assert told == "account ada is organiser; sign in on the pages of `zoom-sync web`\n"
    token = bare.out("account", "token", "ada", "--role", "staff", "--days", "7").strip()
    assert re.fullmatch(r"zs_[\w-]{43}", token)
    listed = bare.json("account", "list")
    assert [(one["name"], one["role"]) for one in listed["accounts"]] == [("ada", "organiser")]
    assert [(one["token"], one["account"], one["role"]) for one in listed["tokens"]] == [(1, "ada", "staff")]
    bare.run("account", "token", "ada", "--revoke", "1")
    bare.run("account", "password", "ada", stdin="another good password\n")
    bare.run("account", "remove", "ada", "--yes")
    assert bare.json("account", "list") == {"accounts": [], "tokens": []}
    assert "no account yet" in bare.out("account", "list")
    with closing(sqlite3.connect(bare.folder / "var" / "store.db")) as store:
        kept = "\n".join(store.iterdump())
    assert PASSWORD not in kept
    assert token not in kept
    assert kept.count("command line, for ada") == 4


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (("add", "ada", "--role", "king"), PASSWORD, 2, "choose one of: viewer, staff, organiser"),
        (("add", "ada"), PASSWORD, 2, "Missing option '--role'"),
        (("add", "ada", "--role", "staff", "--password", PASSWORD), "", 2, "No such option"),
        (("add", "ada", "--role", "staff"), "", 1, "a password has 12 to 1024 characters"),
        (("add", "ada", "--role", "staff"), "adaadaadaada\n", 1, "too easily guessed"),
        (("add", " ", "--role", "staff"), PASSWORD, 1, "no blank at its ends"),
        (("remove", "bob", "--yes"), "", 1, "there is no account 'bob'"),
        (("remove", "bob"), "", 2, "there is nobody to ask"),
        (("password", "bob"), PASSWORD, 1, "there is no account 'bob'"),
        (("token", "bob"), "", 1, "there is no account 'bob'"),
        (("token", "bob", "--revoke", "1"), "", 1, "account 'bob' has no token 1"),
    ],
)
def test_what_cannot_be_done_is_said(bare, arguments, stdin, code, words):
    ended = bare.run("account", *arguments, stdin=stdin, code=code)
    assert words in " ".join(ended.stderr.split())


def test_an_account_is_not_made_twice(bare):
    bare.run("account", "add", "ada", "--role", "staff", stdin=PASSWORD)
    assert "there is an account 'ada' already" in bare.err(
        "account", "add", "ada", "--role", "staff", stdin=PASSWORD, code=1
    )


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(bare):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "account", "add", "ada", "--role", "viewer"], cwd=bare.folder, env=bare.env,
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        for question in (b"Password:", b"Repeat for confirmation:"):
            while question not in shown:
                shown += os.read(ours, 1000)
            until = time.monotonic() + 20
            while termios.tcgetattr(ours)[3] & termios.ECHO and time.monotonic() < until:
                time.sleep(0.01)  # what is typed before the echo is off is thrown away
            os.write(ours, f"{PASSWORD}\n".encode())
        while True:
            try:
                shown += os.read(ours, 1000)
            except OSError:  # the other end is closed
                break
        assert process.wait(timeout=60) == 0
    os.close(ours)
    assert b"account ada is viewer" in shown
    assert PASSWORD.encode() not in shown


def test_a_token_opens_the_pages_of_the_web_command(line):
    line.load()
    line.run("account", "add", "ada", "--role", "staff", stdin=PASSWORD)
    token = line.out("account", "token", "ada").strip()
    with line.start("web", "--port", "0") as process:
        try:
            url = f"http://127.0.0.1:{port_of(process)}/api/events"
            request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                assert [one["key"] for one in json.load(answer)] == ["urban-2023"]
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(url, timeout=30)
        finally:
            process.terminate()


def port_of(process):
    said = ""
    while not said.startswith("http://"):
        said = process.stderr.readline()
        assert said, "the command has ended"
    return int(re.match(r"http://127\.0\.0\.1:(\d+)/", said)[1])


def test_who_sends_half_a_form_does_not_keep_the_web_command_from_its_end(bare):
    with bare.start("web", "--port", "0") as process:
        port = port_of(process)
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(
                f"POST /sign-in HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=".encode()
            )
            half.settimeout(0.5)
            with pytest.raises(TimeoutError):
                half.recv(1)
            process.terminate()
            try:
                assert process.wait(timeout=30) == -signal.SIGTERM
            finally:
                process.kill()


def test_the_web_command_says_where_nobody_can_sign_in(bare):
    with bare.start("web", "--port", "0") as process:
        said = process.stderr.readline()
        process.terminate()
    assert "nobody can sign in yet; `zoom-sync account add NAME --role organiser`" in said


def test_help_starts_at_once_and_has_no_password():
    ended = subprocess.run([*COMMAND, "account", "add", "--help"], capture_output=True, text=True, check=True)
    assert "Example: zoom-sync account add ada --role organiser" in ended.stdout
    assert "--password" not in ended.stdout
    code = "import sys; from zoom_sync.entrypoints import cli; print([m for m in ('argon2', 'sqlalchemy', 'fastapi') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

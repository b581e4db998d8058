"""People are told: by the command's test, and by `serve` with nobody there."""

import signal
import sys

import pytest

from e2e.command import ROOT
from support.mailbox import hook_receiver, mail_server

sys.path.append(str(ROOT / "bench"))

from line import wait_for

pytestmark = pytest.mark.timeout(120)
SECRET = "correct horse"


def mail_settings(box):
    return {
        "ZOOM_SYNC_NOTIFY_MAIL_TO": "staff@example.org", "ZOOM_SYNC_NOTIFY_MAIL_FROM": "zoom@example.org",
        "ZOOM_SYNC_SMTP_HOST": "127.0.0.1", "ZOOM_SYNC_SMTP_PORT": str(box.port), "ZOOM_SYNC_SMTP_SECURITY": "none",
        "ZOOM_SYNC_SMTP_USER": "zoom", "ZOOM_SYNC_SMTP_PASSWORD": SECRET,
    }  # fmt: skip


def hook_settings(receiver):
    return {"ZOOM_SYNC_NOTIFY_URL": f"{receiver.url}/in?key=s3cret", "ZOOM_SYNC_NOTIFY_SECRET": SECRET}


def test_a_test_message_is_sent_and_what_came_of_it_is_said(bare):
    with mail_server() as box, hook_receiver(SECRET) as receiver:
        env = {**mail_settings(box), **hook_settings(receiver)}
        done = bare.run("notify", "--test", env=env)
        assert done.stdout.startswith("ok   mail: sent to 1 of 1 address(es)")
        assert "ok   hook: sent to" in done.stdout
        (mail,) = box.mails
        assert "This is a test" in mail["Subject"]
        assert receiver.got[0]["test"] is True
        box.refuse["AUTH"] = "535 wrong"
        failed = bare.run("notify", "--test", env=env, code=1)
        assert "FAIL mail" in failed.stdout
        assert "s3cret" not in done.stdout + done.stderr + failed.stdout + failed.stderr


def test_without_settings_nobody_can_be_told(bare):
    assert "ZOOM_SYNC_NOTIFY_MAIL_TO" in bare.err("notify", "--test", code=2)
    assert "needs ZOOM_SYNC_SMTP_HOST" in bare.err(
        "notify", "--test", code=2, env={"ZOOM_SYNC_NOTIFY_MAIL_TO": "a@example.org"}
    )


def test_serve_tells_what_a_person_has_to_decide_and_that_a_report_is_there(line):
    line.load()
    quick = {
        "ZOOM_SYNC_TICK_SECONDS": "0.2", "ZOOM_SYNC_SYNC_MINUTES": str(1 / 60), "ZOOM_SYNC_COLLECT_MINUTES": str(1 / 60),
        "ZOOM_SYNC_NOTIFY_MINUTES": "0",
    }  # fmt: skip
    with mail_server() as box, (line.folder / "serve.log").open("w") as log:
        env = {**quick, **mail_settings(box)}
        serve = line.start("serve", "--port", "0", env=env, log=log)
        try:
            wait_for(lambda: len(line.meetings()) == 4, 60)
            gone, held, *_ = sorted(line.meetings(), key=lambda one: one["start_time"], reverse=True)
            line.control("DELETE", f"meetings/{gone['id']}")
            line.control("POST", "clock", {"advance": 60})
            wait_for(lambda: box.mails, 60)
            line.control("POST", f"meetings/{held['id']}/run", {"audience": 12})
            line.control("POST", "clock", {"advance": 3600})
            wait_for(lambda: any("reports: 1" in mail["Subject"] for mail in box.mails), 60)
        finally:
            serve.send_signal(signal.SIGTERM)
            assert serve.wait(60) == 0
        texts = [mail.get_content() for mail in box.mails]
        assert texts[0].count("replace: needs --allow-replace") == 1
        assert sum("needs --allow-replace" in text for text in texts) == 1
    told = "".join([*texts, (line.folder / "serve.log").read_text()])
    for secret in (SECRET, "pwd=", "https://", gone["password"], held["password"]):
        assert secret not in told.replace("https://example", "")
    assert "replace" in line.out("notify")


def test_doctor_tries_the_mail_server_and_sends_nothing(line):
    assert "ok   notifications: off" in line.out("doctor")
    with mail_server() as box:
        told = line.out("doctor", env=mail_settings(box))
        assert f"ok   notifications by mail: 127.0.0.1:{box.port} accepts mail for 1 address(es)" in told
        box.refuse["AUTH"] = "535 wrong"
        failed = line.out("doctor", env=mail_settings(box), code=1)
    assert "FAIL notifications by mail" in failed
    assert box.mails == []
    half = line.out("doctor", env={"ZOOM_SYNC_NOTIFY_MAIL_TO": "a@example.org"}, code=1)
    assert "ZOOM_SYNC_NOTIFY_MAIL_TO needs ZOOM_SYNC_SMTP_HOST" in half

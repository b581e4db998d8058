"""The drills of docs/how-to/on-call.md: each way of standing still, and what tells of it."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
import responses
from pydantic import SecretStr
from sqlalchemy import event
from test_telling import EVENT, Office, Post, make_session
from test_told_everywhere import doctor, fill_the_disk, standing

from servers import free_port
from zoom_sync.adapters.notify.mail import Mail, MailServer
from zoom_sync.adapters.notify.wording import body, headline
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.health import PASSING, STILL_AFTER, Ailment, Deed, Failing, Part, Process
from zoom_sync.domain.notices import Concern, Digest, Notice, Subject
from zoom_sync.entrypoints.watch import Watch
from zoom_sync.errors import Unauthorized, Unavailable
from zoom_sync.service_layer.telling import Kept
from zoom_sync.service_layer.watching import findings, watch
from zoom_sync.settings import Settings, last_good_pool

NOW = datetime(2026, 3, 1, 2, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZOOM = {"ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "c", "ZOOM_CLIENT_SECRET": "a-long-one"}
TOKENS = "https://zoom.us/oauth/token"
ON_CALL = Path(__file__).parents[2] / "docs/how-to/on-call.md"


@pytest.fixture
def parts(database, tmp_path):
    url = database.engine.url.render_as_string(hide_password=False)
    parts = Parts(Settings(_env_file=None, DATABASE_URL=url, ZOOM_SYNC_CONFIG=tmp_path, **ZOOM), is_service=True)
    parts.channels = (Post(),)
    parts.clock.sleep = lambda _: None
    return parts


def told_by_mail(parts, now):
    """What a living process tells at that time."""
    watch(parts.watching(), now)
    return [one for digest in parts.channels[0].told() for one in digest]


def at_work(parts, *living, last_look=NOW, now):
    """A schedule that looked last at `last_look`, and the processes that live at `now`."""
    parts.health.did(Deed.LOOK, last_look)
    for part in living:
        parts.health.seen(Process(part, f"{part}:1", "1", NOW, now))


@responses.activate
def test_wrong_secret(parts):
    responses.post(TOKENS, status=400, json={"error": "invalid_client", "reason": "Invalid client_id or client_secret"})
    with pytest.raises(Unauthorized):
        parts.reader.server_time()
    assert parts.counts.counted()["calls", "SIGN_IN", "Unauthorized"] == 1
    assert standing(parts) == {"refused"}
    assert told_by_mail(parts, datetime.now(UTC)) == [("stands_still", "", "refused")]
    assert "Invalid client_id or client_secret" in doctor(parts)[0][0]


@responses.activate
def test_a_secret_that_was_put_right_is_told_no_more(parts):
    responses.post(TOKENS, status=400, json={"error": "invalid_client"})
    with pytest.raises(Unauthorized):
        parts.reader.server_time()
    responses.replace(responses.POST, TOKENS, json={"access_token": "t", "expires_in": 3600})
    again = Parts(parts.settings, is_service=True)
    again.reader.server_time()
    assert standing(again) == set()


@pytest.mark.parametrize(
    ("living", "missing"),
    [
        ([Part.WORKER, Part.WEB], "no process of beat is alive"),
        ([Part.BEAT, Part.WEB], "no process of worker is alive"),
        ([Part.WEB], "no process of worker and none of beat is alive"),
        ([Part.WORKER, Part.BEAT], "nothing reaches the workers: does one serve the queue `schedule`, is one stopped?"),
    ],
)
def test_dead_beat_dead_workers_both_and_redis(parts, living, missing):
    later = NOW + STILL_AFTER + MINUTE
    at_work(parts, *living, now=later)
    [finding] = findings(parts.watching(), later)
    assert finding.ailment is Ailment.STILL
    assert finding.why.endswith(missing)
    assert told_by_mail(parts, later) == [("stands_still", "", "still")]
    assert findings(parts.watching(), NOW + STILL_AFTER - MINUTE) == ()


def test_stopped_worker(parts):
    later = NOW + STILL_AFTER + MINUTE
    at_work(parts, Part.BEAT, now=later)
    parts.health.seen(Process(Part.WORKER, "a:1", "1", NOW, NOW))  # SIGSTOP: it is there, and says nothing any more
    [finding] = findings(parts.watching(), later)
    assert finding.why == "no process of worker is alive"


def test_bad_hosts_file_while_it_runs(parts, tmp_path):
    hosts = tmp_path / "hosts.yaml"
    hosts.write_text("hosts:\n  - user: a\n")
    good = last_good_pool(parts.settings)
    hosts.write_text("hosts:\n  - user: a\n    capcity: 2\n")
    watcher = Watch(parts, Part.WORKER)
    watcher._check_config(NOW)
    [finding] = findings(parts.watching(), NOW)
    assert (finding.ailment, last_good_pool(parts.settings)) == (Ailment.CONFIG, good)
    assert "hosts.yaml:3: entry 1: 'capcity' is not known" in finding.why
    assert told_by_mail(parts, NOW) == [("stands_still", "", "config")]
    hosts.write_text("hosts:\n  - user: a\n    capacity: 2\n")
    watcher._check_config(NOW + MINUTE)
    assert findings(parts.watching(), NOW + MINUTE) == ()


def test_scope_removed(desk, database, parts):
    desk.load(make_session())
    office = Office(desk, database)
    words = "Invalid access token, does not contain scopes:[user:read:list_users:admin]."
    desk.zoom.fault(kind="code_under_200", operation="users", times=None, code=4711, message=words)
    assert office.tick() == [[(Subject.FAILED, "", "sync")]]
    [finding] = findings(parts.watching(), datetime.fromtimestamp(desk.zoom.simulator.clock_now, UTC))
    assert (finding.ailment, finding.event) == (Ailment.EVENT, EVENT)
    assert "user:read:list_users:admin" in finding.why


def test_host_pool_empty(desk, database):
    desk.load(make_session())
    desk.pool = []
    assert {one[0] for digest in Office(desk, database).tick() for one in digest} == {Subject.HELD_BACK}


@responses.activate
def test_certificate_expired(parts):
    import ssl

    expired = ssl.SSLCertVerificationError(1, "certificate verify failed")
    expired.verify_message = "certificate has expired"
    responses.post(TOKENS, body=requests.exceptions.SSLError(expired))
    with pytest.raises(Unavailable, match="certificate has expired"):
        parts.reader.server_time()
    assert findings(parts.watching(), datetime.now(UTC)) == ()  # what passes by itself is nobody's business
    later = datetime.now(UTC) + PASSING + MINUTE
    [finding] = findings(parts.watching(), later)
    assert finding.ailment is Ailment.AWAY
    assert "certificate has expired" in finding.why
    assert "ZOOM_SYNC_CA_BUNDLE" in finding.why


def test_disk_full_on_the_database(parts, database):
    fill_the_disk(database)
    assert standing(parts) == {"store"}


def test_mail_server_refuses(parts):
    """Nobody can be told by mail that mails do not go out: it is told everywhere else."""
    mail = Mail(MailServer("127.0.0.1", free_port(), "none"), "a@example.org", ["b@example.org"], "en", datetime.now)
    hook = Post("hook")
    parts.channels = tuple(Kept(each, partial(parts._told, Deed(each.name))) for each in (mail, hook))
    parts.health.failed(Deed.SIGN_IN, NOW, Failing.REFUSED, "wrong secret")  # something that has to be told
    watch(parts.watching(), NOW)
    assert hook.told() == [[("stands_still", "", "refused")]]
    parts.health.did(Deed.SIGN_IN, NOW)
    later = datetime.now(UTC) + PASSING + MINUTE
    [finding] = findings(parts.watching(), later)
    assert (finding.ailment, finding.ailment.of_all) == (Ailment.UNTOLD, False)
    assert "mail: " in finding.why
    assert "refused" in finding.why
    watch(parts.watching(), later)
    assert hook.told() == [[("stands_still", "", "untold")]]


def test_webhook_secret_rotated(parts):
    parts.webhooks.take_in([], {"validation": 1}, NOW)
    parts.webhooks.take_in([], {"forged": 1}, NOW + MINUTE)  # a stranger's, it may be
    assert findings(parts.watching(), NOW + MINUTE) == ()
    later = NOW + PASSING + MINUTE
    parts.webhooks.take_in([], {"forged": 3}, later)
    [finding] = findings(parts.watching(), later)
    assert (finding.ailment, finding.since, finding.ailment.of_all) == (Ailment.FORGED, NOW, False)
    assert told_by_mail(parts, later) == [("stands_still", "", "forged")]
    parts.webhooks.take_in([], {"validation": 1}, later + MINUTE)
    assert findings(parts.watching(), later + MINUTE) == ()


@pytest.mark.parametrize(
    ("ailment", "subject", "head"),
    [
        (Ailment.FORGED, "to correct: 1", "zoom_sync works, and something is wrong beside it\n"),
        (Ailment.STILL, "zoom_sync stands still: 1", "zoom_sync is not doing its work\n"),
    ],
)
def test_a_mail_says_whether_the_work_goes_on(ailment, subject, head):
    digest = Digest((Notice(Subject.STANDS_STILL, "", "", Concern("", str(ailment), "why"), start=NOW),))
    assert subject in headline(digest, "en")
    assert head in body(digest, "en")
    assert ("Until then no meeting is made" in body(digest, "en")) is ailment.of_all


def test_redis_with_a_wrong_password(parts, redis_url):
    """The workers cannot say why they are not there; who watches asks Redis himself."""
    wrong = SecretStr(redis_url.replace("//", "//nobody:wrong@"))
    parts = Parts(parts.settings.model_copy(update={"redis_url": wrong}), is_service=True)
    at_work(parts, Part.BEAT, now=(later := NOW + STILL_AFTER + MINUTE))
    [finding] = findings(parts.watching(), later)
    assert finding.ailment is Ailment.STILL
    assert "no process of worker is alive; " in finding.why
    assert "invalid username-password pair" in finding.why
    assert "wrong@" not in finding.why


@responses.activate
def test_wrong_account(parts):
    responses.post(TOKENS, status=400, json={"error": "bad_request", "reason": "Bad Request"})
    with pytest.raises(Unauthorized):
        parts.reader.server_time()
    assert standing(parts) == {"refused"}


def test_database_read_only(parts, database):
    """As after a failover to a replica: it answers, and takes nothing."""
    parts.health.did(Deed.WRITE, NOW)
    engine = parts.database.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA query_only = 1"))
    else:
        event.listen(
            engine, "checkout", lambda connection, *_: connection.execute("SET default_transaction_read_only = on")
        )
    assert standing(parts) == {"store"}
    assert "read" in doctor(parts)[0][0].lower()


def test_the_schedule_itself_fails(parts):
    later = NOW + PASSING + MINUTE
    at_work(parts, Part.WORKER, Part.BEAT, last_look=later, now=later)
    parts.health.failed(Deed.TICK, NOW, Failing.OTHER, "the shared limits cannot be reached")
    [finding] = findings(parts.watching(), later)
    assert (finding.ailment, finding.why) == (Ailment.FAILING, "the shared limits cannot be reached")


def test_the_runbook_names_every_way_of_standing_still_and_every_drill():
    text = ON_CALL.read_text(encoding="utf-8")
    assert {name for name in map(str, Ailment) if f"`{name}`" not in text} == set()
    drills = set(re.findall(r"^def (test_\w+)", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"test_drills\.py::(test_\w+)", text))
    assert named <= drills
    assert len(named) >= 9

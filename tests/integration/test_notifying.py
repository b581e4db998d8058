"""Mail and webhook, over real connections to servers on this machine."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from factories import NOW, START
from support.mailbox import hook_receiver, mail_server
from zoom_sync.adapters.notify.hook import Hook
from zoom_sync.adapters.notify.mail import Mail, MailServer
from zoom_sync.adapters.notify.wording import MOST_SHOWN, body
from zoom_sync.domain.notices import Concern, Digest, Notice, Subject
from zoom_sync.errors import NotSent

SECRET = "correct horse"


def notice(number=1, subject=Subject.HELD_BACK, concern=None, title="Opening\r\nBcc: somebody@example.org"):
    told = concern or Concern(f"session-{number}", "replace", "needs --allow-replace: it changes a published link")
    return Notice(subject, "school", "Spring School", told, title, START)


DIGEST = Digest(
    (
        notice(1, Subject.NOT_READY, Concern("session-1", "no_meeting")),
        notice(2),
        notice(3, Subject.REPORT, Concern("session-3", "complete", "participants 157, questions 8")),
    ),
    open=2,
)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory):
    """The server's and the client's side of TLS, for a certificate of this machine's name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    return serving, ssl.create_default_context(cafile=str(path))


def mail(box, language="en", **server):
    told = {"host": "localhost", "port": box.port, "security": "none", "timeout": 5, **server}
    return Mail(MailServer(**told), "zoom@example.org", ["a@example.org", "b@example.org"], language, lambda: NOW)


def test_a_digest_comes_as_one_mail_to_all():
    with mail_server() as box:
        assert mail(box).send(DIGEST).startswith("2 of 2 address(es)")
    (got,) = box.mails
    assert got["Subject"] == "[zoom_sync] not ready: 1, to decide: 1, reports: 1 - Spring School"
    assert (got["To"], got["Bcc"], got["Auto-Submitted"]) == ("a@example.org, b@example.org", None, "auto-generated")
    assert got["X-Zoom-Sync-Digest"] == DIGEST.id
    text = got.get_content()
    for part in (
        "it has no meeting",
        "session-2",
        "needs --allow-replace",
        "complete: attendance 157, questions 8",
        "still true: 2",
    ):
        assert part in text


def test_it_speaks_chinese_too():
    with mail_server() as box:
        mail(box, "zh").send(DIGEST)
    (got,) = box.mails
    assert "未就绪：1" in got["Subject"]
    assert "还没有会议" in got.get_content()
    assert "完整: 出席 157，提问 8" in got.get_content()


def test_the_password_travels_encrypted_and_is_shown_nowhere(contexts):
    serving, trusting = contexts
    with mail_server(serving) as box:
        channel = mail(box, security="starttls", user="zoom", password=SECRET, context=trusting)
        channel.send(DIGEST)
        assert channel.check() == f"localhost:{box.port} accepts mail for 2 address(es)"
    assert box.logins == [f"\0zoom\0{SECRET}"] * 2
    assert box.encrypted == [True]
    assert SECRET not in repr(channel)
    assert "a@example.org" not in repr(channel)


def test_a_server_without_encryption_gets_no_password():
    with mail_server() as box, pytest.raises(NotSent, match="does not offer"):
        mail(box, security="starttls", user="zoom", password=SECRET).send(DIGEST)
    assert (box.logins, box.mails) == ([], [])


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(contexts):
    with mail_server(contexts[0]) as box, pytest.raises(NotSent, match="SSLCertVerificationError"):
        mail(box, security="starttls", user="zoom", password=SECRET).send(DIGEST)
    assert (box.logins, box.mails) == ([], [])


@pytest.mark.parametrize(
    ("refuse", "told"),
    [
        ({"MAIL": "451 zoom@example.org is too fast"}, "SMTPSenderRefused 451"),
        ({"RCPT": "550 a@example.org is unknown"}, "refused every address"),
        ({"AUTH": "535 zoom: correct horse is wrong"}, "SMTPAuthenticationError 535"),
    ],
)
def test_what_a_server_refuses_is_said_without_its_words(refuse, told):
    with mail_server() as box:
        box.refuse |= refuse
        with pytest.raises(NotSent, match=told) as caught:
            mail(box, user="zoom", password=SECRET).send(DIGEST)
    assert "@" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_no_server_is_a_failure_to_send():
    with mail_server() as box:
        pass
    with pytest.raises(NotSent, match="the connection is refused"):
        mail(box).send(DIGEST)


def test_of_very_many_notices_the_first_are_shown():
    text = body(Digest(tuple(notice(number) for number in range(MOST_SHOWN + 7))), "en")
    assert text.count("needs --allow-replace") == MOST_SHOWN
    assert "… and 7 more" in text


def hook(receiver, path="/in?key=s3cret", secret=SECRET):
    return Hook(receiver.url + path, secret, "en", "zoom_sync/1", lambda: NOW)


def test_a_digest_comes_signed_to_the_webhook():
    with hook_receiver(SECRET) as receiver:
        place = hook(receiver).send(DIGEST)
    (got,) = receiver.got
    assert (got["id"], got["open"], got["sent_at"]) == (DIGEST.id, 2, NOW.isoformat())
    assert [(one["session"], one["subject"], one["urgent"]) for one in got["notices"]] == [
        ("session-1", "not_ready", True),
        ("session-2", "held_back", False),
        ("session-3", "report", False),
    ]
    assert got["notices"][0]["start"] == START.isoformat()
    assert place == receiver.url  # and not its path, which may be a secret
    assert "s3cret" not in repr(hook(receiver))


def test_another_secret_is_refused_by_the_receiver():
    with hook_receiver(SECRET) as receiver, pytest.raises(NotSent, match="answered 401"):
        hook(receiver, secret="another").send(DIGEST)
    assert (receiver.forged, receiver.got) == (1, [])


def test_a_server_that_is_busy_is_asked_again_and_not_for_ever():
    with hook_receiver(SECRET) as receiver:
        receiver.answers = [503, 502]
        hook(receiver).send(DIGEST)
        assert (receiver.requests, len(receiver.got)) == (3, 1)
        receiver.answers = [503] * 9
        with pytest.raises(NotSent, match="answered 503"):
            hook(receiver).send(DIGEST)
        assert receiver.requests == 6


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 500])
def test_no_redirect_is_followed_and_no_refusal_repeated(status):
    with hook_receiver(SECRET) as receiver:
        receiver.answers = [status]
        with pytest.raises(NotSent, match=f"answered {status}"):
            hook(receiver).send(DIGEST)
        assert receiver.requests == 1


def test_an_address_where_nobody_is_shows_no_path():
    with hook_receiver(SECRET) as receiver:
        pass
    with pytest.raises(NotSent, match="the connection is refused") as caught:
        hook(receiver).send(DIGEST)
    assert "s3cret" not in str(caught.value)

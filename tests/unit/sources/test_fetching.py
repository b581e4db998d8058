"""A programme is fetched within limits and only from where a request may go. The servers are real, on this machine."""

import datetime as dt
import gzip
import http.server
import socket
import ssl
import threading
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from zoom_sync.adapters.sources.fetching import Fetcher, NotFetched, is_public, source_name
from zoom_sync.network import Way

BODY = b"title,start\n"


class Site:
    """An HTTP server that answers what a test tells, and keeps what it was asked."""

    def __init__(self, context=None):
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.path, dict(self.headers)))
                site.answer(self)

            def log_message(self, *_):
                pass

        self.asked = []
        self.answer = reply(BODY)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def url(self, path="/p.csv", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"


def reply(body=b"", status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def fetcher(**options):
    return Fetcher(**{"allow_private": True, **options})


def refusal(url, **options):
    with pytest.raises(NotFetched) as raised:
        fetcher(**options).fetch(url)
    return str(raised.value)


def test_a_body_is_fetched(site):
    assert fetcher().fetch(site.url()) == BODY
    assert site.asked[0][1]["Host"] == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "feff::1", "::ffff:127.0.0.1", "::127.0.0.1",
     "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "::ffff:0:127.0.0.1", "2620:0:860::5efe:10.0.0.1", "2620:0:860::200:5efe:127.0.0.1",
     "2002:7f00:1::", "2001:0:0:0:0:0:80ff:fffe", "2001:db8::1", "4000::1", "5f00::1", "ff02::1", "nonsense"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_addresses_of_the_open_internet(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "127.1", "017700000001"]
)
def test_this_machine_is_not_asked_however_it_is_written(site, host):
    told = refusal(site.url(host=host), allow_private=False)
    assert "private network" in told or "not known" in told
    assert site.asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(site):
    told = refusal(
        site.url(host="mixed.example"), allow_private=False, resolve=lambda *_: ["93.184.216.34", "10.0.0.1"]
    )
    assert "ZOOM_SYNC_ALLOW_PRIVATE_URLS" in told


def test_the_connection_goes_to_the_address_that_was_checked(site):
    """A name that answers another address a moment later changes nothing: it is asked once."""
    answers = iter([["127.0.0.1"], ["192.0.2.1"]])
    assert fetcher(resolve=lambda *_: next(answers)).fetch(site.url(host="rebinding.example")) == BODY
    assert site.asked[0][1]["Host"] == f"rebinding.example:{site.port}"
    assert next(answers) == ["192.0.2.1"]


def test_a_redirect_is_followed_and_its_address_is_checked_as_well(site):
    site.answer = lambda handler: (
        reply(BODY)(handler) if handler.path == "/new" else reply(b"", 302, Location="/new")(handler)
    )
    assert fetcher().fetch(site.url()) == BODY
    site.answer = reply(b"", 302, Location="http://inner.example/secret")
    resolve = {"outer.example": ["127.0.0.1"], "inner.example": ["10.0.0.1"]}
    public = Fetcher(resolve=lambda host, _: resolve[host])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "zoom_sync.adapters.sources.fetching.is_public",
            lambda address: not ip_address(address).is_private or address == "127.0.0.1",
        )
        with pytest.raises(NotFetched, match=r"inner\.example is in a private network"):
            public.fetch(site.url(host="outer.example"))
    assert len(site.asked) == 3


def test_redirects_without_end_are_refused(site):
    site.answer = reply(b"", 302, Location="/again")
    assert "redirects more than 5 times" in refusal(site.url())
    assert len(site.asked) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.org/x", "http://[", "http://u:p@127.0.0.1/"])
def test_a_redirect_to_something_else_than_the_web_is_refused(site, location):
    site.answer = reply(b"", 302, Location=location)
    assert refusal(site.url())
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "file:///etc/passwd", "http://", "http://user:secret@example.org/", "http://a b/",
            "http://[::1", "http://example.org:0/", "http://example.org:99999/"],
)  # fmt: skip
def test_an_address_that_cannot_be_fetched_is_refused(url):
    told = refusal(url, resolve=lambda *_: pytest.fail("was looked up"))
    assert "secret" not in told


def test_what_is_too_large_is_refused_while_it_comes(site):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    site.answer = endless
    assert "more than 1024 KiB" in refusal(site.url(), most_bytes=1024 * 1024)


def test_a_compressed_answer_is_refused_before_it_is_unpacked(site):
    site.answer = reply(gzip.compress(b"0" * 1_000_000), Content_Encoding="gzip")
    assert "compressed" in refusal(site.url())


def test_a_server_that_says_nothing_is_given_up(site):
    held = threading.Event()
    site.answer = lambda handler: held.wait(10)
    assert "took longer than 0.2 seconds" in refusal(site.url(), most_seconds=0.2)
    held.set()


def test_a_body_that_comes_too_slowly_is_given_up_by_the_clock(site):
    times = iter(range(0, 1000, 20))
    assert "took longer than 30 seconds" in refusal(site.url(), now=lambda: next(times) * 2)


@pytest.mark.parametrize("status", [204, 404, 500])
def test_another_answer_than_200_is_told_by_its_number(site, status):
    site.answer = reply(b"", status)
    assert str(status) in refusal(site.url())


def test_a_broken_off_answer_is_told(site):
    def broken(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site.answer = broken
    assert "broke off" in refusal(site.url())


def test_nobody_there_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "cannot reach 127.0.0.1: the connection is refused" in refusal(f"http://127.0.0.1:{port}/")


def test_what_has_not_changed_is_not_sent_again(site, tmp_path):
    def once(handler):
        fresh = handler.headers.get("If-None-Match") == '"v1"'
        (reply(b"", 304) if fresh else reply(BODY, ETag='"v1"'))(handler)

    site.answer = once
    cached = fetcher(cache=tmp_path / "fetched")
    assert [cached.fetch(site.url("/p.ics?token=secret")) for _ in range(3)] == [BODY] * 3
    assert [headers.get("If-None-Match") for _, headers in site.asked] == [None, '"v1"', '"v1"']
    (file,) = (tmp_path / "fetched").iterdir()
    assert b"secret" not in file.name.encode() + file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_a_changed_body_takes_the_place_of_the_kept_one(site, tmp_path):
    cached = fetcher(cache=tmp_path)
    for number in (1, 2):
        site.answer = reply(b"body %d" % number, ETag=f'"v{number}"')
        assert cached.fetch(site.url()) == b"body %d" % number
    site.answer = reply(b"", 304)
    assert cached.fetch(site.url()) == b"body 2"
    site.answer = reply(b"body 3")
    assert cached.fetch(site.url()) == b"body 3"
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_only_means_to_fetch_again(site, tmp_path):
    (tmp_path / "file").write_text("")
    site.answer = reply(BODY, ETag='"v1"')
    assert fetcher(cache=tmp_path / "file").fetch(site.url()) == BODY


def test_no_environment_leads_the_request_elsewhere(site, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert fetcher().fetch(site.url()) == BODY


def test_messages_name_the_host_only():
    assert source_name("https://calendar.example.org/private-abc123/basic.ics?key=1") == "calendar.example.org"


@pytest.fixture
def certificate(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "programme.example")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("programme.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


def test_the_certificate_must_be_of_the_name_although_the_connection_is_to_an_address(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names = []
    context.sni_callback = lambda _, name, __: names.append(name)
    site = Site(context)
    try:
        told = {"resolve": lambda *_: ["127.0.0.1"], "way": Way(ca_bundle=certificate)}
        assert fetcher(**told).fetch(f"https://programme.example:{site.port}/") == BODY
        assert names == ["programme.example"]
        assert "certificate" in refusal(f"https://other.example:{site.port}/", **told)
        assert "certificate" in refusal(f"https://programme.example:{site.port}/", resolve=told["resolve"])
    finally:
        site.server.shutdown()
        site.server.server_close()

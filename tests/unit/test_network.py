"""Why a machine could not be reached is named, each cause with its own advice; and the way out is a setting."""

import datetime as dt
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from zoom_sync.network import ADVICE, DIRECT, Cause, Way, unreached

UNTIL = dt.datetime(2020, 5, 17, 9, 30, tzinfo=dt.UTC)


def ask(url, way=DIRECT):
    """What is said of an address that does not answer."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies, session.verify = way.proxies(url), way.verify
        try:
            session.get(url, timeout=1)
        except requests.RequestException as error:
            return unreached(error, url, way)
    raise AssertionError("it answered")


@contextmanager
def server(talk):
    """A server on this machine that talks with whoever comes; answers its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def certificate(path, until=UNTIL, name="localhost"):
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(1).not_valid_before(UNTIL - dt.timedelta(days=90)).not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


def tls(path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    def talk(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(1000)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        except OSError:
            pass

    return talk


def test_a_name_that_is_not_found_is_said_with_the_dns_to_look_at(monkeypatch):
    def nobody(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    said = ask("https://zoom.example/oauth/token")
    assert (said, said.cause) == ("cannot reach zoom.example: its name is not found", Cause.NAME)
    assert "getent hosts zoom.example" in said.advice


def test_a_port_where_nobody_listens_refuses():
    said = ask(f"http://127.0.0.1:{closed_port()}/")
    assert said == "cannot reach 127.0.0.1: the connection is refused"
    assert "port" in said.advice


def test_whoever_does_not_answer_in_time_is_said_to_be_slow_and_not_to_be_wrong():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = ask(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert said == "cannot reach 127.0.0.1: it does not answer in time"


def test_a_certificate_that_has_run_out_is_named_with_its_end(tmp_path):
    path = certificate(tmp_path / "old.pem")
    with server(tls(path)) as port:
        said = ask(f"https://localhost:{port}/", Way(ca_bundle=path))
    assert said.startswith(
        "cannot reach localhost: its certificate is not trusted: certificate has expired; CN=localhost"
    )
    assert "good until 2020-05-17 09:30 UTC" in said


def test_a_certificate_of_an_unknown_authority_is_trusted_once_its_bundle_is_named(tmp_path):
    path = certificate(tmp_path / "own.pem", dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    with server(tls(path)) as port:
        said = ask(f"https://localhost:{port}/")
        assert "self-signed certificate" in said
        assert "ZOOM_SYNC_CA_BUNDLE" in said.advice
        with pytest.raises(AssertionError, match="it answered"):
            ask(f"https://localhost:{port}/", Way(ca_bundle=path))


def test_a_server_that_speaks_no_tls_is_no_matter_of_certificates():
    with server(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert ask(f"https://localhost:{port}/").cause in (Cause.TLS, Cause.LOST)


def test_a_proxy_that_cannot_be_reached_is_named_without_its_password():
    proxy = f"http://me:hidden@127.0.0.1:{closed_port()}"
    said = ask("https://zoom.example/", Way(proxy))
    assert said.startswith("cannot reach zoom.example through the proxy 127.0.0.1:")
    assert said.endswith("it refuses the connection")
    assert "hidden" not in said + said.advice
    assert "HTTPS_PROXY" in said.advice


def test_a_proxy_that_lets_nobody_through_is_said_with_its_words():
    def refuse(connection):
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with server(refuse) as port:
        said = ask("https://zoom.example/", Way(f"http://127.0.0.1:{port}"))
    assert said.cause is Cause.PROXY
    assert "407 Proxy Authentication Required" in said


@pytest.mark.parametrize(
    ("url", "through"),
    [
        ("https://api.zoom.us/v2", True),
        ("http://localhost:8000/", False),
        ("https://keycloak.intern.example/", False),
        ("https://intern.example/", False),
        ("https://notintern.example/", True),
    ],
)
def test_the_proxy_is_for_all_but_this_machine_and_the_named_domains(url, through):
    way = Way("http://proxy:3128", (".intern.example", "*.other.example"))
    assert bool(way.proxies(url)) is through
    assert Way("http://proxy:3128", ("*",)).proxies(url) == {}


def test_every_cause_has_advice_of_its_own():
    assert ADVICE.keys() == set(Cause)
    assert len(set(ADVICE.values())) == len(Cause)

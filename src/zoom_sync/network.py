"""The way to other machines: through which proxy, trusting whom; and why one of them could not be reached.

Below the adapters, which all use it. Nothing is taken from the environment but what the settings take on purpose.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from zoom_sync.domain.phrases import Phrase

LOCAL = ("localhost", "127.0.0.1", "::1")
# How long is looked at a certificate that was refused.
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Way:
    """How HTTP leaves this machine. `proxy` is an address and may hold a password; `direct` are hosts without it.

    `ca_bundle` is a PEM file of those who are trusted, in place of the usual ones.
    """

    proxy: str = field(default="", repr=False)
    direct: tuple[str, ...] = ()
    ca_bundle: Path | None = None

    def proxies(self, url: str) -> dict[str, str]:
        """For `requests`: the proxy of this address, and none for this machine and the hosts that are named."""
        host = (urlsplit(url).hostname or "").casefold()
        if not self.proxy or host in LOCAL or any(_is_of(host, name) for name in self.direct):
            return {}
        return {"http": self.proxy, "https": self.proxy}

    @property
    def verify(self) -> str | bool:
        """For `requests`: whom to trust."""
        return True if self.ca_bundle is None else str(self.ca_bundle)

    def context(self) -> ssl.SSLContext:
        """For everything that speaks TLS and is not HTTP."""
        return ssl.create_default_context(cafile=None if self.ca_bundle is None else str(self.ca_bundle))


DIRECT = Way()


def _is_of(host: str, name: str) -> bool:
    """As NO_PROXY is read everywhere: a host, a domain with all in it, or * for all."""
    plain = name.strip().casefold().removeprefix("*.").lstrip(".")
    return name.strip() == "*" or (bool(plain) and (host == plain or host.endswith(f".{plain}")))


class Cause(StrEnum):
    """Why a machine could not be reached."""

    NAME = "name"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"
    ROUTE = "route"
    LOST = "lost"


# By the names of the exceptions of urllib3, the socket and ssl modules; the first one that is met in a chain decides.
_CAUSES: tuple[tuple[Cause, tuple[str, ...]], ...] = (
    (Cause.PROXY, ("ProxyError", "InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported")),
    (Cause.CERTIFICATE, ("SSLCertVerificationError", "CertificateError")),
    (Cause.NAME, ("NameResolutionError", "gaierror", "herror")),
    (Cause.TIMEOUT, ("ConnectTimeoutError", "ConnectTimeout", "ReadTimeoutError", "ReadTimeout", "TimeoutError")),
    (Cause.REFUSED, ("ConnectionRefusedError",)),
    (Cause.ROUTE, ("NetworkUnreachable", "HostUnreachable")),
    (Cause.TLS, ("SSLError", "SSLZeroReturnError", "SSLEOFError")),
)
_NO_ROUTE = {101, 113}  # ENETUNREACH, EHOSTUNREACH


def cause_of(error: BaseException) -> Cause:
    """Why it failed, from the error of whatever library told it."""
    met = {cause_of_one(each) for each in _chain(error)}
    return next((cause for cause, _ in _CAUSES if cause in met), Cause.LOST)


def cause_of_one(error: BaseException) -> Cause | None:
    """What an error tells by itself; None where it only wraps another."""
    names = set(_names(error))
    return next((cause for cause, known in _CAUSES if names & set(known)), None)


def _names(error: BaseException) -> Iterator[str]:
    yield type(error).__name__  # and not of its bases: to urllib3 a connection that was never made is a time-out, too
    if isinstance(error, OSError) and error.errno in _NO_ROUTE:
        yield "HostUnreachable"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error with all that it was made of, as far as they are errors."""
    seen: set[int] = set()
    left = [error]
    while left:
        each = left.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), getattr(each, "original_error", None))
        left += [value for value in (*inner, *each.args) if isinstance(value, BaseException)]


ADVICE: dict[Cause, str] = {
    Cause.NAME: "see that this machine's DNS answers (`getent hosts {host}`), and how the address is written; where "
    "only a proxy leads out, set HTTPS_PROXY",
    Cause.REFUSED: "nothing listens there, or a firewall answers for it: see the address and its port",
    Cause.CERTIFICATE: "where a proxy of your own looks into TLS, put its CA into a file and name it in "
    "ZOOM_SYNC_CA_BUNDLE; else see this machine's clock, and whether {host} is who you mean",
    Cause.TLS: "see that the address begins as its server does (https:// or http://), and that no proxy cuts in",
    Cause.PROXY: "see HTTPS_PROXY: its address, its port, its name and password; NO_PROXY names hosts to reach "
    "without it",
    Cause.TIMEOUT: "see that the firewall lets this machine reach {host}; where only a proxy leads out, set "
    "HTTPS_PROXY",
    Cause.ROUTE: "see this machine's network; where only a proxy leads out, set HTTPS_PROXY",
    Cause.LOST: "try again; if it stays so, see what stands between here and {host}",
}


# What is said of a proxy that cannot be reached itself.
OF_A_PROXY: dict[Cause | None, str] = {
    Cause.NAME: "its name is not found",
    Cause.REFUSED: "it refuses the connection",
    Cause.CERTIFICATE: "its certificate is not trusted",
    Cause.TLS: "it speaks no TLS",
    Cause.TIMEOUT: "it does not answer in time",
    Cause.ROUTE: "no way leads to its network",
}


class Unreached(Phrase):
    """What is said of a machine that could not be reached; `cause` and `advice` are with it."""

    __slots__ = ("advice", "cause")
    cause: Cause
    advice: str


def unreached(error: BaseException, url: str, way: Way = DIRECT, *, look: bool = True) -> Unreached:
    """What to say of an error on the way to `url`.

    `look`: whether a certificate that was refused is looked at, to say which it is. Not at an address of a stranger's.
    """
    parts = urlsplit(url)
    host, cause = parts.hostname or url, cause_of(error)
    look = look and not way.proxies(url)
    phrase = _said(cause, host, error, (parts.port or 443) if look else None, way)
    said = Unreached.made_of(phrase.template, phrase.values)
    said.cause, said.advice = cause, ADVICE[cause].format(host=host)
    return said


def _said(cause: Cause, host: str, error: BaseException, port: int | None, way: Way) -> Phrase:
    match cause:
        case Cause.NAME:
            return Phrase("cannot reach {host}: its name is not found", host=host)
        case Cause.REFUSED:
            return Phrase("cannot reach {host}: the connection is refused", host=host)
        case Cause.CERTIFICATE:
            why = _certificate(error, host, port)
            return Phrase("cannot reach {host}: its certificate is not trusted: {why}", host=host, why=why)
        case Cause.TLS:
            return Phrase("cannot reach {host}: what it speaks is no TLS", host=host)
        case Cause.PROXY:
            proxy = urlsplit(way.proxy)
            place = f"{proxy.hostname}:{proxy.port}" if proxy.port else str(proxy.hostname)
            why = _of_proxy(error)
            return Phrase("cannot reach {host} through the proxy {place}: {why}", host=host, place=place, why=why)
        case Cause.TIMEOUT:
            return Phrase("cannot reach {host}: it does not answer in time", host=host)
        case Cause.ROUTE:
            return Phrase("cannot reach {host}: no way leads to its network", host=host)
        case Cause.LOST:
            return Phrase("cannot reach {host}: the connection was lost", host=host)


def _of_proxy(error: BaseException) -> str:
    """What is wrong with a proxy: it answers with a status, or cannot be reached itself."""
    chain = list(_chain(error))
    for each in reversed(chain):
        _, sign, status = str(each).partition("Tunnel connection failed: ")
        if sign:
            return status.rstrip("')")[:80]
    inner = (cause_of_one(each) for each in chain)
    return OF_A_PROXY.get(next((cause for cause in inner if cause not in (None, Cause.PROXY)), None), "it is lost")


def _certificate(error: BaseException, host: str, port: int | None) -> str:
    """Why a certificate is not trusted; whose it is and until when it is good, where it can be looked at."""
    text = next((each.verify_message for each in _chain(error) if isinstance(each, ssl.SSLCertVerificationError)), "")
    seen = "" if port is None else _look(host, port)
    return "; ".join(part for part in (text or type(error).__name__, seen) if part)


def _look(host: str, port: int) -> str:
    """The certificate that a server shows, without trusting it: nothing is sent. Empty where it shows none."""
    from cryptography import x509  # noqa: PLC0415 - heavy, and only for what has gone wrong

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), LOOK_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert(binary_form=True)
        certificate = x509.load_der_x509_certificate(shown or b"")
        subject, issuer = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
    except (OSError, ValueError):
        return ""
    until: datetime = certificate.not_valid_after_utc
    return f"{subject}, by {issuer}, good until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"[:300]

"""A programme from the web: fetched within limits, and only from where a request may go.

An address in a programme's URL may be given by somebody else, so it must not lead to what only this machine can see.
Each host name is resolved once, every address of the answer must be public, and the connection is made to the very
address that was checked: a name that answers otherwise a moment later (DNS rebinding) changes nothing. A redirect is a
new address and is checked as such. Where a proxy is set, it chooses the address itself, so it has to be trusted with
that; what is known here to be private is not asked of it either.

Imports requests where something is fetched, `zoom_sync.errors`, `zoom_sync.network` and the standard library.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import queue
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from zoom_sync.errors import UserError
from zoom_sync.network import DIRECT, Way, unreached

MOST_BYTES = 8 * 1024 * 1024
MOST_SECONDS = 30.0  # for everything: names, redirects, the whole body
LATER = 1.0  # by so many seconds the thread ends after whoever waits for it, who is then always the one that says why
STEP_SECONDS = 10.0  # for one connection, and for each wait for more
MOST_REDIRECTS = 5
CHUNK = 64 * 1024
SCHEMES = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
NOT_MODIFIED = 304

Resolve = Callable[[str, int], Sequence[str]]


class NotFetched(UserError):
    """A source could not be fetched from the web, or may not be."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked beside the address."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches sources. `cache` is a folder for bodies with their ETags; None keeps nothing.

    `allow_private` also lets requests go to private, loopback and link-local addresses: for an intranet. `resolve`
    answers the addresses of a host and port, `now` a time that only grows.
    """

    allow_private: bool = False
    cache: Path | None = None
    resolve: Resolve | None = None
    now: Callable[[], float] = time.monotonic
    way: Way = DIRECT
    most_bytes: int = MOST_BYTES
    most_seconds: float = MOST_SECONDS

    def fetch(self, url: str, ask: Ask | None = None) -> bytes:
        """The body of a URL. Raises NotFetched, which tells no more of the URL than its host.

        What is asked with headers of its own is not kept, and redirected to no other host: they may hold a token.
        """
        told: queue.Queue[bytes | BaseException] = queue.Queue()

        def work() -> None:
            try:
                told.put(self._follow(url, ask))
            except BaseException as error:  # noqa: BLE001 - told to the one who waits
                told.put(error)

        # In a thread, so that the limit of time holds also against a server that sends a byte now and then.
        threading.Thread(target=work, daemon=True, name="fetching a programme").start()
        try:
            answer = told.get(timeout=self.most_seconds)
        except queue.Empty:
            raise NotFetched(f"{_host(url)} took longer than {self.most_seconds:g} seconds: try again later") from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _follow(self, url: str, ask: Ask | None) -> bytes:
        begun = self.now()
        kept = _Kept.of(self.cache, url) if ask is None else None
        first = _host(url)
        for _ in range(MOST_REDIRECTS + 1):
            parts = _checked(url)
            if ask is not None and parts.hostname != first:
                raise NotFetched(f"{first} redirects to another host, which is not asked with what is meant for it")
            answer = self._get(parts, kept.etag if kept else None, ask)
            try:
                if answer.status_code in REDIRECTS and not (ask and ask.method != "GET"):
                    url = _next(url, answer.headers.get("Location"))
                elif answer.status_code == NOT_MODIFIED and kept and kept.etag:
                    return kept.body
                else:
                    body = self._body(answer, parts, begun, ask)
                    if kept:
                        kept.keep(answer.headers.get("ETag") or answer.headers.get("Last-Modified"), body)
                    return body
            finally:
                answer.close()
        raise NotFetched(f"{_host(url)} redirects more than {MOST_REDIRECTS} times")

    def _get(self, parts: SplitResult, etag: str | None, ask: Ask | None = None) -> Any:
        """One request, to the address that was checked."""
        import requests  # noqa: PLC0415 - heavy, and only the web needs it

        from zoom_sync.deadline import DeadlineAdapter  # noqa: PLC0415 - as above

        host, port = parts.hostname or "", parts.port or SCHEMES[parts.scheme]
        proxies = self.way.proxies(parts.geturl())
        address = host if proxies else self._address(host, port)
        if proxies:
            self._refuse_private(host, self._resolved(host, port))

        class ToChecked(DeadlineAdapter):
            """Speaks TLS with the name of the URL, although it is connected to an address."""

            def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
                if parts.scheme == "https":
                    kwargs |= {"server_hostname": host, "assert_hostname": host}
                super().init_poolmanager(*args, **kwargs)

        place = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=f"{place}:{port}", fragment="").geturl()
        headers = {"Host": parts.netloc, "Accept-Encoding": "identity", "User-Agent": "zoom_sync", "Accept": "*/*"}
        if etag:
            headers["If-None-Match" if etag.startswith(('"', "W/")) else "If-Modified-Since"] = etag
        headers |= dict(ask.headers) if ask else {}
        session = requests.Session()
        session.trust_env = False
        session.proxies = proxies
        # The thread that waits here must end too, or each reading of a server that dribbles would leave one behind.
        carrier = DeadlineAdapter if proxies else ToChecked
        session.mount(f"{parts.scheme}://", carrier(self.most_seconds + LATER, body=False))
        try:
            return session.request(
                ask.method if ask else "GET", target, data=ask.body if ask else None, headers=headers,
                timeout=STEP_SECONDS, stream=True, allow_redirects=False, verify=self.way.verify,
            )  # fmt: skip
        except (requests.ConnectionError, requests.Timeout) as error:
            why = unreached(error, parts.geturl(), self.way, look=False)
            raise NotFetched(f"{why}; {why.advice}") from None
        except (requests.RequestException, ValueError):
            raise NotFetched(f"{host} cannot be reached: look at the address, or try again later") from None

    def _address(self, host: str, port: int) -> str:
        """An address of the host to connect to. Raises NotFetched if any of its addresses is not public."""
        addresses = self._resolved(host, port)
        if not addresses:
            raise NotFetched(f"the host {host} is not known: look at the address")
        self._refuse_private(host, addresses)
        return addresses[0]

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        try:
            return (self.resolve or _resolve)(host, port)
        except (OSError, UnicodeError):
            return ()

    def _refuse_private(self, host: str, addresses: Sequence[str]) -> None:
        if not self.allow_private and not all(map(is_public, addresses)):
            raise NotFetched(
                f"{host} is in a private network, and no request is sent there; for an intranet, set"
                " ZOOM_SYNC_ALLOW_PRIVATE_URLS=true"
            )

    def _body(self, answer: Any, parts: SplitResult, begun: float, ask: Ask | None = None) -> bytes:
        host = parts.hostname
        if answer.status_code not in ({200, 201} if ask else {200}):
            if ask is not None and answer.status_code in {401, 403}:
                raise NotFetched(f"{host} answers HTTP {answer.status_code}: the token is wrong, or may not do this")
            raise NotFetched(f"{host} answers HTTP {answer.status_code}: look at the address, and whether it is public")
        if answer.headers.get("Content-Encoding", "identity").lower() not in {"identity", ""}:
            raise NotFetched(f"{host} sends a compressed answer although none was asked for")
        body = bytearray()
        while True:
            try:
                part = answer.raw.read1(CHUNK, decode_content=False)
            except Exception:  # noqa: BLE001 - urllib3 and http.client tell a broken answer in many ways
                raise NotFetched(f"{host} broke off its answer: try again later") from None
            body += part
            if len(body) > self.most_bytes:
                raise NotFetched(f"{host} sends more than {self.most_bytes // 1024} KiB: is it really a programme?")
            if not part:
                return bytes(body)
            if self.now() - begun > self.most_seconds:
                raise NotFetched(f"{host} took longer than {self.most_seconds:g} seconds: try again later")


def is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


# All that is given out of IPv6's global unicast: https://www.iana.org/assignments/ipv6-unicast-address-assignments
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # https://www.rfc-editor.org/rfc/rfc6052#section-2.1
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # https://www.rfc-editor.org/rfc/rfc5214#section-6.1


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet, also behind the forms that carry an IPv4 address in IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved
    inner = _carried(parsed)
    if inner is not None:
        return is_public(str(inner))
    return parsed in _UNICAST and parsed.is_global


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a packet to this one is handed on to."""
    if address in _NAT64 or (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])


def source_name(url: str) -> str:
    """What messages call the source: no more than the host, as paths and queries of calendars hold secrets."""
    return _host(url)


def _host(url: str) -> str:
    with suppress(ValueError):
        return urlsplit(url).hostname or "the address"
    return "the address"


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise NotFetched("this is not an address that can be fetched: correct it") from None
    if parts.scheme not in SCHEMES or not host or any(ord(each) <= 32 or ord(each) > 126 for each in parts.netloc):  # noqa: PLR2004
        raise NotFetched("only addresses that begin with http:// or https:// and name a host can be fetched")
    if parts.username is not None or parts.password is not None:
        raise NotFetched(f"the address of {host} holds a user or a password: fetch the file yourself and read it")
    if port == 0:
        raise NotFetched(f"the address of {host} names port 0: correct it")
    return parts


def _next(url: str, location: str | None) -> str:
    """Where a redirect leads. Raises NotFetched."""
    try:
        target = urljoin(url, location or "")
        downgraded = urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https"
    except ValueError:
        raise NotFetched(f"{_host(url)} redirects to no address") from None
    if not location or downgraded:
        raise NotFetched(f"{_host(url)} redirects to nowhere, or from https:// to something less safe")
    return target


def _resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class _Kept:
    """A body that was fetched before, in one file: its ETag on the first line, then the body. The URL is not in it.

    A server that tells no ETag may tell when the body was last changed: then that stands there.
    """

    path: Path
    etag: str | None = None
    body: bytes = b""

    @classmethod
    def of(cls, folder: Path | None, url: str) -> _Kept | None:
        if folder is None:
            return None
        kept = cls(folder / f"{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()}.fetched")
        with suppress(OSError):
            etag, _, kept.body = kept.path.read_bytes().partition(b"\n")
            kept.etag = etag.decode("latin-1") or None
        return kept

    def keep(self, etag: str | None, body: bytes) -> None:
        """Put it in place whole. A folder that cannot be written only means that it is fetched again."""
        if not etag or "\n" in etag or not etag.isascii():
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(etag.encode() + b"\n" + body)
                Path(name).replace(self.path)
            finally:
                Path(name).unlink(missing_ok=True)

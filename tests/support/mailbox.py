"""A mail server and a webhook's receiver, both real and on this machine."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Mailbox:
    """What the server took, who signed in, and how it behaves. `refuse` maps a command to the answer it gets."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    port: int = 0


class _Session(socketserver.StreamRequestHandler):
    """One connection, in the few words of RFC 5321 that a client of this project says."""

    timeout = 20

    def handle(self) -> None:
        self.box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self.secure = False
        self._say("220 here")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            word = word.upper()
            if word in self.box.refuse:
                self._say(self.box.refuse[word])
                continue
            if not getattr(self, f"_on_{word.lower()}", self._on_other)(rest):
                return

    def finish(self) -> None:
        super().finish()
        if self.secure:
            self.connection.close()

    def _say(self, *lines: str) -> bool:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        return True

    def _on_ehlo(self, _: str) -> bool:
        offered = [] if self.secure or self.box.context is None else ["250-STARTTLS"]
        return self._say("250-here", *offered, "250 AUTH PLAIN")

    def _on_starttls(self, _: str) -> bool:
        assert self.box.context is not None
        self._say("220 go on")
        self.rfile.close()
        self.wfile.close()
        try:
            self.connection = self.box.context.wrap_socket(self.connection, server_side=True)
        except OSError:  # the client did not trust us
            return False
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.secure = True
        return True

    def _on_auth(self, told: str) -> bool:
        self.box.logins.append(base64.b64decode(told.rsplit(maxsplit=1)[-1]).decode())
        return self._say("235 welcome")

    def _on_rcpt(self, told: str) -> bool:
        self.box.recipients.append(told)
        return self._say("250 ok")

    def _on_data(self, _: str) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.box.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.box.encrypted.append(self.secure)
        return self._say("250 taken")

    def _on_quit(self, _: str) -> bool:
        self._say("221 bye")
        return False

    def _on_other(self, _: str) -> bool:
        return self._say("250 ok")


@contextlib.contextmanager
def mail_server(context: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A mail server; with a context it offers STARTTLS."""
    box = Mailbox(context=context)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        with _running(server):
            yield box


@dataclass
class Receiver:
    """What came, checked as a receiver should. `answers` are the statuses of the next requests, 204 afterwards.

    `headers` go with every answer.
    """

    secret: str
    got: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0
    requests: int = 0
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        receiver.requests += 1
        content = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"v1:{self.headers['X-Zoom-Sync-Timestamp']}:".encode() + content
        mine = "v1=" + hmac.new(receiver.secret.encode(), signed, hashlib.sha256).hexdigest()
        status = receiver.answers.pop(0) if receiver.answers else 204
        if not hmac.compare_digest(mine, self.headers["X-Zoom-Sync-Signature"]):
            receiver.forged += 1
            status = 401
        elif status == 204:
            receiver.got.append(json.loads(content))
        self.send_response(status)
        self.send_header("Location", f"{receiver.url}/elsewhere")
        self.send_header("Content-Length", "0")
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def hook_receiver(secret: str) -> Iterator[Receiver]:
    """The receiver of a webhook."""
    receiver = Receiver(secret)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Taking) as server:
        server.receiver = receiver  # type: ignore[attr-defined]
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
        with _running(server):
            yield receiver


@contextlib.contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()

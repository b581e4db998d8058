"""Notifications by mail: one server, one connection for each digest, and nothing of the credentials in any log."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Literal

from zoom_sync.adapters.notify.wording import body, headline
from zoom_sync.deadline import OpenCall, bounded
from zoom_sync.domain.notices import Digest
from zoom_sync.errors import NotSent
from zoom_sync.network import unreached

TIMEOUT_SECONDS = 10.0  # for each wait for more
WHOLE_SECONDS = 60.0  # for a mail, from the connection on


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. `context` replaces the usual check of the server's certificate."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    timeout: float = TIMEOUT_SECONDS
    whole: float = WHOLE_SECONDS


@dataclass(frozen=True, slots=True)
class Mail:
    """The `Channel` by mail."""

    server: MailServer
    sender: str = field(repr=False)
    to: Sequence[str] = field(repr=False)
    language: str
    now: Callable[[], datetime]
    name: str = "mail"

    def check(self) -> str:
        self._with_server(lambda smtp: smtp.noop())
        return f"{self.server.host}:{self.server.port} accepts mail for {len(self.to)} address(es)"

    def send(self, digest: Digest) -> str:
        message = self._message(digest)
        refused: list[object] = []
        self._with_server(lambda smtp: refused.extend(smtp.send_message(message)))
        text = f"{len(self.to) - len(refused)} of {len(self.to)} address(es)"
        return f"{text} by {self.server.host}:{self.server.port}"

    def _message(self, digest: Digest) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = f"[zoom_sync] {headline(digest, self.language)}"
        message["From"] = self.sender
        message["To"] = ", ".join(self.to)
        message["Date"] = format_datetime(self.now())
        message["Message-ID"] = make_msgid(domain=Address(addr_spec=self.sender).domain)
        message["X-Zoom-Sync-Digest"] = digest.id
        message["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday answers it (RFC 3834)
        message.set_content(body(digest, self.language))
        return message

    def _with_server(self, do: Callable[[smtplib.SMTP], object]) -> None:
        """Raises NotSent. What the server says is not repeated: it may name addresses."""
        server = self.server
        with bounded(server.whole) as call:
            try:
                self._talk(call, do)
            except smtplib.SMTPNotSupportedError:
                raise NotSent(f"the mail server {server.host} does not offer what the settings ask of it") from None
            except (OSError, smtplib.SMTPException, ValueError) as error:
                if call.is_cut:
                    raise NotSent(f"the mail server {server.host}:{server.port} does not answer in time") from None
                raise NotSent(_why(server, error)) from None

    def _talk(self, call: OpenCall, do: Callable[[smtplib.SMTP], object]) -> None:
        server = self.server
        context = server.context or ssl.create_default_context()
        with _connected(server, context, call) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
            do(smtp)


def _why(server: MailServer, error: OSError | smtplib.SMTPException | ValueError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server {server.host} refused: {type(error).__name__} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"the mail server {server.host} refused every address"
    if isinstance(error, smtplib.SMTPException | ValueError):
        return f"the mail server {server.host}:{server.port}: {type(error).__name__}"
    return unreached(error, f"smtp://{server.host}:{server.port}")


def _connected(server: MailServer, context: ssl.SSLContext, call: OpenCall) -> smtplib.SMTP:
    class Noting(smtplib.SMTP):
        """Tells the call its socket, below TLS, so that a handshake that dribbles is cut too."""

        def _get_socket(self, *arguments: Any) -> socket.socket:
            connected: socket.socket = super()._get_socket(*arguments)  # type: ignore[misc]  # not in the stubs
            call.uses(connected)
            return connected

    class NotingTLS(smtplib.SMTP_SSL, Noting):
        pass

    if server.security == "tls":
        return NotingTLS(server.host, server.port, timeout=server.timeout, context=context)
    return Noting(server.host, server.port, timeout=server.timeout)

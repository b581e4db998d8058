"""Notifications by mail: one server, one connection for each digest, and nothing of the credentials in any log."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal

from zoom_sync.adapters.notify.wording import body, headline
from zoom_sync.domain.notices import Digest
from zoom_sync.errors import NotSent
from zoom_sync.network import unreached

TIMEOUT_SECONDS = 10.0  # of each answer of the server


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
        return f"{self.server.host}:{self.server.port} takes mails for {len(self.to)} address(es)"

    def send(self, digest: Digest) -> str:
        message = self._message(digest)
        refused: list[object] = []
        self._with_server(lambda smtp: refused.extend(smtp.send_message(message)))
        told = f"{len(self.to) - len(refused)} of {len(self.to)} address(es)"
        return f"{told} by {self.server.host}:{self.server.port}"

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
        told = self.server
        context = told.context or ssl.create_default_context()
        try:
            with self._connected(context) as smtp:
                if told.security == "starttls":
                    smtp.starttls(context=context)
                if told.user:
                    smtp.login(told.user, told.password)
                do(smtp)
        except smtplib.SMTPNotSupportedError:
            raise NotSent(f"the mail server {told.host} does not offer what the settings ask of it") from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"the mail server {told.host} refused: {type(error).__name__} {error.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused:
            raise NotSent(f"the mail server {told.host} refused every address") from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if isinstance(error, smtplib.SMTPException | ValueError):
                raise NotSent(f"the mail server {told.host}:{told.port}: {type(error).__name__}") from None
            raise NotSent(unreached(error, f"smtp://{told.host}:{told.port}")) from None

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        told = self.server
        if told.security == "tls":
            return smtplib.SMTP_SSL(told.host, told.port, timeout=told.timeout, context=context)
        return smtplib.SMTP(told.host, told.port, timeout=told.timeout)

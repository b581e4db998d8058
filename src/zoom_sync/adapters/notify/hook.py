"""Notifications as a webhook of our own: JSON, signed, to one address.

Whoever receives it computes HMAC-SHA256 over `v1:TIMESTAMP:BODY` with the shared secret, compares it in constant time
with the header after `v1=`, and refuses what is older than some minutes. A digest that comes twice has the same `id`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.util import Retry

from zoom_sync.adapters.notify.wording import LANGUAGES, advice, headline, said
from zoom_sync.deadline import DeadlineAdapter
from zoom_sync.domain.notices import Digest, Notice
from zoom_sync.errors import NotSent
from zoom_sync.network import DIRECT, Way, unreached

TIMESTAMP, SIGNATURE = "X-Zoom-Sync-Timestamp", "X-Zoom-Sync-Signature"
TIMEOUT_SECONDS = (5.0, 10.0)  # to connect, for each wait for more
WHOLE_SECONDS = 45.0  # with what is tried again
# At once, whatever the receiver says of waiting; beyond that the schedule tries again, ever later.
RETRIES = Retry(
    total=2, redirect=0, backoff_factor=0.3, status_forcelist=(502, 503, 504), allowed_methods=None,
    raise_on_status=False, respect_retry_after_header=False,
)  # fmt: skip


def sign(secret: str, timestamp: str, content: bytes) -> str:
    """The signature of a body at a time."""
    message = b"v1:" + timestamp.encode() + b":" + content
    return "v1=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Hook:
    """The `Channel` by webhook. One digest is given up after `seconds`."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    language: str
    user_agent: str
    now: Callable[[], datetime]
    name: str = "hook"
    way: Way = DIRECT
    seconds: float = WHOLE_SECONDS

    def check(self) -> str:
        """The address cannot be tried without sending something to it."""
        return f"{self._place}: `zoom-sync notify --test` sends something there"

    def send(self, digest: Digest) -> str:
        now = self.now()
        content = json.dumps(digest_json(digest, self.language, now), ensure_ascii=False).encode()
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": self.user_agent,
            TIMESTAMP: timestamp,
            SIGNATURE: sign(self.secret, timestamp, content),
        }
        status = self._post(content, headers)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotSent(f"{self._place} answered {status}")
        return self._place

    def _post(self, content: bytes, headers: dict[str, str]) -> int:
        with requests.Session() as session:
            session.trust_env = False
            session.proxies, session.verify = self.way.proxies(self.url), self.way.verify
            for scheme in ("https://", "http://"):
                session.mount(scheme, DeadlineAdapter(self.seconds, body=False, max_retries=RETRIES))
            try:
                answer = session.post(
                    self.url, data=content, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
                )
            except (requests.RequestException, ValueError) as error:
                raise NotSent(unreached(error, self._place, self.way)) from None
            answer.close()  # what it says is not read
            return int(answer.status_code)

    @property
    def _place(self) -> str:
        """The address without its path, which may be a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def digest_json(digest: Digest, language: str, now: datetime) -> dict[str, Any]:
    """A digest as it is sent. Fields are added and not changed."""
    return {
        "version": 1,
        "id": digest.id,
        "test": digest.test,
        "sent_at": now.isoformat(),
        "headline": headline(digest, language),
        "open": digest.open,
        "notices": [_notice_json(notice, language) for notice in digest.new],
    }


def _notice_json(notice: Notice, language: str) -> dict[str, Any]:
    return {
        "subject": str(notice.subject),
        "urgent": notice.urgent,
        "event": notice.event,
        "event_title": notice.event_title,
        "session": notice.concern.key,
        "title": notice.title,
        "start": None if notice.start is None else notice.start.isoformat(),
        "what": notice.concern.what,
        "why": notice.concern.why,
        "text": said(notice, LANGUAGES[language]),
        "advice": advice(notice, LANGUAGES[language]),
    }

"""A sign of life to an address outside: whoever is there alarms when it stops (https://healthchecks.io/docs/http_api/)."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from zoom_sync.deadline import DeadlineAdapter
from zoom_sync.errors import NotSent
from zoom_sync.network import DIRECT, Way, unreached

TIMEOUT_SECONDS = (5.0, 10.0)  # to connect, for each wait for more
WHOLE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Calls one address, within `seconds`. Its path is a secret: who has it can pretend that all is well."""

    url: str = field(repr=False)
    user_agent: str
    way: Way = DIRECT
    seconds: float = WHOLE_SECONDS

    def call(self) -> None:
        """Call it once. Raises NotSent."""
        parts = urlsplit(self.url)
        place = f"{parts.scheme}://{parts.hostname}"
        with requests.Session() as session:
            session.trust_env = False
            session.proxies, session.verify = self.way.proxies(self.url), self.way.verify
            for scheme in ("https://", "http://"):
                session.mount(scheme, DeadlineAdapter(self.seconds, body=False))
            try:
                answer = session.get(
                    self.url,
                    headers={"User-Agent": self.user_agent},
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                    stream=True,
                )
            except (requests.RequestException, ValueError) as error:
                raise NotSent(unreached(error, place, self.way)) from None
            answer.close()  # what it says is not read
            if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
                raise NotSent(f"{place} answered {answer.status_code}")

"""Server-to-Server OAuth: one token, shared, renewed before it ends and once after Zoom refused it.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import requests
from requests.adapters import BaseAdapter

from zoom_sync.adapters.zoom.answers import Answer, bounded, date_of
from zoom_sync.adapters.zoom.clock import contradicts
from zoom_sync.deadline import DeadlineAdapter
from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import Unauthorized, Unavailable, ZoomError
from zoom_sync.network import DIRECT, Way, unreached

# Renewed this long before it ends (or at half its time), so that no request leaves with one that ends on its way.
EARLY = timedelta(minutes=5)
# Wrong credentials are not asked about again for so long: a thousand calls in a row must not be a thousand sign-ins.
REFUSED_FOR = timedelta(seconds=30)
TIMEOUT_SECONDS = (5.0, 20.0)
WHOLE_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, when it ends, and when it is to be replaced; by Zoom's clock.

    `scopes` are what it may do, for its whole life; none where Zoom did not say, or another process asked for it.
    """

    value: str = field(repr=False)
    ends: datetime
    renew_at: datetime
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Zoom's app page shows for a Server-to-Server OAuth app."""

    account_id: str
    client_id: str
    client_secret: str = field(repr=False)


# Told how a sign-in ended: None where Zoom gave a token.
SignedIn = Callable[["ZoomError | None"], None]


def _nobody(_error: ZoomError | None) -> None:
    return None


class TokenCache(Protocol):
    """Where processes share the token. One that is away is empty: it never raises."""

    def get(self) -> Token | None: ...

    def put(self, token: Token) -> None: ...


class Tokens:
    """Hands out a valid token; of many threads that need a new one, one asks."""

    def __init__(
        self,
        credentials: Credentials,
        url: str,
        now: Callable[[], datetime],
        told: Callable[[datetime], None],
        cache: TokenCache | None = None,
        transport: BaseAdapter | None = None,
        user_agent: str | None = None,
        signed_in: SignedIn | None = None,
        way: Way = DIRECT,
    ) -> None:
        """`now` and `told` are Zoom's clock: read, and put right by an answer's Date header.

        `cache` shares the token with other processes. `transport` carries the requests in place of the network.
        `user_agent` is who asks; by default requests' own name. `signed_in` is called after each try, with its error
        where it failed. `way` leads out of this machine.
        """
        self._credentials = credentials
        self._url = url
        self._now = now
        self._told = told
        self._cache = cache
        self._transport = transport
        self._user_agent = user_agent
        self._signed_in = signed_in or _nobody
        self._way = way
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._refusal: tuple[str, datetime] | None = None
        self.heard = False  # whether Zoom's clock is known from here

    def token(self) -> Token:
        """A token that is good for some minutes yet. Raises Unauthorized, or Unavailable where none could be had."""
        return self._good(self._token, None) or self._renew(None)

    def renewed(self, refused: Token) -> Token:
        """Another token than the one that Zoom has just refused. Raises as `token`."""
        return self._renew(refused)

    def granted_scopes(self) -> frozenset[str] | None:
        """The scopes of a token that is asked for now, as the app has them by now; None where Zoom does not name them.

        Raises as `token`.
        """
        with self._lock:
            self._token = self._fetch()
            if self._cache is not None:
                self._cache.put(self._token)
            return self._token.scopes or None

    def _good(self, token: Token | None, refused: Token | None) -> Token | None:
        if token is None or self._now() >= token.renew_at or (refused is not None and token.value == refused.value):
            return None
        return token

    def _renew(self, refused: Token | None) -> Token:
        with self._lock:
            token = self._good(self._token, refused)  # another thread was first
            if token is None and self._cache is not None:
                token = self._good(self._cache.get(), refused)  # another process was first
            if token is None:
                token = self._fetch()
                if self._cache is not None:
                    self._cache.put(token)
            self._token = token
            return token

    def _fetch(self) -> Token:
        if self._refusal is not None and self._refusal[1] - REFUSED_FOR <= self._now() < self._refusal[1]:
            raise Unauthorized(self._refusal[0])
        try:
            token = self._ask()
        except ZoomError as error:
            self._signed_in(error)
            raise
        self._signed_in(None)
        return token

    def _session(self) -> Any:
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415 - as in `_ask`

        session = OAuth2Session(self._credentials.client_id, self._credentials.client_secret)
        if self._user_agent is not None:
            session.headers["User-Agent"] = self._user_agent
        session.trust_env = False  # as for all other calls: no proxy and no .netrc that nobody named
        session.proxies, session.verify = self._way.proxies(self._url), self._way.verify
        transport = self._transport or DeadlineAdapter(WHOLE_SECONDS)
        session.mount("https://", transport)
        session.mount("http://", transport)
        return session

    def _ask(self) -> Token:
        # Slow to import, and most commands never sign in: they read the store.
        from authlib.integrations.base_client import OAuthError  # noqa: PLC0415 - see above

        session = self._session()
        answers: list[requests.Response] = []

        def keep(answer: requests.Response) -> requests.Response:
            answers.append(answer)
            return answer

        session.register_compliance_hook("access_token_response", keep)
        sent = self._now()
        try:
            with session:
                value = session.fetch_token(
                    self._url,
                    grant_type="account_credentials",
                    account_id=self._credentials.account_id,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
        except OAuthError as error:
            raise self._refused(answers[-1], str(error.error)) from None
        except requests.exceptions.ConnectionError as error:
            raise Unavailable(unreached(error, self._url, self._way)) from None
        except requests.exceptions.Timeout as error:
            raise Unavailable(unreached(error, self._url, self._way)) from None
        except (requests.exceptions.RequestException, ValueError, RecursionError):
            value = Phrase("{url} answered nothing that could be read in place of a token", url=self._url)
            if answers:
                status = answers[-1].status_code
                value = Phrase("{url} answered HTTP {status} in place of a token", url=self._url, status=status)
            raise Unavailable(value) from None
        finally:
            if answers:
                self._note_date(answers[-1], sent)
        return self._read(value)

    def _refused(self, answer: requests.Response, error: str) -> Unauthorized | Unavailable:
        if answer.status_code == 429:
            return Unavailable(Phrase("Zoom asks to wait before the next token"), status=429)
        reason = ""
        with suppress(ValueError, AttributeError, RecursionError):
            reason = str(answer.json().get("reason") or "")  # what a person can read; authlib does not keep it
        text = bounded(": ".join(part for part in (error, reason) if part), self._credentials.client_secret)
        message = Phrase("Zoom refused the app's credentials: {why}", why=text)
        self._refusal = (message, self._now() + REFUSED_FOR)
        return Unauthorized(message, status=answer.status_code)

    def _read(self, told: Any) -> Token:
        try:
            value, lifetime = str(told["access_token"]), timedelta(seconds=int(told["expires_in"]))
            now = self._now()
            scopes = frozenset(str(told.get("scope") or "").split())
            token = Token(value, now + lifetime, now + lifetime - min(EARLY, lifetime / 2), scopes)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            raise Unavailable(Phrase("Zoom's answer holds no token")) from None
        if not value.isascii() or not value.isprintable() or " " in value:
            raise Unavailable(Phrase("Zoom's answer holds a token that no header can carry"))
        return token

    def _note_date(self, response: requests.Response, sent: datetime) -> None:
        headers = {name.casefold(): value for name, value in response.headers.items()}
        server = date_of(Answer(response.status_code, headers, b""))
        if server is None:
            return
        self.heard = True
        if contradicts(server, sent, self._now()):
            self._told(server)

"""Server-to-Server OAuth: one token, shared, renewed before it ends and once after Zoom refused it.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import BaseAdapter

from zoom_sync.adapters.zoom.protocol import Answer, date_of
from zoom_sync.errors import NoProperAnswer, Unauthorized, Unavailable

# Renewed this long before it ends, so that no request leaves with a token that ends on its way.
EARLY = timedelta(minutes=5)
TIMEOUT_SECONDS = (5.0, 20.0)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends, by Zoom's clock."""

    value: str = field(repr=False)
    ends: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Zoom's app page shows for a Server-to-Server OAuth app."""

    account_id: str
    client_id: str
    client_secret: str = field(repr=False)


class TokenCache(Protocol):
    """Where the token is kept between calls, for one process or for all of them."""

    def get(self) -> Token | None: ...

    def put(self, token: Token) -> None: ...


class ProcessTokenCache:
    """The token in this process's memory."""

    def __init__(self) -> None:
        self._token: Token | None = None

    def get(self) -> Token | None:
        return self._token

    def put(self, token: Token) -> None:
        self._token = token


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
    ) -> None:
        """`now` and `told` are Zoom's clock: read, and put right by an answer's Date header.

        `transport` carries the requests in place of the network.
        """
        self._credentials = credentials
        self._url = url
        self._now = now
        self._told = told
        self._cache = cache or ProcessTokenCache()
        self._transport = transport
        self._lock = threading.Lock()

    def token(self) -> Token:
        """A token that is good for some minutes yet. Raises Unauthorized, Unavailable, NoProperAnswer."""
        return self._valid() or self._renew(None)

    def renewed(self, refused: Token) -> Token:
        """Another token than the one that Zoom has just refused. Raises as `token`."""
        return self._renew(refused)

    def _valid(self) -> Token | None:
        token = self._cache.get()
        return token if token is not None and self._now() < token.ends - EARLY else None

    def _renew(self, refused: Token | None) -> Token:
        with self._lock:
            token = self._valid()
            if token is not None and (refused is None or token.value != refused.value):
                return token  # another thread was first
            token = self._fetch()
            self._cache.put(token)
            return token

    def _fetch(self) -> Token:
        session = OAuth2Session(self._credentials.client_id, self._credentials.client_secret)
        session.hooks["response"].append(self._note_date)
        if self._transport is not None:
            session.mount("https://", self._transport)
            session.mount("http://", self._transport)
        try:
            with session:
                answer = session.fetch_token(
                    self._url,
                    grant_type="account_credentials",
                    account_id=self._credentials.account_id,
                    timeout=TIMEOUT_SECONDS,
                )
        except OAuthError as error:
            # Zoom puts what a person can read under `reason`, which authlib does not keep.
            raise Unauthorized(f"Zoom refused the app's credentials: {error.error}") from None
        except requests.exceptions.ConnectionError:
            raise Unavailable(f"cannot reach {self._url}") from None
        except (requests.exceptions.RequestException, ValueError) as error:
            raise NoProperAnswer(f"no proper answer from {self._url}: {type(error).__name__}") from None
        return self._read(answer)

    def _read(self, answer: Any) -> Token:
        try:
            return Token(str(answer["access_token"]), self._now() + timedelta(seconds=int(answer["expires_in"])))
        except (KeyError, TypeError, ValueError):
            raise NoProperAnswer("Zoom's answer holds no token") from None

    def _note_date(self, response: requests.Response, *_: Any, **__: Any) -> None:
        headers = {name.casefold(): value for name, value in response.headers.items()}
        told = date_of(Answer(response.status_code, headers, b""))
        if told is not None:
            self._told(told)

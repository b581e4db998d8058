"""Sign-in through an OpenID provider: code flow with PKCE, the ID token checked before anything in it is believed.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth, https://www.rfc-editor.org/rfc/rfc7636
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from zoom_sync.deadline import DeadlineAdapter
from zoom_sync.errors import SignInRefused
from zoom_sync.network import DIRECT, Way, unreached

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10  # for each wait for more
WHOLE_SECONDS = 20.0  # for one question to the provider
LEEWAY_SECONDS = 60  # by which the provider's clock may be off
KEPT_SECONDS = 3600  # how long what the provider says of itself is believed
# Signed with the provider's own key; `none` and the client's secret as a key are not accepted.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
SCOPE = "openid profile email"


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows us by. `issuer` is its address, as its tokens say it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Begun:
    """The secrets of one sign-in: `state` and `nonce` bind the answer to this browser, `verifier` the code to us."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class OpenID:
    """One provider. Every method raises SignInRefused, whose message holds nothing of what the provider sent."""

    def __init__(self, client: Client, way: Way = DIRECT, seconds: float = WHOLE_SECONDS) -> None:
        """`way` leads out of this machine; each question to the provider is given up after `seconds`."""
        self._client = client
        self._way = way
        self._seconds = seconds
        self._lock = threading.Lock()
        self._told: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._told_at = 0.0

    def address(self, begun: Begun) -> str:
        """Where to send the browser."""
        session = self._session()
        url, _ = session.create_authorization_url(
            self._metadata()["authorization_endpoint"],
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
        return str(url)

    def claims(self, code: str, begun: Begun) -> Mapping[str, Any]:
        """What the provider vouches for about who came back with this code."""
        token = self._token(code, begun)
        value = token.get("id_token")
        if not isinstance(value, str):
            raise SignInRefused("the identity provider sent no ID token")
        try:
            decoded = jwt.decode(value, self._key_set(), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            decoded = self._with_new_keys(value)
        self._check(decoded, begun, str(token.get("access_token", "")))
        return dict(decoded.claims)

    def _check(self, decoded: jwt.Token, begun: Begun, access_token: str) -> None:
        # https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
        options = {
            "iss": {"essential": True, "value": self._client.issuer},
            "aud": {"essential": True, "value": self._client.client_id},
        }
        params = {"nonce": begun.nonce, "client_id": self._client.client_id, "access_token": access_token}
        try:
            CodeIDToken(decoded.claims, decoded.header, options, params).validate(leeway=LEEWAY_SECONDS)
        except (JoseError, OAuthError, ValueError, TypeError) as error:
            raise SignInRefused(f"the identity provider's ID token is not right: {type(error).__name__}") from None

    def _with_new_keys(self, text: str) -> jwt.Token:
        """Providers change their keys: a token that no known key fits is tried once with the keys of now."""
        try:
            return jwt.decode(text, self._key_set(fresh=True), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError) as error:
            raise SignInRefused(f"the identity provider's ID token is not right: {type(error).__name__}") from None

    def _token(self, code: str, begun: Begun) -> Mapping[str, Any]:
        try:
            values: Mapping[str, Any] = self._session().fetch_token(
                self._metadata()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
                redirect_uri=self._client.redirect_uri,
            )
        except OAuthError as error:
            raise SignInRefused(f"the identity provider refused: {error.error}") from None
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _away(error, self._client.issuer, self._way) from None
        except (requests.RequestException, ValueError):
            raise _away() from None
        return values

    def _session(self) -> OAuth2Session:
        session = OAuth2Session(
            self._client.client_id,
            self._client.client_secret,
            scope=SCOPE,
            redirect_uri=self._client.redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_SECONDS,
        )
        self._prepare(session, self._client.issuer)
        return session

    def _prepare(self, session: requests.Session, url: str) -> None:
        session.trust_env = False
        session.proxies, session.verify = self._way.proxies(url), self._way.verify
        for scheme in ("https://", "http://"):
            session.mount(scheme, DeadlineAdapter(self._seconds))

    def _metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself; see https://openid.net/specs/openid-connect-discovery-1_0.html."""
        with self._lock:
            if not self._told or time.monotonic() > self._told_at + KEPT_SECONDS:
                values = self._read(self._client.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if values.get("issuer") != self._client.issuer:
                    raise SignInRefused("the identity provider says it is another one; see ZOOM_SYNC_OIDC_ISSUER")
                if not all(isinstance(values.get(name), str) for name in NEEDED):
                    raise _away()
                self._told, self._keys, self._told_at = values, None, time.monotonic()
            return self._told

    def _read(self, url: str) -> dict[str, Any]:
        with requests.Session() as session:
            self._prepare(session, url)
            try:
                answer = session.get(url, timeout=TIMEOUT_SECONDS)
                answer.raise_for_status()
                value = answer.json()
            except (requests.ConnectionError, requests.Timeout) as error:
                raise _away(error, url, self._way) from None
            except (requests.RequestException, ValueError):
                raise _away() from None
        if not isinstance(value, dict):
            raise _away()
        return value

    def _key_set(self, *, fresh: bool = False) -> KeySet:
        address = self._metadata()["jwks_uri"]
        with self._lock:
            if self._keys is None or fresh:
                try:
                    self._keys = KeySet.import_key_set(self._read(address))  # type: ignore[arg-type]  # checked by it
                except (JoseError, ValueError, KeyError, TypeError):
                    raise _away() from None
            return self._keys


NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _away(error: BaseException | None = None, url: str = "", way: Way = DIRECT) -> SignInRefused:
    """What is said to whoever signs in; whoever runs it finds in the log why."""
    if error is not None:
        why = unreached(error, url, way)
        log.warning("identity_provider_away", extra={"reason": str(why), "advice": why.advice})
    return SignInRefused("the identity provider cannot be reached now; try again in a minute")

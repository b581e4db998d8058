"""Server-to-Server OAuth: the token request, and which tokens are good.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl

from .messages import Request, Response, json_response
from .mint import Mint
from .refusals import Refusal, expired_token, invalid_token, missing_scopes

LIFETIME = 3600


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the client has to know; the simulator's own secrets, of no use anywhere else."""

    account_id: str
    client_id: str
    client_secret: str
    webhook_secret: str


@dataclass(frozen=True, slots=True)
class Token:
    """One access token: its end and the scopes it was issued with. It never gains scopes later."""

    value: str
    expires: float
    scopes: tuple[str, ...]


def make_credentials(mint: Mint) -> Credentials:
    """Credentials of the seed."""
    return Credentials(*(mint.text(f"credential-{number}", 22) for number in range(4)))


class TokenBook:
    """The tokens issued so far.

    `single`: a new token ends the older ones. Zoom says that several may be in use at once; some of its
    customers saw otherwise, so a client should live with both.
    """

    def __init__(self, credentials: Credentials, scopes: Iterable[str], single: bool, mint: Mint) -> None:
        self.credentials = credentials
        self.scopes = tuple(scopes)
        self.single = single
        self._mint = mint
        self._tokens: dict[str, Token] = {}

    def issue(self, request: Request, now: float, api_url: str) -> Response:
        """Answers POST /oauth/token; raises Refusal with Zoom's `reason` and `error`."""
        form = {**request.query, **dict(parse_qsl(request.body.decode("utf-8", "replace")))}
        self._check_client(request.header("Authorization"))
        if form.get("grant_type") != "account_credentials":
            raise _denied(400, "unsupported grant type", "unsupported_grant_type")
        if form.get("account_id") != self.credentials.account_id:
            raise _denied(400, "Bad Request", "invalid_request")
        token = self._add(now)
        return json_response(
            {
                "access_token": token.value,
                "token_type": "bearer",
                "expires_in": LIFETIME,
                "scope": " ".join(token.scopes),
                "api_url": api_url,
            }
        )

    def _check_client(self, authorization: str) -> None:
        scheme, _, encoded = authorization.partition(" ")
        try:
            pair = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            pair = ""
        known = self.credentials
        if scheme.lower() != "basic" or pair != f"{known.client_id}:{known.client_secret}":
            raise _denied(400, "Invalid client_id or client_secret", "invalid_client")

    def _add(self, now: float) -> Token:
        if self.single:
            self._tokens.clear()
        self._tokens = {value: token for value, token in self._tokens.items() if token.expires > now - LIFETIME}
        token = Token("sim." + self._mint.text("token", 44), now + LIFETIME, self.scopes)
        self._tokens[token.value] = token
        return token

    def check(self, authorization: str, wanted: tuple[str, ...], classic: tuple[str, ...], now: float) -> str:
        """The token of an API request; raises Refusal where it is unknown or over, or lacks every scope of both."""
        scheme, _, value = authorization.partition(" ")
        token = self._tokens.get(value.strip())
        if scheme.lower() != "bearer" or token is None:
            raise invalid_token()
        if now >= token.expires:
            raise expired_token()
        if not any(scope in token.scopes for scope in (*wanted, *classic)):
            raise missing_scopes(wanted)
        return token.value

    def end(self, authorization: str, *, revoked: bool) -> None:
        """Ends the token of a request: it is over (expired), or was never there (revoked)."""
        token = self._tokens.pop(authorization.partition(" ")[2].strip(), None)
        if token and not revoked:
            self._tokens[token.value] = Token(token.value, 0.0, token.scopes)

    def to_json(self) -> list[dict[str, object]]:
        """The tokens, for a state file."""
        return [asdict(token) for token in self._tokens.values()]

    def restore(self, tokens: Iterable[Token]) -> None:
        """Goes on with the tokens of a state file."""
        self._tokens = {token.value: token for token in tokens}


def _denied(status: int, reason: str, error: str) -> Refusal:
    return Refusal(status, {"reason": reason, "error": error})

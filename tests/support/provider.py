"""An OpenID provider on a port of this machine: discovery, authorisation, token and keys, as the specification has them.

It signs in whoever comes, as `claims` say, without asking. It checks what a provider checks: the client and its secret,
the redirect URI, that a code is used once, and its PKCE verifier. `spoil` changes an ID token before it is signed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "zoom-sync", "provider's secret: with a colon"


class Provider:
    """The provider, serving from a thread for the time of a block."""

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri
        self.claims: dict[str, Any] = {"sub": "248289761001", "preferred_username": "jane", "groups": ["staff-group"]}
        self.spoil: Callable[[dict[str, Any]], Any] = lambda _claims: None
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.header: dict[str, Any] = {}
        self.signed_with: Any = None
        self.issuer_told: str | None = None
        self.without_id_token = False
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def new_key(self) -> None:
        """Providers change their keys; from now on the old one is gone."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})

    def authorise(self, query: dict[str, str]) -> str | None:
        """Where the browser is sent back to; None for a request that no provider would take."""
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": self.redirect_uri,
                  "code_challenge_method": "S256"}  # fmt: skip
        if any(query.get(name) != value for name, value in wanted.items()) or "openid" not in query["scope"].split():
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{self.redirect_uri}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        told = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client, _, secret = told.partition(":")
        if (unquote(client), unquote(secret)) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            begun is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != self.redirect_uri
            or challenge.decode().rstrip("=") != begun["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300}
        return 200, answer if self.without_id_token else {**answer, "id_token": self._id_token(begun["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **self.claims}
        self.spoil(claims)
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        if header["alg"] == "none":
            parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in (header, claims))
            return ".".join(part.rstrip("=") for part in (*parts, ""))
        key = self.signed_with or self.key
        return jwt.encode(header, claims, key, algorithms=["RS256", "HS256"])

    def about(self) -> dict[str, str]:
        return {
            "issuer": self.issuer_told or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                provider.asked.append(parts.path)
                if parts.path == "/.well-known/openid-configuration":
                    self._json(200, provider.about())
                elif parts.path == "/keys":
                    self._json(200, {"keys": [provider.key.as_dict(private=False)]})
                elif parts.path == "/authorise":
                    back = provider.authorise({name: values[0] for name, values in parse_qs(parts.query).items()})
                    self.send_response(302 if back else 400)
                    self.send_header("Location", back or "")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self._json(404, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._json(*provider.token(form, self.headers.get("Authorization", "")))

            def _json(self, status: int, told: Any) -> None:
                content = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


def symmetric(text: str) -> OctKey:
    """A key for who signs with what everybody knows."""
    return OctKey.import_key(text)

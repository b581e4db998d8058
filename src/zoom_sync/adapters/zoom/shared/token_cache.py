"""The access token in Redis, so that all processes use one.

It is encrypted with a key made from the client secret: who can read the Redis, but does not know the secret, gains
nothing; who knows the secret can have a token anyway.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis import Redis
from redis.exceptions import RedisError

from zoom_sync.adapters.zoom.auth import Credentials, Token

NONCE_BYTES = 12  # what AES-GCM takes


class RedisTokenCache:
    """The `TokenCache` of all processes that share a Redis and the app's credentials.

    A Redis that is away, and a value that cannot be read, is an empty cache: that costs a token, nothing else.
    """

    def __init__(self, redis: Redis, credentials: Credentials, now: Callable[[], datetime]) -> None:
        """`now` is Zoom's clock: the value leaves Redis when the token ends."""
        self._redis = redis
        self._now = now
        self._name = f"zoom_sync:{credentials.account_id}:token:{credentials.client_id}"
        derive = HKDF(hashes.SHA256(), length=32, salt=None, info=f"zoom_sync token cache {self._name}".encode())
        self._cipher = AESGCM(derive.derive(credentials.client_secret.encode()))

    def get(self) -> Token | None:
        with suppress(RedisError):
            kept = self._redis.get(self._name)
            return self._opened(kept) if isinstance(kept, str | bytes) else None
        return None

    def put(self, token: Token) -> None:
        left = int((token.ends - self._now()).total_seconds() * 1000)
        if left > 0:
            with suppress(RedisError):
                self._redis.set(self._name, self._sealed(token), px=left)

    def _sealed(self, token: Token) -> bytes:
        values = {"value": token.value, "ends": token.ends.isoformat(), "renew_at": token.renew_at.isoformat()}
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, json.dumps(values).encode(), self._name.encode()))

    def _opened(self, kept: str | bytes) -> Token | None:
        with suppress(InvalidTag, ValueError, KeyError, TypeError):
            sealed = base64.b64decode(kept, validate=True)
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._name.encode())
            value = json.loads(plain)
            ends, renew_at = (datetime.fromisoformat(value[name]) for name in ("ends", "renew_at"))
            return Token(str(value["value"]), ends, renew_at)
        return None

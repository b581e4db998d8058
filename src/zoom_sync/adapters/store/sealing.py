"""Values that are encrypted where they lie, if a key is set: column types over Fernet (AES-128-CBC with HMAC-SHA256).

A sealed value names its key, `sealed:1f0e3dad:gAAAA…`, so what is under which key can be asked in SQL, and a value is
never tried with the wrong one. Values from before there was a key stay readable. Nothing that SQL compares is sealed:
the same text is another token each time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Dialect, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from zoom_sync.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

SEALED = re.compile(r"sealed:[0-9a-f]{8}:gAAAA[\w-]+=*")
LOOKS_SEALED = "sealed:"
NAME, TOKEN = slice(7, 15), slice(16, None)
# Before plain text that looks like a sealed one: names are typed by strangers.
PLAIN = "sealed::"
VARIABLE = "ZOOM_SYNC_ENCRYPTION_KEY"
ADVICE = "`zoom-sync privacy key` makes one"


class Seal:
    """The keys: the first seals, all open. Without any, values are kept as they are."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Raises ConfigurationError, which names the place of each key that is none."""
        self._fernets = _fernets(keys)
        self.first = next(iter(self._fernets), None)
        self._sealing = self._fernets.get(self.first or "")

    @property
    def names(self) -> frozenset[str]:
        """The names of all keys."""
        return frozenset(self._fernets)

    def close(self, text: str) -> str:
        """The text as it is kept."""
        if self._sealing is None:
            return PLAIN + text if text.startswith(LOOKS_SEALED) else text
        return f"{LOOKS_SEALED}{self.first}:{self._sealing.encrypt(text.encode()).decode()}"

    def open(self, kept: str) -> str:
        """The reverse of `close`. Raises ConfigurationError where the key is missing or the token is damaged."""
        if not kept.startswith(LOOKS_SEALED):
            return kept
        if kept.startswith(PLAIN):
            return kept.removeprefix(PLAIN)
        name, token = kept[NAME], kept[TOKEN]
        return self._opened(name, token) if name in self._fernets or SEALED.fullmatch(kept) else kept

    def _opened(self, name: str, token: str) -> str:
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - only who has sealed values waits for it

        fernet = self._fernets.get(name)
        if fernet is None:
            had = ", ".join(self._fernets) or "none"
            raise ConfigurationError(
                f"the store holds values sealed under key {name}, which {VARIABLE} does not have (it has: {had}); "
                "add that key again, after the first one"
            )
        try:
            return fernet.decrypt(token).decode()
        except InvalidToken:
            raise ConfigurationError(
                f"a value sealed under key {name} is damaged and cannot be opened; put a backup in its place"
            ) from None


def key_name(key: str) -> str:
    """How a key is named in the store: by a hash of it, which tells nothing of it."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def new_key() -> str:
    """A fresh key."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - see `_opened`

    return Fernet.generate_key().decode()


def _fernets(keys: Sequence[str]) -> dict[str, Fernet]:
    if not keys:
        return {}
    from cryptography.fernet import Fernet  # noqa: PLC0415 - see `_opened`

    fernets, problems = {}, []
    for place, key in enumerate(keys, 1):
        try:
            fernets[key_name(key)] = Fernet(key)
        except ValueError:
            problems.append(Problem(f"key {place} is none: it must be 32 bytes in url-safe base64; {ADVICE}"))
    if problems:
        raise ConfigurationError(f"{VARIABLE} is not right", problems)
    return fernets


OPEN = Seal()


def set_seal(dialect: Dialect, seal: Seal) -> None:
    """Let every connection of an engine, which has a dialect of its own, seal and open with these keys."""
    dialect.zoom_sync_seal = seal  # type: ignore[attr-defined]  # the one object that column types are handed


def seal_of(dialect: Dialect) -> Seal:
    """The keys of an engine."""
    seal = getattr(dialect, "zoom_sync_seal", OPEN)
    return seal if isinstance(seal, Seal) else OPEN


class SealedText(TypeDecorator[str]):
    """A text. `length`: what SQLite has it declared with since before; it does not enforce it, PostgreSQL would."""

    impl = Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        bounded = self.length is not None and dialect.name == "sqlite"
        return String(self.length) if bounded else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal_of(dialect).close(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else seal_of(dialect).open(value)


class SealedJson(TypeDecorator[Any]):
    """A JSON object or list, and no bare text; sealed, it is a JSON text of the token."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        seal = seal_of(dialect)
        return value if value is None or seal.first is None else seal.close(json.dumps(value, separators=(",", ":")))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(seal_of(dialect).open(value)) if isinstance(value, str) else value

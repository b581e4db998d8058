"""Deterministic ids: everything random in the simulator is a hash of the seed, a kind and a running number.

So the state of the generator is a few counters, which a state file can hold.
"""

# ruff: noqa: PLR2004, S311 (numbers are positions in a hash, and nothing here is secret)

from __future__ import annotations

import base64
import hashlib
from random import Random

_URL_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Mint:
    """Makes ids, tokens and passcodes from a seed."""

    def __init__(self, seed: int, counters: dict[str, int] | None = None) -> None:
        self.seed = seed
        self.counters = dict(counters or {})

    def _next(self, kind: str) -> int:
        number = self.counters.get(kind, 0)
        self.counters[kind] = number + 1
        return number

    def digest(self, kind: str) -> bytes:
        """32 bytes, other ones at every call."""
        return hashlib.sha256(f"{self.seed}:{kind}:{self._next(kind)}".encode()).digest()

    def text(self, kind: str, length: int) -> str:
        """A URL-safe text of up to 64 characters."""
        raw = self.digest(kind) + (self.digest(kind) if length > 32 else b"")
        return "".join(_URL_SAFE[byte % 64] for byte in raw[:length])

    def number(self, kind: str, digits: int, first: int = 1) -> int:
        """A number of so many digits whose first digit is `first`."""
        tail = int(10 ** (digits - 1))
        drawn = int.from_bytes(self.digest(kind)[:8]) % tail
        return first * tail + drawn

    def meeting_uuid(self) -> str:
        """A meeting UUID as Zoom's: 16 bytes in base64, so `/`, `+` and `=` occur.

        About one in four begins with `/` and one in four contains `//`: these a client has to encode twice
        (https://developers.zoom.us/docs/api/meetings/), and by chance alone they would be too rare to be met.
        """
        drawn = self.digest("uuid")
        turn, text = drawn[16] % 4, base64.b64encode(drawn[:16]).decode()
        if turn == 1:
            return "/" + text[1:]
        if turn == 2:
            return text[:9] + "//" + text[11:]
        return text[:5] + "+" + text[6:] if turn == 3 else text

    def passcode(self, length: int, numeric: bool) -> str:
        """A passcode with a letter of each case and a digit, or of digits only."""
        raw = self.digest("passcode")
        if numeric:
            return "".join(str(byte % 10) for byte in raw[:length])
        body = "".join(_LETTERS[byte % len(_LETTERS)] for byte in raw[: length - 3])
        return f"{body}{_LETTERS[raw[-1] % 24]}{_LETTERS[24 + raw[-2] % 24]}{raw[-3] % 8 + 2}"

    def random(self, kind: object) -> Random:
        """A stream of random numbers of its own, always the same for the same kind."""
        return Random(f"{self.seed}:{kind}")


def join_hash(meeting_id: int, passcode: str) -> str:
    """The `pwd=` of a join link. It depends on the passcode, so the link changes with it."""
    raw = hashlib.sha256(f"{meeting_id}:{passcode}".encode()).digest()
    return base64.b64encode(raw, altchars=b"xY").decode()[:30] + ".1"

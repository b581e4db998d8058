"""Passwords as argon2id hashes, with the parameters that the library recommends (RFC 9106)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Each hash takes 64 MiB: many sign-ins at once must not take a machine's memory.
AT_ONCE = 2
# zxcvbn estimates so many characters at most; what is longer is at least as hard to guess.
ESTIMATED = 72
# Its score from 0 to 4: "safely unguessable: moderate protection from offline slow-hash scenario".
STRONG = 3


class Argon2:
    """The `Passwords` of argon2."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        with self._turn:
            return self._hasher.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        decoy = self._decoy  # also where it is not needed: the first unknown name would take longer than the others
        try:
            with self._turn:
                return self._hasher.verify(decoy if kept is None else kept, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def guessable(self, password: str, known: Sequence[str]) -> bool:
        """By zxcvbn's estimate, below ten to the eighth guesses: https://github.com/dropbox/zxcvbn."""
        from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists are read only where a password is set

        return int(zxcvbn(password[:ESTIMATED], user_inputs=[*known, "zoom_sync", "zoom"])["score"]) < STRONG

    def outdated(self, kept: str) -> bool:
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _decoy(self) -> str:
        """What an unknown name's password is compared with, so that it takes as long as a known one's."""
        return self.hash(secrets.token_urlsafe())

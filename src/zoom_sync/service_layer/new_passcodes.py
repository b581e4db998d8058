"""Random passcodes for new meetings."""

from __future__ import annotations

import secrets
import string

from zoom_sync.domain.passcodes import LONGEST, SPECIAL, PasscodePolicy, longest_run
from zoom_sync.domain.programme import Passcode

LETTERS = "".join(sorted(set(string.ascii_letters) - set("IlOo")))
DIGITS = "23456789"
MOST_IN_A_ROW = 3


def new_passcode(policy: PasscodePolicy = PasscodePolicy()) -> Passcode:  # noqa: B008 - a value that never changes
    """A random passcode as the account asks: ten digits, which are easy to type and to dial, where it takes digits.

    Where it asks for letters, of letters and digits that cannot be taken for one another.
    """
    if policy.only_allow_numeric or not _asks_letters(policy):
        return Passcode(_drawn(DIGITS, policy))
    alphabet = LETTERS + DIGITS + (SPECIAL if policy.have_special_character else "")
    while True:
        text = _drawn(alphabet, policy)
        if _is_mixed(text):
            return Passcode(text)


def _asks_letters(policy: PasscodePolicy) -> bool:
    return policy.have_letter or policy.have_special_character or policy.have_upper_and_lower_characters


def _drawn(alphabet: str, policy: PasscodePolicy) -> str:
    """Of no more than three characters in a row that go up, down or repeat: those are guessed first."""
    while True:
        text = "".join(secrets.choice(alphabet) for _ in range(LONGEST))
        if policy.fits(text) and longest_run(text) <= MOST_IN_A_ROW:
            return text


def _is_mixed(text: str) -> bool:
    """A small and a capital letter and a digit, as accounts may ask where they do not tell."""
    return any(c.islower() for c in text) and any(c.isupper() for c in text) and any(c.isdigit() for c in text)

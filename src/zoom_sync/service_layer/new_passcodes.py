"""Random passcodes for new meetings."""

from __future__ import annotations

import secrets
import string

from zoom_sync.domain.passcodes import LONGEST, SPECIAL, PasscodePolicy
from zoom_sync.domain.programme import Passcode

LETTERS = "".join(sorted(set(string.ascii_letters) - set("IlOo")))
DIGITS = "23456789"


def new_passcode(policy: PasscodePolicy = PasscodePolicy()) -> Passcode:  # noqa: B008 - a value that never changes
    """A random passcode as the account asks, which people can read out; of letters and digits where it may be."""
    alphabet = DIGITS if policy.only_allow_numeric else LETTERS + DIGITS
    alphabet += SPECIAL if policy.have_special_character and not policy.only_allow_numeric else ""
    while True:
        text = "".join(secrets.choice(alphabet) for _ in range(LONGEST))
        if policy.fits(text) and (policy.only_allow_numeric or _is_mixed(text)):
            return Passcode(text)


def _is_mixed(text: str) -> bool:
    """A small and a capital letter and a digit, as accounts may ask where they do not tell."""
    return any(c.islower() for c in text) and any(c.isupper() for c in text) and any(c.isdigit() for c in text)

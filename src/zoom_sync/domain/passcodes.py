"""What an account asks of a passcode, and whether a passcode is so. Making one takes chance: see `bootstrap`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# "Up to 10 characters in length and may contain alphanumeric characters as well as special characters such as !, @, #":
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
LONGEST = 10
SPECIAL = "!@#"


@dataclass(frozen=True, slots=True)
class PasscodePolicy:
    """An account's `meeting_password_requirement`, by Zoom's names; as it is here, it asks for nothing.

    `forced` is none of Zoom's names: Zoom has been seen to give a new meeting another passcode than it was sent.

    https://developers.zoom.us/docs/api/users/#tag/users/GET/users/{userId}/settings (option=meeting_security)
    """

    length: int = 0
    have_letter: bool = False
    have_number: bool = False
    have_special_character: bool = False
    have_upper_and_lower_characters: bool = False
    only_allow_numeric: bool = False
    consecutive_characters_length: int = 0
    weak_enhance_detection: bool = False
    forced: bool = False

    def fits(self, text: str) -> bool:
        """Whether a passcode is as the account asks."""
        return not any(self._flaws(text))

    def _flaws(self, text: str) -> Iterator[bool]:
        yield len(text) < min(self.length, LONGEST)
        if self.only_allow_numeric:
            yield not text.isdigit()
        else:
            yield self.have_letter and not any(c.isalpha() for c in text)
            yield self.have_number and not any(c.isdigit() for c in text)
            yield self.have_special_character and text.isalnum()
            yield self.have_upper_and_lower_characters and text in (text.lower(), text.upper())
        most = self.consecutive_characters_length
        yield most > 0 and longest_run(text) >= most
        # What Zoom takes for weak is not described; few different characters are.
        yield self.weak_enhance_detection and len(set(text)) < min(len(text), 5)


def longest_run(text: str) -> int:
    """How many characters in a row go up, go down or repeat: 4 in `x1234y`, `dcba` and `1111`."""
    longest = run = 1 if text else 0
    before: int | None = None
    for left, right in pairwise(text):
        step = ord(right) - ord(left)
        run = run + 1 if step == before and step in (-1, 0, 1) else 2 if step in (-1, 0, 1) else 1
        before = step
        longest = max(longest, run)
    return longest

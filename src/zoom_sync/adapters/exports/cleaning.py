"""Text from outside made harmless for whoever opens a file; standard library only.

Names of participants are typed by strangers. What turns the direction of writing round (U+202A-E, U+2066-9) can make
one name read as another, control characters and halves of surrogate pairs break writers and readers, and a cell that
begins like a formula is run by spreadsheets (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")
_FORMULA = re.compile("[\\s\"'`\u2018-\u201f\u200b-\u200d\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

# It begins only where a run of such characters does: from within one, a long text would be read again and again.
_IN_ADDRESS = r"[^\s@<>()\[\],;:\"\uff20]"
_ADDRESS = re.compile(rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}+[@\uff20]{_IN_ADDRESS}+\.{_IN_ADDRESS}+")


def clean(text: str) -> str:
    """`text` without control characters (but tab and line ends) and direction marks; half surrogates become U+FFFD."""
    return whole(_UNSEEN.sub("", text))


def whole(text: str) -> str:
    """`text` with U+FFFD for each half of a surrogate pair, which UTF-8 cannot hold."""
    return _HALVES.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` cleaned, on one line, with single blanks."""
    return " ".join(clean(text).split())


def no_formula(text: str) -> str:
    """`text` cleaned, and with an apostrophe before it where a spreadsheet would run it as a formula."""
    cleaned = clean(text)
    return f"'{cleaned}" if _FORMULA.match(cleaned) else cleaned


def without_addresses(text: str) -> str:
    """`text` with `…@…` for each e-mail address: people use theirs as a name, and write it into questions."""
    return _ADDRESS.sub("\u2026@\u2026", text)


def web_link(text: str | None) -> str | None:
    """`text` where it is a http or https address that a page may link to, else None."""
    if text is None or re.search(r"[\s\x00-\x1f\x7f<>\"]", text) or _HALVES.search(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.netloc else None

"""What CSV and YAML have in common, whose text is changed only where a value is put in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

# A byte order mark, the encoding that it stands for. UTF-16 without one is not told from other bytes.
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

Edit = tuple[int, int, str]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with each edit's value put from its one place to its other; they come in order and do not overlap."""
    parts, at = [], 0
    for start, end, value in edits:
        parts += [text[at:start], value]
        at = end
    return "".join([*parts, text[at:]])


def place_of(signs: str, text: str, start: int) -> int:
    """Where, from `start`, the first of some characters stands; the end of the text where none does."""
    match = re.compile(f"[{re.escape(signs)}]").search(text, start)
    return match.start() if match else len(text)

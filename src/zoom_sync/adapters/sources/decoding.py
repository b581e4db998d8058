"""From bytes to text: byte order marks, UTF-8, UTF-16 and GB18030, and a clear word about anything else.

Imports the standard library and this room's values.
"""

from __future__ import annotations

import codecs
import re

from zoom_sync.adapters.sources.reading import Findings

MOST_BYTES = 8 * 1024 * 1024
MOST_COMMON = 0.9  # the share of common characters that no other encoding reaches by chance

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"PK\x03\x04", "a ZIP or Word file, or a damaged Excel file"),
    (b"%PDF", "a PDF file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
)
_COMMON_PAIR = re.compile(b"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]")  # GB 2312
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def to_bytes(source: str | bytes, findings: Findings) -> bytes | None:
    """The source as bytes, or None where it is too large or holds half characters; the findings say why."""
    if len(source) > MOST_BYTES:
        _too_large(findings)
        return None
    if isinstance(source, bytes):
        return source
    try:
        data = source.encode()
    except UnicodeEncodeError as error:
        line = line_at(source, error.start)
        findings.problem(line, f"character {error.start + 1} is half a character (a lone surrogate): remove it")
        return None
    if len(data) > MOST_BYTES:
        _too_large(findings)
        return None
    return data


def to_text(data: bytes, findings: Findings, text: str | None = None) -> str | None:
    """The text of the bytes without byte order mark, or None; then the findings say why. `told` names the encoding."""
    for beginning, kind in _KINDS:
        if data.startswith(beginning):
            findings.problem(None, f"this is {kind}, which cannot be read: save the programme as .xlsx, CSV, YAML or"
                                   " text (UTF-8)")  # fmt: skip
            return None
    mark, encoding = _encoding(data)
    encoding = text or encoding
    body = data[len(mark) :]
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        chinese = None if text or mark else _as_gb18030(data)
        if chinese is not None:
            findings.note(None, "the text is in the encoding GB18030, as Chinese programs write it")
            return chinese
        place = error.start + len(mark) + 1
        line = line_at(body[: error.start].decode(encoding, "replace"), None)
        findings.problem(line, f"byte {place} is not {encoding.upper()} text: save the file with the encoding UTF-8")
        return None


def lines_of(text: str) -> list[str]:
    """The lines as an editor counts them."""
    return _LINE_BREAK.split(text)


def line_at(text: str, position: int | None) -> int:
    return len(_LINE_BREAK.findall(text[:position])) + 1


def _encoding(data: bytes) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    if len(data) % 2 == 0 and data[1:2] == b"\0" and data[0:1] != b"\0":
        return b"", "utf-16-le"
    if len(data) % 2 == 0 and data[0:1] == b"\0" and data[1:2] != b"\0":
        return b"", "utf-16-be"
    return b"", "utf-8"


def _as_gb18030(data: bytes) -> str | None:
    """The text where the bytes are GB18030 beyond doubt: nearly all that is not ASCII is a common character.

    Other encodings of Europe are not mistaken for it: their letters stand alone between ASCII ones, whereas the second
    byte of a common Chinese character is never ASCII.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    pairs = len(_COMMON_PAIR.findall(data))
    foreign = sum(character > "\x7f" for character in text)
    return text if pairs >= MOST_COMMON * foreign and pairs > 1 else None


def _too_large(findings: Findings) -> None:
    findings.problem(None, f"the source is larger than {MOST_BYTES // 1024 // 1024} MiB: is it really a programme?")

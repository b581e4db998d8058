"""Recordings in Zoom's cloud: the files of one instance, and what they are called where they are kept. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

_UNSAFE = re.compile(r"[^\w.-]+")
_MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """One file of a recording that is ready on Zoom.

    `kind` is Zoom's recording type (`shared_screen_with_speaker_view`, `audio_transcript`), `size` in bytes. `address`
    gives the file to whoever has the account's token. `start` is aware; None where Zoom does not tell it.
    """

    id: str
    kind: str
    extension: str
    size: int
    start: datetime | None
    address: str = field(repr=False)


def file_name(session: str, file: RecordingFile) -> str:
    """What a file is called in a folder: always the same for it, another for every other file.

    The id's own characters tell two files apart; Zoom's ids are letters, digits and hyphens.
    """
    when = f"{file.start:%Y%m%dT%H%M%SZ}" if file.start else "undated"
    parts = (session, when, file.kind or "file", file.id)
    safe = "-".join(_UNSAFE.sub("_", part)[:_MOST_LETTERS] for part in parts)
    return f"{safe.lstrip('.')}.{_UNSAFE.sub('_', file.extension or 'bin').casefold()}"

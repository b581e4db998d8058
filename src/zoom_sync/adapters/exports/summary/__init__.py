"""The summary of an event, in every format it is written in: a new format is a file and a line here.

Imports the room above, `domain` and `errors`; jinja2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from zoom_sync.adapters.exports.summary.page import SummaryPage
from zoom_sync.adapters.exports.summary.wording import LANGUAGES, wording_of
from zoom_sync.domain.summary import EventFigures

__all__ = ["LANGUAGES", "SUMMARY_WRITERS", "SummaryWriter", "wording_of"]


class SummaryWriter(Protocol):
    """Writes a summary in one format. `media_type` and `suffix` are for downloads and file names."""

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def write(self, figures: EventFigures, language: str) -> bytes:
        """The summary as a whole file, in one of `LANGUAGES`. Raises UserError for another."""
        ...


SUMMARY_WRITERS: Mapping[str, SummaryWriter] = {"html": SummaryPage()}

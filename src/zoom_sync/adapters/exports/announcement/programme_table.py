"""The programme with its meetings as CSV, a row per session: for websites and spreadsheets, and to be loaded again.

The columns are a contract with whoever reads the file: add at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from zoom_sync.adapters.exports.announcement.templates import Templates
from zoom_sync.adapters.exports.cleaning import web_link
from zoom_sync.adapters.exports.csv_table import CsvWriter
from zoom_sync.adapters.exports.tables import Column, Table
from zoom_sync.domain.publication import AnnouncedSession, Announcement


def _items(announced: AnnouncedSession) -> str:
    return "\n".join(f"{item.presenter}: {item.title}" for item in announced.session.items)


PROGRAMME: Table[AnnouncedSession] = Table(
    "programme",
    (
        Column("key", str, lambda row: row.session.key),
        Column("title", str, lambda row: row.session.title),
        Column("long_title", str, lambda row: row.session.long_title),
        Column("start", datetime, lambda row: row.start),
        Column("end", datetime, lambda row: row.end),
        Column("timezone", str, lambda row: row.session.timezone),
        Column("kind", str, lambda row: str(row.session.kind)),
        Column("state", str, lambda row: row.state),
        Column("meeting_id", str, lambda row: row.meeting_id),
        Column("passcode", str, lambda row: row.passcode),
        Column("join_url", str, lambda row: web_link(row.join_url)),
        Column("items", str, _items),
        Column("room", str, lambda row: row.session.room),
        Column("track", str, lambda row: row.session.track),
        Column("moderators", str, lambda row: "; ".join(row.session.moderators) or None),
        Column("language", str, lambda row: row.session.language),
        Column("cancelled", str, lambda row: "yes" if row.session.cancelled else None),
    ),
)


@dataclass(frozen=True, slots=True)
class ProgrammeTableWriter:
    """Writes CSV. What may not be shown is an empty cell."""

    media_type: str = "text/csv; charset=utf-8"
    suffix: str = ".csv"

    def write(self, announcement: Announcement) -> bytes:
        """The whole programme as UTF-8."""
        out = BytesIO()
        CsvWriter().write(PROGRAMME, announcement.sessions(), out)
        return out.getvalue()


def writers(_templates: Templates) -> dict[str, ProgrammeTableWriter]:
    """What this file offers."""
    return {"csv": ProgrammeTableWriter()}

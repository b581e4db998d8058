"""The announcement of an event, in every format it is published in.

A new format is one new file with a function `writers`, and its test: docs/how-to/add-a-format.md. What may be
shown is decided by `Announcement.public` in the domain, before any writer sees it.

Imports the room above, `domain`, `errors` and `adapters.offered`; jinja2 and markupsafe, babel, icalendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from zoom_sync.adapters.exports.announcement.templates import Templates
from zoom_sync.adapters.offered import modules
from zoom_sync.domain.publication import Announcement
from zoom_sync.errors import UserError


class AnnouncementWriter(Protocol):
    """Writes an announcement in one format. `media_type` and `suffix` are for downloads and file names."""

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def write(self, announcement: Announcement) -> bytes:
        """The announcement as a whole file."""
        ...


def announcement_writers(templates: Path | None = None) -> Mapping[str, AnnouncementWriter]:
    """The writers by the names of their formats. What the folder `templates` holds wins over the built-in templates."""
    own = Templates(templates)
    held: dict[str, AnnouncementWriter] = {}
    for each in modules(__name__):
        if hasattr(each, "writers"):
            held |= each.writers(own)
    return dict(sorted(held.items()))


ANNOUNCEMENT_WRITERS = announcement_writers()


def announcement_writer_of(format_name: str, templates: Path | None = None) -> AnnouncementWriter:
    """The writer of a format by its name. Raises UserError, which lists the formats, for an unknown one."""
    writer = announcement_writers(templates).get(format_name)
    if writer is None:
        known = ", ".join(ANNOUNCEMENT_WRITERS)
        raise UserError(f"Announcements are not written as {format_name!r}; choose one of: {known}.")
    return writer


def write_announcement(format_name: str, announcement: Announcement) -> bytes:
    """The announcement as a file of the format. Raises UserError for an unknown format or a link too long for QR."""
    return announcement_writer_of(format_name).write(announcement)

"""Writing an event's announcement into a folder, with a QR code picture for each session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zoom_sync.entrypoints.cli.files import replacing

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts


def write_announcements(
    parts: Parts, event: str, forms: Sequence[str], folder: Path, *, public: bool
) -> Iterator[Path]:
    """Write the announcement in each format (all if none is named); answers the files.

    Raises:
        UserError: a format does not exist, or the folder cannot be written.
    """
    from zoom_sync.adapters.exports import qr
    from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS, announcement_writer_of
    from zoom_sync.domain.publication import Announcement, PublishedMeeting

    writers = [announcement_writer_of(form) for form in forms or ANNOUNCEMENT_WRITERS]
    links = parts.links.known(event, "").links
    meetings = {key: PublishedMeeting(link.meeting_id, link.passcode, link.join_url) for key, link in links.items()}
    told = Announcement(parts.programmes.programme(event), meetings, parts.clock.now(), public=public)
    for writer in writers:
        yield _write(folder / f"{event}{writer.suffix}", writer.write(told))
    for announced in told.sessions():
        if announced.join_url:
            yield _write(folder / f"{announced.session.key}.png", qr.png(announced.join_url))


def _write(path: Path, content: bytes) -> Path:
    with replacing(path) as out:
        out.write(content)
    return path

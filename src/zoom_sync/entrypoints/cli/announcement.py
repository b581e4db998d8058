"""Writing an event's announcement into a folder, with a QR code picture for each session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zoom_sync.entrypoints.cli.files import replacing

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.publication import Announcement, Language

TEMPLATES = "templates"


def write_announcements(
    parts: Parts,
    event: str,
    forms: Sequence[str],
    folder: Path,
    *,
    public: bool,
    language: Language | None = None,
    zones: tuple[str, ...] = (),
) -> Iterator[Path]:
    """Write the announcement in each format (all if none is named); answers the files.

    Templates in the config folder's `templates` win over the built-in ones. Nothing is written before all is made, so a
    template that breaks leaves the folder as it was.

    Raises:
        UserError: a format does not exist, a template is broken, or the folder cannot be written.
    """
    from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS, announcement_writer_of
    from zoom_sync.domain.publication import Language
    from zoom_sync.service_layer.publish import announce

    templates = parts.settings.config / TEMPLATES
    writers = [announcement_writer_of(form, templates) for form in forms or ANNOUNCEMENT_WRITERS]
    public = public or parts.programmes.programme(event).event.public
    told = announce(parts.publishing(), event, public=public, language=language or Language.ENGLISH, zones=zones)
    files = [(folder / f"{event}{writer.suffix}", writer.write(told)) for writer in writers]
    files += _codes(told, folder)
    for path, content in files:
        with replacing(path, served=True) as out:
            out.write(content)
        yield path


def _codes(announcement: Announcement, folder: Path) -> Iterator[tuple[Path, bytes]]:
    from zoom_sync.adapters.exports import qr

    for announced in announcement.sessions():
        if announced.join_url:
            yield folder / f"{announced.session.key}.png", qr.png(announced.join_url)
            yield folder / f"{announced.session.key}.svg", qr.svg(announced.join_url, title=announced.session.title)

"""Draws certificates: one compiler for all of them, fonts read once, each certificate's data handed in as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

import typst

from zoom_sync.adapters.exports import qr
from zoom_sync.adapters.exports.certificates.faces import Fonts
from zoom_sync.adapters.exports.certificates.wording import RIGHT_TO_LEFT, texts_of, worth_of
from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.adapters.exports.csv_table import CsvWriter
from zoom_sync.adapters.exports.tables import Column, Table
from zoom_sync.domain.certificates.issued import Certificate, grouped_number
from zoom_sync.errors import ConfigurationError

TEMPLATE = "certificate.typ"
INDEX_FILE = "index.csv"


class Drawing:
    """Draws certificates. `verify` is the address that a number is put behind, to be verified there."""

    def __init__(self, fonts: Fonts, verify: str, folder: Path | None = None) -> None:
        """`folder` may hold a template of its own; Typst reads no file outside it."""
        own = folder is not None and (folder / TEMPLATE).is_file()
        self._root = folder if own and folder is not None else Path(str(files(__package__)))
        self._verify = verify.rstrip("/")
        self._fonts = fonts
        self._compiler = typst.Compiler(root=self._root, font_paths=fonts.fonts)

    def draw(self, certificate: Certificate, zone: str) -> bytes:
        """The certificate as PDF; `zone` is the one that the day of its release is told in.

        Raises:
            ConfigurationError: the organiser's template cannot be used, in Typst's words.
        """
        data = json.dumps(self._data(certificate, zone), ensure_ascii=False)
        released = certificate.released_at.replace(microsecond=0)  # Typst takes no part of a second
        try:
            drawn = self._compiler.compile(
                input=self._root / TEMPLATE, format="pdf", sys_inputs={"data": data}, timestamp=released
            )
        except typst.TypstError as error:
            place = self._root / TEMPLATE
            raise ConfigurationError(f"the template {place} cannot be used: {error.message}") from None
        assert isinstance(drawn, bytes)
        return drawn

    def _data(self, certificate: Certificate, zone: str) -> dict[str, object]:
        content, number = certificate.content, grouped_number(certificate.number)
        address = f"{self._verify}/{number}"
        released = certificate.released_at.astimezone(ZoneInfo(zone)).date()
        return {
            "name": one_line(certificate.name),
            "event": one_line(content.event_title),
            "title": one_line(content.title),
            "titles": [one_line(title) for title in content.titles],
            "worth": worth_of(content),
            "texts": texts_of(content, released),
            "number": number,
            "address": address,
            "code": qr.svg(address).decode(),
            "language": str(content.language),
            "direction": "rtl" if content.language in RIGHT_TO_LEFT else "ltr",
            "fonts": self._fonts.families,
        }


INDEX: Table[Certificate] = Table(
    "certificates",
    (
        Column("number", str, lambda one: grouped_number(one.number)),
        Column("name", str, lambda one: one.name),
        Column("email", str, lambda one: one.email or ""),
        Column("for", str, lambda one: str(one.content.why_for)),
        Column("of", str, lambda one: str(one.place.basis)),
        Column("unit", str, lambda one: one.place.unit),
        Column("minutes", int, lambda one: one.content.minutes),
        Column(
            "credits", str, lambda one: ", ".join(f"{hours:g} {kind}" for kind, hours in one.content.credits.items())
        ),
        Column("language", str, lambda one: str(one.content.language)),
        Column("file", str, lambda one: f"{grouped_number(one.number)}.pdf"),
    ),
)


def index_of(certificates: Iterable[Certificate]) -> bytes:
    """Which file is whose, as CSV: for whoever mails them."""
    out = BytesIO()
    CsvWriter().write(INDEX, certificates, out)
    return out.getvalue()


def files_of(drawing: Drawing, certificates: Iterable[Certificate], zone: str) -> Iterator[tuple[str, bytes]]:
    """Each certificate's file by its name, which is its number: names of people make no safe names of files."""
    for one in certificates:
        yield f"{grouped_number(one.number)}.pdf", drawing.draw(one, zone)


def write_archive(drawing: Drawing, certificates: Sequence[Certificate], zone: str, out: BinaryIO) -> int:
    """A ZIP of all of them and `index.csv`; how many certificates there are. One at a time is in memory."""
    count = 0
    with ZipFile(out, "w", ZIP_STORED) as archive:  # a PDF is compressed already
        archive.writestr(_entry(INDEX_FILE), index_of(certificates))
        for name, drawn in files_of(drawing, certificates, zone):
            archive.writestr(_entry(name), drawn)
            count += 1
    return count


def _entry(name: str) -> ZipInfo:
    """The same certificates make the same archive."""
    return ZipInfo(name, (1980, 1, 1, 0, 0, 0))

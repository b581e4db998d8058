"""One file for all: a ZIP with every report that holds something, the summary, the announcement and a README.

For the command line and the pages. Memory does not grow with the rows: each file is written straight into the archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from zoom_sync.adapters.exports.announcement import announcement_writers
from zoom_sync.adapters.exports.readme import Contents, FileTold, readme
from zoom_sync.adapters.exports.writing import writer_of
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.programme import Session
from zoom_sync.domain.publication import Language, SpreadsheetLanguage
from zoom_sync.domain.report import ReportState
from zoom_sync.entrypoints.event_files import write_book, write_page
from zoom_sync.entrypoints.report_files import REPORTS, rows_of
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.publish import announcement_of

MEDIA_TYPE, SUFFIX = "application/zip", ".zip"
FORMATS = ("xlsx", "csv-excel")
TEMPLATES = "templates"
README, SUMMARY, ANNOUNCEMENT = "README.txt", "summary", "announcement"
_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - a ZIP knows no zones, and no earlier time
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be in the archive: formats of the reports, languages, and whether names are made up.

    With made-up names there is no summary, because it shows who asked what.
    """

    keys: Sequence[str] = ()
    formats: Sequence[str] = FORMATS
    language: Language = Language.ENGLISH
    spreadsheet: SpreadsheetLanguage = SpreadsheetLanguage.ENGLISH
    pseudonymise: bool = False


def write_bundle(parts: Parts, event: str, wishes: Wishes, out: BinaryIO) -> int:
    """Write the archive of an event, or of the named sessions, to `out`, which stays open; how many files it has.

    Raises:
        NotInStore: there is no such event or session.
        UserError: there is no such format, or a template of the announcement is broken.
    """
    programme = parts.programmes.programme(event)
    unknown = set(wishes.keys) - {session.key for session in programme.sessions}
    if unknown:
        raise NotInStore(f"event {event!r} has no session {', '.join(sorted(map(repr, unknown)))}")
    sessions = tuple(session for session in programme.sessions if not wishes.keys or session.key in wishes.keys)
    for form in wishes.formats:
        writer_of(form)
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        folder = "-".join([event, *([wishes.keys[0]] if len(wishes.keys) == 1 else [])])
        bundle = _Bundle(parts, event, wishes, sessions, archive, _fit(folder))
        bundle.write()
    return len(bundle.files) + 1


@dataclass(slots=True)
class _Bundle:
    """An archive that is being written; `files` are those that are in it."""

    parts: Parts
    event: str
    wishes: Wishes
    sessions: tuple[Session, ...]
    archive: ZipFile
    folder: str
    files: list[FileTold] = field(default_factory=list)

    def write(self) -> None:
        for report in REPORTS:
            self._write_report(report)
        if self.files and not self.wishes.pseudonymise:
            with self._file(f"{SUMMARY}.html") as out:
                write_page(self.parts, self.event, self.wishes.keys, str(self.wishes.language), out)
            self.files.append(FileTold(f"{SUMMARY}.html", SUMMARY, None))
        self._write_announcement()
        with self._file(README) as out:
            out.write(readme(self._contents(), self.wishes.language))

    def _write_report(self, report: str) -> None:
        """A report in each format; one without rows is no file."""
        for form in self.wishes.formats:
            rows = rows_of(self.parts, self.event, self.wishes.keys, report, pseudonymise=self.wishes.pseudonymise)
            first = next(rows, None)
            if first is None:
                return
            writer = writer_of(form, self.wishes.spreadsheet)
            name = self._free(report, form, writer.suffix)
            with self._file(name) as out:
                if report == "attendance" and form == "xlsx" and len(self.sessions) > 1:
                    rows.close()  # it would hold on to the store
                    count, _ = write_book(
                        self.parts, self.event, self.wishes.keys, out, pseudonymise=self.wishes.pseudonymise
                    )
                else:
                    count = writer.write(REPORTS[report].table, chain((first,), rows), out)
            self.files.append(FileTold(name, report, count, form))

    def _write_announcement(self) -> None:
        publishing, public = self.parts.publishing(), self.parts.programmes.programme(self.event).event.public
        announced = announcement_of(
            publishing, self.event, public=public, language=self.wishes.language, keys=self.wishes.keys
        )
        for writer in announcement_writers(self.parts.settings.config / TEMPLATES).values():
            name = self._free(ANNOUNCEMENT, "", writer.suffix)
            with self._file(name) as out:
                out.write(writer.write(announced))
            self.files.append(FileTold(name, ANNOUNCEMENT, None))

    def _contents(self) -> Contents:
        keys = [session.key for session in self.sessions]
        states = [state for state in self.parts.reports.states(self.event) if state.key in keys]
        settled, collected = (ReportState.COMPLETE, ReportState.NONE), {state.key for state in states}
        return Contents(
            self.parts.programmes.programme(self.event).event, self.sessions, self.parts.clock.now(),
            tuple(self.files), tuple(one for one in states if one.state not in settled),
            tuple(key for key in keys if key not in collected), self.wishes.spreadsheet, self.wishes.pseudonymise,
        )  # fmt: skip

    def _free(self, report: str, form: str, suffix: str) -> str:
        name = f"{report}{suffix}"
        return f"{report}-{form}{suffix}" if name in {file.name for file in self.files} else name

    @contextmanager
    def _file(self, name: str) -> Iterator[BinaryIO]:
        moment = max(self.parts.clock.now().replace(tzinfo=None), _EARLIEST)
        info = ZipInfo(str(PurePosixPath(self.folder, name)), moment.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16  # reports are about people, wherever they are unpacked
        with self.archive.open(info, "w", force_zip64=True) as out:
            yield cast("BinaryIO", out)


def _fit(name: str) -> str:
    """`name` as a folder of an archive may be called on every system."""
    return _UNFIT.sub("-", name).strip(".-") or "event"

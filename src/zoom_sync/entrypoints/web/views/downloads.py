"""Reports as files: made whole before the first byte leaves, in memory that does not grow, and noted in the audit log.

A report that could not be read to its end is an error page and never half a file that looks like a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS, announcement_writer_of
from zoom_sync.adapters.exports.writing import WRITERS, write_table, writer_of
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import AuditEntry, Permission
from zoom_sync.domain.publication import Language, SpreadsheetLanguage
from zoom_sync.entrypoints.bundle import MEDIA_TYPE, Wishes, write_bundle
from zoom_sync.entrypoints.event_files import write_book, write_page, write_people
from zoom_sync.entrypoints.report_files import REPORTS, holding_something, rows_of
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.language import spreadsheet_of
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.service_layer.publish import announce

router = APIRouter(dependencies=[Depends(Needs(Permission.PEOPLE, tokens=True))])
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is longer waits on disk, in a file without a name
CHUNK = 64 * 1024

SUMMARY, PAGE, PEOPLE = "summary", "html", "people"
ALL, ARCHIVE = "all", "zip"


def there_are(*, whole_event: bool = False) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every report with the formats it can be had in, after all of them in one file; of a whole event its page, too."""
    reports = ((ALL, (ARCHIVE,)), *((name, tuple(WRITERS)) for name in REPORTS))
    return (*reports, (PEOPLE, tuple(WRITERS)), (SUMMARY, (PAGE,))) if whole_event else reports


def offered(parts: Parts, event: str, key: str = "") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What of it a page offers: reports that hold nothing are no files. Raises NotInStore for an unknown event."""
    holding = holding_something(parts, event, key)
    if not holding:
        return ()
    return tuple(one for one in there_are(whole_event=not key) if one[0] in (*holding, ALL, SUMMARY, PEOPLE))


@router.get("/events/{event}/downloads/{report}/{form}", name="event_download")
def event_download(
    request: Request, event: Key, report: str, form: str, spreadsheet: SpreadsheetLanguage | None = None
) -> Response:
    return _download(request, event, "", report, form, spreadsheet)


@router.get("/events/{event}/sessions/{key}/downloads/{report}/{form}", name="session_download")
def session_download(
    request: Request, event: Key, key: Key, report: str, form: str, spreadsheet: SpreadsheetLanguage | None = None
) -> Response:
    return _download(request, event, key, report, form, spreadsheet)


def _download(
    request: Request, event: str, key: str, report: str, form: str, spreadsheet: SpreadsheetLanguage | None
) -> Response:
    parts = parts_of(request)
    if not any(report == name and form in forms for name, forms in there_are(whole_event=not key)):
        raise HTTPException(404)
    chosen = spreadsheet or spreadsheet_of(request)
    suffix, media_type = _kind_of(form)
    name = "-".join(filter(None, (event, key, "" if report == ALL else report))) + suffix
    entry = AuditEntry(parts.access().now(), signed_in(request).name, "download", event, key, f"{report} {form}")
    return sent(request, entry, name, media_type, lambda out: _write(request, event, key, (report, form), chosen, out))


def sent(
    request: Request, entry: AuditEntry, name: str, media_type: str, write: Callable[[BinaryIO], int]
) -> StreamingResponse:
    """What `write` writes, as a file of this name; it answers how many rows that were, which `entry` keeps."""
    out = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed once it is sent
    try:
        count = write(out)
        length = out.tell()
        parts_of(request).access().audit.write(replace(entry, rows=count))
    except BaseException:
        out.close()
        raise
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)}
    return StreamingResponse(_chunks(out), media_type=media_type, headers=headers)


def _write(
    request: Request, event: str, key: str, wanted: tuple[str, str], spreadsheet: SpreadsheetLanguage, out: BinaryIO
) -> int:
    """Write a report in a format; how many rows, sessions or files it has."""
    parts, keys = parts_of(request), [key] if key else []
    report, form = wanted
    language = site_of(request).languages.of(request).code
    if report == ALL:
        return write_bundle(parts, event, Wishes(keys, language=Language(language), spreadsheet=spreadsheet), out)
    if report == SUMMARY:
        return write_page(parts, event, keys, language, out)
    if report == PEOPLE:
        return write_people(parts, event, keys, form, out, spreadsheet=spreadsheet)
    if report == "attendance" and form == "xlsx" and not key:
        return write_book(parts, event, keys, out)[0]
    return write_table(form, REPORTS[report].table, rows_of(parts, event, keys, report), out, spreadsheet)


def _kind_of(form: str) -> tuple[str, str]:
    if form in (PAGE, ARCHIVE):
        return f".{form}", "text/html; charset=utf-8" if form == PAGE else MEDIA_TYPE
    writer = writer_of(form)
    return writer.suffix, writer.media_type


def _chunks(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(CHUNK):
            yield chunk


# --- the announcement -------------------------------------------------------------------------------------------------

announcements = APIRouter(dependencies=[Depends(Needs(Permission.JOIN))])


@announcements.get("/events/{event}/announcement/{form}", name="announcement")
def announcement(request: Request, event: Key, form: str, inside: bool = False) -> Response:
    """The announcement as a file, as `publish` writes it. `inside`: with how to join, though that is not public."""
    parts = parts_of(request)
    about = parts.programmes.event(event)
    if form not in ANNOUNCEMENT_WRITERS:
        raise HTTPException(404)
    writer = announcement_writer_of(form, parts.settings.config / "templates")
    language = Language(site_of(request).languages.of(request).code)
    told = announce(parts.publishing(), event, public=about.public or inside, language=language)
    content = writer.write(told)
    access = parts.access()
    access.audit.write(
        AuditEntry(access.now(), signed_in(request).name, "download", event, form=f"announcement {form}")
    )
    headers = {"Content-Disposition": f'attachment; filename="{event}{writer.suffix}"', "Cache-Control": "no-store"}
    return Response(content, media_type=writer.media_type, headers=headers)

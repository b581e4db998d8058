"""Reports as files: made whole before the first byte leaves, in memory that does not grow, and noted in the audit log.

A report that could not be read to its end is an error page and never half a file that looks like a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from zoom_sync.adapters.exports.tables import (
    ABSENTEES,
    ATTENDANCE,
    ITEM_AUDIENCE,
    POLL_COUNTS,
    POLLS,
    QUESTIONS,
    REGISTRATIONS,
    Table,
)
from zoom_sync.adapters.exports.writing import WRITERS, write_table, writer_of
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import AuditEntry, Permission
from zoom_sync.domain.programme import Session
from zoom_sync.domain.publication import ReportRow
from zoom_sync.entrypoints.event_files import write_book, write_page, write_people
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.service_layer.collect import (
    absentees_of,
    attendance_of,
    audience_of,
    poll_counts_of,
    polls_of,
    questions_of,
    registrations_of,
)

router = APIRouter(dependencies=[Depends(Needs(Permission.PEOPLE, tokens=True))])
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is longer waits on disk, in a file without a name
CHUNK = 64 * 1024

Lines = Callable[..., Iterable[tuple[Session, Any]]]
SUMMARY, PAGE, PEOPLE = "summary", "html", "people"


@dataclass(frozen=True, slots=True)
class Offered:
    """A report that can be downloaded: its table, and where its lines come from. A new one is a line below."""

    table: Table[Any]
    lines: Lines


REPORTS: Mapping[str, Offered] = {
    "attendance": Offered(ATTENDANCE, attendance_of),
    "items": Offered(ITEM_AUDIENCE, audience_of),
    "questions": Offered(QUESTIONS, questions_of),
    "polls": Offered(POLLS, polls_of),
    "poll-counts": Offered(POLL_COUNTS, poll_counts_of),
    "registrations": Offered(REGISTRATIONS, registrations_of),
    "absentees": Offered(ABSENTEES, absentees_of),
}


def offered(*, whole_event: bool = False) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every report with the formats it can be had in; of a whole event its page, too."""
    reports = tuple((name, tuple(WRITERS)) for name in REPORTS)
    return (*reports, (PEOPLE, tuple(WRITERS)), (SUMMARY, (PAGE,))) if whole_event else reports


@router.get("/events/{event}/downloads/{report}/{form}", name="event_download")
def event_download(request: Request, event: Key, report: str, form: str) -> Response:
    return _download(request, event, "", report, form)


@router.get("/events/{event}/sessions/{key}/downloads/{report}/{form}", name="session_download")
def session_download(request: Request, event: Key, key: Key, report: str, form: str) -> Response:
    return _download(request, event, key, report, form)


def _download(request: Request, event: str, key: str, report: str, form: str) -> Response:
    parts = parts_of(request)
    if not any(report == name and form in forms for name, forms in offered(whole_event=not key)):
        raise HTTPException(404)
    out = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed once it is sent
    try:
        if report == SUMMARY:
            count = write_page(parts, event, (), site_of(request).languages.of(request).code, out)
        elif report == PEOPLE:
            count = write_people(parts, event, (), form, out)
        elif report == "attendance" and form == "xlsx" and not key:
            count, _ = write_book(parts, event, (), out)
        else:
            count = _write_report(parts, event, [key] if key else [], report, form, out)
        length = out.tell()
        access = parts.access()
        who = signed_in(request).name
        access.audit.write(AuditEntry(access.now(), who, "download", event, key, f"{report} {form}", count))
    except BaseException:
        out.close()
        raise
    suffix, media_type = (".html", "text/html; charset=utf-8") if report == SUMMARY else _kind_of(form)
    name = "-".join(filter(None, (event, key, report))) + suffix
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)}
    return StreamingResponse(_chunks(out), media_type=media_type, headers=headers)


def _kind_of(form: str) -> tuple[str, str]:
    writer = writer_of(form)
    return writer.suffix, writer.media_type


def _write_report(parts: Parts, event: str, keys: Sequence[str], report: str, form: str, out: BinaryIO) -> int:
    lines = REPORTS[report].lines(parts.programmes, parts.reports, event, keys)
    rows = (ReportRow(session.key, session.timezone, one) for session, one in lines)
    return write_table(form, REPORTS[report].table, rows, out)


def _chunks(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(CHUNK):
            yield chunk

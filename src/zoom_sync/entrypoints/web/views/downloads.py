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

from zoom_sync.adapters.exports.tables import ATTENDANCE, QUESTIONS, Table
from zoom_sync.adapters.exports.writing import WRITERS, write_table, writer_of
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import AuditEntry, Permission
from zoom_sync.domain.programme import Session
from zoom_sync.domain.publication import ReportRow
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.service_layer.collect import attendance_of, questions_of

router = APIRouter(dependencies=[Depends(Needs(Permission.PEOPLE, tokens=True))])
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is longer waits on disk, in a file without a name
CHUNK = 64 * 1024

Lines = Callable[[Parts, str, Sequence[str]], Iterable[tuple[Session, Any]]]


@dataclass(frozen=True, slots=True)
class Offered:
    """A report that can be downloaded: its table, and where its lines come from. A new one is a line below."""

    table: Table[Any]
    lines: Lines


REPORTS: Mapping[str, Offered] = {
    "attendance": Offered(
        ATTENDANCE, lambda parts, event, keys: attendance_of(parts.programmes, parts.reports, event, keys)
    ),
    "questions": Offered(
        QUESTIONS, lambda parts, event, keys: questions_of(parts.programmes, parts.reports, event, keys)
    ),
}


def offered() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every report with the formats it can be had in."""
    return tuple((name, tuple(WRITERS)) for name in REPORTS)


@router.get("/events/{event}/downloads/{report}/{form}", name="event_download")
def event_download(request: Request, event: Key, report: str, form: str) -> Response:
    return _download(request, event, "", report, form)


@router.get("/events/{event}/sessions/{key}/downloads/{report}/{form}", name="session_download")
def session_download(request: Request, event: Key, key: Key, report: str, form: str) -> Response:
    return _download(request, event, key, report, form)


def _download(request: Request, event: str, key: str, report: str, form: str) -> Response:
    if report not in REPORTS or form not in WRITERS:
        raise HTTPException(404)
    parts, writer = parts_of(request), writer_of(form)
    out = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed once it is sent
    try:
        lines = REPORTS[report].lines(parts, event, [key] if key else [])
        rows = (ReportRow(session.key, session.timezone, one) for session, one in lines)
        count = write_table(form, REPORTS[report].table, rows, out)
        length = out.tell()
        access = parts.access()
        who = signed_in(request).name
        access.audit.write(AuditEntry(access.now(), who, "download", event, key, f"{report} {form}", count))
    except BaseException:
        out.close()
        raise
    name = "-".join(filter(None, (event, key, report))) + writer.suffix
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)}
    return StreamingResponse(_chunks(out), media_type=writer.media_type, headers=headers)


def _chunks(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(CHUNK):
            yield chunk

"""A programme that is uploaded: its problems, what it would change, and then, by a click, the loading of just that.

Nothing is kept before that click. The page itself carries the file, so that it is read again and judged again then.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse

from zoom_sync.adapters.sources import FORMATS, Reading
from zoom_sync.adapters.sources.decoding import MOST_BYTES, lines_of, to_text
from zoom_sync.adapters.sources.origins import SourceSpec, open_sent
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.domain.access import AuditEntry, Permission, display_name
from zoom_sync.domain.difference import Coincidence, shift_text
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.timetable import Per
from zoom_sync.domain.validate import zone_flaw
from zoom_sync.entrypoints.fitting import fitted
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.errors import Problem, StoreConflict, UserError
from zoom_sync.service_layer.loading import Comparison, Said, compare, put_in

router = APIRouter()
edits = Depends(Needs(Permission.EDIT))

# What a file of MOST_BYTES that cannot be compressed comes to in a form, with the rest of the form.
MOST_BODY = 3 * MOST_BYTES // 2
# A text field of a form is no longer than 1 MiB, so a file is sent back in several.
PIECE = 512 * 1024
MOST_OF_A_LINE = 240
OPTIONS = ("timezone", "event", "event_title", "form", "one_per", "default_length")
CHANGED = Phrase("the programme has changed since this was shown; look at it again")
LONGEST = 24 * 60  # minutes
NEW = "="  # answers whose programme it is, where it is another event's; no event can have it as its key


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent, with what was said about it. `at` is the event on whose page it was dropped."""

    name: str
    data: bytes
    mapping_name: str = ""
    mapping: bytes = b""
    at: str = ""
    options: dict[str, str] = field(default_factory=dict)
    event_is: str = ""  # a stored event's key, or NEW
    same: dict[str, str] = field(default_factory=dict)  # new keys, with the stored session that each is; "": none
    drop_all: bool = False  # what was adjusted by hand does not hold any more
    looked: bool = False  # whether somebody has looked at the matches

    @property
    def packed(self) -> list[str]:
        return _packed(self.data)

    @property
    def packed_mapping(self) -> list[str]:
        return _packed(self.mapping) if self.mapping else []


async def posted(request: Request) -> AsyncIterator[FormData]:
    """The form, which is read behind the door only: whoever may not come in sends nothing of this size."""
    async with request.form() as form:
        yield form


Posted = Annotated[FormData, Depends(posted)]


@router.get("/programme", name="new_programme", dependencies=[edits])
def new_programme(request: Request) -> Response:
    """Where a programme is uploaded that may be of any event."""
    return render(request, "upload.html.j2", **_form_values(request))


@router.get("/events/{event}/programme", name="programme", dependencies=[edits])
def programme(request: Request, event: Key) -> Response:
    """Where the event's programme comes from, and where another version of it is uploaded."""
    parts = parts_of(request)
    stored = parts.programmes.programme(event)
    sources = [binding for binding in parts.bindings.all() if binding.event == event]
    consent = parts.approvals.consent(event)
    return render(
        request, "programme.html.j2", event=stored.event, sources=sources, loaded_by=consent.loaded_by,
        adjustments=parts.programmes.adjustments(event), sessions={session.key: session for session in stored.sessions},
        **_form_values(request, event),
    )  # fmt: skip


@router.post("/programme/read", name="read_programme", dependencies=[edits], max_body_size=MOST_BODY)
def read_programme(request: Request, form: Posted) -> Response:
    """What the file says and would change. Nothing is stored."""
    return _page(request, _sent(form))


@router.post("/programme/load", name="load_programme", dependencies=[edits], max_body_size=MOST_BODY)
def load_programme(request: Request, form: Posted) -> Response:
    """Load what was seen; where it would be something else by now, it is shown and not done."""
    sent = _sent(form)
    parts, who = parts_of(request), signed_in(request).name
    access = parts.access()
    reading = _reading(request, sent)
    if reading.programme is None:
        return _page(request, sent)
    try:
        compared = _compared(request, sent, reading)
        if compared.open_questions or _whose(request, sent, compared):
            return _page(request, sent)
        if compared.mark != form.get("mark"):
            return _page(request, sent, changed=CHANGED)
        put_in(parts.programmes, compared, access.now(), who)
    except StoreConflict as conflict:
        return _page(request, sent, changed=str(conflict))
    event = compared.programme.event.key
    access.audit.write(AuditEntry(access.now(), who, "programme loaded", event))
    return RedirectResponse(site_of(request).addresses("plan", event=event), 303)


# --- what was sent ----------------------------------------------------------------------------------------------------


def _sent(form: FormData) -> Sent:
    """Raises UserError where there is no file in it."""
    name, data = _file(form, "file")
    if not name:
        raise UserError(Phrase("choose a file with the programme first"))
    mapping_name, mapping = _file(form, "mapping")
    return Sent(
        name,
        data,
        mapping_name,
        mapping,
        at=_text(form, "at"),
        options={one: text for one in OPTIONS if (text := _text(form, one))},
        event_is=_text(form, "event_is"),
        same={
            key.removeprefix("same:"): str(value)
            for key, value in form.multi_items()
            if key.startswith("same:") and isinstance(value, str)
        },
        drop_all=_text(form, "drop_all") == "true",
        looked=_text(form, "looked") == "true",
    )


def _file(form: FormData, field: str) -> tuple[str, bytes]:
    """A file that is sent now, or that the page has carried."""
    upload = form.get(field)
    if isinstance(upload, UploadFile) and upload.filename:
        return display_name(upload.filename) or field, upload.file.read(MOST_BYTES + 1)
    pieces = [one for one in form.getlist(f"packed_{field}") if isinstance(one, str)]
    return (_text(form, f"{field}_name") or field, _unpacked("".join(pieces))) if pieces else ("", b"")


def _text(form: FormData, field: str) -> str:
    value = form.get(field)
    return value.strip()[:500] if isinstance(value, str) else ""


def _packed(data: bytes) -> list[str]:
    text = b64encode(zlib.compress(data)).decode()
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def _unpacked(text: str) -> bytes:
    """However much it would be, no more than a byte over what a source may have is made of it. Raises UserError."""
    try:
        return zlib.decompressobj().decompress(b64decode(text, validate=True), MOST_BYTES + 1)
    except (NotBase64, ValueError, zlib.error):
        raise UserError(Phrase("the form does not hold the file any more; choose it again")) from None


# --- what it says -----------------------------------------------------------------------------------------------------


def _page(request: Request, sent: Sent, *, changed: str = "") -> Response:
    parts = parts_of(request)
    reading = _reading(request, sent)
    values: dict[str, Any] = {
        **_form_values(request, sent.at),
        "sent": sent,
        "told": dict.fromkeys(OPTIONS, "") | sent.options,
        "event": parts.programmes.event(sent.at) if sent.at else None,
        "problems": _with_lines(reading.problems, sent),
        "notes": _with_lines(reading.notes, sent),
        "compared": None,
        "changed": changed,
    }
    if reading.programme is not None:
        compared = _compared(request, sent, reading)
        whose = _whose(request, sent, compared)
        values |= {
            "compared": compared,
            "differs": compared.difference,
            "whose": whose,
            "asks": bool(whose or compared.open_questions),
            "shift": _shift(compared),
        }
    return render(request, "difference.html.j2", status=409 if changed else 200, **values)


def _reading(request: Request, sent: Sent) -> Reading:
    """By the same rules as `load`: what names a profile or a host that is not there is a problem, too."""
    options = sent.options
    problems = [*_option_flaws(options)]
    if problems:
        return Reading(None, tuple(problems))
    text = options.get("event")
    if sent.event_is and sent.event_is != NEW:
        text = sent.event_is
    reading = _read(request, sent, text)
    if reading.programme is None and sent.at and text is None:
        again = _read(request, sent, sent.at)  # a file without a key of its own, on the page of the event it is for
        reading = again if again.programme is not None or len(again.problems) < len(reading.problems) else reading
    return reading


def _read(request: Request, sent: Sent, event: str | None) -> Reading:
    parts, options = parts_of(request), sent.options
    length = options.get("default_length")
    spec = SourceSpec(
        sent.name,
        timezone=options.get("timezone"),
        event=event,
        form=options.get("form"),
        mapping=sent.mapping_name or None,
        event_title=options.get("event_title"),
        one_per=options.get("one_per"),
        default_length=int(length) if length else None,
    )
    try:
        reading = open_sent(spec, sent.data, sent.mapping or None).read()
    except UserError as error:
        return Reading(None, error.problems or (Problem(error.message),))
    return fitted(reading, sent.name, parts.settings, parts.links.hosts(datetime.min.replace(tzinfo=UTC)) or ())


def _option_flaws(options: dict[str, str]) -> list[Problem]:
    flaws = []
    if (zone := options.get("timezone")) and (flaw := zone_flaw(zone)):
        flaws.append(Problem(flaw))
    length = options.get("default_length", "")
    if length and not (length.isascii() and length.isdigit() and 1 <= int(length) <= LONGEST):
        flaws.append(Problem("a length is between 1 and 1440 minutes"))
    if options.get("one_per", Per.SESSION) not in set(Per):
        flaws.append(Problem("what gets a meeting of its own is a session, a room, or a room's day"))
    return flaws


def _compared(request: Request, sent: Sent, reading: Reading) -> Comparison:
    """With the answers as `load` takes them. One that answers nothing by now is ignored, and is asked again."""
    parts = parts_of(request)
    programme = reading.require()
    said = Said(new_event=sent.event_is == NEW, drop_all=sent.drop_all)
    compared = compare(parts.programmes, programme, reading.made_keys, said)
    differs = compared.difference
    taken = {match.session.key: {match.stored.key} for match in compared.found.matches}
    named = {match.session.key: {match.stored.key} for match in differs.proposed}
    named |= {session.key: {other.key for other in others} for session, others in differs.unclear}
    rename = {stored: key for key, stored in sent.same.items() if stored in named.get(key, ())}
    another = frozenset(key for key, stored in sent.same.items() if not stored and key in taken | named)
    settled = not named.keys() - another - set(rename.values())
    said = replace(said, rename=rename, another=another, accept=sent.looked and settled)
    return compare(parts.programmes, programme, reading.made_keys, said)


def _whose(request: Request, sent: Sent, compared: Comparison) -> list[Coincidence]:
    """The stored events that it may be: those with the same sessions, and that on whose page it was dropped."""
    choices = list(compared.coincides)
    key = compared.programme.event.key
    if sent.at and not sent.event_is and key != sent.at and sent.at not in {choice.event.key for choice in choices}:
        choices.append(Coincidence(parts_of(request).programmes.event(sent.at), ()))
    return choices


def _shift(compared: Comparison) -> str:
    """By how much all that moved did, where that is the same."""
    differs = compared.difference
    return shift_text(differs.by_as_much) if differs.by_as_much is not None and len(differs.moved) > 1 else ""


def _with_lines(problems: tuple[Problem, ...], sent: Sent) -> list[tuple[Problem, str]]:
    """Each with the line that it is about, where the file is a text."""
    text = to_text(sent.data, Findings("")) if problems else None
    lines = lines_of(text) if text is not None and b"\0" not in sent.data[:1024] else []
    return [
        (problem, lines[problem.line - 1][:MOST_OF_A_LINE] if problem.line and 0 < problem.line <= len(lines) else "")
        for problem in problems
    ]


def _form_values(request: Request, at: str = "") -> dict[str, Any]:
    return {
        "at": at,
        "told": dict.fromkeys(OPTIONS, ""),
        "formats": [each.name for each in FORMATS],
        "zone": parts_of(request).programmes.event(at).timezone if at else "",
        "most": MOST_BYTES // 1024 // 1024,
        "bys": list(Per),
        "another_event": NEW,
        "shift_of": shift_text,
    }

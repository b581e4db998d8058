"""Staff say who is one person of a session: merge lines, split one, give a name or a role, and undo it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.domain.access import Permission
from zoom_sync.domain.attendance import Role
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.entrypoints.web.views.sessions import about
from zoom_sync.service_layer import deciding as use

PEOPLE = "/events/{event}/sessions/{key}/attendance"
router = APIRouter(dependencies=[Depends(Needs(Permission.PEOPLE))])

LineId = Annotated[str, Form(max_length=32)]
Why = Annotated[str, Form(max_length=500)]
Lines = Annotated[list[str] | None, Form()]
Rows = Annotated[list[int] | None, Form()]
Name = Annotated[str, Form(max_length=200)]
RoleName = Annotated[str, Form(max_length=20)]


def _deciding(request: Request) -> use.Deciding:
    return parts_of(request).deciding(signed_in(request).name)


def _back(request: Request, event: str, key: str) -> Response:
    return RedirectResponse(site_of(request).addresses("attendance", event=event, key=key), 303)


@router.get(PEOPLE + "/{line}", name="person")
def person(request: Request, event: Key, key: Key, line: str) -> Response:
    """One line, what its rows say, and what can be said of it."""
    values = about(request, event, key)
    found = use.line(_deciding(request), event, key, line)
    return render(
        request, "person.html.j2", **values, person=found.attendee, line_id=found.id, rows=found.rows, roles=Role
    )


@router.post(PEOPLE + "/merge", name="merge_people")
def merge(request: Request, event: Key, key: Key, line: Lines = None, why: Why = "") -> Response:
    use.merge_lines(_deciding(request), event, key, line or [], why)
    return _back(request, event, key)


@router.post(PEOPLE + "/split", name="split_person")
def split(
    request: Request,
    event: Key,
    key: Key,
    line: LineId = "",
    row: Rows = None,
    why: Why = "",
) -> Response:
    use.split_line(_deciding(request), event, key, line, row or [], why)
    return _back(request, event, key)


@router.post(PEOPLE + "/name", name="name_person")
def name(
    request: Request,
    event: Key,
    key: Key,
    line: LineId = "",
    name: Name = "",
    why: Why = "",
) -> Response:
    use.name_line(_deciding(request), event, key, line, name, why)
    return _back(request, event, key)


@router.post(PEOPLE + "/role", name="give_role")
def role(
    request: Request,
    event: Key,
    key: Key,
    line: LineId = "",
    role: RoleName = "",
    why: Why = "",
) -> Response:
    use.give_role(_deciding(request), event, key, line, role, why)
    return _back(request, event, key)


@router.post(PEOPLE + "/undo", name="undo_decision")
def undo(request: Request, event: Key, key: Key, number: Annotated[int, Form()] = 0) -> Response:
    use.undo(_deciding(request), event, key, number)
    return _back(request, event, key)

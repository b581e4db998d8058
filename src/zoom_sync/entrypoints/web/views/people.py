"""Who came to a session, what they asked, how they voted: personal data."""

from __future__ import annotations

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.domain.access import Permission
from zoom_sync.domain.attendance import line_id
from zoom_sync.domain.figures import counted_questions, unanswered
from zoom_sync.domain.questions import unanswered_first
from zoom_sync.domain.report import Order, Seek
from zoom_sync.entrypoints.web.doors import Needs
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.entrypoints.web.views.downloads import offered
from zoom_sync.entrypoints.web.views.sessions import about
from zoom_sync.service_layer.collect import counted_polls, event_people

router = APIRouter()
PAGE = 50
LAST_PAGE = 100_000  # whose offset any database takes

Page = Annotated[int, Query(ge=1, le=LAST_PAGE)]


@router.get(
    "/events/{event}/sessions/{key}/attendance", name="attendance", dependencies=[Depends(Needs(Permission.PEOPLE))]
)
def attendance(
    request: Request,
    event: Key,
    key: Key,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: Order = Order.JOINED,
    backwards: bool = False,
    page: Page = 1,
) -> Response:
    """One page of the people, found and sorted by the store."""
    values = about(request, event, key)
    seek = Seek(one_line(q), sort, backwards, page, PAGE)
    people, total = parts_of(request).report_pages.attendance_page(event, key, seek)
    pages = max(1, ceil(total / PAGE))
    return render(
        request,
        "attendance.html.j2",
        **values,
        people=people,
        total=total,
        seek=seek,
        pages=pages,
        offered=offered(parts_of(request), event, key),
        line_id=line_id,
        decisions=[decision for decision in parts_of(request).decisions.of(event, key) if decision.holds],
    )


@router.get("/events/{event}/people", name="event_people", dependencies=[Depends(Needs(Permission.PEOPLE))])
def over_the_event(request: Request, event: Key, page: Page = 1) -> Response:
    """Everybody over the event's sessions, one line each."""
    parts = parts_of(request)
    programme = parts.programmes.programme(event)
    people, _ = event_people(parts.programmes, parts.reports, event, ())
    shown = people[(page - 1) * PAGE : page * PAGE]
    return render(
        request,
        "people.html.j2",
        event=programme.event,
        people=shown,
        total=len(people),
        page=page,
        pages=max(1, ceil(len(people) / PAGE)),
        offered=[one for one in offered(parts, event) if one[0] == "people"],
    )


@router.get(
    "/events/{event}/sessions/{key}/questions", name="questions", dependencies=[Depends(Needs(Permission.PEOPLE))]
)
def questions(request: Request, event: Key, key: Key, page: Page = 1) -> Response:
    """What was asked; what nobody has answered yet comes first."""
    values = about(request, event, key)
    asked = unanswered_first(parts_of(request).reports.questions(event, key))
    pages = max(1, ceil(len(asked) / PAGE))
    shown = asked[(page - 1) * PAGE : page * PAGE]
    return render(
        request,
        "questions.html.j2",
        **values,
        questions=shown,
        total=len(counted_questions(asked)),
        waiting=unanswered(asked),
        page=page,
        pages=pages,
        offered=offered(parts_of(request), event, key),
    )


@router.get("/events/{event}/sessions/{key}/polls", name="polls", dependencies=[Depends(Needs(Permission.PEOPLE))])
def polls(request: Request, event: Key, key: Key) -> Response:
    """How often each answer was given to each question, and the downloads."""
    values = about(request, event, key)
    report = values["one"].reports.get("polls")
    counted = counted_polls(parts_of(request).reports, event, parts_of(request).programmes.session(event, key))
    return render(
        request, "polls.html.j2", **values, report=report, polls=counted, offered=offered(parts_of(request), event, key)
    )

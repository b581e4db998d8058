"""The events, and one event with its sessions: chosen and sorted, as a list by day or as a day's grid of rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Permission
from zoom_sync.domain.overview import Choice, Line, Sort, chosen, natural, standing
from zoom_sync.domain.phrases import Phrase
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.entrypoints.web.views.downloads import offered
from zoom_sync.entrypoints.web.views.today import watched
from zoom_sync.service_layer.status import arrived_late, may_arrive
from zoom_sync.service_layer.today import waiting_in
from zoom_sync.service_layer.warning import overruns

router = APIRouter()
PAGE = 100
Text = Annotated[str, Query(max_length=200)]


@router.get("/events", name="events", dependencies=[Depends(Needs(Permission.SEE))])
def events(request: Request) -> Response:
    parts = parts_of(request)
    now = parts.page_time()
    return render(request, "events.html.j2", events=parts.overview.events(now), now=now)


@dataclass(frozen=True, slots=True)
class Listing:
    """What of an event's sessions is on the page: `days` holds each day with its lines."""

    days: list[tuple[date, list[Line]]]
    total: int
    page: int
    pages: int


@router.get("/events/{event}", name="event", dependencies=[Depends(Needs(Permission.SEE))])
def event_page(
    request: Request,
    event: Key,
    q: Text = "",
    day: Annotated[str, Query(max_length=10)] = "",
    room: Text = "",
    track: Text = "",
    host: Text = "",
    state: Annotated[str, Query(max_length=20)] = "",
    report: Annotated[str, Query(max_length=20)] = "",
    sort: Sort = Sort.TIME,
    view: Annotated[str, Query(max_length=8)] = "list",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """One event. Of many sessions a day is shown at first: today's, the next that has any, or the last."""
    parts, visitor = parts_of(request), signed_in(request)
    about = parts.programmes.event(event)
    now, lines = parts.page_time(), parts.overview.of_event(event)
    seen = watched(parts, now)
    choice = Choice(one_line(q), _day(day), room, track, host, state, report, sort)
    days = sorted({line.day for line in lines})
    if days and choice.day is None and day != "all" and (view == "grid" or (len(lines) > PAGE and not choice.narrowed)):
        choice = Choice(choice.text, _first_day(days, lines, now), room, track, host, state, report, sort)
    found = chosen(lines, choice, now, watched=seen)
    staff = visitor.may(Permission.RUNS)
    return render(
        request,
        "event.html.j2",
        event=about,
        archived=parts.programmes.is_archived(event),
        called_off=parts.programmes.is_called_off(event),
        now=now,
        watched=seen,
        choice=choice,
        view=view,
        days=days,
        places=_places(lines),
        standing=standing(lines, now, watched=seen),
        listing=_page(found, page if view == "list" else 0),
        grid=_grid(found) if view == "grid" else None,
        waiting=waiting_in(parts.overview, event, lines, now, parts.expected_basic()) if staff else (),
        notes=_notes(parts, event, lines, now) if staff else (),
        runs=parts.runs.recent(event, 1),
        announcements=tuple(ANNOUNCEMENT_WRITERS),
        offered=offered(parts, event) if visitor.may(Permission.PEOPLE) else (),
        moments=[line.start for line in lines] + [line.end for line in lines],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _first_day(days: list[date], lines: Sequence[Line], now: datetime) -> date:
    """The day of the first session that is not over; the last day where all are."""
    coming = [line for line in lines if line.end > now]
    return min(coming, key=lambda line: line.start).day if coming else days[-1]


def _page(lines: list[Line], page: int) -> Listing:
    pages = max(1, ceil(len(lines) / PAGE))
    some = lines[(page - 1) * PAGE : page * PAGE] if page else lines
    return Listing([(day, list(of)) for day, of in groupby(some, key=lambda line: line.day)], len(lines), page, pages)


def _places(lines: Sequence[Line]) -> dict[str, list[str]]:
    """What can be chosen from: every room, track and host that is there."""
    return {
        name: sorted({value for line in lines if (value := getattr(line, name))}, key=natural)
        for name in ("room", "track", "host")
    }


def _grid(lines: list[Line]) -> dict[str, Any]:
    """A day with its rooms across and its times down; what has no room stands in a column without a name."""
    rooms = sorted({line.room for line in lines}, key=natural)
    cells: dict[datetime, dict[str, list[Line]]] = {}
    for line in sorted(lines, key=lambda line: line.start):
        cells.setdefault(line.start, {}).setdefault(line.room, []).append(line)
    return {"rooms": rooms, "cells": cells}


def _notes(parts: Parts, event: str, lines: Sequence[Line], now: datetime) -> tuple[Phrase, ...]:
    return (
        *arrived_late(parts.links, event),
        *may_arrive(parts.links, event),
        *(jump.note for jump in parts.late_clock_jumps()),
        *overruns(lines, parts.links, now),
        *parts.held_up(event),
    )

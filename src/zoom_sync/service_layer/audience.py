"""How many people were at a session minute by minute, made when its lines are, and kept as long as they stay."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zoom_sync.domain.attendance import ROLES_OF_PEOPLE, Attendee, Presence
from zoom_sync.domain.kept_figures import figures_kept
from zoom_sync.domain.programme import Session
from zoom_sync.service_layer.kept import kept_of
from zoom_sync.service_layer.ports.reports import ReportStore

KEPT = 64  # sessions


@dataclass(frozen=True, slots=True)
class Audience:
    """The most people in each minute of the session's window; the peak, when it was, and the median stay in seconds."""

    minutes: tuple[int, ...]
    peak: int
    peak_at: datetime | None
    median_stay: float


def audience_of(reports: ReportStore, event: str, session: Session) -> Audience:
    """The audience of one session as it was made with its lines, or of them; where they were purged, what was kept."""
    kept = kept_of(reports, event, session)
    if kept is not None:
        figures = figures_kept(0, session, kept, ())
        return Audience(figures.by_minute, figures.curve.peak, figures.curve.peak_at, figures.curve.median_stay)
    made = reports.audience(event, session.key)
    if made is not None and (made.get("start"), made.get("end")) == _times(session):
        peak_at = made["peak_at"] and datetime.fromisoformat(made["peak_at"])
        return Audience(tuple(made["minutes"]), made["peak"], peak_at or None, made["median_stay"])
    return measured(reports.attendance(event, session.key), session)


def measured(people: Iterable[Attendee], session: Session) -> Audience:
    """The audience of a session whose lines these are; bots are none of it."""
    presence = Presence()
    for person in people:
        if person.role in ROLES_OF_PEOPLE:
            presence.add(person)
    curve = presence.curve()
    minutes = tuple(curve.by_minute(session.start, session.end))
    return Audience(minutes, curve.peak, curve.peak_at, curve.median_stay)


def audience_json(audience: Audience, session: Session) -> dict[str, Any]:
    """An audience as it is kept beside the lines it was made of, with the times of the session it holds for."""
    start, end = _times(session)
    peak_at = audience.peak_at.isoformat() if audience.peak_at else None
    return {
        "start": start, "end": end, "minutes": list(audience.minutes), "peak": audience.peak, "peak_at": peak_at,
        "median_stay": audience.median_stay,
    }  # fmt: skip


def _times(session: Session) -> tuple[str, str]:
    return session.start.isoformat(), session.end.isoformat()


@dataclass(slots=True)
class Audiences:
    """The audiences computed last. `seen` says what they were made of: with another `seen` they are made anew."""

    _kept: OrderedDict[tuple[str, str], tuple[Any, Audience]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, reports: ReportStore, event: str, session: Session, seen: Any) -> Audience:
        """As `audience_of`, which is asked only where needed."""
        place, made_of = (event, session.key), (session.start, session.end, seen)
        with self._lock:
            kept = self._kept.get(place)
        if kept is not None and kept[0] == made_of:
            return kept[1]
        audience = audience_of(reports, event, session)
        with self._lock:
            self._kept[place] = (made_of, audience)
            self._kept.move_to_end(place)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return audience

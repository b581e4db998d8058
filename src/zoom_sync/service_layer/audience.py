"""How many people were at a session minute by minute, computed from its lines and kept as long as they stay."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zoom_sync.domain.attendance import Attendance, audience_curve
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
    """The audience of one session. Reads all of its lines; where they were purged, the figures that were kept."""
    kept = kept_of(reports, event, session)
    if kept is not None:
        figures = figures_kept(0, session, kept, ())
        return Audience(figures.by_minute, figures.curve.peak, figures.curve.peak_at, figures.curve.median_stay)
    people = tuple(reports.attendance(event, session.key))
    curve = audience_curve(Attendance(people, (), (), (session.start, session.end)))
    minutes = tuple(curve.by_minute(session.start, session.end))
    return Audience(minutes, curve.peak, curve.peak_at, curve.median_stay)


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

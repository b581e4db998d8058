"""The audience over time as a drawing: points and marks for an SVG, and the same as a table for who does not see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.agenda import TimedItem, timed_items
from zoom_sync.domain.programme import Session
from zoom_sync.service_layer.audience import Audience

WIDTH, HEIGHT = 600.0, 160.0
ROWS = 12  # of the table, about
MOST_POINTS = 300
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240)  # minutes between two marks of the time
MARKS_OF_TIME, MARKS_OF_COUNT = 6, 4


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place of the drawing, in percent of its width from the left and of its height from the top."""

    x: float
    y: float
    count: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """When an agenda item was on: from where, and how wide, in percent."""

    x: float
    width: float
    item: TimedItem


@dataclass(frozen=True, slots=True)
class Drawing:
    """`line` and `area` are the points of the curve, in a box of WIDTH by HEIGHT. `table` holds (when, people)."""

    audience: Audience
    line: str
    area: str
    counts: tuple[Mark, ...]
    times: tuple[Mark, ...]
    bands: tuple[Band, ...]
    peak: Mark | None
    table: tuple[tuple[datetime, int], ...]


def drawn(audience: Audience, session: Session) -> Drawing:
    """The drawing of a session's audience, from its start to its end."""
    minutes = audience.minutes or (0,)
    top = _top(max(*minutes, 1))
    step = -(-len(minutes) // MOST_POINTS)  # of a long session, the most of each few minutes
    counts = [max(minutes[first : first + step]) for first in range(0, len(minutes), step)]
    width = WIDTH / len(counts)
    corners = []
    for place, count in enumerate(counts):
        height = HEIGHT - count / top * HEIGHT
        corners += [f"{place * width:.1f},{height:.1f}", f"{(place + 1) * width:.1f},{height:.1f}"]
    line = " ".join(corners)
    area = f"0,{HEIGHT:.0f} {line} {WIDTH:.0f},{HEIGHT:.0f}"
    return Drawing(
        audience, line, area, _counts(top), _times(session), _bands(session), _peak(audience, session, top),
        _table(minutes, session),
    )  # fmt: skip


def _top(most: int) -> int:
    """The next round number: 1, 2, 4 or 8 tens, so that its quarters are round, too."""
    if most <= MARKS_OF_COUNT:
        return MARKS_OF_COUNT
    scale = 1
    while True:
        for factor in (4, 8, 12, 16, 20, 24, 32):
            if factor * scale >= most:
                return factor * scale
        scale *= 10


def _counts(top: int) -> tuple[Mark, ...]:
    return tuple(Mark(0, 100 - part * 25, top * part // MARKS_OF_COUNT) for part in range(1, MARKS_OF_COUNT + 1))


def _share(at: datetime, session: Session) -> float:
    """Where an instant is between start and end, in percent."""
    length = (session.end - session.start).total_seconds() or 1
    return min(100.0, max(0.0, (at - session.start).total_seconds() / length * 100))


def _times(session: Session) -> tuple[Mark, ...]:
    """Full hours, quarters and the like by the session's own clock, but none close to its ends, which stand there."""
    start, end = session.start.astimezone(UTC), session.end.astimezone(UTC)
    minutes = (end - start).total_seconds() / 60
    step = next((number for number in STEPS if minutes / number <= MARKS_OF_TIME), 24 * 60)
    offset = session.start.utcoffset() or timedelta()
    local = start + offset
    first = local.replace(hour=0, minute=0, second=0, microsecond=0) - offset
    marks = []
    at = first
    while at < end:
        if at > start and 8 < _share(at, session) < 92:  # noqa: PLR2004 - room for the labels at both ends
            marks.append(Mark(_share(at, session), 100, at=at))
        at += timedelta(minutes=step)
    return (Mark(0, 100, at=start), *marks, Mark(100, 100, at=end))


def _bands(session: Session) -> tuple[Band, ...]:
    return tuple(
        Band(_share(item.start, session), _share(item.end, session) - _share(item.start, session), item)
        for item in timed_items(session)
    )


def _peak(audience: Audience, session: Session, top: int) -> Mark | None:
    if not audience.peak or audience.peak_at is None or not session.start <= audience.peak_at <= session.end:
        return None
    return Mark(_share(audience.peak_at, session), 100 - audience.peak / top * 100, audience.peak, audience.peak_at)


def _table(minutes: tuple[int, ...], session: Session) -> tuple[tuple[datetime, int], ...]:
    step = max(1, -(-len(minutes) // ROWS))
    step = next((round_ for round_ in (1, 2, 5, 10, 15, 30, 60) if round_ >= step), step)
    return tuple(
        (session.start.astimezone(UTC) + timedelta(minutes=at), minutes[at]) for at in range(0, len(minutes), step)
    )

"""The audience over time as a drawing: points for an SVG, and the same as a table for who does not see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.programme import Session
from zoom_sync.service_layer.audience import Audience

WIDTH, HEIGHT = 600.0, 160.0
ROWS = 12  # of the table, about
MOST_POINTS = 300


@dataclass(frozen=True, slots=True)
class Drawing:
    """`line` and `area` are the points of the curve, in a box of WIDTH by HEIGHT. `table` holds (when, people)."""

    audience: Audience
    line: str
    area: str
    table: tuple[tuple[datetime, int], ...]


def drawn(audience: Audience, session: Session) -> Drawing:
    """The drawing of a session's audience, from its start to its end."""
    minutes = audience.minutes or (0,)
    top = max(*minutes, 1)
    step = -(-len(minutes) // MOST_POINTS)  # of a long session, the most of each few minutes
    counts = [max(minutes[first : first + step]) for first in range(0, len(minutes), step)]
    width = WIDTH / len(counts)
    corners = []
    for place, count in enumerate(counts):
        height = HEIGHT - count / top * (HEIGHT - 8)
        corners += [f"{place * width:.1f},{height:.1f}", f"{(place + 1) * width:.1f},{height:.1f}"]
    line = " ".join(corners)
    area = f"0,{HEIGHT:.0f} {line} {WIDTH:.0f},{HEIGHT:.0f}"
    return Drawing(audience, line, area, _table(minutes, session))


def _table(minutes: tuple[int, ...], session: Session) -> tuple[tuple[datetime, int], ...]:
    step = max(1, -(-len(minutes) // ROWS))
    step = next((round_ for round_ in (1, 2, 5, 10, 15, 30, 60) if round_ >= step), step)
    return tuple(
        (session.start.astimezone(UTC) + timedelta(minutes=at), minutes[at]) for at in range(0, len(minutes), step)
    )

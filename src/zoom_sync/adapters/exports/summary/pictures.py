"""Where the lines, bars and letters of a picture stand, in the units of its SVG. Values; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.summary import SessionFigures

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 696, 28, 212
BAR_LEFT, BAR_RIGHT, BAR_STEP, BAR_HEIGHT = 200, 620, 30, 18
_MOST_TICKS = 9
_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and what is written there."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """The audience of a session over its minutes; `marks` are where the agenda items begin."""

    line: str
    area: str
    times: tuple[Tick, ...]
    counts: tuple[Tick, ...]
    marks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its length, that of the darker one in it, its upper edge, what stands before it and behind it."""

    length: float
    inner: float
    top: int
    name: str
    told: str


def curve_picture(figures: SessionFigures) -> CurvePicture | None:
    """The curve as it is drawn; None where nobody was there."""
    minutes = figures.by_minute
    if not any(minutes):
        return None
    step = _nice(max(minutes))
    high = step * -(-max(minutes) // step)
    wide = (RIGHT - LEFT) / len(minutes)
    start = figures.session.start

    def across(moment: datetime) -> float:
        return round(LEFT + (moment.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60 * wide, 1)

    def up(people: float) -> float:
        return round(BOTTOM - people / high * (BOTTOM - TOP), 1)

    line = f"M{LEFT},{up(minutes[0])}"
    for place, people in enumerate(minutes, 1):
        line += f"V{up(people)}H{round(LEFT + place * wide, 1)}"
    return CurvePicture(
        line,
        f"{line}V{BOTTOM}H{LEFT}Z",
        tuple(Tick(across(moment), f"{moment:%H:%M}") for moment in _clock(figures.session.start, len(minutes))),
        tuple(Tick(up(people), str(people)) for people in range(0, high + 1, step)),
        tuple(Tick(across(item.timed.start), str(number)) for number, item in enumerate(figures.items, 1)),
    )


def bars(rows: Sequence[tuple[str, str, int, int]]) -> tuple[Bar, ...]:
    """Bars of (name, what is told behind it, value, value of the darker one in it); the largest takes all the room."""
    most = max((value for _, _, value, _ in rows), default=0) or 1
    room = BAR_RIGHT - BAR_LEFT
    return tuple(
        Bar(round(value / most * room, 1), round(inner / most * room, 1), place * BAR_STEP, name, row)
        for place, (name, row, value, inner) in enumerate(rows)
    )


def _nice(most: int) -> int:
    """The distance of the lines behind a curve that is `most` high: 1, 2 or 5 times a power of ten, six at most."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= 6 * step:
                return step
        power *= 10


def _clock(start: datetime, minutes: int) -> list[datetime]:
    """Round times by the clock on the wall in the minutes from `start` on, up to nine of them."""
    step = next((number for number in _STEPS if minutes / number < _MOST_TICKS), _STEPS[-1])
    first = -(start.hour * 60 + start.minute) % step
    begin = start.astimezone(UTC).replace(second=0)
    return [(begin + timedelta(minutes=place)).astimezone(start.tzinfo) for place in range(first, minutes + 1, step)]

"""Zoom's published limits by plan and label. https://developers.zoom.us/docs/api/rate-limits/ (read 2026-02-07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zoom_sync.adapters.zoom.operations import Label


class ZoomPlan(StrEnum):
    """What the account has; `business` stands for Business, Education, Enterprise and Partner."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Rate:
    """`calls` in any `seconds`, and `per_day` in a UTC day (None: no such limit).

    Labels whose rates name the same `day_group` share one daily limit.
    """

    calls: int
    seconds: int
    per_day: int | None
    day_group: str


def _rates(light: Rate, medium: Rate, heavy: Rate, intensive: Rate) -> Mapping[Label, Rate]:
    return {
        Label.LIGHT: light,
        Label.MEDIUM: medium,
        Label.HEAVY: heavy,
        Label.RESOURCE_INTENSIVE: intensive,
    }


RATES: Mapping[ZoomPlan, Mapping[Label, Rate]] = {
    ZoomPlan.FREE: _rates(
        Rate(4, 1, 6000, "light"),
        Rate(2, 1, 2000, "medium"),
        Rate(1, 1, 1000, "heavy"),
        Rate(10, 60, 30_000, "intensive"),
    ),
    ZoomPlan.PRO: _rates(
        Rate(30, 1, None, "light"),
        Rate(20, 1, None, "medium"),
        Rate(10, 1, 30_000, "heavy"),
        Rate(10, 60, 30_000, "heavy"),
    ),
    ZoomPlan.BUSINESS: _rates(
        Rate(80, 1, None, "light"),
        Rate(60, 1, None, "medium"),
        Rate(40, 1, 60_000, "heavy"),
        Rate(20, 60, 60_000, "heavy"),
    ),
}

# How many meetings a licensed user may hold at once; the plan that Zoom calls Pro allows one.
# https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0068522
MEETINGS_AT_ONCE = {ZoomPlan.FREE: 1, ZoomPlan.PRO: 1, ZoomPlan.BUSINESS: 2}

"""How long each kind of data is kept, and what is past its time. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Retention(StrEnum):
    """The kinds of data that have a time of their own."""

    RAW = "raw"  # report rows as Zoom returned them, from the session's end
    REPORT = "report"  # merged attendance and questions, from the session's end
    RUN = "run"  # runs and their items, from when they were finished
    AUDIT = "audit"  # who did what, from when it was done


def cutoffs(days: Mapping[Retention, int], now: datetime) -> Mapping[Retention, datetime]:
    """What ended before this is past its time. A kind of 0 days is kept for ever and has no entry.

    Raw rows go with the report at the latest: it could be made again from them.
    """
    moments = {kind: now - timedelta(days=count) for kind, count in days.items() if count}
    if Retention.REPORT in moments:
        moments[Retention.RAW] = max(moments[Retention.REPORT], moments.get(Retention.RAW, moments[Retention.REPORT]))
    return moments


@dataclass(frozen=True, slots=True)
class Due:
    """Rows of one kind of one session that are past their time. Session and event are empty where the kind has none.

    `ended_at` is what the time is counted from, of several the last.
    """

    kind: Retention
    event: str
    session: str
    rows: int
    ended_at: datetime | None

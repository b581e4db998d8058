"""How complete a report is: from its rows, what Zoom says there are, and the time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.attendance import Stay, stay_from_row
from zoom_sync.domain.attendance.stay import Flaw
from zoom_sync.domain.phrases import NOTHING, Phrase, then
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Collected, Report, ReportState
from zoom_sync.service_layer.collect.kinds import PARTICIPANTS, SURVEYS, ReportKind

# A survey is shown at the end and sent by mail a day later; who answers does it within days.
SURVEY_OPEN = timedelta(days=7)
# Sessions end some minutes before their time; one that ended sooner may have broken off.
ENDS_EARLY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a report's rows tell: how many, how many Zoom has not finished, and when the last stay ended.

    `unreadable` rows hold no time at all: they are kept, and counted nowhere.
    """

    rows: int
    total: int | None
    unfinished: int
    last_leave: datetime | None
    unreadable: int = 0


def weigh(kind: ReportKind, reports: Sequence[Report]) -> Judged:
    """Count the rows of all instances."""
    rows = sum(len(report.rows) for report in reports)
    totals = [report.total for report in reports if report.total is not None]
    stays = [stay_from_row(row, "") for report in reports for row in report.rows] if kind.name == PARTICIPANTS else []
    unfinished = sum(1 for stay in stays if isinstance(stay, Stay) and stay.flaws & (Flaw.UNPROCESSED | Flaw.NO_LEAVE))
    last = max((stay.end for stay in stays if isinstance(stay, Stay)), default=None)
    leave = None if last is None else datetime.fromtimestamp(last, UTC)
    unreadable = sum(1 for stay in stays if not isinstance(stay, Stay))
    return Judged(rows, sum(totals) if totals else None, unfinished, leave, unreadable)


def final_at(session: Session, judged: Judged | None, delay: timedelta) -> datetime:
    """When Zoom adds nothing more: some time after the session's end, or after the last one left."""
    left = judged.last_leave if judged and judged.last_leave else session.end
    return max(session.end, left) + delay


def judge(session: Session, kind: ReportKind, judged: Judged, final: datetime, now: datetime) -> Collected:
    """The state of a report whose rows were all fetched."""
    rows, total = judged.rows, judged.total
    state, reason = ReportState.COMPLETE, NOTHING
    if total is not None and rows < total:
        state, reason = ReportState.PARTIAL, Phrase("{rows} of {total} rows", rows=rows, total=total)
    elif judged.unfinished:
        # "duration 0 … not processed yet": the report's own description, see the link in `kinds`
        state = ReportState.PARTIAL
        reason = Phrase("Zoom has not finished {count} of {rows} rows", count=judged.unfinished, rows=rows)
    elif kind.of_instance and now < final:
        state = ReportState.PARTIAL if rows else ReportState.WAITING
        reason = may_grow(final)
    elif not rows:
        state, reason = ReportState.NONE, kind.nothing
    elif kind.name == SURVEYS and now < session.end + SURVEY_OPEN:
        state = ReportState.PARTIAL
        reason = Phrase("people may answer until {moment} UTC", moment=_told(session.end + SURVEY_OPEN))
    if judged.unreadable:
        lost = Phrase("{count} of {rows} rows hold no time and are not counted", count=judged.unreadable, rows=rows)
        reason = then(reason, lost) if reason else lost
    return Collected(session.key, kind.name, state, rows, total, reason, now)


def ended_early(session: Session, ended: datetime | None) -> bool:
    """Whether the last instance ended so long before its session that it may have been begun again."""
    return ended is not None and ended < session.end - ENDS_EARLY


def may_be_restarted(until: datetime) -> Phrase:
    """Why a report is not complete although its rows are all there."""
    return Phrase(
        "the meeting ended before the session did: one that was begun again may be listed until {moment} UTC",
        moment=_told(until),
    )


def not_listed_yet(asked_again: datetime) -> Phrase:
    """Why it is not said yet that a meeting was never held: Zoom may list it late."""
    return Phrase("Zoom lists no meeting yet; asked again at {moment} UTC", moment=_told(asked_again))


def only_rehearsed(until: datetime) -> Phrase:
    """Why it is not said yet that a session was not held."""
    return Phrase(
        "Zoom lists the meeting at other times only: the session itself may be listed until {moment} UTC",
        moment=_told(until),
    )


def may_grow(final: datetime) -> Phrase:
    """Why a report is not asked for yet, or not complete."""
    return Phrase("Zoom may add rows until {moment} UTC", moment=_told(final))


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"

"""What of a meeting's reports belongs to which of the sessions that are held in it. Pure.

A stay is cut where one session goes over into the next, and a question goes to the session it was asked in. So nothing
is lost and nothing counts twice. Which of the times that the meeting was held are a session is said in `instances`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zoom_sync.domain.attendance import Stay, Unreadable, stay_from_row
from zoom_sync.domain.attendance.times import read_seconds, to_datetime
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Instance, Report
from zoom_sync.domain.series import Division, division, is_series

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One session's part of its meeting.

    `over` is when the session's reports can be had: Zoom has none before everybody has left the meeting. `kept_by` is
    the key that the rows are kept by: rows that several sessions divide are kept once, by the owner's.
    """

    session: Session
    division: Division
    series: bool
    over: datetime
    kept_by: str

    @property
    def timed(self) -> Session:
        """The session as if it ended when its reports can be had."""
        return replace(self.session, end=self.over)

    @property
    def whole(self) -> bool:
        """Whether all that an instance tells is of this session."""
        return len(self.division.keys) == 1

    def of_stays(self, report: Report, instance: Instance) -> Report:
        """The rows of stays that are of this session, if only in part."""
        return report if self.whole else _some(report, [row for row in report.rows if self._stayed(row, instance)])

    def of_details(self, report: Report, instance: Instance, details: str, time: str) -> Report:
        """The rows of people with those of their `details` that are of this session, by their `time`."""
        if self.whole:
            return report
        rows = (self._with_own(row, instance, details, time) for row in report.rows)
        return _some(report, [row for row in rows if row is not None])

    def cut(self, stays: Iterable[Stay | Unreadable]) -> Iterator[Stay | Unreadable]:
        """The stays of this session, each as long as it was in it."""
        if self.whole:
            yield from stays
            return
        before, after = self.division.bounds(self.session.key)
        for stay in stays:
            if isinstance(stay, Unreadable):
                yield stay
            else:
                start, end = max(stay.start, before), min(stay.end, after)
                yield stay._replace(start=int(start), end=int(end))

    def _stayed(self, row: Row, instance: Instance) -> bool:
        stay = stay_from_row(row, instance.uuid)
        if isinstance(stay, Unreadable):
            return self.division.at(instance.start) == self.session.key
        before, after = self.division.bounds(self.session.key)
        # Whoever came and left in the same second was there, too.
        return stay.start < after and (stay.end > before or stay.start == stay.end == before)

    def _with_own(self, row: Row, instance: Instance, details: str, time: str) -> Row | None:
        value = row.get(details)
        if not isinstance(value, list) or not value:
            return row if self._is_own(None, instance) else None
        own = [
            entry for entry in value if self._is_own(entry.get(time) if isinstance(entry, Mapping) else None, instance)
        ]
        return {**row, details: own} if own else None

    def _is_own(self, value: object, instance: Instance) -> bool:
        """By its time, or where that is not told by the instance's."""
        read = read_seconds(value) if isinstance(value, str) else None
        moment = to_datetime(read[0]) if read else instance.start
        return self.division.at(moment) == self.session.key


def part_of(session: Session, sharing: Sequence[Session]) -> Part:
    """A session's part of the meeting that all of `sharing`, itself included, are held in."""
    series = is_series(sharing)
    over = session.end if series else max(one.end for one in sharing)
    return Part(session, division(sharing), series, over, session.key if series else session.meeting_key)


def _some(report: Report, rows: Sequence[Row]) -> Report:
    """Some of a report's rows. Those that Zoom has not told yet may be of any session."""
    missing = None if report.total is None else max(0, report.total - len(report.rows))
    return Report(tuple(rows), None if missing is None else len(rows) + missing)

"""The kinds of reports: how each is asked for, and what it means where Zoom has nothing.

To add one: a reader's method, a function here, and a line in `ALL`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from zoom_sync.domain.dividing import Part
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.registering import ANYBODY, LISTED, WITHOUT
from zoom_sync.domain.report import Instance, Report
from zoom_sync.errors import Expired, NotFound
from zoom_sync.service_layer.ports.zoom import ZoomReader

PARTICIPANTS = "participants"
QUESTIONS = "questions"
POLLS = "polls"
SURVEYS = "surveys"
REGISTRANTS = "registrants"
ABSENTEES = "absentees"
PANELISTS = "panelists"

# "Can not access a meeting a year ago" (12702); instances 15 months, and a webinar's participants half a year:
# https://developers.zoom.us/docs/api/meetings/#tag/reports and
# https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0060632
REPORTS_KEPT = timedelta(days=365)
INSTANCES_KEPT = timedelta(days=456)
WEBINAR_PARTICIPANTS_KEPT = timedelta(days=180)
KEPT_AT_LEAST = timedelta(days=150)  # of all reports, with a month to spare

# With these somebody gets in as somebody else.
NOT_KEPT = frozenset({"join_url", "participant_pin_code"})

# Where a report groups what people told by person: the name of the group, and that of each one's time.
DETAILS = {
    QUESTIONS: ("question_details", "create_time"),
    POLLS: ("question_details", "date_time"),
    SURVEYS: ("answer_details", "date_time"),
}

NOTHING = Report((), None)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of report.

    `of_instance`: Zoom has one for each time the meeting was held; else there is one of the meeting. `early`: worth
    asking for before Zoom has finished it; the others wait, as each call is a heavy one. `fetch` is given the link, the
    instance (of a kind that is not `of_instance` one that stands for the meeting) and the time.
    """

    name: str
    held_as: frozenset[Kind]
    of_instance: bool
    early: bool
    nothing: Phrase
    fetch: Callable[[ZoomReader, Link, Instance, datetime], Report]


def own_rows(kind: str, part: Part, report: Report, instance: Instance) -> Report:
    """What of a report is of one session; lists of the meeting itself are every session's."""
    if kind == PARTICIPANTS:
        return part.of_stays(report, instance)
    return part.of_details(report, instance, *DETAILS[kind]) if kind in DETAILS else report


def kinds_of(held_as: Kind) -> tuple[ReportKind, ...]:
    """What there is to collect of a meeting, or of a webinar."""
    return tuple(kind for kind in ALL if held_as in kind.held_as)


def cannot_be(kind: ReportKind, link: Link) -> Phrase | None:
    """Why there can be no report of this kind, as far as is known without asking; None where there can."""
    if kind.name in (REGISTRANTS, ABSENTEES) and _approval(link) == WITHOUT:
        return Phrase("the {kind} is without registration", kind=link.kind)
    return None


def _participants(reader: ZoomReader, link: Link, instance: Instance, now: datetime) -> Report:
    """The report; where it has nothing, the other source.

    "This API does not return results if there is only one participant":
    https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/participants
    Zoom lists this instance. So where both say that they do not know it, that is no word on who came.

    Raises:
        NotFound: neither source has a report of it.
        ZoomError: another trouble, of either.
    """
    missing: NotFound | None = None
    if link.kind is Kind.MEETING or not instance.dated or now - instance.start <= WEBINAR_PARTICIPANTS_KEPT:
        try:
            report = reader.participants(instance.uuid, link.kind)
        except NotFound as error:
            missing = error
        else:
            if report.rows:
                return report
    report = reader.past_participants(instance.uuid, link.kind)
    if missing is not None and not report.rows:
        raise missing
    return report


def _questions(reader: ZoomReader, link: Link, instance: Instance, _now: datetime) -> Report:
    return reader.questions(instance.uuid, link.kind)


def _polls(reader: ZoomReader, link: Link, instance: Instance, _now: datetime) -> Report:
    return reader.polls(instance.uuid, link.kind)


def _surveys(reader: ZoomReader, link: Link, instance: Instance, _now: datetime) -> Report:
    return reader.surveys(instance.uuid, link.kind)


def _registrants(reader: ZoomReader, link: Link, _instance: Instance, _now: datetime) -> Report:
    """Who was approved; where that is done by hand, also who waits for it and who was denied."""
    statuses = LISTED[:1] if _approval(link) == ANYBODY else LISTED
    reports: list[Report] = []
    for status in statuses:
        report = _of_meeting(lambda status=status: reader.registrants(link.meeting_id, link.kind, status))  # type: ignore[misc]  # the loop's own value
        reports.append(report)
        if report == NOTHING:
            break  # without registration: the other lists are refused, too
    totals = [report.total for report in reports if report.total is not None]
    return _harmless(Report(tuple(row for report in reports for row in report.rows), sum(totals) if totals else None))


def _absentees(reader: ZoomReader, _link: Link, instance: Instance, _now: datetime) -> Report:
    return _harmless(reader.absentees(instance.uuid))


def _panelists(reader: ZoomReader, link: Link, _instance: Instance, _now: datetime) -> Report:
    return _harmless(_of_meeting(lambda: reader.panelists(link.meeting_id)))


def _of_meeting(fetch: Callable[[], Report]) -> Report:
    """What belongs to the meeting itself goes with it: https://support.zoom.us/hc/en-us/articles/201362373."""
    try:
        return fetch()
    except NotFound as error:
        raise Expired(Phrase("Zoom no longer has the meeting"), status=error.status, code=error.code) from None


def _harmless(report: Report) -> Report:
    return replace(report, rows=tuple(_without_ways_in(row) for row in report.rows))


def _without_ways_in(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in row.items() if name not in NOT_KEPT}


def _approval(link: Link) -> Any:
    return link.applied.settings.get("approval_type")


_BOTH, _WEBINAR = frozenset(Kind), frozenset({Kind.WEBINAR})
ALL = (
    ReportKind(
        PARTICIPANTS,
        _BOTH,
        True,
        True,
        Phrase("nobody came, or one person only: Zoom does not report that"),
        _participants,
    ),
    ReportKind(QUESTIONS, _BOTH, True, True, Phrase("nobody asked"), _questions),
    ReportKind(POLLS, _BOTH, True, False, Phrase("nobody answered a poll"), _polls),
    ReportKind(SURVEYS, _BOTH, True, False, Phrase("nobody answered a survey by then"), _surveys),
    ReportKind(
        REGISTRANTS,
        _BOTH,
        False,
        True,
        Phrase("nobody registered, or the meeting is without registration"),
        _registrants,
    ),
    ReportKind(
        ABSENTEES,
        _WEBINAR,
        True,
        False,
        Phrase("everybody who registered came, or nobody had to register"),
        _absentees,
    ),
    ReportKind(PANELISTS, _WEBINAR, False, True, Phrase("the webinar has no panelists"), _panelists),
)
KINDS = tuple(kind.name for kind in ALL)
KIND_OF = {kind.name: kind for kind in ALL}

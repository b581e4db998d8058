"""Collecting reports after a session: every instance of its meeting, every page, checked for completeness, merged.

A report that Zoom has not finished says so; a session that never took place is a result and no error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.attendance import Attendee, Stay, merge, stay_from_row
from zoom_sync.domain.attendance.stay import Flaw, Unreadable
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import Session
from zoom_sync.domain.questions import Question, questions_from_report
from zoom_sync.domain.report import Collected, Instance, RawReport, Report, ReportState
from zoom_sync.errors import InvalidRequest, NotFound, NotInStore, ZoomError
from zoom_sync.service_layer.observe import in_parallel
from zoom_sync.service_layer.ports import Clock, LinkStore, ProgrammeStore, ReportStore, ZoomReader

PARTICIPANTS = "participants"
QUESTIONS = "questions"
KINDS = (PARTICIPANTS, QUESTIONS)
EVER = datetime.min.replace(tzinfo=UTC)
SETTLED = (ReportState.COMPLETE, ReportState.NONE)


@dataclass(frozen=True, slots=True)
class Collecting:
    """What collecting needs. `delay` is how long after the end Zoom may still add rows.

    "Recently ended meetings can take up to 30 minutes to appear":
    https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0060632
    """

    programmes: ProgrammeStore
    links: LinkStore
    reports: ReportStore
    reader: ZoomReader
    clock: Clock
    delay: timedelta
    threads: int = 1


def due_sessions(collecting: Collecting, event: str, now: datetime) -> list[str]:
    """The sessions that are over, have a meeting, and lack a finished report."""
    settled = {(one.key, one.kind) for one in collecting.reports.states(event) if one.state in SETTLED}
    linked = collecting.links.known(event, "").links.keys() - collecting.reports.purged(event).keys()
    return [
        session.key
        for session in collecting.programmes.programme(event).sessions
        if session.key in linked and session.end <= now and any((session.key, kind) not in settled for kind in KINDS)
    ]


def collect_event(
    collecting: Collecting, event: str, keys: Sequence[str], tell: Callable[[str, Sequence[Collected]], None]
) -> list[Collected]:
    """Collect the named sessions, or without names all that are due. `tell` hears of each session that is through.

    Raises:
        NotInStore: there is no such event or session, or a named session has no meeting.
    """
    now = collecting.reader.server_time()
    wanted = list(keys) or due_sessions(collecting, event, now)
    for key in keys:
        _session_and_link(collecting, event, key)

    def collect(key: str) -> list[Collected]:
        states = collect_session(collecting, event, key)
        tell(key, states)
        return states

    return [state for states in in_parallel(collect, wanted, collecting.threads) for state in states]


def collect_session(collecting: Collecting, event: str, key: str) -> list[Collected]:
    """Collect all reports of one session and merge what is there. Trouble with Zoom becomes the report's state."""
    session, link = _session_and_link(collecting, event, key)
    now = collecting.reader.server_time()
    if (words := collecting.reports.purged(event).get(key)) is not None:
        return _purged(collecting, event, key, words, now)
    if now < session.end:
        states = [_state(key, kind, ReportState.WAITING, "the session is not over", now) for kind in KINDS]
        return _noted(collecting, event, states)
    try:
        instances = collecting.reader.instances(link.meeting_id, link.kind)
    except ZoomError as error:
        return _noted(collecting, event, [_state(key, kind, ReportState.FAILED, str(error), now) for kind in KINDS])
    if not instances:
        return _noted(collecting, event, _never_held(collecting, session, now))
    states = [
        _collect(collecting, event, session, link, PARTICIPANTS, instances, now),
        _collect(collecting, event, session, link, QUESTIONS, instances, now),
    ]
    remerge(collecting, event, key)
    return _noted(collecting, event, states)


def remerge(collecting: Collecting, event: str, key: str) -> None:
    """Make attendance and questions anew from the raw rows that are kept."""
    session, link = _session_and_link(collecting, event, key)
    hosts = {link.host_id} | {h.email for h in collecting.links.hosts(EVER) or () if h.id == link.host_id}
    raw = collecting.reports.raw(event, key, PARTICIPANTS)
    attendance = merge(_stays(raw), window=(session.start, session.end), hosts=frozenset(hosts))
    collecting.reports.set_attendance(event, key, attendance.attendees)
    asked = [
        question
        for report in collecting.reports.raw(event, key, QUESTIONS)
        for question in questions_from_report({"questions": list(report.rows)})
    ]
    collecting.reports.set_questions(event, key, asked)


def attendance_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, Attendee]]:
    """The lines of an event's sessions, session by session."""
    for session in _sessions(programmes, event, keys):
        for attendee in reports.attendance(event, session.key):
            yield session, attendee


def questions_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, Question]]:
    """The questions of an event's sessions, session by session."""
    for session in _sessions(programmes, event, keys):
        for question in reports.questions(event, session.key):
            yield session, question


def _sessions(programmes: ProgrammeStore, event: str, keys: Sequence[str]) -> list[Session]:
    sessions = programmes.programme(event).sessions
    unknown = set(keys) - {session.key for session in sessions}
    if unknown:
        raise NotInStore(f"event {event!r} has no session {', '.join(sorted(map(repr, unknown)))}")
    return [session for session in sessions if not keys or session.key in keys]


def _session_and_link(collecting: Collecting, event: str, key: str) -> tuple[Session, Link]:
    session = collecting.programmes.session(event, key)
    link = collecting.links.link(event, key)
    if link is None:
        raise NotInStore(f"session {key!r} has no meeting to collect from; `zoom-sync adopt` links one")
    return session, link


def _stays(reports: Iterable[RawReport]) -> Iterable[Stay | Unreadable]:
    for report in reports:
        for row in report.rows:
            yield stay_from_row(row, report.instance.uuid)


def _collect(
    collecting: Collecting,
    event: str,
    session: Session,
    link: Link,
    kind: str,
    instances: Sequence[Instance],
    now: datetime,
) -> Collected:
    """One kind of report over all instances: fetch, keep, judge."""
    fetch = _participants if kind == PARTICIPANTS else _questions
    reports: list[Report] = []
    try:
        for instance in instances:
            report = fetch(collecting.reader, link, instance)
            collecting.reports.keep(event, session.key, RawReport(kind, instance, report.rows), now)
            reports.append(report)
    except ZoomError as error:
        had = sum(len(report.rows) for report in reports)
        return Collected(session.key, kind, ReportState.FAILED, had, None, str(error), now)
    return _judge(session, kind, reports, now, collecting.delay)


def _participants(reader: ZoomReader, link: Link, instance: Instance) -> Report:
    """The report; where it has nothing, the other source.

    "This API does not return results if there is only one participant":
    https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/participants
    """
    report = _or_nothing(lambda: reader.participants(instance.uuid, link.kind))
    return report if report.rows else _or_nothing(lambda: reader.past_participants(instance.uuid, link.kind))


def _questions(reader: ZoomReader, link: Link, instance: Instance) -> Report:
    return _or_nothing(lambda: reader.questions(instance.uuid, link.kind))


def _or_nothing(fetch: Callable[[], Report]) -> Report:
    """A report that Zoom says does not exist is an empty one: 404, or 400 for what the meeting did not have.

    https://github.com/airbytehq/airbyte/issues/36341
    """
    try:
        return fetch()
    except NotFound:
        return Report((), None)
    except InvalidRequest as error:
        if error.code in (200, 12702):  # no plan for reports; a meeting of more than a year ago
            raise
        return Report((), None)


def _judge(session: Session, kind: str, reports: Sequence[Report], now: datetime, delay: timedelta) -> Collected:
    rows = sum(len(report.rows) for report in reports)
    totals = [report.total for report in reports if report.total is not None]
    total = sum(totals) if totals else None
    stays = [stay_from_row(row, "") for report in reports for row in report.rows] if kind == PARTICIPANTS else []
    unfinished = sum(1 for stay in stays if isinstance(stay, Stay) and stay.flaws & (Flaw.UNPROCESSED | Flaw.NO_LEAVE))
    last = max((stay.end for stay in stays if isinstance(stay, Stay)), default=0)
    final_at = max(session.end, datetime.fromtimestamp(last, UTC)) + delay
    if total is not None and rows < total:
        state, reason = ReportState.PARTIAL, f"{rows} of {total} rows"
    elif unfinished:
        # "duration 0 … not processed yet": the report's own description, see the link in `_participants`
        state, reason = ReportState.PARTIAL, f"Zoom has not finished {unfinished} of {rows} rows"
    elif now < final_at:
        waiting = ReportState.PARTIAL if rows else ReportState.WAITING
        state, reason = waiting, f"Zoom may add rows until {final_at.astimezone(now.tzinfo):%Y-%m-%d %H:%M} UTC"
    elif rows:
        state, reason = ReportState.COMPLETE, ""
    else:
        nobody = "nobody came, or one person only: Zoom does not report that"
        state, reason = ReportState.NONE, nobody if kind == PARTICIPANTS else "nobody asked"
    return Collected(session.key, kind, state, rows, total, reason, now)


def _never_held(collecting: Collecting, session: Session, now: datetime) -> list[Collected]:
    final_at = session.end + collecting.delay
    if now < final_at:
        return [_state(session.key, kind, ReportState.WAITING, "Zoom shows no instance yet", now) for kind in KINDS]
    return [_state(session.key, kind, ReportState.NONE, "the meeting was never held", now) for kind in KINDS]


def _purged(collecting: Collecting, event: str, key: str, words: str, now: datetime) -> list[Collected]:
    """What was purged is not fetched again: the states say so, and stay."""
    had = [one for one in collecting.reports.states(event) if one.key == key]
    return had or _noted(collecting, event, [_state(key, kind, ReportState.NONE, words, now) for kind in KINDS])


def _state(key: str, kind: str, state: ReportState, reason: str, now: datetime) -> Collected:
    return Collected(key, kind, state, 0, None, reason, now)


def _noted(collecting: Collecting, event: str, states: list[Collected]) -> list[Collected]:
    for state in states:
        collecting.reports.note(event, state)
    return states

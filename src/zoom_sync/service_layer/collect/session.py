"""Collecting one session: which reports are asked for, what Zoom's refusals mean, and what is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.report import Collected, Instance, RawReport, Report, ReportState
from zoom_sync.errors import Expired, InvalidRequest, MissingScope, NotFound, ZoomError
from zoom_sync.service_layer.collect.due import SETTLED, due_kinds, due_sessions
from zoom_sync.service_layer.collect.judging import Judged, final_at, judge, may_grow, weigh
from zoom_sync.service_layer.collect.kinds import (
    INSTANCES_KEPT,
    NOTHING,
    PARTICIPANTS,
    REPORTS_KEPT,
    ReportKind,
    cannot_be,
    kinds_of,
)
from zoom_sync.service_layer.collect.needs import Collecting, session_and_link
from zoom_sync.service_layer.collect.remerging import remerge
from zoom_sync.service_layer.observe import in_parallel

KEPT_NO_LONGER = "Zoom keeps such reports for a year"
WEBINAR_MAY_RUN = timedelta(hours=6)
MEETING_MAY_RUN = timedelta(days=1)


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
        session_and_link(collecting, event, key)

    def collect(key: str) -> list[Collected]:
        states = collect_session(collecting, event, key, again=bool(keys))
        tell(key, states)
        return states

    return [state for states in in_parallel(collect, wanted, collecting.threads) for state in states]


def collect_session(collecting: Collecting, event: str, key: str, *, again: bool = True) -> list[Collected]:
    """Collect the reports of one session and merge what is there; answers the state of each.

    `again` asks for everything, and without it only for what is due. Trouble with Zoom becomes the report's state, and
    that of one report does not keep the others from being collected.
    """
    session, link = session_and_link(collecting, event, key)
    now = collecting.reader.server_time()
    before = {one.kind: one for one in collecting.reports.states(event, key)}
    if (words := collecting.reports.purged(event).get(key)) is not None:
        return _purged(collecting, event, session, link, before, words)
    task = _Task(collecting, event, session, link, now, before)
    chosen = kinds_of(link.kind) if again else due_kinds(session, link.kind, before, now)
    found = task.collect(chosen)
    if task.kept:
        remerge(collecting, event, key)
    for state in found.values():
        collecting.reports.note(event, state)
    told = {**before, **found}
    return [told[kind.name] for kind in kinds_of(link.kind) if kind.name in told]


def _purged(
    collecting: Collecting, event: str, session: Session, link: Link, before: Mapping[str, Collected], words: str
) -> list[Collected]:
    """What was purged is not fetched again: the states say so, and stay."""
    if before:
        return list(before.values())
    now = collecting.reader.server_time()
    states = [Collected(session.key, kind.name, ReportState.NONE, 0, None, words, now) for kind in kinds_of(link.kind)]
    for state in states:
        collecting.reports.note(event, state)
    return states


@dataclass(slots=True)
class _Task:
    """Collecting of one session at one time. `kept`: whether rows were stored, so that they have to be merged.

    `running`: whether the meeting runs beyond its time, None as long as nobody had to know.
    """

    collecting: Collecting
    event: str
    session: Session
    link: Link
    now: datetime
    before: Mapping[str, Collected]
    kept: bool = False
    running: bool | None = None

    def collect(self, kinds: Sequence[ReportKind]) -> dict[str, Collected]:
        """The state of each of the kinds, in steps: nothing before the end; the instances; each kind by itself."""
        if not kinds:
            return {}
        if self.now < self.session.end:
            return {kind.name: self._waiting(kind, "the session is not over") for kind in kinds}
        if self.now - self.session.end > INSTANCES_KEPT:
            return {kind.name: self._expired(kind, KEPT_NO_LONGER) for kind in kinds}
        found, possible = self._rule_out(kinds)
        try:
            instances = self._instances(possible)
        except ZoomError as error:
            found |= {kind.name: self._failed(kind, error) for kind in possible if kind.of_instance}
            instances, possible = (), [kind for kind in possible if not kind.of_instance]
        judged: Judged | None = None
        for kind in possible:
            if kind.of_instance and not instances:
                found[kind.name] = self._never_held(kind)
                continue
            final = final_at(self.session, judged, self.collecting.delay)
            state, told = self._collect(kind, instances, final)
            judged = told if kind.name == PARTICIPANTS else judged
            found[kind.name] = self._unless_under_way(kind, state)
        return found

    def _rule_out(self, kinds: Sequence[ReportKind]) -> tuple[dict[str, Collected], list[ReportKind]]:
        """The state of what there cannot be, and the kinds that there can be. Costs no call."""
        found, possible = {}, []
        for kind in kinds:
            reason = cannot_be(kind, self.link)
            if reason is None:
                possible.append(kind)
            else:
                found[kind.name] = self._state(kind, ReportState.NONE, reason)
        return found, possible

    def _instances(self, kinds: Sequence[ReportKind]) -> Sequence[Instance]:
        if not any(kind.of_instance for kind in kinds):
            return ()
        return self.collecting.reader.instances(self.link.meeting_id, self.link.kind)

    def _collect(
        self, kind: ReportKind, instances: Sequence[Instance], final: datetime
    ) -> tuple[Collected, Judged | None]:
        """One kind over all instances: fetch, keep, judge."""
        if not kind.early and self.now < final:
            return self._waiting(kind, may_grow(final)), None
        reports: list[Report] = []
        try:
            for instance in instances if kind.of_instance else [self._meeting()]:
                reports.append(self._keep(kind, instance, self._fetch(kind, instance)))  # noqa: PERF401 - up to an error
        except Expired as error:
            return self._expired(kind, error.message), None
        except ZoomError as error:
            return self._failed(kind, error, sum(len(report.rows) for report in reports)), None
        judged = weigh(kind, reports)
        own = final_at(self.session, judged, self.collecting.delay) if kind.name == PARTICIPANTS else final
        return judge(self.session, kind, judged, own, self.now), judged

    def _fetch(self, kind: ReportKind, instance: Instance) -> Report:
        """Raises ZoomError; what Zoom keeps no longer is not asked for."""
        if kind.of_instance and self.now - instance.start > REPORTS_KEPT:
            raise Expired(KEPT_NO_LONGER)
        return kind.fetch(self.collecting.reader, self.link, instance, self.now)

    def _keep(self, kind: ReportKind, instance: Instance, report: Report) -> Report:
        """Store the rows; answers those that are kept, which are others where Zoom told more rows before."""
        raw = RawReport(kind.name, instance, report.rows)
        if self.collecting.reports.keep(self.event, self.session.key, raw, self.now):
            self.kept = True
            return report
        stored = self.collecting.reports.raw(self.event, self.session.key, kind.name)
        return next((Report(one.rows, report.total) for one in stored if one.instance.uuid == instance.uuid), NOTHING)

    def _meeting(self) -> Instance:
        """What stands for the meeting where a report is not of one instance."""
        return Instance(f"meeting {self.link.meeting_id}", self.session.start)

    def _never_held(self, kind: ReportKind) -> Collected:
        had = self.before.get(kind.name)
        if had is not None and had.rows:
            return self._expired(kind, "Zoom no longer shows when the meeting was held")
        if self.now < self.session.end + self.collecting.delay:
            return self._waiting(kind, "Zoom shows no instance yet")
        if self._may_be_running():
            return self._waiting(kind, "the meeting may still be under way")
        return self._state(kind, ReportState.NONE, "the meeting was never held")

    def _unless_under_way(self, kind: ReportKind, state: Collected) -> Collected:
        """The state, but not a final one while the meeting, which was begun again, runs beyond its time.

        That costs one light call a session; a day after the end nobody is thought to be in it any more.
        """
        late = self.now > self.session.end + MEETING_MAY_RUN
        if not kind.of_instance or state.state not in SETTLED or late or self.link.kind is Kind.WEBINAR:
            return state
        if not self._may_be_running():
            return state
        unfinished = ReportState.PARTIAL if state.rows else ReportState.WAITING
        return replace(state, state=unfinished, reason="the meeting may be under way again")

    def _may_be_running(self) -> bool:
        """Whether the meeting runs beyond its time. Asks once for all reports.

        A webinar tells no status (https://developers.zoom.us/docs/api/webinars/): there the time decides.
        """
        if self.running is None:
            if self.link.kind is Kind.WEBINAR:
                self.running = self.now < self.session.end + WEBINAR_MAY_RUN
            else:
                self.running = self._is_running()
        return self.running

    def _is_running(self) -> bool:
        try:
            return self.collecting.reader.meeting(self.link.meeting_id, self.link.kind).running
        except NotFound:
            return False
        except ZoomError:
            return True  # not known: it is asked again

    def _expired(self, kind: ReportKind, reason: str) -> Collected:
        """What was had before is had still; a report that was settled stays so."""
        had = self.before.get(kind.name)
        if had is None:
            return self._state(kind, ReportState.EXPIRED, reason)
        if had.state in SETTLED:
            return had
        return replace(had, state=ReportState.EXPIRED, reason=reason, checked_at=self.now, lasting=False)

    def _failed(self, kind: ReportKind, error: ZoomError, rows: int = 0) -> Collected:
        """Rows of before, and of instances that could be had, are there still."""
        lasting = isinstance(error, (MissingScope, InvalidRequest))
        had = self.before.get(kind.name)
        rows = max(rows, had.rows if had else 0)
        return replace(self._state(kind, ReportState.FAILED, str(error)), rows=rows, lasting=lasting)

    def _waiting(self, kind: ReportKind, reason: str) -> Collected:
        return self._state(kind, ReportState.WAITING, reason)

    def _state(self, kind: ReportKind, state: ReportState, reason: str) -> Collected:
        return Collected(self.session.key, kind.name, state, 0, None, reason, self.now)

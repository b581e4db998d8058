"""Collecting the sessions of a meeting: which reports are asked for, what Zoom's refusals mean, and what is noted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from structlog.contextvars import bound_contextvars

from zoom_sync.domain.dividing import Part
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.report import Collected, Instance, Report, ReportState
from zoom_sync.errors import Expired, InvalidRequest, MissingScope, ZoomError
from zoom_sync.service_layer.collect.asking import KEPT_NO_LONGER, Asked
from zoom_sync.service_layer.collect.due import SETTLED, due_kinds, due_sessions
from zoom_sync.service_layer.collect.judging import Judged, final_at, judge, may_grow, weigh
from zoom_sync.service_layer.collect.kinds import (
    INSTANCES_KEPT,
    PARTICIPANTS,
    ReportKind,
    cannot_be,
    kinds_of,
    own_rows,
)
from zoom_sync.service_layer.collect.needs import Collecting, parts_and_link
from zoom_sync.service_layer.collect.remerging import remerge
from zoom_sync.service_layer.looking import in_parallel

log = logging.getLogger(__name__)

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
        parts_and_link(collecting, event, key)

    def collect(together: Sequence[str]) -> list[Collected]:
        with bound_contextvars(event_key=event, session=together[0]):
            states = collect_sessions(collecting, event, together, again=bool(keys))
        for key in together:
            tell(key, [state for state in states if state.key == key])
        return states

    groups = in_one_meeting(collecting, event, wanted)
    return [state for states in in_parallel(collect, groups, collecting.threads) for state in states]


def in_one_meeting(collecting: Collecting, event: str, keys: Sequence[str]) -> list[tuple[str, ...]]:
    """The sessions in groups, each of one meeting: what of it several sessions need is asked for once."""
    sessions = {session.key: session for session in collecting.programmes.programme(event).sessions}
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(sessions[key].meeting_key, []).append(key)
    return [tuple(group) for group in groups.values()]


def collect_sessions(collecting: Collecting, event: str, keys: Sequence[str], *, again: bool = True) -> list[Collected]:
    """Collect the reports of sessions that are held in one meeting, and merge what is there; answers each state.

    `again` asks for everything, and without it only for what is due. Trouble with Zoom becomes the report's state, and
    that of one report does not keep the others from being collected.
    """
    parts, link = parts_and_link(collecting, event, keys[0])
    asked = Asked(collecting, event, link, collecting.reader.server_time())
    found = [state for key in keys for state in _collect_one(asked, parts[key], again=again)]
    if asked.kept:
        # What was kept is divided anew among all that share it, those that were complete before included.
        sharing = [one.session.key for one in parts.values() if not one.series]
        for key in dict.fromkeys((*keys, *sharing)):
            remerge(collecting, event, key)
    for state in asked.noted:
        collecting.reports.note(event, state)
        told = {"event_key": event, "session": state.key, "kind": state.kind, "state": str(state.state)}
        log.info("report_noted", extra={**told, "rows": state.rows})
    return found


def _collect_one(asked: Asked, part: Part, *, again: bool) -> list[Collected]:
    reports, event, key, held_as = asked.collecting.reports, asked.event, part.session.key, asked.link.kind
    before = {one.kind: one for one in reports.states(event, key)}
    purged = reports.purged(event)
    if (words := purged.get(key) or purged.get(part.kept_by)) is not None:
        return _purged(asked, part.session, before, words)
    chosen = kinds_of(held_as) if again else due_kinds(part.timed, held_as, before, asked.now)
    found = _Task(asked, part, before).collect(chosen)
    asked.noted += found.values()
    told = {**before, **found}
    return [told[kind.name] for kind in kinds_of(held_as) if kind.name in told]


def _purged(asked: Asked, session: Session, before: Mapping[str, Collected], words: str) -> list[Collected]:
    """What was purged is not fetched again: the states say so, and stay."""
    if before:
        return list(before.values())
    kinds = kinds_of(asked.link.kind)
    states = [Collected(session.key, kind.name, ReportState.NONE, 0, None, words, asked.now) for kind in kinds]
    asked.noted += states
    return states


@dataclass(slots=True)
class _Task:
    """Collecting of one session at one time. What is asked of Zoom is `asked` for all that share the meeting."""

    asked: Asked
    part: Part
    before: Mapping[str, Collected]

    @property
    def session(self) -> Session:
        return self.part.timed

    @property
    def now(self) -> datetime:
        return self.asked.now

    def collect(self, kinds: Sequence[ReportKind]) -> dict[str, Collected]:
        """The state of each of the kinds, in steps: nothing before the end; the instances; each kind by itself.

        Answers in the order of `kinds`.
        """
        if not kinds:
            return {}
        if self.now < self.session.end:
            return {kind.name: self._waiting(kind, Phrase("the session is not over")) for kind in kinds}
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
            final = final_at(self.session, judged, self.asked.delay)
            state, told = self._collect(kind, instances, final)
            judged = told if kind.name == PARTICIPANTS else judged
            found[kind.name] = self._unless_under_way(kind, state)
        return {kind.name: found[kind.name] for kind in kinds}

    def _rule_out(self, kinds: Sequence[ReportKind]) -> tuple[dict[str, Collected], list[ReportKind]]:
        """The state of what there cannot be, and the kinds that there can be. Costs no call."""
        found, possible = {}, []
        for kind in kinds:
            reason = cannot_be(kind, self.asked.link)
            if reason is None:
                possible.append(kind)
            else:
                found[kind.name] = self._state(kind, ReportState.NONE, reason)
        return found, possible

    def _instances(self, kinds: Sequence[ReportKind]) -> Sequence[Instance]:
        if not any(kind.of_instance for kind in kinds):
            return ()
        return [instance for instance in self.asked.instances() if self.part.has(instance)]

    def _collect(
        self, kind: ReportKind, instances: Sequence[Instance], final: datetime
    ) -> tuple[Collected, Judged | None]:
        """One kind over all instances: fetch, keep, judge."""
        if not kind.early and self.now < final:
            return self._waiting(kind, may_grow(final)), None
        reports: list[Report] = []
        try:
            for instance in instances if kind.of_instance else [self._meeting()]:
                report = self.asked.report(kind, instance, self.part.kept_by)
                reports.append(own_rows(kind.name, self.part, report, instance))
        except Expired as error:
            return self._expired(kind, error.message), None
        except ZoomError as error:
            return self._failed(kind, error, sum(len(report.rows) for report in reports)), None
        judged = weigh(kind, reports)
        own = final_at(self.session, judged, self.asked.delay) if kind.name == PARTICIPANTS else final
        return judge(self.session, kind, judged, own, self.now), judged

    def _meeting(self) -> Instance:
        """What stands for the meeting where a report is not of one instance."""
        return Instance(f"meeting {self.asked.link.meeting_id}", self.session.start)

    def _never_held(self, kind: ReportKind) -> Collected:
        had = self.before.get(kind.name)
        if had is not None and had.rows:
            return self._expired(kind, Phrase("Zoom no longer shows when the meeting was held"))
        if self.now < self.session.end + self.asked.delay:
            return self._waiting(kind, Phrase("Zoom shows no instance yet"))
        if self._may_be_running():
            return self._waiting(kind, Phrase("the meeting may still be under way"))
        return self._state(kind, ReportState.NONE, Phrase("the meeting was never held"))

    def _unless_under_way(self, kind: ReportKind, state: Collected) -> Collected:
        """The state, but not a final one while the meeting, which was begun again, runs beyond its time.

        That costs one light call a session; a day after the end nobody is thought to be in it any more.
        """
        late = self.now > self.session.end + MEETING_MAY_RUN
        if not kind.of_instance or state.state not in SETTLED or late or self.asked.link.kind is Kind.WEBINAR:
            return state
        if not self._may_be_running():
            return state
        unfinished = ReportState.PARTIAL if state.rows else ReportState.WAITING
        return replace(state, state=unfinished, reason=Phrase("the meeting may be under way again"))

    def _may_be_running(self) -> bool:
        """Whether the meeting runs beyond its time.

        A webinar tells no status (https://developers.zoom.us/docs/api/webinars/): there the time decides.
        """
        if self.asked.link.kind is Kind.WEBINAR:
            return self.now < self.session.end + WEBINAR_MAY_RUN
        return self.asked.is_running()

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

    def _waiting(self, kind: ReportKind, reason: Phrase) -> Collected:
        return self._state(kind, ReportState.WAITING, reason)

    def _state(self, kind: ReportKind, state: ReportState, reason: str) -> Collected:
        return Collected(self.session.key, kind.name, state, 0, None, reason, self.now)

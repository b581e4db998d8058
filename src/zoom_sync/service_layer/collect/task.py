"""Collecting one session at one time: its own instances, each kind of report over them, and what that tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zoom_sync.domain.dividing import Part
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.report import Collected, Instance, Report, ReportState
from zoom_sync.errors import Expired, InvalidRequest, MissingScope, ZoomError
from zoom_sync.service_layer.collect.asking import KEPT_NO_LONGER, Asked
from zoom_sync.service_layer.collect.due import SETTLED, next_look
from zoom_sync.service_layer.collect.judging import (
    Judged,
    ended_early,
    final_at,
    judge,
    may_be_restarted,
    may_grow,
    not_listed_yet,
    only_rehearsed,
    weigh,
)
from zoom_sync.service_layer.collect.kinds import (
    INSTANCES_KEPT,
    PARTICIPANTS,
    POLLS,
    QUESTIONS,
    SURVEYS,
    ReportKind,
    cannot_be,
    kinds_of,
    own_rows,
)
from zoom_sync.service_layer.collect.placing import Sight, look

# Zoom says that a meeting takes up to half an hour to appear in reports (its support article KB0060632), and lists some
# later than that. So long nothing that it does not list is taken as not held; nor does a webinar tell its status.
MAY_BE_LISTED = timedelta(hours=6)
MEETING_MAY_RUN = timedelta(days=1)
SHOW_PEOPLE = (QUESTIONS, POLLS, SURVEYS)


@dataclass(slots=True)
class Task:
    """Collecting of one session at one time. What is asked of Zoom is `asked` for all that share the meeting.

    `parts` are those of all sessions of the meeting, `before` the states of before. `again`: everything is asked for.
    """

    asked: Asked
    parts: Mapping[str, Part]
    key: str
    before: Mapping[str, Collected]
    again: bool

    @property
    def part(self) -> Part:
        return self.parts[self.key]

    @property
    def session(self) -> Session:
        return self.part.timed

    @property
    def now(self) -> datetime:
        return self.asked.now

    def collect(self, kinds: Sequence[ReportKind]) -> dict[str, Collected]:
        """The state of each of the kinds, in steps: nothing before the end; the instances; each kind by itself.

        Where an own instance is listed that was not known, all kinds that have to do with instances are collected.
        """
        if not kinds:
            return {}
        if self.now < self.session.end:
            return {kind.name: self._waiting(kind, Phrase("the session is not over")) for kind in kinds}
        if self.now - self.session.end > INSTANCES_KEPT:
            return {kind.name: self._expired(kind, KEPT_NO_LONGER) for kind in kinds}
        states, possible = self._rule_out(kinds)
        sight = None
        if any(kind.of_instance for kind in possible):
            try:
                sight = look(self.asked, self.parts, self.key, wanted=self._wants_people(kinds), again=self.again)
            except ZoomError as error:
                states |= {kind.name: self._refused(kind, error) for kind in possible if kind.of_instance}
                possible = [kind for kind in possible if not kind.of_instance]
        if sight is not None and sight.news:
            also = [kind for kind in kinds_of(self.asked.link.kind) if kind.of_instance and kind not in possible]
            more, others = self._rule_out([kind for kind in also if kind.name not in states])
            states, possible = states | more, self._in_order([*possible, *others])
        states |= self._each(possible, sight)
        if sight is not None and sight.own:
            states = self._unless_others_show_people(states, sight)
        return {kind.name: states[kind.name] for kind in kinds_of(self.asked.link.kind) if kind.name in states}

    def _in_order(self, kinds: Sequence[ReportKind]) -> list[ReportKind]:
        return [kind for kind in kinds_of(self.asked.link.kind) if kind in kinds]

    def _wants_people(self, kinds: Sequence[ReportKind]) -> bool:
        """Whether the participants of known instances are read again: not where only the list is looked at again."""
        had = self.before.get(PARTICIPANTS)
        read = had is not None and had.state in (ReportState.COMPLETE, ReportState.EXPIRED)
        return self.again or (not read and any(kind.name == PARTICIPANTS for kind in kinds))

    def _rule_out(self, kinds: Sequence[ReportKind]) -> tuple[dict[str, Collected], list[ReportKind]]:
        """The state of what there cannot be, and the kinds that there can be. Costs no call."""
        states, possible = {}, []
        for kind in kinds:
            reason = cannot_be(kind, self.asked.link)
            if reason is None:
                possible.append(kind)
            else:
                states[kind.name] = self._state(kind, ReportState.NONE, reason)
        return states, possible

    def _each(self, kinds: Sequence[ReportKind], sight: Sight | None) -> dict[str, Collected]:
        states: dict[str, Collected] = {}
        judged: Judged | None = None
        for kind in kinds:
            if kind.of_instance and sight is not None:
                settled = self._without_asking(kind, sight)
                if settled is not None:
                    states[kind.name] = settled
                    continue
            instances = sight.own if sight is not None and kind.of_instance else (self._meeting(),)
            state, weighed = self._collect(kind, instances, final_at(self.session, judged, self.asked.delay))
            states[kind.name] = self._unless_under_way(kind, state)
            if kind.name == PARTICIPANTS:
                judged = weighed
                states[kind.name] = self._unless_restarted(states[kind.name], sight)
        return states

    def _without_asking(self, kind: ReportKind, sight: Sight) -> Collected | None:
        """The state where there is nothing to ask about, or nothing new; None where there is."""
        if not sight.own:
            return self._not_held(kind, sight)
        if kind.name != PARTICIPANTS:
            return None
        if sight.trouble is not None:
            return self._refused(kind, sight.trouble)
        had = self.before.get(PARTICIPANTS)
        if had is not None and had.state in SETTLED and had.rows and not (self.again or sight.news):
            return replace(had, checked_at=self.now)
        return None

    def _collect(
        self, kind: ReportKind, instances: Sequence[Instance], final: datetime
    ) -> tuple[Collected, Judged | None]:
        """One kind over all instances: fetch, keep, judge."""
        if not kind.early and self.now < final:
            return self._waiting(kind, may_grow(final)), None
        reports: list[Report] = []
        try:
            for instance in instances:
                report = self.asked.report(kind, instance, self.part.kept_by)
                reports.append(own_rows(kind.name, self.part, report, instance))
        except ZoomError as error:
            return self._refused(kind, error, sum(len(report.rows) for report in reports)), None
        judged = weigh(kind, reports)
        own = final_at(self.session, judged, self.asked.delay) if kind.name == PARTICIPANTS else final
        return judge(self.session, kind, judged, own, self.now), judged

    def _meeting(self) -> Instance:
        """What stands for the meeting where a report is not of one instance."""
        return Instance(f"meeting {self.asked.link.meeting_id}", self.session.start)

    def _not_held(self, kind: ReportKind, sight: Sight) -> Collected:
        had = self.before.get(kind.name)
        if had is not None and had.rows and sight.had_own:
            return self._expired(kind, Phrase("Zoom no longer shows when the meeting was held"))
        if sight.trouble is not None:
            return self._refused(kind, sight.trouble)
        if sight.undated:
            return self._waiting(kind, Phrase("Zoom says neither when the meeting was held nor who came"))
        until = self.session.end + max(self.asked.delay, MAY_BE_LISTED)
        asked_again = next_look(self.session, self.now)
        if self.now < self.session.end + self.asked.delay:
            return self._waiting(kind, not_listed_yet(asked_again))
        if self.asked.link.kind is not Kind.WEBINAR and self._may_be_running():
            return self._waiting(kind, Phrase("the meeting may still be under way"))
        if self.now < until:
            return self._waiting(kind, only_rehearsed(until) if sight.held else not_listed_yet(asked_again))
        if not sight.held:
            return self._state(kind, ReportState.NONE, Phrase("the meeting was never held"))
        return self._state(kind, ReportState.NONE, self._why_not_held(sight))

    @staticmethod
    def _why_not_held(sight: Sight) -> Phrase:
        if sight.rehearsed:
            return Phrase("the session was not held: there was a rehearsal only")
        return Phrase("the session was not held: Zoom lists its meeting at other times only")

    def _unless_under_way(self, kind: ReportKind, state: Collected) -> Collected:
        """The state, but not a final one while the meeting, which was begun again, runs beyond its time.

        That costs one light call a session; a day after the end nobody is thought to be in it any more.
        """
        late = self.now > self.session.end + MEETING_MAY_RUN
        if not kind.of_instance or state.state not in SETTLED or late or self.asked.link.kind is Kind.WEBINAR:
            return state
        if not self._may_be_running():
            return state
        return self._unfinished(state, Phrase("the meeting may be under way again"))

    def _unless_restarted(self, state: Collected, sight: Sight | None) -> Collected:
        """The state of the participants, but not a final one soon after a meeting that ended before its session did."""
        until = self.session.end + MAY_BE_LISTED
        if sight is None or state.state is not ReportState.COMPLETE or self.now >= until:
            return state
        ends = [one.end for one in sight.held if one.counts]
        moments = [end for end in ends if end is not None]
        if len(moments) < len(ends) or not ended_early(self.part.session, max(moments, default=None)):
            return state
        return self._unfinished(state, may_be_restarted(until))

    @staticmethod
    def _unfinished(state: Collected, reason: Phrase) -> Collected:
        return replace(state, state=ReportState.PARTIAL if state.rows else ReportState.WAITING, reason=reason)

    def _unless_others_show_people(self, states: dict[str, Collected], sight: Sight) -> dict[str, Collected]:
        """The states; but that nobody came to an instance is not believed while another report of it shows people.

        Those reports may have been collected at another time than the participants.
        """
        people = states.get(PARTICIPANTS)
        if people is None or people.state not in (ReportState.NONE, ReportState.COMPLETE):
            return states
        empty = {instance.uuid for instance in sight.own if self.asked.names_nobody(instance, self.part.kept_by)}
        if not empty or not self._show_people(empty):
            return states
        reason = Phrase("Zoom names no participants, but people asked or answered: it is asked again")
        if people.rows:
            reason = Phrase(
                "of one of the times that the meeting was held Zoom names no participants, but people asked or "
                "answered: it is asked again"
            )
        return {**states, PARTICIPANTS: replace(people, state=ReportState.FAILED, reason=reason)}

    def _show_people(self, uuids: Collection[str]) -> bool:
        """Whether questions or answers of one of these instances are kept."""
        reports, event = self.asked.collecting.reports, self.asked.event
        return any(
            raw_report.rows and raw_report.instance.uuid in uuids
            for name in SHOW_PEOPLE
            for raw_report in reports.raw(event, self.part.kept_by, name)
        )

    def _may_be_running(self) -> bool:
        """Whether the meeting runs beyond its time.

        A webinar tells no status (https://developers.zoom.us/docs/api/webinars/): there the time decides.
        """
        if self.asked.link.kind is Kind.WEBINAR:
            return self.now < self.session.end + MAY_BE_LISTED
        return self.asked.is_running()

    def _refused(self, kind: ReportKind, error: ZoomError, rows: int = 0) -> Collected:
        """What Zoom keeps no longer is expired; anything else is a failure, and asked again."""
        return self._expired(kind, error.message) if isinstance(error, Expired) else self._failed(kind, error, rows)

    def _expired(self, kind: ReportKind, reason: str) -> Collected:
        """What was had before is had still; a report that was settled stays so."""
        had = self.before.get(kind.name)
        if had is None:
            return self._state(kind, ReportState.EXPIRED, reason)
        if had.state in SETTLED:
            return replace(had, checked_at=self.now)
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

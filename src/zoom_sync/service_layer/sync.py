"""Planning: what would have to change on Zoom for one event. Reads only, and is given nothing that can write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from zoom_sync.domain.alternatives import for_account
from zoom_sync.domain.consent import Consent, frozen_until
from zoom_sync.domain.desired import desired_meeting, to_hold, with_host_of_rehearsed
from zoom_sync.domain.drift import Group, Treatment
from zoom_sync.domain.hosts import Host, utc_day
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import DesiredMeeting, meeting_digest
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import (
    KEPT_FOR_PROGRAMME,
    MASS_CHANGE,
    Action,
    Change,
    HeldBack,
    Known,
    Observation,
    Plan,
    Policy,
    make_plan,
)
from zoom_sync.domain.plan.calendar import moves
from zoom_sync.domain.plan.effects import at_stake, registration_on
from zoom_sync.domain.programme import Changes, Event, Kind, Programme, Session
from zoom_sync.domain.registering import profile_conflict
from zoom_sync.domain.series import by_meeting
from zoom_sync.errors import ConfigurationError
from zoom_sync.service_layer.archived import refuse_archived
from zoom_sync.service_layer.arriving import is_over, with_arrivals
from zoom_sync.service_layer.at_stake import COUNTED, look_closer, registered_on
from zoom_sync.service_layer.crowds import with_registered
from zoom_sync.service_layer.hosts_now import (
    basic_expected,
    followed,
    keep_calendars,
    notes_of_hosts,
    notes_of_running,
    read_licences,
    with_licences,
)
from zoom_sync.service_layer.looking import in_parallel
from zoom_sync.service_layer.observe import HOSTS_ARE_FRESH, HostRule, host_pool, hosts_of_account, observe, strangers
from zoom_sync.service_layer.ports.events import ApprovalStore, DriftStore, LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.zoom import ZoomReader


@dataclass(frozen=True, slots=True)
class Profiles:
    """Named bundles of meeting settings, and which one a session gets that names none.

    `exact_lists`: what others add to a meeting's lists is not left in them.
    """

    settings: Mapping[str, Mapping[str, Any]]
    default: str
    exact_lists: bool = False

    def desired(self, session: Session, *others: Session) -> DesiredMeeting:
        """The meeting that a session asks for, with `others` that are held in it.

        Raises ConfigurationError where its profile does not exist.
        """
        unknown = self._unknown([session])
        if unknown is not None:
            raise ConfigurationError(unknown)
        wanted = desired_meeting(session, self.settings, self.default, others)
        return replace(wanted, exact_lists=True) if self.exact_lists else wanted

    def of_sessions(self, sessions: Iterable[Session]) -> tuple[DesiredMeeting, ...]:
        """The meetings that sessions ask for, one for all that share it. Raises as `desired` does."""
        return tuple(self.desired(*group) for group in by_meeting(sessions).values())

    def each(self, sessions: Iterable[Session]) -> tuple[tuple[DesiredMeeting, ...], dict[str, Phrase]]:
        """The same without those whose profile does not exist, and why, by the session that owns the meeting."""
        desired_meetings: list[DesiredMeeting] = []
        left_out: dict[str, Phrase] = {}
        for key, group in by_meeting(sessions).items():
            unknown = self._unknown(group)
            if unknown is None:
                desired_meetings.append(self.desired(*group))
            else:
                left_out[key] = unknown
        return tuple(desired_meetings), left_out

    def _unknown(self, sessions: Sequence[Session]) -> Phrase | None:
        for one in sessions:
            if (one.profile or self.default) not in self.settings:
                return Phrase(
                    "session {session!r} names profile {profile!r}; profiles.yaml has: {profiles}",
                    session=one.key,
                    profile=one.profile or self.default,
                    profiles=", ".join(sorted(self.settings)),
                )
        return None

    def conflicts(self, sessions: Iterable[Session]) -> list[Phrase]:
        """What is said of sessions whose registration overrules their profile."""
        named = ((session, session.profile or self.default) for session in sessions)
        told = (
            profile_conflict(session.key, session.registration, name, self.settings[name])
            for session, name in named
            if name in self.settings
        )
        return [note for note in told if note is not None]


def _nobody(_event: str) -> Mapping[str, int]:
    """How many are registered where nobody keeps registrations."""
    return {}


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning needs. There is no writer in it.

    `treatments` says what is done about what was edited on Zoom, where the policy of the plan says nothing of it;
    `kept_for_programme` how many of each hundred writes of a host's day are never spent on it. `mass_change`: more of a
    hundred sessions are changed at once by name only. `registered` tells how many people are registered for an event's
    sessions, by key. Without `approvals` nobody is asked; `changes` and `freeze_hours` hold for events that do not
    say otherwise.
    """

    programmes: ProgrammeStore
    links: LinkStore
    reader: ZoomReader
    profiles: Profiles
    pool: Sequence[HostRule] | None = None
    basic_may_host: bool = False
    threads: int = 1
    drifts: DriftStore | None = None
    treatments: Mapping[Group, Treatment] = field(default_factory=dict)
    kept_for_programme: int = KEPT_FOR_PROGRAMME
    mass_change: int = MASS_CHANGE
    registered: Callable[[str], Mapping[str, int]] = _nobody
    approvals: ApprovalStore | None = None
    changes: Changes = Changes.AUTOMATIC
    freeze_hours: int = 0

    def changes_of(self, event: Event) -> Changes:
        """Who starts the event's changes."""
        return event.changes or self.changes

    def consent(self, event: str) -> Consent:
        """What is on record of an event's approvals."""
        return Consent() if self.approvals is None else self.approvals.consent(event)

    def forget_lapsed(self, plan: Plan) -> None:
        """Forget the approvals of changes that this plan does not know: done, or not what is wanted any more."""
        if self.approvals is not None:
            self.approvals.keep(plan.event, {change.mark for change in plan.all_changes})

    def with_settings(self, policy: Policy, programme: Programme, now: datetime) -> Policy:
        """The policy with what the settings, the programme and the approvals say, where it says nothing itself."""
        hours = self.freeze_hours if programme.event.freeze_hours is None else programme.event.freeze_hours
        return replace(
            policy,
            frozen_until=None if policy.allow_frozen else frozen_until(programme.sessions, hours, now),
            approved=policy.approved | self.consent(programme.event.key).marks,
            drift=policy.drift or self.treatments,
            kept_for_programme=self.kept_for_programme,
            mass_change=self.mass_change,
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, with what is needed to show it: the host's names.

    `released` is the same plan with the mass change in it that this one holds back; None where it holds none back.
    """

    plan: Plan
    hosts: Mapping[str, Host] = field(default_factory=dict)
    now: datetime | None = None
    released: Plan | None = None


def plan_event(planning: Planning, event: str, policy: Policy, *, deep: bool = False) -> Planned:
    """Plan one event by Zoom's clock.

    Raises:
        NotInStore: there is no such event.
        ConfigurationError: nobody of the host pool is on the account.
        ZoomError: Zoom could not be reached at all.
    """
    refuse_archived(planning.programmes, event)
    programme = planning.programmes.programme(event)
    now = planning.reader.server_time()
    known = _known(planning, programme, now)
    hosts_of_links = {key: link.host_id for key, link in known.links.items()}
    held = to_hold(with_host_of_rehearsed(programme.sessions, hosts_of_links), known.links.keys())
    desired_meetings, unasked = planning.profiles.each(held)
    desired_meetings = with_registered(desired_meetings, planning.registered(event))
    late: list[Phrase] = []

    def look_at(users: Sequence[Host], *, every_host: bool = False) -> Look:
        look = _look(planning, desired_meetings, known, users, now, deep=deep, every_host=every_host)
        seen, notes = with_arrivals(planning.reader, planning.links, event, look.seen, now)
        late.extend(notes)
        return replace(look, seen=seen)

    users = hosts_of_account(planning.reader, planning.links, now)
    look = look_at(users)
    if look.seen.gone & {user.id for user in users}:  # a host we knew is not there any more: ask who is
        users = hosts_of_account(planning.reader, planning.links, now, fresh=True)
        look = look_at(users)
    policy = planning.with_settings(policy, programme, now)
    by_id = {user.id: user for user in (*users, *look.hosts)}
    known, moved = followed(planning.links, known, look.seen, by_id)
    zone, left_out = ZoneInfo(programme.event.timezone), _left_out(unasked, known)

    def made(look: Look, policy: Policy) -> Plan:
        return make_plan(event, look.desired, known, look.seen, look.hosts, policy, now, zone, users, left_out)

    def plan_by(look: Look) -> tuple[Plan, Look]:
        plan = made(look, policy)
        ids = at_stake(plan, look.seen)
        if not ids:
            return plan, look
        # A change may take something from people: only now is it asked what there is.
        look = replace(look, seen=look_closer(planning.reader, look.seen, ids, planning.threads))
        return made(look, policy), look

    plan, look = plan_by(look)
    if any(moves(change) for change in plan.changes) and planning.links.hosts(now) is None:
        # Somebody is about to be given something to hold: what he can hold is asked now, and not taken from yesterday.
        users_now = hosts_of_account(planning.reader, planning.links, now, fresh=True)
        if list(users_now) != list(users):
            users = users_now
            look = look_at(users)
            by_id = {user.id: user for user in (*users, *look.hosts)}
            plan, look = plan_by(look)
    plan, look = _with_webinar_licences(planning, plan, look, known, now, lambda: plan_by(look_at(users)))
    if _is_crowded(plan) and not all(look.seen.whole(host.id) for host in look.hosts):
        # Somebody's host is taken: only now is it worth listing all hosts, to find one who is free.
        look = look_at(users, every_host=True)
        plan, look = plan_by(look)
    look = _with_registrants(planning, look, known, event, now, deep=deep)
    basic = basic_expected(users, planning.pool, basic_may_host=planning.basic_may_host)
    notes = [
        *planning.profiles.conflicts(programme.sessions),
        *look.notes,
        *_strangers(planning, users),
        *moved,
        *late,
        *notes_of_hosts(look.desired, known, look.seen, look.hosts, by_id, look.licences, basic, now, _chosen(plan)),
        *notes_of_running(planning.reader, look.desired, known, look.seen, now),
        *plan.notes,
    ]
    planning.links.learn(event, plan.links)
    plan = replace(plan, notes=tuple(notes), lists=look.seen.calls, wanted=_digests(look.desired, programme.sessions))
    keep_calendars(planning.links, plan, look.desired, known, look.seen, by_id, now)
    if planning.drifts is not None:
        looked = _looked(look.desired, known, look.seen, now)
        plan = replace(plan, drift=tuple(planning.drifts.note(event, plan.drift, looked, now)))
    return Planned(plan, by_id, now, made(look, policy.released) if plan.is_stopped else None)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen for a plan: the hosts with their licences, the meetings that can be, and Zoom's side."""

    hosts: Sequence[Host]
    desired: Sequence[DesiredMeeting]
    notes: Sequence[Phrase]
    licences: Mapping[str, Licence]
    seen: Observation


def _look(
    planning: Planning,
    desired_meetings: Sequence[DesiredMeeting],
    known: Known,
    users: Sequence[Host],
    now: datetime,
    *,
    deep: bool,
    every_host: bool = False,
) -> Look:
    pool = host_pool(users, planning.pool, basic_may_host=planning.basic_may_host)
    desired, notes = _possible(desired_meetings, users)
    not_before = now - HOSTS_ARE_FRESH
    licences = read_licences(planning.reader, planning.links, desired, known, pool, now, not_before)
    hosts = with_licences(pool, licences)
    seen = observe(
        planning.reader,
        desired,
        known,
        hosts,
        now,
        deep=deep,
        threads=planning.threads,
        licences=licences,
        every_host=every_host,
    )
    for host_id in sorted(seen.no_webinars - licences.keys()):
        planning.links.set_licence(host_id, Licence(webinars=False), now)
    return Look(hosts, desired, notes, licences, seen)


def _with_registrants(planning: Planning, look: Look, known: Known, event: str, now: datetime, *, deep: bool) -> Look:
    """The look with as many people expected as have registered on Zoom, and the licences that this takes.

    Two calls for each meeting with registration that is to come, so Zoom is asked only by a `deep` plan, which reads
    every meeting; what it told is kept.
    """
    linked = [(want, known.links.get(want.key)) for want in look.desired if want.end > now]
    shown = [look.seen.meetings.get(link.meeting_id) for _, link in linked if link is not None]
    open_to_people = [meeting for meeting in shown if meeting is not None and registration_on(meeting)]
    if not deep or not open_to_people:
        return look
    # Where a change could lose people, they were counted for that already.
    counts = {meeting_id: attached.registrants for meeting_id, attached in look.seen.attached.items()}
    uncounted = [meeting for meeting in open_to_people if meeting.meeting_id not in counts]
    numbers = in_parallel(lambda meeting: registered_on(planning.reader, meeting), uncounted, planning.threads)
    counts |= {meeting.meeting_id: number for meeting, number in zip(uncounted, numbers, strict=True)}
    known_counts = {meeting.meeting_id: counts[meeting.meeting_id] for meeting in open_to_people}
    planning.links.count_registrants(event, {key: count for key, count in known_counts.items() if count is not None})
    desired = with_registered(look.desired, planning.registered(event))
    not_before = now - HOSTS_ARE_FRESH
    licences = read_licences(planning.reader, planning.links, desired, known, look.hosts, now, not_before)
    calls = {**look.seen.calls, "registrants": len(COUNTED) * len(uncounted)}
    return replace(look, desired=desired, licences=licences, seen=replace(look.seen, calls=calls))


def _known(planning: Planning, programme: Programme, now: datetime) -> Known:
    """What the store knows of the event, and what its other events hold."""
    event = programme.event.key
    known = planning.links.known(event, utc_day(now))
    if known.given_up and is_over(programme, now):
        planning.links.forget_given_up(event)
        known = replace(known, given_up=())
    return replace(known, elsewhere=planning.links.elsewhere(event, now))


def _digests(desired: Sequence[DesiredMeeting], sessions: Sequence[Session]) -> dict[str, str]:
    """What stands for each desired meeting, as whoever carries out the plan makes it of the programme.

    A rehearsal's host is the one of another meeting: it is chosen anew by each plan, and is no part of the programme.
    """
    named = {session.key: session.host for session in sessions}
    return {want.key: meeting_digest(replace(want, host=named.get(want.key))) for want in desired}


def _with_webinar_licences(
    planning: Planning, plan: Plan, look: Look, known: Known, now: datetime, again: Callable[[], tuple[Plan, Look]]
) -> tuple[Plan, Look]:
    """Ask now for the licences of those who would get a webinar, and not take them from yesterday.

    Where one has changed it is planned `again`, and whoever is chosen then is asked as well.
    """
    texts: set[str] = set()
    while chosen := _hosts_of_new_webinars(plan, look) - texts:
        texts |= chosen
        hosts = [host for host in look.hosts if host.id in chosen]
        licences = read_licences(planning.reader, planning.links, look.desired, known, hosts, now, now)
        if any(licences.get(host_id) != look.licences.get(host_id) for host_id in chosen):
            plan, look = again()
    return plan, look


def _chosen(plan: Plan) -> dict[str, str]:
    """Who would hold the meetings that the plan makes, by session."""
    return {change.key: change.host_id for change in plan.changes if change.action in (Action.CREATE, Action.REPLACE)}


def _hosts_of_new_webinars(plan: Plan, look: Look) -> set[str]:
    webinars = {want.key for want in look.desired if want.kind is Kind.WEBINAR}
    return {host_id for key, host_id in _chosen(plan).items() if key in webinars}


def _is_crowded(plan: Plan) -> bool:
    return any((held.needs or "").startswith("--allow-overload") for held in plan.held_back)


def _left_out(unasked: Mapping[str, Phrase], known: Known) -> list[HeldBack]:
    """The sessions that cannot be planned for: whatever they have, they keep it."""
    held = []
    for key, why in unasked.items():
        link = known.links.get(key)
        action = Action.CREATE if link is None else Action.UPDATE
        place = ("", None) if link is None else (link.host_id, link.meeting_id)
        held.append(HeldBack(Change(action, key, *place), why))
    return held


def _strangers(planning: Planning, users: Sequence[Host]) -> list[Phrase]:
    return [
        Phrase(
            "the host pool (hosts.yaml) names {host}, who is not an active user of the account; put another user there,"
            " or take the entry out",
            host=name,
        )
        for name in strangers(users, planning.pool)
    ]


def _looked(desired: Sequence[DesiredMeeting], known: Known, seen: Observation, now: datetime) -> dict[str, bool]:
    """The sessions whose meetings Zoom has shown, and whether in full. Of what is over, nothing is left to tell."""
    shown = ((link.key, seen.meetings.get(link.meeting_id)) for link in known.links.values())
    looked = {key: meeting.deep for key, meeting in shown if meeting is not None}
    return looked | {want.key: True for want in desired if want.end <= now}


def _possible(
    desired_meetings: Sequence[DesiredMeeting], users: Sequence[Host]
) -> tuple[tuple[DesiredMeeting, ...], list[Phrase]]:
    """The meetings without the alternative hosts that cannot be, and what is said of those."""
    told = [for_account(want, users) for want in desired_meetings]
    return tuple(want for want, _ in told), [note for _, note in told if note is not None]

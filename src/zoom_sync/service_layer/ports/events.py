"""An event as the store keeps it: the programme, the links to meetings, what was seen edited, what was published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.adjusting import Adjustment
from zoom_sync.domain.consent import Consent
from zoom_sync.domain.drift import Drift
from zoom_sync.domain.hosts import Held, Host, HostCalendar, Span
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import Arrival, GivenUp, Intent, Link, Mark, ObservedMeeting
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.plan import Known
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.domain.registering import Registrant
from zoom_sync.domain.revision import Revision


class ProgrammeStore(Protocol):
    """Events and their programmes."""

    def save(
        self,
        programme: Programme,
        now: datetime,
        renames: Mapping[str, str] | None = None,
        by: str = "",
        *,
        expected: Programme | None = None,
        adjustments: Sequence[Adjustment] | None = None,
    ) -> None:
        """Put a programme in, or bring the stored one up to it by session key, in one transaction.

        `renames` gives stored keys their new ones: the session keeps its meeting, its reports and everything else.
        `by` is who loads it, where that is known. `expected` is the stored programme that this one was made from,
        `adjustments` are all that hold in it, under its own keys; None leaves them as they are.
        Raises StoreConflict where the stored programme is not `expected` any more, or a meeting of a renamed session is
        being made right now; UserError where the store holds something of an earlier session with the new key.
        """
        ...

    def events(self) -> Sequence[Event]:
        """All events, in the order they were loaded."""
        ...

    def event(self, event: str) -> Event:
        """One event without its sessions. Raises NotInStore."""
        ...

    def programme(self, event: str) -> Programme:
        """The stored programme. Raises NotInStore."""
        ...

    def is_archived(self, event: str) -> bool:
        """Whether it was put away: it is kept, and nothing is done for it any more."""
        ...

    def is_called_off(self, event: str) -> bool:
        """Whether the whole event was called off: all its sessions are cancelled, whatever its source says."""
        ...

    def session(self, event: str, key: str) -> Session:
        """One session. Raises NotInStore."""
        ...

    def adjustments(self, event: str) -> Sequence[Adjustment]:
        """What is changed by hand in the event's programme, by session and field. Raises NotInStore."""
        ...

    def sharing(self, event: str, key: str) -> Sequence[Session]:
        """The sessions that are held in the meeting of a session, its owner first, then by time. Raises NotInStore."""
        ...


class ApprovalStore(Protocol):
    """Whose word changes wait for, and which changes have it."""

    def consent(self, event: str) -> Consent:
        """What is on record of an event. Raises NotInStore."""
        ...

    def approve(self, event: str, marks: Collection[str], who: str, now: datetime) -> None:
        """Commit that a person has approved a plan of the event: the changes of these marks, and no others."""
        ...

    def keep(self, event: str, marks: Collection[str]) -> None:
        """Forget the approvals of all other changes: they are done, or another change is wanted by now."""
        ...


class AttemptStore(Protocol):
    """Creations that were given up, and which meetings that nothing is linked to were looked at already."""

    def give_up(self, event: str, intent: Intent, now: datetime) -> None:
        """The intent's meeting was looked for in vain: close it, and remember it; Zoom may carry it out yet."""
        ...

    def given_up(self, event: str | None) -> Sequence[GivenUp]:
        """What was given up for the sessions of an event, or of all events."""
        ...

    def marks(self) -> Sequence[Mark]:
        """The passcodes of all creations of all events that are in doubt or were given up."""
        ...

    def looked_at(self) -> Mapping[str, Arrival | None]:
        """The unlinked meetings that were read, by id; None for one that bore none of our marks."""
        ...

    def note_looked_at(self, meetings: Iterable[tuple[ObservedMeeting, Mark | None]], now: datetime) -> None:
        """Commit what the passcodes of unlinked meetings told. The marks must be read after the meetings were."""
        ...

    def claim(self, meeting_id: str) -> bool:
        """Forget that an unlinked meeting was looked at. Of two runs that want to act on it, one is answered True."""
        ...

    def forget_given_up(self, event: str) -> None:
        """The event is over: nobody uses what would come now."""
        ...


class LinkStore(AttemptStore, Protocol):
    """Links, creations that were begun, replaced meetings, and each host's writes of a day."""

    def known(self, event: str, day: str) -> Known:
        """Everything a plan needs to know, with the writes of the UTC day `day`."""
        ...

    def published(self, event: str) -> Mapping[str, PublishedMeeting]:
        """What people are told of each linked session's meeting, by the session's key. Raises NotInStore."""
        ...

    def link(self, event: str, key: str) -> Link | None:
        """The link of one session."""
        ...

    def of_meeting(self, event: str, meeting_id: str) -> Link | None:
        """The link to a meeting of ours, linked or replaced."""
        ...

    def linked_ids(self) -> frozenset[str]:
        """Every meeting id that any event is linked to, or has replaced and not deleted yet."""
        ...

    def intent(self, event: str, key: str) -> Intent | None:
        """The creation that was begun for a session and whose meeting may be on Zoom."""
        ...

    def begin(
        self,
        event: str,
        wanted: Intent,
        now: datetime,
        day: str,
        daily_writes: int | None,
        version: int | None = None,
    ) -> Intent:
        """Commit that a creation is about to be sent, and count it for the host's day, in one transaction.

        `version` is that of the host's calendar by which the creation was judged: CalendarChanged where it is another.

        Compare-and-set: `wanted.attempts` is how many attempts the caller knows of. `daily_writes` None: this is the
        same request again, after Zoom refused it, and not counted twice. Raises StoreConflict where another run was
        first or the session is linked by now, RateLimited (limit "host") where the day's writes are used up.
        """
        ...

    def close(self, event: str, intent: Intent) -> None:
        """Nothing can come of the latest attempt any more: Zoom refused it, or its meeting was found and seen to."""
        ...

    def attempted_now(self, event: str, intent: Intent, now: datetime) -> None:
        """The clock by which the latest attempt was dated was ahead: date it to now, if it lies later."""
        ...

    def finish(self, event: str, link: Link, intent: Intent | None, now: datetime) -> None:
        """Commit a new link, close the intent it came from, retire the link it replaces, in one transaction.

        Raises StoreConflict where the session got another meeting meanwhile.
        """
        ...

    def move(self, event: str, before: Link, link: Link, now: datetime) -> None:
        """Give the session of `before` another meeting that exists; the old one is kept as one it has left.

        Raises StoreConflict where the session got another meeting meanwhile, or the meeting is another session's.
        """
        ...

    def applied(self, event: str, link: Link, now: datetime) -> None:
        """Commit what is known to be on Zoom after an update. Raises StoreConflict by `link.version`."""
        ...

    def learn(self, event: str, links: Iterable[Link]) -> None:
        """Commit what a look at Zoom has taught of these links: `learned`, passcode and join link.

        One that another run changed since it was read is ignored: that run knows better, and the next look teaches
        the rest. It counts as no change of the row.
        """
        ...

    def count_registrants(self, event: str, counts: Mapping[str, int]) -> None:
        """Note how many people have registered on Zoom, by meeting."""
        ...

    def drop(self, event: str, meeting_id: str, now: datetime) -> None:
        """Forget a meeting that was deleted on Zoom."""
        ...

    def count_write(self, host_id: str, day: str, daily_writes: int) -> None:
        """Count one create or update of a host's day. Raises RateLimited (limit "host") where they are used up."""
        ...

    def take_time(
        self, link: Link, spans: Sequence[Span], now: datetime, day: str, daily_writes: int, version: int
    ) -> None:
        """Commit that an update is about to be sent that moves a meeting to these times, and count it for the day.

        Raises CalendarChanged where the host's calendar is not of this version any more, RateLimited as `count_write`.
        """
        ...

    def stays(self, meeting_id: str) -> None:
        """Zoom is known not to have moved the meeting."""
        ...

    def follow(self, meeting_id: str, host_id: str) -> None:
        """Zoom says that the meeting has another host now."""
        ...

    def calendar(self, host_id: str, now: datetime) -> HostCalendar:
        """What a host holds, by all events and by what plans saw of others, and the version to be raised."""
        ...

    def elsewhere(self, event: str, now: datetime) -> tuple[Held, ...]:
        """What all other events hold: their meetings, replaced ones among them, and their creations in doubt."""
        ...

    def see_calendars(self, seen: Iterable[tuple[Host, Sequence[Held]]], now: datetime) -> None:
        """Keep what hosts can hold, and what they hold as a plan saw it: linked meetings and those of others."""
        ...

    def licences(self, not_before: datetime) -> Mapping[str, Licence]:
        """What Zoom was seen to say of hosts' licences since `not_before`, by host id."""
        ...

    def set_licence(self, host_id: str, licence: Licence, now: datetime) -> None:
        """Keep what Zoom says of a host's licence, so that not every plan has to ask."""
        ...

    def day_used(self, host_id: str, day: str, daily_writes: int) -> None:
        """Zoom itself said that the host's day is used up."""
        ...

    def set_hosts(self, hosts: Iterable[Host], now: datetime) -> None:
        """Keep the account's hosts, so that not every plan has to list them."""
        ...

    def hosts(self, not_before: datetime) -> Sequence[Host] | None:
        """The hosts kept since `not_before`, None where they are older or were never kept."""
        ...


class DriftStore(Protocol):
    """What somebody edited on Zoom, and since when it is seen."""

    def note(self, event: str, found: Iterable[Drift], looked: Mapping[str, bool], now: datetime) -> Sequence[Drift]:
        """Commit what a look at Zoom found, and answer it with since when each was seen.

        `looked` maps the sessions whose meetings were looked at to whether that was in full. What was seen before and
        is not found by such a look is over; what the look cannot tell stays.
        """
        ...

    def drifts(self, event: str) -> Sequence[Drift]:
        """All that is known of the event's linked meetings."""
        ...

    def settled(self, event: str, key: str, names: Sequence[str]) -> None:
        """These fields were written just now."""
        ...


class PolicyStore(Protocol):
    """What is asked of the passcodes of each host's meetings."""

    def policy(self, host_id: str, not_before: datetime) -> PasscodePolicy | None:
        """The policy that was kept since `not_before`, None where it is older or was never kept."""
        ...

    def set_policy(self, host_id: str, policy: PasscodePolicy, now: datetime) -> None:
        """Keep a host's policy, so that not every creation has to ask for it."""
        ...

    def note_forced(self, host_id: str, now: datetime) -> None:
        """Keep that Zoom gave a new meeting of this host another passcode than it was sent."""
        ...

    def forces_passcodes(self) -> bool:
        """Whether that was ever seen, whoever the host was: it is a setting of the account."""
        ...


class RegistrantStore(Protocol):
    """Who shall be registered for a session, and how far it has come."""

    def registrants(self, event: str, key: str) -> Sequence[Registrant]:
        """Everybody of a session, in the order they were taken in; without those who were erased."""
        ...

    def save(self, event: str, key: str, people: Iterable[Registrant], now: datetime) -> None:
        """Put people in, or bring their rows up to it by their e-mails. The erased, and a purged session, stay so."""
        ...


class PublicationStore(Protocol):
    """What calendars were told last of each session."""

    def revisions(self, event: str) -> Mapping[str, Revision]:
        """By session key, sessions that were called off included. Raises NotInStore."""
        ...

    def keep(self, event: str, revisions: Iterable[Revision]) -> None:
        """Commit them all, each in place of the one whose sequence is one less.

        Raises StoreConflict where another was kept meanwhile; then none of them is.
        """
        ...

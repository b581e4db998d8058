"""What the use cases need from the world, as interfaces. The adapters fit them; mypy proves it in `bootstrap`.

Reading and writing Zoom are two interfaces: what is only given a reader cannot write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from zoom_sync.domain.access import AccessToken, Account, AuditEntry, OpenSession, Role, Visitor
from zoom_sync.domain.attendance import Attendee, Registration, RegistrationLine
from zoom_sync.domain.delivery import Delivery, Heard, Hint, Live, Reception
from zoom_sync.domain.drift import Drift
from zoom_sync.domain.due import Mark, Outlook
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import Intent, Link, MeetingFields, ObservedMeeting
from zoom_sync.domain.notices import NONE, Concern, Digest, Marks, Memory, Subject
from zoom_sync.domain.panelists import Panelist
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.plan import Known
from zoom_sync.domain.polls import PollAnswer
from zoom_sync.domain.privacy import Person
from zoom_sync.domain.privacy.found import Found, Told
from zoom_sync.domain.programme import Event, Kind, Passcode, Programme, Session
from zoom_sync.domain.questions import Question
from zoom_sync.domain.registering import Guest, Registrant
from zoom_sync.domain.report import Collected, Counts, Instance, RawReport, Report, Seek
from zoom_sync.domain.retention import Due, Retention
from zoom_sync.domain.revision import Revision
from zoom_sync.domain.run import ItemState, Run, RunItem, Step


class Clock(Protocol):
    """Time as a port."""

    def now(self) -> datetime:
        """The time as Zoom's clock has it, as far as it is known; aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


# --- Zoom ----------------------------------------------------------------------------------------------------------


class ZoomReader(Protocol):
    """Everything that can be asked of Zoom. All methods raise `ZoomError`."""

    def server_time(self) -> datetime:
        """Zoom's clock, by the latest answer; asks for a token if nothing was asked yet."""
        ...

    def users(self) -> Sequence[Host]:
        """The account's active users. `capacity` follows from licence and plan."""
        ...

    def meetings(self, host_id: str, kind: Kind = Kind.MEETING) -> Sequence[ObservedMeeting]:
        """A host's scheduled meetings or webinars, unexpired, as the list shows them."""
        ...

    def meeting(self, meeting_id: str, kind: Kind = Kind.MEETING) -> ObservedMeeting:
        """One meeting in full."""
        ...

    def instances(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Sequence[Instance]:
        """When the meeting was held; empty where it never was."""
        ...

    def participants(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The stays at one instance, all pages."""
        ...

    def past_participants(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The same stays from the other source, which needs no report plan."""
        ...

    def questions(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The questions of one instance, grouped by asker as Zoom groups them."""
        ...

    def polls(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The answers to the polls of one instance, grouped by person as Zoom groups them."""
        ...

    def surveys(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The answers to the survey after one instance, grouped by person."""
        ...

    def registrants(self, meeting_id: str, kind: Kind = Kind.MEETING, status: str = "approved") -> Report:
        """Who registered and has this status: approved, pending or denied."""
        ...

    def absentees(self, instance_uuid: str) -> Report:
        """Who registered for a webinar and did not come to this instance of it."""
        ...

    def panelists(self, meeting_id: str) -> Report:
        """The panelists of a webinar."""
        ...

    def licence(self, host_id: str) -> Licence:
        """What a user's licence says of webinars."""
        ...

    def passcode_policy(self, host_id: str) -> PasscodePolicy:
        """What is asked of the passcodes of a user's meetings."""
        ...


class ZoomWriter(Protocol):
    """Everything that changes something on Zoom. All methods raise `ZoomError`.

    `before_send` is called each time a request is about to leave, within a second of it; it may raise.
    """

    def create(
        self, host_id: str, kind: Kind, fields: MeetingFields, passcode: Passcode, before_send: Callable[[], None]
    ) -> ObservedMeeting:
        """Create a meeting. Never sent twice unless Zoom refused it before doing anything."""
        ...

    def update(
        self,
        meeting_id: str,
        kind: Kind,
        values: Mapping[str, Any],
        passcode: Passcode | None,
        before_send: Callable[[], None],
    ) -> None:
        """Change the named fields (Zoom's names, dotted below `settings`), and the passcode if one is given."""
        ...

    def delete(self, meeting_id: str, kind: Kind) -> None:
        """Delete a meeting; one that is gone already is no error."""
        ...

    def add_panelists(self, meeting_id: str, people: Sequence[Panelist]) -> None:
        """Put up to 30 people on a webinar's list of panelists. One that cannot be may be the end of them all."""
        ...

    def remove_panelist(self, meeting_id: str, panelist_id: str) -> None:
        """Take one off a webinar's list, by the id that stands there; one who is gone already may be refused."""
        ...


class ZoomRegistration(Protocol):
    """Registering people for meetings and webinars. All methods raise `ZoomError`.

    `approved`: at once, where registrants have to be approved. The same e-mail again gives the registrant that is
    there, so repeating what may have been done does no harm.
    """

    def add(self, meeting_id: str, kind: Kind, person: Guest, *, approved: bool) -> Mapping[str, Any]:
        """Register one person; Zoom's answer: `registrant_id`, and `join_url` where nobody has to approve."""
        ...

    def add_many(
        self, meeting_id: str, kind: Kind, people: Sequence[Guest], *, approved: bool
    ) -> Sequence[Mapping[str, Any]]:
        """Register up to 30; an answer for each, with its `email`. One that cannot be may be the end of them all."""
        ...

    def set_status(self, meeting_id: str, kind: Kind, action: str, people: Sequence[Registrant]) -> None:
        """`approve`, `deny` or `cancel` up to 30. What Zoom does not know it passes over in silence."""
        ...


# --- the store -----------------------------------------------------------------------------------------------------


class ProgrammeStore(Protocol):
    """Events and their programmes."""

    def save(self, programme: Programme, now: datetime) -> None:
        """Put a programme in, or bring the stored one up to it by session key."""
        ...

    def events(self) -> Sequence[Event]:
        """All events, in the order they were loaded."""
        ...

    def programme(self, event: str) -> Programme:
        """The stored programme. Raises NotInStore."""
        ...

    def session(self, event: str, key: str) -> Session:
        """One session. Raises NotInStore."""
        ...

    def sharing(self, event: str, key: str) -> Sequence[Session]:
        """The sessions that are held in the meeting of a session, its owner first, then by time. Raises NotInStore."""
        ...


class LinkStore(Protocol):
    """Links, creations that were begun, replaced meetings, and each host's writes of a day."""

    def known(self, event: str, day: str) -> Known:
        """Everything a plan needs to know, with the writes of the UTC day `day`."""
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

    def begin(self, event: str, wanted: Intent, now: datetime, day: str, daily_writes: int | None) -> Intent:
        """Commit that a creation is about to be sent, and count it for the host's day, in one transaction.

        Compare-and-set: `wanted.attempts` is how many attempts the caller knows of. `daily_writes` None: this is the
        same request again, after Zoom refused it, and not counted twice. Raises StoreConflict where another run was
        first or the session is linked by now, RateLimited (limit "host") where the day's writes are used up.
        """
        ...

    def close(self, event: str, intent: Intent) -> None:
        """Zoom is known to have done nothing: it refused the latest attempt, or the meeting was looked for in vain."""
        ...

    def finish(self, event: str, link: Link, intent: Intent | None, now: datetime) -> None:
        """Commit a new link, close the intent it came from, retire the link it replaces, in one transaction.

        Raises StoreConflict where the session got another meeting meanwhile.
        """
        ...

    def applied(self, event: str, link: Link, now: datetime) -> None:
        """Commit what is known to be on Zoom after an update. Raises StoreConflict by `link.version`."""
        ...

    def drop(self, event: str, meeting_id: str, now: datetime) -> None:
        """Forget a meeting that was deleted on Zoom."""
        ...

    def count_write(self, host_id: str, day: str, daily_writes: int) -> None:
        """Count one create or update of a host's day. Raises RateLimited (limit "host") where they are used up."""
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


class RegistrantStore(Protocol):
    """Who shall be registered for a session, and how far it has come."""

    def registrants(self, event: str, key: str) -> Sequence[Registrant]:
        """Everybody of a session, in the order they were taken in; without those who were erased."""
        ...

    def save(self, event: str, key: str, people: Iterable[Registrant], now: datetime) -> None:
        """Put people in, or bring their rows up to it by their e-mails. The erased, and a purged session, stay so."""
        ...


class RunStore(Protocol):
    """Runs and their items."""

    def start(self, event: str, kind: str, digest: str, steps: Sequence[Step], now: datetime) -> int:
        """Commit a run with all its items, handed out to whoever starts it; answers its number."""
        ...

    def items(self, run: int) -> Sequence[RunItem]:
        """The items of a run, in order."""
        ...

    def item(self, item: int) -> RunItem:
        """One item. Raises NotInStore."""
        ...

    def take_up(self, item: int) -> RunItem:
        """Commit that an item is begun once more, unless it has ended, and answer it. Raises NotInStore."""
        ...

    def hand_out(self, now: datetime, handed_before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """(run, item) of what waits and was not handed out since `handed_before`; it is marked as handed out now.

        Runs whose last item has ended without anybody closing them are closed.
        """
        ...

    def give_back(self, run: int | None) -> None:
        """Let what waits be handed out at once: all items of a run, or (None) all that were begun before."""
        ...

    def set_handed(self, item: int, at: datetime) -> None:
        """Count an item as handed out at `at`, so that it is handed out again that much earlier or later."""
        ...

    def under_way(self, event: str, kind: str) -> bool:
        """Whether a run of this kind has items that wait."""
        ...

    def settle(self, item: int, state: ItemState, reason: str, now: datetime) -> None:
        """Commit how an item ended, unless it has ended before; the last one ends its run."""
        ...

    def run(self, run: int) -> Run:
        """One run with its counts. Raises NotInStore."""
        ...

    def recent(self, event: str | None, limit: int) -> Sequence[Run]:
        """The latest runs, newest first."""
        ...


class ReportStore(Protocol):
    """Raw report rows, the state of each report, and what was made of the rows."""

    def keep(self, event: str, key: str, report: RawReport, now: datetime) -> bool:
        """Store one instance's rows in place of those kept before, in one transaction.

        Fewer rows never replace more: what Zoom returned once is not lost. Answers whether they were stored.
        """
        ...

    def raw(self, event: str, key: str, kind: str) -> Iterator[RawReport]:
        """What is kept for a session, instance by instance."""
        ...

    def note(self, event: str, collected: Collected) -> None:
        """Commit the state of one report."""
        ...

    def states(self, event: str, key: str | None = None) -> Sequence[Collected]:
        """The state of every report of an event, or of one of its sessions."""
        ...

    def purged(self, event: str) -> Mapping[str, str]:
        """The sessions whose rows were purged, each with the words that say so: nothing is stored of them again."""
        ...

    def set_attendance(self, event: str, key: str, attendees: Iterable[Attendee]) -> None:
        """Store the lines of one session in place of those before, in one transaction."""
        ...

    def attendance(self, event: str, key: str) -> Iterator[Attendee]:
        """The lines of one session, in their order, a few at a time."""
        ...

    def set_questions(self, event: str, key: str, questions: Sequence[Question]) -> None:
        """Store the questions of one session in place of those before, in one transaction."""
        ...

    def questions(self, event: str, key: str) -> Iterator[Question]:
        """The questions of one session, in their order."""
        ...

    def set_polls(self, event: str, key: str, answers: Iterable[PollAnswer]) -> None:
        """Store the answers to one session's polls and surveys in place of those before, in one transaction."""
        ...

    def polls(self, event: str, key: str) -> Iterator[PollAnswer]:
        """The answers to one session's polls and surveys, in their order; `item` is not kept."""
        ...

    def set_registrations(self, event: str, key: str, told: Iterable[RegistrationLine]) -> None:
        """Store one session's registrations and what came of them, in place of those before, in one transaction."""
        ...

    def registrations(self, event: str, key: str) -> Iterator[RegistrationLine]:
        """One session's registrations with their turnout, then who came unregistered."""
        ...

    def set_absentees(self, event: str, key: str, absent: Iterable[Registration]) -> None:
        """Store who registered for one session and did not come, in place of those before, in one transaction."""
        ...

    def absentees(self, event: str, key: str) -> Iterator[Registration]:
        """Who registered for one session and did not come."""
        ...


class PeopleStore(Protocol):
    """One person over everything that is stored."""

    def look(self, person: Person) -> Found:
        """What is there of a person: from row to row it is known by more, until no row tells anything new."""
        ...

    def told(self, person: Person) -> Iterator[Told]:
        """Everything that is stored of a person, row by row."""
        ...

    def erase(self, person: Person, now: datetime, tell: Callable[[str], None]) -> Mapping[str, int]:
        """Erase a person from every row, and from every row that will be stored; answers the rows changed per table.

        What is already erased is no row, so a second time answers nothing; one that was interrupted goes on.
        """
        ...

    def pseudonym_key(self) -> bytes:
        """The store's own key for pseudonyms, made when it is first asked for."""
        ...


class RetentionStore(Protocol):
    """What is past its time."""

    def due(self, cutoffs: Mapping[Retention, datetime]) -> Sequence[Due]:
        """What ended before its kind's cutoff and still has rows."""
        ...

    def purge(self, due: Due, before: datetime, now: datetime, tell: Callable[[int], None]) -> int:
        """Remove rows, a few at a time, and say so in the states; answers how many. May be interrupted and repeated."""
        ...

    def compact(self) -> None:
        """Give back the room of what was removed."""
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


class ScheduleStore(Protocol):
    """When each event was last seen to, and what webhooks told of its meetings."""

    def outlooks(self) -> Sequence[Outlook]:
        """All that tells what is due, for each event."""
        ...

    def claim(self, event: str, task: str, seen: Mark, until: datetime) -> bool:
        """Commit that the task is begun, unless its mark is not `seen` any more: then another one was first."""
        ...

    def done(self, event: str, task: str, claimed_until: datetime, mark: Mark, seen: Iterable[Hint]) -> None:
        """Commit how far the task is now, end the claim, and forget the hints unless they were repeated meanwhile."""
        ...

    def put_off(self, event: str, task: str, claimed_until: datetime, until: datetime) -> None:
        """It could not be done: leave it alone until then."""
        ...

    def release(self) -> None:
        """End all claims: whoever calls knows that nobody else is there."""
        ...


class WebhookStore(Protocol):
    """What webhooks told."""

    def take_in(self, batch: Sequence[Delivery], refused: Mapping[str, int], now: datetime) -> Sequence[Reception]:
        """Commit deliveries in one transaction, and count what was refused; answers what became of each."""
        ...

    def live(self, event: str) -> Mapping[str, Live]:
        """The sessions of an event that are under way."""
        ...

    def heard(self) -> Heard:
        """What came so far."""
        ...

    def forget(self, before: datetime) -> None:
        """Drop what was heard before: repeats do not come so late."""
        ...


class NoticeStore(Protocol):
    """What people are told of, and what each channel has told them."""

    def found(self, event: str, subject: Subject, now_so: Sequence[Concern]) -> None:
        """Commit what was found last, in place of what was before. Raises NotInStore."""
        ...

    def concerns(self, event: str, subject: Subject) -> Sequence[Concern]:
        """What was found last."""
        ...

    def claim(self, name: str, now: datetime, until: datetime) -> Memory | None:
        """Commit that a channel, or a look, is begun; None where somebody else is at it."""
        ...

    def memory(self, name: str) -> Memory:
        """How far a channel, or a look, is."""
        ...

    def told(self, name: str) -> Marks:
        """The marks of what a channel has told."""
        ...

    def done(self, name: str, memory: Memory, now: datetime, *, told: Marks = NONE, over: Marks = NONE) -> None:
        """Commit what came of it, what it told now and what is over, and end the claim."""
        ...


class Channel(Protocol):
    """A way to tell people."""

    @property
    def name(self) -> str:
        """`mail` or `hook`."""
        ...

    def check(self) -> str:
        """Connect as for sending, send nothing, and say to where. Raises NotSent."""
        ...

    def send(self, digest: Digest) -> str:
        """Send a digest; answers to where, without addresses. Raises NotSent."""
        ...


# --- the pages -----------------------------------------------------------------------------------------------------


class ReportPages(Protocol):
    """What pages show of reports, without loading the rest."""

    def attendance_page(self, event: str, key: str, seek: Seek) -> tuple[Sequence[Attendee], int]:
        """The people of one page, and how many there are on all of them."""
        ...

    def counts(self, event: str) -> Mapping[str, Counts]:
        """How many people came and how many questions were asked, by session; a session without either is not there."""
        ...


class Passwords(Protocol):
    """Hashes passwords; slow on purpose."""

    def hash(self, password: str) -> str:
        """A hash to be kept."""
        ...

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password of this hash. None takes as long as any other and fits none."""
        ...

    def outdated(self, kept: str) -> bool:
        """Whether it should be hashed anew when the password is at hand."""
        ...


class AccountStore(Protocol):
    """Accounts, open sessions, tokens, and how often a sign-in was tried. Secrets come in as hashes."""

    def add(self, account: Account, password_hash: str) -> None:
        """Raises StoreConflict where there is one of that name."""
        ...

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        ...

    def account(self, name: str) -> tuple[Account, str] | None:
        """An account with its password's hash."""
        ...

    def set_password(self, name: str, password_hash: str, *, sign_out: bool) -> None:
        """Keep another hash; with `sign_out` every session of the account ends. Raises NotInStore."""
        ...

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and tokens. Raises NotInStore."""
        ...

    def open(self, id_hash: str, visitor: Visitor, now: datetime, *, instead_of: str | None, over: datetime) -> None:
        """Open a session, and end the one it comes instead of and every one that was opened before `over`."""
        ...

    def session(self, id_hash: str) -> OpenSession | None:
        """An open session, with the role that its account has now."""
        ...

    def seen(self, id_hash: str, now: datetime) -> None:
        """The session is in use."""
        ...

    def close(self, id_hash: str) -> None:
        """End a session, if it is open."""
        ...

    def add_token(self, token_hash: str, account: str, role: Role, now: datetime, expires_at: datetime) -> int:
        """Keep a token; answers its number. Raises NotInStore where there is no such account."""
        ...

    def tokens(self) -> Sequence[AccessToken]:
        """Every token."""
        ...

    def token(self, token_hash: str) -> AccessToken | None:
        """A token, with the lower of its role and its account's."""
        ...

    def remove_token(self, token: int) -> None:
        """Raises NotInStore."""
        ...

    def count_try(self, subject: str, now: datetime, since: datetime) -> tuple[int, datetime]:
        """Count a sign-in for `subject` in one step, those before `since` forgotten: how many now, from when on."""
        ...

    def forget_tries(self, subject: str) -> None:
        """The sign-in was right."""
        ...


class AuditStore(Protocol):
    """The audit log."""

    def write(self, entry: AuditEntry) -> int:
        """Add a line; answers its number."""
        ...

    def entries(self, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        """The latest lines, newest first; with `before` those with a smaller number."""
        ...

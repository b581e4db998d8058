"""The state of the simulated account: its meetings, what took place in them, tokens, limits, journal, clock.

No HTTP in here, and nothing that only one operation needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .account import Policy, User, make_users
from .clock import DAY, Clock
from .journal import Journal
from .limits import RateLimits
from .messages import Request
from .mint import Mint
from .paging import Pages
from .refusals import Refusal, no_such_meeting, no_such_user, refusal
from .schema import read_number
from .tokens import Credentials, TokenBook, make_credentials
from .twists import Twists

INSTANT, SCHEDULED, RECURRING, ROOM, SERIES = 1, 2, 3, 4, 8
WEBINAR, WEBINAR_NO_TIME, WEBINAR_SERIES = 5, 6, 9
GONE = "gone"
WEBINARS = (WEBINAR, WEBINAR_NO_TIME, WEBINAR_SERIES)
_ONE_OFF_LIFE = 30 * DAY
_RECURRING_LIFE = 365 * DAY
_WEBINAR_LIFE = 90 * DAY


@dataclass(frozen=True, slots=True)
class Options:
    """What a simulator is built with. `report_delay` in seconds; `start` in seconds since 1970, None: now."""

    seed: int = 1
    plan: str = "pro"
    hosts: int = 3
    start: float | None = None
    ticking: bool = True
    scopes: tuple[str, ...] = ()
    limits: bool = True
    policy: Policy = field(default_factory=Policy)
    single_token: bool = False
    report_delay: float = 1800.0
    webinars: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """One row of a participant report: one stay of one device, in seconds since 1970."""

    id: str
    user_id: str
    name: str
    email: str
    join: float
    leave: float
    status: str = "in_meeting"
    room: str = ""
    registrant_id: str = ""
    internal: bool = False


@dataclass(slots=True)
class Instance:
    """One time a meeting took place. `end` is None while it runs.

    `recording_bytes` is the size of the video in Zoom's cloud, 0 where nothing was recorded.
    """

    uuid: str
    meeting_id: int
    host_id: str
    topic: str
    type: int
    start: float
    end: float | None
    stays: list[Stay] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    polls: list[dict[str, Any]] = field(default_factory=list)
    surveys: list[dict[str, Any]] = field(default_factory=list)
    recording_bytes: int = 0

    @property
    def is_webinar(self) -> bool:
        """Whether it was a webinar."""
        return self.type in WEBINARS

    def running(self, now: float) -> bool:
        """Whether the meeting is going on."""
        return self.start <= now and (self.end is None or now < self.end)

    def ended(self, now: float) -> bool:
        """Whether it is over."""
        return self.end is not None and self.end <= now

    @property
    def until(self) -> float:
        """Its end; its start while there is none."""
        return self.start if self.end is None else self.end


@dataclass(slots=True)
class Meeting:
    """A meeting as Zoom keeps it.

    `settings` holds only what was asked for; the rest comes from the defaults. Instants are seconds since
    1970, `duration` is in minutes.
    """

    id: int
    uuid: str
    host_id: str
    topic: str
    agenda: str
    type: int
    start: float | None
    duration: int
    timezone: str
    password: str
    settings: dict[str, Any]
    created_at: float
    created_by: str = "api"
    pmi: int | None = None
    pre_schedule: bool = False
    recurrence: dict[str, Any] | None = None
    occurrences: list[dict[str, Any]] = field(default_factory=list)
    tracking_fields: list[dict[str, str]] = field(default_factory=list)
    deleted_at: float | None = None
    listed_from: float = 0.0
    instances: list[str] = field(default_factory=list)
    registrants: list[dict[str, Any]] = field(default_factory=list)
    panelists: list[dict[str, Any]] = field(default_factory=list)
    row: str = field(default="", compare=False)

    @property
    def is_webinar(self) -> bool:
        """Whether it is a webinar; ids and evenings are shared with meetings."""
        return self.type in WEBINARS

    @property
    def is_series(self) -> bool:
        """Whether it recurs at fixed times."""
        return self.type in (SERIES, WEBINAR_SERIES)

    @property
    def end_planned(self) -> float:
        """When it should be over, in seconds since 1970; a series with its last occurrence."""
        if self.occurrences:
            return max(float(occurrence["start"]) + int(occurrence["duration"]) * 60 for occurrence in self.occurrences)
        return (self.start or self.created_at) + self.duration * 60


class World:
    """One account, from its creation on."""

    def __init__(self, options: Options, credentials: Credentials | None = None) -> None:
        self.options = options
        self.clock = Clock(options.start, options.ticking)
        self.mint = Mint(options.seed)
        self.users = make_users(self.mint, options.plan, options.hosts, self.clock.now())
        self.credentials = credentials or make_credentials(self.mint)
        self.tokens = TokenBook(self.credentials, options.scopes, options.single_token, self.mint)
        self.limits = RateLimits(options.plan, options.limits)
        self.pages = Pages(self.mint)
        self.twists = Twists()
        self.under_way: list[tuple[float, Request]] = []
        self.journal = Journal()
        self.meetings: dict[int, Meeting] = {}
        self.instances: dict[str, Instance] = {}
        self._by_host: dict[str, list[Meeting]] = {}
        self.listener: Callable[[str, Meeting, Any], None] | None = None
        self.counters = {"created": 0, "updated": 0, "deleted": 0}

    @property
    def policy(self) -> Policy:
        """The account's passcode policy."""
        return self.options.policy

    def tell(self, what: str, meeting: Meeting, about: Any = None) -> None:
        """Something happened that webhooks tell of: to whoever listens."""
        if self.listener is not None:
            self.listener(what, meeting, about)

    def change_policy(self, policy: Policy) -> None:
        """Another policy from now on; passcodes in use stay."""
        self.options = replace(self.options, policy=policy)

    def user(self, key: str) -> User:
        """The user of an id or e-mail; raises Refusal 1001."""
        user = self.users.get(key)
        if user is None or user.status == GONE:
            address = key.lower()
            there = (user for user in self.users.values() if user.status != GONE)
            user = next((user for user in there if user.email == address), None)
        if user is None:
            raise no_such_user(key)
        return user

    def add(self, meeting: Meeting) -> None:
        """Takes a meeting into the account."""
        self.meetings[meeting.id] = meeting
        self._by_host.setdefault(meeting.host_id, []).append(meeting)
        self.counters["created"] += 1

    def hand_over(self, meeting: Meeting, host_id: str) -> None:
        """The meeting belongs to another host from now on."""
        self._by_host[meeting.host_id].remove(meeting)
        self._by_host.setdefault(host_id, []).append(meeting)
        meeting.host_id, meeting.row = host_id, ""

    def _room(self, number: int) -> Meeting | None:
        """The personal meeting room of a user, by its number: made when somebody first looks at it."""
        owner = next((user for user in self.users.values() if user.pmi == number and user.status != GONE), None)
        if owner is None:
            return None
        room = Meeting(
            id=number,
            uuid=self.mint.meeting_uuid(),
            host_id=owner.id,
            topic=f"{owner.display_name}'s Personal Meeting Room",
            agenda="",
            type=ROOM,
            start=None,
            duration=60,
            timezone=owner.timezone,
            password=self.policy.generate(self.mint) if self.policy.required else "",
            settings={},
            created_at=owner.created_at,
            created_by="hand",
            pmi=number,
        )
        self.meetings[number] = room
        self._by_host.setdefault(owner.id, []).append(room)
        return room

    def hosted_by(self, host_id: str) -> list[Meeting]:
        """All meetings ever made for a host, the oldest first."""
        return self._by_host.get(host_id, [])

    def new_meeting_id(self) -> int:
        """An unused meeting id of 11 digits."""
        while (number := self.mint.number("meeting", 11, first=8)) in self.meetings:
            pass
        return number

    def meeting(self, key: object) -> Meeting:
        """The meeting of an id; raises Refusal 3001 for none, deleted or expired, and 3000 for a webinar's id."""
        found = self.either(key)
        if found.is_webinar:
            raise refusal(400, 3000, "Cannot access webinar info.")
        return found

    def webinar(self, key: object) -> Meeting:
        """The webinar of an id; raises Refusal 3001 for none, deleted or expired, and 300 for a meeting's id."""
        try:
            meeting = self.either(key)
        except Refusal:
            raise refusal(404, 3001, f"Webinar does not exist: {key}.") from None
        if not meeting.is_webinar:
            raise refusal(400, 300, "Invalid webinar ID.")
        return meeting

    def either(self, key: object) -> Meeting:
        """The meeting or webinar of an id, given as text or number; raises Refusal 3001."""
        number = read_number(str(key)) or 0
        meeting = self.meetings.get(number) or self._room(number)
        if meeting is None or meeting.deleted_at is not None or self.expired(meeting):
            raise no_such_meeting(key)
        return meeting

    def expired(self, meeting: Meeting) -> bool:
        """Whether the id can no longer be used.

        One-off meetings last 30 days beyond their date or their last start, recurring ones 365 days, instant
        ones until they end, webinars 90 days (https://support.zoom.us/hc/en-us/articles/201362373).
        """
        now = self.clock.now()
        if meeting.type == ROOM:
            return False
        if meeting.type == SCHEDULED and not meeting.instances:
            return now > (meeting.start or meeting.created_at) + _ONE_OFF_LIFE
        dates = [self.instances[uuid].start for uuid in meeting.instances]
        if meeting.is_webinar:
            return now > max([meeting.end_planned, *dates]) + _WEBINAR_LIFE
        if meeting.type == INSTANT:
            return any(self.instances[uuid].ended(now) for uuid in meeting.instances)
        if meeting.type == SCHEDULED:
            return now > max([meeting.start or meeting.created_at, *dates]) + _ONE_OFF_LIFE
        return now > max([meeting.created_at, meeting.end_planned, *dates]) + _RECURRING_LIFE

    def running(self, meeting: Meeting) -> Instance | None:
        """The instance that goes on now."""
        now = self.clock.now()
        held = (self.instances[uuid] for uuid in meeting.instances)
        return next((instance for instance in held if instance.running(now)), None)

    def ended(self, meeting: Meeting) -> list[Instance]:
        """The instances that are over, in order."""
        now = self.clock.now()
        held = (self.instances[uuid] for uuid in meeting.instances)
        return sorted((instance for instance in held if instance.ended(now)), key=lambda one: one.start)

    def begin(self, meeting: Meeting, start: float, end: float | None) -> Instance:
        """Opens the meeting; its next start will have another UUID.

        https://developers.zoom.us/docs/api/meetings/
        """
        instance = Instance(meeting.uuid, meeting.id, meeting.host_id, meeting.topic, meeting.type, start, end)
        self.instances[instance.uuid] = instance
        meeting.instances.append(instance.uuid)
        meeting.uuid = self.mint.meeting_uuid()
        meeting.row = ""
        return instance

    def living(self, host_id: str) -> Iterator[Meeting]:
        """A host's meetings that are neither deleted nor expired."""
        return (
            meeting for meeting in self.hosted_by(host_id) if meeting.deleted_at is None and not self.expired(meeting)
        )

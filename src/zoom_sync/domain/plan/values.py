"""What a plan is made of: changes, what is held back, and the three things that it is made from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from zoom_sync.domain.drift import Drift, Group, Treatment
from zoom_sync.domain.hosts import Held
from zoom_sync.domain.losses import Attached, Loss
from zoom_sync.domain.meeting import Cause, FieldChange, GivenUp, Intent, Link, ObservedMeeting
from zoom_sync.domain.panelists import PANELISTS, PanelistChange
from zoom_sync.domain.phrases import NOTHING, Phrase

PASSCODE = "passcode"
# Of each hundred writes of a host's day.
KEPT_FOR_PROGRAMME = 25
# Of each hundred sessions that have a meeting.
MASS_CHANGE = 30
_OF_A_MEETING = ("action", "session", "host", "meeting_id", "fields")
ADDRESS = re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+")


class Action(StrEnum):
    """What is done for one meeting. A session that has one is moved to another that exists, or gets a new one."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    MOVE = "move"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do. `fields` holds what will be written; a passcode in it reads `***`.

    `twice` marks a creation that is followed by a change: some settings Zoom takes only once the meeting is there.
    `losses` is what it takes from people: accepted by name, or the reason why it is held back.
    `overload` marks one that may give its host more at once than he can hold: somebody allowed it by name. `wanted`
    stands for the meeting that its session wants (`meeting_digest`).
    """

    action: Action
    key: str
    host_id: str
    meeting_id: str | None = None
    fields: tuple[FieldChange, ...] = ()
    reason: Phrase = NOTHING
    twice: bool = False
    losses: tuple[Loss, ...] = ()
    overload: bool = False
    wanted: str = field(default="", compare=False, repr=False)

    @property
    def patches(self) -> bool:
        """Whether fields of a meeting are written; its panelists are none of them."""
        return any(field.name != PANELISTS for field in self.fields)

    @property
    def panelists(self) -> PanelistChange:
        """What becomes of the webinar's panelists."""
        panelist_changes = (field.new for field in self.fields if isinstance(field.new, PanelistChange))
        return next(panelist_changes, PanelistChange((), ()))

    @property
    def writes(self) -> int:
        """How many of the host's daily creates and updates it spends. A delete spends none, nor does a panelist."""
        return int(self.action in (Action.CREATE, Action.REPLACE) or self.patches) + self.twice

    @property
    def mark(self) -> str:
        """What it is known again by in another plan: the same change of the same meeting, with the same values.

        Of a new meeting it is the whole that is wanted; which host gets it, where the programme names none, may differ.
        """
        values = change_json(self, masked=False)
        names = ("action", "session", "fields") if self.action is Action.CREATE else _OF_A_MEETING
        same = {name: values[name] for name in names} | {"wanted": self.wanted if self.action is Action.CREATE else ""}
        return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def only_repairs(self) -> bool:
        """Whether nothing but what somebody edited on Zoom is written."""
        return self.action is Action.UPDATE and all(field.cause is Cause.ZOOM for field in self.fields)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A change that is not done, why, and when it will be done by itself (None: not before somebody acts).

    `passing`: what holds it back ends by itself, nobody knows when. `needs` is the command-line option that does it
    by name, as it has to be typed; None where no option does. `together`: it is part of a mass change, which is told
    and done as one.
    """

    change: Change
    why: Phrase
    until: datetime | None = None
    passing: bool = False
    needs: str | None = None
    together: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is for a person to decide."""
        return self.until is None and not self.passing


@dataclass(frozen=True, slots=True)
class Brake:
    """A plan is mass change: `count` of `total` sessions that have a meeting and are not over would change.

    `released`: somebody said by name that it is meant, so it is not held back.
    """

    sentence: Phrase
    count: int
    total: int
    released: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in the order they are carried out, what is held back, and what it all costs.

    `drift` is everything that somebody edited on Zoom, whatever is done about it; `notes` is what else
    a person should know. `links` are those of which the look taught something, to be kept; `rows` counts how often
    each row of the table of `reconciling` held; `lists` the lists that were read to make it, by Zoom's name. `wanted`
    is what stands for the meeting that each session wants: a change is carried out only as long as it wants that.
    `brake` is there where it is mass change, held back or not; `frozen_until` where a freeze holds changes back.
    """

    event: str
    changes: tuple[Change, ...]
    held_back: tuple[HeldBack, ...]
    unchanged: int
    calls: Mapping[str, int]
    writes_by_host: Mapping[str, int]
    drift: tuple[Drift, ...] = ()
    notes: tuple[Phrase, ...] = ()
    links: tuple[Link, ...] = field(default=(), repr=False)
    rows: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict, repr=False)
    brake: Brake | None = None
    frozen_until: datetime | None = None

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """What is done and what is held back."""
        return (*self.changes, *(held.change for held in self.held_back))

    @property
    def is_braked(self) -> bool:
        """Whether mass change is held back."""
        return self.brake is not None and not self.brake.released

    @property
    def is_stopped(self) -> bool:
        """Whether one click would do more: mass change is held back, or a freeze holds changes back."""
        return self.is_braked or self.frozen_until is not None

    @property
    def digest(self) -> str:
        """Sixteen hex digits that stand for exactly these changes; time and cost do not enter."""
        told = hashlib.sha256(json.dumps(self.event).encode())
        for change in self.changes:
            told.update(json.dumps(change_json(change, masked=False), sort_keys=True).encode())
        return told.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a plan may do without being asked again.

    `drift` says what is done about what was edited on Zoom (put back, where it says nothing). `repair_drift` puts back
    also what it wants to be asked about, `repair` that of the named sessions. `allow_loss` names the sessions whose
    changes may take something from people (registrants, occurrences, panelists, what others added); `allow_overload`
    those that may give their host more at once than he can hold. `kept_for_programme` is how many of each hundred
    writes of a host's day are never spent on putting back what was edited on Zoom. More than `mass_change` of a hundred
    sessions are changed at once only with `allow_mass_change`; a meeting is made beside one of the same title and start
    that nothing is linked to only with `allow_double`. As long as the event is frozen (`frozen_until`) nothing is
    done but with `allow_frozen`. `approved` are the marks of changes that a person has approved before as they are.
    """

    allow_replace: bool = False
    allow_delete: bool = False
    drift: Mapping[Group, Treatment] = field(default_factory=dict)
    repair_drift: bool = False
    repair: frozenset[str] = frozenset()
    allow_loss: frozenset[str] = frozenset()
    allow_overload: frozenset[str] = frozenset()
    kept_for_programme: int = KEPT_FOR_PROGRAMME
    mass_change: int = MASS_CHANGE
    allow_mass_change: bool = False
    allow_double: bool = False
    frozen_until: datetime | None = None
    allow_frozen: bool = False
    approved: frozenset[str] = frozenset()

    @property
    def released(self) -> Policy:
        """The same with mass change, and changes in a freeze."""
        return replace(self, allow_mass_change=True, allow_frozen=True, frozen_until=None)

    @property
    def sessions(self) -> frozenset[str]:
        """The sessions that are named in it."""
        return self.repair | self.allow_loss | self.allow_overload


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows: links by key, creations that were begun by key, replaced meetings still to be deleted.

    `writes_today` counts each host's creates and updates of the running UTC day. `elsewhere` is what the store's other
    events hold: their meetings, replaced ones among them, and their creations in doubt. `left` are those of `retired`
    that their sessions were moved away from: people may hold their links, so that they are deleted by name only.
    `given_up` are requests to create a meeting that were looked for in vain.
    """

    links: Mapping[str, Link] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    retired: tuple[Link, ...] = ()
    writes_today: Mapping[str, int] = field(default_factory=dict)
    elsewhere: tuple[Held, ...] = ()
    left: frozenset[str] = frozenset()
    given_up: tuple[GivenUp, ...] = ()

    @property
    def linked_ids(self) -> set[str]:
        """The meetings that a session of any event is linked to, or was until it got another one."""
        links = (*self.links.values(), *self.retired)
        return {link.meeting_id for link in links} | {held.id for held in self.elsewhere}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one meeting could not be read; `lasting`: asking again alone does not help.

    `other_kind`: Zoom said no more of it than that it is a webinar by now and no meeting, or the other way about.
    """

    why: str
    lasting: bool = False
    other_kind: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """What Zoom shows: meetings by id, and the ids that no list shows and that Zoom says are not there.

    `unread` maps a host whose meetings could not be listed to why; `gone` are those of them who are no users any more,
    `refused` those whose lists Zoom refuses for a reason of theirs, so that asking again alone does not help.
    `failures` maps a meeting that could not be read by its id to why: nothing follows about whether it is there. A
    meeting that was converted on Zoom is shown as what it is now: its kind differs from its link's.
    `attached` holds, by meeting id, what hangs on the meetings of which that had to be known.
    `listed` are the hosts all of whose lists were read, meetings and webinars; None: all there are. `no_webinars` are
    those of whom Zoom said that they have no licence for webinars, `calls` counts the lists by Zoom's name, and
    `unseen` says why webinars could not be looked at.
    `arrived` maps meetings that creations of ours made, and that nothing is linked to, to the session's key;
    `made_by_us` are such of other events.
    """

    meetings: Mapping[str, ObservedMeeting] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    failures: Mapping[str, Failure] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    attached: Mapping[str, Attached] = field(default_factory=dict)
    listed: frozenset[str] | None = None
    no_webinars: frozenset[str] = frozenset()
    calls: Mapping[str, int] = field(default_factory=dict)
    unseen: str = ""
    arrived: Mapping[str, str] = field(default_factory=dict)
    made_by_us: frozenset[str] = frozenset()

    def whole(self, host_id: str) -> bool:
        """Whether everything that the host holds on Zoom was looked at."""
        return host_id not in self.unread and (self.listed is None or host_id in self.listed)


def value_json(value: Any, *, masked: bool = True) -> Any:
    """A field's value as JSON. `masked` hides e-mail addresses in it."""
    if isinstance(value, PanelistChange):
        return value.counts if masked else value.told
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return masked_value(value) if masked else value


def masked_value(value: Any) -> Any:
    """The value with every e-mail address in it replaced."""
    if isinstance(value, Phrase):
        return value.with_each(masked_value)
    if isinstance(value, str):
        return ADDRESS.sub("***", value)
    if isinstance(value, Mapping):
        return {name: masked_value(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked_value(one) for one in value]
    return value


def change_json(change: Change, *, masked: bool = True) -> dict[str, Any]:
    """A change as the plan's JSON tells it. `masked` hides values that hold an e-mail address."""
    return {
        "action": str(change.action),
        "session": change.key,
        "host": change.host_id or None,
        "meeting_id": change.meeting_id,
        "fields": [
            {
                "name": field.name,
                "old": value_json(field.old, masked=masked),
                "new": value_json(field.new, masked=masked),
            }
            for field in change.fields
        ],
        "reason": value_json(change.reason, masked=masked),
        **({"losses": [loss.as_json for loss in change.losses]} if change.losses else {}),
        **({"overload": True} if change.overload else {}),
    }

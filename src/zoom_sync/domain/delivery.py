"""What Zoom tells by webhook, as a small value: which meeting to look at again, and who came and went, without names.

Nothing in a delivery is acted upon. It may come twice, late, in another order, or never; it only says "look again".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zoom_sync.domain.programme import Kind


class Look(StrEnum):
    """What is looked at again: the lists of meetings, a meeting in full, the reports."""

    SYNC = "sync"
    DEEP = "deep"
    COLLECT = "collect"


class Moment(StrEnum):
    """What a delivery says about a meeting that is under way."""

    STARTED = "started"
    ENDED = "ended"
    JOINED = "joined"
    LEFT = "left"


class Reception(StrEnum):
    """What became of a delivery: it was new, came before as another request, or is the very same request again."""

    NEW = "new"
    REPEATED = "repeated"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event. `key` is the same for every repeat of it, `signature` only for the very same request.

    `meeting_id` is None for events that are about no meeting. `uuid` is the instance, `person` one stay in it: a digest
    of the number that Zoom gives a participant anew at every join, so that nobody can be told from it.
    """

    key: str
    signature: str = field(repr=False)
    event: str
    at: datetime
    meeting_id: str | None = None
    kind: Kind = Kind.MEETING
    uuid: str | None = None
    person: str | None = None

    @property
    def look(self) -> Look | None:
        """What to look at again because of it."""
        return LOOKS.get(self.event.partition(".")[2]) if self._is_ours else RECORDINGS.get(self.event)

    @property
    def moment(self) -> Moment | None:
        """What it says about a meeting under way."""
        return MOMENTS.get(self.event.partition(".")[2]) if self._is_ours else None

    @property
    def _is_ours(self) -> bool:
        return self.event.partition(".")[0] in (Kind.MEETING, Kind.WEBINAR)


# By the name behind `meeting.` or `webinar.`. What a list shows is found by a list; other edits need the whole meeting.
# https://developers.zoom.us/docs/api/meetings/events/
LOOKS: Mapping[str, Look] = {
    "created": Look.SYNC,
    "updated": Look.DEEP,
    "deleted": Look.SYNC,
    "permanently_deleted": Look.SYNC,
    "recovered": Look.SYNC,
    "converted_to_webinar": Look.SYNC,
    "converted_to_meeting": Look.SYNC,
    "ended": Look.COLLECT,
    "registration_created": Look.COLLECT,
    "registration_approved": Look.COLLECT,
    "registration_cancelled": Look.COLLECT,
    "registration_denied": Look.COLLECT,
}
RECORDINGS: Mapping[str, Look] = {"recording.completed": Look.COLLECT}
MOMENTS: Mapping[str, Moment] = {
    "started": Moment.STARTED,
    "ended": Moment.ENDED,
    "participant_joined": Moment.JOINED,
    "participant_left": Moment.LEFT,
}


@dataclass(frozen=True, slots=True)
class Hint:
    """That a meeting is to be looked at again. `version` grows with every delivery that says so.

    `at` is when the latest of them happened on Zoom.
    """

    meeting_id: str
    look: Look
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Live:
    """A session that is under way, as far as webhooks tell: since when, and how many are there."""

    since: datetime | None
    present: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What came by webhook so far: how many by outcome, and when the latest good one and the latest forged one came."""

    counts: Mapping[str, int]
    latest: datetime | None
    forged: datetime | None = None

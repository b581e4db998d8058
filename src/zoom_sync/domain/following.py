"""An event that follows its source: when the source is read again, and what of it is no news. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from zoom_sync.domain.due import DAY, Rhythm, Span, next_sync
from zoom_sync.domain.programme import Programme, Session
from zoom_sync.domain.returning import Earlier, Returned

# After the last session a source is still read now and then: another one may be added.
SELDOM = DAY
SOON_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a source since it was last read.

    `state` is what the place says of itself without being read (a file's time and size), `digest` that of its bytes.
    `trouble` is why it could not be used, since when; `unwritten` why something could not be written back.
    """

    state: str | None = None
    digest: str | None = None
    read_at: datetime | None = None
    changed_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    written: str | None = None  # the digest of what was last written back
    written_at: datetime | None = None
    unwritten: str = ""
    claimed_until: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        """Whether nobody is at it, or whoever was must have died."""
        return self.claimed_until is None or self.claimed_until <= now

    def failed(self, why: str, now: datetime) -> Seen:
        """After it could not be used. How long that is so is counted from the first time."""
        return replace(self, read_at=now, trouble=why, trouble_since=self.trouble_since or now, claimed_until=None)

    def read(self, state: str | None, digest: str, now: datetime, *, changed: bool) -> Seen:
        """After it was read, whether it said anything new or not."""
        changed_at = now if changed else self.changed_at
        return replace(
            self, state=state, digest=digest, read_at=now, changed_at=changed_at, trouble="", trouble_since=None,
            claimed_until=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Binding:
    """A source that an event follows. `event` is None until it was read for the first time.

    `source` is what people know it by, `spec` all that was said of it: it may hold secrets. `every` is how often it is
    read at most; None is as the schedule has it. `configured`: it stands in the settings, and is not ended by hand.
    """

    id: int
    source: str
    spec: Mapping[str, Any] = field(repr=False)
    event: str | None = None
    write_back: bool = False
    every: timedelta | None = None
    configured: bool = False
    seen: Seen = Seen()


def reading_is_due(binding: Binding, spans: Iterable[Span], rhythm: Rhythm, now: datetime) -> bool:
    """Whether the source is to be read: more often towards each session, and seldom after the last one."""
    last = binding.seen.read_at
    if last is None:
        return True
    when = next_sync(tuple(spans), last, rhythm) or last + SELDOM
    if binding.every is not None:
        when = min(when, last + binding.every)
    return when <= now


def without_echo(programme: Programme, ours: Mapping[str, Earlier]) -> Programme:
    """The programme without the meetings that we wrote into its source ourselves: nobody says by them what is meant."""
    return replace(
        programme, sessions=tuple(_without_echo(session, ours.get(session.key)) for session in programme.sessions)
    )


def _without_echo(session: Session, earlier: Earlier | None) -> Session:
    if session.known is None or earlier is None:
        return session
    written = {values.get("meeting_id") for values in earlier.ours}
    return replace(session, known=None) if session.known.meeting_id in written else session


def to_write(wanted: Mapping[str, Returned], ours: Mapping[str, Earlier]) -> dict[str, Returned]:
    """What is written back: of each session that has a meeting, or had one written before."""
    return {
        key: returned for key, returned in wanted.items() if returned.meeting_id or returned.join_url or key in ours
    }


def digest_of(wanted: Mapping[str, Returned]) -> str:
    """What all that is to be written back is known again by."""
    rows = {key: returned.values() for key, returned in wanted.items()}
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()

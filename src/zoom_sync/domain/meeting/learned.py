"""What is known of each field of a linked meeting: what was sent, what Zoom made of it, and what Zoom refused.

Values stand here in the form that is kept (JSON). `ABSENT` is no value at all, which is another thing than an empty
one: a field that was never sent, or that Zoom does not show.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final


class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
# Zoom's lists show a change only after a while. A look that shows the former value within this time tells nothing.
LAG = timedelta(minutes=5)
# A value that comes back the same after it was put back is put back again after these pauses, and then no more.
PAUSES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))
CONFIRMED = 2
# What Zoom is not known to change: its answer need not be read to know what came of it.
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9 .,:;!?()/'\-]*")
_TEXTS = frozenset({"topic", "agenda"})
_NUMBERS = frozenset({"start_time", "duration"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that Zoom refused, in Zoom's `words`, while it showed `shown`. Sent again once either is another."""

    value: Any
    words: str
    shown: Any = ABSENT


@dataclass(frozen=True, slots=True)
class Repairs:
    """How often `sent` was put back over the same `shown`, and when it may be next (UTC)."""

    sent: Any
    shown: Any
    count: int
    due: datetime

    @property
    def exhausted(self) -> bool:
        return self.count > len(PAUSES)

    def pauses(self, now: datetime) -> bool:
        """Whether it is too early for the next one. None waits for longer than its pause, wherever the clock was."""
        return timedelta(0) < self.due - now <= _pause(self.count)


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of one field.

    `sent` is what was last sent, `at` when, `previous` what Zoom showed before that, `original` what it showed before
    we ever sent anything. `made` is what Zoom made of `sent`, and `looks` how many looks have shown that: with none it
    is only presumed. `seen` is what Zoom showed instead when it was last looked at. `told` says that people were told
    what Zoom keeps.
    """

    sent: Any = ABSENT
    made: Any = ABSENT
    looks: int = 0
    at: datetime | None = None
    previous: Any = ABSENT
    original: Any = ABSENT
    seen: Any = ABSENT
    told: bool = False
    refused: Refusal | None = None
    repairs: Repairs | None = None

    def repairs_at(self, now: datetime) -> Repairs | None:
        """The repairs that count yet: they are forgotten once the value has stayed in step for their pause."""
        return self.repairs if self.repairs is not None and self.repairs.pauses(now) else None


NOTHING_KNOWN = Learned()


def plain(value: Any) -> Any:
    """A field's value in the form that is kept."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def reads_back(name: str, value: Any, known: Learned = NOTHING_KNOWN) -> bool:
    """Whether Zoom has to be asked what it made of a value that is sent.

    Not where that is known, nor for what it takes as it is: instants, lengths, plain text. The next list shows those
    anyhow. Where Zoom made another value of what it was sent before, it may of this one, too: to find that out from the
    next list would look like somebody's edit, and cost a write to put it back.
    """
    if known.sent is not ABSENT and known.sent == plain(value):
        return known.looks == 0
    if known.looks and ABSENT not in (known.sent, known.made) and known.made != known.sent:
        return True
    if name in _NUMBERS:
        return False
    if name in _TEXTS:
        return _PLAIN_TEXT.fullmatch(str(value)) is None
    return True


def after_sending(known: Learned, value: Any, shown: Any, now: datetime) -> Learned:
    """What is known once `value` was sent and Zoom answered `shown` to a look right after it (ABSENT: nobody looked).

    A value that was sent before is put back: Zoom makes the same of it, and it is counted.
    """
    value = plain(value)
    again = known.sent is not ABSENT and known.sent == value
    repairs = _counted(known, value, now) if again and known.seen is not ABSENT else None
    original = known.original
    if original is ABSENT and known.sent is ABSENT:
        original = known.seen
    made, looks = (known.made, known.looks) if again else (value, 0)
    if shown is not ABSENT:
        made, looks = plain(shown), 1
    told = known.told and again and made == known.made
    return Learned(value, made, looks, now, known.seen, original, ABSENT, told, None, repairs)


def _counted(known: Learned, value: Any, now: datetime) -> Repairs:
    before = known.repairs
    same = before is not None and before.sent == value and before.shown == known.seen
    count = before.count + 1 if same and before is not None else 1
    return Repairs(value, known.seen, count, now + _pause(count))


def _pause(count: int) -> timedelta:
    return PAUSES[min(count, len(PAUSES)) - 1]


def after_refusal(known: Learned, value: Any, words: str) -> Learned:
    """What is known once Zoom refused `value`."""
    return replace(known, refused=Refusal(plain(value), words, known.seen if known.seen is not ABSENT else known.made))


def settled(known: Learned, value: Any, shown: Any, now: datetime) -> Learned:
    """What is known once Zoom shows what is wanted."""
    repairs = known.repairs_at(now)
    return Learned(value, shown, CONFIRMED, known.at, ABSENT, known.original, ABSENT, told=False, repairs=repairs)

"""What is written back into the place where a programme lives, and when a value there is somebody else's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Returned:
    """What is told of one session. Empty or None is not known (yet).

    `meeting_id` holds digits only. `status` is `linked`, `no meeting`, `in doubt` or `cancelled`. The counts are those
    of the reports that are complete: people who joined, registrations, questions, answers to polls.
    """

    key: str
    meeting_id: str = ""
    join_url: str = field(default="", repr=False)
    passcode: str = field(default="", repr=False)
    host: str = ""
    status: str = ""
    participants: int | None = None
    registrations: int | None = None
    questions: int | None = None
    polls: int | None = None

    def values(self) -> dict[str, Any]:
        """The values by the names of their parameters."""
        return asdict(self)


RETURNED: tuple[str, ...] = tuple(field.name for field in fields(Returned))
GUARDED = ("meeting_id", "join_url", "passcode")  # what a place may show, and somebody may write there


@dataclass(frozen=True, slots=True)
class Earlier:
    """What we wrote of a session before, and what we were about to write when we were last heard of."""

    written: Mapping[str, Any] | None = None
    pending: Mapping[str, Any] | None = None

    @property
    def ours(self) -> tuple[Mapping[str, Any], ...]:
        """All that may stand there and is of us."""
        return tuple(values for values in (self.written, self.pending) if values is not None)

    def is_done(self, wanted: Returned) -> bool:
        """Whether we know that this was written."""
        return self.pending is None and self.written == wanted.values()


def somebody_else(there: Mapping[str, str], returned: Returned, earlier: Earlier) -> str | None:
    """The first value of a place that is neither empty, nor what is to be there, nor what we wrote there before.

    `there` holds what the place shows, by the names of `GUARDED`; what it does not show is not judged.
    """
    ours = [returned.values(), *earlier.ours]
    for name in GUARDED:
        text = there.get(name, "").strip()
        if text and not any(_same(name, text, str(values.get(name) or "")) for values in ours):
            return name
    return None


def _same(name: str, text: str, value: str) -> bool:
    """A meeting ID may stand there in groups."""
    if name == "meeting_id":
        return "".join(character for character in text if character.isdigit()) == value
    return text == value


def is_there(there: Mapping[str, str], returned: Returned) -> bool:
    """Whether a place shows all of what is to be written there, as far as it shows anything."""
    values = returned.values()
    return all(_same(name, text.strip(), str(values[name] or "")) for name, text in there.items())

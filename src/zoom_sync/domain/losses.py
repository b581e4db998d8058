"""What a change to a meeting takes from people, and what hangs on a meeting that a list does not show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zoom_sync.domain.phrases import Phrase


class What(StrEnum):
    """What people would lose."""

    REGISTRANTS = "registrants"
    OCCURRENCES = "occurrences"
    PANELISTS = "panelists"
    ADDITIONS = "additions"  # what others added to lists
    PASSCODE = "passcode"


@dataclass(frozen=True, slots=True)
class Loss:
    """What a change takes: how many of how many (None: it could not be read), and the fields that take it."""

    what: What
    count: int | None
    total: int | None = None
    fields: tuple[str, ...] = ()

    @property
    def told(self) -> Phrase:
        """The loss in words."""
        if self.count is None:
            return _uncounted(self.what)
        if self.what is What.REGISTRANTS:
            many = Phrase("{count} registrants would be lost", count=self.count)
            return many if self.count != 1 else Phrase("1 registrant would be lost")
        if self.what is What.PANELISTS:
            many = Phrase("{count} panelists would be lost", count=self.count)
            return many if self.count != 1 else Phrase("1 panelist would be lost")
        if self.what is What.OCCURRENCES:
            return Phrase("{count} of {total} occurrences would be lost", count=self.count, total=self.total)
        if self.what is What.PASSCODE:
            return Phrase("the passcode that people have would change")
        return Phrase("of what others added to the meeting's lists, {count} would be lost", count=self.count)

    @property
    def as_json(self) -> dict[str, Any]:
        """For a plan's JSON and its digest."""
        return {"what": str(self.what), "count": self.count, "of": self.total}

    def within(self, accepted: Mapping[str, int | None]) -> bool:
        """Whether it is no more than what was accepted by name; an accepted None stands for any number."""
        if self.what not in accepted:
            return False
        most = accepted[self.what]
        return most is None or (self.count is not None and self.count <= most)


def _uncounted(what: What) -> Phrase:
    if what is What.REGISTRANTS:
        return Phrase("registrants would be lost (their number could not be read)")
    if what is What.PANELISTS:
        return Phrase("panelists would be lost (their number could not be read)")
    if what is What.OCCURRENCES:
        return Phrase("occurrences would be lost (their number could not be read)")
    return Phrase("what others added to the meeting's lists would be lost (it could not be read)")


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs on a meeting: approved and waiting registrants, and a webinar's panelists by folded e-mail.

    None where it could not be read.
    """

    registrants: int | None = None
    panelists: frozenset[str] | None = field(default=None, repr=False)


NOTHING_READ = Attached()

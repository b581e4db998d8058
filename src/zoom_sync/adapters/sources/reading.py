"""What every reader of this room takes and answers: a source, a notebook for problems, a draft, a reading.

Imports the domain, `zoom_sync.errors` and the standard library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from zoom_sync.adapters.sources.mapping import Part, SourceMapping
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.errors import Problem, ProgrammeError

MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source says. With any problem there is no programme; `event` is then what could be read of the event.

    `notes` are things read loosely or passed over: worth a look, no reason to stop. `made_keys` are the keys of
    sessions for which the source has no id: made from title and time, they change when these do.
    """

    programme: Programme | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    event: Event | None = None
    made_keys: frozenset[str] = frozenset()

    def require(self) -> Programme:
        """The programme, or a `ProgrammeError` with all problems."""
        if self.programme is None or self.problems:
            count = len(self.problems)
            text = "1 problem" if count == 1 else f"{count} problems"
            raise ProgrammeError(f"the programme cannot be used: {text}; nothing was changed", self.problems)
        return self.programme


@dataclass(frozen=True, slots=True)
class Source:
    """A programme as it came: its name for messages, its bytes, its text, and what the caller said about it.

    `text` is empty for a format of bytes, such as a workbook.
    """

    name: str
    data: bytes
    text: str
    timezone: str | None = None
    event_key: str | None = None
    mapping: SourceMapping = field(default_factory=SourceMapping)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader understood. `other_keys` are the keys, with lines, of sessions that it could not build."""

    event: Event | None = None
    sessions: tuple[Session, ...] = ()
    other_keys: tuple[tuple[str, int | None], ...] = ()
    made_keys: frozenset[str] = frozenset()


@dataclass(slots=True)
class Findings:
    """A notebook that readers write into: problems and notes, up to a bound, so that no input can fill the memory."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def problem(self, line: int | None, message: str) -> None:
        self._add(self.problems, Problem(message, line, self.name))

    def note(self, line: int | None, message: str) -> None:
        self._add(self.notes, Problem(message, line, self.name))

    def _add(self, page: list[Problem], entry: Problem) -> None:
        if len(page) < MOST_FINDINGS:
            page.append(entry)
        elif len(page) == MOST_FINDINGS:
            page.append(Problem(f"there are more than {MOST_FINDINGS} of these; the others are not listed", entry.line))


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how its text is recognised, and its reader. A file `…_source.py` of this room holds it.

    `recognises_bytes` is for formats that are no text. `takes` are the parts of a mapping that it can use. `guess` is 0
    where it is recognised for certain, by what stands in no other format; the surest that recognises a text reads it.
    """

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[Source, Findings], Draft]
    recognises_bytes: Callable[[bytes], bool] | None = None
    takes: frozenset[Part] = frozenset()
    guess: int = 0

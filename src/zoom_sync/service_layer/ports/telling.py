"""What people were told, and the ways to tell them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.notices import NONE, Concern, Digest, Marks, Memory, Subject


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

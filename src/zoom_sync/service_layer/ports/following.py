"""The sources that events follow: where they are kept, and what is asked of a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.following import Binding, Seen
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.returning import Earlier, Returned
from zoom_sync.errors import Problem


class Read(Protocol):
    """What a place says: a programme, or what is wrong with it."""

    @property
    def programme(self) -> Programme | None: ...

    @property
    def problems(self) -> tuple[Problem, ...]: ...

    @property
    def made_keys(self) -> frozenset[str]: ...


class Outcome(Protocol):
    """What became of each session that was to be written back."""

    @property
    def changed(self) -> Sequence[str]: ...

    @property
    def same(self) -> Sequence[str]: ...

    @property
    def missing(self) -> Sequence[str]: ...

    @property
    def kept(self) -> Sequence[tuple[str, str]]: ...


class Place(Protocol):
    """Where a programme lives. Each method raises UserError where the place is away, or does not do what it should."""

    def state(self) -> str | None:
        """What tells without reading whether it changed; None where nothing does."""
        ...

    def is_being_written(self) -> bool:
        """Whether somebody seems to be at it right now, so that half of it might be read."""
        ...

    def fetch(self) -> bytes:
        """What is there now."""
        ...

    def digest(self, data: bytes) -> str:
        """What these bytes, and what was said of them, are known again by."""
        ...

    def read(self, data: bytes) -> Read:
        """The programme of these bytes."""
        ...

    def write_back(
        self, programme: Programme, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]
    ) -> Outcome:
        """Write what is to be there, and nothing over what somebody else wrote."""
        ...


class BindingStore(Protocol):
    """Which event follows which source."""

    def all(self) -> Sequence[Binding]:
        """All of them."""
        ...

    def bind(self, binding: Binding) -> Binding:
        """Commit one, in the place of the one that its event has. Raises NotInStore."""
        ...

    def belongs_to(self, binding: int, event: str) -> None:
        """Commit whose it is, now that it was read. Raises NotInStore; StoreConflict where its event has another."""
        ...

    def end(self, binding: int) -> None:
        """Forget it, and what was written back. Raises NotInStore."""
        ...

    def claim(self, binding: Binding, until: datetime) -> bool:
        """Commit that somebody is at it, unless another one was first."""
        ...

    def seen(self, binding: int, claimed_until: datetime, seen: Seen) -> None:
        """Commit what was seen, and end the claim; nothing where the claim is another one's by now."""
        ...

    def release(self) -> None:
        """End all claims: whoever calls knows that nobody else is there."""
        ...

    def earlier(self, binding: int) -> Mapping[str, Earlier]:
        """What stands there of ours, by session."""
        ...

    def about_to_write(self, binding: int, wanted: Mapping[str, Returned]) -> None:
        """Commit what is going to be written, before it is."""
        ...

    def wrote(self, binding: int, wanted: Mapping[str, Returned]) -> None:
        """Commit what was written."""
        ...

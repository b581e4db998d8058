"""Recordings: listing and reading them on Zoom, and the place where they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from zoom_sync.domain.recordings import RecordingFile


class Recordings(Protocol):
    """What is recorded, on Zoom. All methods raise `ZoomError`."""

    def files(self, instance_uuid: str) -> Sequence[RecordingFile]:
        """The files of an instance that are ready; none where nothing is recorded, or not ready yet."""
        ...

    def read(self, file: RecordingFile, start: int) -> AbstractContextManager[tuple[int, Iterator[bytes]]]:
        """The file from byte `start` on: the byte that it really begins at (`start`, or 0), and the pieces."""
        ...


class Part(Protocol):
    """A file of which not all may be there yet."""

    @property
    def size(self) -> int:
        """How many bytes of it are there."""
        ...

    def add(self, start: int, pieces: Iterator[bytes]) -> None:
        """Write from byte `start` on what comes; what was there from there on is dropped."""
        ...

    def finish(self) -> None:
        """Make it the whole file. Raises UserError where its size is not what was announced."""
        ...


class Folder(Protocol):
    """Where recordings are kept."""

    def has(self, name: str, size: int) -> bool:
        """Whether it is there, whole. Raises UserError where another file has its name."""
        ...

    def part(self, name: str, size: int) -> AbstractContextManager[Part]:
        """A file of this size, to be fetched or gone on with; its part stays if this is interrupted.

        Raises UserError where there is no room, or somebody else fetches it now.
        """
        ...

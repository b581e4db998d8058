"""A folder of recordings: a file has its name only when it is whole; until then it is a part to go on with."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from zoom_sync.errors import UserError


class RecordingFolder:
    """The `Folder` port on a disk."""

    def __init__(self, path: Path, keep_free: int) -> None:
        """`keep_free`: how many bytes of the disk are to stay free. Raises UserError where there can be no folder."""
        self._path, self._keep_free = path, keep_free
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{path} cannot be made a folder: {error.strerror}") from None

    def has(self, name: str, size: int) -> bool:
        target = self._path / name
        if not target.exists():
            return False
        there = target.stat().st_size
        if there != size:
            raise UserError(
                f"{target} has {there} bytes, but the recording on Zoom has {size}: move it away to fetch it again"
            )
        return True

    @contextmanager
    def part(self, name: str, size: int) -> Iterator[FilePart]:
        beside = self._path / f".{name}.part"
        try:
            with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
                _take(file, beside)
                self._check_room(size - os.fstat(file.fileno()).st_size)
                yield FilePart(file, beside, self._path / name, size)
        except OSError as error:
            raise UserError(f"{beside} cannot be written: {error.strerror}") from None

    def _check_room(self, missing: int) -> None:
        free = shutil.disk_usage(self._path).free
        if missing > 0 and free - missing < self._keep_free:
            raise UserError(
                f"{self._path} has room for {max(0, free - self._keep_free)} bytes more, and {missing} are needed"
            )


def _take(file: BinaryIO, path: Path) -> None:
    """Hold the part for as long as it is open. Raises UserError where another process does, or has just finished it."""
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(f"{path} is being fetched by another process") from None
    held = os.fstat(file.fileno())
    if not path.exists() or not os.path.samestat(held, path.stat()):
        raise UserError(f"{path} was finished by another process meanwhile")


class FilePart:
    """The `Part` port: a file beside the one that it becomes."""

    def __init__(self, file: BinaryIO, path: Path, target: Path, whole: int) -> None:
        self._file, self._path, self._target, self._whole = file, path, target, whole
        if self.size > whole:  # of another state of the recording
            file.truncate(0)

    @property
    def size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def add(self, start: int, pieces: Iterator[bytes]) -> None:
        """See the port. Raises UserError where more comes than was announced."""
        self._file.truncate(start)
        self._file.seek(start)
        at = start
        for piece in pieces:
            at += len(piece)
            if at > self._whole:
                self._file.truncate(0)
                raise UserError(f"{self._target.name} is larger than Zoom announced; nothing of it is kept")
            rest = memoryview(piece)
            while rest:
                rest = rest[self._file.write(rest) :]

    def finish(self) -> None:
        if self.size != self._whole:
            raise UserError(f"{self._target.name} has {self.size} bytes instead of {self._whole}; it is not kept")
        os.fsync(self._file.fileno())
        self._path.replace(self._target)
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

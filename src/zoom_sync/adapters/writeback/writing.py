"""Writing the filled file: whole or not at all, into a copy or in place with a backup, never over somebody's edit."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zoom_sync.adapters.writeback.csv_file import fill_csv
from zoom_sync.adapters.writeback.filled import Filled, Meetings
from zoom_sync.adapters.writeback.workbook import fill_workbook
from zoom_sync.adapters.writeback.yaml_file import fill_yaml
from zoom_sync.domain.programme import Programme
from zoom_sync.errors import UserError

MOST_BYTES = 50 * 1024 * 1024
BACKUP = ".bak"

_ZIP = b"PK\x03\x04"
_YAML = re.compile(rb"^\s*sessions\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """Where the meetings were written to; `changed` is False where the file said it all already.

    `missing` are sessions with a meeting that the file does not hold, `unmatched` its rows that are no session of ours,
    `kept` its places that could not be written; the last two with the reason.
    """

    path: Path
    backup: Path | None
    changed: bool
    sessions: frozenset[str]
    missing: tuple[str, ...]
    unmatched: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]


def write_back(
    path: Path, programme: Programme, meetings: Meetings, *, into: Path | None = None, in_place: bool = False
) -> Written:
    """Put the meetings into a copy of the file (beside it, or `into`), or into itself with a backup beside it.

    Raises UserError where the file cannot be read, understood or written, or was changed by somebody meanwhile; then it
    is as it was.
    """
    source = path.resolve()  # a link stays one: the file that it leads to is written
    content = _read(source)
    filled = _fill(content, programme, meetings)
    changed = filled.content != content
    target = source if in_place else (into or copy_of(path))
    backup = source.with_name(source.name + BACKUP) if in_place and changed else None
    if changed or not in_place:
        if _read(source) != content:
            raise UserError(f"{path} was changed by somebody meanwhile; nothing was written: try again")
        if backup is not None:
            _replace(backup, content, source)
        _replace(target, filled.content, source, expected=content if in_place else None)
    missing = tuple(key for key in meetings if key not in filled.sessions)
    return Written(target, backup, changed, filled.sessions, missing, filled.unmatched, filled.kept)


def copy_of(path: Path) -> Path:
    """The name of the copy: `programme.csv` becomes `programme.meetings.csv`."""
    return path.with_name(f"{path.stem}.meetings{path.suffix}")


def _fill(content: bytes, programme: Programme, meetings: Meetings) -> Filled:
    """By what the file is, not by its name."""
    if content.startswith(_ZIP):
        return fill_workbook(content, programme, meetings)
    if _YAML.search(content.replace(b"\0", b"")):
        return fill_yaml(content, programme, meetings)
    return fill_csv(content, programme, meetings)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # a device or a pipe does not tell its size
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(content) > MOST_BYTES:
        raise UserError(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MiB: is it a programme?")
    return content


def _replace(path: Path, content: bytes, like: Path, *, expected: bytes | None = None) -> None:
    """Put a whole file in the place of `path`, with the rights of `like`; last of all, see that nobody was faster."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            _same_rights(out.fileno(), like)
            os.fsync(out.fileno())
        if expected is not None and _read(path) != expected:
            raise UserError(f"{path} was changed by somebody meanwhile; it was left as it is: try again")
        Path(name).replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        Path(name).unlink(missing_ok=True)


def _same_rights(handle: int, like: Path) -> None:
    known = like.stat()
    os.fchmod(handle, stat.S_IMODE(known.st_mode))
    with suppress(OSError):  # only root may give a file to somebody else; ours it is then
        os.fchown(handle, known.st_uid, known.st_gid)


def _sync_folder(folder: Path) -> None:
    """So that the new name outlives a power cut. Some file systems refuse it; then it is theirs to know."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

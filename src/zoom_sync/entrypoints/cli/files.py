"""Files that are written whole or not at all, and standard output in their place."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from zoom_sync.errors import UserError

FOR_EVERYBODY, OPEN_TO_EVERYBODY = 0o644, 0o755  # a file, and a folder


@contextmanager
def replacing(path: Path, *, served: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which takes `path`'s place once all is written. A full disk leaves the old one as it was.

    Only its owner may read it, as it may hold people's data; with `served` everybody on the machine may, such as a web
    server that runs as another user; and the folders that are made for it they may enter.

    Raises:
        UserError: the folder or the file cannot be written.
    """
    try:
        _make_folder(path.parent, OPEN_TO_EVERYBODY if served else None)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
            if served:
                os.fchmod(out.fileno(), FOR_EVERYBODY)
        Path(name).replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        Path(name).unlink(missing_ok=True)


def _make_folder(folder: Path, mode: int | None) -> None:
    """Make a folder and those above it that are not there; `mode` holds for them whatever the umask."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    if mode is not None:
        for path in missing:
            path.chmod(mode)


@contextmanager
def writing_to(output: str, *, binary: str | None = None) -> Iterator[BinaryIO]:
    """`output` to write to: standard output for `-`, else a file as `replacing` makes it.

    `binary` is the suffix of a format that is not text, for which a terminal is refused.

    Raises:
        BadParameter: it would go to a terminal.
        UserError: the file cannot be written.
    """
    if output != "-":
        with replacing(Path(output)) as out:
            yield out
        return
    if binary and sys.stdout.isatty():
        raise typer.BadParameter(
            f"{binary} is not text and would spoil the terminal; name a file: -o report{binary}", param_hint="-o"
        )
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()

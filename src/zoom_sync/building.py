"""Which build this is. A number of a release does not tell two builds of the same release apart.

Imports the standard library only.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

# Whoever builds a package or an image writes the commit into this file of the package.
BUILD_FILE = "BUILD"
LENGTH = 10


@cache
def build() -> str:
    """What tells this build apart: what the build wrote down, or else a digest of the program itself.

    Of letters, digits and dots, as in a local version (PEP 440); the same for the same program, wherever it runs.
    """
    package = files("zoom_sync")
    written = package.joinpath(BUILD_FILE)
    if written.is_file():
        name = re.sub(r"[^0-9A-Za-z]+", ".", written.read_text(encoding="utf-8")).strip(".")
        if name:
            return name[:40]
    digest = hashlib.sha256()
    _add(package, digest)
    return f"src.{digest.hexdigest()[:LENGTH]}"


def _add(folder: Traversable, digest: hashlib._Hash) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                _add(entry, digest)
        elif entry.name.endswith(".py"):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())

"""What the modules of a folder offer, so that a new format is one new file and is entered nowhere.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules(package: str, ending: str = "") -> Iterator[ModuleType]:
    """The modules of a package whose names have this ending, by name. Those of other packages are never looked for."""
    for iter_module in sorted(iter_modules(import_module(package).__path__), key=lambda found: found.name):
        if iter_module.name.endswith(ending):
            yield import_module(f"{package}.{iter_module.name}")

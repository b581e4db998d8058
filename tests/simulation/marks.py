"""Which rows of the product's decision tables a story has met: a row that no story ever meets says so.

A mark is counted where the product decides, by watching the function that answers the row. Where a module has no such
function, there is nothing to count.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from typing import Any
from unittest.mock import patch

# Where a row is decided, the function that does it, and the rows there are.
DECIDING = (("zoom_sync.domain.plan.looking", "row_of", "Row"),)


def _tables() -> Iterator[tuple[Any, str, type[StrEnum]]]:
    for module_name, function, rows in DECIDING:
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError:
            continue
        yield module, function, getattr(module, rows)


def known_marks() -> set[str]:
    """All the rows there are."""
    return {str(row) for _, _, rows in _tables() for row in rows}


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count the rows that are met meanwhile."""
    marks: Counter[str] = Counter()
    with ExitStack() as stack:
        for module, name, _ in _tables():
            stack.enter_context(patch.object(module, name, _watching(getattr(module, name), marks)))
        yield marks


def _watching(decide: Callable[..., Any], marks: Counter[str]) -> Callable[..., Any]:
    def watched(*args: Any, **kwargs: Any) -> Any:
        row = decide(*args, **kwargs)
        marks[str(row)] += 1
        return row

    return watched

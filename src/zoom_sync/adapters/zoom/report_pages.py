"""Reading a report or a list of registrants page by page: whole, or not at all.

Imports `domain`, `errors`, and this folder's `absence`, `parsing` and `protocol`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from zoom_sync.adapters.zoom import parsing
from zoom_sync.adapters.zoom.absence import means_none
from zoom_sync.adapters.zoom.operations import PAGE_SIZE
from zoom_sync.adapters.zoom.protocol import Call
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.report import Report
from zoom_sync.errors import InvalidRequest, NoProperAnswer, NotFound, Refused, ZoomError

# Where Zoom does not say how many rows there are: 300,000 of them. The largest webinars have 50,000 attendees.
MOST_PAGES = 1000
Pages = Callable[[Call], Iterator[Mapping[str, Any]]]
NOTHING = Report((), None)


def read_report(pages: Pages, call: Call, name: str) -> Report:
    """All rows, called `name` on each page, and how many Zoom says there are; `NOTHING` where it says there are none.

    All pages are read before anything is done with them: a page's token lives 15 minutes
    (https://developers.zoom.us/docs/api/pagination/). Where it ended, reading begins anew, once.

    Raises:
        ZoomError: any refusal that does not mean absence. After a first page none does.
        NoProperAnswer: the pages go on beyond what Zoom says there is, or one lacks its rows.
    """
    try:
        return _read(pages, call, name)
    except ZoomError as error:
        if error.code != 300 or "page token" not in error.message.casefold():
            raise
        return _read(pages, call, name)


def _read(pages: Pages, call: Call, name: str) -> Report:
    rows: list[Mapping[str, Any]] = []
    total: int | None = None
    seen: set[str] = set()
    read = 0
    try:
        for page in pages(call):
            found = rows_of(page, name)
            read += 1
            count = parsing.row_count(page.get("total_records"))
            total = count if total is None else max(total, count or 0)
            rows += found
            _check_end(page, found, rows, total, read, seen)
    except (NotFound, InvalidRequest, Refused) as error:
        if not read and means_none(call.operation, error):
            return NOTHING
        if read and not isinstance(error, Refused) and not _is_of_page(error):
            raise Refused(error.message, status=error.status, code=error.code) from None
        raise
    return Report(tuple(rows), total)


def _is_of_page(error: ZoomError) -> bool:
    return "page token" in error.message.casefold()


def _check_end(
    page: Mapping[str, Any],
    found: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    total: int | None,
    read: int,
    seen: set[str],
) -> None:
    """Stop where the pages do not come to an end. `seen` holds what stood on the pages before."""
    if not page.get("next_page_token"):
        return
    if total is not None and len(rows) > total + PAGE_SIZE:
        phrase = Phrase(
            "Zoom says there are {total} rows, and its pages go on after {rows}", total=total, rows=len(rows)
        )
        raise NoProperAnswer(phrase)
    content = json.dumps(list(found), sort_keys=True, default=str)
    if content in seen or read >= MOST_PAGES:
        raise NoProperAnswer(Phrase("Zoom's pages do not come to an end: {rows} rows were read", rows=len(rows)))
    seen.add(content)


def rows_of(page: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a page. One without any list is no empty one, unless it says itself that there are none.

    A row that is no object is kept as one: it is counted as a row that could not be read.
    """
    value = page.get(name)
    if value is None and parsing.row_count(page.get("total_records")) == 0:
        return ()
    if not isinstance(value, list):
        raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what=name))
    return tuple(row if isinstance(row, Mapping) else {"unreadable": row} for row in value)

"""Pages of a list, and the tokens that lead from one to the next.

A token is good for 15 minutes and only with the query it was issued for
(https://developers.zoom.us/docs/api/pagination/). It remembers the list as it was at the first page, so that
pages neither overlap nor leave gaps, and a page costs no more than its own rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .mint import Mint
from .refusals import invalid_field, stale_page_token
from .schema import read_number

LIFETIME = 15 * 60
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, how many there are in all, the page size, and the token of the next page or ""."""

    rows: Sequence[Any]
    total: int
    size: int
    next_token: str

    def head(self) -> dict[str, object]:
        """The fields that stand before the rows in Zoom's answer."""
        return {
            "page_count": -(-self.total // self.size),
            "page_size": self.size,
            "total_records": self.total,
            "next_page_token": self.next_token,
        }


@dataclass(frozen=True, slots=True)
class _Place:
    rows: Sequence[Any]
    total: int
    offset: int
    query: str
    expires: float


class Pages:
    """The page tokens in use."""

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._places: dict[str, _Place] = {}

    def cut(self, scope: str, query: Mapping[str, str], rows: Sequence[Any], now: float, *, most: int) -> Page:
        """The page a query asks for.

        `scope` names the list (operation and whose), `rows` is the list as it is now and is only used for a first
        page. `rows` must not be changed afterwards, except that more may be added behind its end. Raises
        Refusal 300 for a wrong page size or token.
        """
        size = read_size(query, most)
        text = query.get("next_page_token", "")
        key = scope + "?" + "&".join(f"{k}={v}" for k, v in sorted(query.items()) if k != "next_page_token")
        place = self._find(text, key, now) if text else _Place(rows, len(rows), _offset(query, size), key, 0.0)
        end = min(place.offset + size, place.total)
        token = ""
        if end < place.total:
            token = self._add(_Place(place.rows, place.total, end, key, now + LIFETIME))
        return Page(place.rows[place.offset : end], place.total, size, token)

    def _find(self, token: str, key: str, now: float) -> _Place:
        place = self._places.get(token)
        if place is None or place.query != key or now >= place.expires:
            raise stale_page_token()
        return place

    def _add(self, place: _Place) -> str:
        if len(self._places) >= _KEPT:
            del self._places[next(iter(self._places))]
        token = self._mint.text("page", 32)
        self._places[token] = place
        return token

    def forget(self, token: str) -> None:
        """Ends a token, as if its 15 minutes were over."""
        self._places.pop(token, None)


def read_size(query: Mapping[str, str], most: int) -> int:
    """`page_size`: 30 unless given; raises Refusal 300 where it is no number from 1 to `most`."""
    size = read_number(query.get("page_size", "30"))
    if size is None or not 1 <= size <= most:
        raise invalid_field("page_size")
    return size


def _offset(query: Mapping[str, str], size: int) -> int:
    """Where `page_number` begins; deprecated by Zoom, and only used without a token."""
    number = read_number(query.get("page_number", "1"))
    if not number:
        raise invalid_field("page_number")
    return (number - 1) * size

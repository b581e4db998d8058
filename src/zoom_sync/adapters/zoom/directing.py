"""What staff ask of Zoom while sessions run: how the host gets in, and the end of a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoom_sync.adapters.zoom import parsing, protocol
from zoom_sync.adapters.zoom.client import Exchange
from zoom_sync.domain.directing import DialIn, StartLink
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import NoProperAnswer

MOST_NUMBERS = 20


class ZoomDirecting:
    """The `ZoomDirecting` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def start_link(self, meeting_id: str, kind: Kind) -> StartLink:
        row = parsing.row(self._exchange.call(protocol.get_meeting(meeting_id, kind)))
        link = row.get("start_url")
        if not isinstance(link, str) or not link.startswith("https://"):
            raise NoProperAnswer("Zoom answered without a start link")
        settings = row.get("settings")
        phone = row.get("pstn_password")
        return StartLink(link, _numbers(settings), phone if isinstance(phone, str) else "")

    def end(self, meeting_id: str, kind: Kind) -> None:
        self._exchange.call(protocol.end_meeting(meeting_id, kind))


def _numbers(settings: Any) -> tuple[DialIn, ...]:
    """The numbers of the meeting, which stand there only where the account has dial-in."""
    rows = settings.get("global_dial_in_numbers") if isinstance(settings, Mapping) else None
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return tuple(
        DialIn(str(row.get("country_name") or row.get("country") or ""), str(row["number"]))
        for row in found[:MOST_NUMBERS]
        if row.get("number")
    )

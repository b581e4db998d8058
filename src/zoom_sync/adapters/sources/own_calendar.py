"""A calendar that zoom_sync itself has published, read back as the programme that it was made from.

Its UIDs hold the keys of session and event, its descriptions the meeting and the agenda, line by line.

Imports the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from zoom_sync.adapters.sources.timetable import Slot
from zoom_sync.adapters.sources.yaml_form import meeting_digits
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode

_UID = re.compile(r"(?P<session>[a-z0-9_-]{1,80})@(?P<event>[a-z0-9_-]{1,80})\.zoom-sync")
_MEETING = re.compile(r"(Meeting|Webinar) ID: ([0-9 ]{9,14})")
_PASSCODE = re.compile(r"Passcode: (\S{1,10})")
_LINK = re.compile(r"Zoom link: \S+")
_ITEM = re.compile(r"- (.+?): (.+)")


def is_ours(product: str) -> bool:
    return product.startswith("-//zoom_sync//")


def event_key(slots: Iterable[Slot]) -> str | None:
    """The event's key, where all UIDs tell one."""
    found = {match["event"] for slot in slots if (match := _UID.fullmatch(slot.entry.id or ""))}
    return found.pop() if len(found) == 1 else None


def as_published(slot: Slot) -> Slot:
    """The entry with what its UID and its description say."""
    entry = slot.entry
    uid = _UID.fullmatch(entry.id or "")
    if uid is None:
        return slot
    lines = (entry.description or "").split("\n")
    meeting = next((match for line in lines if (match := _MEETING.fullmatch(line))), None)
    passcode = next((match[1] for line in lines if (match := _PASSCODE.fullmatch(line))), None)
    items = [_item(match[1], match[2]) for line in lines if (match := _ITEM.fullmatch(line))]
    tells = any(pattern.fullmatch(lines[0]) for pattern in (_LINK, _MEETING, _PASSCODE, _ITEM))
    known = KnownMeeting(meeting_digits(meeting[2]), Passcode(passcode) if passcode else None) if meeting else None
    return replace(
        slot,
        entry=replace(
            entry,
            id=uid["session"],
            rooms=(),
            long_title=None if tells else lines[0] or None,
            description=None,
            items=tuple(items),
            known=known,
            kind=Kind.WEBINAR if meeting and meeting[1] == "Webinar" else Kind.MEETING,
        ),
    )


def _item(presenter: str, title: str) -> AgendaItem:
    """An item; what stands after the last comma of a presenter is the country, as in announcements."""
    country = presenter.rpartition(",")[2].strip() if "," in presenter else None
    return AgendaItem(presenter, title, country or None)

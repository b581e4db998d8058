"""A calendar that zoom_sync itself has published, read back as the programme that it was made from.

Its UIDs hold the keys of session and event, its descriptions the meeting and the agenda, line by line, in the language
that its PRODID names.

Imports the domain, the standard library and this room.
"""

# ruff: noqa: RUF001 - Chinese has a colon and a comma of its own

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

from zoom_sync.adapters.sources.timetable import Slot, Told
from zoom_sync.adapters.sources.yaml_form import meeting_digits
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode

_UID = re.compile(r"(?P<session>[a-z0-9_-]{1,80})@(?P<event>[a-z0-9_-]{1,80})\.zoom-sync")
_PRODUCT = re.compile(r"-//zoom_sync//[^/]*//(?P<language>[A-Za-z-]+)")


def _line(
    link: str, meeting: str, webinar: str, passcode: str, cities: str, speakers: str, details: Iterable[str], colon: str
) -> re.Pattern[str]:
    """A line of a description that is no long title, by its label."""
    room, track, moderators, spoken = details
    return re.compile(
        rf"{link}{colon}(?P<link>\S+)|{meeting}{colon}(?P<meeting>[0-9 ]{{9,14}})"
        rf"|{webinar}{colon}(?P<webinar>[0-9 ]{{9,14}})|{passcode}{colon}(?P<passcode>\S{{1,10}})"
        rf"|{room}{colon}(?P<room>.+)|{track}{colon}(?P<track>.+)"
        rf"|{moderators}{colon}(?P<moderators>.+)|{spoken}{colon}(?P<spoken>.+)"
        rf"|(?P<cities>{cities}{colon.strip()})|(?P<speakers>{speakers}{colon.strip()})"
        rf"|- (?P<presenter>.+?){colon}(?P<title>.+)"
    )


_LINES = {
    "EN": _line(
        "Zoom link",
        "Meeting ID",
        "Webinar ID",
        "Passcode",
        "Cities and Initiatives",
        "Speakers",
        ("Room", "Track", "Moderators", "Spoken language"),
        ": ",
    ),
    "ZH-HANS": _line(
        "Zoom链接",
        "会议号",
        "网络研讨会ID",
        "密码",
        "城市与项目",
        "演讲人",
        ("会议室", "分论坛", "主持人", "语言"),
        "：",
    ),
}


def language_of(product: str) -> str | None:
    """The language of a calendar of ours, by its PRODID; None where it is not ours, or not in one of our languages."""
    match = _PRODUCT.fullmatch(product)
    return match["language"] if match and match["language"] in _LINES else None


def event_key(slots: Iterable[Slot]) -> str | None:
    """The event's key, where all UIDs tell one."""
    found = {match["event"] for slot in slots if (match := _UID.fullmatch(slot.entry.id or ""))}
    return found.pop() if len(found) == 1 else None


def as_published(slot: Slot, language: str) -> Slot:
    """The entry with what its UID and its description say in this language."""
    entry = slot.entry
    uid = _UID.fullmatch(entry.id or "")
    if uid is None:
        return slot
    lines = (entry.description or "").split("\n")
    matches = [match for line in lines if (match := _LINES[language].fullmatch(line))]
    told = {name: match[name] for match in reversed(matches) for name in match.groupdict() if match[name]}
    digits = told.get("meeting") or told.get("webinar")
    passcode = Passcode(told["passcode"]) if "passcode" in told else None
    # What was called off has no place; a session that is cancelled is still told with its own.
    cancelled = entry.state == "cancelled" and bool(entry.rooms)
    return Slot(
        told=_the_first(slot.told),
        entry=replace(
            entry,
            id=uid["session"],
            title=entry.title.partition(": ")[2] or entry.title if cancelled else entry.title,
            rooms=(told["room"],) if "room" in told else (),
            track=told.get("track"),
            moderators=tuple(re.split("; |；", told["moderators"])) if "moderators" in told else (),
            language=told.get("spoken"),
            cancelled=cancelled,
            long_title=None if _LINES[language].fullmatch(lines[0]) else lines[0] or None,
            description=None,
            items=tuple(_item(match, people="speakers" in told) for match in matches if match["presenter"]),
            known=KnownMeeting(meeting_digits(digits), passcode) if digits else None,
            kind=Kind.WEBINAR if "webinar" in told else Kind.MEETING,
        ),
    )


def _the_first(told: Told) -> Told:
    """The times as we mean them: one that the clock shows twice is the first, the second one is told in UTC.

    "If the local time described occurs more than once, the DATE-TIME value refers to the first occurrence":
    https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5
    """
    zone = told.zone
    if zone is None and told.end is not None and isinstance(told.end.tzinfo, ZoneInfo):
        zone = told.end.tzinfo.key  # only the begin is told in UTC
    if zone is None:
        return told
    start, end = (
        moment if moment is None or moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        for moment in (told.start, told.end)
    )
    return replace(told, start=start, end=end, zone=zone)


def _item(match: re.Match[str], *, people: bool) -> AgendaItem:
    """An item; what stands after the last comma of a city is its country, as in announcements."""
    _, *rest = re.split("[,，]", match["presenter"])
    country = rest[-1].strip() if rest and not people else None
    return AgendaItem(match["presenter"], match["title"], country or None)

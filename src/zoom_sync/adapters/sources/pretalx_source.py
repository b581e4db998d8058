"""pretalx's API as it answers: submissions or talks with their slots, or slots with their submissions; one page or all.

https://docs.pretalx.org/api/resources/ : `code` is an entry's id; a second slot of the same code gets `-2`. Names may
stand in several languages, rooms and tracks as names or, where the answer was asked for with `expand`, as things.

Imports the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import (
    begins_as_json,
    entries,
    has_key,
    mapping,
    read_json,
    told_id,
    told_name,
)
from zoom_sync.adapters.sources.moments import NotAMoment, written_moment
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing, Slot, Told, lines, names, one_line
from zoom_sync.domain.timetable import Entry, Speaker

BREAK = "break"

_LIST = ("results", "talks", "submissions", "slots")


def looks_like_pretalx(text: str) -> bool:
    if not begins_as_json(text) or has_key(text, "_type") or has_key(text, "conference"):
        return False
    slots = has_key(text, "slot") or has_key(text, "slots") or (has_key(text, "submission") and has_key(text, "start"))
    return slots and has_key(text, "code")


def read_pretalx(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    if value is None:
        return None
    pages = value if isinstance(value, list) and _are_pages(value) else [value]
    rows = [thing for page in pages for thing in _things(page)]
    if not rows:
        findings.problem(None, "this answer of pretalx holds no submission, talk or slot")
        return None
    last = mapping(pages[-1])
    if last.get("next") or (isinstance(last.get("count"), int) and last["count"] > len(rows)):
        findings.problem(None, "this is one page of several: fetch all (`?limit=` or `next`) and put them into one list"
                               " `[page, page]`")  # fmt: skip
        return None
    seen: Counter[str] = Counter()
    event = mapping(mapping(pages[0]).get("event"))
    return Listing(
        [slot for values in rows for slot in _slots(values, seen)],
        title=told_name(event.get("name")) or None,
        timezone=one_line(event.get("timezone"), 100) or None,
    )


FORMAT = listing_format("pretalx", looks_like_pretalx, read_pretalx)


def _are_pages(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(mapping(page).get("results"), list) for page in values)


def _things(page: Any) -> list[dict[str, Any]]:
    if isinstance(page, list):
        return [mapping(value) for value in page if isinstance(value, dict)]
    lists = (mapping(page).get(name) for name in _LIST)
    return [mapping(entry) for value in lists for entry in entries(value) if isinstance(entry, dict)]


def _slots(thing: dict[str, Any], seen: Counter[str]) -> Iterator[Slot]:
    """A submission with its slots, or one slot with its submission."""
    submission = mapping(thing.get("submission"))
    if submission:
        yield Slot(_entry(submission, thing, seen), _told(submission, thing))
        return
    if isinstance(thing.get("submission"), str):
        asked = Told(flaw="is a slot that names its submission only: ask for it with `?expand=submission,room`")
        yield Slot(_entry({"code": thing["submission"], **thing}, thing, seen), asked)
        return
    if "submission" in thing and not one_line(thing.get("title")):  # what stands between the sessions, such as lunch
        yield Slot(Entry(title=told_name(thing.get("description")) or "Break", type=BREAK), _told({}, thing))
        return
    values = entries(thing.get("slots"))
    slots = [slot for slot in values if isinstance(slot, dict)]
    if values and not slots:
        asked = Told(flaw="has slots that are only numbers: ask for them with `?expand=slots,slots.room,speakers`")
        yield Slot(_entry(thing, {}, seen), asked)
        return
    for slot in slots or [mapping(thing.get("slot")) or thing]:
        yield Slot(_entry(thing, slot, seen), _told(thing, slot))


def _entry(submission: dict[str, Any], slot: dict[str, Any], seen: Counter[str]) -> Entry:
    code = told_id(submission.get("code"))
    if code:
        seen[code] += 1
        code = code if seen[code] == 1 else f"{code}-{seen[code]}"
    room = slot.get("room")
    return Entry(
        title=one_line(submission.get("title")),
        id=code,
        rooms=names([told_name(room) if not isinstance(room, int) else f"room {room}"]),
        track=told_name(submission.get("track")) or None,
        type=told_name(submission.get("submission_type")) or None,
        state=told_name(submission.get("state")) or None,
        tags=names(told_name(mapping(tag).get("tag") or tag) for tag in entries(submission.get("tags"))),
        speakers=tuple(_speakers(submission)),
        description=lines(submission.get("abstract")) or lines(submission.get("description")),
        language=one_line(submission.get("content_locale"), 100) or None,
        record=False if submission.get("do_not_record") is True else None,
    )


def _speakers(submission: dict[str, Any]) -> Iterator[Speaker]:
    for entry in entries(submission.get("speakers")):
        name = one_line(mapping(entry).get("name"), 200)
        if name:
            yield Speaker(name, one_line(mapping(entry).get("email"), 200) or None)


def _told(submission: dict[str, Any], slot: dict[str, Any]) -> Told:
    try:
        start, end = (_moment(slot.get(name)) for name in ("start", "end"))
    except NotAMoment as reason:
        return Told(flaw=f"has a time that {reason}")
    minutes = slot.get("duration") or submission.get("duration")
    length = None
    if end is None and isinstance(minutes, int | str) and re.fullmatch(r"[1-9][0-9]{0,4}", str(minutes)):
        length = timedelta(minutes=int(minutes))
    return Told(start, end, length)


def _moment(value: Any) -> Any:
    return written_moment(one_line(value, 60)) if isinstance(value, str) and value.strip() else None

"""The announcement as a calendar (iCalendar, RFC 5545): an event per session, in its zone, with the zone described.

A session's UID comes from event key and session key alone, and its SEQUENCE rises only when the session has changed:
calendars that took an earlier one update their entry and do not add a second, and leave the rest alone. A session that
has left the programme stays as `STATUS:CANCELLED`, because an entry that is merely missing is kept by many calendars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from zoom_sync.adapters.exports.announcement.ics_zones import described
from zoom_sync.adapters.exports.announcement.languages import wording_of
from zoom_sync.adapters.exports.announcement.templates import Templates
from zoom_sync.adapters.exports.announcement.wording import Wording, grouped
from zoom_sync.adapters.exports.cleaning import clean, one_line, web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement
from zoom_sync.domain.revision import Revision
from zoom_sync.domain.zones import zoom_timezone

if TYPE_CHECKING:
    from icalendar import Calendar

FRESH_FOR = timedelta(hours=1)  # how long a subscribed calendar may wait before it looks again


@dataclass(frozen=True, slots=True)
class CalendarWriter:
    """Writes iCalendar text."""

    media_type: str = "text/calendar; charset=utf-8"
    suffix: str = ".ics"

    def write(self, announcement: Announcement) -> bytes:
        """The calendar as UTF-8 with folded lines."""
        from icalendar import Calendar  # noqa: PLC0415 - slow to import, and needed only here

        calendar = Calendar()
        _head(calendar, announcement)
        for zone in _zones(announcement):
            calendar.add_component(zone)
        for announced in announcement.sessions():
            calendar.add_component(_event(announcement, announced))
        for gone in announcement.called_off():
            calendar.add_component(_called_off(announcement, gone))
        return bytes(calendar.to_ical())


def writers(_templates: Templates) -> dict[str, CalendarWriter]:
    """What this file offers."""
    return {"ics": CalendarWriter()}


def _head(calendar: Calendar, announcement: Announcement) -> None:
    from icalendar import vText  # noqa: PLC0415

    event = announcement.programme.event
    calendar.add("version", "2.0")
    # The language, by which the reader of calendars knows our labels.
    calendar.add("prodid", f"-//zoom_sync//announcement//{wording_of(announcement.language).tag.upper()}")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(one_line(event.title)))
    if event.description:
        calendar.add("x-wr-caldesc", vText(_text(event.description)))
    calendar.add("x-wr-timezone", event.timezone)
    # How often a subscriber looks again: RFC 7986 section 5.7, and the name that Outlook knows.
    calendar.add("refresh-interval", FRESH_FOR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")


def _zones(announcement: Announcement) -> Iterator[Any]:
    """A VTIMEZONE for each zone that is named."""
    moments: dict[str, list[datetime]] = {}
    for announced in announcement.sessions():
        session = announced.session
        moments.setdefault(session.timezone, []).extend((session.start, session.end))
    for gone in announcement.called_off():
        moments.setdefault(gone.timezone, []).extend((gone.start, gone.end))
    for name in sorted(moments):
        if zoom_timezone(name) != "UTC":
            instants = [moment.astimezone(UTC) for moment in moments[name]]
            yield described(name, min(instants), max(instants))


def _entry(announcement: Announcement, revision: Revision | None, key: str) -> Any:
    """An event with what identifies it and its revision."""
    from icalendar import Event  # noqa: PLC0415

    entry = Event()
    changed = revision.changed_at if revision else announcement.published_at
    if revision and revision.uid_key:
        key = revision.uid_key
    entry.add("uid", _text(f"{key}@{announcement.programme.event.key}.zoom-sync"))
    entry.add("sequence", revision.sequence if revision else announcement.sequence)
    entry.add("dtstamp", changed.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", changed.astimezone(UTC).replace(microsecond=0))
    return entry


def _event(announcement: Announcement, announced: AnnouncedSession) -> Any:
    session, link = announced.session, web_link(announced.join_url)
    words = wording_of(announcement.language)
    entry = _entry(announcement, announcement.revisions.get(session.key), session.key)
    entry.add("dtstart", _moment(session.start, session.timezone))
    entry.add("dtend", _moment(session.end, session.timezone))
    title = f"{words.called_off}: {session.title}" if session.cancelled else session.title
    entry.add("summary", _text(title))
    entry.add("description", _text("\n".join(_description(announced, link, words))))
    entry.add("location", link or words.online)
    if link:
        entry.add("url", link)
    entry.add("status", "CANCELLED" if session.cancelled else "CONFIRMED")
    return entry


def _called_off(announcement: Announcement, gone: Revision) -> Any:
    entry = _entry(announcement, gone, gone.key)
    entry.add("dtstart", _moment(gone.start, gone.timezone))
    entry.add("dtend", _moment(gone.end, gone.timezone))
    entry.add("summary", _text(f"{wording_of(announcement.language).called_off}: {gone.title}"))
    entry.add("status", "CANCELLED")
    return entry


def _description(announced: AnnouncedSession, link: str | None, words: Wording) -> Iterator[str]:
    session = announced.session
    if session.long_title:
        yield session.long_title
    if link:
        yield f"{words.link}{words.colon}{link}"
    if announced.meeting_id:
        yield f"{words.id_label(session)}{words.colon}{grouped(announced.meeting_id)}"
    if announced.passcode:
        yield f"{words.passcode}{words.colon}{announced.passcode}"
    for label, value in words.details(session):
        yield f"{label}{words.colon}{value}"
    if session.items:
        yield f"{words.items_label(session)}{words.colon}".rstrip()
    for item in session.items:
        yield f"- {item.presenter}{words.colon}{item.title}"


def _text(text: str) -> str:
    return clean(text.replace("\r\n", "\n")).replace("\r", "").replace("\t", " ")


def _moment(moment: datetime, zone: str) -> datetime:
    """A time in its zone; in UTC where the zone is no place, or where the clock shows that time twice.

    "If the local time described occurs more than once, the DATE-TIME value refers to the first occurrence":
    https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5. The second one cannot be told in local time.
    """
    if zoom_timezone(zone) == "UTC":
        return moment.astimezone(UTC).replace(microsecond=0)
    local = moment.astimezone(ZoneInfo(zone)).replace(microsecond=0)
    return local.astimezone(UTC) if local.fold else local

"""A zone described inside of a calendar (VTIMEZONE), for the days that the calendar needs.

Written here, because the package's own `Timezone.from_tzid` passes over changes that come close together: Morocco's
around Ramadan are lost. https://www.rfc-editor.org/rfc/rfc5545#section-3.6.5
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

STEP = timedelta(hours=6)  # no zone changes its clock twice in so short a time
SECOND = timedelta(seconds=1)


def described(name: str, first: datetime, last: datetime) -> Any:
    """The VTIMEZONE of an IANA zone that holds from before `first` until after `last`, both aware."""
    from icalendar import Timezone  # noqa: PLC0415 - slow to import

    zone, begin = ZoneInfo(name), first.astimezone(UTC).replace(microsecond=0) - timedelta(days=1)
    timezone = Timezone()
    timezone.add("tzid", name)
    # What holds at the beginning is told as if it began then; times before are nobody's.
    timezone.add_component(_observance(begin.astimezone(zone), begin.astimezone(zone)))
    for change in changes(zone, begin, last.astimezone(UTC) + timedelta(days=1)):
        timezone.add_component(_observance((change - SECOND).astimezone(zone), change.astimezone(zone)))
    return timezone


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants after `first` and until `last`, both in UTC, at which the zone's offset changes."""
    at = first
    while at < last:
        then = min(at + STEP, last)
        if at.astimezone(zone).utcoffset() != then.astimezone(zone).utcoffset():
            yield _change(zone, at, then)
        at = then


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset, found by halving."""
    old = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _observance(before: datetime, after: datetime) -> Any:
    """From `after` on its offset holds. Its begin is told by the clock that showed until then."""
    from icalendar import TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    old, new = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
    value: Any = TimezoneDaylight() if after.dst() else TimezoneStandard()
    value.add("dtstart", (after.astimezone(UTC) + old).replace(tzinfo=None))
    value.add("tzoffsetfrom", old)
    value.add("tzoffsetto", new)
    value.add("tzname", after.tzname() or str(new))
    return value

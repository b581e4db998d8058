"""Stays for tests: valid by default, one argument per difference. Times are minutes after the session's start."""

from datetime import UTC, datetime, timedelta

from zoom_sync.domain.attendance import Stay, merge

START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
WINDOW = (START, START + timedelta(minutes=90))
ZERO = int(START.timestamp())


def stay(begin, end, name="Ann", *, instance="one==", **changes):
    return Stay(instance, ZERO + int(begin * 60), ZERO + int(end * 60), name, **changes)


def at(minutes):
    return START + timedelta(minutes=minutes)


def only(*stays, **options):
    """The one attendee of these stays."""
    (attendee,) = merge(stays, window=WINDOW, **options).attendees
    return attendee


def names(*stays, **options):
    return [attendee.name for attendee in merge(stays, window=WINDOW, **options).attendees]

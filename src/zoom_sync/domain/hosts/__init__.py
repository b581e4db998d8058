"""Hosts: who may hold which meeting, and how many writes each has left today.

`pool` holds who they are, `diary` what one of them has already, `assigning` gives meetings to hosts: `quickly` for any
number, `searching` without fault for few; `refusing` says what is missing where there is no host, `checking` whether
they are what the pool takes them for, `calendar` what each holds and whether a change gives him too much.

Pure. Imports `domain.programme`, `occurrences`, `phrases` and the standard library.
"""

from zoom_sync.domain.hosts.assigning import assign
from zoom_sync.domain.hosts.calendar import Calendars, Held, HostCalendar, Overload, overload, say_overload
from zoom_sync.domain.hosts.cases import Wanted
from zoom_sync.domain.hosts.diary import Diary, Span
from zoom_sync.domain.hosts.pool import WRITES_PER_DAY, Host, HostBook, next_utc_day, utc_and_local, utc_day
from zoom_sync.domain.hosts.refusing import Assignment, Needed

__all__ = [
    "WRITES_PER_DAY",
    "Assignment",
    "Calendars",
    "Diary",
    "Held",
    "Host",
    "HostBook",
    "HostCalendar",
    "Needed",
    "Overload",
    "Span",
    "Wanted",
    "assign",
    "next_utc_day",
    "overload",
    "say_overload",
    "utc_and_local",
    "utc_day",
]

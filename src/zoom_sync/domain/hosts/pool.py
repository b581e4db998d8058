"""The hosts themselves: what each may hold, how he is found by a name, and the day that Zoom counts his writes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from zoom_sync.domain.hosts.diary import Span
from zoom_sync.domain.programme import Kind

# "The API has a limit of 100 create/update requests per day for each user":
# https://developers.zoom.us/docs/api/rate-limits/#meeting-and-webinar-daily-limits
WRITES_PER_DAY = 100


@dataclass(frozen=True, slots=True)
class Host:
    """A Zoom user who may hold our meetings: at most `capacity` of them at once, `daily_writes` changes a UTC day.

    The buffers are free time that each of his meetings needs before and after it: of two that follow one another, both
    have theirs. `webinar_capacity` is how many attendees his webinars take: 0 where he holds none, None where nobody
    told.
    """

    id: str
    name: str
    email: str = field(repr=False)
    licensed: bool = True
    capacity: int = 1
    daily_writes: int = WRITES_PER_DAY
    buffer_before: timedelta = timedelta()
    buffer_after: timedelta = timedelta()
    webinar_capacity: int | None = None

    def spell(self, start: datetime, end: datetime) -> Span:
        """How long a meeting takes him, with the buffers."""
        return start - self.buffer_before, end + self.buffer_after

    def weight(self, kind: Kind) -> int:
        """How much of his capacity a meeting takes. Beside a webinar there is no other one, whatever the licence.

        https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0068522
        """
        return max(1, self.capacity) if kind is Kind.WEBINAR else 1

    def may_hold(self, kind: Kind, seats: int = 0) -> bool:
        """Whether his licence is for it; `seats` is how many people a webinar expects."""
        if kind is not Kind.WEBINAR or self.webinar_capacity is None:
            return True
        return self.webinar_capacity > 0 and self.webinar_capacity >= seats


class HostBook:
    """Finds the host that somebody names by id, e-mail address or name; where names are alike, the first."""

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._found: dict[str, Host] = {}
        for names in ((h.id for h in hosts), (h.email for h in hosts), (h.name for h in hosts)):
            for name, host in zip(names, hosts, strict=True):
                self._found.setdefault(name.casefold(), host)

    def find(self, wanted: str | None) -> Host | None:
        """The host, None where nobody is named or there is no such host."""
        return None if wanted is None else self._found.get(wanted.strip().casefold())


def utc_day(now: datetime) -> str:
    """The UTC day that Zoom counts daily limits by, as YYYY-MM-DD."""
    return now.astimezone(UTC).date().isoformat()


def next_utc_day(now: datetime) -> datetime:
    """The next 00:00 UTC, when Zoom's daily limits begin anew."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def utc_and_local(moment: datetime, zone: tzinfo) -> str:
    """A moment by Zoom's day, which is UTC's, and by the clocks of the event where those show something else."""
    utc, local = moment.astimezone(UTC), moment.astimezone(zone)
    there = "" if local.utcoffset() == utc.utcoffset() else f" ({local:%Y-%m-%d %H:%M} {zone})"
    return f"{utc:%Y-%m-%d %H:%M} UTC{there}"

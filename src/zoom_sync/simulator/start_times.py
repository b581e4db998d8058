"""How Zoom reads the start of a meeting.

https://developers.zoom.us/docs/api/meetings/ : a time with `Z` is UTC whatever `timezone` says, one without is
local in `timezone`. A missing or past start silently becomes the current time on create and is silently ignored on
update.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from .refusals import invalid_field

_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?")


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def read_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises Refusal 300 for any other."""
    zone = _zone(name) if name else None
    if zone is None:
        raise invalid_field("timezone")
    return zone


def read_start(text: str, zone: ZoneInfo) -> float:
    """The instant which Zoom makes of `start_time`; raises Refusal 300 where it has another form.

    An offset such as `+01:00` is not honoured: Zoom takes the wall time as UTC
    (https://github.com/calcom/cal.diy/pull/3238).
    """
    match = _FORM.fullmatch(text)
    if not match:
        raise invalid_field("start_time")
    try:
        wall = datetime.fromisoformat(match[1])
    except ValueError:
        raise invalid_field("start_time") from None
    return wall.replace(tzinfo=UTC if match[2] else zone).timestamp()

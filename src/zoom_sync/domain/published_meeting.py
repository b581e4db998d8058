"""A meeting as it is published."""

from __future__ import annotations

from dataclasses import dataclass, field

from zoom_sync.domain.programme import Passcode


@dataclass(frozen=True, slots=True)
class PublishedMeeting:
    """A session's meeting as people are told of it. `meeting_id` holds digits only; the link lets anybody in."""

    meeting_id: str
    passcode: Passcode
    join_url: str = field(repr=False)

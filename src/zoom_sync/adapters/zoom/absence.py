"""Which refusals of a report mean that there is none: one table, each line with its source.

Whatever is not in it is a failure: nothing follows from it about who came or what was asked, and it is asked again. In
particular "… not found or has expired" (3001) does not say that nobody came: the same words are used for a report that
is not made yet, for one that is kept no longer, and for one that the app may not see.

SPEC is Zoom's description of its API, https://developers.zoom.us/docs/api/meetings/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zoom_sync.errors import ZoomError


@dataclass(frozen=True, slots=True)
class Absence:
    """One line: an operation (a regular expression), HTTP status, Zoom's code and words, and who says so."""

    operation: re.Pattern[str]
    status: int
    code: int
    words: re.Pattern[str]
    source: str

    def covers(self, operation: str, error: ZoomError, subject: str = "") -> bool:
        if (error.status, error.code) != (self.status, self.code) or not self.operation.fullmatch(operation):
            return False
        match = self.words.fullmatch(error.message.strip())
        return match is not None and match.groupdict().get("id") in (None, subject)


def _line(operation: str, status: int, code: int, words: str, source: str) -> Absence:
    return Absence(re.compile(operation), status, code, re.compile(words, re.IGNORECASE), source)


_REGISTRANTS = r"(meeting|webinar)Registrants"
_NO_REGISTRATION = r"registration has not been enabled for this (meeting|webinar)(: ?\S+)?\.?"

NONE = (
    _line(
        r"report(Meeting|Webinar)Polls", 404, 404, r"(meeting|webinar) poll not found\.?",
        "SPEC, GET /meetings/{meetingId}/polls",
    ),
    _line(
        r"webinarAbsentees", 400, 3000, r"this webinar doesn\St have registration required(: ?\S+)?\.?",
        "SPEC, GET /past_webinars/{webinarId}/absentees",
    ),
    _line(
        _REGISTRANTS, 400, 404, _NO_REGISTRATION,
        "SPEC, POST /meetings/{meetingId}/registrants; HTTP 400: https://github.com/airbytehq/airbyte, source-zoom",
    ),
    _line(_REGISTRANTS, 404, 404, _NO_REGISTRATION, "SPEC, POST /meetings/{meetingId}/registrants"),
)  # fmt: skip

# The meeting itself is gone, and with it the list of when it was held.
GONE = (
    _line(
        r"past(Meeting|Webinar)s", 404, 3001, r"(meeting|webinar) does not exist: ?\"?(?P<id>\d+)\"?\.?",
        "SPEC, GET /past_meetings/{meetingId}/instances",
    ),
)  # fmt: skip


def means_none(operation: str, error: ZoomError) -> bool:
    """Whether Zoom says with this refusal that there is nothing of what was asked for."""
    return any(line.covers(operation, error) for line in NONE)


def means_gone(operation: str, error: ZoomError, meeting_id: str) -> bool:
    """Whether Zoom says with this refusal that the meeting of this very id does not exist (any more)."""
    return any(line.covers(operation, error, meeting_id) for line in GONE)

"""Meetings as Zoom can store them: what is wanted, what is linked, what Zoom shows, and how they differ.

`fields` holds what is compared, in one form on both sides, so that Zoom's own roundings never look like a difference;
`values` the meetings, `comparing` how they differ.

Pure. Imports `domain.programme`, `domain.occurrences`, `domain.panelists`, `domain.profiles` and the standard library.
"""

from zoom_sync.domain.meeting.comparing import (
    AGENDA_IN_LIST,
    OCCURRENCES,
    PLAIN_FIELDS,
    RECURRENCE,
    TIME_FIELDS,
    Cause,
    FieldChange,
    alike,
    applied_after,
    applied_in_part,
    believed_fields,
    compared,
    differences,
    select,
)
from zoom_sync.domain.meeting.fields import (
    AGENDA_LIMIT,
    TOPIC_LIMIT,
    MeetingFields,
    addresses,
    clean,
    clip,
    flatten,
    unflatten,
    without,
)
from zoom_sync.domain.meeting.values import (
    NO_TIME,
    DesiredMeeting,
    Intent,
    Link,
    Listed,
    ObservedMeeting,
    Origin,
)

__all__ = [
    "AGENDA_IN_LIST",
    "AGENDA_LIMIT",
    "NO_TIME",
    "OCCURRENCES",
    "PLAIN_FIELDS",
    "RECURRENCE",
    "TIME_FIELDS",
    "TOPIC_LIMIT",
    "Cause",
    "DesiredMeeting",
    "FieldChange",
    "Intent",
    "Link",
    "Listed",
    "MeetingFields",
    "ObservedMeeting",
    "Origin",
    "addresses",
    "alike",
    "applied_after",
    "applied_in_part",
    "believed_fields",
    "clean",
    "clip",
    "compared",
    "differences",
    "flatten",
    "select",
    "unflatten",
    "without",
]

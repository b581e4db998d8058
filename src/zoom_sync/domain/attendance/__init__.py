"""Who attended a session: from Zoom's rows of stays to one line per person. Pure values; standard library only.

`stay_from_row` reads one raw row, `merge` makes people of stays, `audience_curve` tells how many were there when.
"""

from zoom_sync.domain.attendance.attendee import Attendance, Attendee, Certainty, Note, Role
from zoom_sync.domain.attendance.curve import Curve, Step, audience_curve
from zoom_sync.domain.attendance.merging import merge
from zoom_sync.domain.attendance.stay import Flaw, Stay, Unreadable, stay_from_row

__all__ = [
    "Attendance",
    "Attendee",
    "Certainty",
    "Curve",
    "Flaw",
    "Note",
    "Role",
    "Stay",
    "Step",
    "Unreadable",
    "audience_curve",
    "merge",
    "stay_from_row",
]

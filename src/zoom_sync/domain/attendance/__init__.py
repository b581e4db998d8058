"""Who attended a session: from Zoom's rows of stays to one line per person.

`stay_from_row` reads one raw row, `merge` makes people of stays, `audience_curve` tells how many were there when,
`shares_of_parts` who heard which part, `compare_registrations` who of those registered came.

Pure. Imports `domain.agenda` and the standard library.
"""

from zoom_sync.domain.attendance.attendee import (
    ROLES_OF_PEOPLE,
    Attendance,
    Attendee,
    Certainty,
    LinkOf,
    Note,
    Role,
    Roster,
)
from zoom_sync.domain.attendance.curve import Curve, Presence, Step, audience_curve
from zoom_sync.domain.attendance.deciding import RowsOfLine
from zoom_sync.domain.attendance.decisions import Decision, RowMark, Side, Verb, line_id
from zoom_sync.domain.attendance.item_audience import ItemAudience, ItemHearer, audience_by_item, hearers
from zoom_sync.domain.attendance.merging import merge, rows_by_line
from zoom_sync.domain.attendance.over_event import EventPeople, EventPerson, answers_told
from zoom_sync.domain.attendance.parts import shares_of_parts
from zoom_sync.domain.attendance.registrations import (
    Comparison,
    Registration,
    RegistrationLine,
    Turnout,
    absentees,
    compare_registrations,
    registration_from_row,
    registration_lines,
    with_registration,
)
from zoom_sync.domain.attendance.stay import Flaw, Stay, Unreadable, stay_from_row

__all__ = [
    "ROLES_OF_PEOPLE",
    "Attendance",
    "Attendee",
    "Certainty",
    "Comparison",
    "Curve",
    "Decision",
    "EventPeople",
    "EventPerson",
    "Flaw",
    "ItemAudience",
    "ItemHearer",
    "LinkOf",
    "Note",
    "Presence",
    "Registration",
    "RegistrationLine",
    "Role",
    "Roster",
    "RowMark",
    "RowsOfLine",
    "Side",
    "Stay",
    "Step",
    "Turnout",
    "Unreadable",
    "Verb",
    "absentees",
    "answers_told",
    "audience_by_item",
    "audience_curve",
    "compare_registrations",
    "hearers",
    "line_id",
    "merge",
    "registration_from_row",
    "registration_lines",
    "rows_by_line",
    "shares_of_parts",
    "stay_from_row",
    "with_registration",
]

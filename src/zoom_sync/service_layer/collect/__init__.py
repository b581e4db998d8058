"""Collecting reports after a session: everything Zoom tells of it, checked for completeness, kept, and merged.

A report that Zoom has not finished says so; a session that never took place is a result and no error. `kinds` says what
there is to collect, `due` what is asked for when, `asking` asks Zoom each thing once, `placing` tells which instances
are the session, `session` and `task` do the rest, `judging` tells how complete it is, `remerging` makes people, answers
and registrations of the rows that are kept, `reading` hands them out session by session.

Imports the floor's ports, `domain` and `errors`; structlog for what a log line is about.
"""

from zoom_sync.service_layer.collect.due import Outstanding, due_sessions, outstanding
from zoom_sync.service_layer.collect.kinds import (
    ABSENTEES,
    KINDS,
    PANELISTS,
    PARTICIPANTS,
    POLLS,
    QUESTIONS,
    REGISTRANTS,
    SURVEYS,
    kinds_of,
)
from zoom_sync.service_layer.collect.needs import Collecting
from zoom_sync.service_layer.collect.reading import (
    absentees_of,
    attendance_of,
    audience_of,
    counted_polls,
    event_people,
    items_of,
    poll_counts_of,
    polls_of,
    questions_of,
    registrations_of,
)
from zoom_sync.service_layer.collect.remerging import decided, remerge, rows_of_people
from zoom_sync.service_layer.collect.session import collect_event, collect_sessions, in_one_meeting

__all__ = [
    "ABSENTEES",
    "KINDS",
    "PANELISTS",
    "PARTICIPANTS",
    "POLLS",
    "QUESTIONS",
    "REGISTRANTS",
    "SURVEYS",
    "Collecting",
    "Outstanding",
    "absentees_of",
    "attendance_of",
    "audience_of",
    "collect_event",
    "collect_sessions",
    "counted_polls",
    "decided",
    "due_sessions",
    "event_people",
    "in_one_meeting",
    "items_of",
    "kinds_of",
    "outstanding",
    "poll_counts_of",
    "polls_of",
    "questions_of",
    "registrations_of",
    "remerge",
    "rows_of_people",
]

"""From a timetable as other tools keep it to sessions: which entries are meant, and what each becomes.

A reader makes `Entry` values; `select` chooses among them, `shape` makes sessions of those.

Pure. Imports `domain.programme`, `keys`, `validate` and the standard library.
"""

from zoom_sync.domain.timetable.entry import Entry, Speaker
from zoom_sync.domain.timetable.selecting import Aside, Aspect, Selected, Selection, select
from zoom_sync.domain.timetable.shaping import Per, Shaped, Shaping, SpeakersAs, shape
from zoom_sync.domain.timetable.titling import TEMPLATE_FIELDS, fill, template_flaw

__all__ = [
    "TEMPLATE_FIELDS",
    "Aside",
    "Aspect",
    "Entry",
    "Per",
    "Selected",
    "Selection",
    "Shaped",
    "Shaping",
    "Speaker",
    "SpeakersAs",
    "fill",
    "select",
    "shape",
    "template_flaw",
]

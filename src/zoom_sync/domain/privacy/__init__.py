"""What is known of a person, where it stands in rows, and how it is taken out of them.

`Marks` is what tells who somebody is, `Shape` where such things stand in a row, `erased` and `without` take them out,
`Pseudonyms` puts made-up names in their place.

Pure. Imports the lines of reports from `domain` and the standard library.
"""

from zoom_sync.domain.privacy.marks import Bearers, Known, Marks, Person, Recognise, erased_id, mark_of
from zoom_sync.domain.privacy.pseudonyms import Pseudonyms, masked
from zoom_sync.domain.privacy.shapes import NOBODY, Role, Shape, erased, told_of, whole_marks, without
from zoom_sync.domain.privacy.zoom_rows import NOT_STORED, RAW_SHAPES, ROW

__all__ = [
    "NOBODY",
    "NOT_STORED",
    "RAW_SHAPES",
    "ROW",
    "Bearers",
    "Known",
    "Marks",
    "Person",
    "Pseudonyms",
    "Recognise",
    "Role",
    "Shape",
    "erased",
    "erased_id",
    "mark_of",
    "masked",
    "told_of",
    "whole_marks",
    "without",
]

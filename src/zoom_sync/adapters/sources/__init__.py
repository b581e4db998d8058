"""One reader per programme format: text or bytes in, a programme or all its problems out.

A reader of a timetable answers a `Listing` of entries, which `assembling` makes a programme of; YAML and announcements
tell sessions themselves. Nothing here touches a file or a clock, and only `fetching` the network. A new format is one
new file `…_source.py` that holds a `Format`, and its test: docs/how-to/add-a-format.md.

Imports `domain`, `errors` and `adapters.offered`; PyYAML, dateutil and python-jsonpath, requests, and where a format
needs one, its package: icalendar, openpyxl, defusedxml.
"""

from zoom_sync.adapters.sources.checking import check_json
from zoom_sync.adapters.sources.formats import FORMATS, read_programme
from zoom_sync.adapters.sources.mapping import SourceMapping
from zoom_sync.adapters.sources.mapping_file import read_mapping
from zoom_sync.adapters.sources.reading import Reading
from zoom_sync.adapters.sources.yaml_dump import dump_programme
from zoom_sync.adapters.sources.yaml_form import json_schema, json_schema_text

__all__ = [
    "FORMATS",
    "Reading",
    "SourceMapping",
    "check_json",
    "dump_programme",
    "json_schema",
    "json_schema_text",
    "read_mapping",
    "read_programme",
]

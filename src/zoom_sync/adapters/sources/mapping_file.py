"""The mapping file: a small YAML file beside a source, described once for its reader and for the docs.

Imports the domain, `zoom_sync.errors`, PyYAML (through this room's nodes), the standard library and this room.
"""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import date
from typing import Any

from zoom_sync.adapters.sources.columns import FIELDS
from zoom_sync.adapters.sources.decoding import to_bytes, to_text
from zoom_sync.adapters.sources.mapping import SourceMapping, TableRules
from zoom_sync.adapters.sources.mapping_origin import ORIGINS, origin_of
from zoom_sync.adapters.sources.mapping_paths import PATHS, paths_of
from zoom_sync.adapters.sources.mapping_shapes import Texts
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.yaml_nodes import compose
from zoom_sync.adapters.sources.yaml_shapes import Choice, Field, Form, ListOf, Minutes, Record, Text, is_null
from zoom_sync.domain.timetable import Aspect, Per, Selection, Shaping, SpeakersAs, template_flaw
from zoom_sync.domain.validate import MINUTES_MAX, key_flaw, text_flaw, zone_flaw
from zoom_sync.errors import ConfigurationError

MOST_ROWS_ABOVE = 1000
DAY_FORM = "must be a day such as 2030-03-04"


def _encoding_flaw(name: str) -> str | None:
    try:
        is_text = codecs.lookup(name)._is_text_encoding  # noqa: SLF001 - `bytes.decode` itself asks this
    except (LookupError, ValueError):
        is_text = False
    return None if is_text and not text_flaw(name) else "must be an encoding such as `gb18030` or `cp1252`"


def _delimiter_flaw(text: str) -> str | None:
    return None if len(text) == 1 and text not in "\r\n\"'" else 'must be a single character, such as ";" or "\\t"'


def _number_flaw(text: str) -> str | None:
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_ROWS_ABOVE:  # noqa: PLR2004
        return None
    return f"must be the number of a row, from 1 to {MOST_ROWS_ABOVE}"


def day_flaw(text: str) -> str | None:
    """What is wrong with a written day, to be read after its name."""
    try:
        return None if date.fromisoformat(text) and len(text) == len("2030-03-04") else DAY_FORM
    except ValueError:
        return DAY_FORM


_LINE = Text(text_flaw)
_DAY = Text(day_flaw)
_LINES = ListOf(_LINE)
_ASPECTS = {f"{aspect}s": aspect for aspect in Aspect}
_YES_NO = Choice(("true", "false"))

_EVENT = Form(
    "`event`",
    {
        "title": Field(_LINE, "Title of the event, where the source has none."),
        "key": Field(Text(key_flaw), "Key of the event. Never change it."),
        "timezone": Field(Text(zone_flaw, sentence=True), "IANA time zone of times that name none."),
    },
)
_CHOICE = {name: Field(_LINES, f"The {name} that are meant.") for name in _ASPECTS}
_WITHOUT = {**_CHOICE, "ids": Field(_LINES, "Single entries, by their ids.")}

MAPPING = Form(
    "the mapping",
    {
        "event": Field(_EVENT, "What the source does not say of the event."),
        **ORIGINS,
        "paths": Field(PATHS, "JSON and YAML of a layout of their own: where entries and fields are, as JSONPath."),
        "columns": Field(Texts(FIELDS), "Tables: what stands under which heading, `field: heading`."),
        "day_first": Field(_YES_NO, "Tables: whether 11/06/2023 is the 11th of June. Else such dates are refused."),
        "encoding": Field(Text(_encoding_flaw), "Tables as text: the encoding, where it is not found."),
        "delimiter": Field(Text(_delimiter_flaw, clean=str), "Tables as text: what stands between the cells."),
        "header_row": Field(Text(_number_flaw), "Tables: the row of the headings, counted from 1."),
        "fill_down": Field(ListOf(Choice(FIELDS)), "Tables: fields whose empty cells mean what stands above them."),
        "sheets": Field(_LINES, "Workbooks: the sheets to read; left out, all with a table of sessions."),
        "only": Field(Form("`only`", _CHOICE), "Entries become sessions only if they have one of these."),
        "without": Field(Form("`without`", _WITHOUT), "Entries that have one of these are left out."),
        "from": Field(_DAY, "Only entries that begin on this day or later, such as 2030-03-04."),
        "until": Field(_DAY, "Only entries that begin on this day or earlier; it also ends what repeats for ever."),
        "default_length": Field(Minutes(MINUTES_MAX), "Minutes that a session lasts whose length is not told."),
        "one_meeting_per": Field(Choice(tuple(Per)), "What gets one meeting: `session` (default) or the rooms."),
        "title": Field(Text(template_flaw, sentence=True), "The sessions' titles, such as `{room}: {title}`."),
        "hosts": Field(Texts(), "Who hosts what is held in a room, `room: host`."),
        "profiles": Field(Texts(), "The profile of what is held in a room, `room: profile`."),
        "speakers": Field(Choice(tuple(SpeakersAs)), "What is made of the speakers; `names` by default."),
    },
)


def read_mapping(data: bytes, name: str) -> SourceMapping:
    """A mapping file. Raises ConfigurationError with all its problems."""
    findings = Findings(name)
    told = to_bytes(data, findings)
    text = to_text(told, findings) if told is not None else None
    root = compose(text, findings) if text is not None else None
    record = None if root is None or is_null(root) else MAPPING.read(root, "the mapping", findings)
    origin = origin_of(record, findings) if record else None
    paths = paths_of(record.values.get("paths"), findings) if record else None
    if findings.problems:
        raise ConfigurationError("the mapping cannot be used", findings.problems)
    return replace(_mapping(record.values), origin=origin, paths=paths) if record else SourceMapping()


def _mapping(values: dict[str, Any]) -> SourceMapping:
    event = _values(values.get("event"))
    return SourceMapping(
        title=event.get("title"),
        default_length=values.get("default_length"),
        key=event.get("key"),
        timezone=event.get("timezone"),
        table=TableRules(
            columns=values.get("columns", {}),
            day_first=values["day_first"] == "true" if "day_first" in values else None,
            encoding=values.get("encoding"),
            delimiter=values.get("delimiter"),
            header_row=int(values["header_row"]) if "header_row" in values else None,
            sheets=tuple(values.get("sheets", ())),
            fill_down=tuple(values.get("fill_down", ())),
        ),
        selection=Selection(
            _aspects(values.get("only")),
            _aspects(values.get("without")),
            tuple(_values(values.get("without")).get("ids", ())),
            _day_of(values.get("from")),
            _day_of(values.get("until")),
        ),
        shaping=Shaping(
            per=Per(values.get("one_meeting_per", Per.SESSION)),
            title=values.get("title"),
            hosts=values.get("hosts", {}),
            profiles=values.get("profiles", {}),
            speakers=SpeakersAs(values.get("speakers", SpeakersAs.NAMES)),
        ),
    )


def _values(record: Record | None) -> dict[str, Any]:
    return record.values if record else {}


def _aspects(record: Record | None) -> dict[Aspect, tuple[str, ...]]:
    return {_ASPECTS[name]: tuple(values) for name, values in _values(record).items() if name in _ASPECTS}


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""The YAML programme with the meetings put in: comments, order, quotes and every other byte stay as they are.

No package dumps a text as it was: indentation and long lines come out their way. So the places are found in the parsed
text, by the same parser that reads programmes, and only there it is changed. What comes out is parsed again and must
say the same as before but for the meetings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from zoom_sync.adapters.writeback.filled import STAYS, Filled, Meetings, may_write, says, told_of, value_of
from zoom_sync.adapters.writeback.texts import MARKS, Edit, edited, place_of
from zoom_sync.domain.filing import FiledMeeting, FileRow, match_rows
from zoom_sync.domain.headers import Column
from zoom_sync.domain.programme import Programme
from zoom_sync.errors import UserError

FIELDS = {"id": Column.MEETING_ID, "passcode": Column.PASSCODE, "link": Column.LINK, "host": Column.HOST}
MOST_LEVELS = 60

# Its composer calls itself for each level, so the levels are counted first, by events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Place:
    """A session in the text: its mapping, and what it says of itself."""

    node: yaml.MappingNode
    row: FileRow


def fill_yaml(content: bytes, programme: Programme, meetings: Meetings) -> Filled:
    """The programme with its meetings. Raises UserError where it cannot be read or changed safely."""
    mark, encoding = next(((mark, name) for mark, name in MARKS if content.startswith(mark)), (b"", "utf-8"))
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        raise UserError(f"the programme is not {encoding.upper()} text") from None
    root = _root(text)
    places = [_place(node) for node in _sessions(root)]
    matching = match_rows([place.row for place in places], programme)
    edits: list[Edit] = []
    kept: list[tuple[str, str]] = []
    for number, key in matching.sessions.items():
        if key not in meetings:
            continue
        if _is_somebody_elses(places[number].node, meetings[key]):
            kept.append((places[number].row.place, STAYS))
        else:
            edits += _edits(text, places[number].node, meetings[key])
    changed = edited(text, sorted(edits))
    if _without_meetings(root) != _without_meetings(_root(changed)):
        raise UserError("the programme cannot be changed without changing what else it says; nothing was written")
    told = told_of([place.row for place in places], matching)
    return Filled(mark + changed.encode(encoding), frozenset(matching.sessions.values()), told, tuple(kept))


def _root(text: str) -> yaml.Node:
    """The document as nodes that know their places."""
    depth = deepest = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            deepest = max(deepest, depth)
            if deepest > MOST_LEVELS:
                raise UserError("the programme's lists and mappings stand in one another too deeply")
            if isinstance(event, yaml.AliasEvent):
                raise UserError("the programme uses aliases (`*name`): what is written once would count twice")
        root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise UserError(f"this is not valid YAML{where}; `zoom-sync check` tells more") from None
    if root is None:
        raise UserError("the file is empty")
    return root


def _sessions(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    listed = _value(root, "sessions")
    if not isinstance(listed, yaml.SequenceNode):
        raise UserError("there is no list `sessions` in the programme")
    yield from (node for node in listed.value if isinstance(node, yaml.MappingNode))


def _place(node: yaml.MappingNode) -> _Place:
    start = _text(_value(node, "start"))
    try:
        starts = frozenset({datetime.fromisoformat(start)})
    except ValueError:
        starts = frozenset()
    row = FileRow(f"line {node.start_mark.line + 1}", _text(_value(node, "key")), _text(_value(node, "title")), starts)
    return _Place(node, row)


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if _text(key) == name), None)


def _text(node: yaml.Node | None) -> str:
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""


def _is_somebody_elses(session: yaml.MappingNode, meeting: FiledMeeting) -> bool:
    """Whether something stands there that is neither of ours nor what is to be there."""
    present = _value(session, "meeting")
    return any(
        not may_write(meeting, column, text) and not says(column, text, value_of(meeting, column))
        for name, column in FIELDS.items()
        if (text := _text(_value(present, name)))
    )


def _edits(text: str, session: yaml.MappingNode, meeting: FiledMeeting) -> list[Edit]:
    values = {name: value for name, column in FIELDS.items() if (value := value_of(meeting, column))}
    present = _value(session, "meeting")
    if isinstance(present, yaml.MappingNode):
        return _into_mapping(text, present, values)
    spelled = "{" + ", ".join(f"{name}: {_spelled(value)}" for name, value in values.items()) + "}"
    if present is None:
        return [_added(text, session, f"meeting: {spelled}")]
    if not isinstance(present, yaml.ScalarNode) or _text(present) not in {"", "~", "null", "Null", "NULL"}:
        raise UserError(f"line {present.start_mark.line + 1}: `meeting` must be a mapping with `id` and `passcode`")
    begin, end = present.start_mark.index, present.end_mark.index
    return [(begin, end, spelled if text[begin - 1 : begin].isspace() else f" {spelled}")]


def _into_mapping(text: str, meeting: yaml.MappingNode, values: Mapping[str, str]) -> list[Edit]:
    edits: list[Edit] = []
    missing = []
    for name, value in values.items():
        node = _value(meeting, name)
        if node is None:
            missing.append(f"{name}: {_spelled(value)}")
        elif not says(FIELDS[name], _text(node), value) or not isinstance(node, yaml.ScalarNode):
            edits.append(_replaced(text, node, value))
    if missing:
        edits.append(_added(text, meeting, *missing))
    return edits


def _replaced(text: str, node: yaml.Node, value: str) -> Edit:
    """Another value in the place of one; in its quotes, if it has some."""
    if not isinstance(node, yaml.ScalarNode) or node.style in {"|", ">"}:
        raise UserError(f"line {node.start_mark.line + 1}: a value of `meeting` must be a single short text")
    begin, end = node.start_mark.index, node.end_mark.index
    spelled = "'" + value.replace("'", "''") + "'" if node.style == "'" else _spelled(value)
    return begin, end, spelled if text[begin - 1 : begin].isspace() or begin != end else f" {spelled}"


def _added(text: str, mapping: yaml.MappingNode, *lines: str) -> Edit:
    """Further keys at the end of a mapping, or in a block before its first list: there they are seen."""
    if mapping.flow_style:
        close = mapping.end_mark.index - 1
        joined = ", ".join(lines)
        return close, close, f", {joined}" if mapping.value and text[:close].rstrip()[-1] != "," else joined
    if not mapping.value:
        raise UserError(f"line {mapping.start_mark.line + 1}: a session has no keys")
    last = mapping.value[0]
    for pair in mapping.value:
        if not _is_short(pair[1]):
            break
        last = pair
    if not _is_short(last[1]):
        raise UserError(f"line {last[0].start_mark.line + 1}: begin the entry with a short value, such as its `key`")
    end = _line_end(text, last[1].end_mark.index)
    line_end = "\r\n" if "\r\n" in text else "\n"
    indent = " " * mapping.value[0][0].start_mark.column
    return end, end, "".join(f"{line_end}{indent}{line}" for line in lines)


def _is_short(node: yaml.Node) -> bool:
    """Whether a value ends on the line where its last character stands."""
    if isinstance(node, yaml.ScalarNode):
        return node.style not in {"|", ">"}
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _line_end(text: str, at: int) -> int:
    """The end of the line, past a comment behind the value."""
    return place_of("\r\n", text, at)


def _spelled(value: str) -> str:
    """In double quotes, so that a passcode of digits stays a text. JSON's escapes are YAML's too."""
    return json.dumps(value, ensure_ascii=False)


def _without_meetings(root: yaml.Node) -> Any:
    """Whatever else the text says, for comparing."""
    value = _plain(root)
    listed = dict(value).get("sessions", ()) if isinstance(value, tuple) else ()
    stripped = [
        tuple(pair for pair in value if pair[0] != "meeting") if isinstance(value, tuple) else value for value in listed
    ]
    return stripped, [pair for pair in value if pair[0] != "sessions"]


def _plain(node: yaml.Node) -> Any:
    """Nodes as texts: a mapping as a tuple of pairs, a list as a list."""
    if isinstance(node, yaml.MappingNode):
        return tuple((_text(key), _plain(value)) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one) for one in node.value]
    return node.tag, node.value

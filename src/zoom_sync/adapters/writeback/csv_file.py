"""CSV with the meetings put in: every byte that is not a written cell stays as it is.

The table is not written anew by a package, which would settle quotes, blanks and line ends its own way: the cells'
places in the text are found, and only there it is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from zoom_sync.adapters.writeback.filled import Filled, Meetings
from zoom_sync.adapters.writeback.table import HEADER_WITHIN, Fill, fill, header_of
from zoom_sync.adapters.writeback.texts import MARKS, Edit, edited, place_of
from zoom_sync.domain.programme import Programme
from zoom_sync.errors import UserError

DELIMITERS = ",;\t|"
QUOTE = '"'
LINE_ENDS = "\r\n"
_UNMARKED: tuple[str, ...] = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the text: from where to where it is written, quotes included, and what it says."""

    start: int
    end: int
    value: str
    quoted: bool


def fill_csv(content: bytes, programme: Programme, meetings: Meetings) -> Filled:
    """The table with its meetings. Raises UserError where it is no table or has no header that is known."""
    mark, encoding, text = _decoded(content)
    delimiter, records = _table(text)
    told = fill([[cell.value for cell in record] for record in records], programme, meetings)
    if told is None:
        raise UserError(
            "no header row is found: name the columns in one, a key or a title among them, such as `key,title,start`"
        )
    changed = edited(text, _edits(records, told, delimiter))
    return Filled(mark + changed.encode(encoding), told.sessions, told.unmatched, told.kept)


def records_of(text: str, delimiter: str) -> list[list[Cell]]:
    """The records with their cells. A blank line is a record of one empty cell, as an empty file is."""
    records: list[list[Cell]] = []
    row: list[Cell] = []
    at = 0
    while at <= len(text):
        cell = _cell_at(text, at, delimiter)
        row.append(cell)
        at = cell.end
        if at < len(text) and text[at] == delimiter:
            at += 1
            continue
        records.append(row)
        row = []
        at += 2 if text.startswith("\r\n", at) else 1
        if at == len(text):
            break
    return records


def _cell_at(text: str, start: int, delimiter: str) -> Cell:
    if not text.startswith(QUOTE, start):
        end = place_of(delimiter + LINE_ENDS, text, start)
        return Cell(start, end, text[start:end], quoted=False)
    at, value = start + 1, ""
    while True:
        close = text.find(QUOTE, at)
        if close < 0:
            raise UserError("a quote is opened in the table and never closed")
        value += text[at:close]
        at = close + 1
        if not text.startswith(QUOTE, at):
            break
        value += QUOTE
        at += 1
    end = place_of(delimiter + LINE_ENDS, text, at)
    return Cell(start, end, value + text[at:end], quoted=True)


def _decoded(content: bytes) -> tuple[bytes, str, str]:
    mark, encodings = next(((mark, (name,)) for mark, name in MARKS if content.startswith(mark)), (b"", _UNMARKED))
    for each in encodings:
        try:
            return mark, each, content[len(mark) :].decode(each)
        except UnicodeDecodeError:
            continue
    raise UserError("the encoding of the table is not known: save it as UTF-8, UTF-16 or GB18030")


def _table(text: str) -> tuple[str, list[list[Cell]]]:
    """The delimiter by which most columns are known by name, and the table that it gives."""
    best: tuple[tuple[int, int], str, list[list[Cell]]] | None = None
    for delimiter in DELIMITERS:
        try:
            records = records_of(text, delimiter)
        except UserError:
            continue
        header = header_of([[cell.value for cell in record] for record in records[:HEADER_WITHIN]])
        rank = (len(header[1]), len(records[header[0]])) if header else (0, 0)
        if best is None or rank > best[0]:
            best = rank, delimiter, records
    if best is None:
        raise UserError("a quote is opened in the table and never closed")
    return best[1], best[2]


def _edits(records: list[list[Cell]], fill: Fill, delimiter: str) -> Iterator[Edit]:
    """What to put from where to where."""
    written_in: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, at), value in fill.cells.items():
        written_in[row][at] = value
    for number, record in enumerate(records):
        if number < fill.header or all(not cell.value.strip() for cell in record):
            continue
        written = written_in[number]
        quoted = all(cell.quoted for cell in record)
        for at, cell in enumerate(record):
            if at in written:
                yield cell.start, cell.end, _spelled(written[at], delimiter, quoted=quoted or cell.quoted)
        # A new column makes every row longer, so that the table stays one.
        width = fill.width + len(fill.added) if fill.added else max(written, default=0) + 1
        rest = [_spelled(written.get(at, ""), delimiter, quoted=quoted) for at in range(len(record), width)]
        if rest:
            yield record[-1].end, record[-1].end, delimiter + delimiter.join(rest)


def _spelled(value: str, delimiter: str, *, quoted: bool) -> str:
    if quoted or any(sign in value for sign in delimiter + QUOTE + LINE_ENDS):
        return QUOTE + value.replace(QUOTE, QUOTE * 2) + QUOTE
    return value

"""A table of sessions, whatever file it stood in: its headings found, its rows read as entries.

Imports the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone

from zoom_sync.adapters.sources.cells import EPOCH_1900, Cell, CellTime, Whole, cell_length, cell_text, cell_time
from zoom_sync.adapters.sources.columns import Columns, find_columns, plain_heading, tell_columns
from zoom_sync.adapters.sources.mapping import TableRules
from zoom_sync.adapters.sources.moments import on_clock
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing, Slot, Told, lines, names, one_line, split_names
from zoom_sync.adapters.sources.written_dates import CannotRead
from zoom_sync.adapters.sources.yaml_form import meeting_digits
from zoom_sync.domain.programme import Kind, KnownMeeting, Passcode
from zoom_sync.domain.timetable import Entry, Speaker
from zoom_sync.domain.validate import EXPECTED_MAX, LANGUAGE_MAX, shown
from zoom_sync.domain.zoom_links import meeting_in, zoom_links

MOST_ROWS = 20_000
NIGHT_MOST = timedelta(hours=8)

_BETWEEN = r"[;|/\n\u3001\uff1b,\uff0c]| & | and | und | et "
_EVENT = re.compile("^(?:upcoming )?event ?[:\uff1a] ?", re.IGNORECASE)
_YES = {"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "sim", "да", "是", "对", "はい", "예", "نعم"}
_NO = {"no", "n", "false", "0", "nein", "non", "não", "nao", "нет", "否", "不", "いいえ", "아니오", "لا"}
_WEBINAR = {"webinar", "网络研讨会"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table. `numbers` are the rows' own numbers, for messages."""

    rows: Sequence[Sequence[Cell | tuple[Cell, ...]]]  # a cell that holds a list is a tuple, and never an empty one
    numbers: Sequence[int]
    name: str | None = None
    epoch: date = EPOCH_1900

    @property
    def where(self) -> str:
        return f" of the sheet `{shown(self.name)}`" if self.name else ""


def read_tables(sheets: Sequence[Sheet], source: Source, findings: Findings) -> Listing | None:
    """The listing of every sheet that holds a table of sessions; None where none does."""
    rules = source.mapping.table
    chosen = _chosen(sheets, rules, findings)
    listing = Listing()
    found = False
    for sheet in chosen:
        texts = [[cell_text(cell) for cell in row] for row in sheet.rows[: _rows_to_look_at(rules)]]
        columns = find_columns(texts, rules.columns, rules.header_row - 1 if rules.header_row else None)
        if columns is None:
            if sheet.name and len(chosen) > 1:
                findings.note(None, f"the sheet `{shown(sheet.name)}` has no headings of a programme: ignored")
            continue
        found = True
        listing.title = listing.title or _title_above(texts[: columns.row])
        tell_columns(columns, sheet.where, sheet.numbers[columns.row], rules.columns, findings)
        listing.slots += _Table(sheet, columns, rules, findings).slots()
    if found:
        return listing
    findings.problem(
        None,
        "no row of headings is found that names a title and a date or time: name them in a mapping, such as"
        " `columns: {title: Session name, start: Begin}`",
    )
    return None


def _rows_to_look_at(rules: TableRules) -> int:
    return max(rules.header_row or 0, 30)


def _chosen(sheets: Sequence[Sheet], rules: TableRules, findings: Findings) -> Sequence[Sheet]:
    if not rules.sheets:
        return sheets
    there = {sheet.name: sheet for sheet in sheets}
    for name in rules.sheets:
        if name not in there:
            known = ", ".join(f"`{shown(each.name)}`" for each in sheets if each.name) or "none with a name"
            findings.problem(None, f"there is no sheet `{shown(name)}`: there are {known}")
    return [there[name] for name in rules.sheets if name in there]


def _title_above(rows: Sequence[Sequence[str]]) -> str | None:
    """A line that stands alone above the headings is the title of the whole."""
    alone = [texts[0] for row in rows if len(texts := [cell for cell in row if cell]) == 1]
    return one_line(_EVENT.sub("", alone[0]), 200) if alone else None


def _repeats(row: Sequence[Cell | tuple[Cell, ...]], headings: Sequence[str]) -> bool:
    """Whether a row is that of the headings once more; nearly always its first cell tells."""
    return len(row) == len(headings) and all(
        plain_heading(cell_text(cell)) == heading for cell, heading in zip(row, headings, strict=True)
    )


@dataclass(slots=True)
class _Table:
    """One table while its rows are read."""

    sheet: Sheet
    columns: Columns
    rules: TableRules
    findings: Findings
    above: dict[str, Cell] = field(default_factory=dict)

    def slots(self) -> list[Slot]:
        headings = [plain_heading(cell_text(cell)) for cell in self.sheet.rows[self.columns.row]]
        day_of_sheet = self.day_of_sheet()
        slots: list[Slot] = []
        untitled: list[int] = []
        first = self.columns.row + 1
        for number, row in zip(self.sheet.numbers[first:], self.sheet.rows[first:], strict=False):
            if not any(cell_text(cell) for cell in row) or _repeats(row, headings):
                continue
            cells = _Row(self, row)
            if cells.text("title"):
                slots.append(cells.slot(number, day_of_sheet))
            elif cells.text("start") or cells.text("id"):
                self.findings.problem(number, f"this row{self.sheet.where} has no title: write it, or empty the row")
            else:
                untitled.append(number)
        if untitled:
            told = ", ".join(map(str, untitled[:10])) + (" and more" if len(untitled) > 10 else "")  # noqa: PLR2004
            self.findings.note(untitled[0], f"rows without title and time{self.sheet.where} are ignored: {told}")
        return slots

    def day_of_sheet(self) -> date | None:
        """A sheet may be named by its day; it counts where the table has no column of dates."""
        if not self.sheet.name or "date" in self.columns.places:
            return None
        try:
            return cell_time(self.sheet.name, day_first=self.rules.day_first).day
        except CannotRead:
            return None

    def cells(self, row: Sequence[Cell | tuple[Cell, ...]], name: str) -> list[Cell]:
        told: list[Cell] = []
        for place in self.columns.places.get(name, ()):
            cell = row[place] if place < len(row) else None
            told.extend(cell if isinstance(cell, tuple) else (cell,))
        if name in self.rules.fill_down:
            if any(cell_text(cell) for cell in told):
                self.above[name] = told[0]
            elif name in self.above:
                return [self.above[name]]
        return told


class _Row:
    """One row by the names of its fields."""

    def __init__(self, table: _Table, row: Sequence[Cell | tuple[Cell, ...]]) -> None:
        self.table = table
        self._told = {name: table.cells(row, name) for name in table.columns.places}

    def cell(self, name: str) -> Cell:
        return next((cell for cell in self._told.get(name, ()) if cell_text(cell)), None)

    def text(self, name: str) -> str:
        return cell_text(self.cell(name))

    def several(self, name: str, between: str) -> tuple[str, ...]:
        return names(part for cell in self._told.get(name, ()) for part in _taken_apart(cell, between))

    def slot(self, number: int, day_of_sheet: date | None) -> Slot:
        told, kind = self.told(day_of_sheet), self.text("kind").casefold()
        known, flaw = self.known(number)
        return Slot(
            Entry(
                title=one_line(self.text("title")),
                id=one_line(self.text("id"), 200) or None,
                rooms=tuple(room for room in self.several("room", r"[;|\n\u3001\uff1b]") if not zoom_links(room)),
                track=one_line(self.text("track")) or None,
                type=one_line(self.text("type")) or None,
                state=self.state(),
                tags=self.several("tags", r"[;|,\n\u3001\uff1b\uff0c]"),
                speakers=self.speakers(),
                description=lines(self.text("description")),
                kind=Kind.WEBINAR if kind in _WEBINAR else Kind.MEETING,
                host=one_line(self.text("host"), 200) or None,
                profile=one_line(self.text("profile"), 200) or None,
                known=known,
                moderators=self.several("moderators", _BETWEEN),
                public=self.says("public", number) is not False,
                cancelled=self.says("cancelled", number) is True,
                language=one_line(self.text("language"), LANGUAGE_MAX) or None,
                expected=self.expected(number),
                record=self.record(number),
                rehearsal_of=one_line(self.text("rehearsal_of"), 200) or None,
                line=number,
            ),
            replace(told, flaw=told.flaw or flaw) if flaw else told,
        )

    def says(self, name: str, number: int) -> bool | None:
        """Yes or no; None where the cell is empty. What is neither is a problem: it would be guessed at."""
        text = plain_heading(self.text(name))
        if not self.text(name):
            return None
        if text in _YES or text in _NO:
            return text in _YES
        self.table.findings.problem(number, f"`{name}` of this row must be yes or no")
        return None

    def record(self, number: int) -> bool | None:
        """Whether it may be recorded; `no` in either column wins."""
        may, must_not = self.says("record", number), self.says("do_not_record", number)
        return False if must_not or may is False else may

    def expected(self, number: int) -> int | None:
        text = self.text("expected").replace(" ", "")
        if not text:
            return None
        if re.fullmatch("[0-9]{1,7}", text) and int(text) <= EXPECTED_MAX:
            return int(text)
        self.table.findings.note(number, "the number of people who are expected is not a whole number: it is ignored")
        return None

    def state(self) -> str | None:
        state = one_line(self.text("state"), 80)
        if state and self.table.columns.says_active():
            return "inactive" if state.casefold() in {"n", "no", "0", "false"} else "active"
        return state or None

    def speakers(self) -> tuple[Speaker, ...]:
        """Names and addresses in the same order belong together; where their numbers differ, none is given away."""
        people = self.several("speakers", _BETWEEN)
        addresses = [each for each in self.several("emails", r"[;|,\s\u3001\uff1b\uff0c]") if "@" in each]
        if len(people) != len(addresses):
            addresses = []
        return tuple(Speaker(name, addresses[place] if addresses else None) for place, name in enumerate(people))

    def known(self, number: int) -> tuple[KnownMeeting | None, str | None]:
        """The meeting that the row tells of, by its ID or its link, and what is wrong with it."""
        digits, passcode = meeting_digits(self.text("meeting_id")), self.text("passcode")
        linked, flaw = meeting_in(self.text(name) for name in ("meeting_id", "link", "room", "description"))
        if flaw:
            return None, flaw
        if linked is not None and (not digits or zoom_links(self.text("meeting_id"))):
            digits = linked.meeting_id
        if linked is not None and linked.meeting_id != digits:
            return None, "gives a meeting ID and a link to another meeting: correct one of them"
        if linked is not None and not passcode and linked.passcode:
            passcode = linked.passcode.value
        if passcode and not digits:
            self.table.findings.note(number, "there is a passcode but no meeting ID: it is ignored")
        return (KnownMeeting(digits, Passcode(passcode) if passcode else None) if digits else None), None

    # --- times -------------------------------------------------------------------------------------------------------

    def told(self, day_of_sheet: date | None) -> Told:
        try:
            cell_times = {name: self.time(name) for name in ("date", "start", "end", "end_date")}
            length = self.length()
            return _span(cell_times, length, day_of_sheet, self.zone(cell_times.values()))
        except CannotRead as reason:
            return Told(flaw=str(reason))

    def time(self, name: str) -> CellTime:
        table = self.table
        try:
            return cell_time(self.cell(name), day_first=table.rules.day_first, epoch=table.sheet.epoch)
        except (CannotRead, OverflowError) as reason:
            why = str(reason) if isinstance(reason, CannotRead) else "is outside all calendars: correct it"
            raise CannotRead(f"has a `{name}` that cannot be used: {why}") from None

    def length(self) -> timedelta | None:
        try:
            return cell_length(self.cell("duration"), in_hours=self.table.columns.in_hours)
        except CannotRead as reason:
            raise CannotRead(f"has a `duration` that cannot be used: it {reason}") from None

    def zone(self, told: Iterable[CellTime]) -> str | timedelta | None:
        """The row's own zone, else the offset or place that a cell tells, else that of the headings."""
        own = self.text("timezone")
        if own:
            return own
        cell = next((each for each in told if each.place or each.offset is not None), None)
        if cell:
            return cell.place or cell.offset
        return self.table.columns.place or self.table.columns.offset


def _taken_apart(cell: Cell, between: str) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, Whole) else split_names(cell_text(cell), between)


def _span(
    cell_times: Mapping[str, CellTime],
    length: timedelta | None,
    day_of_sheet: date | None,
    zone: str | timedelta | None,
) -> Told:
    start, end = cell_times["start"], cell_times["end"]
    day = _one(cell_times["date"].day, start.day) or day_of_sheet
    begins = start.starts if start.starts is not None else cell_times["date"].starts
    if day is None and begins is None:
        return Told()
    if day is None:
        raise CannotRead("has a time but no date: write its date")
    if begins is None:
        raise CannotRead("has a date but no time of day: write when it begins")
    ends = next((each for each in (end.starts, start.ends, cell_times["date"].ends) if each is not None), None)
    last = _one(end.day, cell_times["end_date"].day)
    begin = on_clock(day, begins)
    finish = None if ends is None else _end(begin, ends, last)
    place, offset = (zone, None) if isinstance(zone, str) else (None, zone)
    begin = _at(begin, start.offset, cell_times["date"].offset, offset)
    of_end = start.offset if end.starts is None else end.offset
    finish = finish and _at(finish, of_end, cell_times["date"].offset, offset)
    return Told(begin, finish, length, place)


def _at(moment: datetime, *offsets: timedelta | None) -> datetime:
    """The moment at the first offset that is told; at none of them it is one on the clock of its place."""
    offset = next((each for each in offsets if each is not None), None)
    return moment if offset is None else moment.replace(tzinfo=timezone(offset))


def _one(first: date | None, second: date | None) -> date | None:
    if first and second and first != second:
        raise CannotRead(f"gives two dates, {first} and {second}: correct one of them")
    return first or second


def _end(begin: datetime, minutes: int, last: date | None) -> datetime:
    """The end on its day; without one of its own, the next day where the clock says that midnight was passed."""
    end = on_clock(last or begin.date(), minutes)
    if last is None and end < begin:
        end += timedelta(days=1)
        if end - begin > NIGHT_MOST:
            raise CannotRead("ends before it begins: correct the times, or write the date of its end")
    return end

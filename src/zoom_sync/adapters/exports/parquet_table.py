"""Tables as Parquet, for programs: the same schema whatever the rows are, even without any.

Times are instants (microseconds, in UTC): a column has one zone, and sessions may have several. Text is kept as Zoom
gave it, since nothing runs it there; half surrogates, which UTF-8 cannot hold, become U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from zoom_sync.adapters.exports.cleaning import whole
from zoom_sync.adapters.exports.tables import Cell, Table

Row = TypeVar("Row")

ROWS_AT_ONCE = 1000  # as Python objects
BATCHES_IN_GROUP = 50  # as columns of Arrow: small groups cost readers time, large ones memory


@dataclass(frozen=True, slots=True)
class ParquetWriter:
    """Writes Parquet, in groups of 50,000 rows."""

    media_type: str = "application/vnd.apache.parquet"
    suffix: str = ".parquet"
    binary: bool = True

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows` to `out`, which stays open; the number of rows."""
        # Loaded by who writes one: it takes longer to load than most commands run.
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types
        from pyarrow import parquet  # noqa: PLC0415

        schema, left, count = _schema(pa, table), iter(rows), 0
        with parquet.ParquetWriter(_Sink(out), schema, compression="zstd") as file:
            while batches := list(islice(_batches(pa, schema, table, left), BATCHES_IN_GROUP)):
                group = pa.Table.from_batches(batches)
                file.write_table(group)
                count += group.num_rows
        return count


WRITERS = {"parquet": ParquetWriter()}


def _schema(pa: Any, table: Table[Row]) -> Any:
    types = {
        str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(),
        datetime: pa.timestamp("us", tz="UTC"),
    }  # fmt: skip
    return pa.schema([(column.name, types[column.type]) for column in table.columns])


def _batches(pa: Any, schema: Any, table: Table[Row], rows: Iterator[Row]) -> Iterator[Any]:
    while (batch := _batch(pa, schema, table, islice(rows, ROWS_AT_ONCE))).num_rows:
        yield batch


def _batch(pa: Any, schema: Any, table: Table[Row], rows: Iterable[Row]) -> Any:
    """Rows as columns. A function of its own: its Python objects are gone before the next batch is made."""
    columns: list[list[Cell]] = [[] for _ in table.columns]
    for row in rows:
        for cells, cell in zip(columns, table.cells(row), strict=True):
            cells.append(_plain(cell))
    arrays = [pa.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _plain(cell: Cell) -> Cell:
    return whole(cell) if isinstance(cell, str) else cell


class _Sink:
    """What Arrow writes to: `out`, of which it needs neither to know the place, as a pipe has none, nor to close it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._place = 0
        self.closed = False

    def write(self, octets: bytes) -> int:
        self._out.write(octets)
        self._place += len(octets)
        return len(octets)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        self.closed = True

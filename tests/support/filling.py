"""Rows for any table, made from its description alone: of today's tables, or of those that a database told of itself."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, Boolean, DateTime, Float, Integer

from zoom_sync.adapters.store.sealing import SealedJson
from zoom_sync.adapters.store.tables import Instant

NUMBERS = (1, 2, 3)


def value(column, number):
    """A value for the row of this number that fits the column and differs from row to row."""
    for key in column.foreign_keys:
        return value(key.column, number)
    if column.primary_key and isinstance(column.type, Integer):
        return number
    if isinstance(column.type, (JSON, SealedJson)):
        return {"text": f"Çà 会议 {number}", "list": [number, None, True]}
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, Float):
        return number + 0.5
    if isinstance(column.type, (DateTime, Instant)):
        return datetime(2023, 11, 6, 12, 30, number, 5, tzinfo=UTC) + timedelta(days=number)
    length = getattr(column.type, "length", None)
    return f"{number}é'\\\n会"[:length]


def full_rows(table):
    """Three rows with a value in every column; the last one has nothing in those that may be empty."""
    return [
        {
            column.name: None if column.nullable and number == NUMBERS[-1] else value(column, number)
            for column in table.c
        }
        for number in NUMBERS
    ]

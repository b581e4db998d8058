"""The advisory locks of PostgreSQL, all in one place: its numbers are shared by whatever locks in a database."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What a lock stands for. Processes of different versions meet at the number: it never changes."""

    SCHEMA = 7266051
    ERASURES = 7266052
    SERVE = 7266053

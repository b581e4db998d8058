"""What the store tells of one person. Values; standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zoom_sync.domain.privacy.marks import Person


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows of each table tell of a person, who by then is known by all that these rows say.

    `kept` names the tables that are not erased from, each with the reason. `namesakes` counts the entries that bear
    the same name and neither e-mail nor id, so that they may be of somebody else; `likely` counts, per table, those and
    what bears an id that others used as well: likely the person's, and not surely. `others` are e-mails of others that
    stand with an id of the person's.
    """

    person: Person
    rows: Mapping[str, int]
    kept: Mapping[str, str]
    namesakes: int
    likely: Mapping[str, int] = field(default_factory=dict)
    others: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What one row tells of a person. Event and session are empty where the row belongs to none."""

    table: str
    event: str
    session: str
    values: Mapping[str, Any] = field(repr=False)

"""Which state of its programme and links an event is in: a version that every committed change of them gives anew.

What is shown to everybody is made once per version. So no change may go by without one: statements are watched here,
and nobody who writes a programme or a link has to remember it. The version is written last in its transaction, so that
two of them wait for each other here and nowhere else, and it is drawn at random, so that a store that was put back from
a backup never counts up to a version that it had before with other content.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Insert, Update, event, select

from zoom_sync.adapters.store.tables import agenda_items, event_contents, events, links, sessions
from zoom_sync.adapters.store.upserting import insert_for

SHOWN = frozenset(table.name for table in (events, sessions, agenda_items, links))
# Of a statement that writes only what nobody is shown.
NOT_SHOWN = {"not_shown": True}
_CHANGED, _EVENTS = "contents_changed", "contents_events"


@dataclass(frozen=True, slots=True)
class State:
    """Whether everybody may see an event, and the version of what there is to see."""

    public: bool
    version: str


def watch(engine: Engine) -> None:
    """Note which transactions write what is shown."""
    event.listen(engine, "before_execute", _note)


def _note(connection: Connection, statement: Any, _many: Any, _parameters: Any, options: Mapping[str, Any]) -> None:
    if isinstance(statement, (Insert, Update, Delete)) and not options.get("not_shown"):
        table = statement.table
        if getattr(table, "name", "") in SHOWN:
            connection.info[_CHANGED] = True


def begin(connection: Connection) -> None:
    """Nothing was changed yet: a connection is used again and again."""
    connection.info.pop(_CHANGED, None)
    connection.info.pop(_EVENTS, None)


def concerns(connection: Connection, event_id: int) -> None:
    """What is written in this transaction is an event's; of several that are named, it may be anyone's."""
    connection.info.setdefault(_EVENTS, set()).add(event_id)


def end(connection: Connection) -> None:
    """Give every event that was changed a new version; all of them, where nobody said which."""
    if not connection.info.get(_CHANGED):
        return
    named = connection.info.get(_EVENTS) or connection.execute(select(events.c.id)).scalars()
    for event_id in sorted(named):
        values = {"event_id": event_id, "version": secrets.token_hex(8)}
        upsert = insert_for(connection, event_contents).values(**values)
        connection.execute(upsert.on_conflict_do_update(index_elements=["event_id"], set_=values))


def states(connection: Connection, keys: Collection[str]) -> Mapping[str, State]:
    """The state of each of these events that there is."""
    query = select(events.c.key, events.c.public, event_contents.c.version).outerjoin(event_contents)
    rows = connection.execute(query.where(events.c.key.in_(sorted(keys))))
    return {row.key: State(row.public, row.version or "") for row in rows}

"""What webhooks told, in the store: repeats are known, hints are kept, and who is there is counted without names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, or_, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import LINKED
from zoom_sync.adapters.store.tables import (
    deliveries,
    events,
    hints,
    links,
    live_counts,
    live_instances,
    live_stays,
    webhook_counts,
)
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.delivery import Delivery, Heard, Live, Look, Moment, Reception

# What proves that our secret is the app's; Zoom asks for a validation as the address is entered, and every 72 hours.
GOOD = frozenset({*map(str, Reception), "validation"})
FORGED = "forged"


class Webhooks:
    """The `WebhookStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_in(self, batch: Sequence[Delivery], refused: Mapping[str, int], now: datetime) -> Sequence[Reception]:
        with self._database.transaction() as connection:
            outcomes = _receive(connection, batch, now)
            new = [delivery for delivery, outcome in zip(batch, outcomes, strict=True) if outcome is Reception.NEW]
            _hint(connection, new, now)
            _live(connection, new, now)
            counts = dict(refused)
            for outcome in outcomes:
                counts[str(outcome)] = counts.get(str(outcome), 0) + 1
            _count(connection, counts, now)
        return outcomes

    def live(self, event: str) -> Mapping[str, Live]:
        present = func.coalesce(func.sum(case((live_stays.c.gone.is_(False), 1), else_=0)), 0)
        query = (
            select(links.c.key, live_instances.c.started_at, present.label("present"))
            .join(events, events.c.id == links.c.event_id)
            .join(live_instances, live_instances.c.meeting_id == links.c.meeting_id)
            .join(live_stays, live_stays.c.uuid == live_instances.c.uuid, isouter=True)
            .where(events.c.key == event, links.c.state == LINKED, live_instances.c.ended_at.is_(None))
            .group_by(links.c.key, live_instances.c.uuid, live_instances.c.started_at)
            .order_by(live_instances.c.started_at)
        )
        with self._database.reading() as connection:
            return {row.key: Live(row.started_at, int(row.present)) for row in connection.execute(query)}

    def heard(self) -> Heard:
        with self._database.reading() as connection:
            query = select(webhook_counts, webhook_counts.c["count"].label("told")).order_by(webhook_counts.c.outcome)
            rows = connection.execute(query).all()
        latest = max((row.latest_at for row in rows if row.outcome in GOOD), default=None)
        forged = max((row.latest_at for row in rows if row.outcome == FORGED), default=None)
        return Heard({row.outcome: row.told for row in rows}, latest, forged)

    def forget(self, before: datetime) -> None:
        with self._database.transaction() as connection:
            for table in (deliveries, hints, live_instances):
                connection.execute(delete(table).where(table.c.heard_at < before))


def _receive(connection: Connection, batch: Sequence[Delivery], now: datetime) -> list[Reception]:
    """Which are new; of the same ones in a batch, the first is.

    Rows are put in by the order of their keys, so that two writers never wait for each other in a circle.
    """
    first: dict[str, Delivery] = {}
    for delivery in batch:
        first.setdefault(delivery.key, delivery)
    rows = [{"key": key, "signature": first[key].signature, "heard_at": now} for key in sorted(first)]
    if not rows:
        return []
    added = insert_for(connection, deliveries).values(rows).on_conflict_do_nothing(index_elements=["key"])
    new = set(connection.execute(added.returning(deliveries.c.key)).scalars())
    asked = select(deliveries.c.key, deliveries.c.signature).where(deliveries.c.key.in_(first.keys() - new))
    kept = {row.key: row.signature for row in connection.execute(asked)} if first.keys() - new else {}
    outcomes = []
    for delivery in batch:
        if delivery.key in new:
            new.remove(delivery.key)
            outcomes.append(Reception.NEW)
        else:
            same = kept.get(delivery.key, first[delivery.key].signature) == delivery.signature
            outcomes.append(Reception.REPLAYED if same else Reception.REPEATED)
    return outcomes


def _hint(connection: Connection, new: Iterable[Delivery], now: datetime) -> None:
    latest: dict[tuple[str, Look], datetime] = {}
    for delivery in new:
        if delivery.look is not None and delivery.meeting_id is not None:
            which = delivery.meeting_id, delivery.look
            latest[which] = max(delivery.at, latest.get(which, delivery.at))
    rows = [
        {"meeting_id": meeting, "look": str(look), "at": at, "heard_at": now, "version": 1}
        for (meeting, look), at in sorted(latest.items())
    ]
    if rows:
        added = insert_for(connection, hints).values(rows)
        value = added.excluded
        newer = {
            "at": case((value.at > hints.c.at, value.at), else_=hints.c.at),
            "heard_at": value.heard_at,
            "version": hints.c.version + 1,
        }
        connection.execute(added.on_conflict_do_update(index_elements=["meeting_id", "look"], set_=newer))


def _live(connection: Connection, new: Iterable[Delivery], now: datetime) -> None:
    """Only of our own meetings. Who has left stays gone, whatever comes later: a rejoin is another stay."""
    about = [delivery for delivery in new if delivery.moment is not None]
    ours = _linked(connection, {delivery.meeting_id for delivery in about if delivery.meeting_id is not None})
    moments: dict[tuple[str, str], dict[Moment, datetime]] = {}
    stays: dict[tuple[str, str], bool] = {}
    for delivery in about:
        if (
            delivery.meeting_id is None
            or delivery.meeting_id not in ours
            or delivery.uuid is None
            or delivery.moment is None
        ):
            continue
        moments.setdefault((delivery.uuid, delivery.meeting_id), {})[delivery.moment] = delivery.at
        if delivery.person is not None and delivery.moment in (Moment.JOINED, Moment.LEFT):
            which = delivery.uuid, delivery.person
            stays[which] = stays.get(which, False) or delivery.moment is Moment.LEFT
    _upsert_instances(connection, moments, now)
    if stays:
        rows = [{"uuid": uuid, "person": person, "gone": gone} for (uuid, person), gone in sorted(stays.items())]
        added = insert_for(connection, live_stays).values(rows)
        gone = {"gone": or_(live_stays.c.gone, added.excluded.gone)}
        connection.execute(added.on_conflict_do_update(index_elements=["uuid", "person"], set_=gone))
        _count_present(connection, {uuid for uuid, _ in stays}, now)


def _count_present(connection: Connection, uuids: Collection[str], now: datetime) -> None:
    """How many are there now, kept for this minute: of several figures, the most."""
    there = func.sum(case((live_stays.c.gone.is_(False), 1), else_=0)).label("present")
    query = select(live_stays.c.uuid, there).where(live_stays.c.uuid.in_(uuids)).group_by(live_stays.c.uuid)
    minute = now.replace(second=0, microsecond=0)
    rows = [{"uuid": row.uuid, "at": minute, "present": int(row.present)} for row in connection.execute(query)]
    rows.sort(key=lambda row: str(row["uuid"]))  # two writers wait for each other in one order
    if rows:
        added = insert_for(connection, live_counts).values(rows)
        most = case(
            (added.excluded.present > live_counts.c.present, added.excluded.present), else_=live_counts.c.present
        )
        connection.execute(added.on_conflict_do_update(index_elements=["uuid", "at"], set_={"present": most}))


def _linked(connection: Connection, ids: Collection[str]) -> set[str]:
    if not ids:
        return set()
    return set(connection.execute(select(links.c.meeting_id).where(links.c.meeting_id.in_(ids))).scalars())


def _upsert_instances(
    connection: Connection, moments: Mapping[tuple[str, str], Mapping[Moment, datetime]], now: datetime
) -> None:
    rows = [
        {
            "uuid": uuid, "meeting_id": meeting, "started_at": told.get(Moment.STARTED),
            "ended_at": told.get(Moment.ENDED), "heard_at": now,
        }
        for (uuid, meeting), told in sorted(moments.items())
    ]  # fmt: skip
    if rows:
        added = insert_for(connection, live_instances).values(rows)
        value = added.excluded
        known = {
            "started_at": func.coalesce(live_instances.c.started_at, value.started_at),
            "ended_at": func.coalesce(live_instances.c.ended_at, value.ended_at),
            "heard_at": value.heard_at,
        }
        connection.execute(added.on_conflict_do_update(index_elements=["uuid"], set_=known))


def _count(connection: Connection, counts: Mapping[str, int], now: datetime) -> None:
    rows = [{"outcome": name, "count": count, "latest_at": now} for name, count in sorted(counts.items()) if count]
    if rows:
        added = insert_for(connection, webhook_counts).values(rows)
        more = {"count": webhook_counts.c.count + added.excluded["count"], "latest_at": added.excluded.latest_at}
        connection.execute(added.on_conflict_do_update(index_elements=["outcome"], set_=more))

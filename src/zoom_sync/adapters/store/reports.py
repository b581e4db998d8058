"""Raw report rows and the state of each report in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Table, case, delete, func, insert, select, update

from zoom_sync.adapters.store import instances, lines
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.purging import is_purged, purged, purged_on
from zoom_sync.adapters.store.tables import (
    absentees,
    attendance,
    collections,
    events,
    polls,
    questions,
    registrations,
    report_instances,
    report_rows,
    session_counts,
    session_figures,
)
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.attendance import Attendee, Registration, RegistrationLine, Role
from zoom_sync.domain.figures import counted_questions, is_counted, only_waited, unanswered
from zoom_sync.domain.instances import Held, Place
from zoom_sync.domain.polls import PollAnswer
from zoom_sync.domain.questions import Question
from zoom_sync.domain.report import Collected, Counts, Instance, RawReport, ReportState
from zoom_sync.domain.retention import Retention

ROWS_AT_ONCE = 5000


class Reports:
    """The `ReportStore` of a database."""

    def __init__(self, database: Database, guard: Guard | None = None) -> None:
        """`guard` keeps out of the rows what is not to be stored, and in any case who was erased."""
        self._database = database
        self._guard = guard or Guard()

    def keep(self, event: str, key: str, report: RawReport, now: datetime) -> bool:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            if is_purged(connection, owner, key):
                return False
            instance_id = _instance_id(connection, owner, key, report, now)
            kept = select(func.count()).where(report_rows.c.instance_id == instance_id)
            if connection.execute(kept).scalar_one() > len(report.rows):
                return False
            connection.execute(update(report_instances).where(report_instances.c.id == instance_id).values(kept_at=now))
            connection.execute(delete(report_rows).where(report_rows.c.instance_id == instance_id))
            rows = ({"row": dict(row)} for row in report.rows)
            clean = self._guard.clean(connection, report_rows.name, (event, key), rows, report.kind)
            placed = ({"instance_id": instance_id, "position": place, **row} for place, row in enumerate(clean))
            while part := list(islice(placed, ROWS_AT_ONCE)):
                connection.execute(insert(report_rows), part)
        return True

    def raw(self, event: str, key: str, kind: str) -> Iterator[RawReport]:
        with self._database.reading() as connection:
            query = (
                select(report_instances)
                .join(events)
                .where(events.c.key == event, report_instances.c.key == key, report_instances.c.kind == kind)
                .order_by(report_instances.c.started_at, report_instances.c.id)
            )
            for instance in connection.execute(query).all():
                rows = connection.execute(
                    select(report_rows.c.row)
                    .where(report_rows.c.instance_id == instance.id)
                    .order_by(report_rows.c.position)
                ).scalars()
                yield RawReport(kind, Instance(instance.uuid, instance.started_at), tuple(rows))

    def raw_instances(self, event: str, key: str) -> Sequence[tuple[str, Instance]]:
        query = select(report_instances).join(events).where(events.c.key == event, report_instances.c.key == key)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(report_instances.c.started_at, report_instances.c.id)).all()
        return tuple((row.kind, Instance(row.uuid, row.started_at)) for row in rows)

    def note(self, event: str, collected: Collected) -> None:
        now = collected.checked_at
        with self._database.transaction() as connection:
            values = {
                "state": str(collected.state),
                "rows": collected.rows,
                "total": collected.total,
                "reason": collected.reason,
                "checked_at": collected.checked_at,
                "lasting": collected.lasting,
            }
            statement = insert_for(connection, collections).values(
                event_id=event_id(connection, event), key=collected.key, kind=collected.kind, since=now, **values
            )
            same = collections.c.state == statement.excluded.state
            since = case((same, func.coalesce(collections.c.since, now)), else_=now)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["event_id", "key", "kind"], set_={**values, "since": since}
                )
            )

    def states(self, event: str, key: str | None = None) -> Sequence[Collected]:
        query = select(collections).join(events).where(events.c.key == event).order_by(collections.c.id)
        if key is not None:
            query = query.where(collections.c.key == key)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Collected(r.key, r.kind, ReportState(r.state), r.rows, r.total, r.reason, r.checked_at, r.lasting, r.since)
            for r in rows
        )

    def purged(self, event: str) -> Mapping[str, str]:
        values: dict[str, str] = {}
        with self._database.reading() as connection:
            for row in connection.execute(purged().join(events).where(events.c.key == event)):
                phrase = purged_on(Retention(row.what), row.purged_at)
                values[row.key] = f"{values[row.key]}; {phrase}" if row.key in values else phrase
        return values

    def keep_figures(self, event: str, key: str, figures: Mapping[str, Any]) -> None:
        with self._database.transaction() as connection:
            place = {"event_id": event_id(connection, event), "key": key}
            statement = insert_for(connection, session_figures).values(**place, figures=dict(figures))
            connection.execute(
                statement.on_conflict_do_update(index_elements=list(place), set_={"figures": dict(figures)})
            )

    def figures(self, event: str) -> Mapping[str, Mapping[str, Any]]:
        query = select(session_figures.c.key, session_figures.c.figures).join(events).where(events.c.key == event)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(session_figures.c.key)).all()
        return {key: figures for key, figures in rows if isinstance(figures, dict)}

    def instances(self, event: str, key: str | None = None) -> Sequence[Held]:
        with self._database.reading() as connection:
            return instances.kept(connection, event, key)

    def set_instances(self, event: str, held: Sequence[Held]) -> None:
        with self._database.transaction() as connection:
            instances.keep(connection, event_id(connection, event), held)

    def choose_instance(self, event: str, key: str, uuid: str, place: Place | None, who: str) -> bool:
        with self._database.transaction() as connection:
            return instances.choose(connection, event_id(connection, event), key, uuid, place, who)

    def set_attendance(self, event: str, key: str, attendees: Iterable[Attendee]) -> None:
        tally = {"people": 0, "waited": 0, "bots": 0}

        def counted(lines: Iterable[Attendee]) -> Iterator[Attendee]:
            for line in lines:
                tally["people"] += is_counted(line)
                tally["waited"] += only_waited(line)
                tally["bots"] += line.role is Role.BOT
                yield line

        values = (
            {
                "name": _storable(attendee.name),
                "email": _storable(attendee.email),
                "seconds": attendee.seconds_inside,
                "line": lines.attendee_json(attendee),
            }
            for attendee in counted(attendees)
        )
        self._replace(attendance, event, key, values)
        counts = {"people": tally["people"], "only_waited": tally["waited"], "bots": tally["bots"]}
        self._recount(event, key, **counts, audience=None)

    def set_audience(self, event: str, key: str, audience: Mapping[str, Any]) -> None:
        self._recount(event, key, audience=dict(audience))

    def audience(self, event: str, key: str) -> Mapping[str, Any] | None:
        query = select(session_counts.c.counts).join(events).where(events.c.key == event, session_counts.c.key == key)
        with self._database.reading() as connection:
            counts = connection.execute(query).scalar_one_or_none() or {}
        value = counts.get("audience")
        return value if isinstance(value, dict) else None

    def attendance(self, event: str, key: str) -> Iterator[Attendee]:
        for row in self._lines(attendance, event, key):
            yield lines.attendee(row.name, row.email, row.line)

    def set_counts(self, event: str, key: str, counts: Counts) -> None:
        self._recount(event, key, **asdict(counts))

    def _recount(self, event: str, key: str, **numbers: Any) -> None:
        """Store some of a session's counts, or its audience."""
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            if is_purged(connection, owner, key):
                return
            its = (session_counts.c.event_id == owner, session_counts.c.key == key)
            had = connection.execute(select(session_counts.c.counts).where(*its)).scalar_one_or_none() or {}
            counts = {**had, **numbers}
            made = insert_for(connection, session_counts).values(event_id=owner, key=key, counts=counts)
            changed = made.on_conflict_do_update(index_elements=["event_id", "key"], set_={"counts": counts})
            connection.execute(changed)

    def set_questions(self, event: str, key: str, asked: Sequence[Question]) -> None:
        self._recount(event, key, questions=len(counted_questions(asked)), unanswered=unanswered(asked))
        values = (
            {
                "asker": _storable(question.asker),
                "email": _storable(question.email),
                "question": _storable(question.text),
                "line": lines.question_json(question),
            }
            for question in asked
        )
        self._replace(questions, event, key, values)

    def questions(self, event: str, key: str) -> Iterator[Question]:
        for row in self._lines(questions, event, key):
            yield lines.question(row.asker, row.email, row.question, row.line)

    def set_polls(self, event: str, key: str, answers: Iterable[PollAnswer]) -> None:
        values = (
            {
                "name": _storable(poll_answer.name),
                "email": _storable(poll_answer.email),
                "question": _storable(poll_answer.question),
                "answer": _storable(poll_answer.answer),
                "line": lines.poll_json(poll_answer),
            }
            for poll_answer in answers
        )
        self._replace(polls, event, key, values)

    def polls(self, event: str, key: str) -> Iterator[PollAnswer]:
        for row in self._lines(polls, event, key):
            yield lines.poll(row.name, row.email, row.question, row.answer, row.line)

    def set_registrations(self, event: str, key: str, told: Iterable[RegistrationLine]) -> None:
        self._replace(
            registrations,
            event,
            key,
            (
                _person(registration_line.registration, lines.turnout_json(registration_line))
                for registration_line in told
            ),
        )

    def registrations(self, event: str, key: str) -> Iterator[RegistrationLine]:
        for row in self._lines(registrations, event, key):
            yield lines.turnout(row.name, row.email, row.line)

    def set_absentees(self, event: str, key: str, absent: Iterable[Registration]) -> None:
        self._replace(
            absentees,
            event,
            key,
            (_person(registration, lines.registration_json(registration)) for registration in absent),
        )

    def absentees(self, event: str, key: str) -> Iterator[Registration]:
        for row in self._lines(absentees, event, key):
            yield lines.registration(row.name, row.email, row.line)

    def _replace(self, table: Table, event: str, key: str, values: Iterable[dict[str, Any]]) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            # One at a time: two that replace the same lines would both find none and both put theirs in.
            connection.execute(select(events.c.id).where(events.c.id == owner).with_for_update(key_share=True))
            if is_purged(connection, owner, key):
                return  # it cannot be made again: what it was made from is gone
            connection.execute(delete(table).where(table.c.event_id == owner, table.c.key == key))
            clean = self._guard.clean(connection, table.name, (event, key), values)
            rows = ({"event_id": owner, "key": key, "position": place, **one} for place, one in enumerate(clean))
            while part := list(islice(rows, ROWS_AT_ONCE)):
                connection.execute(insert(table), part)

    def _lines(self, table: Table, event: str, key: str) -> Iterator[Row[Any]]:
        """Rows by position, `ROWS_AT_ONCE` in memory; each batch in its own short transaction."""
        query = select(table).join(events).where(events.c.key == event, table.c.key == key)
        after = -1
        while True:
            batch = query.where(table.c.position > after).order_by(table.c.position).limit(ROWS_AT_ONCE)
            with self._database.reading() as connection:
                rows = connection.execute(batch).all()
            yield from rows
            if len(rows) < ROWS_AT_ONCE:
                return
            after = rows[-1].position


def _person(registration: Registration, line: dict[str, Any]) -> dict[str, Any]:
    return {"name": _storable(registration.name), "email": _storable(registration.email) or None, "line": line}


def _storable(text: str | None) -> str | None:
    """Text as every database takes it: names come from people's devices and may hold what is no character."""
    return None if text is None else text.replace("\0", "").encode(errors="replace").decode()


def _instance_id(connection: Connection, owner: int, key: str, report: RawReport, now: datetime) -> int:
    """The row of the instance, made where there is none, and locked: two who fetched the same report take turns."""
    same = {"event_id": owner, "key": key, "kind": report.kind, "uuid": report.instance.uuid}
    statement = insert_for(connection, report_instances).values(**same, started_at=report.instance.start, kept_at=now)
    statement = statement.on_conflict_do_update(index_elements=list(same), set_={"uuid": report.instance.uuid})
    return int(connection.execute(statement.returning(report_instances.c.id)).scalar_one())

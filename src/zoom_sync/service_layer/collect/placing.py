"""Which of the times that a meeting was held are a session: looked at on Zoom, or made anew of what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from zoom_sync.domain.attendance import Stay, merge, stay_from_row
from zoom_sync.domain.dividing import Part
from zoom_sync.domain.instances import Held, Place, Times, Window, is_around, may_reach, place_all
from zoom_sync.domain.report import Instance
from zoom_sync.errors import ZoomError
from zoom_sync.service_layer.collect.asking import Asked
from zoom_sync.service_layer.collect.kinds import KIND_OF, PARTICIPANTS
from zoom_sync.service_layer.ports.reports import ReportStore


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of the times that a meeting was held, by one session.

    `own` are its instances, each with its start. `news`: one of them was not known as its own; `had_own`: one was
    known before. `trouble` is why one that is, or may be, the session's own could not be read. `undated`: of one
    neither list nor rows tell when it was.
    """

    own: tuple[Instance, ...]
    held: tuple[Held, ...]
    news: bool
    had_own: bool
    trouble: ZoomError | None
    undated: bool

    @property
    def rehearsed(self) -> bool:
        return any(one.counts_as is Place.REHEARSAL for one in self.held)


def look(asked: Asked, parts: Mapping[str, Part], key: str, *, wanted: bool, again: bool) -> Sight:
    """Read Zoom's list, and the participants of every instance that is or may be the session's own.

    `wanted`: also of those that were read before. Of a rehearsal they are read once, unless it is asked for `again`.

    Raises:
        ZoomError: the list cannot be had. That of one instance's participants is the sight's `trouble`.
    """
    listed = asked.instances()
    known, mine = _known(asked, parts, key)
    windows = windows_of(parts)
    times = {instance.uuid: _times(instance, known.get(instance.uuid)) for instance in listed}
    troubles: dict[str, ZoomError] = {}
    first = place_all(key, windows, times)
    for instance in listed:
        place = _counts_as(mine.get(instance.uuid), first[instance.uuid][0])
        if not _is_to_be_read(place, instance.uuid, windows, key, times, mine, wanted=wanted, again=again):
            continue
        try:
            report = asked.report(KIND_OF[PARTICIPANTS], instance, parts[key].kept_by)
        except ZoomError as error:
            troubles[instance.uuid] = error
        else:
            times[instance.uuid] = times_of(instance, report.rows)
    placed = place_all(key, windows, times)
    held = [_held(key, uuid, time, placed[uuid], mine.get(uuid)) for uuid, time in times.items()]
    if _differ(asked.collecting.reports.instances(asked.event, key), held):
        asked.kept = True  # what counts is another: people, questions and answers are made anew
    asked.collecting.reports.set_instances(asked.event, held)
    had_own = {uuid for uuid, one in mine.items() if one.counts}
    by_uuid = {instance.uuid: instance for instance in listed}
    serious = [one.uuid for one in held if one.counts or may_reach(windows[key], times[one.uuid])]
    return Sight(
        tuple(_dated(by_uuid[one.uuid], one) for one in held if one.counts),
        tuple(held),
        any(one.counts and one.uuid not in had_own for one in held),
        bool(had_own),
        next((troubles[uuid] for uuid in serious if uuid in troubles), None),
        any(one.counts_as is Place.UNDATED for one in held),
    )


def _differ(before: Sequence[Held], held: Sequence[Held]) -> bool:
    counted = {one.uuid: one.counts for one in before}
    return any(counted.get(one.uuid) is not one.counts for one in held)


def _is_to_be_read(
    place: Place,
    uuid: str,
    windows: Mapping[str, Window],
    key: str,
    times: Mapping[str, Times],
    mine: Mapping[str, Held],
    *,
    wanted: bool,
    again: bool,
) -> bool:
    """Whether an instance's participants are asked for, to count them or to know how long it was."""
    told = times[uuid]
    if place in (Place.OWN, Place.UNDATED):
        return wanted or uuid not in mine
    if place is Place.OTHER:
        return False  # the other session reads it
    nearby = is_around(windows.values(), told) or may_reach(windows[key], told)
    return nearby and (again or told.people is None)


def windows_of(parts: Mapping[str, Part]) -> dict[str, Window]:
    """When the sessions of a meeting are held by the programme."""
    return {key: Window(part.session.start, part.session.end) for key, part in parts.items()}


def _known(asked: Asked, parts: Mapping[str, Part], key: str) -> tuple[dict[str, Times], dict[str, Held]]:
    """What is known of each instance by any session of the meeting, and what this one has of it."""
    reports, known, mine = asked.collecting.reports, dict[str, Times](), dict[str, Held]()
    for held in held_of(reports, asked.event, parts, key):
        mine[held.uuid] = held
        known[held.uuid] = Times(held.start, held.end, held.people)
    for held in reports.instances(asked.event):
        if held.key in parts and (held.uuid not in known or known[held.uuid].end is None):
            known[held.uuid] = Times(held.start, held.end, known[held.uuid].people if held.uuid in known else None)
    return known, mine


def _times(instance: Instance, known: Times | None) -> Times:
    start = instance.start if instance.dated else known.start if known else None
    return Times(start, known.end if known else None, known.people if known else None)


def times_of(instance: Instance, rows: Iterable[Mapping[str, Any]]) -> Times:
    """When an instance was held and by how many people, by the rows of its participants."""
    stays = [stay for stay in (stay_from_row(row, instance.uuid) for row in rows) if isinstance(stay, Stay)]
    start = instance.start if instance.dated else None
    if not stays:
        return Times(start, None, 0)
    first = datetime.fromtimestamp(min(stay.start for stay in stays), UTC)
    last = datetime.fromtimestamp(max(stay.end for stay in stays), UTC)
    return Times(start or first, last, len(merge(stays).attendees))


def held_of(reports: ReportStore, event: str, parts: Mapping[str, Part], key: str) -> tuple[Held, ...]:
    """What the instances are to a session, by what is kept: as it was seen last, and of the rows where it was not."""
    mine = {instance.uuid: instance for instance in reports.instances(event, key)}
    times = {held.uuid: Times(held.start, held.end, held.people) for held in mine.values()}
    kept = [
        (kind, instance)
        for kind, instance in reports.raw_instances(event, parts[key].kept_by)
        if kind in KIND_OF and KIND_OF[kind].of_instance
    ]
    missing = {instance.uuid: instance for _, instance in kept if instance.uuid not in times}
    if missing:
        times |= {uuid: _times(instance, None) for uuid, instance in missing.items()}
        for raw in reports.raw(event, parts[key].kept_by, PARTICIPANTS):
            if raw.instance.uuid in missing:
                times[raw.instance.uuid] = times_of(raw.instance, raw.rows)
    placed = place_all(key, windows_of(parts), times)
    return tuple(_held(key, uuid, time, placed[uuid], mine.get(uuid)) for uuid, time in times.items())


def _held(key: str, uuid: str, times: Times, placed: tuple[Place, str], before: Held | None) -> Held:
    place, of = placed
    chosen = (before.chosen, before.chosen_by) if before else (None, "")
    return Held(key, uuid, times.start, times.end, place, of, times.people, *chosen)


def _counts_as(before: Held | None, place: Place) -> Place:
    return before.chosen if before and before.chosen else place


def _dated(instance: Instance, held: Held) -> Instance:
    return instance if instance.dated or held.start is None else replace(instance, start=held.start)


def own_of(held: Sequence[Held]) -> dict[str, Held]:
    """Those that count in a session's figures, by their UUIDs."""
    return {one.uuid: one for one in held if one.counts}

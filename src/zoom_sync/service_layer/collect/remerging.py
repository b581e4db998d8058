"""Making people, questions, answers and registrations anew from the raw rows that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from zoom_sync.domain.attendance import (
    Attendee,
    Decision,
    Registration,
    Roster,
    RowsOfLine,
    Stay,
    Unreadable,
    absentees,
    compare_registrations,
    merge,
    registration_from_row,
    registration_lines,
    rows_by_line,
    stay_from_row,
    with_registration,
)
from zoom_sync.domain.dividing import Part
from zoom_sync.domain.figures import counts_of
from zoom_sync.domain.instances import Held
from zoom_sync.domain.meeting import Link, addresses
from zoom_sync.domain.polls import PollAnswer, Source, answers_from_rows
from zoom_sync.domain.questions import questions_from_report
from zoom_sync.domain.report import Instance, RawReport, Report
from zoom_sync.service_layer.audience import audience_json, measured
from zoom_sync.service_layer.collect.definitions import kept_definitions
from zoom_sync.service_layer.collect.kinds import (
    ABSENTEES,
    PANELISTS,
    PARTICIPANTS,
    POLLS,
    QUESTIONS,
    REGISTRANTS,
    SURVEYS,
    own_rows,
)
from zoom_sync.service_layer.collect.needs import Collecting, parts_and_link
from zoom_sync.service_layer.collect.placing import held_of, own_of
from zoom_sync.service_layer.ports.reports import ReportStore

EVER = datetime.min.replace(tzinfo=UTC)


def remerge(collecting: Collecting, event: str, key: str) -> None:
    """Make everything of one session anew from the raw rows; asks Zoom nothing. Raises NotInStore."""
    parts, link = parts_and_link(collecting, event, key)
    part, reports = parts[key], collecting.reports
    if part.kept_by != key and part.kept_by in reports.purged(event):
        return  # it cannot be made again: what it was made from is gone
    held = held_of(reports, event, parts, key)
    reports.set_instances(event, held)
    own = own_of(held)
    attendance = merge(
        _stays(part, _raw(reports, event, part, PARTICIPANTS, own), own),
        window=(part.session.start, part.session.end),
        roster=_roster(collecting, event, part.kept_by, link),
        least_share=collecting.attended_share,
        decisions=decided(collecting, event, key),
    )
    reports.set_attendance(event, key, _compared(reports, event, part, attendance.attendees, own))
    reports.set_audience(event, key, audience_json(measured(attendance.attendees, part.session), part.session))
    questions = [
        question
        for report in _raw(reports, event, part, QUESTIONS, own)
        for question in questions_from_report({"questions": list(report.rows)})
    ]
    reports.set_questions(event, key, questions)
    reports.set_counts(event, key, counts_of(attendance.attendees, questions, len(attendance.unreadable)))
    # Read to the end first: what is stored in one transaction must not open another one half-way.
    reports.set_polls(event, key, list(_answers(reports, event, part, own)))


def rows_of_people(
    collecting: Collecting, event: str, key: str, *, exact: bool = False
) -> Mapping[str, Sequence[RowsOfLine]]:
    """What the rows of each of a session's people say, by the key of the line. Raises NotInStore."""
    parts, link = parts_and_link(collecting, event, key)
    part = parts[key]
    own = own_of(held_of(collecting.reports, event, parts, key))
    return rows_by_line(
        _stays(part, _raw(collecting.reports, event, part, PARTICIPANTS, own), own),
        roster=_roster(collecting, event, part.kept_by, link),
        decisions=decided(collecting, event, key),
        exact=exact,
    )


def decided(collecting: Collecting, event: str, key: str) -> Sequence[Decision]:
    """What staff decided on a session's people."""
    return () if collecting.decisions is None else collecting.decisions.of(event, key)


def _raw(reports: ReportStore, event: str, part: Part, kind: str, own: Mapping[str, Held]) -> Iterator[RawReport]:
    """What is kept of a kind and is of this session's own instances."""
    for raw in reports.raw(event, part.kept_by, kind):
        held = own.get(raw.instance.uuid)
        if held is None:
            continue
        instance = Instance(held.uuid, held.start) if held.start else raw.instance
        rows = raw.rows if held.chosen else own_rows(kind, part, Report(raw.rows, None), instance).rows
        yield replace(raw, rows=rows)


def _compared(
    reports: ReportStore, event: str, part: Part, attendees: Sequence[Attendee], own: Mapping[str, Held]
) -> Iterable[Attendee]:
    """Hold the attendees against registrations and Zoom's own absentees, as far as either was collected."""
    key, kept_by = part.session.key, part.kept_by
    registered = _registrations(reports.raw(event, kept_by, REGISTRANTS))
    lists = (raw_report for raw_report in reports.raw(event, kept_by, ABSENTEES) if raw_report.instance.uuid in own)
    registrationses = [_registrations([raw_report]) or [] for raw_report in lists]
    if registered is None and not registrationses:
        return attendees
    comparison = compare_registrations(
        registered if registered is not None else [registration for every in registrationses for registration in every],
        attendees,
    )
    reports.set_absentees(event, key, absentees(comparison, registrationses))
    if registered is None:
        return attendees
    reports.set_registrations(event, key, registration_lines(comparison))
    return with_registration(attendees, comparison)


def _stays(part: Part, reports: Iterable[RawReport], own: Mapping[str, Held]) -> Iterator[Stay | Unreadable]:
    """The stays of this session, each as long as it was in it; whole where somebody said that the instance is it."""
    for report in reports:
        stays = (stay_from_row(row, report.instance.uuid) for row in report.rows)
        yield from stays if own[report.instance.uuid].chosen else part.cut(stays)


def _roster(collecting: Collecting, event: str, key: str, link: Link) -> Roster:
    """Who is host, panelist, staff or a user of the account."""
    users = collecting.links.hosts(EVER) or ()
    hosts = {link.host_id} | {user.email for user in users if user.id == link.host_id}
    hosts.update(addresses(link.applied.settings.get("alternative_hosts")))
    lists = [report.rows for report in collecting.reports.raw(event, key, PANELISTS)]
    panelists = {str(row.get(name) or "") for rows in lists for row in rows for name in ("email", "id")} - {""}
    internal = frozenset(name for user in users for name in (user.id, user.email))
    registrants = _registrations(collecting.reports.raw(event, key, REGISTRANTS)) or ()
    registered = {
        registrant.registrant_id: registrant.email
        for registrant in registrants
        if registrant.registrant_id and registrant.email
    }
    return Roster(
        frozenset(hosts),
        frozenset(panelists) if lists else None,
        collecting.staff,
        internal,
        registered,
        collecting.notetakers,
    )


def _registrations(reports: Iterable[RawReport]) -> list[Registration] | None:
    """Each registration once; None where they were never collected."""
    known = list(reports)
    registrations = (registration_from_row(dict(row)) for report in known for row in report.rows)
    return (
        list(
            {
                (registration.registrant_id or registration.email.casefold()): registration
                for registration in registrations
            }.values()
        )
        if known
        else None
    )


def _answers(reports: ReportStore, event: str, part: Part, own: Mapping[str, Held]) -> Iterator[PollAnswer]:
    definitions = kept_definitions(reports, event, part.kept_by)
    for kind, source in ((POLLS, Source.POLL), (SURVEYS, Source.SURVEY)):
        rows = [row for report in _raw(reports, event, part, kind, own) for row in report.rows]
        yield from answers_from_rows(rows, source, definitions)

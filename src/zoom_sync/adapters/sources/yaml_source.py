"""The organisers' own format: YAML, read with the line of every value, all problems at once.

Imports the domain, PyYAML (through this room's nodes), the standard library and this room's values.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from zoom_sync.adapters.sources.moments import NotAMoment, in_zone, later
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Source
from zoom_sync.adapters.sources.yaml_form import EVENT, PROGRAMME
from zoom_sync.adapters.sources.yaml_items import read_items
from zoom_sync.adapters.sources.yaml_nodes import compose
from zoom_sync.adapters.sources.yaml_shapes import Form, Record, is_null
from zoom_sync.domain.certificates.rules import rules_from, session_rules_from
from zoom_sync.domain.programme import Changes, Event, Kind, KnownMeeting, Passcode, RegistrationMode, Session
from zoom_sync.domain.registering import registration_flaw
from zoom_sync.domain.validate import span_flaw

_TOP_LEVEL = re.compile(r"""^(["']?)(event|sessions|defaults)\1[ ]*:(\s|$)|\A\s*\{|\A(---|%YAML)""", re.MULTILINE)
_SESSIONS = re.compile(r"""^["']?sessions["']?[ ]*:""", re.MULTILINE)
_HEADING = re.compile(r"^(Session|Seminar|Webinar|Day) [0-9]+[ ]*:?[ ]*$", re.MULTILINE | re.IGNORECASE)


def looks_like_yaml(text: str) -> bool:
    return bool(_TOP_LEVEL.search(text)) and (bool(_SESSIONS.search(text)) or not _HEADING.search(text))


def read_yaml(source: Source, findings: Findings) -> Draft:
    root = compose(source.text, findings)
    if root is None or is_null(root):
        if not findings.problems:
            findings.problem(1, "the programme is empty: begin with `event:` and `sessions:`")
        return Draft()
    programme = _form_for(source).read(root, "the programme", findings)
    if programme is None:
        return Draft()
    event, zone = _event(programme.values.get("event"), source, findings)
    defaults = programme.values.get("defaults")
    records: list[Record] = programme.values.get("sessions", [])
    built = [(record, _session(record, defaults, zone, findings)) for record in records]
    unfinished = [(record.values["key"], record.line) for record, session in built
                  if session is None and "key" in record.values]  # fmt: skip
    return Draft(event, tuple(session for _, session in built if session), tuple(unfinished))


FORMAT = Format("yaml", looks_like_yaml, read_yaml, guess=1)


def _form_for(source: Source) -> Form:
    """The form without the duties that the caller has taken over."""
    given = {"timezone": source.timezone, "key": source.event_key}
    fields = {name: replace(each, must=None) if given.get(name) else each for name, each in EVENT.fields.items()}
    event = replace(PROGRAMME.fields["event"], shape=replace(EVENT, fields=fields))
    return replace(PROGRAMME, fields={**PROGRAMME.fields, "event": event})


def _event(record: Record | None, source: Source, findings: Findings) -> tuple[Event | None, str | None]:
    """The event as far as it can be read, and the zone of its times."""
    if record is None:
        return None, source.timezone
    told = record.values
    key, zone = source.event_key or told.get("key"), source.timezone or told.get("timezone")
    if "timezone" in told and told["timezone"] != zone:
        findings.problem(
            record.line_of("timezone"),
            f"the programme's zone is `{told['timezone']}`, but `{zone}` was requested: drop one of the two",
        )
    if "key" in told and told["key"] != key:
        findings.note(record.line_of("key"), f"the event's key is taken as `{key}`, as requested")
    if key and zone and "title" in told:
        changes = Changes(told["changes"]) if told.get("changes") else None
        event = Event(
            key, told["title"], zone, told.get("description"), told.get("public", False), changes,
            told.get("freeze_hours"), rules_from(_plain(told["certificates"])) if "certificates" in told else None,
        )  # fmt: skip
        return event, zone
    return None, zone


def _session(record: Record, defaults: Record | None, event_zone: str | None, findings: Findings) -> Session | None:
    told = {**defaults.values, **record.values} if defaults else record.values
    zone = told.get("timezone") or event_zone
    span = _span(record, told, zone, findings)
    if span is None or zone is None or "key" not in told or "title" not in told:
        return None
    settings = {**(defaults.values.get("settings", {}) if defaults else {}), **record.values.get("settings", {})}
    registration = RegistrationMode(told["registration"]) if told.get("registration") else None
    flaw = registration_flaw(registration, settings)
    if flaw:
        findings.problem(record.line_of("registration"), flaw)
    return Session(
        key=told["key"],
        title=told["title"],
        start=span[0],
        end=span[1],
        timezone=zone,
        kind=Kind(told.get("kind", Kind.MEETING)),
        long_title=told.get("long_title"),
        description=told.get("description"),
        profile=told.get("profile"),
        host=told.get("host"),
        settings=settings,
        items=read_items(told.get("items", ()), span[0], zone, findings),
        known=_known(told.get("meeting"), findings),
        meeting_of=told["meeting"].values.get("of") if "meeting" in told else None,
        registration=registration,
        room=told.get("room"),
        track=told.get("track"),
        moderators=tuple(told.get("moderators", ())),
        public=told.get("public", True),
        cancelled=told.get("cancelled", False),
        language=told.get("language"),
        expected=told.get("expected"),
        record=told.get("record"),
        rehearsal_of=told.get("rehearsal_of"),
        certificates=session_rules_from(_plain(told["certificates"])) if "certificates" in told else None,
        line=record.line,
    )


def _plain(record: Record) -> dict[str, Any]:
    """The values of a record, those of records in it likewise."""
    return {name: _plain(value) if isinstance(value, Record) else value for name, value in record.values.items()}


def _known(meeting: Record | None, findings: Findings) -> KnownMeeting | None:
    if meeting is None or "id" not in meeting.values:
        if meeting is not None and "of" not in meeting.lines and "id" not in meeting.lines:
            advice = "write the meeting ID, or leave `meeting` out where no meeting exists yet"
            findings.problem(meeting.line, f"`meeting` has no `id`: {advice}")
        return None
    passcode = meeting.values.get("passcode")
    return KnownMeeting(meeting.values["id"], Passcode(passcode) if passcode else None)


def _span(
    record: Record, values: dict[str, Any], zone: str | None, findings: Findings
) -> tuple[datetime, datetime] | None:
    """Begin and end as instants in the zone, or None; then the findings say why."""
    if "end" in record.lines and "duration" in record.lines:
        findings.problem(record.line_of("duration"), "the session has both `end` and `duration`: keep one of them")
        return None
    start = _instant("start", record, zone, findings)
    end = _instant("end", record, zone, findings)
    if "end" not in record.lines:
        minutes = values.get("duration")
        if minutes is None and "duration" not in record.lines:
            findings.problem(record.line, "the session has no end: write `end`, or `duration` in minutes")
        end = later(start, minutes) if start and minutes else None
    if start is None or end is None:
        return None
    flaw = span_flaw(start, end)
    if flaw:
        findings.problem(record.line_of("end"), flaw)
    return None if flaw else (start, end)


def _instant(name: str, record: Record, zone: str | None, findings: Findings) -> datetime | None:
    if name not in record.values or zone is None:
        return None
    try:
        return in_zone(record.values[name], zone)
    except NotAMoment as reason:
        findings.problem(record.line_of(name), f"`{name}`: {reason}")
        return None

"""The YAML form of a programme, described once: the reader walks it, and the JSON Schema for editors is made from it.

Imports the standard library, the domain's rules and this room's shapes.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from zoom_sync.adapters.sources.yaml_shapes import (
    Amount,
    Choice,
    Count,
    Field,
    Flag,
    Form,
    Hours,
    ListOf,
    Minutes,
    Moment,
    Percent,
    Settings,
    Text,
)
from zoom_sync.domain.certificates.rules import CREDITS_MAX, Basis, CertificateLanguage
from zoom_sync.domain.programme import Changes, Kind, RegistrationMode
from zoom_sync.domain.validate import (
    DESCRIPTION_MAX,
    EXPECTED_MAX,
    FREEZE_MAX,
    KEY_MAX,
    KEY_PATTERN,
    LANGUAGE_MAX,
    MINUTES_MAX,
    PASSCODE_MAX,
    TITLE_MAX,
    email_flaw,
    key_flaw,
    meeting_id_flaw,
    passcode_flaw,
    text_flaw,
    zone_flaw,
)

_WRITE = {"minLength": 1}


def meeting_digits(text: str) -> str:
    """A meeting ID without the spaces and hyphens it is printed with."""
    return "".join(character for character in text if not character.isspace() and character not in "-\u2010\u2011")


_LINE = Text(text_flaw, _WRITE)
_LINES = Text(partial(text_flaw, lines=True), _WRITE)
_EMAIL = Text(email_flaw, {"pattern": r"^\s*\S+@\S+\.\S+\s*$"})
_KEY = Text(key_flaw, {"pattern": f"^{KEY_PATTERN}$", "maxLength": KEY_MAX})
_TITLE = Text(partial(text_flaw, limit=TITLE_MAX), {**_WRITE, "maxLength": TITLE_MAX})
_LONG_TITLE = Text(partial(text_flaw, limit=DESCRIPTION_MAX), {**_WRITE, "maxLength": DESCRIPTION_MAX})
_DESCRIPTION = Text(partial(text_flaw, limit=DESCRIPTION_MAX, lines=True), {**_WRITE, "maxLength": DESCRIPTION_MAX})
_ZONE = Text(zone_flaw, {**_WRITE, "examples": ["Asia/Shanghai"]}, sentence=True)
_LANGUAGE = Text(partial(text_flaw, limit=LANGUAGE_MAX), {**_WRITE, "maxLength": LANGUAGE_MAX})
_MEETING_ID = Text(
    meeting_id_flaw,
    {"pattern": r"^\s*([0-9][\s-]*){9,11}$", "examples": ["823 1893 7943"]},
    clean=meeting_digits,
    sentence=True,
)
_PASSCODE = Text(passcode_flaw, {"pattern": rf"^\S{{1,{PASSCODE_MAX}}}$"}, sentence=True)

_COMMON = {
    "kind": Field(Choice(tuple(Kind)), "What the session is held as on Zoom: `meeting` (default) or `webinar`."),
    "profile": Field(_LINE, "The bundle of meeting settings to use, by its name in profiles.yaml."),
    "host": Field(_LINE, "Who hosts it, by the name or address in hosts.yaml; left out, a free host is chosen."),
    "duration": Field(Minutes(MINUTES_MAX), "Length in minutes, instead of `end`."),
    "registration": Field(Choice(tuple(RegistrationMode)), "Whether people register: `none`; `automatic` (those pushed"
                          " with `zoom-sync registrants push` are approved at once, others wait); `manual` (all wait)."
                          " Left out, the profile's `approval_type` decides."),
    "settings": Field(Settings(), "Zoom's own meeting settings, by Zoom's names; they win over the profile."),
}  # fmt: skip

CREDITS = Form(
    "`credits`",
    {
        "kind": Field(_TITLE, "What is credited, as it shall be printed, such as `CPD hours`."),
        "hours": Field(Amount(CREDITS_MAX), "How many hours a session is worth; left out, its length in whole"
                       " quarters of an hour."),
    },
)  # fmt: skip

_ENOUGH = {
    "share": Field(Percent(), "How much of its time somebody has to be there, in percent. With neither this nor"
                   " `minutes`, as the setting `attended_share` says."),
    "minutes": Field(Minutes(MINUTES_MAX * 31), "How many minutes somebody has to be there; with `share`, both count."),
    "credits": Field(CREDITS, "What a session is worth to who was there long enough."),
}  # fmt: skip

CERTIFICATES = Form(
    "`certificates`",
    {
        "of": Field(Choice(tuple(Basis)), "What a certificate is of: each `session`, each `day`, or the whole `event`"
                    " (default)."),
        **_ENOUGH,
        "language": Field(Choice(tuple(CertificateLanguage)), "What they are written in: `en` (default), `zh`"
                          " or `ar`."),
        "presenters": Field(Flag(), "`false` where who presents or moderates gets no certificate of that."),
    },
)  # fmt: skip

SESSION_CERTIFICATES = Form(
    "the session's `certificates`",
    {
        "counts": Field(Flag(), "`false` where it adds no time to a certificate and has none of its own."),
        **_ENOUGH,
    },
)

EVENT = Form(
    "the event",
    {
        "key": Field(_KEY, "Short name of the event. Never change it: the event is found again by it.",
                     "write a short name that never changes, such as `urban-2023`"),
        "title": Field(_LINE, "Title of the event.", "write the event's title"),
        "timezone": Field(_ZONE, "IANA time zone of the times, such as Asia/Shanghai.",
                          "write the IANA time zone of the times, such as `Asia/Shanghai`"),
        "description": Field(_LINES, "What the event is about; shown in the announcement."),
        "public": Field(Flag(), "Whether the event's public page shows everybody how to join: links and passcodes."),
        "changes": Field(Choice(tuple(Changes)), "Who starts what changes on Zoom: `automatic`, the schedule by itself;"
                         " `first`, a person approves the first plan; `ask`, a person approves each. Left out, as the"
                         " settings say."),
        "freeze_hours": Field(Hours(FREEZE_MAX), "From so many hours before the first session until the end of the last"
                              " one, changes are made by name only (`--allow-frozen`)."),
        "certificates": Field(CERTIFICATES, "Certificates for who was there long enough; left out, there are none."),
    },
)  # fmt: skip

DEFAULTS = Form("`defaults`", dict(_COMMON))

ITEM = Form(
    "the item",
    {
        "presenter": Field(_LINE, "Who presents, as it is to be printed.", "write who presents it"),
        "title": Field(_LINE, "What is presented.", "write what is presented"),
        "country": Field(_LINE, "The presenter's country."),
        "email": Field(_EMAIL, "The presenter's e-mail. It is never printed; of a webinar it makes the presenter a"
                       " panelist."),
        "emails": Field(ListOf(_EMAIL), "Instead of `email` where several present, in the order of their names."),
        "start": Field(Moment(), "When it begins, as the session's `start`. Without times the items share the session"
                       " evenly, and reports say that this is an estimate."),
        "minutes": Field(Minutes(MINUTES_MAX), "How long it lasts; without `start` it follows the item before it."),
    },
)  # fmt: skip

MEETING = Form(
    "`meeting`",
    {
        "id": Field(_MEETING_ID, "The meeting's ID, with or without spaces."),
        "passcode": Field(_PASSCODE, "The meeting's passcode, in quotes.",
                          null_is="`passcode` is empty: leave it out, or quote it where it begins with #"),
        "link": Field(_LINE, "Written by `zoom-sync write-back`, for people; not read."),
        "host": Field(_LINE, "Written by `zoom-sync write-back`, for people; not read."),
        "of": Field(_KEY, "The key of the session whose meeting this one is held in: they share one link."),
    },
)  # fmt: skip

SESSION = Form(
    "the session",
    {
        "key": Field(_KEY, "Short name of the session. Never change it: its meeting is found again by it.",
                     "every session needs a short name that never changes, such as `seminar-1`; by it the meeting is"
                     " found again when title or time are changed"),
        "title": Field(_TITLE, "Title of the session, and topic of its meeting.", "write the session's title"),
        "long_title": Field(_LONG_TITLE, "The title in full, where there is a longer one."),
        "start": Field(Moment(), "Start, local to the zone unless an offset is written.",
                       "write the date and time it begins, such as `2023-11-06T20:30:00`"),
        "end": Field(Moment(), "End, local to the zone unless an offset is written. Instead of it: `duration`."),
        "timezone": Field(_ZONE, "The session's own zone, where it is not the event's."),
        "description": Field(_DESCRIPTION, "What the session is about; part of the meeting's agenda."),
        **_COMMON,
        "room": Field(_LINE, "The room that it is held in, for announcements."),
        "track": Field(_LINE, "The track that it belongs to, for announcements."),
        "moderators": Field(ListOf(_LINE), "Who leads it, by name, for announcements."),
        "language": Field(_LANGUAGE, "What is spoken in it, as it is to be printed, such as `English` or `zh-CN`."),
        "expected": Field(Count(EXPECTED_MAX), "How many people are expected."),
        "public": Field(Flag(), "`false` keeps it out of announcements, public pages and calendars."),
        "cancelled": Field(Flag(), "`true` where it does not take place: it is announced as cancelled, its meeting and"
                           " link stay, and nothing is collected."),
        "record": Field(Flag(), "`no` where it must not be recorded; it wins over every setting."),
        "rehearsal_of": Field(_KEY, "The key of the session that it rehearses; it is never announced or counted."),
        "certificates": Field(SESSION_CERTIFICATES, "What its certificates have otherwise than the event's."),
        "items": Field(ListOf(ITEM), "The agenda: who presents what, in order."),
        "meeting": Field(MEETING, "A meeting that exists already, or another session's. Left out, one is made."),
    },
)  # fmt: skip

PROGRAMME = Form(
    "the programme",
    {
        "event": Field(EVENT, "The event.", "begin with `event:` and under it `key`, `title` and `timezone`"),
        "defaults": Field(DEFAULTS, "What holds for every session that does not say otherwise."),
        "sessions": Field(ListOf(SESSION), "The sessions, in the order of the programme.",
                          "add `sessions:` and under it a list; an empty one says that there is none"),
    },
)  # fmt: skip


def json_schema() -> dict[str, Any]:
    """The form as JSON Schema, for editors."""
    heading = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Programme of an event (zoom_sync)"}
    return {**heading, **PROGRAMME.schema()}


def json_schema_text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"

"""Webinars: their fields, and how they are made, changed and shown.

They share ids, hosts, passcodes and evenings with meetings, but not the names of some fields, and they have no
status (https://developers.zoom.us/docs/api/webinars/).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import recurrence
from .account import LICENSED, User
from .meeting_fields import RECURRENCE
from .meetings import (
    NO_REGISTRATION,
    SITE,
    list_row,
    merge_settings,
    new_passcode,
    repeat,
    repeats_of,
    settle_registrants,
    start_of,
)
from .mint import join_hash
from .refusals import invalid_fields, refusal
from .schema import Rule, email, flag, listed, one_of, record, text, whole
from .world import WEBINAR, WEBINAR_NO_TIME, WEBINAR_SERIES, WEBINARS, Meeting, World

_MAIL = record({"enable": flag, "type": one_of(0, 1, 2, 3, 4, 5, 6, 7)})
_INTERPRETERS = listed(
    record({"email": email, "languages": text(), "interpreter_languages": text(), "sign_language": text()}), most=20
)
_QUESTIONS = record(
    {
        "enable": flag,
        "allow_submit_questions": flag,
        "allow_anonymous_questions": flag,
        "answer_questions": one_of("only", "all"),
        "attendees_can_comment": flag,
        "attendees_can_upvote": flag,
        "allow_auto_reply": flag,
        "auto_reply_text": text(),
    }
)
_FLAGS = (
    "add_audio_watermark", "add_watermark", "allow_host_control_participant_mute_state", "allow_multiple_devices",
    "alternative_host_update_polls", "close_registration", "email_in_attendee_report", "enable_session_branding",
    "enforce_login", "hd_video", "hd_video_for_attendees", "host_video", "meeting_authentication", "on_demand",
    "panelist_authentication", "panelists_invitation_email_notification", "panelists_video", "post_webinar_survey",
    "practice_session", "registrants_confirmation_email", "registrants_email_notification",
    "request_permission_to_unmute_participants", "send_1080p_video_to_attendees", "show_share_button",
)  # fmt: skip
_TEXTS = (
    "alternative_hosts", "authentication_domains", "authentication_option", "contact_email", "contact_name",
    "email_language", "enforce_login_domains", "survey_url",
)  # fmt: skip
SETTINGS: dict[str, Rule] = {
    **dict.fromkeys(_FLAGS, flag),
    **dict.fromkeys(_TEXTS, text()),
    "additional_data_center_regions": listed(text()),
    "approval_type": one_of(0, 1, 2),
    "attendees_and_panelists_reminder_email_notification": _MAIL,
    "audio": one_of("both", "telephony", "voip", "thirdParty"),
    "audio_conference_info": text(2048),
    "auto_recording": one_of("local", "cloud", "none"),
    "follow_up_absentees_email_notification": _MAIL,
    "follow_up_attendees_email_notification": _MAIL,
    "global_dial_in_countries": listed(text()),
    "language_interpretation": record({"enable": flag, "interpreters": _INTERPRETERS}),
    "question_and_answer": _QUESTIONS,
    "registrants_restrict_number": whole(0, 20_000),
    "registration_type": one_of(1, 2, 3),
    "sign_language_interpretation": record({"enable": flag, "interpreters": _INTERPRETERS}),
}
_BODY: dict[str, Rule] = {
    "topic": text(200),
    "agenda": text(2000),
    "type": one_of(5, 6, 9),
    "duration": whole(1, 1440),
    "password": text(10, r"[!-~]*"),
    "recurrence": RECURRENCE,
    "schedule_for": text(),
    "start_time": text(),
    "timezone": text(),
    "tracking_fields": listed(record({"field": text(), "value": text()}, ("field",))),
}
CREATE: Rule = record(
    {
        **_BODY,
        "default_passcode": flag,
        "template_id": text(),
        "settings": record({**SETTINGS, "show_join_info": flag}),
    }
)
UPDATE: Rule = record({**_BODY, "settings": record({**SETTINGS, "notify_registrants": flag, "show_join_info": flag})})
_DEFAULTS: dict[str, Any] = {
    "host_video": False,
    "panelists_video": False,
    "approval_type": 2,
    "registration_type": 1,
    "audio": "both",
    "auto_recording": "none",
    "alternative_hosts": "",
    "close_registration": True,
    "show_share_button": True,
    "allow_multiple_devices": False,
    "practice_session": False,
    "hd_video": False,
    "on_demand": False,
    "question_and_answer": {"enable": True, "allow_anonymous_questions": True, "answer_questions": "all"},
    "registrants_confirmation_email": True,
    "registrants_email_notification": True,
    "registrants_restrict_number": 0,
    "meeting_authentication": False,
    "panelist_authentication": False,
    "post_webinar_survey": False,
    "email_language": "en-US",
}


def may_host_webinars(world: World, host: User) -> bool:
    """Whether he has the add-on, his own or the account's, or a licence of Zoom Events."""
    own = world.options.webinars if host.webinar is None else host.webinar
    return host.type == LICENSED and (own or host.zoom_events)


def need_plan(world: World, host: User) -> None:
    """Raises Refusal 200 unless the host has a webinar licence."""
    if not may_host_webinars(world, host):
        what = f"You must subscribe to the webinar plan and enable webinars for user {host.id}"
        raise refusal(400, 200, f"Webinar plan is missing. {what} in order to perform this action.")


def make_webinar(world: World, host: User, body: Mapping[str, Any], created_by: str = "api") -> Meeting:
    """A new webinar of `host`, taken into the world; raises Refusal as for a meeting."""
    kind = _kind(body, WEBINAR)
    now = world.clock.now()
    zone = body.get("timezone", host.timezone)
    start = start_of(body, zone)
    repeats = repeats_of(body, kind, start, None)
    password = new_passcode(world, {**body, "default_password": body.get("default_passcode", True)})
    webinar = Meeting(
        id=world.new_meeting_id(),
        uuid=world.mint.meeting_uuid(),
        host_id=host.id,
        topic=body.get("topic", "Zoom Webinar"),
        agenda=body.get("agenda", ""),
        type=kind,
        start=None if kind == WEBINAR_NO_TIME else now if start is None or start < now else start,
        duration=body.get("duration", 60),
        timezone=zone,
        password=password,
        settings=dict(body.get("settings", {})),
        created_at=now,
        created_by=created_by,
        recurrence=repeats,
        tracking_fields=body.get("tracking_fields", []),
    )
    repeat(webinar)
    world.add(webinar)
    world.tell("created", webinar)
    return webinar


def change_webinar(world: World, webinar: Meeting, body: Mapping[str, Any]) -> None:
    """Changes what `body` names. Raises Refusal before anything is changed."""
    kind = _kind(body, webinar.type)
    zone, now = body.get("timezone", webinar.timezone), world.clock.now()
    start = start_of(body, zone)
    repeats = repeats_of(body, kind, start, webinar)
    if "password" in body:
        world.policy.check(body["password"])
    before = {"id": webinar.id, "topic": webinar.topic, "duration": webinar.duration}
    webinar.type, webinar.timezone = kind, zone
    if kind != WEBINAR_NO_TIME:
        webinar.start = start if start is not None and start >= now else webinar.start or now
    else:
        webinar.start = None
    for name in ("topic", "agenda", "duration", "password", "tracking_fields"):
        if name in body:
            setattr(webinar, name, body[name])
    if repeats is not None or kind != WEBINAR_SERIES:
        webinar.recurrence = repeats
        repeat(webinar)
    merge_settings(webinar, body.get("settings", {}))
    settle_registrants(webinar)
    webinar.row = ""
    world.counters["updated"] += 1
    world.tell("updated", webinar, before)


def _kind(body: Mapping[str, Any], default: int) -> int:
    kind: int = body.get("type", default)
    if kind not in WEBINARS:
        raise invalid_fields([("type", "Invalid parameter: type.")])
    return kind


def show_webinar(world: World, webinar: Meeting, *, previous: bool = False) -> dict[str, Any]:
    """The whole webinar. The passcode's other forms are named otherwise than a meeting's, and there is no status."""
    host = world.users[webinar.host_id]
    shown: dict[str, Any] = json.loads(list_row(webinar))
    shown |= {
        "agenda": webinar.agenda,
        "host_email": host.email,
        "start_url": f"{SITE}/s/{webinar.id}?zak={world.mint.text('zak', 48)}",
        "settings": {**_DEFAULTS, **webinar.settings},
        "creation_source": "open_api" if webinar.created_by == "api" else "web_portal",
    }
    if webinar.password:
        numeric = str(int.from_bytes(join_hash(webinar.id, webinar.password).encode()[:4]))[:6]
        shown |= {
            "password": webinar.password,
            "encrypted_passcode": join_hash(webinar.id, webinar.password),
            "h323_passcode": webinar.password if webinar.password.isdigit() else numeric,
        }
    if webinar.recurrence:
        shown["recurrence"] = webinar.recurrence
        shown["occurrences"] = recurrence.shown(webinar, world.clock.now(), previous=previous)
    if webinar.tracking_fields:
        shown["tracking_fields"] = webinar.tracking_fields
    if webinar.settings.get("approval_type", NO_REGISTRATION) != NO_REGISTRATION:
        shown["registration_url"] = f"{SITE}/webinar/register/WN_{join_hash(webinar.id, 'register')[:22]}"
    return shown

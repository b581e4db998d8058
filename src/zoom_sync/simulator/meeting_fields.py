"""Which fields a meeting may be created and updated with, and what its settings are by default.

https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
"""

from __future__ import annotations

from typing import Any

from .schema import Rule, email, flag, listed, one_of, record, text, whole

_ADDRESSED = listed(record({"email": email}))
_QUESTIONS = record(
    {
        "enable": flag,
        "allow_submit_questions": flag,
        "allow_anonymous_questions": flag,
        "question_visibility": one_of("answered", "all"),
        "attendees_can_comment": flag,
        "attendees_can_upvote": flag,
    }
)
_CHAT = record({"enable": flag, "auto_add_invited_external_users": flag, "auto_add_meeting_participants": flag})
_COUNTRIES = record(
    {
        "approved_list": listed(text()),
        "denied_list": listed(text()),
        "enable": flag,
        "method": one_of("approve", "deny"),
    }
)
_WAITING = record(
    {
        "mode": one_of("follow_setting", "custom"),
        "who_goes_to_waiting_room": one_of(
            "everyone",
            "users_not_in_account",
            "users_not_in_account_or_whitelisted_domains",
            "users_not_on_invite",
        ),
    },
    required=("mode",),
)
_ROOMS = record({"enable": flag, "rooms": listed(record({"name": text(32), "participants": listed(text())}))})
_INTERPRETERS = record(
    {
        "enable": flag,
        "interpreters": listed(record({"email": email, "languages": text(), "interpreter_languages": text()})),
    }
)
_SIGNERS = record({"enable": flag, "interpreters": listed(record({"email": email, "sign_language": text()}), most=20)})
_VIDEO_MANAGEMENT = record(
    {"enable": flag, "channels": listed(record({"channel_id": text(), "name": text()}, ("channel_id",)), 5)},
    required=("enable",),
)
_RESOURCE = record(
    {
        "resource_type": one_of("whiteboard"),
        "resource_id": text(),
        "permission_level": one_of("editor", "commenter", "viewer"),
    }
)
_FLAGS = (
    "allow_host_control_participant_mute_state", "allow_multiple_devices",
    "alternative_host_manage_cloud_recording", "alternative_host_manage_meeting_summary",
    "alternative_host_update_polls", "alternative_hosts_email_notification",
    "auto_start_ai_companion_questions", "auto_start_meeting_summary", "close_registration", "cn_meeting",
    "device_testing", "disable_participant_video", "email_in_attendee_report", "email_notification",
    "focus_mode", "host_save_video_order", "host_video", "in_meeting", "internal_meeting",
    "join_before_host", "meeting_authentication", "mute_upon_entry", "participant_focused_meeting",
    "participant_video", "private_meeting", "push_change_to_calendar", "registrants_confirmation_email",
    "registrants_email_notification", "request_permission_to_unmute_participants", "show_share_button",
    "use_pmi", "waiting_room", "watermark",
)  # fmt: skip
SETTINGS: dict[str, Rule] = {
    **dict.fromkeys(_FLAGS, flag),
    "alternative_hosts": text(),
    "approval_type": one_of(0, 1, 2),
    "approved_or_denied_countries_or_regions": _COUNTRIES,
    "audio": one_of("both", "telephony", "voip", "thirdParty"),
    "audio_conference_info": text(2048),
    "authentication_domains": text(),
    "authentication_exception": listed(record({"email": email, "name": text(), "join_url": text()})),
    "authentication_option": text(),
    "auto_add_recording_to_video_management": _VIDEO_MANAGEMENT,
    "auto_recording": one_of("local", "cloud", "none"),
    "breakout_room": _ROOMS,
    "calendar_type": one_of(1, 2),
    "contact_email": text(),
    "contact_name": text(),
    "continuous_meeting_chat": _CHAT,
    "encryption_type": one_of("enhanced_encryption", "e2ee"),
    "global_dial_in_countries": listed(text()),
    "jbh_time": one_of(0, 5, 10, 15),
    "language_interpretation": _INTERPRETERS,
    "meeting_invitees": _ADDRESSED,
    "question_and_answer": _QUESTIONS,
    "registration_type": one_of(1, 2, 3),
    "resources": listed(_RESOURCE),
    "sign_language_interpretation": _SIGNERS,
    "summary_template_id": text(),
    "waiting_room_options": _WAITING,
    "who_can_ask_questions": one_of(1, 2, 3, 4, 5),
    "who_will_receive_summary": one_of(1, 2, 3, 4),
}
RECURRENCE = record(
    {
        "type": one_of(1, 2, 3),
        "repeat_interval": whole(1, 99),
        "weekly_days": text(pattern=r"[1-7](,[1-7])*"),
        "monthly_day": whole(1, 31),
        "monthly_week": one_of(-1, 1, 2, 3, 4),
        "monthly_week_day": one_of(1, 2, 3, 4, 5, 6, 7),
        "end_times": whole(0, 60),
        "end_date_time": text(),
    },
    required=("type",),
)
_BODY: dict[str, Rule] = {
    "topic": text(200),
    "agenda": text(2000),
    "type": one_of(1, 2, 3, 8, 10),
    "duration": whole(1, 1440),
    "password": text(10, r"[!-~]*"),
    "pre_schedule": flag,
    "recurrence": RECURRENCE,
    "schedule_for": text(),
    # Zone and instant are read where the meeting is made: they can only be judged together.
    "start_time": text(),
    "timezone": text(),
    "template_id": text(),
    "tracking_fields": listed(record({"field": text(), "value": text()}, ("field",))),
}

CREATE: Rule = record(
    {
        **_BODY,
        "default_password": flag,
        "settings": record({**SETTINGS, "additional_data_center_regions": listed(text()), "show_join_info": flag}),
    }
)
UPDATE: Rule = record(
    {
        **_BODY,
        "settings": record(
            {
                **SETTINGS,
                "authentication_name": text(),
                "custom_keys": listed(record({"key": text(64), "value": text(256)}), most=10),
                "enforce_login": flag,
                "enforce_login_domains": text(),
                "global_dial_in_numbers": listed(
                    record(
                        {
                            "city": text(),
                            "country": text(),
                            "country_name": text(),
                            "number": text(),
                            "type": text(),
                        }
                    )
                ),
            }
        ),
    }
)

DEFAULT_SETTINGS: dict[str, Any] = {
    "host_video": False,
    "participant_video": False,
    "cn_meeting": False,
    "in_meeting": False,
    "join_before_host": False,
    "jbh_time": 0,
    "mute_upon_entry": False,
    "watermark": False,
    "use_pmi": False,
    "approval_type": 2,
    "registration_type": 1,
    "audio": "both",
    "auto_recording": "none",
    "alternative_hosts": "",
    "alternative_hosts_email_notification": True,
    "alternative_host_update_polls": False,
    "close_registration": False,
    "show_share_button": False,
    "allow_multiple_devices": False,
    "registrants_confirmation_email": True,
    "registrants_email_notification": True,
    "waiting_room": False,
    "request_permission_to_unmute_participants": False,
    "meeting_authentication": False,
    "encryption_type": "enhanced_encryption",
    "approved_or_denied_countries_or_regions": {"enable": False},
    "breakout_room": {"enable": False},
    "continuous_meeting_chat": {"enable": False},
    "question_and_answer": {"enable": False},
    "internal_meeting": False,
    "participant_focused_meeting": False,
    "push_change_to_calendar": False,
    "resources": [],
    "auto_start_meeting_summary": False,
    "auto_start_ai_companion_questions": False,
    "device_testing": False,
    "disable_participant_video": False,
    "email_in_attendee_report": False,
    "email_notification": True,
    "focus_mode": False,
    "host_save_video_order": False,
    "meeting_invitees": [],
    "private_meeting": False,
    "global_dial_in_countries": ["US"],
}

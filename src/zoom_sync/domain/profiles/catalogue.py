"""Every setting that Zoom takes for a meeting or a webinar, as its description of the API names them.

A line each: the path below `settings`, what it is, and where it is taken. What it is: flag, text, whole, list (of
objects whose fields follow as `[].field`), texts (a list of text), or its choices. Where: M for meetings, W for
webinars; `c` behind it: only when it is created, `u`: only when it is changed. `tracking_fields` stands beside
`settings` with Zoom, and among them here.

https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
https://developers.zoom.us/docs/api/meetings/#tag/webinars/POST/users/{userId}/webinars
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zoom_sync.domain.programme import Kind

_TABLE = """
add_audio_watermark flag W
add_watermark flag W
additional_data_center_regions texts McW
allow_host_control_participant_mute_state flag MW
allow_multiple_devices flag MW
alternative_host_manage_cloud_recording flag M
alternative_host_manage_meeting_summary flag M
alternative_host_update_polls flag MW
alternative_hosts text MW
alternative_hosts_email_notification flag M
approval_type 0|1|2 MW
approved_or_denied_countries_or_regions.approved_list texts M
approved_or_denied_countries_or_regions.denied_list texts M
approved_or_denied_countries_or_regions.enable flag M
approved_or_denied_countries_or_regions.method approve|deny M
attendees_and_panelists_reminder_email_notification.enable flag W
attendees_and_panelists_reminder_email_notification.type 0|1|2|3|4|5|6|7 W
audio both|telephony|voip|thirdParty MW
audio_conference_info text MW
authentication_domains text MW
authentication_exception list M
authentication_exception[].email text M
authentication_exception[].join_url text Mu
authentication_exception[].name text M
authentication_name text Mu
authentication_option text MW
auto_add_recording_to_video_management.channels list M
auto_add_recording_to_video_management.channels[].channel_id text M
auto_add_recording_to_video_management.channels[].name text M
auto_add_recording_to_video_management.enable flag M
auto_recording local|cloud|none MW
auto_start_ai_companion_questions flag M
auto_start_meeting_summary flag M
breakout_room.enable flag M
breakout_room.rooms list M
breakout_room.rooms[].name text M
breakout_room.rooms[].participants texts M
calendar_type 1|2 M
close_registration flag MW
cn_meeting flag M
contact_email text MW
contact_name text MW
continuous_meeting_chat.auto_add_invited_external_users flag M
continuous_meeting_chat.auto_add_meeting_participants flag M
continuous_meeting_chat.enable flag M
custom_keys list Mu
custom_keys[].key text Mu
custom_keys[].value text Mu
device_testing flag M
disable_participant_video flag M
email_in_attendee_report flag MW
email_language text W
email_notification flag M
enable_session_branding flag W
encryption_type enhanced_encryption|e2ee M
enforce_login flag MuW
enforce_login_domains text MuW
focus_mode flag M
follow_up_absentees_email_notification.enable flag W
follow_up_absentees_email_notification.type 0|1|2|3|4|5|6|7 W
follow_up_attendees_email_notification.enable flag W
follow_up_attendees_email_notification.type 0|1|2|3|4|5|6|7 W
global_dial_in_countries texts MW
global_dial_in_numbers list Mu
global_dial_in_numbers[].city text Mu
global_dial_in_numbers[].country text Mu
global_dial_in_numbers[].country_name text Mu
global_dial_in_numbers[].number text Mu
global_dial_in_numbers[].type toll|tollfree Mu
hd_video flag W
hd_video_for_attendees flag W
host_save_video_order flag M
host_video flag MW
in_meeting flag M
internal_meeting flag M
jbh_time 0|5|10|15 M
join_before_host flag M
language_interpretation.enable flag MW
language_interpretation.interpreters list MW
language_interpretation.interpreters[].email text MW
language_interpretation.interpreters[].interpreter_languages text MW
language_interpretation.interpreters[].languages text MW
meeting_authentication flag MW
meeting_invitees list M
meeting_invitees[].email text M
mute_upon_entry flag M
notify_registrants flag Wu
on_demand flag W
panelist_authentication flag W
panelists_invitation_email_notification flag W
panelists_video flag W
participant_focused_meeting flag M
participant_video flag M
post_webinar_survey flag W
practice_session flag W
private_meeting flag M
push_change_to_calendar flag M
question_and_answer.allow_anonymous_questions flag MW
question_and_answer.allow_auto_reply flag W
question_and_answer.allow_submit_questions flag MW
question_and_answer.answer_questions only|all W
question_and_answer.attendees_can_comment flag MW
question_and_answer.attendees_can_upvote flag MW
question_and_answer.auto_reply_text text W
question_and_answer.enable flag MW
question_and_answer.question_visibility answered|all M
registrants_confirmation_email flag MW
registrants_email_notification flag MW
registrants_restrict_number whole W
registration_type 1|2|3 MW
request_permission_to_unmute_participants flag MW
resources list M
resources[].permission_level editor|commenter|viewer M
resources[].resource_id text M
resources[].resource_type whiteboard M
send_1080p_video_to_attendees flag W
show_join_info flag McW
show_share_button flag MW
sign_language_interpretation.enable flag MW
sign_language_interpretation.interpreters list MW
sign_language_interpretation.interpreters[].email text MW
sign_language_interpretation.interpreters[].sign_language text MW
summary_template_id text M
survey_url text W
tracking_fields list MW
tracking_fields[].field text MW
tracking_fields[].value text MW
use_pmi flag M
waiting_room flag M
waiting_room_options.mode follow_setting|custom M
waiting_room_options.who_goes_to_waiting_room everyone|users_not_in_account|users_not_in_account_or_whitelisted_domains|users_not_on_invite M
watermark flag M
who_can_ask_questions 1|2|3|4|5 M
who_will_receive_summary 1|2|3|4 M
"""  # noqa: E501 - a line of the table is one setting

# An order for one change ("tell the registrants"), and no state: Zoom never shows it.
NEVER_SHOWN = frozenset({"notify_registrants"})
# What an object of settings must say whenever anything of it is sent: the `required` of Zoom's description.
REQUIRED = {
    "auto_add_recording_to_video_management": "auto_add_recording_to_video_management.enable",
    "waiting_room_options": "waiting_room_options.mode",
}
BESIDE_SETTINGS = frozenset({"tracking_fields"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `created` and `changed` are the kinds that take it then; `choices` are all its values, if told."""

    path: str
    type: str
    choices: tuple[str | int, ...]
    created: frozenset[Kind]
    changed: frozenset[Kind]

    @property
    def kinds(self) -> frozenset[Kind]:
        return self.created | self.changed


def _setting(line: str) -> Setting:
    path, what, where = line.split()
    created, changed = set(), set()
    for letter, when in re.findall("([MW])([cu]?)", where):
        kind = Kind.MEETING if letter == "M" else Kind.WEBINAR
        if when != "u":
            created.add(kind)
        if when != "c":
            changed.add(kind)
    values = what.split("|") if "|" in what or path.endswith("resource_type") else []
    choices = tuple(int(value) if value.isdecimal() else value for value in values)
    return Setting(path, "choice" if choices else what, choices, frozenset(created), frozenset(changed))


CATALOGUE: Mapping[str, Setting] = MappingProxyType(
    {setting.path: setting for setting in map(_setting, _TABLE.strip().splitlines())}
)
_OBJECTS = frozenset(
    path[:end] for path in CATALOGUE for end in range(len(path)) if path[end] == "." and not path[:end].endswith("[]")
)


def is_object(path: str) -> bool:
    """Whether a path leads to an object of settings, and to no setting itself."""
    return path in _OBJECTS


def taken(path: str, kind: Kind) -> bool:
    """Whether Zoom takes a setting for a meeting of this kind. What is not in the table is passed on as it is."""
    known = CATALOGUE.get(path)
    return known is None or kind in known.kinds


def only_created(path: str, kind: Kind) -> bool:
    """Whether it cannot be changed once the meeting is made."""
    known = CATALOGUE.get(path)
    return known is not None and kind in known.created - known.changed


def only_changed(path: str, kind: Kind) -> bool:
    """Whether it cannot be told before the meeting is made."""
    known = CATALOGUE.get(path)
    return known is not None and kind in known.changed - known.created

"""The operations on users (https://developers.zoom.us/docs/api/users/)."""

from __future__ import annotations

from typing import Any

from .account import LICENSED, User
from .call import Call
from .clock import iso
from .meetings import SITE
from .messages import Response, json_response
from .refusals import invalid_field
from .world import World


def list_users(call: Call) -> Response:
    """GET /users: by status, the active ones unless asked otherwise."""
    status = call.query.get("status", "active")
    if status not in ("active", "inactive", "pending"):
        raise invalid_field("status")
    rows = [user for user in call.world.users.values() if user.status == status]
    page = call.world.pages.cut(call.operation, call.query, rows, call.now, most=2000)
    return json_response({"page_number": 1, **page.head(), "users": [_show(user) for user in page.rows]})


def get_user(call: Call) -> Response:
    """GET /users/{userId}, by id or e-mail."""
    user = call.world.user(call.params[0])
    account = call.world.credentials.account_id
    shown = _show(user) | {
        "role_name": "Member",
        "use_pmi": user.use_pmi,
        "account_id": account,
        "language": "en-US",
        "login_types": [100],
        "personal_meeting_url": f"{SITE}/j/{user.pmi}",
    }
    return json_response(shown)


def get_settings(call: Call) -> Response:
    """GET /users/{userId}/settings; of the options only `meeting_security` is simulated."""
    user = call.world.user(call.params[0])
    option = call.query.get("option", "")
    if option == "meeting_security":
        return json_response({"meeting_security": _security(call.world)})
    if option:
        raise invalid_field("option")
    return json_response(_settings(call.world, user))


def _show(user: User) -> dict[str, Any]:
    shown = {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.display_name,
        "email": user.email,
        "type": user.type,
        "pmi": user.pmi,
        "timezone": user.timezone,
        "verified": 1,
        "dept": "",
        "created_at": iso(user.created_at),
        "user_created_at": iso(user.created_at),
        "last_login_time": iso(user.created_at),
        "status": user.status,
        "role_id": "2",
    }
    if user.status == "pending":
        # Who was invited and has not yet come has no licence yet, and no room.
        del shown["type"], shown["pmi"]
    return shown


def concurrent_meetings(world: World, user: User) -> str:
    """Basic: one meeting at a time; Plus: two (licensed users on Business and above).

    https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0068522
    """
    if user.concurrent_meeting:
        return user.concurrent_meeting
    return "Plus" if user.type == LICENSED and world.options.plan == "business" else "Basic"


def _settings(world: World, user: User) -> dict[str, Any]:
    policy = world.policy
    return {
        "schedule_meeting": {
            "host_video": False,
            "participants_video": False,
            "audio_type": "both",
            "join_before_host": False,
            "use_pmi_for_scheduled_meetings": user.use_pmi,
            "use_pmi_for_instant_meetings": False,
            "require_password_for_scheduling_new_meetings": policy.required,
            "require_password_for_scheduled_meetings": policy.required,
            "require_password_for_instant_meetings": policy.required,
            "require_password_for_pmi_meetings": "all" if policy.required else "none",
            "embed_password_in_join_link": True,
            "pstn_password_protected": policy.required,
            "meeting_password_requirement": policy.requirement(),
        },
        "in_meeting": {"waiting_room": False, "polling": True, "breakout_room": True, "chat": True},
        "feature": {
            "meeting_capacity": user.meeting_capacity or (300 if world.options.plan == "business" else 100),
            "large_meeting": False,
            **_webinars(world, user),
            "cn_meeting": False,
            "in_meeting": False,
            "zoom_phone": False,
            "concurrent_meeting": concurrent_meetings(world, user),
        },
    }


def _webinars(world: World, user: User) -> dict[str, Any]:
    """The add-on, if the account or the user has it, and how many attendees it is for.

    A licence of Zoom Events is shown by its own name only: https://github.com/jrchamp/moodle-mod_zoom/issues/322
    """
    own = world.options.webinars if user.webinar is None else user.webinar
    has = own and user.type == LICENSED
    events = {"zoom_events": True, "zoom_events_capacity": user.zoom_events_capacity}
    return {
        "webinar": has,
        **({"webinar_capacity": user.webinar_capacity} if has else {}),
        **(events if user.zoom_events else {}),
    }


def _security(world: World) -> dict[str, Any]:
    policy = world.policy
    return {
        "auto_security": True,
        "block_user_domain": False,
        "embed_password_in_join_link": True,
        "encryption_type": "enhanced_encryption",
        "end_to_end_encrypted_meetings": False,
        "meeting_password": policy.required,
        "meeting_password_requirement": policy.requirement(),
        "only_authenticated_can_join_from_webclient": False,
        "phone_password": policy.required,
        "pmi_password": policy.required,
        "require_password_for_scheduled_meeting": policy.required,
        "require_password_for_scheduled_webinar": policy.required,
        "waiting_room": False,
    }

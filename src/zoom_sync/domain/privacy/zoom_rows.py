"""Where personal data stands in the rows of Zoom's reports (https://developers.zoom.us/docs/api/meetings/#tag/reports).

A kind of report that is not named here is read by `ROW`, which knows the names that Zoom gives such fields everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from zoom_sync.domain.privacy.shapes import NOBODY, Role, Shape

_DETAILS = (
    "customer_key", "ip_address", "device", "location", "network_type", "microphone", "speaker", "camera",
    "data_center", "pc_name", "domain", "mac_addr", "harddisk_id", "address", "city", "state", "country", "zip",
    "phone", "org", "job_title", "industry", "comments", "custom_questions", "no_of_employees",
    "purchasing_time_frame", "role_in_purchase_process", "join_url", "participant_pin_code",
)  # fmt: skip
_NAMES = {"name": Role.NAME, "user_name": Role.NAME, "first_name": Role.FIRST_NAME, "last_name": Role.LAST_NAME}
_CHOICES = Shape({"answer": Role.CHOICE}, own=True)

ROW = Shape(
    {
        "id": Role.ID,
        "participant_user_id": Role.ID,
        "registrant_id": Role.ID,
        "email": Role.EMAIL,
        "user_email": Role.EMAIL,
        **_NAMES,
        **dict.fromkeys(_DETAILS, Role.DETAIL),
    },
    # polls and surveys
    {"question_details": _CHOICES, "answer_details": _CHOICES},
)
_ANSWER = Shape({"name": Role.NAME, "email": Role.EMAIL, "user_id": Role.DETAIL, "content": Role.TEXT})
_QUESTION = Shape({"question": Role.TEXT, "answer": Role.JOINED}, {"answer_details": _ANSWER}, own=True)
ASKER = Shape(
    {"name": Role.NAME, "email": Role.EMAIL, "user_id": Role.DETAIL},
    {"question_details": _QUESTION},
)

# What polls and surveys ask is the organisers' own: the "name" of such a question is its text.
RAW_SHAPES: Mapping[str, Shape] = {"questions": ASKER, "poll-types": NOBODY, "survey-types": NOBODY}

# What `ZOOM_SYNC_DO_NOT_STORE` may name, and the fields that are then emptied.
NOT_STORED: Mapping[str, frozenset[Role]] = {
    "emails": frozenset({Role.EMAIL}),
    "names": frozenset({Role.NAME, Role.FIRST_NAME, Role.LAST_NAME}),
    "questions": frozenset({Role.TEXT, Role.JOINED}),
    "devices": frozenset({Role.DETAIL}),
}

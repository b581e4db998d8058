"""Registration: what a session asks for, who shall be registered, and how far it has come with each.

Pure. Imports `domain` and `errors`.
"""

from zoom_sync.domain.registering.approval import (
    ANYBODY,
    BY_APPROVAL,
    WITHOUT,
    approval_settings,
    mode_of,
    profile_conflict,
    registration_flaw,
)
from zoom_sync.domain.registering.registrant import (
    AT_ONCE,
    LISTED,
    MOST,
    Guest,
    Registrant,
    State,
    after_lists,
    by_key,
    folded,
    listed,
    portions,
    told,
)
from zoom_sync.domain.registering.table import People, people_of

__all__ = [
    "ANYBODY",
    "AT_ONCE",
    "BY_APPROVAL",
    "LISTED",
    "MOST",
    "WITHOUT",
    "Guest",
    "People",
    "Registrant",
    "State",
    "after_lists",
    "approval_settings",
    "by_key",
    "folded",
    "listed",
    "mode_of",
    "people_of",
    "portions",
    "profile_conflict",
    "registration_flaw",
    "told",
]

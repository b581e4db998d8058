"""Profiles: named bundles of meeting settings. `catalogue` holds what Zoom takes; the rest are the rules.

Pure. Imports `domain.programme` and the standard library.
"""

from zoom_sync.domain.profiles.catalogue import (
    BESIDE_SETTINGS,
    CATALOGUE,
    NEVER_SHOWN,
    REQUIRED,
    Setting,
    is_object,
    only_changed,
    only_created,
    taken,
)
from zoom_sync.domain.profiles.checking import setting_flaws
from zoom_sync.domain.profiles.inheriting import merged, profile_flaws, resolved

__all__ = [
    "BESIDE_SETTINGS",
    "CATALOGUE",
    "NEVER_SHOWN",
    "REQUIRED",
    "Setting",
    "is_object",
    "merged",
    "only_changed",
    "only_created",
    "profile_flaws",
    "resolved",
    "setting_flaws",
    "taken",
]

"""Time zones as Zoom takes them."""

from __future__ import annotations


def zoom_timezone(zone: str) -> str:
    """The zone Zoom is told to show a meeting's time in: places and UTC as they are, bare offsets as UTC.

    Zoom's list (https://developers.zoom.us/docs/api/references/abbreviations/#timezones) holds places and UTC, no
    `Etc/GMT-8`. The instant does not depend on it: start times are always sent in UTC.
    """
    return "UTC" if "/" not in zone or zone.startswith("Etc/") else zone

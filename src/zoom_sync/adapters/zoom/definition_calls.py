"""Requests for how polls and surveys are defined: what they ask, and how it is answered."""

from __future__ import annotations

from urllib.parse import quote

from zoom_sync.adapters.zoom.protocol import Call, call
from zoom_sync.domain.programme import Kind


def list_polls(meeting_id: str, kind: Kind) -> Call:
    """The polls of a meeting or webinar."""
    return call(f"{kind}Polls", quote(meeting_id))


def get_survey(meeting_id: str, kind: Kind) -> Call:
    """The survey after a meeting or webinar."""
    return call(f"{kind}SurveyGet", quote(meeting_id))

"""Which scopes the app lacks for what the stored programmes use. Zoom names those it granted with each token."""

from __future__ import annotations

from collections.abc import Iterable

from zoom_sync.adapters.zoom.operations import Feature, Operation, lacking, needed
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.meeting import DesiredMeeting
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import ZoomSyncError

# `approval_type`: https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}
WITHOUT_REGISTRATION = 2


def missing_scopes(parts: Parts) -> dict[Feature, list[Operation]] | None:
    """What the app may not do, by each feature in use; nothing missing is an empty list.

    None where Zoom did not say what it granted. Raises ZoomSyncError where no token is to be had.
    """
    granted = parts.reader.granted_scopes()
    if granted is None:
        return None
    in_use = features_in_use(parts)
    return {feature: lacking(granted, {feature}) for feature in Feature if feature in in_use}


def features_in_use(parts: Parts) -> set[Feature]:
    """What the stored programmes use; a store that cannot be asked, and bad profiles, are told of elsewhere."""
    try:
        programmes = [parts.programmes.programme(event.key) for event in parts.programmes.events()]
        meetings = [meeting for programme in programmes for meeting in parts.profiles.each(programme.sessions)[0]]
    except ZoomSyncError:
        return {Feature.MEETINGS}
    return features_of(meetings)


def features_of(meetings: Iterable[DesiredMeeting]) -> set[Feature]:
    """What these meetings use."""
    features = {Feature.MEETINGS}
    for meeting in meetings:
        webinar = meeting.kind is Kind.WEBINAR
        if webinar:
            features.add(Feature.WEBINARS)
        if meeting.fields.settings.get("approval_type", WITHOUT_REGISTRATION) != WITHOUT_REGISTRATION:
            features.add(Feature.WEBINAR_REGISTRATION if webinar else Feature.REGISTRATION)
        if meeting.panelists:
            features.add(Feature.PANELISTS)
    return features


def added_scopes(operations: Iterable[Operation]) -> str:
    """The scopes to add, each with what it is for."""
    purposes = {operation.scope: operation.purpose for operation in operations}
    return "; ".join(f"{scope} ({purpose})" for scope, purpose in purposes.items())


def granted_note(feature: Feature) -> str:
    """How many scopes a feature needs, where none is missing."""
    return f"all {len({operation.scope for operation in needed({feature})})} are granted"

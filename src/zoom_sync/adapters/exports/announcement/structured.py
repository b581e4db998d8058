"""The announcement as JSON, with the names that `check --format json` and `status --format json` use."""

from __future__ import annotations

from dataclasses import dataclass

from zoom_sync.adapters.exports.announcement.templates import Templates
from zoom_sync.adapters.exports.json_table import to_json
from zoom_sync.domain.publication import AnnouncedSession, Announcement


@dataclass(frozen=True, slots=True)
class StructuredWriter:
    """Writes one JSON object. What may not be shown is null."""

    media_type: str = "application/json"
    suffix: str = ".json"

    def write(self, announcement: Announcement) -> bytes:
        """The whole announcement as UTF-8."""
        event = announcement.programme.event
        values = {
            "event": {
                "key": event.key,
                "title": event.title,
                "timezone": event.timezone,
                "description": event.description,
            },
            "published_at": announcement.published_at,
            "sequence": announcement.sequence,
            "sessions": [_session(announcement, announced) for announced in announcement.sessions()],
            "called_off": [
                {
                    "key": revision.key,
                    "title": revision.title,
                    "start": revision.start,
                    "end": revision.end,
                    "timezone": revision.timezone,
                }
                for revision in announcement.called_off()
            ],
        }
        return to_json(values, indent=2) + b"\n"


def writers(_templates: Templates) -> dict[str, StructuredWriter]:
    """What this file offers."""
    return {"json": StructuredWriter()}


def _session(announcement: Announcement, announced: AnnouncedSession) -> dict[str, object]:
    session, revision = announced.session, announcement.revisions.get(announced.session.key)
    return {
        "key": session.key,
        "title": session.title,
        "long_title": session.long_title,
        "start": session.start,
        "end": session.end,
        "timezone": session.timezone,
        "kind": str(session.kind),
        "description": session.description,
        "room": session.room,
        "track": session.track,
        "moderators": list(session.moderators),
        "language": session.language,
        "cancelled": session.cancelled,
        "record": session.record,
        "meeting_of": session.meeting_of,
        "items": [
            {"presenter": item.presenter, "title": item.title, "country": item.country} for item in session.items
        ],
        "meeting_id": announced.meeting_id,
        "passcode": announced.passcode,
        "join_url": announced.join_url,
        "state": announced.state,
        "sequence": revision.sequence if revision else announcement.sequence,
        "changed_at": revision.changed_at if revision else None,
    }

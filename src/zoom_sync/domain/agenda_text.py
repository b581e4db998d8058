"""What a meeting's agenda says of the sessions that are held in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from zoom_sync.domain.meeting import AGENDA_LIMIT, clean, clip
from zoom_sync.domain.programme import Session
from zoom_sync.domain.series import is_series
from zoom_sync.domain.zoom_links import without_ways_in


def agenda_text(session: Session, others: Sequence[Session] = ()) -> str:
    """What a meeting's agenda says: the long title, the description, an entry per agenda item.

    Where `others` are held in the same meeting, each session is told with its time and title before its items.
    """
    parts = [session.long_title or "", without_ways_in(session.description) or ""]
    group = sorted((session, *others), key=lambda one: (one.start, one.key))
    parts += [_told(one, group) for one in group] if others else [_items(session)]
    return clip(clean("\n\n".join(part for part in parts if part)), AGENDA_LIMIT)


def _told(session: Session, group: Sequence[Session]) -> str:
    day = f"{session.start:%Y-%m-%d} " if is_series(group) else ""
    head = f"{day}{session.start:%H:%M}-{session.end:%H:%M} {session.title}"
    return "\n".join(part for part in (head, _items(session)) if part)


def _items(session: Session) -> str:
    return "\n".join(f"• {item.presenter}: {item.title}" for item in session.items)

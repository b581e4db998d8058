"""What collecting needs, and the session and link it works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import Session
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.ports import Clock, LinkStore, ProgrammeStore, ReportStore, ZoomReader


@dataclass(frozen=True, slots=True)
class Collecting:
    """What collecting needs. `delay` is how long after the end Zoom may still add rows.

    "Recently ended meetings can take up to 30 minutes to appear":
    https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0060632

    Who was there for `attended_share` of a session has attended it. `staff` are e-mails and domains.
    """

    programmes: ProgrammeStore
    links: LinkStore
    reports: ReportStore
    reader: ZoomReader
    clock: Clock
    delay: timedelta
    threads: int = 1
    attended_share: float = 0.5
    staff: frozenset[str] = field(default=frozenset(), repr=False)


def session_and_link(collecting: Collecting, event: str, key: str) -> tuple[Session, Link]:
    """Raises NotInStore where the session is not there or has no meeting."""
    session = collecting.programmes.session(event, key)
    link = collecting.links.link(event, key)
    if link is None:
        raise NotInStore(f"session {key!r} has no meeting to collect from; `zoom-sync adopt` links one")
    return session, link

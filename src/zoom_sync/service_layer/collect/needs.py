"""What collecting needs, and the sessions and the link it works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from zoom_sync.domain.dividing import Part, part_of
from zoom_sync.domain.meeting import Link
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.reports import DecisionStore, ReportStore
from zoom_sync.service_layer.ports.zoom import Clock, ZoomReader


@dataclass(frozen=True, slots=True)
class Collecting:
    """What collecting needs. `delay` is how long after the end Zoom may still add rows.

    "Recently ended meetings can take up to 30 minutes to appear":
    https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0060632

    Who was there for `attended_share` of a session has attended it. `staff` are e-mails and domains,
    `notetakers` names of bots beyond those that are known. `decisions` are what staff decided on who is one person.
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
    notetakers: frozenset[str] = frozenset()
    decisions: DecisionStore | None = None


def parts_and_link(collecting: Collecting, event: str, key: str) -> tuple[Mapping[str, Part], Link]:
    """The parts of all sessions that are held in the session's meeting, by their keys, and its link.

    Raises NotInStore where the session is not there or has no meeting.
    """
    sharing = collecting.programmes.sharing(event, key)
    link = collecting.links.link(event, sharing[0].meeting_key)
    if link is None:
        raise NotInStore(f"session {key!r} has no meeting to collect from; `zoom-sync adopt` links one")
    return {session.key: part_of(session, sharing) for session in sharing}, link

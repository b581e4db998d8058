"""Publishing: an event's announcement from the store, with what calendars have to be told anew put on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zoom_sync.domain.programme import Programme
from zoom_sync.domain.publication import Announcement, Language
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.domain.revision import Revision, revised
from zoom_sync.errors import StoreConflict
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore, PublicationStore
from zoom_sync.service_layer.ports.zoom import Clock

MOST_TURNS = 5


@dataclass(frozen=True, slots=True)
class Publishing:
    """What publishing needs. It asks Zoom nothing."""

    programmes: ProgrammeStore
    links: LinkStore
    publications: PublicationStore
    clock: Clock


def announce(
    publishing: Publishing,
    event: str,
    *,
    public: bool,
    language: Language = Language.ENGLISH,
    zones: tuple[str, ...] = (),
) -> Announcement:
    """The announcement as it stands now. Links and passcodes are shown only where `public`: nothing else decides it.

    Sessions that have changed since they were told last get a higher sequence, those that have left are called off;
    both are committed before anybody is told. Raises NotInStore.
    """
    programme = publishing.programmes.programme(event)
    meetings = publishing.links.published(event)
    revisions = _put_on_record(publishing, programme, meetings, public=public)
    now = publishing.clock.now()
    return Announcement(programme, meetings, now, public, language=language, zones=zones, revisions=revisions)


def announcement_of(
    publishing: Publishing, event: str, *, public: bool, language: Language, keys: Iterable[str] = ()
) -> Announcement:
    """The same to look at, of the named sessions or of all: nothing is put on record as told. Raises NotInStore."""
    programme = publishing.programmes.programme(event)
    revisions = publishing.publications.revisions(event)
    return Announcement(
        programme, publishing.links.published(event), publishing.clock.now(), public,
        language=language, revisions=revisions, keys=frozenset(keys),
    )  # fmt: skip


def invitation_of(publishing: Publishing, event: str, key: str, *, language: Language) -> Announcement:
    """One session with how to join it, for who may see that. Reads no other session. Raises NotInStore."""
    group = publishing.programmes.sharing(event, key)
    link = publishing.links.link(event, group[0].meeting_key)
    meetings = {}
    if link is not None:
        meetings[group[0].meeting_key] = PublishedMeeting(link.meeting_id, link.passcode, link.join_url)
    programme = Programme(publishing.programmes.event(event), tuple(group))
    now = publishing.clock.now()
    return Announcement(programme, meetings, now, public=True, language=language, keys=frozenset({key}))


def _put_on_record(
    publishing: Publishing, programme: Programme, meetings: Mapping[str, PublishedMeeting], *, public: bool
) -> Mapping[str, Revision]:
    """Compare and set: of two who publish a change at once, one counts it, and the other sees that it is counted."""
    event = programme.event.key
    for turn in range(MOST_TURNS):
        before = publishing.publications.revisions(event)
        changed = revised(programme, meetings, before, publishing.clock.now(), public=public)
        if not changed:
            return before
        try:
            publishing.publications.keep(event, changed)
        except StoreConflict:
            if turn == MOST_TURNS - 1:
                raise
        else:
            return {**before, **{revision.key: revision for revision in changed}}
    raise AssertionError("the loop returns or raises")

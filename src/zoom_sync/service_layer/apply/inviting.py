"""A webinar's panelists: adding those whom the programme names, taking out those of ours whom it names no longer.

Nothing here has to happen exactly once. Who is about to be added is committed before it is sent, so that after a crash
it is known who came from us; and Zoom's list is read first, so that nobody who is there is sent again.
Who was on the list before, and anybody whom the programme never named, is never taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.panelists import PANELISTS, Panelist, Standing, listed
from zoom_sync.domain.phrases import Phrase, joined
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.registering import portions
from zoom_sync.domain.run import RunItem
from zoom_sync.errors import InvalidRequest, NotFound, Refused
from zoom_sync.service_layer.apply.items import Applying, Outcome, failed

# Refusals that are not about one panelist: no permission or no plan (code 200), and the most a webinar takes (3000).
# https://developers.zoom.us/docs/api/webinars/#tag/webinars/POST/webinars/{webinarId}/panelists
NO_PERMISSION = 200
FULL = "limit for the number of panelists"


def invite(applying: Applying, item: RunItem, want: DesiredMeeting, written: Outcome) -> Outcome:
    """Bring the panelists up to the programme; `written` is how the rest of the item ended.

    One who is refused ends as the item's failure, by number and without an address, and stops none of the others.
    Raises ZoomError, StoreConflict.
    """
    link = applying.links.link(item.event, item.key)
    if link is None or link.kind is not Kind.WEBINAR:
        return written
    there = listed(applying.reader.panelists(link.meeting_id).rows)
    wanted = want.panelists_beside(link.host_id)
    missing = [panelist for panelist in wanted if panelist.key not in there]
    kept = _before(link.panelists, wanted, there)
    link = _noted(applying, item.event, link, kept)
    named = {panelist.key for panelist in wanted}
    surplus = {key: there[key] for key in kept if key not in named}
    stuck = _remove(applying, link, surplus)  # first of all: a webinar takes so many and no more
    refused = _add(applying, link, missing)
    after = {key: Standing.ADDED if standing is Standing.SENT else standing for key, standing in kept.items()
             if key not in refused and (key not in surplus or key in stuck)}  # fmt: skip
    _noted(applying, item.event, link, after)
    if refused or stuck:
        return failed(joined(_told(wanted, refused, stuck)))
    if applying.drifts is not None:
        applying.drifts.settled(item.event, item.key, [PANELISTS])
    return written


def _before(
    kept: Mapping[str, Standing], panelists: Sequence[Panelist], there: Mapping[str, str]
) -> dict[str, Standing]:
    """What is known before anything is sent: who is to be added, who is there and by whom, who of ours is surplus."""
    ours = {key for key, standing in kept.items() if standing is not Standing.FOUND}
    known = {
        panelist.key: Standing.SENT
        if panelist.key not in there
        else Standing.ADDED
        if panelist.key in ours
        else Standing.FOUND
        for panelist in panelists
    }
    return known | {key: Standing.ADDED for key in kept if key in ours and key in there and key not in known}


def _noted(applying: Applying, event: str, link: Link, panelists: Mapping[str, Standing]) -> Link:
    if panelists == link.panelists:
        return link
    changed = replace(link, panelists=panelists)
    applying.links.applied(event, changed, applying.clock.now())
    return replace(changed, version=link.version + 1)


def _add(applying: Applying, link: Link, people: Sequence[Panelist]) -> dict[str, str]:
    """Add people in portions, and those of refused portions one by one; answers why some were refused."""
    singly: list[Panelist] = []
    for some in portions(people):
        if _refusal(applying, link, some) is not None:
            singly += some
    refused: dict[str, str] = {}
    of_all: InvalidRequest | None = None
    for panelist in singly:
        refusal = of_all or _refusal(applying, link, [panelist])
        if refusal is not None:
            refused[panelist.key] = str(refusal)
            of_all = refusal if refusal.code == NO_PERMISSION or FULL in refusal.message.casefold() else None
    return refused


def _refusal(applying: Applying, link: Link, people: Sequence[Panelist]) -> InvalidRequest | None:
    try:
        applying.writer.add_panelists(link.meeting_id, people)
    except InvalidRequest as error:
        return error
    return None


def _remove(applying: Applying, link: Link, ids: Mapping[str, str]) -> dict[str, str]:
    """Take people out; answers why some are still there. What was refused may be done already: the list tells."""
    refused: dict[str, str] = {}
    for key, identity in ids.items():
        try:
            applying.writer.remove_panelist(link.meeting_id, identity)
        except (InvalidRequest, NotFound, Refused) as error:
            refused[key] = str(error)
    if not refused:
        return {}
    there = listed(applying.reader.panelists(link.meeting_id).rows)
    return {key: why for key, why in refused.items() if key in there}


def _told(panelists: Sequence[Panelist], refused: Mapping[str, str], stuck: Mapping[str, str]) -> Iterable[Phrase]:
    """What went wrong, each reason once, with the numbers of whom it is about."""
    for why in dict.fromkeys(refused.values()):
        numbers = [str(number) for number, panelist in enumerate(panelists, 1) if refused.get(panelist.key) == why]
        if len(panelists) == 1:
            yield Phrase("the panelist was not taken: {why}", why=why)
            continue
        some = ", ".join(numbers)
        yield Phrase(
            "of {count} panelists, number {some} was not taken: {why}", count=len(panelists), some=some, why=why
        )
    for why in dict.fromkeys(stuck.values()):
        count = sum(1 for text in stuck.values() if text == why)
        yield Phrase(
            "{count} of the panelists who are no longer named could not be taken out: {why}", count=count, why=why
        )

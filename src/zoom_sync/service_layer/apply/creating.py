"""Creating a meeting exactly once, and finding what an earlier attempt may have made. The steps: see the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from zoom_sync.domain.hosts import utc_day
from zoom_sync.domain.meeting import (
    DesiredMeeting,
    Intent,
    Link,
    ObservedMeeting,
    Origin,
    applied_after,
    clean,
    name_for_zoom,
)
from zoom_sync.domain.phrases import NOTHING, Phrase, joined
from zoom_sync.domain.plan import Action, kept_by_zoom, refused_by_zoom
from zoom_sync.domain.run import ItemState, RunItem
from zoom_sync.errors import InvalidRequest, NotFound, StoreConflict, ZoomError
from zoom_sync.service_layer.apply.changing import delete, patch
from zoom_sync.service_layer.apply.claiming import begin_creation
from zoom_sync.service_layer.apply.forced_passcodes import (
    is_forced,
    made_before,
    made_by,
    note_forced,
    probably_made,
)
from zoom_sync.service_layer.apply.items import Applying, Listings, Outcome, done, failed, skipped
from zoom_sync.service_layer.apply.writing import learned_of_new, refused_of_new, refuses_passcode
from zoom_sync.service_layer.arriving import note_looked_at

NOTHING_ACCEPTED: Mapping[str, int | None] = MappingProxyType({})


def create(applying: Applying, listings: Listings, item: RunItem, want: DesiredMeeting) -> Outcome:
    """1. Is it done already? 2. Did an earlier attempt make it? 3. Create it."""
    replaces = item.meeting_id
    link = applying.links.link(item.event, item.key)
    if link is not None and link.meeting_id != replaces:
        return skipped(Phrase("the session has meeting {id} by now", id=link.meeting_id))
    intent = applying.links.intent(item.event, item.key)
    if intent is not None:
        doubt = _resolve(applying, listings, item.event, intent)
        if doubt is not None:
            return doubt
        # Goes on with the intent as it was looked for: one that another run has begun since is another run's to finish.
    if want.fields.start <= applying.clock.now():
        return skipped(Phrase("the session's start is past; Zoom would put it at the current time"))
    wanted = Intent(
        item.key,
        item.host_id,
        want.kind,
        want.fields.topic,
        applying.passcode_for(item.host_id) if intent is None else intent.passcode,
        applying.clock.now(),
        replaces=replaces if link is not None else None,
    )
    if intent is not None:
        # Nothing came of it; since then the programme may want another kind, and the plan another host.
        wanted = replace(intent, host_id=wanted.host_id, kind=wanted.kind, topic=wanted.topic, replaces=wanted.replaces)
    try:
        return _send(applying, listings, item, wanted, want)
    except StoreConflict:
        if intent is not None:  # its host cannot hold it any more: the next plan finds another one
            applying.links.give_up(item.event, intent, applying.clock.now())
        raise


def _resolve(applying: Applying, listings: Listings, event: str, intent: Intent) -> Outcome | None:
    """An attempt may have made the meeting: look for it. None where there is none, so it can be created."""
    wait = _unsettled(applying, event, intent)
    if wait is not None:
        return wait
    meeting = _look_up(applying, listings, event, intent)
    return None if meeting is None else _link_found(applying, event, intent, meeting)


def _unsettled(applying: Applying, event: str, intent: Intent) -> Outcome | None:
    """When to look for the attempt, where Zoom may carry it out yet, or another run may be at it this moment."""
    now = applying.clock.now()
    attempted = intent.attempted_at or intent.created_at
    if attempted > now:
        # The clock was ahead when the attempt was dated: it waits from now on, and no longer than any other.
        applying.links.attempted_now(event, intent, now)
        attempted = now
    settled = attempted + applying.settle
    if now >= settled:
        return None
    why = Phrase("a run that has not ended began to create it; it is looked for once Zoom must show it")
    return Outcome(ItemState.FAILED, why, settled, held_by_another=True)


def _look_up(applying: Applying, listings: Listings, event: str, intent: Intent) -> ObservedMeeting | None:
    """Find the meeting that bears the intent's passcode among all of the host's that nobody is linked to.

    No clock rules one out: Zoom's `created_at` and what its answers call the time may differ by hours. They only say
    which is read first. A meeting that was read once, and bore none of our marks, is not read again.
    """
    settled = (intent.attempted_at or intent.created_at) + applying.settle
    ours = applying.links.linked_ids()
    looked_at = applying.links.looked_at()

    def other(row: ObservedMeeting) -> bool:
        if row.meeting_id not in looked_at:
            return False
        arrival = looked_at[row.meeting_id]
        return arrival is None or (arrival.event, arrival.key) != (event, intent.key)

    candidates = [
        row
        for row in listings.meetings(intent.host_id, intent.kind, settled)
        if row.meeting_id not in ours and not other(row)
    ]
    candidates.sort(key=lambda row: _likeliest(row, intent))
    read = (_bearer(applying, row, intent) for row in candidates)
    found = next((meeting for meeting in read if meeting is not None), None)
    if found is None and is_forced(applying):
        return made_by(applying, listings, intent, settled)
    return found


def _likeliest(row: ObservedMeeting, intent: Intent) -> tuple[bool, float, str]:
    """The likely one first, so that one is read and not many."""
    away = float("inf") if row.created_at is None else abs((row.created_at - intent.created_at).total_seconds())
    return clean(row.topic) != intent.topic, away, row.meeting_id


def _bearer(applying: Applying, row: ObservedMeeting, intent: Intent) -> ObservedMeeting | None:
    try:
        meeting = applying.reader.meeting(row.meeting_id, row.kind)
    except NotFound:
        return None
    if meeting.passcode == intent.passcode:
        return meeting
    note_looked_at(applying.links, [meeting], applying.clock.now())
    return None


def _link_found(applying: Applying, event: str, intent: Intent, meeting: ObservedMeeting) -> Outcome:
    link = Link(
        intent.key,
        meeting.meeting_id,
        meeting.kind,
        meeting.host_id,
        meeting.passcode or intent.passcode,
        meeting.join_url,
        Origin.CREATED,
        meeting.fields(),
        learned={},
    )
    return finish(applying, event, link, intent)


def _send(
    applying: Applying, listings: Listings, item: RunItem, intent: Intent, want: DesiredMeeting,
    *, another_passcode: bool = True,
) -> Outcome:  # fmt: skip
    sending = _Sending(applying, item, intent, want)
    fields, refused = want.at_first, sending.refused
    try:
        created = sending.create()
    except ZoomError as error:
        begun = sending.begun
        if begun is None:
            raise  # nothing left this process
        if error.outcome_unknown:
            settled = (begun.attempted_at or begun.created_at) + applying.settle
            return Outcome(ItemState.FAILED, Phrase("in doubt: {why}", why=error), settled)
        applying.links.close(item.event, begun)
        if not (another_passcode and isinstance(error, InvalidRequest) and refuses_passcode(error)):
            raise
        # The account asks something else of passcodes by now: once more, with one that it takes.
        code = applying.passcode_for(intent.host_id, fresh=True)
        anew = replace(intent, passcode=code, attempts=0, attempted_at=None)
        return _send(applying, listings, item, anew, want, another_passcode=False)
    if note_forced(applying, intent, created) and intent.attempts and sending.begun is not None:
        before = made_before(applying, listings, sending.begun, created)
        if before is not None:
            return _link_found(applying, item.event, sending.begun, before)
    link = Link(
        item.key,
        created.meeting_id,
        intent.kind,
        created.host_id,
        created.passcode or intent.passcode,  # an account may insist on its own
        created.join_url,
        Origin.CREATED,
        applied_after(fields, created),
        learned=learned_of_new(fields, created, refused, applying.clock.now()),
    )
    outcome = finish(applying, item.event, link, sending.begun, _not_taken(link), item.accepted)
    return _complete(applying, item, want, link, outcome)


class _Sending:
    """One creation on its way: its intent once that is committed (`begun`), and the fields that Zoom has refused."""

    def __init__(self, applying: Applying, item: RunItem, wanted: Intent, want: DesiredMeeting) -> None:
        self._applying, self._item, self._wanted, self._want = applying, item, wanted, want
        self.begun: Intent | None = None
        self.refused: dict[str, str] = {}

    def create(self) -> ObservedMeeting:
        """Send it, again without what Zoom refused as long as that is all that is wrong. Raises ZoomError."""
        fields, intent = self._want.at_first, self._wanted
        sent = replace(fields, timezone=name_for_zoom(fields.timezone, fields.spans))
        while True:
            left_out = frozenset(self.refused)
            try:
                return self._applying.writer.create(
                    intent.host_id, intent.kind, sent, intent.passcode, self._before_send, left_out
                )
            except InvalidRequest as error:
                words = refused_of_new(error, fields, self.refused) if self.begun is not None else {}
                if not words:
                    raise
                self.refused |= words  # Zoom has made nothing, so the same intent serves again

    def _before_send(self) -> None:
        if self.begun is None:
            self.begun = begin_creation(self._applying, self._item, self._wanted, self._want)
        else:  # the same request again: counted, and its host's time taken, already
            now = self._applying.clock.now()
            self.begun = self._applying.links.begin(self._item.event, self.begun, now, utc_day(now), None)


def _complete(applying: Applying, item: RunItem, want: DesiredMeeting, made: Link, outcome: Outcome) -> Outcome:
    """Tell Zoom what it takes only of a meeting that is there. What fails here, the next plan shows as a change."""
    link = applying.links.link(item.event, item.key) if want.only_later else None
    if link is not None and link.meeting_id == made.meeting_id:
        patch(applying, item, link, want, want.only_later)
    return outcome


def _not_taken(link: Link) -> Phrase:
    """What Zoom refused, and which fields it answered otherwise than sent; account settings may be locked."""
    phrases = [
        Phrase("Zoom refused {fields}: {why}", fields=name.removeprefix("settings."), why=words)
        for name, words in refused_by_zoom(link)
    ]
    kept = [name.removeprefix("settings.") for name, _ in kept_by_zoom(link)]
    if kept:
        phrases.append(Phrase("Zoom did not take: {fields}", fields=", ".join(kept)))
    return joined(phrases) if phrases else NOTHING


def finish(
    applying: Applying, event: str, link: Link, intent: Intent | None, note: Phrase = NOTHING,
    accepted: Mapping[str, int | None] = NOTHING_ACCEPTED,
) -> Outcome:  # fmt: skip
    """Commit the link. Where another run linked another meeting meanwhile, ours is surplus and is removed again.

    `accepted` is what may be lost with a meeting that it replaces.
    """
    try:
        applying.links.finish(event, link, intent, applying.clock.now())
    except StoreConflict:
        if link.meeting_id in applying.links.linked_ids():
            return done()  # the other run found this very meeting
        applying.writer.delete(link.meeting_id, link.kind)  # nobody has seen its link yet
        if intent is not None:
            applying.links.close(event, intent)
        why = Phrase("another run gave the session a meeting at the same moment; the second one was removed")
        return skipped(why)
    if intent is not None and intent.replaces is not None:
        return _retire(applying, event, intent.replaces, note, accepted)
    return done(note)


def _retire(
    applying: Applying, event: str, meeting_id: str, note: Phrase, accepted: Mapping[str, int | None]
) -> Outcome:
    outcome = delete(applying, event, meeting_id, accepted, Action.REPLACE)
    if outcome.state is ItemState.DONE:
        return done(note)
    return done(Phrase("the old meeting {id} is still there: {why}", id=meeting_id, why=outcome.reason))


def look_for(applying: Applying, listings: Listings, item: RunItem) -> Outcome:
    """An intent whose meeting nobody waits for any more: link what it made, remove it if it is a second one."""
    intent = applying.links.intent(item.event, item.key)
    if intent is None:
        return skipped(Phrase("another run has looked for it"))
    wait = _unsettled(applying, item.event, intent)
    if wait is not None:
        return wait
    meeting = _look_up(applying, listings, item.event, intent)
    link = applying.links.link(item.event, item.key)
    if meeting is None and link is None:
        # No other creation of the session will show whether the account gives passcodes of its own.
        meeting = probably_made(applying, listings, intent)
    if meeting is None:
        applying.links.give_up(item.event, intent, applying.clock.now())
        return done(Phrase("the earlier run had created nothing"))
    if link is None or link.meeting_id == intent.replaces:
        return _link_found(applying, item.event, intent, meeting)
    if meeting.begun(applying.clock.now()):
        return failed(Phrase("the session has a second meeting, {id}, and people are in it", id=meeting.meeting_id))
    applying.writer.delete(meeting.meeting_id, meeting.kind)
    applying.links.close(item.event, intent)
    return done(Phrase("a second meeting of the session, {id}, was removed", id=meeting.meeting_id))

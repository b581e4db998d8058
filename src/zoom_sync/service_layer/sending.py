"""Sending people to Zoom in portions, and what is done where a portion is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zoom_sync.domain.programme import RegistrationMode
from zoom_sync.domain.registering import BY_APPROVAL, Registrant, State, folded, portions, told
from zoom_sync.domain.registering.pushing import PushPlan
from zoom_sync.errors import InvalidRequest, NotFound, RateLimited, Refused, Unauthorized, Unavailable, ZoomError
from zoom_sync.service_layer.ports.events import RegistrantStore
from zoom_sync.service_layer.ports.zoom import Clock, ZoomRegistration

# Errors that are not about one person: the meeting is over, full, of a kind without registration, or not registered
# for at all. https://developers.zoom.us/docs/api/meetings/ (registrants, batch_registrants), …/webinars/
OF_THE_MEETING = frozenset({200, 404, 3001, 3035, 3038, 3043, 3161})
# Of code 3000, with which single panelists are refused, too.
OF_THE_WEBINAR = ("limit for the number of attendees", "registration as required", "has not been enabled", "paid")
OTHER = 3000
NO_BATCH = "batch registration is not supported"  # codes 303 and 300: recurring meetings take single registrants


class Sending:
    """One push under way. `stopped` is why nobody further is sent; empty as long as it goes on."""

    def __init__(
        self,
        store: RegistrantStore,
        zoom: ZoomRegistration,
        clock: Clock,
        event: str,
        plan: PushPlan,
        tell: Callable[[int], None],
    ) -> None:
        self.stopped = ""
        self._store, self._zoom, self._clock = store, zoom, clock
        self._event, self._plan, self._tell = event, plan, tell
        self._singly = False
        approval = plan.link.applied.settings.get("approval_type")
        self._approved = plan.mode is RegistrationMode.AUTOMATIC and approval == BY_APPROVAL

    def send(self, people: Sequence[Registrant]) -> None:
        """Send everybody, and save after each portion how far it has come."""
        for some in portions(people):
            if self.stopped:
                self._save([replace(registrant, state=State.WAITING, reason=self.stopped) for registrant in some])
            else:
                self._send_portion(some)
            self._tell(len(some))

    def _send_portion(self, some: Sequence[Registrant]) -> None:
        # Saved before it is sent: whoever finds it knows that Zoom may have it, and reads the lists.
        sent = [
            replace(registrant, state=State.SENT, reason="", meeting_id=self._plan.link.meeting_id)
            for registrant in some
        ]
        self._save(sent)
        if self._singly:
            self._send_singly(sent)
            return
        try:
            rows = self._zoom.add_many(
                self._plan.link.meeting_id,
                self._plan.link.kind,
                [registrant.person for registrant in sent],
                approved=self._approved,
            )
        except ZoomError as error:
            self._not_taken(sent, error)
        else:
            found = {folded(str(row.get("email") or "")): row for row in rows}
            self._save(
                [self._taken(registrant, found[registrant.key]) for registrant in sent if registrant.key in found]
            )

    def _not_taken(self, sent: Sequence[Registrant], error: ZoomError) -> None:
        """One that cannot be registered is the end of its batch: one by one, only that one is left."""
        if _stops(error):
            self.stopped = why(error)
            self._save([replace(registrant, state=State.WAITING, reason=self.stopped) for registrant in sent])
        elif isinstance(error, InvalidRequest | RateLimited):
            self._singly = self._singly or NO_BATCH in error.message.casefold()
            self._send_singly(sent)
        # Else it may have been done: they stay sent, and the lists tell.

    def _send_singly(self, sent: Sequence[Registrant]) -> None:
        for registrant in sent:
            if self.stopped:
                self._save([replace(registrant, state=State.WAITING, reason=self.stopped)])
                continue
            self._save([self._one(registrant)])

    def _one(self, registrant: Registrant) -> Registrant:
        link = self._plan.link
        try:
            row = self._zoom.add(link.meeting_id, link.kind, registrant.person, approved=self._approved)
        except ZoomError as error:
            if _stops(error):
                self.stopped = why(error)
            elif isinstance(error, InvalidRequest):
                return replace(registrant, state=State.REFUSED, reason=why(error))
            elif not isinstance(error, RateLimited):
                return registrant
            return replace(registrant, state=State.WAITING, reason=why(error))
        return self._taken(registrant, row)

    def _taken(self, registrant: Registrant, row: Mapping[str, Any]) -> Registrant:
        """Approved by its answer, or pending, until the lists tell better."""
        by_hand = self._plan.link.applied.settings.get("approval_type") == BY_APPROVAL and not self._approved
        return told(registrant, row, State.PENDING if by_hand else State.APPROVED)

    def _save(self, people: Sequence[Registrant]) -> None:
        self._store.save(self._event, self._plan.key, people, self._clock.now())


def _stops(error: ZoomError) -> bool:
    """Whether it is the meeting's or the account's, so that nobody else would be taken either."""
    if isinstance(error, RateLimited):
        return error.limit != "registrant"
    if isinstance(error, NotFound | Refused | Unauthorized | Unavailable):
        return True
    words = error.message.casefold()
    return error.code in OF_THE_MEETING or (error.code == OTHER and any(text in words for text in OF_THE_WEBINAR))


def why(error: ZoomError) -> str:
    """What is told of a refusal; no error of ours repeats an address."""
    if isinstance(error, RateLimited) and error.limit == "registrant":
        until = f" after {error.retry_at:%Y-%m-%d %H:%M} UTC" if error.retry_at else ""
        return f"Zoom takes no more of this person today: push again{until}"
    return str(error)

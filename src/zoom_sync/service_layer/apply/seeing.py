"""What was seen is what is done: the meeting that an item's session wants now, if that is what its plan showed.

A run may wait for hours: in a queue, for a host's next day, for a worker that died. Meanwhile a programme is loaded, a
profile edited, a user of the account loses his licence. What is wanted is made anew of all that, and held against what
the plan has kept of it: exactly the same is written, and anything else is for the next plan to show.
"""

from __future__ import annotations

from datetime import UTC, datetime

from zoom_sync.domain.alternatives import for_account
from zoom_sync.domain.meeting import DesiredMeeting, meeting_digest
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.run import RunItem
from zoom_sync.errors import ConfigurationError, NotInStore
from zoom_sync.service_layer.apply.items import Applying

WANTS_ANOTHER = Phrase("the programme wants something other than the plan showed: plan again")
EVER = datetime.min.replace(tzinfo=UTC)


def as_seen(applying: Applying, item: RunItem) -> DesiredMeeting | None:
    """The meeting that the item's session wants; None where it is not what was seen, or what was seen is not known.

    Raises StoreUnavailable.
    """
    if item.seen is None:
        return None
    try:
        want = applying.profiles.desired(*applying.programmes.sharing(item.event, item.key))
    except (NotInStore, ConfigurationError):  # the session, or its profile, is not there any more
        return None
    users = applying.links.hosts(EVER)
    if users is not None:
        want, _ = for_account(want, users)  # as the plan has told
    return want if meeting_digest(want) == item.seen else None


def has_own_meeting(applying: Applying, item: RunItem) -> bool:
    """Whether the programme wants a meeting for the item's session, and not in another session's."""
    try:
        session = applying.programmes.session(item.event, item.key)
    except NotInStore:
        return False
    return session.meeting_key == item.key

"""What somebody says that an instance of a meeting is to a session, against what was computed.

Imports the floor's ports, `domain` and `errors`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zoom_sync.domain.instances import Held, Place
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.report import ReportState
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.collect import Collecting, remerge
from zoom_sync.service_layer.collect.kinds import KIND_OF

CHOICES = (Place.OWN, Place.REHEARSAL, Place.STRAY, Place.OTHER)
PLACED_ANEW = Phrase("what counts as the session was changed: it is asked for again")


def say_what_it_is(collecting: Collecting, event: str, key: str, uuid: str, place: Place | None, who: str) -> None:
    """Store what `who` says of an instance, None to withdraw it, and make the session's figures anew.

    Its reports are due then: of an instance that counts only now, questions and answers have not been fetched.

    Raises:
        NotInStore: there is no such session or instance.
    """
    reports = collecting.reports
    if not reports.choose_instance(event, key, uuid, place, who):
        raise NotInStore(
            f"session {key!r} has no instance {uuid!r}; `zoom-sync instances {key}` lists those that were seen"
        )
    remerge(collecting, event, key)
    for state in reports.states(event, key):
        kind = KIND_OF.get(state.kind)
        if kind is not None and kind.of_instance and state.state is not ReportState.EXPIRED:
            anew = replace(state, state=ReportState.WAITING, reason=PLACED_ANEW, checked_at=None)
            reports.note(event, anew)


def held_json(held: Held) -> dict[str, Any]:
    """An instance as JSON."""
    return {
        "session": held.key,
        "uuid": held.uuid,
        "start": held.start.isoformat() if held.start else None,
        "end": held.end.isoformat() if held.end else None,
        "is": str(held.counts_as),
        "of": held.of or None,
        "people": held.people,
        "computed": str(held.place),
        "chosen_by": held.chosen_by or None,
    }

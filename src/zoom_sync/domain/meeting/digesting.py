"""What stands for a desired meeting: whoever carries out a plan proves with it that he writes what was seen. Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from zoom_sync.domain.meeting.comparing import compared
from zoom_sync.domain.meeting.values import DesiredMeeting


def meeting_digest(want: DesiredMeeting) -> str:
    """32 hex digits that are the same for exactly the same desired meeting: its values, its times, who is invited.

    Which of the panelists are users of the account does not enter; who is left out for it does.
    """
    values = {
        "key": want.key,
        "kind": str(want.kind),
        "fields": compared(want.fields),
        "spans": want.spans,
        "end": want.end,
        "host": want.host,
        "known_id": want.known_id,
        "members": want.members,
        "panelists": [(panelist.key, panelist.name) for panelist in want.panelists],
        "exact_lists": want.exact_lists,
    }
    text = json.dumps(values, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)

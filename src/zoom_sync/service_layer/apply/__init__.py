"""Carrying out a plan, item by item; each item is safe to repeat after dying at any point of it.

Creating is the dangerous step, because Zoom has no idempotency key:

1. An intent with a random passcode is committed just before the request leaves (`LinkStore.begin`, compare-and-set).
2. The meeting is created with that passcode.
3. Its id, link and passcode are committed and the intent is closed, in one transaction (`LinkStore.finish`).

Whoever finds an intent that may have been sent first waits until Zoom must have carried it out and shows it
(`settle`), then looks through the host's new meetings for the one that bears the passcode, and creates only if there
is none.

Imports the floor's ports, `domain` and `errors`; structlog for what a log line is about.
"""

from zoom_sync.service_layer.apply.changing import adopt_meeting, move_to
from zoom_sync.service_layer.apply.items import Applying, Listings, Outcome
from zoom_sync.service_layer.apply.running import Progress, apply_item, carry_out, settle_item, start_run

__all__ = [
    "Applying",
    "Listings",
    "Outcome",
    "Progress",
    "adopt_meeting",
    "apply_item",
    "carry_out",
    "move_to",
    "settle_item",
    "start_run",
]

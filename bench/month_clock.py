"""Runs a command of zoom-sync by the clock of a simulated month: `python bench/month_clock.py serve --port 8000`.

The machine's clock is replaced in the one place where it is read; everything else is as it is. MONTH_CLOCK names a file
that holds how many seconds the month is ahead of this machine.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from zoom_sync.adapters.zoom.clock import ZoomClock
from zoom_sync.entrypoints.cli import main

AHEAD = Path(os.environ["MONTH_CLOCK"])


def month(_clock: ZoomClock) -> datetime:
    """The time of the month."""
    return datetime.fromtimestamp(time.time() + float(AHEAD.read_text()), UTC)


if __name__ == "__main__":
    ZoomClock.local = month  # type: ignore[method-assign]
    main()

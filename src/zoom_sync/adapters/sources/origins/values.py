"""What every place of a programme answers.

Imports `errors` and the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from zoom_sync.errors import UserError


class NotRead(UserError):
    """The place of a programme could not be read, or did not take what was written back."""


@dataclass(slots=True)
class WrittenBack:
    """What became of each session: changed, the same as before, not in the place, or kept as somebody else has it."""

    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)

"""What is known of each field of a link, as it is kept. What cannot be read is left out, and is learned again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zoom_sync.domain.meeting import ABSENT, Learned, Refusal, Repairs

_VALUES = ("sent", "made", "previous", "original", "seen")


def learned_json(learned: Mapping[str, Learned]) -> dict[str, Any]:
    """What is known of each field, as it is kept. A value that is absent has no key."""
    return {name: _entry_json(one) for name, one in sorted(learned.items())}


def _entry_json(learned: Learned) -> dict[str, Any]:
    kept: dict[str, Any] = {name: getattr(learned, name) for name in _VALUES if getattr(learned, name) is not ABSENT}
    kept |= {"looks": learned.looks, "told": learned.told}
    if learned.at is not None:
        kept["at"] = learned.at.isoformat()
    if learned.refused is not None:
        kept["refused"] = {"value": learned.refused.value, "words": learned.refused.words}
        if learned.refused.shown is not ABSENT:
            kept["refused"]["shown"] = learned.refused.shown
    if learned.repairs is not None:
        repairs = learned.repairs
        kept["repairs"] = {
            "sent": repairs.sent, "shown": repairs.shown, "count": repairs.count, "due": repairs.due.isoformat()
        }  # fmt: skip
    return kept


def learned_from_json(kept: Any) -> dict[str, Learned] | None:
    """The reverse of `learned_json`; None for nothing that was kept."""
    if not isinstance(kept, Mapping):
        return None
    read = ((str(name), _entry(value)) for name, value in kept.items() if isinstance(value, Mapping))
    return {name: learned for name, learned in read if learned is not None}


def _entry(kept: Mapping[str, Any]) -> Learned | None:
    try:
        return Learned(
            **{name: kept.get(name, ABSENT) for name in _VALUES},
            looks=int(kept.get("looks") or 0),
            told=bool(kept.get("told")),
            at=datetime.fromisoformat(kept["at"]) if kept.get("at") else None,
            refused=_refusal(kept.get("refused")),
            repairs=_repairs(kept.get("repairs")),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _refusal(kept: Any) -> Refusal | None:
    if not isinstance(kept, Mapping):
        return None
    return Refusal(kept["value"], str(kept.get("words", "")), kept.get("shown", ABSENT))


def _repairs(kept: Any) -> Repairs | None:
    if not isinstance(kept, Mapping):
        return None
    return Repairs(kept["sent"], kept["shown"], int(kept["count"]), datetime.fromisoformat(kept["due"]))

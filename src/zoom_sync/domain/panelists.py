"""A webinar's panelists: whom the programme names, whom we added, and what differs. Pure.

A panelist is known by the e-mail. The name is told when somebody is added and not compared: Zoom cannot change it, and
whoever is taken out and added again has another link.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.registering import folded

PANELISTS = "panelists"
# `name`: "This value cannot exceed more than 12 Chinese characters". Of `panelists` it takes as many at once as of
# registrants, `registering.AT_ONCE`.
# https://developers.zoom.us/docs/api/webinars/#tag/webinars/POST/webinars/{webinarId}/panelists
MOST_HAN = 12
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


class Standing(StrEnum):
    """What is known of somebody who shall be, or shall no longer be, on a webinar's list of panelists."""

    SENT = "sent"  # was about to be added by us; whether Zoom has him, its list tells
    ADDED = "added"  # by us
    FOUND = "found"  # was on the list before we came: he is never taken out


@dataclass(frozen=True, slots=True)
class Panelist:
    """Somebody whom the programme names. `user_id` is his in the Zoom account, where he is known to have one."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    user_id: str | None = None

    @property
    def key(self) -> str:
        """The e-mail as it is compared."""
        return folded(self.email)


@dataclass(frozen=True, slots=True)
class PanelistChange:
    """Who is to be added and taken out, by folded e-mails. It is shown as counts, and an address never."""

    added: tuple[str, ...] = field(repr=False)
    removed: tuple[str, ...] = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        return {"added": len(self.added), "removed": len(self.removed)}

    @property
    def told(self) -> dict[str, list[str]]:
        """Everybody by e-mail: for a plan's digest, and not to be shown."""
        return {"added": sorted(self.added), "removed": sorted(self.removed)}


def named_in(items: Iterable[AgendaItem]) -> tuple[Panelist, ...]:
    """Everybody whose e-mail an agenda tells, once, by the first of his names.

    Where an item has as many presenters, joined by commas, as e-mails, each e-mail is that one's; else all of theirs.
    """
    panelists: dict[str, Panelist] = {}
    for item in items:
        names = item.presenter.split(", ")
        if len(names) != len(item.emails):
            names = [item.presenter] * len(item.emails)
        for email, name in zip(item.emails, names, strict=True):
            panelists.setdefault(folded(email), Panelist(email.strip(), as_taken(name)))
    return tuple(panelists.values())


def as_taken(name: str) -> str:
    """The name as long as Zoom takes it."""
    chinese = list(_HAN.finditer(name))
    return name[: chinese[MOST_HAN].start()].rstrip() if len(chinese) > MOST_HAN else name


def listed(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Zoom's list: the id of each panelist by folded e-mail; a row without an address is ignored."""
    values = {folded(str(row.get("email") or "")): str(row.get("id") or "") for row in rows}
    return {key: identity for key, identity in values.items() if key}


def on_list(kept: Mapping[str, Standing], seen: Collection[str] | None) -> set[str]:
    """Who of those we know of is on the list, as far as is known: `seen` is the list, None where nobody looked."""
    return {key for key, standing in kept.items() if standing is not Standing.SENT and (seen is None or key in seen)}


def change_of(panelists: Sequence[Panelist], kept: Mapping[str, Standing], there: Collection[str]) -> PanelistChange:
    """What must be done so that everybody who is wanted is on the list, and nobody whom only we had added."""
    keys = {panelist.key for panelist in panelists}
    added = tuple(panelist.key for panelist in panelists if panelist.key not in there)
    removed = tuple(key for key, standing in kept.items() if standing is not Standing.FOUND and key not in keys)
    return PanelistChange(added, removed)

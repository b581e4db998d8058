"""What of a plan may be done: by its policy, and by what is left of the hosts' day; and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from zoom_sync.domain.hosts import WRITES_PER_DAY, Host, next_utc_day, utc_and_local
from zoom_sync.domain.panelists import PANELISTS
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan.values import PASSCODE, Action, Change, HeldBack, Known, Observation, Policy
from zoom_sync.domain.registering import AT_ONCE

# What an accepted loss is counted by once more, right before: registrants who are approved, and who wait for it.
COUNTS = 2


def unused(known: Known, seen: Observation) -> frozenset[str]:
    """Our meetings whose links nobody has, or only an outdated one: removing them needs nobody's word.

    One that its session was moved away from is not among them as long as it is there: people may hold its link.
    """
    retired = frozenset(link.meeting_id for link in known.retired)
    return (retired - (known.left - seen.missing)) | frozenset(seen.arrived)


def by_policy(
    changes: Iterable[Change], policy: Policy, retired: frozenset[str]
) -> tuple[list[Change], list[HeldBack]]:
    allowed: list[Change] = []
    refused: list[HeldBack] = []
    for change in changes:
        if change.action in (Action.REPLACE, Action.MOVE) and not policy.allow_replace:
            why = Phrase("needs --allow-replace: it changes a published link")
            refused.append(HeldBack(change, why, needs="--allow-replace"))
        elif change.action is Action.DELETE and not policy.allow_delete and change.meeting_id not in retired:
            refused.append(HeldBack(change, Phrase("needs --allow-delete"), needs="--allow-delete"))
        else:
            allowed.append(change)
    return allowed, refused


@dataclass(slots=True)
class _Days:
    """A host's days to come, filled one after the other: `left` of the latest, which is `number` after tomorrow."""

    left: int
    daily: int
    number: int = 0

    def day_for(self, writes: int, spared: int) -> int:
        """On which of them so many writes fit beside what is `spared`; the first, where there is room on none."""
        if writes > self.daily - spared:
            return 0
        if writes > self.left - spared:
            self.number, self.left = self.number + 1, self.daily
        self.left -= writes
        return self.number


def by_budget(
    changes: Iterable[Change],
    hosts: Sequence[Host],
    used: Mapping[str, int],
    now: datetime,
    kept: int = 0,
    zone: tzinfo = UTC,
) -> tuple[list[Change], list[HeldBack]]:
    """What fits into the hosts' day, and on which day the rest does.

    Of each hundred writes, `kept` are not spent on putting back what was edited. Moments are told in `zone`, too.
    """
    daily = {host.id: host.daily_writes for host in hosts}
    left = {host.id: host.daily_writes - used.get(host.id, 0) for host in hosts}
    coming: dict[str, _Days] = {}
    fits: list[Change] = []
    later: list[HeldBack] = []
    for change in changes:
        # A host who left the pool may hold a meeting of ours yet; Zoom counts his writes all the same.
        of_day = daily.get(change.host_id, WRITES_PER_DAY)
        remaining = left.get(change.host_id, WRITES_PER_DAY - used.get(change.host_id, 0))
        spared = of_day * kept // 100 if change.only_repairs else 0
        if change.writes <= remaining - spared or not change.writes:
            left[change.host_id] = remaining - change.writes
            fits.append(change)
            continue
        days = coming.setdefault(change.host_id, _Days(of_day, of_day))
        goes_on = next_utc_day(now) + timedelta(days=days.day_for(change.writes, spared))
        at = utc_and_local(goes_on, zone)
        why = Phrase("the host's creates and updates of today are used up; goes on after {moment}", moment=at)
        if spared and change.writes <= remaining:
            why = Phrase(
                "the rest of the host's creates and updates of today is kept for the programme's own changes; goes on "
                "after {moment}",
                moment=at,
            )
        later.append(HeldBack(change, why, goes_on))
    return fits, later


def cost(changes: Iterable[Change]) -> tuple[dict[str, int], dict[str, int]]:
    calls: Counter[str] = Counter()
    writes: Counter[str] = Counter()
    for change in changes:
        calls["LIGHT"] += _light_calls(change) + len(change.panelists.removed)
        if change.losses:
            calls["MEDIUM"] += COUNTS
        if any(field.name == PANELISTS for field in change.fields):
            # The list is "Medium", and so is adding up to 30; each one is taken out by a "Light" call.
            calls["MEDIUM"] += 1 + -(-len(change.panelists.added) // AT_ONCE)
        if change.writes:
            writes[change.host_id] += change.writes
    return dict(calls), dict(writes)


def _light_calls(change: Change) -> int:
    """Create, read, update and delete of a meeting are all "Light": https://developers.zoom.us/docs/api/rate-limits/."""
    if change.action is Action.REPLACE:
        return 3 + 2 * change.twice  # create the new one, read and delete the old one
    if change.action is Action.DELETE:
        return 2  # read it first: people may be in it
    if change.action in (Action.ADOPT, Action.MOVE):
        return 1 + change.writes + _reads_back(change)
    if change.action is Action.CREATE:
        return 1 + 2 * change.twice
    return 1 + change.patches + _reads_back(change)  # it is read right before: people may be in it


def _reads_back(change: Change) -> bool:
    """Whether Zoom is asked what it made of what was written. A new passcode makes a new link, which has to be read."""
    return any(field.read_back or field.name == PASSCODE for field in change.fields)

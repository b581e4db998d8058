"""What others do in the simulated month, where `--others` lets them: staff, the account's own rules, a second program.

None of it asks for a write of ours, but for one where the second program begins; so whatever is written for it counts
against the least possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from month_story import Month

PEOPLE = 20
ACTS = ("second", "locked", "renamed", "registered", "moved", "series", "webinar")
LEAST = {"second": 1}


@dataclass
class Others:
    """Who did what: the acts in order, and what has to be there at the end of it."""

    acts: list[str] = field(default_factory=list)
    registered: dict[str, str] = field(default_factory=dict)
    rewritten: dict[str, dict[str, Any]] = field(default_factory=dict)
    spoiled: set[str] = field(default_factory=set)

    @property
    def least(self) -> int:
        """The fewest writes that all of it asks for."""
        return sum(LEAST.get(act, 0) for act in self.acts)


def moments_of_others(begin: datetime, days: int) -> Iterator[tuple[datetime, str, Any]]:
    """When they act: one after another, over the first half of the month."""
    for number, act in enumerate(ACTS):
        yield begin + timedelta(hours=9, minutes=3) + timedelta(days=days * 0.5) * number / len(ACTS), "other", act


def act(month: Month, what: str) -> None:
    """Somebody else acts."""
    control = month.there.simulator.control
    account = {
        "locked": {"what": "lock", "field": "settings.mute_upon_entry", "value": False},
        "renamed": {"what": "alias", "from": "UTC", "to": "Etc/UTC"},
    }
    if what in account:
        control("POST", "twists", account[what])
    elif what in ("series", "webinar"):
        host = month.chance.choice(_licensed(month))
        start = (month.now + timedelta(days=1)).replace(hour=18, minute=0).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = {"host": host["id"], "start_time": start, "duration": 60, "topic": "Of a colleague"}
        control("POST", "series" if what == "series" else "webinars", body)
    elif not _on_a_meeting(month, what):
        return
    month.others.acts.append(what)


def _on_a_meeting(month: Month, what: str) -> bool:
    there = [one for one in month.coming(timedelta(hours=30)) if month.there.meeting_of(one["key"])]
    if not there:
        return False
    key = month.chance.choice(there)["key"]
    meeting = str(month.there.meeting_of(key))
    control, others = month.there.simulator.control, month.others
    if what == "moved":
        [shown] = [one for one in month.there.simulator.meetings() if str(one["id"]) == meeting]
        busy = {one["host_id"] for one in month.there.simulator.meetings() if _near(one, shown)}
        free = [user for user in _licensed(month) if user["id"] not in busy]
        if not free:
            return False
        control("POST", f"meetings/{meeting}/move", {"host": month.chance.choice(free)["id"]})
        return True
    others.spoiled.add(key)
    if what == "registered":
        control("PATCH", f"meetings/{meeting}", {"settings": {"approval_type": 0}})
        control("POST", f"meetings/{meeting}/register", {"count": PEOPLE})
        others.registered[key] = meeting
    else:
        others.rewritten[meeting] = {"settings": {"waiting_room": True}}
        control("PATCH", f"meetings/{meeting}", others.rewritten[meeting])
    return True


def _near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two meetings may be held at the same time: then one host could not hold both."""
    starts = [datetime.fromisoformat(each["start_time"]) for each in (one, other) if each.get("start_time")]
    return len(starts) < 2 or abs(starts[0] - starts[1]) < timedelta(hours=4)


def _licensed(month: Month) -> list[dict[str, Any]]:
    users = month.there.simulator.control("GET", "state")["users"]
    return [user for user in users if user["type"] == 2 and user["status"] == "active"]


def go_on(month: Month) -> None:
    """The second program puts its value back, at every step of the clock until the session begins."""
    there = {str(one["id"]): one for one in month.there.simulator.meetings()} if month.others.rewritten else {}
    for meeting, fields in list(month.others.rewritten.items()):
        shown = there.get(meeting)
        if shown is None or datetime.fromisoformat(shown["start_time"]) <= month.now:
            del month.others.rewritten[meeting]
        elif not shown["settings"]["waiting_room"]:
            month.there.simulator.control("PATCH", f"meetings/{meeting}", fields)


def check(month: Month, key: str, meeting: dict[str, Any]) -> None:
    """At a session's start, who registered has to be there still."""
    if key in month.others.registered and meeting["registrants"] < PEOPLE:
        month.flaws.append(f"{key}: of {PEOPLE} registrants {meeting['registrants']} are left")

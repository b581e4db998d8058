"""What must hold in every story. Each has a name, and can be switched off by it.

Two are watched at each run of ours, by what was there before and after: nobody else acts in between. The others are
looked at when the world stands still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulation.capacity import spans, too_many
from simulation.scene import ALL, Scene, Write
from simulation.world import EVENT, EVERYTHING, PROFILES
from zoom_sync.adapters.store.links import Links
from zoom_sync.domain.meeting import differences
from zoom_sync.domain.plan import Policy
from zoom_sync.service_layer.sync import Planning, plan_event
from zoom_sync.simulator.account import User
from zoom_sync.simulator.world import ROOM, Meeting

CAPACITY, EFFECTS, ROOMS = "capacity", "effects", "rooms"
IN_STEP, SILENCE, FORGOTTEN, GOES_ON, PUBLISHED = "in_step", "silence", "forgotten", "goes_on", "published"
INVARIANTS = (CAPACITY, EFFECTS, ROOMS, IN_STEP, SILENCE, FORGOTTEN, GOES_ON, PUBLISHED)
# The actor because of whom no list can be believed.
SHORT_LISTS = "shorten_lists"
# The actor because of whom a list has a row that may be any meeting.
SPOILT_ROW = "spoil_row"


class Broken(AssertionError):
    """A promise that does not hold; `name` is that of the invariant."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name


def demand(holds: object, name: str, what: str) -> None:
    """Raises Broken unless it holds."""
    if not holds:
        raise Broken(name, what)


@dataclass(frozen=True)
class Held:
    """What people have in a meeting, and what of it only a hand can have put there."""

    host: str
    kind: bool
    registrants: int
    occurrences: int
    panelists: frozenset[str]
    alternatives: frozenset[str]
    whole: str


Snapshot = Mapping[int, Held]


def snapshot(scene: Scene) -> dict[int, Held]:
    """What is there now."""
    return {one.id: _held(one) for one in scene.living()}


def _held(meeting: Meeting) -> Held:
    others = str(meeting.settings.get("alternative_hosts") or "").replace(",", ";").lower().split(";")
    return Held(
        meeting.host_id,
        meeting.is_webinar,
        sum(one["status"] != "cancelled" for one in meeting.registrants),
        sum(one["status"] != "deleted" for one in meeting.occurrences),
        frozenset(one["email"].lower() for one in meeting.panelists),
        frozenset(other.strip() for other in others if other.strip()),
        repr((meeting.topic, meeting.agenda, meeting.settings, meeting.password)) if meeting.type == ROOM else "",
    )


def overloads(scene: Scene) -> dict[str, int]:
    """By host, at how many moments he has more at once than he can hold."""
    users = scene.world.simulator.world.users
    by_host: dict[str, list[Meeting]] = {}
    for meeting in scene.living():
        by_host.setdefault(meeting.host_id, []).append(meeting)
    return {host: count for host, held in by_host.items() if (count := _overload(scene, users[host], held))}


def _overload(scene: Scene, user: User, meetings: Iterable[Meeting]) -> int:
    """At the beginning of how many meetings there are too many."""
    on_zoom = [(start, end, one.is_webinar) for one in meetings for start, end in spans(one)]
    return too_many(scene.world.simulator.world, user, on_zoom)


def check_run(scene: Scene, before: Snapshot, loads: Mapping[str, int], names: frozenset[str]) -> None:
    """What a run of ours did: `before` and `loads` are from right before it. It had no leave for losses or overload."""
    if CAPACITY in names:
        now = overloads(scene)
        worse = {host: (loads.get(host, 0), count) for host, count in now.items() if count > loads.get(host, 0)}
        demand(not worse, CAPACITY, f"a run gave hosts more at once than they can hold (before, now): {worse}")
    for number, held in snapshot(scene).items():
        if number not in before:
            continue
        was = before[number]
        if EFFECTS in names:
            lost = _lost(was, held, scene.theirs.get(number, set()))
            demand(not lost, EFFECTS, f"a run took from meeting {number}: {lost}")
        if ROOMS in names:
            demand(was.whole == held.whole, ROOMS, f"a run changed the personal room {number}")


def _lost(was: Held, held: Held, theirs: set[str]) -> dict[str, Any]:
    """What people had and have no longer. What the programme itself put in may go with it."""
    lost: dict[str, Any] = {}
    for name in ("registrants", "occurrences"):
        if getattr(held, name) < getattr(was, name):
            lost[name] = (getattr(was, name), getattr(held, name))
    if gone := was.alternatives & theirs - held.alternatives:
        lost["alternative hosts"] = sorted(gone)
    if was.kind != held.kind:
        lost["kind"] = was.kind
    return lost


def check_in_step(scene: Scene) -> None:
    """Whatever nobody else had a hand in is as the programme has it."""
    planning, _, _ = scene.world.process()
    links = scene.links()
    for key, session in sorted(scene.world.sessions.items()):
        link = links.get(key)
        expected = ALL not in scene.spoiled_fields(key, link.host_id if link else "")
        if not expected:
            continue
        demand(
            link is not None or _waits(scene, key) or _room_is_short(scene) or key in _not_to_be_sought(scene, EVENT),
            IN_STEP,
            f"session {key} has no meeting",
        )
        if link is None:
            continue
        meeting = scene.meetings.get(int(link.meeting_id))
        if meeting is None or meeting.deleted_at is not None:
            # That it is gone takes a list that can be believed, and there is none: it is told, and waits.
            unsure = scene.hostile == SHORT_LISTS and key in _held_back(planning)
            demand(unsure, IN_STEP, f"the meeting of {key} is gone")
            continue
        spoiled = scene.spoiled_fields(key, meeting.host_id)
        if ALL in spoiled:
            continue
        shown = planning.reader.meeting(link.meeting_id, link.kind)
        names = {one.name for one in differences(PROFILES.desired(session).fields, shown.fields())}
        demand(
            names <= spoiled or _waits(scene, key), IN_STEP, f"{key} is not as the programme has it: {names - spoiled}"
        )


def _held_back(planning: Planning) -> set[str]:
    """The sessions of which a plan says that something waits, and why."""
    return {held.change.key for held in plan_event(planning, EVENT, EVERYTHING, deep=True).plan.held_back}


def _room_is_short(scene: Scene) -> bool:
    """Whether a session may be without a meeting because the hosts are full; and nothing is expected of a shortage."""
    return len(scene.hosts()) < 3 or bool(scene.bad_hosts)


def _waits(scene: Scene, key: str) -> bool:
    """Whether a change of the session is held back because its host would have too much at once."""
    return key in scene.waiting


def _not_to_be_sought(scene: Scene, event: str) -> set[str]:
    """The sessions whose creation is in doubt with a host whose list has a row without an ID.

    That row may be the meeting that the creation made: made again, it might be there twice. It need not be the linked
    meeting that the list lacks, for a list may lack a meeting for another reason, too: it shows new ones late.
    """
    if scene.hostile != SPOILT_ROW:
        return set()
    planning, _, _ = scene.world.process()
    intents = Links(scene.world.database).known(event, "").intents.values()
    return {one.key for one in intents if planning.reader.listed(one.host_id, one.kind).unreadable}


def check_nothing_forgotten(scene: Scene) -> None:
    """Every meeting that we made and that is there is one that the store knows of."""
    made = {str(one.id): one for one in scene.living() if one.created_by == "api"}
    known: set[str] = set()
    for event in scene.events():
        store = Links(scene.world.database).known(event, "")
        known |= {link.meeting_id for link in (*store.links.values(), *store.retired)}
        # What a short list lacks may be there: as long as all are short, a creation in doubt stays so.
        unsure = scene.bad_hosts or scene.hostile == SHORT_LISTS
        in_doubt = set() if unsure else store.intents.keys() - _not_to_be_sought(scene, event)
        demand(not in_doubt, FORGOTTEN, f"creations are left in doubt: {sorted(in_doubt)}")
        # The meeting of one that stays in doubt is not forgotten: it is found by its passcode once it is listed.
        begun = {(one.host_id, one.topic, one.passcode.value) for one in store.intents.values()}
        known |= {number for number, one in made.items() if (one.host_id, one.topic, one.password) in begun}
        known |= _likely_ours(scene, event)
    demand(made.keys() <= known, FORGOTTEN, f"made by us and known to nobody: {sorted(made.keys() - known)}")
    registered = {str(number) for number, held in snapshot(scene).items() if held.registrants}  # deleted by name only
    wrong = [
        key
        for key, link in scene.links().items()
        if key not in scene.world.sessions
        and key not in scene.held
        and link.meeting_id not in registered
        and ALL not in scene.spoiled_fields(key, link.host_id)
    ]
    demand(not wrong, FORGOTTEN, f"linked, though the programme has no such session: {wrong}")


def _likely_ours(scene: Scene, event: str) -> set[str]:
    """The meetings that a plan tells of as perhaps ours: an account that gives passcodes of its own hides our marks."""
    notes = plan_event(scene.world.process()[0], event, Policy()).plan.notes
    return {
        str(note.values["id"]) for note in notes if note.template.startswith("meeting {id}, which nothing is linked")
    }


# A repair that comes back again and again is given up after so many.
MOST_REPAIRS = 4
_TIMES = frozenset({"start_time", "duration", "timezone"})


def check_silence(scene: Scene, from_look: int) -> None:
    """From that look on nothing is written, but to what somebody stays hostile to, and that not for ever."""
    late = [write for write in scene.writes if write.look >= from_look]
    loud = [write for write in late if not _answers_hostility(scene, write)]
    demand(not loud, SILENCE, f"still written when the world stood still: {loud[:4]}")
    often = [path for path, count in Counter(write.path for write in late).items() if count > MOST_REPAIRS]
    demand(not often, SILENCE, f"what somebody stays hostile to is repaired without end: {often}")


def _answers_hostility(scene: Scene, write: Write) -> bool:
    """Whether a write is one of what the hostile actor has a hand in, and of nothing else."""
    if not scene.hostile:
        return False
    for key, link in scene.links().items():
        if f"/{link.meeting_id}" in write.path:
            spoiled = scene.spoiled_fields(key, link.host_id)
            spoiled |= _TIMES if spoiled & _TIMES else set()
            return ALL in spoiled or write.fields <= spoiled
    return bool(scene.bad_hosts)

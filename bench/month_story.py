"""The story of the simulated month: what happens on the way, and what a person sees and does."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from month_house import RHYTHM, House
from month_others import Others, act, check, go_on, moments_of_others

START = datetime(2027, 3, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
AT_ONCE = 4  # sessions of an evening, all at the same time for a while
# What a person needs to decide about a meeting that was deleted on Zoom.
THINKING = timedelta(hours=2)
# Without webhooks, what a list shows is noticed at the next sync, and what only the whole meeting shows at the daily
# deep check; either comes a step after it is due, at the latest.
NEXT_SYNC = RHYTHM.far + 2 * QUARTER
NEXT_DEEP = timedelta(days=1) + NEXT_SYNC
STATED = {"title": NEXT_SYNC, "settings": NEXT_DEEP, "passcode": NEXT_DEEP, "deleted": NEXT_SYNC}
HEARD_SECONDS = 3.0
KILL_WITHIN_SECONDS = 0.3
EVENING = (16, 22)  # the hours that all sessions are in
KINDS = ("title", "settings", "passcode", "deleted")


@dataclass
class Meddling:
    """Something done on Zoom by hand, and when it was noticed."""

    kind: str
    key: str
    meeting: str
    at: datetime
    heard: bool
    before: Any = None
    noticed: datetime | None = None

    @property
    def took(self) -> timedelta | None:
        return None if self.noticed is None else self.noticed - self.at


@dataclass
class Month:
    """The story as it goes: the programme, the links as published, what went wrong."""

    there: House
    chance: random.Random
    days: int
    sessions: list[dict[str, Any]]
    published: dict[str, tuple[str, str]] = field(default_factory=dict)
    meddled: list[Meddling] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    held: dict[str, Meddling] = field(default_factory=dict)
    edits: int = 0
    edited: int = 0
    replaced: int = 0
    hears: bool = True
    others: Others = field(default_factory=Others)
    with_others: bool = False

    @property
    def now(self) -> datetime:
        return self.there.now

    def begin(self, session: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(session["start"]).replace(tzinfo=UTC)

    def end(self, session: dict[str, Any]) -> datetime:
        return self.begin(session) + timedelta(minutes=session["duration"])

    def programme(self) -> dict[str, Any]:
        return {"event": {"key": "month", "title": "A month", "timezone": "UTC"}, "sessions": self.sessions}

    def coming(self, after: timedelta) -> list[dict[str, Any]]:
        """The sessions that begin so much later, and are not meddled with just now."""
        busy = {one.key for one in self.meddled if one.noticed is None} | self.others.spoiled
        return [one for one in self.sessions if self.begin(one) > self.now + after and one["key"] not in busy]


def programme(days: int, sessions: int) -> list[dict[str, Any]]:
    """Evenings of some sessions that overlap, spread over the days."""
    evenings = -(-sessions // AT_ONCE)
    listed = []
    for number in range(sessions):
        evening, place = divmod(number, AT_ONCE)
        day = 1 + evening * (days - 2) // max(1, evenings)
        start = START + timedelta(days=day, hours=18, minutes=(0, 30, 45, 60)[place])
        listed.append(
            {"key": f"session-{number:03}", "title": f"Session {number:03}", "duration": 90,
             "start": start.strftime("%Y-%m-%dT%H:%M:%S")}
        )  # fmt: skip
    return listed


# --- what happens on the way ---------------------------------------------------------------------------------------


def edit(month: Month) -> None:
    """Somebody edits two sessions of the programme and loads it again: a title, and a start a quarter hour later."""
    coming = month.coming(timedelta(hours=6))
    if len(coming) < 2:  # one of each
        return
    title, later = month.chance.sample(coming, 2)
    title["title"] += " (new)"
    later["start"] = (month.begin(later) + QUARTER).strftime("%Y-%m-%dT%H:%M:%S")
    month.there.load(month.programme())
    month.edits += 1
    month.edited += 2


def meddle(month: Month, kind: str) -> None:
    """Somebody edits or deletes a meeting on Zoom."""
    coming = [one for one in month.coming(timedelta(hours=30)) if month.there.meeting_of(one["key"])]
    if not coming:
        return
    key = month.chance.choice(coming)["key"]
    meeting = str(month.there.meeting_of(key))
    control = month.there.simulator.control
    [before] = [one for one in month.there.simulator.meetings() if str(one["id"]) == meeting]
    told = Meddling(kind, key, meeting, month.now, month.hears, before)
    if kind == "deleted":
        control("DELETE", f"meetings/{meeting}")
    else:
        fields = {
            "title": {"topic": "By hand"},
            "settings": {"settings": {"waiting_room": not before["settings"]["waiting_room"]}},
            "passcode": {"password": "byhand1"},
        }[kind]
        control("PATCH", f"meetings/{meeting}", fields)
    month.meddled.append(told)


def look(month: Month) -> None:
    """Note what was put right, and what a person is told of; he then lets it be replaced."""
    open_yet = [one for one in month.meddled if one.noticed is None]
    if not open_yet:
        return
    there = {str(one["id"]): one for one in month.there.simulator.meetings()}
    waiting = {row[0] for row in month.there.ask("SELECT key FROM concerns WHERE subject = 'held_back'")}
    for one in open_yet:
        right = one.key in waiting if one.kind == "deleted" else _same(one, there.get(one.meeting))
        if right:
            one.noticed = month.now
            if one.kind == "deleted":
                month.held[one.key] = one


def _same(one: Meddling, found: dict[str, Any] | None) -> bool:
    names = {"title": "topic", "passcode": "password"}
    if found is None:
        return False
    if one.kind == "settings":
        return bool(found["settings"]["waiting_room"] == one.before["settings"]["waiting_room"])
    return one.kind in names and found[names[one.kind]] != {"title": "By hand", "passcode": "byhand1"}[one.kind]


def decide(month: Month) -> None:
    """The person who was told lets new meetings be made, and publishes their links."""
    ripe = [one for one in month.held.values() if one.noticed and month.now - one.noticed >= THINKING]
    if ripe:
        month.there.run("apply", "--yes", "--allow-replace")
        for one in ripe:
            del month.held[one.key]
            month.published.pop(one.key, None)
            month.replaced += 1


def publish(month: Month) -> None:
    """Every link is published as soon as it is there, and must not change from then on."""
    rows = month.there.ask("SELECT key, meeting_id, join_url FROM links WHERE state = 'linked'")
    for key, meeting, url in rows:
        if key in month.held or any(one.key == key and one.noticed is None for one in month.meddled):
            continue
        was = month.published.setdefault(key, (meeting, url))
        if was[0] != meeting:
            month.flaws.append(f"{key}: its published link changed")


def open_session(month: Month, session: dict[str, Any]) -> None:
    """People come to the published link; there has to be one meeting, and it has to be right."""
    key = session["key"]
    found = [one for one in month.there.simulator.meetings() if _bears(one["topic"], key)]
    linked = month.there.meeting_of(key)
    if len(found) != 1:
        month.flaws.append(f"{key}: {len(found)} meetings at its start")
    elif str(found[0]["id"]) != linked or month.published.get(key, ("",))[0] != linked:
        month.flaws.append(f"{key}: the meeting is not the one behind its link")
    elif found[0]["topic"] != session["title"] or datetime.fromisoformat(found[0]["start_time"]) != month.begin(
        session
    ):
        month.flaws.append(f"{key}: the meeting is not as the programme has it")
    else:
        check(month, key, found[0])


def _bears(topic: str, key: str) -> bool:
    return topic.removesuffix(" (new)").split(" (new)")[0] == f"Session {key.removeprefix('session-')}"


def close_session(month: Month, session: dict[str, Any]) -> None:
    """The session was held in its time."""
    meeting = month.there.meeting_of(session["key"])
    told = {"audience": 10 + month.chance.randrange(20), "questions": 3, "advance": False}
    try:
        month.there.simulator.control("POST", f"meetings/{meeting}/run", told)
    except OSError as error:
        month.flaws.append(f"{session['key']}: could not be held: {error}")


# --- the month -----------------------------------------------------------------------------------------------------


def moments(month: Month) -> Iterator[tuple[datetime, str, Any]]:
    """What happens when, but for sessions, whose times may be edited on the way."""
    days, chance = month.days, month.chance
    end = START + timedelta(days=days)
    quiet = START + timedelta(days=days * 0.4)
    yield quiet, "silence", None
    yield quiet + timedelta(days=max(1.5, days * 7 / 30)), "hear", None
    for number in range(max(2, days // 3)):
        yield START + timedelta(days=(number + 0.5) * days / max(2, days // 3), minutes=7), "edit", None
    for number in range(count := max(8, days)):
        at = START + timedelta(hours=7) + (end - START - timedelta(days=2)) * number / count
        yield at + timedelta(minutes=chance.randrange(600)), "meddle", KINDS[number % len(KINDS)]
    if month.with_others:
        yield from moments_of_others(START, days)


def steps_of(month: Month) -> Iterator[datetime]:
    """Where the clock stops: every quarter of an hour around the evenings, every half an hour otherwise."""
    at = START
    while at < START + timedelta(days=month.days):
        at += QUARTER if EVENING[0] <= at.hour < EVENING[1] else 2 * QUARTER
        yield at


def _kill_at(month: Month, steps: list[datetime], kills: int) -> dict[int, int]:
    """At which step serve is killed, and for how many it stays away: half of them while sessions end."""
    usual = range(8, len(steps) - 48)
    evenings = [step for step in usual if EVENING[0] + 3 <= steps[step].hour < EVENING[1]]
    late = month.chance.sample(evenings, kills // 2)
    places = late + month.chance.sample(sorted(set(usual) - set(late)), max(0, kills - 1 - len(late)))
    return {place: month.chance.choice((0, 0, 1, 2)) for place in places}


def go(month: Month, planned: list[tuple[datetime, str, Any]], kills: int) -> None:
    opened: set[str] = set()
    closed: set[str] = set()
    steps = list(steps_of(month))
    kill_at, away = _kill_at(month, steps, kills), 0
    for step, moment in enumerate(steps):
        while planned and planned[0][0] <= moment:
            at, what, told = planned.pop(0)
            month.there.go_to(at)
            _happen(month, what, told)
        month.there.jump(moment)
        if step in kill_at:
            time.sleep(month.chance.random() * KILL_WITHIN_SECONDS)  # in the middle of what is due now, or after it
            month.there.kill()
            away = kill_at[step] + 1
        month.there.settle()
        if away and not (away := away - 1):
            month.there.start()
            month.there.settle()
        go_on(month)
        look(month)
        decide(month)
        publish(month)
        _hold(month, opened, closed)


def _hold(month: Month, opened: set[str], closed: set[str]) -> None:
    """Sessions begin and end."""
    for session in month.sessions:
        if session["key"] not in opened and month.begin(session) <= month.now:
            opened.add(session["key"])
            open_session(month, session)
        if session["key"] not in closed and month.end(session) <= month.now:
            closed.add(session["key"])
            close_session(month, session)


def _happen(month: Month, what: str, told: Any) -> None:
    if what == "edit":
        edit(month)
    elif what == "meddle":
        meddle(month, told)
        _wait_for_webhooks(month)
    elif what == "other":
        act(month, told)
    elif what == "silence":
        month.there.unsubscribe()
        month.hears = False
    else:
        month.there.subscribe()
        month.hears = True


def _wait_for_webhooks(month: Month) -> None:
    """Where Zoom tells, it is put right before the clock goes on; a webhook that was lost is not waited for long."""
    deadline = time.monotonic() + HEARD_SECONDS
    while month.hears and month.meddled and time.monotonic() < deadline:
        month.there.settle()
        look(month)
        if month.meddled[-1].noticed is not None:
            return

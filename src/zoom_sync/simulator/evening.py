"""An evening: who comes when, drops out, comes back, and leaves.

Most people are there within ten minutes of the start, in a crowd at the door when the host opens; a tail comes
late, some leave early, most leave at the end. Everything follows from the seed and the meeting.
"""

# ruff: noqa: PLR2004 (the shares and seconds are drawn from life and used once)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from .account import BASIC, User
from .people import Person, odd_ones, regular
from .polls import make_polls, make_survey
from .questions import make_questions
from .world import Instance, Meeting, Stay, World

BASIC_MINUTES, BASIC_PEOPLE = 40, 100
_FIRST_USER_ID, _USER_ID_STEP = 16_778_240, 1024
_ROOM_FROM_MINUTES, _ROOM_FROM_PEOPLE, _ROOMS = 20, 12, 2


def fill(
    world: World, meeting: Meeting, instance: Instance, audience: int, questions: int, polls: int, *, survey: bool
) -> None:
    """Lets `audience` people attend the instance, ask that many questions, answer that many polls, and the survey.

    The audience does not include host and co-host; with an audience of 0 the host is alone.
    """
    rng = world.mint.random(f"evening:{meeting.id}:{len(meeting.instances)}")
    host = world.users[meeting.host_id]
    team, guests = _team(world, meeting, host, audience), _guests(world, meeting, audience, rng)
    stays = [_stay(person, instance.start, instance.until) for person in team]
    waiting = bool(meeting.settings.get("waiting_room"))
    for number, person in enumerate(guests):
        stays += _visit(person, instance, rng, waiting=waiting)
        if number == 0:
            stays += _other_case(person, instance)
    if (
        not meeting.is_webinar
        and audience >= _ROOM_FROM_PEOPLE
        and instance.until - instance.start >= _ROOM_FROM_MINUTES * 60
    ):
        stays = _break_out(stays, instance, len(team))
    instance.stays = _numbered(stays)
    instance.questions = make_questions(instance, team, guests, questions, rng)
    instance.polls = make_polls(instance, guests, polls, rng)
    instance.surveys = make_survey(instance, guests, rng) if survey else []


def _team(world: World, meeting: Meeting, host: User, audience: int) -> list[Person]:
    people = [Person(host.display_name, host.email, host.id, internal=True)]
    others = [user for user in world.users.values() if user.id != host.id]
    if audience and others:
        helper = others[0]
        people.append(Person(helper.display_name, helper.email, helper.id, internal=True))
    if audience:
        people[1:1] = [Person(panelist["name"], panelist["email"], panelist["id"]) for panelist in meeting.panelists]
    return people


def _guests(world: World, meeting: Meeting, audience: int, rng: Random) -> list[Person]:
    """Registrants first, then regulars of the account, and the odd ones among them."""
    seed = world.options.seed
    approved = [registrant for registrant in meeting.registrants if registrant["status"] == "approved"]
    known = [
        Person(f"{values['first_name']} {values['last_name']}".strip(), values["email"], values["id"], values["id"])
        for values in approved
    ][: max(audience * 17 // 20, min(audience, 1))]
    odd = odd_ones(seed) if audience >= _ROOM_FROM_PEOPLE else []
    rest = max(audience - len(known) - len(odd), 0)
    numbers = rng.sample(range(max(rest * 3 // 2, rest + 5)), rest)
    people = [*known, *odd][:audience] + [regular(seed, number) for number in sorted(numbers)]
    first = people[:1]
    others = people[1:]
    rng.shuffle(others)
    return first + others


def _stay(person: Person, join: float, leave: float, status: str = "in_meeting") -> Stay:
    return Stay(
        person.id,
        "",
        person.name,
        person.email,
        float(int(join)),
        float(int(leave)),
        status,
        registrant_id=person.registrant_id,
        internal=person.internal,
    )


def _visit(person: Person, instance: Instance, rng: Random, *, waiting: bool) -> Iterator[Stay]:
    """The stays of one person."""
    start, end = instance.start, instance.until
    join = min(start + _arrival(rng, end - start), end - 1)
    leave = _departure(rng, join, end)
    if waiting:
        admitted = min(join + rng.randint(5, 90), leave)
        yield _stay(person, join, admitted, "in_waiting_room")
        join = admitted
    fate = rng.random()
    if fate < 0.15 and leave - join > 600:
        # The connection breaks; the rejoin is a row of its own (https://devforum.zoom.us/t/125174).
        lost = join + rng.uniform(0.2, 0.7) * (leave - join)
        yield _stay(person, join, lost)
        yield _stay(person, min(lost + rng.randint(20, 300), leave - 1), leave)
        return
    yield _stay(person, join, leave)
    if fate > 0.96 and leave - join > 120:
        yield _stay(person, join + rng.randint(10, 60), leave - rng.randint(0, 50))


def _arrival(rng: Random, length: float) -> float:
    """Seconds after the start. Whoever came before stands at the door and is in within half a minute."""
    if rng.random() < 0.85:
        drawn = rng.gauss(0, 240)
        return rng.uniform(0, 30) if drawn <= 0 else min(drawn, 600, length / 2)
    return rng.uniform(0.05, 0.7) * length


def _departure(rng: Random, join: float, end: float) -> float:
    if rng.random() < 0.12:
        return join + max(rng.uniform(0.1, 0.9) * (end - join), 1)
    return max(end - min(rng.expovariate(1 / 40), 180), join + 1) if rng.random() < 0.5 else end


def _other_case(person: Person, instance: Instance) -> list[Stay]:
    """The same mail in capitals: the first guest looks in once more from another device at the end."""
    end = instance.until
    if not person.email or end - instance.start < 120:
        return []
    return [_stay(replace(person, email=person.email.upper()), end - 60, end)]


def _break_out(stays: list[Stay], instance: Instance, team: int) -> list[Stay]:
    """Some people who stay all the time spend a tenth of it in breakout rooms, a row of their own for each."""
    length = instance.until - instance.start
    begin, finish = instance.start + 0.5 * length, instance.start + 0.6 * length
    kept, moved = [], 0
    for number, stay in enumerate(stays):
        through = stay.join < begin - 60 and stay.leave > finish + 60 and stay.status == "in_meeting"
        if number < team or not through or moved >= 3 * _ROOMS:
            kept.append(stay)
            continue
        room = f"{instance.uuid[2:8].replace('/', 'x')}Room{moved % _ROOMS + 1}=="
        begin_s, finish_s = float(int(begin)), float(int(finish))
        kept += [
            replace(stay, leave=begin_s),
            replace(stay, join=begin_s, leave=finish_s, room=room),
            replace(stay, join=finish_s),
        ]
        moved += 1
    return kept


def _numbered(stays: list[Stay]) -> list[Stay]:
    """In order of arrival, each stay with a user_id of its own: new at every join."""
    stays.sort(key=lambda stay: (stay.join, stay.name, stay.email))
    found = []
    for number, one in enumerate(stays):
        user_id = str(_FIRST_USER_ID + number * _USER_ID_STEP)
        own = (one.id, user_id, one.name, one.email, one.join, one.leave)
        found.append(Stay(*own, one.status, one.room, one.registrant_id, one.internal))
    return found


def allowed(host: User, minutes: float, audience: int) -> tuple[float, int]:
    """What a host may do: Basic ones are cut off after 40 minutes and have 100 participants with themselves."""
    if host.type != BASIC:
        return minutes, audience
    return min(minutes, BASIC_MINUTES), min(audience, BASIC_PEOPLE - 2)

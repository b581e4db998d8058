"""A conference as large as they get: 1,000 sessions in 30 rooms on four days, as its organisers export it.

The days lie around the end of summer time in New York. Rooms run beside one another; there are breaks, an opening that
is shown in two rooms, titles in many scripts, and one to three speakers for each talk.
"""

import json
import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = "America/New_York"
FIRST_DAY = datetime(2027, 11, 5, 9, 0, tzinfo=ZoneInfo(ZONE))  # clocks go back on the third day
DAYS = 4
ROOMS = 30
OVERFLOW = 29  # the number of the room in which the opening is shown as well

_TITLES = (
    "Open data for small harbours: {}", "让每座城市都能听见居民的声音（{}）", "Мосты и люди — часть {}", "مدن آمنة للجميع {}",
    "शहर और नदियाँ {}", "Θάλασσα & πόλη, “{}”", "道をひらく 第{}回", "Städte, die's können: № {}", "한국의 작은 도서관 {}",
    "{}: ein sehr langer Titel, wie ihn niemand kürzt, " + "mit allem, was gesagt werden soll, " * 5 + "Amen",
)  # fmt: skip
_NAMES = (
    "Ana Reis",
    "陈薇",
    "Олег Іваненко",
    "Leïla Ben Saïd",
    "आशा वर्मा",
    "Bo Lund",
    "Νίκη Παππά",
    "김민서",
    "Íñigo Ruiz",
)
_MINUTES = (20, 30, 30, 45, 45, 60)


def schedule(sessions=1000, rooms=ROOMS):
    """A schedule.json of the frab family, as bytes."""
    dice = random.Random(30)
    days = [{"index": n + 1, "date": f"{_day(n):%Y-%m-%d}", "rooms": {}} for n in range(DAYS)]
    begins = {}  # when a room is free again, by day and room
    a_day = -(-sessions // (rooms * DAYS))  # sessions of a room
    for number in range(sessions):
        day, room = number // rooms // a_day, number % rooms
        start = begins.get((day, room), _day(day))
        event = _talk(number, start, dice)
        held = days[day]["rooms"].setdefault(room_name(room), [])
        held.append(event)
        begins[day, room] = start + timedelta(minutes=_length(event) + dice.choice((5, 10, 15)))
        if len(held) == a_day // 2:
            held.append(_event(f"break-{day}-{room}", "Coffee", begins[day, room], 30) | {"type": "break"})
            begins[day, room] += timedelta(minutes=30)
    opening = days[0]["rooms"][room_name(0)][0]
    days[0]["rooms"][room_name(OVERFLOW % rooms)].insert(0, opening | {"room": room_name(OVERFLOW)})
    conference = {
        "acronym": "harbours-2027",
        "title": "World Harbours Conference",
        "time_zone_name": ZONE,
        "days": days,
    }
    return json.dumps({"schedule": {"version": "1.0", "conference": conference}}, ensure_ascii=False).encode()


def room_name(room):
    return f"Room {room + 1}"


def host_email(room):
    """Who hosts what is held in a room; the simulator's users are called so."""
    return f"host{room + 1}@example.org"


def mapping(rooms=ROOMS):
    """The mapping file: each room has its host. JSON is YAML."""
    return json.dumps({"hosts": {room_name(room): host_email(room) for room in range(rooms)}}).encode()


def host_pool(rooms=ROOMS, **bounds):
    """hosts.yaml: the hosts, each within the same bounds."""
    return json.dumps({"hosts": [{"user": host_email(room), **bounds} for room in range(rooms)]}).encode()


def lay_out(folder, sessions=1000):
    """Its files, as the commands are given them: the schedule, the mapping, and the configuration with the hosts."""
    (folder / "config").mkdir()
    (folder / "config/hosts.yaml").write_bytes(host_pool())
    (folder / "schedule.json").write_bytes(schedule(sessions))
    (folder / "rooms.yaml").write_bytes(mapping())


def _day(number):
    return FIRST_DAY + timedelta(days=number)  # on the clock: nine o'clock also after the change


def _talk(number, start, dice):
    title = _TITLES[number % len(_TITLES)].format(number)
    event = _event(f"talk-{number:04}", title, start, dice.choice(_MINUTES))
    speakers = dice.sample(_NAMES, dice.randint(1, 3))
    persons = [{"name": name, "email": f"speaker{_NAMES.index(name)}@example.org"} for name in speakers]
    return event | {"type": "talk", "track": f"Track {number % 7}", "persons": persons, "abstract": f"About {title}."}


def _event(guid, title, start, minutes):
    return {
        "guid": guid, "title": title, "date": start.isoformat(), "start": f"{start:%H:%M}",
        "duration": f"{minutes // 60:02}:{minutes % 60:02}", "language": "en", "persons": [],
    }  # fmt: skip


def _length(event):
    hours, minutes = map(int, event["duration"].split(":"))
    return hours * 60 + minutes

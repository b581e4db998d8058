"""An oracle of the merge that shares nothing with it: it counts second by second who was where, of rows as Zoom has them.

    python tests/unit/attendance/second_by_second.py 100000    # so many generated reports, 1 where any differs

A report is some people's rows: rejoins, several devices, breakout and waiting rooms, a rehearsal before and a party
after, instances collected twice, and times that are missing, reversed, without an offset, or no times at all.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from zoom_sync.domain.attendance import Role, audience_curve, merge, stay_from_row

ZERO = datetime(2023, 11, 6, 12, 0, tzinfo=UTC)
WINDOW = (100, 220)  # seconds after ZERO
LAST = 320


def moment(chance, second):
    """A second as text, in one of the forms that are met."""
    at = ZERO + timedelta(seconds=second)
    form = chance.randrange(6)
    if form == 0:
        return at.isoformat(sep=" ").replace("+00:00", "")
    if form == 1:
        return at.astimezone(ZoneInfo("Asia/Kathmandu")).isoformat()
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def person(chance, number):
    """What a person's rows say: always something that only this person has; a name alone, or an id or e-mail."""
    known = chance.randrange(4)
    name = f"{['Nora', 'Otto', 'Pia', 'Quin', 'Ria', 'Sven', 'Tom', 'Uli'][number]} {number}x"
    sure = {0: {"id": f"P{number}"}, 1: {"user_email": f"p{number}@x.org"}, 2: {"registrant_id": f"R{number}"}, 3: {}}
    return {"id": "", "user_email": "", "registrant_id": "", "name": name, **sure[known]}


def report(chance):
    """Rows of one report as (who, instance, row)."""
    rows = []
    for number in range(chance.randrange(1, 6)):
        who = person(chance, number)
        for _ in range(chance.randrange(1, 5)):
            begin = chance.randrange(LAST - 20)
            length = chance.choice((0, 1, 5, 30, 60, 200))
            rows.append((number, f"i{chance.randrange(2)}", stay(chance, who, begin, min(begin + length, LAST))))
    if chance.random() < 0.3:
        rows += [chance.choice(rows) for _ in range(3)]  # collected twice
    chance.shuffle(rows)
    return rows


def stay(chance, who, begin, end):
    row = {
        **who, "user_id": str(chance.randrange(10**9)), "join_time": moment(chance, begin),
        "leave_time": moment(chance, end), "duration": end - begin,
        "status": "in_waiting_room" if chance.random() < 0.1 else "in_meeting",
    }  # fmt: skip
    if chance.random() < 0.15:
        row["bo_mtg_id"] = "room"
    odd = chance.randrange(30)
    if odd == 0:
        row["join_time"] = None
    elif odd == 1:
        row["leave_time"] = ""
    elif odd == 2:
        row["join_time"], row["leave_time"] = row["leave_time"], row["join_time"]
    elif odd == 3:
        row["join_time"] = row["leave_time"] = "never"
    elif odd == 4:
        row["duration"] = "soon"
    return row


# --- the oracle -----------------------------------------------------------------------------------------------------


def second(text):
    if not isinstance(text, str) or not text or text == "never":
        return None
    at = datetime.fromisoformat(text)
    return int(((at if at.tzinfo else at.replace(tzinfo=UTC)) - ZERO).total_seconds())


def seconds_of(row):
    """The seconds that a row was there for, or None where it tells no time."""
    join, leave = second(row["join_time"]), second(row["leave_time"])
    length = row["duration"] if isinstance(row["duration"], int) else 0
    if join is None and leave is None:
        return None
    if join is None:
        join = leave - length
    elif leave is None or leave < join:
        leave = join + length
    return range(join, leave)


def expected(rows):
    """Per person: seconds inside and outside the window, in the waiting room; and how many were there at each second."""
    present, waiting, seen, unread = defaultdict(set), defaultdict(set), set(), 0
    once = {(who, instance, tuple(sorted(row.items(), key=str))) for who, instance, row in rows}
    for who, _, items in once:
        seen.add(who)
        row = dict(items)
        there = seconds_of(row)
        if there is None:
            unread += 1
        elif row["status"] == "in_waiting_room":
            waiting[who].update(there)
        else:
            present[who].update(there)
    inside = {who: sum(WINDOW[0] <= at < WINDOW[1] for at in present[who]) for who in seen}
    people = {who: (inside[who], len(present[who]) - inside[who], len(waiting[who])) for who in seen}
    crowd = defaultdict(int)
    for who in seen:
        for at in present[who]:
            crowd[at] += 1
    return people, max(crowd.values(), default=0), unread


def found(rows):
    start, end = (ZERO + timedelta(seconds=at) for at in WINDOW)
    told = merge((stay_from_row(row, instance) for _, instance, row in rows), window=(start, end))
    people = {}
    for one in told.attendees:
        number = int(one.name.split()[1][0])
        assert number not in people, f"{one.name} has two lines"
        people[number] = (one.seconds_inside, one.seconds_outside, one.seconds_waiting)
        assert one.role is Role.AUDIENCE
        assert one.share == one.seconds_inside / (WINDOW[1] - WINDOW[0])
    return people, audience_curve(told).peak, len(told.unreadable)


def differing(count, seed=0):
    """The reports, of so many from this seed, for which the merge and the oracle do not say the same."""
    for number in range(count):
        rows = report(random.Random(f"{seed}-{number}"))
        if found(rows) != expected(rows):
            yield number, rows


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    bad = 0
    for number, rows in differing(count):
        bad += 1
        print(f"report {number}: {found(rows)} is not {expected(rows)}\n  {rows}")
    print(f"{count} reports, {bad} differ")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

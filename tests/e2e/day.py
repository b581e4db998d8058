"""A day of sessions as the tests of the command line load it, and what happens to it on Zoom."""

START = "2023-11-06T10:00:00Z"
NO_FIXED_TIME = 3  # a meeting's `type`


def programme(line, *sessions, event="day"):
    """Load a programme; each session is (key, start, minutes, and more fields in YAML's flow form)."""
    rows = "".join(
        f"  - {{key: {key}, title: {key}, start: 2023-11-06T{start}:00, duration: {minutes}{''.join(more)}}}\n"
        for key, start, minutes, *more in sessions
    )
    path = line.folder / f"{event}.yaml"
    path.write_text(f"event: {{key: {event}, title: Day, timezone: UTC}}\nsessions:\n{rows}")
    line.run("load", path)


def another_agenda(line):
    """The programme changes both sessions, so that there is something to do for each."""
    new = ", items: [{presenter: Ada, title: New}]"
    programme(line, ("a", "10:00", 60, new), ("c", "12:00", 60, new))


def two(line, **world):
    """Two sessions with their meetings; answers what the status says of `a`."""
    line.reset(**world)
    programme(line, ("a", "10:00", 60), ("c", "12:00", 60))
    line.run("apply", "--yes")
    return of(line, "a")


def of(line, key):
    return {one["key"]: one for one in line.json("status")["sessions"]}[key]


def by_hand(line, host=2, **fields):
    """The ID of a meeting that somebody made on Zoom; `fields` in Zoom's words."""
    timed = {} if fields.get("type") == NO_FIXED_TIME else {"start_time": START, "duration": 60}
    body = {"host": f"host{host}@example.org", "topic": "By hand", **timed, **fields}
    return str(line.control("POST", "meetings", body)["id"])


def twist(line, meeting_id, what, **own):
    line.control("POST", "twists", {"what": what, "meeting": int(meeting_id), **own})


def changes_of(plan):
    return [(one["action"], one["session"]) for one in plan["changes"]]


def held_of(plan, key="a"):
    (held,) = [one for one in plan["held_back"] if one["session"] == key]
    return held


def writes_so_far(line):
    """How often meetings were created or changed since the journal was last emptied."""
    told = [one["operation"] for one in line.control("GET", "journal")["requests"]]
    return sum(one in ("meetingCreate", "meetingUpdate", "webinarCreate", "webinarUpdate") for one in told)


def writes(line):
    """The same, and the journal is emptied."""
    count = writes_so_far(line)
    line.control("DELETE", "journal")
    return count

"""What came of the simulated month, as figures."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import timedelta
from typing import Any

from line import table
from month_house import RHYTHM, House
from month_story import KINDS, START, STATED, Month, steps_of
from zoom_sync.domain.due import next_sync


def figures(month: Month, code: int) -> dict[str, Any]:
    there = month.there
    alive = there.simulator.control("GET", "state")["meetings"]
    ours = [one for one in alive if one["created_by"] != "hand"]
    linked = {row[0] for row in there.ask("SELECT meeting_id FROM links WHERE state = 'linked'")}
    titles = Counter(one["topic"] for one in ours if not one["deleted"])
    states = there.ask("SELECT key, state, rows FROM collections WHERE kind = 'participants'")
    rows = {str(one["id"]): sum(held["participants"] for held in one["instances"]) for one in alive}
    complete = sum(state == "complete" and kept == rows[str(there.meeting_of(key))] for key, state, kept in states)
    log = there.log()
    return {
        "days": month.days, "sessions": len(month.sessions), "kills": there.kills - (code == -9), "stopped": code,
        "flaws": month.flaws, "duplicates": sum(count - 1 for count in titles.values()),
        "lost": sum(session["title"] not in titles for session in month.sessions),
        "unlinked": sum(not one["deleted"] and str(one["id"]) not in linked for one in ours),
        "reports": complete, "edits": month.edits, "replaced": month.replaced, "tracebacks": log.count("Traceback"),
        "calls": _calls(month), "writes": _writes(month), "others": month.others.acts,
        "drift": _drift(month), "digests": len(there.receiver.got),
        "doubled_notices": _doubled(there), "late": _late(month),
    }  # fmt: skip


def _doubled(there: House) -> int:
    """Digests that came twice: only one whose sender was killed before he could note that it was sent."""
    return sum(count - 1 for count in Counter(one["id"] for one in there.receiver.got).values())


def _late(month: Month) -> list[str]:
    """What was not noticed within the stated time."""
    return [
        f"{one.kind} of {one.key}: {one.took}"
        for one in month.meddled
        if one.took is None or one.took > STATED[one.kind]
    ]


def _drift(month: Month) -> dict[str, dict[str, float]]:
    """Minutes from the meddling until it was noticed, with and without webhooks."""
    found: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        for heard in (True, False):
            took = [
                one.took.total_seconds() / 60
                for one in month.meddled
                if one.kind == kind and one.heard is heard and one.took is not None
            ]
            if took:
                name = f"{kind}, {'with' if heard else 'without'} webhooks"
                median, most = statistics.median(took), max(took)
                found[name] = {"count": len(took), "median": round(median, 1), "most": round(most, 1)}
    return found


def _calls(month: Month) -> dict[str, tuple[int, int]]:
    """By what they are for: the calls made, and the fewest that do the same.

    Lists are fewer where serve was away, or a webhook had it look before it was due.
    """
    done = Counter(one["operation"] or "token" for one in month.there.simulator.requests())
    kinds = Counter(one.kind for one in month.meddled)
    count, replaced = len(month.sessions), month.replaced
    writes = month.edited + kinds["title"] + kinds["settings"] + kinds["passcode"]
    held = sum(done[name] for name in done if name.startswith(("report", "past")))
    return {
        "create": (done["meetingCreate"], count + replaced),
        "update": (done["meetingUpdate"], writes),
        "delete": (done["meetingDelete"], 0),
        "list a host's meetings": (done["meetings"], _lists(month)),
        "read one meeting": (done["meeting"], _deep_reads(month)),
        "reports": (held, count * 5),
        "refused (429)": (sum(one["status"] == 429 for one in month.there.simulator.requests()), 0),
    }


def _writes(month: Month) -> dict[str, int]:
    """Creates and updates, as Zoom counts them against the hosts' days: those made, and the fewest that do the same."""
    calls = _calls(month)
    made = calls["create"][0] + calls["update"][0]
    return {"made": made, "least": calls["create"][1] + calls["update"][1] + month.others.least}


def _lists(month: Month) -> int:
    """A list of each host who holds a coming session, whenever the rhythm asks for a look at a step of the clock."""
    ends = {span.key: span.end for span in month.there.spans}
    held = month.there.ask("SELECT host_id, key FROM links WHERE state = 'linked'")
    last, lists = START, 0
    for step in steps_of(month):
        when = next_sync(month.there.spans, last, RHYTHM)
        if when is not None and when <= step:
            last = step
            lists += len({host for host, key in held if ends[key] > step})
    return lists


def _deep_reads(month: Month) -> int:
    """A deep check reads every coming meeting once a day; a new passcode makes a link that has to be read."""
    coming = sum(
        month.begin(session) > START + timedelta(days=day) for session in month.sessions for day in range(1, month.days)
    )
    return coming + sum(one.kind == "passcode" for one in month.meddled)


def kept(result: dict[str, Any]) -> bool:
    """Whether every promise was kept."""
    broken = ("flaws", "duplicates", "lost", "unlinked", "late", "tracebacks", "stopped")
    return result["reports"] == result["sessions"] and not any(result[name] for name in broken)


def _against(result: dict[str, Any]) -> list[Any]:
    return [", ".join(result["others"]) or "nobody", result["writes"]["made"], result["writes"]["least"]]


def show(result: dict[str, Any]) -> str:
    """The figures as tables."""
    heads = [
        "days",
        "sessions",
        "kills",
        "edits",
        "flaws",
        "duplicates",
        "lost",
        "reports complete",
        "digests",
        "seconds",
    ]
    names = ["days", "sessions", "kills", "edits", "flaws", "duplicates", "lost", "reports", "digests", "seconds"]
    row = [len(result[name]) if isinstance(result[name], list) else result[name] for name in names]
    drift = [[name, *one.values()] for name, one in result["drift"].items()]
    calls = [[name, *both] for name, both in result["calls"].items()]
    return "\n\n".join(
        [
            table(heads, [row]),
            table(["meddled with on Zoom", "times", "median minutes until noticed", "longest"], drift),
            table(["calls", "made", "least, by the rhythm"], calls),
            table(["others who acted", "writes used", "least possible"], [_against(result)]),
        ]
    )

"""How long a plan takes, and what it needs, as the programme grows. Each size runs in a process of its own.

Run: python bench/planning.py
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from line import table
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import DesiredMeeting, Link, MeetingFields, ObservedMeeting, Origin
from zoom_sync.domain.plan import Known, Observation, Policy, make_plan, plan_json
from zoom_sync.domain.programme import Kind, Passcode

SIZES = (100, 300, 1_000, 3_000, 10_000)
HOSTS = 200
NOW = datetime(2024, 1, 1, tzinfo=UTC)
SETTINGS = {f"setting_{n}": bool(n % 2) for n in range(12)} | {"use_pmi": False}


def desired(number: int) -> DesiredMeeting:
    start = NOW + timedelta(days=1, hours=2 * (number // (HOSTS // 2)))
    fields = MeetingFields(f"Session {number}", "What it is about. " * 60, start, 60, "Europe/Paris", SETTINGS)
    return DesiredMeeting(f"session-{number:05}", Kind.MEETING, fields, start + timedelta(minutes=60))


def link(want: DesiredMeeting, number: int) -> Link:
    meeting_id, host = str(80_000_000_000 + number), f"host-{number % HOSTS}"
    url = f"https://example.zoom.us/j/{meeting_id}?pwd=x"
    return Link(want.key, meeting_id, want.kind, host, Passcode("x"), url, Origin.CREATED, want.fields)


def row(one: Link, topic: str) -> ObservedMeeting:
    fields = one.applied
    return ObservedMeeting(
        one.meeting_id,
        one.host_id,
        one.kind,
        topic,
        fields.agenda[:250],
        fields.start,
        60,
        fields.timezone,
        one.join_url,
    )


def measure(case: str, size: int) -> dict[str, float]:
    wanted = [desired(number) for number in range(size)]
    hosts = [Host(f"host-{n}", f"Host {n}", f"host{n}@example.org", daily_writes=100) for n in range(HOSTS)]
    if case == "create":
        known, seen = Known(), Observation()
    elif case == "named":
        wanted = [replace(want, host=f"HOST {n % HOSTS}") for n, want in enumerate(wanted)]
        known, seen = Known(), Observation()
    else:
        links = {want.key: link(want, number) for number, want in enumerate(wanted)}
        changed = "By hand" if case == "update" else None
        rows = (row(one, changed or one.applied.topic) for one in links.values())
        known, seen = Known(links), Observation({one.meeting_id: one for one in rows})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    plan = make_plan("bench", wanted, known, seen, hosts, Policy(), NOW)
    digest = plan.digest
    seconds = time.process_time() - begun
    json.dumps(plan_json(plan))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(plan.changes) == (0 if case == "in step" else size), len(plan.changes)
    assert digest
    return {"seconds": seconds, "inputs": before / 1024, "peak": after / 1024}


def main() -> None:
    rows = []
    for case in ("in step", "update", "create", "named"):
        last = None
        for size in SIZES:
            answer = subprocess.run(
                [sys.executable, __file__, case, str(size)], check=True, capture_output=True, text=True
            )
            told = json.loads(answer.stdout)
            ratio = f"{told['seconds'] / last:.1f}" if last else ""
            last = told["seconds"]
            figures = [f"{told['seconds']:.3f}", ratio, f"{told['inputs']:.0f}", f"{told['peak']:.0f}"]
            rows.append([case, size, *figures])
    print(table(["case", "sessions", "CPU s", "ratio", "inputs MB", "peak MB"], rows))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()

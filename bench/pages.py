"""What each page costs the web process: an event of 1,000 sessions, and a session with 10,000 people.

`python bench/pages.py`. The pages are asked for in this process, over the real store, with the plan read from a
simulator over HTTP. The first answer of a page compiles its template and may draw what is kept afterwards.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import tempfile
import time
import warnings
from pathlib import Path

from line import ZOOM_SYNC, Simulator, around, run, table
from support.conference import ROOMS, lay_out  # found through the line above
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Role
from zoom_sync.entrypoints.web import make_app
from zoom_sync.observability import configure_logging
from zoom_sync.service_layer.access import add_account
from zoom_sync.settings import load_settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2, which is not in the lock
    from fastapi.testclient import TestClient

SITE = "https://zoom-sync.example"
NAME, PASSWORD = "ada", "correct horse battery staple"
EVENT_PAGES = (
    "/events", "/events/{event}", "/events/{event}/plan", "/events/{event}/runs", "/api/events/{event}", "/e/{event}",
    "/e/{event}/calendar.ics",
)  # fmt: skip
SESSION_PAGES = (
    "/events/{event}/sessions/{key}", "/events/{event}/sessions/{key}/attendance",
    "/events/{event}/sessions/{key}/attendance?q=novak", "/events/{event}/sessions/{key}/downloads/attendance/csv",
    "/events/{event}/sessions/{key}/downloads/attendance/xlsx",
)  # fmt: skip


def filled(folder: Path, simulator: Simulator, sessions: int, people: int) -> str:
    """A store with every meeting made and one of them held; answers that session's key."""
    simulator.control("POST", "reset", {"start": "2027-10-01T00:00:00Z"})
    lay_out(folder, sessions)
    environment = dict(os.environ)
    reads = ["--mapping", "rooms.yaml", "--one-meeting-per", "session"]
    run([ZOOM_SYNC, "load", "schedule.json", *reads], environment, folder)
    run([ZOOM_SYNC, "apply", "--yes"], environment, folder)
    run([ZOOM_SYNC, "publish", "--public", "-o", "out"], environment, folder)
    parts = Parts(load_settings())
    (event,) = parts.programmes.events()
    first = min(parts.programmes.programme(event.key).sessions, key=lambda session: session.start)
    link = parts.links.link(event.key, first.key)
    assert link is not None
    simulator.control("POST", f"meetings/{link.meeting_id}/run", {"audience": people})
    simulator.control("POST", "clock", {"advance": 3600})
    run([ZOOM_SYNC, "collect", first.key], environment, folder)
    return first.key


def signed_in(parts: Parts) -> TestClient:
    add_account(parts.access(), NAME, Role.ORGANISER, PASSWORD)
    browser = TestClient(make_app(parts), base_url=SITE, follow_redirects=False)
    form = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get("/sign-in").text)
    assert form is not None
    assert browser.post("/sign-in", data={"name": NAME, "password": PASSWORD, "csrf": form[1]}).status_code == 303
    return browser


def costs(browser: TestClient, path: str) -> list[str]:
    taken = []
    for _ in range(4):
        begun = time.process_time()
        answer = browser.get(path)
        taken.append(time.process_time() - begun)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    return [path, f"{len(answer.content) / 1000:,.0f}", f"{taken[0]:.2f}", f"{min(taken[1:]):.2f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--people", type=int, default=10_000)
    told = parser.parse_args()
    configure_logging("error", "text")
    with (
        Simulator(hosts=ROOMS, plan="business", latency=0) as simulator,
        tempfile.TemporaryDirectory() as name,
        contextlib.chdir(name),
    ):
        folder = Path(name)
        environment = around() | simulator.environment | {
            "DATABASE_URL": f"sqlite:///{folder}/store.db", "ZOOM_SYNC_CONFIG": str(folder / "config"),
            "ZOOM_PLAN": "business", "ZOOM_SYNC_WEB_URL": SITE,
        }  # fmt: skip
        os.environ.clear()
        os.environ.update(environment)
        key = filled(folder, simulator, told.sessions, told.people)
        parts = Parts(load_settings())
        (event,) = parts.programmes.events()
        browser = signed_in(parts)
        rows = [costs(browser, path.format(event=event.key, key=key)) for path in (*EVENT_PAGES, *SESSION_PAGES)]
        parts.database.close()
    print(table(["page", "KB", "CPU s, first", "CPU s, again"], rows))


if __name__ == "__main__":
    main()

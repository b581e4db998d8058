"""`status` for a terminal of 80 columns: by day, three lines at most for each session, links unbroken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.cells import cell_len, set_cell_size

from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.service_layer.status import SessionStatus

COLUMNS = 80
INDENT = " " * 14  # below the time
STATES = {"linked": "ready"}


def status_lines(sessions: Iterable[SessionStatus]) -> Iterator[str]:
    """Each day with its sessions; a line is as wide as `COLUMNS` at most, but for a link, which is never broken."""
    ordered = sorted(sessions, key=lambda one: one.session.start)
    for (day, offset), some in groupby(ordered, key=_day):
        yield ""
        yield f"{day} (UTC{offset})"
        for session_status in some:
            yield from _lines(session_status)


def _day(session_status: SessionStatus) -> tuple[str, str]:
    start = session_status.session.start
    return f"{start:%a %Y-%m-%d}", start.isoformat()[-6:]


def _lines(session_status: SessionStatus) -> Iterator[str]:
    session, link = session_status.session, session_status.link
    state = STATES.get(session_status.state, session_status.state)
    room = COLUMNS - len(INDENT) - cell_len(state) - 2
    yield f" {session.start:%H:%M}-{session.end:%H:%M}  {_cut(session.title, room)}  {state}"
    facts = [session.key]
    if link is not None:
        facts += [link.meeting_id, f"passcode {link.passcode.value}"]
    facts += [f"host {session_status.host_name}"] if session_status.host_name else []
    facts += _reports(session_status.reports.values())
    yield from _packed(facts)
    if link is not None:
        yield f"  {link.join_url}"


def _cut(text: str, room: int) -> str:
    """The text in just so many cells, with an ellipsis where it is longer."""
    return (
        set_cell_size(text, room)
        if cell_len(text) <= room
        else set_cell_size(text, room - 1) + "\N{HORIZONTAL ELLIPSIS}"
    )


def _packed(facts: Iterable[str]) -> Iterator[str]:
    """As many facts to a line as there is room for; one that is too long is cut."""
    room, line = COLUMNS - len(INDENT), ""
    for fact in facts:
        longer = f"{line} · {fact}" if line else fact
        if line and cell_len(longer) > room:
            yield INDENT + line
            longer = fact
        line = longer if cell_len(longer) <= room else _cut(longer, room)
    if line:
        yield INDENT + line


def _reports(reports: Iterable[Collected]) -> list[str]:
    """`reports complete`, or which are not."""
    found = list(reports)
    if not found:
        return []
    open_ = [
        f"{collected.kind} {collected.state}"
        for collected in found
        if collected.state not in (ReportState.COMPLETE, ReportState.NONE)
    ]
    return open_ or ["reports complete"]

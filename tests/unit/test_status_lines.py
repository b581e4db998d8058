"""`status` in 80 columns: whatever titles hold, no line is wider but a link, and nothing is lost that is to be read out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from rich.cells import cell_len

from factories import make_link, make_session
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.entrypoints.cli.status_lines import COLUMNS, status_lines
from zoom_sync.service_layer.status import SessionStatus

START = datetime.fromisoformat("2023-11-06T20:30:00+08:00")


def status(key="seminar-1", title="Opening", start=START, reports=(), **more):
    session = replace(make_session(key), title=title, start=start, end=start + timedelta(minutes=90))
    link = replace(make_link(session), join_url="https://us02web.zoom.us/j/86712013550?pwd=" + "x" * 60)
    kept = {kind: Collected(key, kind, state, 1, 1, "", None) for kind, state in reports}
    return SessionStatus(session, more.get("link", link), None, more.get("host", "Ada Moreau"), kept)


@pytest.mark.parametrize("title", ["Opening", "x" * 300, "可持续城市的未来" * 30, "مدن آمنة للجميع " * 20, ""])
@pytest.mark.parametrize("key", ["s1", "k" * 200])
def test_no_line_but_a_link_is_wider_than_a_terminal(title, key):
    one = status(key, title, reports=[(kind, ReportState.FAILED) for kind in ("participants", "questions", "polls")])
    lines = list(status_lines([one]))
    assert max(cell_len(line) for line in lines if "://" not in line) <= COLUMNS
    assert f"  {one.link.join_url}" in lines, "a link is not broken"
    assert len(lines) <= 7


def test_sessions_stand_by_day_in_order_with_what_is_read_out():
    later = status("s2", "Closing", START + timedelta(days=1), link=None, host="")
    first = status(reports=[("participants", ReportState.COMPLETE)])
    lines = list(status_lines([later, first]))
    assert [line for line in lines if line.startswith(("Mon", "Tue"))] == [
        "Mon 2023-11-06 (UTC+08:00)",
        "Tue 2023-11-07 (UTC+08:00)",
    ]
    text = " ".join(lines)
    assert text.index("Opening") < text.index("Closing")
    for fact in (
        first.link.meeting_id,
        first.link.passcode.value,
        "Ada Moreau",
        "reports complete",
        "ready",
        "no meeting",
    ):
        assert fact in text

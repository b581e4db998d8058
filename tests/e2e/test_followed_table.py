"""The demonstration: an event in a table of somebody else's making, and workers who do the rest. Nobody runs a command."""

import sys
from pathlib import Path

import psycopg
import pytest

from servers import ServerMissing

sys.path.append(str(Path(__file__).parents[2] / "bench"))
sys.path.append(str(Path(__file__).parents[1] / "contract/sources"))

from talks_site import talks_site

from line import Line, wait_for

pytestmark = pytest.mark.timeout(300)
QUICK = {
    "ZOOM_SYNC_TICK_SECONDS": "1", "ZOOM_SYNC_FOLLOW_MINUTES": "0.02", "ZOOM_SYNC_SWEEP_SECONDS": "1",
    "ZOOM_SYNC_RESEND_SECONDS": "5", "ZOOM_SYNC_SETTLE_SECONDS": "1",
}  # fmt: skip
MAPPING = """\
sql:
  connection: TALKS_DATABASE_URL
  query: |
    SELECT t.id, t.name, t.starts_at, t.minutes, t.status = 'cancelled' AS cancelled, r.name AS room,
           t.zoom_id, t.zoom_link, t.zoom_code
    FROM talks_talk t LEFT JOIN talks_room r ON r.id = t.room_id WHERE t.public
  write_back: |
    UPDATE talks_talk SET zoom_id = :meeting_id, zoom_link = :join_url, zoom_code = :passcode, zoom_state = :status
    WHERE id = :id
columns: {title: name, start: starts_at, duration: minutes, meeting_id: zoom_id, link: zoom_link, passcode: zoom_code}
event: {key: forum, title: Open Coast Forum, timezone: Europe/Lisbon}
"""


@pytest.fixture
def line():
    try:
        with Line(hosts=3, plan="business", settings=QUICK) as made, made.postgres.database() as store:
            made.environment["DATABASE_URL"] = store
            yield made
            made.stop_all()
    except ServerMissing as missing:
        pytest.skip(str(missing))


def test_two_rows_are_edited_one_added_one_cancelled_and_the_workers_do_the_rest(line):
    with line.postgres.database() as url, talks_site(url) as site:
        line.environment["TALKS_DATABASE_URL"] = url
        (line.folder / "talks.yaml").write_text(MAPPING)
        line.run("load", "talks.yaml", "--follow", "--write-back")
        line.start("beat")
        line.start("worker", "--processes", "2")

        def rows():
            return {row["id"]: row for row in site.rows() if row["public"]}

        def settled(count, **states):
            def as_it_is_to_be():
                """the table holds its meetings"""
                told = rows()
                wanted = {number: states.get(f"state{number}", "linked") for number in told}
                return len(told) == count and {number: row["zoom_state"] for number, row in told.items()} == wanted

            try:
                wait_for(as_it_is_to_be, 90, 0.3)
            except TimeoutError:
                pytest.fail(f"{rows()}\n{line.logs()}")
            return rows()

        first = settled(3)
        assert all(
            row["zoom_id"] and row["zoom_code"] and str(row["zoom_id"]) in row["zoom_link"] for row in first.values()
        )

        site.run("UPDATE talks_talk SET name = 'Opening, and a welcome' WHERE id = 1")
        site.run("UPDATE talks_talk SET starts_at = starts_at + interval '2 hours' WHERE id = 2")
        site.add("Floods", "2030-05-07 09:00:00", 30, "confirmed", True, 1)
        site.run("UPDATE talks_talk SET status = 'cancelled' WHERE id = 3")
        second = settled(4, state3="cancelled")
        assert {number: second[number]["zoom_id"] for number in (1, 2, 3)} == {
            number: row["zoom_id"] for number, row in first.items()
        }
        assert second[5]["zoom_id"] not in {row["zoom_id"] for row in first.values()}

        def on_zoom():
            """Zoom shows what the table says"""
            topics = {int(one["id"]): one for one in line.simulator.meetings()}
            return (
                topics[second[1]["zoom_id"]]["topic"] == "Opening, and a welcome"
                and topics[second[2]["zoom_id"]]["start_time"].startswith("2030-05-06T11:00")
                and len(topics) == 4
            )

        wait_for(on_zoom, 60, 0.3)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT DISTINCT updated_by FROM talks_talk").fetchall() == [("editor",)]
        assert site.rows()[3]["zoom_id"] is None  # a draft of somebody is nobody's business
        said = line.logs()
        assert "Traceback" not in said, said
        assert not [row["zoom_code"] for row in second.values() if row["zoom_code"] in said]

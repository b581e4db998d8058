"""The poster as a browser prints it: a sheet per session, whatever the paper."""

import pytest

from factories import make_link, make_programme, make_session
from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.domain.publication import Announcement
from zoom_sync.domain.published_meeting import PublishedMeeting

LINK = make_link()
ZONES = ("America/New_York", "Europe/Paris", "Asia/Tokyo")


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    meetings = {"seminar-1": PublishedMeeting(LINK.meeting_id, LINK.passcode, LINK.join_url)}
    programme = make_programme(make_session(title="Word " * 39 + "end"), make_session("seminar-2"))
    told = Announcement(programme, meetings, LINK.applied.start, public=True, zones=ZONES)
    page.set_content(write_announcement("poster", told).decode())
    yield page
    page.close()


@pytest.mark.parametrize("paper", ["A4", "A3", "Letter"])
def test_each_session_is_printed_on_one_sheet(page, paper):
    assert page.pdf(format=paper).count(b"/Type /Page\n") == 2


@pytest.mark.parametrize(("width", "height"), [(703, 1032), (1032, 1497)])
def test_nothing_runs_over_the_sheet_and_the_code_is_big(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="print")
    size = page.evaluate("""() => {
        const sheet = document.querySelector("section");
        const code = document.querySelector(".code svg").getBoundingClientRect();
        return [sheet.scrollHeight <= sheet.clientHeight, code.width / sheet.clientWidth];
    }""")
    assert size[0]
    assert size[1] > 0.5

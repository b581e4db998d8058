"""Reading a report page by page, and which refusals of one mean that there is none: values in, values out."""

import pytest

from zoom_sync.adapters.zoom.absence import GONE, NONE, means_gone, means_none
from zoom_sync.adapters.zoom.protocol import Call, Label
from zoom_sync.adapters.zoom.report_pages import NOTHING, read_report
from zoom_sync.errors import InvalidRequest, NoProperAnswer, NotFound, Refused

NO_POLLS = NotFound("Meeting Poll not found", status=404, code=404)
POLLS = Call("reportMeetingPolls", Label.HEAVY, "GET", "/report/meetings/u==/polls")


def reading(*answers, total=None):
    """Read pages: each answer is a page's rows, or the error in its place."""

    def pages(_call):
        for number, answer in enumerate(answers):
            if isinstance(answer, Exception):
                raise answer
            last = number + 1 == len(answers)
            page = {"questions": answer, "next_page_token": "" if last else f"t{number}"}
            yield page if total is None else {**page, "total_records": total}

    return read_report(pages, POLLS, "questions")


def rows(count, start=0):
    return [{"name": str(number)} for number in range(start, start + count)]


def test_words_that_mean_none_are_believed_before_a_first_page_and_never_after():
    assert reading(NO_POLLS) == NOTHING
    with pytest.raises(Refused):
        reading(rows(300), NO_POLLS)


def test_pages_end_where_the_rows_exceed_what_zoom_says_by_a_page():
    assert len(reading(rows(300), rows(300, 300), total=600).rows) == 600
    with pytest.raises(NoProperAnswer, match="600 rows"):
        reading(*(rows(300, 300 * number) for number in range(9)), total=600)


def test_pages_with_the_same_rows_again_end():
    with pytest.raises(NoProperAnswer):
        reading(rows(3), rows(3), rows(3))


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("reportMeetingPolls", NO_POLLS),
        ("reportWebinarPolls", NotFound("Webinar poll not found.", status=404, code=404)),
        (
            "webinarAbsentees",
            InvalidRequest("This webinar doesn't have registration required: u==", status=400, code=3000),
        ),
        (
            "meetingRegistrants",
            InvalidRequest("Registration has not been enabled for this meeting: 81.", status=400, code=404),
        ),
        ("webinarRegistrants", NotFound("Registration has not been enabled for this webinar.", status=404, code=404)),
    ],
)
def test_zooms_own_words_for_an_operation_mean_none_and_for_no_other(operation, error):
    assert means_none(operation, error)
    assert not means_none("reportMeetingParticipants", error)
    assert not means_none(operation, NotFound(f"{error.message} Or so.", status=error.status, code=error.code))
    assert not means_none(operation, NotFound("Not found.", status=error.status, code=error.code))
    assert not means_none(operation, NotFound(error.message, status=403, code=error.code))
    assert not means_none(operation, NotFound(error.message, status=error.status, code=3001))


def test_a_meeting_is_gone_where_zoom_says_so_of_this_very_one():
    gone = NotFound("Meeting does not exist: 81000000001.", status=404, code=3001)
    assert means_gone("pastMeetings", gone, "81000000001")
    assert not means_gone("pastMeetings", gone, "82000000002")
    assert not means_gone("reportMeetingParticipants", gone, "81000000001")


def test_every_line_names_who_says_so():
    assert all(line.source for line in (*NONE, *GONE))

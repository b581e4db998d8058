"""A host's list is read to its end, by token or by number, and one that is short is not believed."""

import json

import pytest

from support.wire import wired
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import NoProperAnswer
from zoom_sync.simulator import Response, Simulator


def row(number):
    return {"id": number, "host_id": "h", "type": 5, "topic": "T", "start_time": "2023-11-06T10:00:00Z", "duration": 60}


class Zoom:
    """Answers lists as it is told to, page after page."""

    def __init__(self, *pages):
        self.zoom = wired(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
        self.pages, self.queries = list(pages), []
        handle = self.zoom.simulator.handle

        def answer(request):
            if not request.path.startswith("/v2/users/"):
                return handle(request)
            self.queries.append(dict(request.query))
            body = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
            return Response(200, {"Content-Type": "application/json"}, json.dumps(body).encode())

        self.zoom.simulator.handle = answer

    def ids(self, kind=Kind.WEBINAR):
        return [one.meeting_id for one in self.zoom.reader.meetings("h", kind)]


def page(kind, *numbers, **told):
    return {f"{kind}s": [row(number) for number in numbers], **told}


def test_webinars_are_paged_by_token():
    zoom = Zoom(
        page("webinar", 1, next_page_token="t", total_records=2, page_count=2),
        page("webinar", 2, next_page_token="", total_records=2, page_count=2),
    )
    assert zoom.ids() == ["1", "2"]
    assert ["page_number" in query for query in zoom.queries] == [False, False]
    assert zoom.queries[1]["next_page_token"] == "t"


@pytest.mark.parametrize("told", [{"total_records": 2}, {"page_count": 2}])
def test_without_a_token_the_number_is_tried_where_more_is_told(told):
    zoom = Zoom(page("webinar", 1, **told), page("webinar", 2, **told))
    assert zoom.ids() == ["1", "2"]
    assert [query.get("page_number") for query in zoom.queries] == [None, "2"]


def test_where_nothing_more_is_told_nothing_more_is_asked():
    zoom = Zoom(page("webinar", 1, page_number=1))
    assert zoom.ids() == ["1"]
    assert len(zoom.queries) == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_a_list_that_is_short_is_not_believed(kind):
    zoom = Zoom(page(kind, 1, total_records=3, page_count=1))
    with pytest.raises(NoProperAnswer, match="announces 3 and has 1"):
        zoom.ids(kind)


def test_a_list_that_was_short_once_is_read_again():
    zoom = Zoom(
        page("webinar", 1, total_records=2),
        page("webinar", total_records=2),
        page("webinar", 1, 2, total_records=2),
    )
    assert zoom.ids() == ["1", "2"]

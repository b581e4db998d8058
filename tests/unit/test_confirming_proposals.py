"""Asking a person about proposals: a meeting and a session are given away once."""

from factories import make_desired, make_link, make_observed, make_session
from zoom_sync.domain.adopting import propose
from zoom_sync.entrypoints.cli.adopting import _confirmed


def proposals():
    sessions = [make_desired(make_session(key)) for key in ("one", "two")]
    meetings = [make_observed(make_link(meeting_id=f"8100000000{n}"), deep=False) for n in (1, 2)]
    return propose(sessions, meetings)


def test_what_was_given_to_one_is_not_offered_to_the_next():
    asked = []
    chosen = _confirmed(proposals(), lambda question: asked.append(question) or True)
    assert [(one.session, one.meeting.meeting_id) for one in chosen] == [("one", "81000000001"), ("two", "81000000002")]
    assert len(asked) == 2


def test_who_says_no_is_offered_the_other():
    answers = iter([False, True, False, False])
    chosen = _confirmed(proposals(), lambda _: next(answers))
    assert [(one.session, one.meeting.meeting_id) for one in chosen] == [("one", "81000000002")]

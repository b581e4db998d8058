"""Which of Zoom's scopes are asked for follows from the meetings of the programmes, and from nothing else."""

from datetime import UTC, datetime

import pytest

from zoom_sync.adapters.zoom.operations import Feature
from zoom_sync.domain.meeting import DesiredMeeting, MeetingFields
from zoom_sync.domain.panelists import Panelist
from zoom_sync.domain.programme import Kind
from zoom_sync.entrypoints.doctor_scopes import features_of

START = datetime(2027, 5, 10, 18, tzinfo=UTC)


def meeting(kind=Kind.MEETING, panelists=(), **settings):
    fields = MeetingFields(topic="T", agenda="", start=START, duration=60, timezone="UTC", settings=settings)
    return DesiredMeeting("s", kind, fields, START, panelists=panelists)


@pytest.mark.parametrize(
    ("meetings", "features"),
    [
        ([], {Feature.MEETINGS}),
        ([meeting(approval_type=2)], {Feature.MEETINGS}),
        ([meeting(approval_type=0)], {Feature.MEETINGS, Feature.REGISTRATION}),
        ([meeting(Kind.WEBINAR)], {Feature.MEETINGS, Feature.WEBINARS}),
        (
            [meeting(), meeting(Kind.WEBINAR, approval_type=1)],
            {Feature.MEETINGS, Feature.WEBINARS, Feature.WEBINAR_REGISTRATION},
        ),
        (
            [meeting(Kind.WEBINAR, (Panelist("ada@example.org", "Ada"),))],
            {Feature.MEETINGS, Feature.WEBINARS, Feature.PANELISTS},
        ),
    ],
)
def test_only_what_the_meetings_use_is_needed(meetings, features):
    assert features_of(meetings) == features

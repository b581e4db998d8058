"""The line from Zoom's answers to the reports, with every field of every answer dropped, null, or as text.

Nothing ends in a traceback, and no line is lost in silence: what cannot be counted is failed, waits, or is told as rows
that hold no time.
"""

import json
from itertools import product

import pytest

from support.front import Front
from zoom_sync.domain.attendance import merge, stay_from_row
from zoom_sync.domain.report import ReportState

EVENT, KEY = "urban-2023", "seminar-1"
DROPPED = object()
MUTATIONS = {"dropped": DROPPED, "null": None, "text": "…", "number as text": "7", "list": [], "object": {}}
ANSWERS = {
    "/past_meetings/.+/instances": ("meetings", None),
    "/report/meetings/.+/participants": ("participants", "participants"),
    "/report/meetings/.+/qa": ("questions", "questions"),
    "/report/meetings/.+/polls": ("questions", "polls"),
    "/report/meetings/.+/survey": ("survey_answers", "surveys"),
}
FIELDS = {
    "meetings": ["uuid", "start_time"],
    "participants": [
        "id", "user_id", "name", "user_email", "join_time", "leave_time", "duration", "failover", "status",
        "customer_key", "participant_user_id", "bo_mtg_id", "registrant_id",
    ],
    "questions": ["name", "email", "first_name", "last_name", "question_details"],
    "survey_answers": ["name", "email", "first_name", "last_name", "answer_details"],
}  # fmt: skip
TOP = ["next_page_token", "page_count", "page_size", "total_records", "id", "uuid", "start_time"]
CASES = [
    (path, rows, kind, name, how)
    for path, (rows, kind) in ANSWERS.items()
    for name, how in product([rows, *TOP, *(f"row.{field}" for field in FIELDS[rows])], MUTATIONS)
]


def mutated(body, rows, name, value):
    body = json.loads(json.dumps(body))
    told = body.get(rows)
    if name.startswith("row."):
        if not told:
            return body
        target, name = told[0], name.removeprefix("row.")
    else:
        target = body
    if value is DROPPED:
        target.pop(name, None)
    else:
        target[name] = value
    return body


@pytest.fixture
def held(evening):
    evening.run(audience=6, questions=2, polls=1, survey=True)
    evening.pass_time(days=8)
    return evening


def test_the_cases_cover_every_field_of_every_answer():
    assert len(CASES) > 350


def test_no_mutation_of_any_field_ends_in_a_traceback_or_loses_a_line_in_silence(held):
    whole = {kind: one.rows for (_, kind), one in held.collect(KEY).items()}
    handle = held.zoom.wire.simulator
    for path, rows, kind, name, how in CASES:
        held.zoom.wire.simulator = handle
        front = Front(held.zoom)
        front.change(path, lambda body, r=rows, n=name, h=how: mutated(body, r, n, MUTATIONS[h]))
        told = {kind: one for (_, kind), one in held.collect(KEY).items()}
        case = path, name, how
        for one in told.values():
            assert one.state is ReportState.FAILED or one.rows >= whole[one.kind] or one.reason, case
        if kind is not None and name == rows and how != "list":
            assert told[kind].state is ReportState.FAILED, case


def test_rows_that_hold_no_time_and_rows_that_are_no_objects_are_told(evening):
    evening.run(audience=6, questions=0)
    evening.pass_time(hours=1)
    front = Front(evening.zoom)

    def spoil(body):
        body["participants"][0]["join_time"] = body["participants"][0]["leave_time"] = None
        body["participants"][1] = "Ada"
        return body

    front.change("/report/meetings/.+/participants", spoil)
    state = evening.collect()[KEY, "participants"]
    assert state.state is ReportState.COMPLETE
    assert f"2 of {state.rows} rows hold no time and are not counted" in state.reason


@pytest.mark.parametrize("how", list(MUTATIONS))
@pytest.mark.parametrize("field", FIELDS["participants"])
def test_a_row_with_a_mutated_field_is_a_stay_or_is_told_unreadable(field, how):
    row = {
        "id": "a", "user_id": "1", "name": "Ada", "user_email": "ada@example.org", "duration": 60,
        "join_time": "2023-11-06T12:30:00Z", "leave_time": "2023-11-06T12:31:00Z", "status": "in_meeting",
    }  # fmt: skip
    (one,) = mutated({"rows": [row]}, "rows", f"row.{field}", MUTATIONS[how])["rows"]
    merged = merge([stay_from_row(one, "u==")])
    assert len(merged.attendees) + len(merged.unreadable) == 1

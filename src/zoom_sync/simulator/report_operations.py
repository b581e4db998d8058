"""What is known of a meeting after it ended: past_meetings and the reports.

A report is not complete at once: "recently ended meetings can take up to 30 minutes to appear in full"
(https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0060625). Until then rows are missing, and of
those that are there some have a duration of 0, which Zoom documents as "not processed yet"
(https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/past_meetings/{meetingId}/participants).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .call import Call
from .clock import DAY, iso
from .messages import Response, json_response
from .paging import Page
from .polls import poll_definitions, survey_definition, survey_id
from .refusals import (
    Refusal,
    a_year_ago,
    invalid_field,
    no_permission,
    no_such_meeting,
    no_such_report,
    paid_only,
    refusal,
)
from .schema import read_number
from .world import Instance, Stay

_YEAR = 365 * DAY
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _instance(call: Call, missing: Refusal) -> Instance:
    """The instance asked for: that of the UUID, or the latest that ended of the id.

    What was held can be read after the meeting was deleted or expired. Raises `missing` where there is none or
    it has not ended, and 12702 where it ended more than a year ago.
    """
    instance = call.instance
    if instance is None or not instance.ended(call.now) or instance.is_webinar != call.about_webinars:
        raise missing
    call.host_id = instance.host_id
    if instance.until < call.now - _YEAR:
        raise a_year_ago()
    return instance


def _for_past(call: Call) -> Instance:
    return _instance(call, no_such_meeting(call.params[0]))


def _for_report(call: Call) -> Instance:
    """Reports need Pro or a higher plan."""
    if call.world.options.plan == "free":
        raise no_permission()
    return _instance(call, no_such_report(call.params[0]))


def past_meeting(call: Call) -> Response:
    """GET /past_meetings/{meetingId}: when it really began and ended."""
    instance = _for_past(call)
    host = call.world.users[instance.host_id]
    shown = _totals(instance) | {
        "uuid": instance.uuid,
        "id": instance.meeting_id,
        "host_id": instance.host_id,
        "type": instance.type,
        "topic": instance.topic,
        "user_name": host.display_name,
        "user_email": host.email,
        "dept": "",
        "source": "Zoom",
        "has_meeting_summary": False,
    }
    return json_response(shown)


def _totals(instance: Instance) -> dict[str, Any]:
    """`participants_count` counts joins, not people: Zoom does not say which."""
    inside = [stay for stay in instance.stays if stay.status == "in_meeting" and not stay.room]
    return {
        "start_time": iso(instance.start),
        "end_time": iso(instance.until),
        "duration": int((instance.until - instance.start) // 60),
        "total_minutes": int(sum(stay.leave - stay.join for stay in inside) // 60),
        "participants_count": len(inside),
    }


def past_instances(call: Call) -> Response:
    """GET /past_meetings/{meetingId}/instances: those that ended, of an id."""
    key = "webinars" if call.about_webinars else "meetings"
    return json_response(
        {key: [{"uuid": instance.uuid, "start_time": iso(instance.start)} for instance in _held(call)]}
    )


def past_participants(call: Call) -> Response:
    """GET /past_meetings/{meetingId}/participants: paid plans only."""
    if call.world.options.plan == "free":
        raise paid_only(call.world.credentials.account_id)
    page = _stays(call, _for_past(call))
    return json_response({**page.head(), "participants": [_past_row(stay) for stay in page.rows]})


def report_participants(call: Call) -> Response:
    """GET /report/meetings/{meetingId}/participants: one row per stay."""
    if call.query.get("include_fields", "registrant_id") != "registrant_id":
        raise invalid_field("include_fields")
    with_registrant = "include_fields" in call.query
    page = _stays(call, _for_report(call))
    rows = [_report_row(stay, with_registrant=with_registrant) for stay in page.rows]
    return json_response({**page.head(), "participants": rows})


def _stays(call: Call, instance: Instance) -> Page:
    rows: Sequence[Stay] = () if call.query.get("next_page_token") else _published_stays(call, instance)
    return call.world.pages.cut(f"{call.operation}/{instance.uuid}", call.query, rows, call.now, most=300)


def _published_stays(call: Call, instance: Instance) -> Sequence[Stay]:
    """The rows that are there by now; none for a meeting with only one participant."""
    people = {(stay.name, stay.email) for stay in instance.stays[:50]}
    if len(people) < 2:  # noqa: PLR2004
        return ()
    share = _share(call, instance)
    if share >= 1:
        return instance.stays
    shown = int(len(instance.stays) * share)
    return [
        stay if number < shown // 2 else replace(stay, leave=stay.join)
        for number, stay in enumerate(instance.stays[:shown])
    ]


def _share(call: Call, instance: Instance) -> float:
    """How much of the report has been processed, from 0 at the end of the meeting to 1 after the delay."""
    delay = call.world.options.report_delay
    return 1.0 if delay <= 0 else min((call.now - instance.until) / delay, 1.0)


def _row(stay: Stay) -> dict[str, Any]:
    return {
        "id": stay.id,
        "user_id": stay.user_id,
        "name": stay.name,
        "user_email": stay.email,
        "join_time": iso(stay.join),
        "leave_time": iso(stay.leave),
        "duration": int(stay.leave - stay.join),
        "failover": False,
        "status": stay.status,
    }


def _past_row(stay: Stay) -> dict[str, Any]:
    return _row(stay) | {"registrant_id": stay.registrant_id, "internal_user": stay.internal}


def _report_row(stay: Stay, *, with_registrant: bool) -> dict[str, Any]:
    shown = _row(stay) | {
        "customer_key": "",
        "participant_user_id": stay.id if stay.internal else "",
        "bo_mtg_id": stay.room,
    }
    return shown | {"registrant_id": stay.registrant_id} if with_registrant else shown


def report_meeting(call: Call) -> Response:
    """GET /report/meetings/{meetingId}."""
    instance = _for_report(call)
    host = call.world.users[instance.host_id]
    shown = _totals(instance) | {
        "uuid": instance.uuid,
        "id": instance.meeting_id,
        "type": instance.type,
        "topic": instance.topic,
        "user_name": host.display_name,
        "user_email": host.email,
        "dept": "",
    }
    return json_response(shown)


def _head(instance: Instance) -> dict[str, Any]:
    return {"id": instance.meeting_id, "uuid": instance.uuid, "start_time": iso(instance.start)}


def _grouped(call: Call, instance: Instance, rows: list[dict[str, Any]]) -> dict[str, Any]:
    share = _share(call, instance)
    shown = rows if share >= 1 else rows[: int(len(rows) * share)]
    return {**_head(instance), "questions": shown}


def report_questions(call: Call) -> Response:
    """GET /report/meetings/{meetingId}/qa: grouped by who asked, without pages."""
    instance = _for_report(call)
    return json_response(_grouped(call, instance, instance.questions))


def report_polls(call: Call) -> Response:
    """GET /report/meetings/{meetingId}/polls: grouped by person, without pages."""
    instance = _for_report(call)
    return json_response(_grouped(call, instance, instance.polls))


def report_survey(call: Call) -> Response:
    """GET /report/meetings/{meetingId}/survey: grouped by person, without pages; without a survey nobody is in it."""
    instance = _for_report(call)
    share = _share(call, instance)
    shown = instance.surveys if share >= 1 else instance.surveys[: int(len(instance.surveys) * share)]
    thing = "webinar" if instance.is_webinar else "meeting"
    head = {f"{thing}_id": instance.meeting_id, f"{thing}_uuid": instance.uuid, "start_time": iso(instance.start)}
    if instance.surveys:
        head |= {"survey_id": survey_id(instance), "survey_name": "After the session"}
    return json_response({**head, "survey_answers": shown})


def list_polls(call: Call) -> Response:
    """GET /meetings/{meetingId}/polls: the polls that were shown in it, as they are set up."""
    shown = poll_definitions(_held(call))
    return json_response({"total_records": len(shown), "polls": shown})


def get_survey(call: Call) -> Response:
    """GET /meetings/{meetingId}/survey: what is asked after it."""
    return json_response(survey_definition(_held(call)))


def _held(call: Call) -> list[Instance]:
    """The instances that ended of the id that was asked for. Raises Refusal where there is no such meeting."""
    key = call.params[0]
    known = call.world.meetings.get(read_number(key) or 0)
    if known is None or known.is_webinar != call.about_webinars:
        raise no_such_meeting(key)
    call.host_id = known.host_id
    return call.world.ended(known)


def past_questions(call: Call) -> Response:
    """GET /past_meetings/{meetingId}/qa: the older form, with question and joined answers only."""
    instance = _instance(call, refusal(404, 3001, "Meeting ID is invalid or not end."))
    whole = _grouped(call, instance, instance.questions)
    rows = [
        {
            "name": row["name"],
            "email": row["email"],
            "question_details": [
                {"question": value["question"], "answer": value["answer"]} for value in row["question_details"]
            ],
        }
        for row in whole["questions"]
    ]
    return json_response({**whole, "questions": rows})


def report_user_meetings(call: Call) -> Response:
    """GET /report/users/{userId}/meetings: what a host held between two days, with two participants or more."""
    if call.world.options.plan == "free":
        raise no_permission()
    host = call.world.user(call.params[0])
    call.host_id = host.id
    first, last = _days(call)
    rows: list[Instance] = []
    if not call.query.get("next_page_token"):
        held = (
            instance
            for instance in call.world.instances.values()
            if instance.host_id == host.id and instance.ended(call.now)
        )
        chosen = (
            instance for instance in held if first <= iso(instance.start)[:10] <= last and len(instance.stays) > 1
        )
        rows = sorted(chosen, key=lambda one: one.start)
    page = call.world.pages.cut(f"{call.operation}/{host.id}", call.query, rows, call.now, most=300)
    shown = [_held_row(call, row) for row in page.rows]
    return json_response({"from": first, "to": last, **page.head(), "meetings": shown})


def _held_row(call: Call, instance: Instance) -> dict[str, Any]:
    host = call.world.users[instance.host_id]
    names = {"uuid": instance.uuid, "id": instance.meeting_id, "topic": instance.topic, "type": instance.type}
    return {**_totals(instance), **names, "user_name": host.display_name, "user_email": host.email}


def _days(call: Call) -> tuple[str, str]:
    """`from` and `to`, both needed."""
    for name in ("from", "to"):
        if not _DAY.fullmatch(call.query.get(name, "")):
            raise invalid_field(name)
    return call.query["from"], call.query["to"]

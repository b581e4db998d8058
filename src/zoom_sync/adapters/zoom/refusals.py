"""What Zoom's refusals mean: one table, each line with its source. What is not in it proves nothing.

That something does not exist is believed only where Zoom says so in its own words, for the very id that was asked for:
by the same codes it refuses what one may not see (3001), whom an account does not know (1010) or who may not schedule
(3161), and what stands between it and us answers 404 for reasons of its own. Pure; imports the standard library only.

SPEC is Zoom's description of its API, https://developers.zoom.us/docs/api/meetings/ and …/docs/api/users/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Meaning(StrEnum):
    """What a refusal means for the thing that was asked for."""

    GONE = "the meeting or webinar does not exist"
    NO_USER = "the user does not exist"
    NO_REPORT = "there is no such report"
    OTHER_KIND = "the id is of the other kind: a webinar's, or a meeting's"
    NO_ACCESS = "the account may not use the API"
    UNCLEAR = "nothing follows from it"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: a refusal by operation (a regular expression), HTTP status, code and words.

    Where the words name an id (`id`), it has to be the one that was asked for.
    """

    meaning: Meaning
    operations: re.Pattern[str]
    statuses: frozenset[int]
    codes: frozenset[int | None]
    words: re.Pattern[str]
    source: str


def _rule(
    meaning: Meaning, operations: str, statuses: set[int], codes: set[int | None], words: str, source: str
) -> Rule:
    return Rule(
        meaning,
        re.compile(operations),
        frozenset(statuses),
        frozenset(codes),
        re.compile(words, re.IGNORECASE),
        source,
    )


_OF_A_MEETING = r"(meeting|webinar)(Update|Delete|Status|Registrant\w*|Panelist\w*)?|addBatch\w*"
_OF_A_USER = r"meetings|webinars|userSettings|(meeting|webinar)Create"
_OF_THE_PAST = r"(report|past)\w*|listPast\w*|listWebinarParticipants|webinarAbsentees"
_ID = r'"?(?P<id>[^\s"]+?)"?'

TABLE = (
    _rule(
        Meaning.GONE, _OF_A_MEETING, {404}, {3001}, rf"(meeting|webinar) does not exist: ?{_ID}\.?",
        "SPEC, GET, PATCH and DELETE /meetings/{meetingId} and /webinars/{webinarId}",
    ),
    _rule(
        Meaning.GONE, r"meetingRegistrantCreate", {404}, {1001}, rf"meeting does not exist: ?{_ID}\.?",
        "SPEC, POST /meetings/{meetingId}/registrants",
    ),
    _rule(
        Meaning.NO_USER, _OF_A_USER, {404}, {1001}, rf"user does not exist: ?{_ID}\.?",
        "SPEC, GET /users/{userId}/meetings and /webinars, POST /users/{userId}/meetings",
    ),
    _rule(
        Meaning.NO_USER, _OF_A_USER, {404}, {1001}, rf"user {_ID} does not exist\.?",
        "SPEC, POST /users/{userId}/webinars",
    ),
    _rule(
        Meaning.NO_REPORT, _OF_THE_PAST, {400, 404}, {3001},
        r"(meeting|webinar) (\S+ )?(is )?not found or (has )?expired\.?|(meeting|webinar) does not exist(: ?\S+)?\.?"
        r"|(meeting|webinar) id is invalid or not end\.?",
        "SPEC, /report/… and /past_…; HTTP 400: https://github.com/zoom/api/issues/33",
    ),
    _rule(
        Meaning.NO_REPORT, r"report\w*|\w*[Pp]oll\w*", {404}, {404}, r"meeting (poll )?not found\.?",
        "SPEC, /meetings/{meetingId}/polls",
    ),
    _rule(
        Meaning.NO_REPORT, r"recordingGet", {404}, {3301}, r"there is no recording for this meeting\.?",
        "SPEC, GET /meetings/{meetingId}/recordings",
    ),
    _rule(
        Meaning.OTHER_KIND, r"meeting\w*", {400}, {300, 3000}, r"cannot access webinar info\.?",
        "SPEC, GET /meetings/{meetingId}; https://github.com/indico/indico-plugins, vc_zoom",
    ),
    _rule(Meaning.OTHER_KIND, r"webinar\w*", {400}, {300}, r"invalid webinar id\.?", "SPEC, GET /webinars/{webinarId}"),
    _rule(
        Meaning.NO_ACCESS, r".*", {401, 403}, {None}, r"access to the zoom rest api has been denied.*",
        "SPEC, GET /users",
    ),
)  # fmt: skip


def meaning(status: int, code: int | None, words: str, *, operation: str = "", subject: str = "") -> Meaning:
    """What a refusal means. `subject` is the id that was asked for; empty, as `operation`: it is not known."""
    for rule in TABLE:
        if status not in rule.statuses or code not in rule.codes:
            continue
        if operation and not rule.operations.fullmatch(operation):
            continue
        match = rule.words.fullmatch(words.strip())
        if match is not None and _names(match, subject):
            return rule.meaning
    return Meaning.UNCLEAR


def _names(match: re.Match[str], subject: str) -> bool:
    named = match.groupdict().get("id")
    return not named or not subject or named.casefold() == subject.casefold()


def is_zooms(answer: Mapping[str, Any]) -> bool:
    """Whether a body has the form of Zoom's errors; what stands between Zoom and us answers in other forms."""
    return isinstance(answer.get("message") or answer.get("reason"), str)

"""Attendees and questions as JSON, and back: what the tables keep beside the columns that are searched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zoom_sync.domain.attendance import Attendee, Certainty, Role
from zoom_sync.domain.questions import Answer, AnswerKind, Question, Status


def attendee_json(one: Attendee) -> dict[str, Any]:
    """Everything of an attendee but name, e-mail and seconds."""
    return {
        "key": one.key,
        "first_join": _text(one.first_join),
        "last_leave": _text(one.last_leave),
        "seconds_inside": one.seconds_inside,
        "seconds_outside": one.seconds_outside,
        "seconds_waiting": one.seconds_waiting,
        "share": one.share,
        "joins": one.joins,
        "devices": one.devices,
        "certainty": str(one.certainty),
        "role": str(one.role),
        "phone": one.phone,
        "note": one.note,
        "intervals": [list(interval) for interval in one.intervals],
    }


def attendee(name: str, email: str | None, seconds: int, line: dict[str, Any]) -> Attendee:
    """The reverse of `attendee_json`."""
    rest = {
        **line,
        "first_join": _instant(line["first_join"]),
        "last_leave": _instant(line["last_leave"]),
        "certainty": Certainty(line["certainty"]),
        "role": Role(line["role"]),
        "intervals": tuple((start, end) for start, end in line["intervals"]),
    }
    return Attendee(name=name, email=email, seconds=seconds, **rest)


def question_json(one: Question) -> dict[str, Any]:
    """Everything of a question but asker, e-mail and text."""
    return {
        "anonymous": one.anonymous,
        "asked_at": _text(one.asked_at),
        "status": str(one.status),
        "live_answered": one.live_answered,
        "question_id": one.question_id,
        "answers": [{"author": a.author, "text": a.text, "at": _text(a.at), "kind": str(a.kind)} for a in one.answers],
    }


def question(asker: str, email: str | None, text: str, line: dict[str, Any]) -> Question:
    """The reverse of `question_json`."""
    rest = {
        **line,
        "asked_at": _instant(line["asked_at"]),
        "status": Status(line["status"]),
        "answers": tuple(
            Answer(a["author"], a["text"], _instant(a["at"]), AnswerKind(a["kind"])) for a in line["answers"]
        ),
    }
    return Question(asker=asker, email=email, text=text, **rest)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)

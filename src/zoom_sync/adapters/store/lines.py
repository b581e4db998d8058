"""Attendees and questions as JSON, and back: what the tables keep beside the columns that are searched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zoom_sync.domain.attendance import Attendee, Certainty, LinkOf, Registration, RegistrationLine, Role, Turnout
from zoom_sync.domain.polls import PollAnswer, QuestionType, Source
from zoom_sync.domain.questions import Answer, AnswerKind, Question, Status

# Looked up, and not made each time: there are as many lines as people.
CERTAINTIES = {str(each): each for each in Certainty}
ROLES = {str(each): each for each in Role}


def attendee_json(one: Attendee) -> dict[str, Any]:
    """Everything of an attendee but name and e-mail; the time present is that inside and outside together."""
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
        "attended": one.attended,
        "registered": one.registered,
        "panelist": one.panelist,
        "registrant_ids": list(one.registrant_ids),
        "emails": [{"email": email} for email in one.emails],
        "accounts": list(one.accounts),
        "link_of": _link_json(one.link_of),
        "decided": one.decided,
    }


def _link_json(one: LinkOf | None) -> dict[str, Any] | None:
    return None if one is None else {"name": one.name, "email": one.email, "key": one.key, "by_link": one.by_link}


def _link_of(told: dict[str, Any] | None) -> LinkOf | None:
    return LinkOf(told["name"], told["email"] or None, told["key"], told["by_link"]) if told else None


def attendee(name: str, email: str | None, line: dict[str, Any]) -> Attendee:
    """The reverse of `attendee_json`. Lines of earlier versions lack what they did not keep."""
    get = line.get
    inside, outside = line["seconds_inside"], line["seconds_outside"]
    emails, registrants, accounts = get("emails"), get("registrant_ids"), get("accounts")
    return Attendee(
        line["key"], name, email,
        _instant(line["first_join"]),
        _instant(line["last_leave"]),
        inside + outside, inside, outside,
        line["seconds_waiting"],
        line["share"],
        line["joins"],
        line["devices"],
        CERTAINTIES[line["certainty"]],
        ROLES[line["role"]],
        line["phone"],
        line["note"],
        tuple([(start, end) for start, end in line["intervals"]]),
        get("attended"),
        get("registered"),
        get("panelist"),
        tuple(registrants) if registrants else (),
        tuple([each["email"] for each in emails if each["email"]]) if emails else (),
        tuple(accounts) if accounts else (),
        _link_of(get("link_of")),
        get("decided", False),
    )  # fmt: skip


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


def poll_json(one: PollAnswer) -> dict[str, Any]:
    """Everything of an answer but name, e-mail, question and answer."""
    line = {"source": str(one.source), "poll_id": one.poll_id, "anonymous": one.anonymous, "at": _text(one.at)}
    defined = {"type": one.type.name, "choices": list(one.type.choices)} if one.type else {}
    return {**line, **defined, "respondent": one.respondent}


def poll(name: str, email: str | None, question: str, answer: str, line: dict[str, Any]) -> PollAnswer:
    """The reverse of `poll_json`."""
    source, at = Source(line["source"]), _instant(line["at"])
    # Lines of before they were kept lack the question's type and who it was in the report.
    defined = QuestionType(line["type"], tuple(line.get("choices", ()))) if line.get("type") else None
    return PollAnswer(
        source, line["poll_id"], question, name, email, line["anonymous"], answer, at,
        type=defined, respondent=line.get("respondent"),
    )  # fmt: skip


def registration_json(one: Registration) -> dict[str, Any]:
    """Everything of a registration but name and e-mail."""
    return {
        "registrant_id": one.registrant_id,
        "status": one.status,
        "registered_at": _text(one.registered_at),
        "organisation": one.organisation,
        "answers": [list(answer) for answer in one.answers],
    }


def registration(name: str, email: str | None, line: dict[str, Any]) -> Registration:
    """The reverse of `registration_json`."""
    at = _instant(line["registered_at"])
    answers = tuple((question, answer) for question, answer in line.get("answers", ()))
    return Registration(line["registrant_id"], name, email or "", line["status"], at, line["organisation"], answers)


def turnout_json(one: RegistrationLine) -> dict[str, Any]:
    """Everything of a line of the report on registrations but name and e-mail."""
    return {
        "registration": registration_json(one.registration),
        "turnout": str(one.turnout),
        "first_join": _text(one.first_join),
        "seconds": one.seconds,
        "share": one.share,
        "attended": one.attended,
    }


def turnout(name: str, email: str | None, line: dict[str, Any]) -> RegistrationLine:
    """The reverse of `turnout_json`."""
    rest = {**line, "turnout": Turnout(line["turnout"]), "first_join": _instant(line["first_join"])}
    return RegistrationLine(**{**rest, "registration": registration(name, email, line["registration"])})


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)

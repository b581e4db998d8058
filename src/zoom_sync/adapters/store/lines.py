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


def attendee_json(attendee: Attendee) -> dict[str, Any]:
    """Everything of an attendee but name and e-mail; the time present is that inside and outside together."""
    return {
        "key": attendee.key,
        "first_join": _text(attendee.first_join),
        "last_leave": _text(attendee.last_leave),
        "seconds_inside": attendee.seconds_inside,
        "seconds_outside": attendee.seconds_outside,
        "seconds_waiting": attendee.seconds_waiting,
        "share": attendee.share,
        "joins": attendee.joins,
        "devices": attendee.devices,
        "certainty": str(attendee.certainty),
        "role": str(attendee.role),
        "phone": attendee.phone,
        "note": attendee.note,
        "intervals": [list(interval) for interval in attendee.intervals],
        "attended": attendee.attended,
        "registered": attendee.registered,
        "panelist": attendee.panelist,
        "registrant_ids": list(attendee.registrant_ids),
        "emails": [{"email": email} for email in attendee.emails],
        "accounts": list(attendee.accounts),
        "link_of": _link_json(attendee.link_of),
        "decided": attendee.decided,
    }


def _link_json(link_of: LinkOf | None) -> dict[str, Any] | None:
    return (
        None
        if link_of is None
        else {"name": link_of.name, "email": link_of.email, "key": link_of.key, "by_link": link_of.by_link}
    )


def _link_of(values: dict[str, Any] | None) -> LinkOf | None:
    return LinkOf(values["name"], values["email"] or None, values["key"], values["by_link"]) if values else None


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


def question_json(question: Question) -> dict[str, Any]:
    """Everything of a question but asker, e-mail and text."""
    return {
        "anonymous": question.anonymous,
        "asked_at": _text(question.asked_at),
        "status": str(question.status),
        "live_answered": question.live_answered,
        "question_id": question.question_id,
        "answers": [
            {"author": a.author, "text": a.text, "at": _text(a.at), "kind": str(a.kind)} for a in question.answers
        ],
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


def poll_json(poll_answer: PollAnswer) -> dict[str, Any]:
    """Everything of an answer but name, e-mail, question and answer."""
    line = {
        "source": str(poll_answer.source),
        "poll_id": poll_answer.poll_id,
        "anonymous": poll_answer.anonymous,
        "at": _text(poll_answer.at),
    }
    defined = {"type": poll_answer.type.name, "choices": list(poll_answer.type.choices)} if poll_answer.type else {}
    return {**line, **defined, "respondent": poll_answer.respondent}


def poll(name: str, email: str | None, question: str, answer: str, line: dict[str, Any]) -> PollAnswer:
    """The reverse of `poll_json`."""
    source, at = Source(line["source"]), _instant(line["at"])
    # Lines of before they were kept lack the question's type and who it was in the report.
    defined = QuestionType(line["type"], tuple(line.get("choices", ()))) if line.get("type") else None
    return PollAnswer(
        source, line["poll_id"], question, name, email, line["anonymous"], answer, at,
        type=defined, respondent=line.get("respondent"),
    )  # fmt: skip


def registration_json(registration: Registration) -> dict[str, Any]:
    """Everything of a registration but name and e-mail."""
    return {
        "registrant_id": registration.registrant_id,
        "status": registration.status,
        "registered_at": _text(registration.registered_at),
        "organisation": registration.organisation,
        "answers": [list(answer) for answer in registration.answers],
    }


def registration(name: str, email: str | None, line: dict[str, Any]) -> Registration:
    """The reverse of `registration_json`."""
    at = _instant(line["registered_at"])
    answers = tuple((question, answer) for question, answer in line.get("answers", ()))
    return Registration(line["registrant_id"], name, email or "", line["status"], at, line["organisation"], answers)


def turnout_json(registration_line: RegistrationLine) -> dict[str, Any]:
    """Everything of a line of the report on registrations but name and e-mail."""
    return {
        "registration": registration_json(registration_line.registration),
        "turnout": str(registration_line.turnout),
        "first_join": _text(registration_line.first_join),
        "seconds": registration_line.seconds,
        "share": registration_line.share,
        "attended": registration_line.attended,
    }


def turnout(name: str, email: str | None, line: dict[str, Any]) -> RegistrationLine:
    """The reverse of `turnout_json`."""
    rest = {**line, "turnout": Turnout(line["turnout"]), "first_join": _instant(line["first_join"])}
    return RegistrationLine(**{**rest, "registration": registration(name, email, line["registration"])})


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)

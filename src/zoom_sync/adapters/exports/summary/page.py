"""The summary as one HTML page that needs nothing else: style and pictures inline, no script; it prints on A4.

All text goes through the template's escaping. E-mail addresses are not in it, not even where people used theirs as a
name or wrote it into a question: a printed page goes through many hands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from zoom_sync.adapters.exports.cleaning import one_line, without_addresses
from zoom_sync.adapters.exports.summary import pictures
from zoom_sync.adapters.exports.summary.wording import Wording, wording_of
from zoom_sync.domain.attendance import Role
from zoom_sync.domain.programme import Session
from zoom_sync.domain.questions import Question
from zoom_sync.domain.summary import QUARTERS, EventFigures, ItemFigures, SessionFigures

_TEMPLATES = Environment(
    loader=PackageLoader("zoom_sync.adapters.exports.summary"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)

LONGEST_QUESTION = 600


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """Writes an HTML page."""

    media_type: str = "text/html; charset=utf-8"
    suffix: str = ".html"

    def write(self, figures: EventFigures, language: str) -> bytes:
        """The whole page as UTF-8. Raises UserError for a language there is none of."""
        words = wording_of(language)
        moment = words.moment(figures.at.astimezone(ZoneInfo(figures.event.timezone)))
        page = _TEMPLATES.get_template("summary.html.j2").render(
            words=words.words,
            tag=words.tag,
            at=pictures,
            title=one_line(figures.event.title),
            as_of=words.say("as_of", moment=moment),
            sessions=[_session(session, words) for session in figures.sessions],
            attendance=_attendance(figures, words),
        )
        return page.encode()


def _attendance(figures: EventFigures, words: Wording) -> dict[str, object]:
    labels = [words.label(session_figures.number, session_figures.session) for session_figures in figures.sessions]
    texts = [
        words.say("attendance_bar", session=label, people=session_figures.people, peak=session_figures.curve.peak)
        for label, session_figures in zip(labels, figures.sessions, strict=True)
    ]
    rows = [
        (label, str(session_figures.people), session_figures.people, session_figures.curve.peak)
        for label, session_figures in zip(labels, figures.sessions, strict=True)
    ]
    return {
        "alt": words.say("attendance_alt", bars=words.say("separator").join(texts)),
        "bars": pictures.bars(rows),
    }


def _session(figures: SessionFigures, words: Wording) -> dict[str, object]:
    session, label = figures.session, words.label(figures.number, figures.session)
    return {
        "key": f"session-{figures.number}",
        "label": label,
        "title": one_line(session.title),
        "start": session.start.isoformat(),
        "date": words.date(session),
        "people": figures.people,
        "roles": [(words.say(str(role)), figures.roles.get(role, 0)) for role in Role if figures.roles.get(role)],
        "only_waited": figures.only_waited,
        "peak": figures.curve.peak,
        "peak_at": _peak_at(figures, words),
        "median_stay": words.say("minutes", minutes=round(figures.curve.median_stay / 60)),
        "asked": figures.asked,
        "unanswered": words.say("unanswered", count=figures.unanswered) if figures.unanswered else "",
        "reports": [(words.kind(report), words.state(report), str(report.state)) for report in figures.reports],
        "curve": _curve(figures, words, label),
        "stayed": _stayed(figures, words, label),
        "agenda": [_item(item, figures.session, words) for item in figures.items],
        "estimated": any(item.timed.estimated for item in figures.items),
        "questions": [_question(question, figures, words) for question in figures.questions],
        "shown": words.say("questions_more", shown=len(figures.questions), all=figures.asked),
    }


def _peak_at(figures: SessionFigures, words: Wording) -> str:
    at = figures.curve.peak_at
    return words.say("at", time=_clock(at, figures.session)) if at else ""


def _clock(moment: datetime, session: Session) -> str:
    """The time in the session's zone, with its date where that is not the one that the session begins on."""
    local = moment.astimezone(session.start.tzinfo)
    return f"{local:%H:%M}" if local.date() == session.start.date() else f"{local:%Y-%m-%d %H:%M}"


def _curve(figures: SessionFigures, words: Wording, label: str) -> dict[str, object]:
    minutes, session, at = figures.by_minute, figures.session, _peak_at(figures, words)
    picture = pictures.curve_picture(figures)
    text = words.say(
        "curve_alt", start=f"{session.start:%H:%M}", end=_clock(session.end, session),
        first=minutes[0] if minutes else 0,
        last=minutes[-1] if minutes else 0, peak=figures.curve.peak, at=f" {at}" if at else "",
    )  # fmt: skip
    return {
        "title": words.say("curve_title", session=label),
        "alt": text if picture else words.say("curve_empty"),
        "picture": picture,
    }


def _stayed(figures: SessionFigures, words: Wording, label: str) -> dict[str, object]:
    parts = [(words.say(f"stayed_{part}"), figures.stayed[part]) for part in reversed(range(QUARTERS))]
    texts = [words.say("stayed_bar", part=part, people=people) for part, people in parts]
    return {
        "title": words.say("stayed_title", session=label),
        "alt": words.say("attendance_alt", bars=words.say("separator").join(texts)),
        "bars": pictures.bars([(part, str(people), people, people) for part, people in parts]),
    }


def _item(figures: ItemFigures, session: Session, words: Wording) -> dict[str, str]:
    timed, when = figures.timed, "about" if figures.timed.estimated else "exactly"
    times = {"start": _clock(timed.start, session), "end": _clock(timed.end, session)}
    text = words.say(when, **times, people=round(figures.people))
    return {"presenter": one_line(timed.item.presenter), "title": one_line(timed.item.title), "told": text}


def _question(question: Question, figures: SessionFigures, words: Wording) -> dict[str, str]:
    moment = question.asked_at
    return {
        "text": _shortened(without_addresses(one_line(question.text))),
        "asker": words.say("anonymous") if question.anonymous else without_addresses(one_line(question.asker)),
        "time": _clock(moment, figures.session) if moment else "",
        "state": words.answer(question),
    }


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUESTION else f"{text[:LONGEST_QUESTION]}\u2026"

"""A session's figures as JSON and back: what is kept when its people are purged. Nobody is named in it.

Reading is tolerant: what is missing or of another type than it should be is taken as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from zoom_sync.domain.agenda import timed_items
from zoom_sync.domain.attendance import Curve, ItemAudience, Role
from zoom_sync.domain.polls import ChoiceCount, PollAnswer, PollQuestion, Source, count_answers
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Collected
from zoom_sync.domain.summary import QUARTERS, ItemFigures, SessionFigures


def figures_json(figures: SessionFigures) -> dict[str, Any]:
    """The figures without names and texts; `start` says which time of the session they are of."""
    peak_at = figures.curve.peak_at
    return {
        "start": figures.session.start.isoformat(),
        "people": figures.people,
        "roles": {str(role): count for role, count in figures.roles.items()},
        "only_waited": figures.only_waited,
        "peak": figures.curve.peak,
        "peak_at": peak_at.isoformat() if peak_at else None,
        "median_stay": figures.curve.median_stay,
        "by_minute": list(figures.by_minute),
        "stayed": list(figures.stayed),
        "items": [item.people for item in figures.items],
        "asked": figures.asked,
        "unanswered": figures.unanswered,
    }


# Of these types of questions the answers are choices that were given; of the others, texts that people wrote.
GIVEN = frozenset({"single", "multiple", "matching", "rank_order", "rating_scale"})


def polls_json(answers: Iterable[PollAnswer]) -> list[dict[str, Any]]:
    """How many answered each question of polls and surveys, and what they chose; what people wrote is not kept."""
    every = list(answers)
    chosen = {
        (poll_answer.source, poll_answer.poll_id, poll_answer.question)
        for poll_answer in every
        if poll_answer.type and poll_answer.type.name in GIVEN
    }
    return [
        {
            "source": str(count_answer.source),
            "poll_id": count_answer.poll_id,
            "question": count_answer.question,
            "people": count_answer.people,
            "choices": [[choice.choice, choice.people] for choice in count_answer.choices]
            if (count_answer.source, count_answer.poll_id, count_answer.question) in chosen
            else [],
        }
        for count_answer in count_answers(every)
    ]


def audiences_json(heard: Iterable[ItemAudience]) -> list[dict[str, Any]]:
    """The audience of each item of the agenda, in their order."""
    return [
        {
            "present": item_audience.present,
            "average": item_audience.average,
            "peak": item_audience.peak,
            "peak_at": item_audience.peak_at.isoformat() if item_audience.peak_at else None,
        }
        for item_audience in heard
    ]


def polls_kept(kept: Mapping[str, Any]) -> tuple[PollQuestion, ...]:
    """The questions of polls and surveys as they were kept; without choices where people wrote their answers."""
    return tuple(_poll(values) for values in _objects(kept.get("polls")) if values.get("source") in set(Source))


def _poll(kept: Mapping[str, Any]) -> PollQuestion:
    people, choices = _count(kept.get("people")), kept.get("choices")
    pairs = (
        [choice for choice in choices if isinstance(choice, list) and len(choice) == 2]  # noqa: PLR2004
        if isinstance(choices, list)
        else []
    )
    counted = [ChoiceCount(str(choice), _count(count), _count(count) / max(people, 1)) for choice, count in pairs]
    told = str(kept.get("poll_id") or ""), str(kept.get("question") or "")
    return PollQuestion(Source(kept["source"]), *told, people, tuple(counted))


def audiences_kept(kept: Mapping[str, Any], session: Session) -> tuple[ItemAudience, ...]:
    """The audience of each item as it was kept; none where the agenda has other items by now."""
    items, heard = timed_items(session), _objects(kept.get("audiences"))
    if len(items) != len(heard):
        return ()
    return tuple(
        ItemAudience(
            item, _count(values.get("present")), _number(values.get("average")), _count(values.get("peak")),
            _moment(values.get("peak_at")),
        )
        for item, values in zip(items, heard, strict=True)
    )  # fmt: skip


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def of_session(kept: Mapping[str, Any], session: Session) -> bool:
    """Whether what was kept is of the session as it stands in the programme, and not of one that was moved since."""
    at = _moment(kept.get("start"))
    return at is not None and at == session.start


def figures_kept(
    number: int, session: Session, kept: Mapping[str, Any], reports: Sequence[Collected]
) -> SessionFigures:
    """The figures as they were kept; there are no questions to show any more."""
    curve = Curve((), _count(kept.get("peak")), _moment(kept.get("peak_at")), _number(kept.get("median_stay")))
    stayed = (*_counts(kept.get("stayed")), *[0] * QUARTERS)
    roles = kept.get("roles")
    held = roles if isinstance(roles, Mapping) else {}
    heard = kept.get("items")
    means = [_number(mean) for mean in heard] if isinstance(heard, list) else []
    items = timed_items(session)
    return SessionFigures(
        number, session, {role: _count(held[role]) for role in Role if role in held},
        _count(kept.get("only_waited")), curve, tuple(_counts(kept.get("by_minute"))),
        (stayed[0], stayed[1], stayed[2], stayed[3]),
        tuple(ItemFigures(*pair) for pair in zip(items, means, strict=False)) if len(items) == len(means) else (),
        _count(kept.get("asked")), _count(kept.get("unanswered")), (), tuple(reports),
    )  # fmt: skip


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _counts(value: object) -> list[int]:
    return [_count(one) for one in value] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None

"""Which meeting that somebody made by hand may be whose session's: proposals for a person to confirm. Pure.

The rule, in full. Compared are sessions without a meeting and meetings that nothing is linked to, of the same kind.

1. The titles: both as plain words (one width of letters, no case, no signs), by difflib's ratio from 0 to 1; 1 is the
   same words. A title that holds the other whole, by words, counts 0.9.
2. The start: 1 at the same minute, 0.8 within a quarter of an hour, 0.5 within a day, else 0; 0 for a meeting without
   one.
3. The confidence is 0.6 of the first and 0.4 of the second. Below `LEAST` nothing is proposed, and neither is a meeting
   whose title has nothing to do with the session's (below `LEAST_TITLE`), however well its time fits.
4. A session is proposed the meeting of the highest confidence, if the session is that meeting's highest too.
5. If another meeting comes within `TIE` for the session, or another session for the meeting, it is a tie: it is shown,
   and never chosen without a person.
6. Only a proposal of the very title and the very start that is no tie is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from functools import lru_cache

from zoom_sync.domain.headers import plain_header
from zoom_sync.domain.meeting import DesiredMeeting, ObservedMeeting, clean

LEAST = 0.6
LEAST_TITLE = 0.5
TIE = 0.05
HOLDS = 0.9
NOT_THE_SAME = 0.99
LONGEST = 200  # characters of a title that are compared; Zoom takes no more


@dataclass(frozen=True, slots=True)
class Proposal:
    """A meeting that may be a session's. `confidence` is from 0 to 1, `reason` says it in words.

    `others` are the ids of the meetings, or the keys of the sessions, that it ties with.
    """

    session: str
    meeting: ObservedMeeting
    confidence: float
    reason: str
    exact: bool
    others: tuple[str, ...] = ()


def propose(sessions: Sequence[DesiredMeeting], meetings: Sequence[ObservedMeeting]) -> tuple[Proposal, ...]:
    """The proposals for sessions without a meeting, in their order; among equals the ones that tie are all there."""
    scores, best = _scores(sessions, meetings)
    rivals = _rivals(scores)
    return tuple(
        _proposal(session, meeting, scores[session.key, meeting.meeting_id], rivals)
        for session in sessions
        for meeting in meetings
        if (session.key, meeting.meeting_id) in scores
        and scores[session.key, meeting.meeting_id] >= max(best[session.key], best[_id(meeting.meeting_id)]) - TIE
    )


def _scores(
    sessions: Sequence[DesiredMeeting], meetings: Sequence[ObservedMeeting]
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """How well pairs fit, and the best for each session and each meeting.

    The nearest in time come first: what cannot come close to the best any more need not be compared by its title.
    """
    scores: dict[tuple[str, str], float] = {}
    best: dict[str, float] = defaultdict(float)
    for time, session, meeting in _pairs(sessions, meetings):
        needed = max(LEAST, best[session.key] - TIE, best[_id(meeting.meeting_id)] - TIE)
        if 0.6 + 0.4 * time < needed:
            continue
        title = _title_score(session.fields.topic, meeting.topic, max(LEAST_TITLE, (needed - 0.4 * time) / 0.6))
        if title:
            score = 0.6 * title + 0.4 * time
            scores[session.key, meeting.meeting_id] = score
            for text in (session.key, _id(meeting.meeting_id)):
                best[text] = max(best[text], score)
    return scores, best


def _pairs(
    sessions: Sequence[DesiredMeeting], meetings: Sequence[ObservedMeeting]
) -> list[tuple[float, DesiredMeeting, ObservedMeeting]]:
    """The pairs of one kind, the nearest in time first, among those the ones of the same words."""
    pairs = [
        (_time_score(session, meeting), _words(session.fields.topic) == _words(meeting.topic), session, meeting)
        for session in sessions
        for meeting in meetings
        if session.kind is meeting.kind
    ]
    pairs.sort(key=lambda pair: (-pair[0], not pair[1]))
    return [(time, session, meeting) for time, same, session, meeting in pairs if time or same]


def _proposal(
    session: DesiredMeeting, meeting: ObservedMeeting, score: float, rivals: Mapping[str, Sequence[tuple[str, float]]]
) -> Proposal:
    near = (*rivals[session.key], *rivals[_id(meeting.meeting_id)])
    others = tuple(
        text for text, other in near if text not in {session.key, meeting.meeting_id} and other >= score - TIE
    )
    exact = _is_exact(session, meeting) and not others
    return Proposal(session.key, meeting, round(score, 2), _reason(session, meeting, others), exact, others)


def _id(meeting_id: str) -> str:
    """A meeting's name beside those of sessions: a session's key may be a number too."""
    return f"#{meeting_id}"


def _rivals(scores: Mapping[tuple[str, str], float]) -> dict[str, list[tuple[str, float]]]:
    """For each session its meetings and for each meeting its sessions, with how well they fit."""
    rivals: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (key, meeting_id), score in scores.items():
        rivals[key].append((meeting_id, score))
        rivals[_id(meeting_id)].append((key, score))
    return rivals


def _title_score(text: str, other: str, least: float = 0.0) -> float:
    """How alike two titles are; 0 below `least`, which is seen by less work than the ratio itself takes."""
    words, others = _words(text), _words(other)
    if not words or not others:
        return 0.0
    if words == others:
        return 1.0
    if f" {words} " in f" {others} " or f" {others} " in f" {words} ":
        return HOLDS if least <= HOLDS else 0.0
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    ratio = min(matcher.ratio(), NOT_THE_SAME)
    return ratio if ratio >= least else 0.0


@lru_cache(maxsize=4096)
def _words(title: str) -> str:
    return plain_header(title[:LONGEST])


def _time_score(session: DesiredMeeting, meeting: ObservedMeeting) -> float:
    if meeting.start is None:
        return 0.0
    apart = abs(meeting.start - session.fields.start)
    if apart < timedelta(minutes=1):
        return 1.0
    if apart <= timedelta(minutes=15):
        return 0.8
    return 0.5 if apart <= timedelta(days=1) else 0.0


def _is_exact(session: DesiredMeeting, meeting: ObservedMeeting) -> bool:
    return clean(meeting.topic) == session.fields.topic and meeting.start == session.fields.start


def _reason(session: DesiredMeeting, meeting: ObservedMeeting, others: tuple[str, ...]) -> str:
    score = _title_score(session.fields.topic, meeting.topic)
    same = clean(meeting.topic) == session.fields.topic
    title = "same title" if same else "same words" if score == 1 else f"title alike by {score:.0%}"
    tie = f"; a tie with {', '.join(others)}" if others else ""
    return f"{title}, {_time_told(session, meeting)}{tie}"


def _time_told(session: DesiredMeeting, meeting: ObservedMeeting) -> str:
    if meeting.start is None:
        return "it has no start"
    minutes = round((meeting.start - session.fields.start).total_seconds() / 60)
    if minutes == 0:
        return "same start"
    late = "later" if minutes > 0 else "earlier"
    hours, rest = divmod(abs(minutes), 60)
    days, hours = divmod(hours, 24)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "min")) if count]
    return f"it starts {' '.join(parts)} {late}"

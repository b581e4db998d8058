"""The rules that every programme keeps, whatever format it was read from; all broken rules are told at once.

Pure: imports the standard library, `zoom_sync.errors` and the domain. The small `..._flaw` functions judge one value
and answer a message or None, so that a reader can use them where it knows the line. No message holds a passcode, a
link or an address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from zoom_sync.domain.agenda import items_flaw
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.domain.series import by_meeting, group_flaws
from zoom_sync.errors import Problem

# Zoom's limits, as its API description gives them: https://developers.zoom.us/docs/api/meetings/
TITLE_MAX = 200  # `topic`
DESCRIPTION_MAX = 2000  # `agenda`, which is made from the description among other things
PASSCODE_MAX = 10
MINUTES_MAX = 1440
LANGUAGE_MAX = 100
EXPECTED_MAX = 1_000_000
FREEZE_MAX = 8760  # hours: a year
SHOWN_TITLE_MAX = 60
# https://developers.zoom.us/docs/api/meetings/ (registrants): `email` up to 128
EMAIL_MAX = 128
KEY_MAX = 80
KEY_PATTERN = r"[a-z0-9]+([-_][a-z0-9]+)*"
PERSONAL_ID_DIGITS = 10

EMPTY = (
    "the programme has no session: every session that is stored of this event will be gone, and its meeting stays on"
    " Zoom until somebody deletes it by name"
)
_EMAIL = re.compile(r"[^@\s,;:<>()\"\[\]]+@[^@\s,;:<>()\"\[\]]+\.[^@\s.,;:<>()\"\[\]]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_PLACES = {"Factory", "localtime", "posixrules"}
_CITIES_WITHOUT_ZONE = {
    "beijing": "Asia/Shanghai", "guangzhou": "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata", "washington": "America/New_York", "boston": "America/New_York",
    "san_francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "geneva": "Europe/Zurich",
    "barcelona": "Europe/Madrid", "rio_de_janeiro": "America/Sao_Paulo",
}  # fmt: skip


def check_programme(programme: Programme) -> tuple[Problem, ...]:
    """Every broken rule of a whole programme, in the order of its lines. Sessions may overlap: that is no fault."""
    return (*check_event(programme.event), *check_sessions(programme.sessions))


def check_event(event: Event) -> tuple[Problem, ...]:
    flaws = (
        _named("the event's key", key_flaw(event.key)),
        _named("the event's title", text_flaw(event.title)),
        _named("the event's description", event.description and text_flaw(event.description, lines=True)),
        zone_flaw(event.timezone),
    )
    return tuple(Problem(flaw) for flaw in flaws if flaw)


def check_sessions(
    sessions: Iterable[Session], other_keys: Iterable[tuple[str, int | None]] = ()
) -> tuple[Problem, ...]:
    """The rules of each session and of all together. `other_keys` are the keys of sessions that could not be built."""
    sessions = tuple(sessions)
    other_keys = tuple(other_keys)
    problems = [Problem(flaw, session.line) for session in sessions for flaw in _session_flaws(session)]
    keys = [(session.key, session.line) for session in sessions]
    meetings = [(session.known.meeting_id, session.line) for session in sessions if session.known]
    problems += _repeated_keys(sessions, [*keys, *other_keys])
    problems += repeated(
        meetings,
        "this session tells the same meeting ID as another: where both are held in it, let one own it and the other"
        " name the owner's key under `meeting:` as `of:`",
    )
    problems += (
        Problem(flaw, line) for flaw, line in _sharing_flaws(sessions, {key for key, _ in (*keys, *other_keys)})
    )
    problems += (Problem(flaw, line) for flaw, line in _rehearsal_flaws(sessions, {key for key, _ in other_keys}))
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))


def _repeated_keys(sessions: Sequence[Session], keys: Sequence[tuple[str, int | None]]) -> Iterator[Problem]:
    """One problem for each key that was met before, with the titles: lines are not told by every source."""
    titles: dict[str, list[str]] = {}
    for session in sessions:
        titles.setdefault(session.key, []).append(shown_title(session.title))
    for problem, key in _met_before(keys):
        named = " and ".join(f"`{title}`" for title in dict.fromkeys(titles.get(key, ())[:3]))
        text = f"the session key `{shown(key)}` is used twice: give each session a key of its own{problem.message}"
        yield Problem(f"{text}; it is that of {named}" if named else text, problem.line)


def _rehearsal_flaws(sessions: Sequence[Session], other_keys: Collection[str]) -> Iterator[tuple[str, int | None]]:
    """What is wrong with sessions that rehearse another one. One that could not be built has problems of its own."""
    by_key = {session.key: session for session in sessions}
    for session in sessions:
        of = session.rehearsal_of
        if of is None or of in other_keys:
            continue
        if of == session.key:
            yield "the session is said to rehearse itself: leave `rehearsal_of` out", session.line
        elif of not in by_key:
            yield f"there is no session `{shown(of)}` that it could rehearse: correct `rehearsal_of`", session.line
        elif by_key[of].rehearsal_of is not None:
            yield f"session `{of}` is a rehearsal itself: name the session that is rehearsed", session.line


def _sharing_flaws(sessions: Sequence[Session], keys: Collection[str]) -> Iterator[tuple[str, int | None]]:
    """What is wrong with sessions that are held in another one's meeting."""
    by_key = {session.key: session for session in sessions}
    sound = []
    for session in sessions:
        owner = by_key.get(session.meeting_key)
        if session.meeting_of is None:
            sound += [session] if owner is session else []  # of two with one key, which is told already, the last
        elif owner is not None and owner.meeting_of is None and owner is not session:
            sound.append(session)
        elif session.meeting_of == session.key:
            yield "the session is said to be held in its own meeting: leave `of` out", session.line
        elif owner is not None:
            yield f"session `{owner.key}` has no meeting of its own: name the one that it is held in, too", session.line
        elif session.meeting_of not in keys:  # a session that could not be built has problems of its own
            yield f"there is no session `{shown(session.meeting_of)}` whose meeting it could be held in", session.line
    for group in by_meeting(sound).values():
        if len(group) > 1 and group[0].meeting_of is None:
            yield from group_flaws(group)


def doubts(programme: Programme) -> tuple[Problem, ...]:
    """What is allowed but seldom meant."""
    ten = (s for s in programme.sessions if s.known and len(s.known.meeting_id) == PERSONAL_ID_DIGITS)
    message = "this meeting ID has ten digits, as personal meeting rooms have: make sure that it is not somebody's room"
    return (*(Problem(message, session.line) for session in ten), *(() if programme.sessions else (Problem(EMPTY),)))


def repeated(values: Iterable[tuple[str, int | None]], message: str) -> Iterator[Problem]:
    """One problem for each value met before, with both lines; `{}` in the message stands for the value."""
    for problem, value in _met_before(values):
        yield Problem(message.format(shown(value)) + problem.message, problem.line)


def _met_before(values: Iterable[tuple[str, int | None]]) -> Iterator[tuple[Problem, str]]:
    """Each value met before, with a problem that tells no more than both lines."""
    first: dict[str, int | None] = {}
    for value, line in sorted(values, key=lambda pair: pair[1] or 0):
        if value in first:
            yield Problem(f" (lines {first[value]} and {line})" if line and first[value] else "", line), value
        first.setdefault(value, line)


def _session_flaws(session: Session) -> Iterator[str]:
    flaws = [
        _named("`key`", key_flaw(session.key)),
        _named("`title`", text_flaw(session.title, limit=TITLE_MAX)),
        _named("`long_title`", session.long_title and text_flaw(session.long_title, limit=DESCRIPTION_MAX)),
        _named("`description`", session.description
               and text_flaw(session.description, limit=DESCRIPTION_MAX, lines=True)),
        zone_flaw(session.timezone),
        span_flaw(session.start, session.end),
        _named("`room`", session.room and text_flaw(session.room)),
        _named("`track`", session.track and text_flaw(session.track)),
        _named("`language`", session.language and text_flaw(session.language, limit=LANGUAGE_MAX)),
        *(_named("a moderator", text_flaw(name)) for name in session.moderators),
    ]  # fmt: skip
    for item in session.items:
        flaws.append(_named("a presenter", text_flaw(item.presenter)))
        flaws.append(_named("the title of an item", text_flaw(item.title)))
        flaws.append(_named("the country of an item", item.country and text_flaw(item.country)))
        flaws += (_named("the e-mail of a presenter", email_flaw(email)) for email in item.emails)
    if not span_flaw(session.start, session.end):
        flaws.append(items_flaw(session.items, session.start, session.end))
    if session.known:
        flaws.append(meeting_id_flaw(session.known.meeting_id))
        flaws.append(passcode_flaw(session.known.passcode.value) if session.known.passcode else None)
    return (flaw for flaw in flaws if flaw)


def _named(what: str, flaw: str | None) -> str | None:
    return f"{what} {flaw}" if flaw else None


# --- one value -----------------------------------------------------------------------------------------------------


def key_flaw(key: str) -> str | None:
    """What is wrong with a key, to be read after its name."""
    if len(key) <= KEY_MAX and re.fullmatch(KEY_PATTERN, key):
        return None
    like = slug(key)
    example = f"`{like}`" if like and shown(like) == like else "`opening-day`"
    return f"must be lower-case letters and digits joined by hyphens, at most {KEY_MAX}, for example {example}"


def text_flaw(text: str, *, limit: int | None = None, lines: bool = False) -> str | None:
    """What is wrong with a text, to be read after its name."""
    if not text.strip():
        return "is empty: write it, or leave the key out where it is not required"
    if limit and len(text) > limit:
        return f"is {len(text)} characters long and Zoom takes at most {limit}: shorten it"
    if _CONTROL.search(text):
        return "holds a control character that cannot be shown: type it again"
    if not lines and ("\n" in text or "\t" in text):
        return "holds a line break or a tab: write it on one line"
    return None


def email_flaw(email: str) -> str | None:
    """What is wrong with an e-mail address, to be read after its name."""
    if len(email) <= EMAIL_MAX and _EMAIL.fullmatch(email) and not _CONTROL.search(email):
        return None
    return "is not an address: it is one name, an @ and a domain"


def passcode_flaw(passcode: str) -> str | None:
    if len(passcode) > PASSCODE_MAX:
        return f"the passcode has {len(passcode)} characters and Zoom takes at most {PASSCODE_MAX}: look it up again"
    if not passcode or re.search(r"\s", passcode) or _CONTROL.search(passcode):
        return "the passcode is empty or has spaces in it: write it exactly as Zoom shows it"
    return None


def meeting_id_flaw(digits: str) -> str | None:
    if re.fullmatch(r"[0-9]{9,11}", digits):
        return None
    count = sum(character.isdecimal() for character in digits)
    return f"a meeting ID has 9 to 11 digits and nothing else, this one has {count}: look it up again"


def span_flaw(start: datetime, end: datetime) -> str | None:
    if start.tzinfo is None or end.tzinfo is None:
        return "the start or the end has no time zone"
    length = end.astimezone(UTC) - start.astimezone(UTC)  # instants, so that a DST change in between is counted
    if length <= timedelta(0):
        return "the session ends before it starts, or at once: correct `start`, `end` or the zone"
    if length > timedelta(minutes=MINUTES_MAX):
        return f"the session lasts longer than {MINUTES_MAX} minutes (24 hours), Zoom's limit: split it"
    return None


def zone_flaw(name: str) -> str | None:
    """None for an IANA zone of this machine's tables, else what is wrong, with the nearest names."""
    if name in zone_names():
        return None
    near = " or ".join(f"`{zone}`" for zone in _near_zones(name))
    advice = f"did you mean {near}?" if near else "write an IANA name such as `Europe/Paris` or `Asia/Shanghai`"
    return f"the time zone `{shown(name)}` is not known: {advice}"


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones() - _NOT_PLACES)


def _near_zones(name: str) -> list[str]:
    text = name[:KEY_MAX].casefold().replace(" ", "_")
    city = text.rpartition("/")[2]
    if city in _CITIES_WITHOUT_ZONE:
        return [_CITIES_WITHOUT_ZONE[city]]
    whole = {zone.casefold(): zone for zone in zone_names()}
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(zone_names(), reverse=True) if "/" in zone}
    near = [whole[match] for match in get_close_matches(text, whole, n=3, cutoff=0.8)]
    return near or [cities[match] for match in get_close_matches(city, cities, n=3, cutoff=0.8)]


# --- words in messages ---------------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """A key made from a text: `slug("Día 1: Apertura") == "dia-1-apertura"`; empty where no letter can be kept."""
    plain = unicodedata.normalize("NFKD", text[: KEY_MAX * 10]).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(joined) <= KEY_MAX:
        return joined
    return joined[: KEY_MAX + 1].rpartition("-")[0] or joined[:KEY_MAX]


def shown_title(text: str) -> str:
    """A title as a message may show it: shortened, and without what could be an address, a link or a number."""
    plain = re.sub(r"\S*(?:@|://)\S*|[0-9]{5,}|`", "…", " ".join(text[: SHOWN_TITLE_MAX * 4].split()))
    return plain if len(plain) <= SHOWN_TITLE_MAX else plain[: SHOWN_TITLE_MAX - 1].rstrip() + "…"


def shown(text: str) -> str:
    """A key or a name as a message may show it; anything that could be an address, a link or a number is not shown."""
    return text if re.fullmatch(r"(?!.*[0-9]{5})[\w /+-]{1,60}", text) else "…"

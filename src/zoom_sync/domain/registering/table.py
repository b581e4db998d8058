"""People from the rows of a table: which column is which, and everything that is wrong, each with its line.

No message repeats an address: it would end up in a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zoom_sync.domain.headers import plain_header
from zoom_sync.domain.registering.registrant import MOST, Guest
from zoom_sync.domain.validate import email_flaw, text_flaw
from zoom_sync.errors import Problem

NAME_MAX = 64  # https://developers.zoom.us/docs/api/meetings/ (registrants): first_name and last_name
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "email": (
        "email", "e mail", "email address", "e mail address", "mail", "mail address", "邮箱", "电子邮箱", "电子邮件",
        "邮箱地址", "邮件地址", "电子邮件地址", "邮件",
    ),
    "first_name": ("first name", "firstname", "given name", "given names", "forename", "first", "名", "名字"),
    "last_name": ("last name", "lastname", "surname", "family name", "last", "姓", "姓氏"),
    "name": ("name", "full name", "fullname", "participant", "attendee", "registrant", "姓名", "参会人", "参会者"),
    "organisation": (
        "organisation", "organization", "org", "company", "institution", "affiliation", "employer", "单位", "公司",
        "机构", "工作单位", "组织", "所属单位",
    ),
}  # fmt: skip
_FIELDS = {plain_header(word): name for name, words in SYNONYMS.items() for word in words}
_LABELS = {"first_name": "the first name", "last_name": "the last name", "organisation": "the organisation"}


@dataclass(frozen=True, slots=True)
class People:
    """Who stands in a table, each once, and what there is to say. With a problem nobody is to be registered."""

    people: tuple[Guest, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def field_of(heading: str) -> str | None:
    """What a column of this heading holds; None where that is not known."""
    return _FIELDS.get(plain_header(heading))


def people_of(rows: Iterable[tuple[int, Sequence[str]]], source: str | None = None) -> People:
    """The people of rows, of which the first holds the headings; each row comes with its line."""
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        return People((), (Problem("the table is empty: it needs headings, and a row for each person", 1, source),), ())
    (line, headings), *rest = filled
    places = _places(headings)
    missing = _missing(places)
    if missing:
        return People((), tuple(Problem(each, line, source) for each in missing), ())
    problems: list[Problem] = []
    notes: list[Problem] = []
    people: dict[str, Guest] = {}
    for number, cells in rest:
        person = _person(number, {name: cells[at].strip() for name, at in places.items() if at < len(cells)})
        problems += (Problem(flaw, number, source) for flaw in _flaws(person))
        first = people.setdefault(person.key, person)
        if first is not person and person.key:
            notes.append(Problem(f"the same e-mail as in line {first.line}: registered once", number, source))
    if len(people) > MOST:
        problems.append(Problem(f"there are {len(people)} people; a meeting takes at most {MOST:,}", None, source))
    if not rest:
        problems.append(Problem("there is nobody below the headings", line, source))
    return People(tuple(people.values()), tuple(problems), tuple(notes))


def _places(headings: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = field_of(heading)
        if name is not None:
            places.setdefault(name, place)
    return places


def _missing(places: Mapping[str, int]) -> list[str]:
    missing = [] if "email" in places else ["no column of e-mails: give it the heading `email` or `邮箱`"]
    named = "first_name" in places or "name" in places
    return missing if named else [*missing, "no column of names: give it the heading `first name`, `name` or `姓名`"]


def _person(line: int, cells: Mapping[str, str]) -> Guest:
    """A name that is not divided goes into Zoom's first name as a whole: where it divides is not for us to guess."""
    first, last = cells.get("first_name", ""), cells.get("last_name", "")
    whole = cells.get("name", "")
    if not first:
        first, last = (whole, "") if whole else (last, "")
    return Guest(cells.get("email", ""), first, last, cells.get("organisation", ""), line)


def _flaws(person: Guest) -> Iterable[str]:
    if not person.email:
        yield "the e-mail is missing"
    elif flaw := email_flaw(person.email):
        yield f"the e-mail {flaw}"
    if not person.first_name:
        yield "the name is missing"
    for name, label in _LABELS.items():
        text = getattr(person, name)
        flaw = text_flaw(text, limit=None if name == "organisation" else NAME_MAX) if text else None
        if flaw:
            yield f"{label} {flaw}"

"""Phrases of the lower floors in the language of a page. What cannot be said in it stays English and is marked so.

The store keeps reasons as English texts. They are known again by the templates that they may have been made of, so what
an earlier version stored is told, too, as long as the words are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from string import Formatter
from typing import Any

from babel.lists import format_list
from markupsafe import Markup

from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.entrypoints.web import words
from zoom_sync.entrypoints.web.language import Language

TEXTS = frozenset({"why", "before", "after"})  # values that are phrases, or may have been made of one
WORDS: Mapping[str, Mapping[str, str]] = {
    "fields": words.FIELDS,
    "kind": words.KINDS,
    "wanted": words.KINDS,
    "report": words.REPORTS,
    "state": words.REPORT_STATES,
}
NUMBERS = frozenset({"count", "number", "rows", "status", "total"})
BETWEEN = "; "
FACTS = re.compile(r"(.+) \(((?:HTTP \d+)?(?:, )?(?:code \d+)?)\)", re.DOTALL)  # what errors of Zoom's end with
# A template with fewer letters of its own would be found in anybody's words.
LEAST_LETTERS = 6
# What is beyond these is no text of ours.
LONGEST, DEEPEST, MOST_PIECES = 2000, 8, 4


def told(text: str, language: Language, depth: int = 0) -> Markup:
    """A phrase, or a text that was stored as English, on one line."""
    known = isinstance(text, Phrase) or depth == DEEPEST
    said = [_said(part, language, depth + 1) for part in ((text,) if known else recognised(text, language.templates))]
    return reduce(lambda before, after: _filled(then(before, after), language, before=before, after=after), said)


def _said(text: str, language: Language, depth: int) -> Markup:
    if isinstance(text, Phrase) and text.template in language.phrases:
        values = {name: _value(name, value, language, depth) for name, value in text.values.items()}
        return _filled(text, language, **values)
    return Markup('<span lang="en">{}</span>').format(one_line(text))


def _filled(phrase: Phrase, language: Language, **values: str) -> Markup:
    return Markup(language.phrases[phrase.template]).format(**values)  # noqa: S704 - the catalogue's own text


def _value(name: str, value: Any, language: Language, depth: int) -> str:
    if isinstance(value, Phrase) or name in TEXTS:
        return told(value if isinstance(value, str) else str(value), language, depth)
    if name == "fields" and isinstance(value, str) and " " in value:
        value = re.split(", | and ", value)
    if isinstance(value, (list, tuple)):
        return _list([_value(name, one, language, depth) for one in value], language)
    said = str(value).removeprefix("settings.") if name == "fields" else str(value)
    word = WORDS.get(name, {}).get(said)
    return language.catalogue.gettext(word) if word else one_line(said)


def _list(parts: Sequence[str], language: Language) -> Markup:
    pattern = format_list(["{}"] * len(parts), locale=language.locale)
    return Markup(pattern).format(*parts)  # noqa: S704 - Babel's own text


def recognised(text: str, templates: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases that a text was made of, with what is none between them; the text itself where there are none."""
    parts = tuple(_parts(text, templates)) if templates and len(text) <= LONGEST else ()
    return parts if any(isinstance(part, Phrase) for part in parts) else (text,)


def _parts(text: str, templates: tuple[str, ...]) -> Iterator[str]:
    """What a text is made of: as long a phrase as there is whose values are no several texts, else the shortest one."""
    pieces = text.split(BETWEEN)
    while pieces:
        starts = ((many, BETWEEN.join(pieces[:many])) for many in range(1, min(len(pieces), MOST_PIECES) + 1))
        found = [(many, phrase) for many, start in starts if (phrase := _phrase(start, templates)) is not None]
        whole = [one for one in found if not any(BETWEEN in str(value) for value in one[1].values.values())]
        many, part = whole[-1] if whole else found[0] if found else (1, pieces[0])
        yield part
        pieces = pieces[many:]


def _phrase(text: str, templates: tuple[str, ...]) -> Phrase | None:
    for template, pattern in _patterns(templates):
        match = pattern.fullmatch(text)
        if match is not None:
            return Phrase.made_of(template, match.groupdict())
    facts = FACTS.fullmatch(text)
    within = _phrase(facts[1], templates) if facts is not None else None
    return Phrase("{why} ({facts})", why=within, facts=facts[2]) if facts is not None and within is not None else None


@lru_cache(maxsize=8)
def _patterns(templates: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What texts look like that are made of each template, the one with the most letters of its own first."""
    found = []
    for template in templates:
        places = [(literal, name, how) for literal, name, _, how in Formatter().parse(template)]
        letters = sum(text.isalpha() for literal, _, _ in places for text in literal)
        names = {name for _, name, _ in places if name}
        texts = names - TEXTS
        if letters >= LEAST_LETTERS or (texts and texts <= NUMBERS | WORDS.keys()):
            pattern = "".join(re.escape(literal) + _place(name, how) for literal, name, how in places)
            found.append((letters, template, re.compile(pattern, re.DOTALL)))
    found.sort(key=lambda one: -one[0])
    return tuple((template, pattern) for _, template, pattern in found)


def _place(name: str | None, how: str | None) -> str:
    if name is None:
        return ""
    text = r"\d+" if name in NUMBERS else ".+?"
    if name in WORDS and name != "fields":
        text = "|".join(map(re.escape, WORDS[name]))
    return f"['\"](?P<{name}>{text})['\"]" if how == "r" else f"(?P<{name}>{text})"

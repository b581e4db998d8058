"""The languages of the pages: gettext catalogues, read from their .po files at start; dates as each language says them.

Words are marked in the templates with `_()`, in Python with `N_()`; `locales/babel.cfg` tells Babel where they are.
What the lower floors say (why a change is held back) has a catalogue of its own, `phrases.po`: see `phrases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, cached_property, lru_cache
from gettext import NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale, dates, negotiate_locale, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request

from zoom_sync.domain.publication import SpreadsheetLanguage

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
DEFAULT = "en"
COOKIE = "zoom_sync_language"
YEAR = 365 * 24 * 3600  # seconds
# Which spreadsheets a download is for is chosen by itself: many read English pages, and have a German Excel.
SPREADSHEET_COOKIE = "zoom_sync_spreadsheet"
PAGES, PHRASES = "messages.po", "phrases.po"
DASH = "\N{EN DASH}"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "to be translated where it is shown"
    return text


NEAR: Mapping[int, str] = {-1: N_("yesterday"), 0: N_("today"), 1: N_("tomorrow")}


@dataclass(frozen=True)
class Language:
    """One language, with how it says times and numbers."""

    code: str
    environment: Environment
    catalogue: NullTranslations
    phrases: Mapping[str, str]  # what it says for each template of a phrase; English has none

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(self.code)

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """What it has phrases for."""
        return tuple(self.phrases)

    def day(self, moment: datetime, zone: str) -> str:
        """`Mon, Nov 6, 2023`, in the zone."""
        return _day(self.code, moment.astimezone(ZoneInfo(zone)).date())

    def span(self, start: datetime, end: datetime, zone: str) -> str:
        """From start to end on the clock of the zone: `Mon, Nov 6, 2023, 20:30 - 22:00 (UTC+8)` with a dash."""
        begin, over = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
        until = "" if over.date() == begin.date() else f"{self.day(end, zone)}, "
        return f"{self.day(start, zone)}, {begin:%H:%M}{DASH}{until}{over:%H:%M} ({_offset(begin)})"

    def clock(self, moment: datetime, zone: str) -> str:
        return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"

    def clock_at(self, moment: datetime, zone: str, of: datetime) -> str:
        """The clock, with the day where it is another than that of `of`, which is mostly a session's start."""
        here = ZoneInfo(zone)
        same = moment.astimezone(here).date() == of.astimezone(here).date()
        return self.clock(moment, zone) if same else self.moment(moment, zone)

    def moment(self, moment: datetime, zone: str = "UTC") -> str:
        """`Nov 6, 2023, 20:30`, in the zone."""
        day = dates.format_skeleton("yMMMd", moment, tzinfo=ZoneInfo(zone), locale=self.locale)
        return f"{day}, {self.clock(moment, zone)}"

    def near(self, moment: datetime, zone: str, now: datetime) -> str:
        """As people say it: `today 14:30`, `tomorrow 09:00`, `Thu, Nov 9, 14:30`; with the year where it is another."""
        here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
        said = NEAR.get((here.date() - today.date()).days)
        if said is not None:
            return f"{self.catalogue.gettext(said)} {here:%H:%M}"
        skeleton = "MMMEd" if here.year == today.year else "yMMMEd"
        return f"{dates.format_skeleton(skeleton, here, locale=self.locale)}, {here:%H:%M}"

    def hours(self, start: datetime, end: datetime, zone: str) -> str:
        """`20:30` to `22:00` with a dash; `23:50` to `01:20 (+1)` where it ends on the next day."""
        days = (end.astimezone(ZoneInfo(zone)).date() - start.astimezone(ZoneInfo(zone)).date()).days
        return f"{self.clock(start, zone)}{DASH}{self.clock(end, zone)}{f' (+{days})' if days else ''}"

    def days(self, first: datetime, last: datetime, zone: str) -> str:
        """`Nov 6 - 9, 2023` with a dash: the days of an event."""
        begin, over = first.astimezone(ZoneInfo(zone)).date(), last.astimezone(ZoneInfo(zone)).date()
        return dates.format_interval(begin, over, "yMMMd", locale=self.locale)

    def weekday(self, day: date) -> str:
        """`Monday, November 6, 2023`."""
        return dates.format_date(day, "full", locale=self.locale)

    def short_day(self, day: date) -> str:
        """`Mon, Nov 6`."""
        return dates.format_skeleton("MMMEd", day, locale=self.locale)

    def until(self, moment: datetime, now: datetime) -> str:
        """`in 48 minutes`, `2 hours ago`."""
        return dates.format_timedelta(moment - now, add_direction=True, threshold=1.5, locale=self.locale)

    def told_span(self, moments: Sequence[str], zone: str) -> str:
        """The same of a start and an end that stand in texts."""
        start, end = map(datetime.fromisoformat, moments)
        return self.span(start, end, zone)

    def told_moment(self, text: str, zone: str) -> str:
        """A moment that stands in a text, such as a plan's `2023-11-06T12:30:00Z`, with its offset in the zone."""
        moment = datetime.fromisoformat(text)
        return f"{self.moment(moment, zone)} ({_offset(moment.astimezone(ZoneInfo(zone)))})"

    def number(self, value: float) -> str:
        return numbers.format_decimal(value, locale=self.locale)

    def percent(self, share: float) -> str:
        return numbers.format_percent(share, locale=self.locale)


@lru_cache(maxsize=4096)
def _day(code: str, day: date) -> str:
    """A conference tells the same few days a thousand times."""
    return dates.format_skeleton("yMMMEd", datetime.combine(day, time()), tzinfo=None, locale=code)


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    hours, minutes = text[:3], text[3:5]
    return f"UTC{hours[0]}{int(hours[1:])}" + (f":{minutes}" if minutes != "00" else "")


class Languages:
    """Every language, each with an environment of its own: what is translated is compiled into its templates."""

    def __init__(self) -> None:
        self._languages = {code: _language(code) for code in LANGUAGES}

    def prepare(self, templates: Iterable[str]) -> None:
        """Compile templates in every language, so that the first visitor does not wait for it."""
        for language in self._languages.values():
            for template in templates:
                language.environment.get_template(template)

    def of(self, request: Request) -> Language:
        """The one that was chosen on a page, else the one that the browser prefers."""
        chosen = request.cookies.get(COOKIE)
        if chosen in self._languages:
            return self._languages[chosen]
        text = negotiate_locale(_preferred(request), list(LANGUAGES), sep="-")
        return self._languages[(text or DEFAULT).split("_")[0]]


def spreadsheet_of(request: Request) -> SpreadsheetLanguage:
    """The language of the visitor's spreadsheets: what was chosen on a page, else what the browser prefers."""
    chosen = [request.cookies.get(SPREADSHEET_COOKIE), *_preferred(request), DEFAULT]
    return next(SpreadsheetLanguage(code) for code in chosen if code in set(SpreadsheetLanguage))


def _preferred(request: Request) -> list[str]:
    """The languages of Accept-Language, the most wanted first, each also without its region."""
    weighed: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "")[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), name.split("-")[0].lower()))
        except ValueError:
            continue
    return [name for _, name in sorted(weighed, key=lambda one: -one[0]) if name]


@cache
def _language(code: str) -> Language:
    catalogue = translations(code)
    source = _source(code, PHRASES)
    values = {}
    if source.is_file():
        with source.open("rb") as text:
            values = {str(message.id): str(message.string) for message in read_po(text, locale=code) if message.id}
    return Language(code, _environment(catalogue), catalogue, values)


def _environment(catalogue: NullTranslations) -> Environment:
    environment = Environment(
        loader=PackageLoader("zoom_sync.entrypoints.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    return environment


def _source(code: str, name: str) -> Traversable:
    return files("zoom_sync.entrypoints.web").joinpath("locales", code, "LC_MESSAGES", name)


def translations(code: str) -> NullTranslations:
    """What a language says for each text of the pages; English says the text itself."""
    source = _source(code, PAGES)
    if not source.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=code))
    compiled.seek(0)
    return Translations(compiled)

"""Time zones as Zoom names them: compared by their rules, and sent by a name that Zoom lists where one is equal.

A meeting's zone is for display where its start is told in UTC, as all starts are here. So two names mean the same as
long as clocks show the same at the meeting's own times, whatever the names are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from zoom_sync.domain.occurrences import Span

# The names of Zoom's published list, by region:
# https://developers.zoom.us/docs/api/references/abbreviations/#timezones
_BY_REGION = {
    "Africa": "Algiers Bangui Cairo Casablanca Djibouti Harare Johannesburg Khartoum Mogadishu Nairobi Nouakchott "
    "Tripoli Tunis",
    "America": "Anchorage Araguaina Argentina/Buenos_Aires Bogota Caracas Chicago Costa_Rica Denver Edmonton "
    "El_Salvador Godthab Guatemala Halifax Indianapolis Lima Los_Angeles Managua Mazatlan Mexico_City Montevideo "
    "Montreal New_York Panama Phoenix Puerto_Rico Regina Santiago Sao_Paulo St_Johns Tegucigalpa Tijuana Vancouver "
    "Winnipeg",
    "Asia": "Aden Almaty Amman Baghdad Bahrain Baku Bangkok Beirut Calcutta Dacca Damascus Dhaka Dubai Hong_Kong "
    "Irkutsk Jakarta Jerusalem Kabul Kamchatka Kathmandu Kolkata Krasnoyarsk Kuala_Lumpur Kuwait Magadan Muscat "
    "Nicosia Novosibirsk Qatar Riyadh Saigon Seoul Shanghai Singapore Taipei Tashkent Tehran Tokyo Vladivostok "
    "Yakutsk Yekaterinburg",
    "Atlantic": "Azores Cape_Verde Reykjavik",
    "Australia": "Adelaide Brisbane Darwin Hobart Perth Sydney",
    "Canada": "Atlantic",
    "Etc": "Greenwich",
    "Europe": "Amsterdam Athens Belgrade Berlin Brussels Bucharest Budapest Copenhagen Dublin Helsinki Istanbul Kiev "
    "Lisbon London Luxembourg Madrid Moscow Oslo Paris Prague Rome Sofia Stockholm Vienna Warsaw Zurich",
    "Pacific": "Apia Auckland Fiji Honolulu Midway Noumea Pago_Pago Port_Moresby",
}
ZOOM_ZONES = (
    *(f"{region}/{place}" for region, places in _BY_REGION.items() for place in places.split()),
    "CET",
    "SST",
    "UTC",
)
_LISTED = frozenset(ZOOM_ZONES)
_QUARTERS = tuple(datetime(year, month, 15, tzinfo=UTC) for year in range(1970, 2038) for month in (1, 4, 7, 10))


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def same_rules(left: str, right: str, spans: Sequence[Span]) -> bool:
    """Whether clocks of both zones show the same from the beginning to the end of each of `spans` (aware, UTC).

    A name that nobody knows here is equal to itself only.
    """
    if left.casefold() == right.casefold():
        return True
    zone, other = _zone(left), _zone(right)
    if zone is None or other is None:
        return False
    return all(_offset(zone, moment) == _offset(other, moment) for span in spans for moment in span)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta | None:
    # A meeting without a time has the earliest moment there is, which no zone can be applied to.
    return moment.astimezone(zone).utcoffset() if moment.year > 1 else None


@lru_cache(maxsize=1024)
def _name_for_zoom(name: str, spans: tuple[Span, ...]) -> str:
    equal = [text for text in ZOOM_ZONES if same_rules(name, text, spans)]
    region = name.partition("/")[0] + "/"
    return min(equal, key=lambda one: (_unlike(name, one), not one.startswith(region), one), default=name)


def name_for_zoom(name: str, spans: Sequence[Span]) -> str:
    """The name to send: `name` where Zoom lists it or lists no equal one, else the best equal one.

    The best is the one that has been most alike in the past, too: places that were given a new name come out as
    themselves. What Zoom does with a name that it does not list is not told anywhere, so none is sent where it can be
    helped.
    """
    if name in _LISTED or not spans or spans[0][0].year <= 1:
        return name
    return _name_for_zoom(name, tuple(spans))


@lru_cache(maxsize=4096)
def _unlike(left: str, right: str) -> int:
    """In how many quarters since 1970 clocks of the two zones differed."""
    zone, other = _zone(left), _zone(right)
    if zone is None or other is None:
        return len(_QUARTERS)
    return sum(1 for moment in _QUARTERS if _offset(zone, moment) != _offset(other, moment))

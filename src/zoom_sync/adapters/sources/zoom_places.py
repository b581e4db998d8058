"""The places by which Zoom names time zones in its invitations: "Nov 6, 2023 08:30 PM Beijing, Shanghai".

Zoom's list of zones has one name of several cities for each; a translated one is known by its first city.

Imports the standard library only.
"""

# ruff: noqa: RUF001 - languages have letters of their own

from __future__ import annotations

import re

_PLACES = """
    Asia/Shanghai: Beijing, Shanghai | Beijing | Pekín, Shanghái | Pékin, Shanghai | Peking, Shanghai | Pequim, Xangai
        | 北京，上海 | 北京、上海 | 北京 | Пекин, Шанхай | Pechino, Shanghai | 베이징, 상하이 | بكين، شنغهاي
    Asia/Hong_Kong: Hong Kong SAR | Hong Kong | 香港特别行政区 | 香港
    Asia/Taipei: Taipei | 台北
    Asia/Singapore: Singapore | Singapur | Singapour | 新加坡 | シンガポール
    Asia/Tokyo: Osaka, Sapporo, Tokyo | Tokyo | Tokio | Tóquio | 大阪、札幌、東京 | 東京 | 东京 | Токио | 도쿄 | طوكيو
    Asia/Seoul: Seoul | Seúl | Séoul | 首尔 | 首爾 | 서울 | Сеул
    Asia/Manila: Manila
    Asia/Jakarta: Jakarta | Yakarta
    Asia/Bangkok: Bangkok
    Asia/Saigon: Vietnam | Hanoi | Hà Nội | Ho Chi Minh
    Asia/Kolkata: Mumbai, Kolkata, New Delhi | Mumbai | New Delhi
    Asia/Karachi: Islamabad, Karachi, Tashkent | Karachi
    Asia/Dubai: Dubai | Abu Dhabi, Muscat | دبي
    Asia/Riyadh: Riyadh | Riad | الرياض
    Asia/Qatar: Qatar | قطر
    Asia/Tehran: Tehran | Teherán | Teheran
    Asia/Jerusalem: Jerusalem
    Africa/Cairo: Cairo | El Cairo | Le Caire | Kairo | القاهرة
    Africa/Johannesburg: Johannesburg
    Africa/Nairobi: Nairobi
    Africa/Casablanca: Casablanca | الدار البيضاء
    Europe/London: London | Londres | Edinburgh, London
    Europe/Dublin: Dublin
    Europe/Lisbon: Lisbon | Lisboa | Lisbonne | Lissabon
    Europe/Paris: Paris | París | Parigi
    Europe/Madrid: Madrid
    Europe/Berlin: Berlin | Berlín | Amsterdam, Berlin, Rome, Stockholm, Vienna | Berlin, Rom, Wien
        | Amsterdam, Berlin, Rom, Stockholm, Wien
        | Ámsterdam, Berlín, Roma, Estocolmo, Viena | Amsterdam, Berlin, Rome, Stockholm, Vienne
    Europe/Rome: Rome | Roma | Rom
    Europe/Vienna: Vienna | Wien | Viena
    Europe/Amsterdam: Amsterdam | Ámsterdam
    Europe/Brussels: Brussels | Bruselas | Bruxelles | Brüssel
    Europe/Zurich: Zurich | Zürich
    Europe/Stockholm: Stockholm | Estocolmo
    Europe/Warsaw: Warsaw | Warszawa | Varsovia
    Europe/Athens: Athens | Atenas
    Europe/Istanbul: Istanbul | Estambul | İstanbul
    Europe/Moscow: Moscow | Moscú | Moscou | Moskau | Москва
    Europe/Kiev: Kiev | Kyiv
    America/New_York: Eastern Time (US and Canada) | Hora del Este (EE. UU. y Canadá) | Heure de l'Est (É.-U. et Canada)
        | Eastern Time (USA und Kanada) | Hora do Leste (EUA e Canadá) | 美国东部时间
    America/Chicago: Central Time (US and Canada) | Hora central (EE. UU. y Canadá)
    America/Denver: Mountain Time (US and Canada)
    America/Los_Angeles: Pacific Time (US and Canada) | Hora del Pacífico (EE. UU. y Canadá)
    America/Mexico_City: Mexico City | Ciudad de México
    America/Bogota: Bogota | Bogotá
    America/Lima: Lima
    America/Santiago: Santiago
    America/Argentina/Buenos_Aires: Buenos Aires, Georgetown | Buenos Aires
    America/Sao_Paulo: Sao Paulo | São Paulo | Brasilia | Brasília
    Australia/Sydney: Canberra, Melbourne, Sydney | Sydney
    Pacific/Auckland: Auckland, Wellington | Auckland
    Etc/UTC: Universal Time UTC | Coordinated Universal Time | Greenwich Mean Time
"""


def _read() -> dict[str, str]:
    values = {}
    for zone, names in re.findall(r"^    (\S+): (.+(?:\n {8}\|.+)*)", _PLACES, re.MULTILINE):
        values.update({" ".join(name.split()).casefold(): zone for name in re.split(r"\s*\|\s*", names)})
    return values


_ZONES = _read()
_NAME = re.compile("(?:" + "|".join(re.escape(name) for name in sorted(_ZONES, key=len, reverse=True)) + r")\s*$")


def take_place(text: str) -> tuple[str, str | None]:
    """The text without the place at its end, and that place's zone (an IANA name); None where no place stands there."""
    folded = text.casefold()
    if len(folded) != len(text):  # a letter that becomes two: places are not counted in it
        return text, None
    match = _NAME.search(folded)
    if match is None or (match.start() and folded[match.start() - 1].isalnum() and folded[match.start()].isascii()):
        return text, None
    return text[: match.start()].rstrip(" ,;("), _ZONES[match.group().strip()]

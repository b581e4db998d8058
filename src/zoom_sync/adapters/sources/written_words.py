"""Dates and times in further languages, written as English ones by tables of words, for one reader of all.

"Miércoles, 6 de noviembre de 2030, de 20:30 a 22:00 h" becomes "wednesday, 2030 november 6, 20:30-22:00". A language
is a row of the table. What is not in it stays as it is, and is then not understood. Every pattern is linear in the
length of the text.

Imports the standard library only.
"""

# ruff: noqa: RUF001 - languages have letters of their own

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Words:
    """A language's words.

    `months` and `weekdays` are in their order, a `/` between several for one; a word is known by its first letters too,
    from the third. `until` stands between two times, `skipped` may stand anywhere, `marks` are
    words that no other language has, by which a text without month and weekday is known.
    """

    months: str
    weekdays: str
    until: str = ""
    skipped: str = ""
    marks: str = ""
    morning: str = ""
    afternoon: str = ""


_LANGUAGES = (
    Words(  # Spanish
        "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
        "lunes martes miércoles jueves viernes sábado domingo",
        "a,hasta,al,y,a las,hasta las", "de,del,el,la,las,los,desde,entre,h,hs,hrs,horas,hora", "horas,hasta",
        "de la mañana,de la madrugada,a m", "de la tarde,de la noche,p m",
    ),
    Words(  # French
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "à,au,jusqu'à,jusqu’à,et", "de,du,le,la,les,dès,entre,à,heures,heure,h", "heures",
        "du matin", "de l'après-midi,de l’après-midi,du soir",
    ),
    Words(  # German
        "januar/jänner februar/feber märz april mai juni juli august september oktober november dezember",
        "montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag",
        "bis", "von,am,den,der,um,und,uhr,ab", "uhr,bis", "morgens,vormittags", "nachmittags,abends",
    ),
    Words(  # Portuguese
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "segunda-feira/segunda terça-feira/terça quarta-feira/quarta quinta-feira/quinta sexta-feira/sexta sábado"
        " domingo",
        "a,às,as,até,ao,e,até às", "de,do,da,das,dos,o,em,no,na,às,horas,h,hs", "horas,às,até",
        "da manhã,da madrugada", "da tarde,da noite",
    ),
    Words(  # Arabic; the month has one name in Egypt and the Gulf and another in the Levant
        "يناير/كانون_الثاني فبراير/شباط مارس/آذار أبريل/ابريل/نيسان مايو/أيار يونيو/حزيران يوليو/تموز أغسطس/اغسطس/آب"
        " سبتمبر/أيلول أكتوبر/اكتوبر/تشرين_الأول نوفمبر/تشرين_الثاني ديسمبر/كانون_الأول",
        "الاثنين/الإثنين الثلاثاء الأربعاء/الاربعاء الخميس الجمعة السبت الأحد/الاحد",
        "إلى,الى,حتى,و", "من,في,يوم,الساعة,عند", "من,إلى,الساعة", "صباحا,صباحًا,ص", "مساء,مساءً,م,ظهرا,ظهرًا",
    ),
    Words(  # Italian
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "alle,alle ore,fino alle,a", "di,del,il,dalle,dal,ore,alle", "ore,dalle", "di mattina", "di sera,di pomeriggio",
    ),
    Words(  # Dutch
        "januari februari maart april mei juni juli augustus september oktober november december",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "tot", "van,om,op,de,uur", "uur,tot",
    ),
    Words(  # Russian; months as they stand in dates, and by themselves
        "января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август"
        " сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь",
        "понедельник вторник среда/среду четверг пятница/пятницу суббота/субботу воскресенье",
        "до,по", "с,в,года,г", "до,с", "утра", "вечера,дня",
    ),
    Words(  # Polish
        "stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec"
        " sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień",
        "poniedziałek wtorek środa czwartek piątek sobota niedziela", "do", "od,w,godz,godzina,r", "godz",
    ),
    Words(  # Turkish
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "pazartesi salı çarşamba perşembe cuma cumartesi pazar", "", "saat", "saat", "öö", "ös",
    ),
    Words(  # Swedish
        "januari februari mars april maj juni juli augusti september oktober november december",
        "måndag tisdag onsdag torsdag fredag lördag söndag", "till", "den,kl,klockan,från", "kl,klockan", "fm", "em",
    ),
    Words(  # Indonesian
        "januari februari maret april mei juni juli agustus september oktober november desember",
        "senin selasa rabu kamis jumat sabtu minggu", "sampai,hingga", "pukul,tanggal,jam", "pukul", "pagi",
        "sore,malam",
    ),
)  # fmt: skip
_HALF = re.compile(r"\b([ap])\. ?m\.", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_ENGLISH = {
    *MONTHS, *WEEKDAYS, *(word[:length] for word in (*MONTHS, *WEEKDAYS) for length in (3, 4)), "am", "pm",
    "a", "p", "m", "utc", "gmt", "on", "at", "the", "of", "from", "to", "until", "till",
    "and", "st", "nd", "rd", "th", "t", "z",
}  # fmt: skip
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ARABIC = re.compile("[\u0621-\u064a]")
# Vietnamese months are numbers: "6 tháng 11 2030", "6 Thg 11 2030".
_VIETNAMESE = re.compile(r"(\d{1,2}) ?(?:tháng|thg) ?(\d{1,2})(?:,? ?(?:năm )?(\d{4}))?", re.IGNORECASE)
# Japanese, Korean and traditional Chinese, in the words that the reader of Chinese dates knows.
_EAST_ASIAN = (
    (re.compile("年月日|[時时]間"), ""),
    (re.compile(" ?년 ?"), "年"), (re.compile(" ?월 ?"), "月"), (re.compile("(?<=[0-9]) ?일"), "日"),
    (re.compile("(?<=[0-9]) ?시(?! ?간)"), "点"), (re.compile("(?<=[0-9]) ?분"), "分"),
    (re.compile("(?<=[0-9]) ?[時时]"), "点"),
    (re.compile("午前|오전"), "上午"), (re.compile("午後|오후"), "下午"),
    (re.compile("から|부터"), "-"), (re.compile("まで|까지"), " "), (re.compile("[\u301c\uff5e]"), "-"),
    (re.compile("[(（]([月火水木金土日])(?:曜日?)?[)）]|([月火水木金土日])曜日?"), " {weekday} "),
    (re.compile("([월화수목금토일])요일"), " {weekday} "),
    (re.compile("週(?=[一二三四五六日])"), "周"),
)  # fmt: skip
_EAST_ASIAN_DAYS = dict(zip("月火水木金土日월화수목금토일", (*WEEKDAYS, *WEEKDAYS), strict=True))
_IS_EAST_ASIAN = re.compile("[\u3040-\u30ff\uac00-\ud7af]|午[前後]|[0-9] ?時|曜|週|[0-9] ?[上下]午(?! ?[0-9])")
_CLOCK = re.compile(r"(?<![0-9:.])([0-9]{1,2}) ?[hH](?: ?([0-9]{2}))?(?![0-9\w])")
_TIME = r"[0-9]{1,2}(?:[:.][0-9]{2})?"
_AFTER = re.compile(rf"(?<![0-9:.])({_TIME}) ?(上午|下午)(?! ?[0-9])")


def in_english(text: str) -> str:
    """The text with what it tells of dates and times in another language in English, or in Chinese of the mainland."""
    if _IS_EAST_ASIAN.search(text):
        return _east_asian(text)
    plain = text.translate(_ARABIC_DIGITS).replace("\u060c", ",") if _ARABIC.search(text) else text
    plain = _HALF.sub(r"\1m", plain)
    if not _left(plain):
        return plain
    spelt = [told for table in _TABLES if (told := table.spelt(plain)) is not None]
    return min(spelt, key=_left) if spelt else _VIETNAMESE.sub(_of_vietnam, plain)


def _left(text: str) -> int:
    """How many words are not those of an English date: the language that leaves fewest is meant."""
    return sum(word.lower() not in _ENGLISH for word in _LETTERS.findall(text))


def _of_vietnam(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return f" {year or ''} {MONTHS[int(month) - 1]} {day} " if 1 <= int(month) <= len(MONTHS) else match.group()


def _east_asian(text: str) -> str:
    for pattern, instead in _EAST_ASIAN:
        if instead == " {weekday} ":
            text = pattern.sub(lambda match: f" {_EAST_ASIAN_DAYS[match[1] or match[match.lastindex or 1]]} ", text)
        else:
            text = pattern.sub(instead, text)
    return _AFTER.sub(r"\2\1", text)  # "08:30 下午", as Zoom's invitations have it


def _any(words: list[str]) -> str:
    return "|".join(sorted((re.escape(word).replace(r"\ ", r"[ ._]{0,2}") for word in words), key=len, reverse=True))


def _split(words: str) -> list[str]:
    return [word for word in words.split(",") if word]


class _Table:
    """A language's patterns, made of its words once."""

    def __init__(self, words: Words) -> None:
        self.months = _numbered(words.months)
        self.weekdays = _numbered(words.weekdays)
        month, weekday = _any(list(self.months)), _any(list(self.weekdays))
        between = r"(?:de |di |del |of )?"
        day = r"[0-9]{1,2}(?:er|[.º°ª])?"
        self.date = re.compile(
            rf"(?<!\w)({day}) ?{between}({month})(?!\w)\.?(?:,? ?{between}([0-9]{{4}})(?![0-9:]))?",
            re.IGNORECASE,
        )
        self.month = re.compile(rf"(?<!\w)(?:{month})(?!\w)", re.IGNORECASE)
        self.weekday = re.compile(rf"(?<!\w)({weekday})(?!\w)\.?", re.IGNORECASE)
        self.half = [
            (re.compile(rf"(?<!\w)(?:{_any(_split(text))})(?!\w)\.?", re.IGNORECASE), half)
            for text, half in ((words.morning, "am"), (words.afternoon, "pm")) if text
        ]  # fmt: skip
        until = _any(_split(words.until)) or "-"
        time = rf"{_TIME}(?: ?(?:[ap]\.?m\.?|uhr|h|hs|uur))?"
        self.until = re.compile(rf"(?<![0-9:.])({time}) (?:{until}) (?={_TIME})", re.IGNORECASE)
        self.until_day = re.compile(
            rf"(?<=[0-9.º°ª]) (?:{until}) (?=[0-9]{{1,2}}(?:er|[.º°ª])? ?{between}(?:{month}))", re.IGNORECASE
        )
        self.skipped = re.compile(rf"(?<!\w)(?:{_any(_split(words.skipped)) or '-'})(?!\w)\.?", re.IGNORECASE)
        self.mark = re.compile(rf"(?<!\w)(?:{_any(_split(words.marks)) or '(?!)'})(?!\w)", re.IGNORECASE)

    def spelt(self, text: str) -> str | None:
        """The text in English; None where it is not in this language."""
        if not (self.date.search(text) or self.weekday.search(text) or self.mark.search(text)):
            return _CLOCK.sub(_clock, text) if _CLOCK.search(text) and self.mark.search(text) else None
        told = _CLOCK.sub(_clock, text)
        told = self.until.sub(r"\1-", self.until_day.sub(" - ", told))
        told = self.date.sub(self._date, told)
        told = self.weekday.sub(lambda match: f" {WEEKDAYS[self.weekdays[_letters(match[1])]]} ", told)
        for pattern, half in self.half:
            told = pattern.sub(half, told)
        return " ".join(self.skipped.sub(" ", told).split())

    def _date(self, match: re.Match[str]) -> str:
        day, month, year = match.groups()
        number = re.match("[0-9]+", day)
        return f" {year or ''} {MONTHS[self.months[_letters(month)]]} {number[0] if number else ''} "


def _clock(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2] or '00'}"


def _letters(word: str) -> str:
    return " ".join(re.findall(r"[^\s._]+", word.lower()))


def _numbered(words: str) -> dict[str, int]:
    """Each word with its place, and its beginnings of three letters and more that no other word has."""
    numberses: dict[str, set[int]] = {}
    for place, several in enumerate(words.split()):
        for word in several.split("/"):
            whole = word.replace("_", " ")
            beginnings = [whole[:length] for length in range(3, len(whole))] if whole.isalpha() else []
            for each in (whole, *beginnings):
                numberses.setdefault(each, set()).add(place)
    wholes = {
        part.replace("_", " "): place for place, several in enumerate(words.split()) for part in several.split("/")
    }
    return {word: min(places) for word, places in numberses.items() if len(places) == 1} | wholes


_TABLES = tuple(_Table(words) for words in _LANGUAGES)

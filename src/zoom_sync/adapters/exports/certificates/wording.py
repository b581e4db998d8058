"""What a certificate says in each language. Names and titles come beside it, as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from zoom_sync.domain.certificates.entitling import For
from zoom_sync.domain.certificates.issued import Content
from zoom_sync.domain.certificates.rules import CertificateLanguage as Language

RIGHT_TO_LEFT = frozenset({Language.ARABIC})
LOCALES = {Language.ENGLISH: "en_GB", Language.CHINESE: "zh_Hans", Language.ARABIC: "ar"}

_TEXTS: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {
        "attending": "Certificate of Attendance",
        "presenting": "Certificate of Presentation",
        "moderating": "Certificate of Moderation",
        "to": "This is to certify that",
        "did attending": "attended",
        "did presenting": "presented",
        "did moderating": "moderated",
        "at": "at",
        "minutes": "{minutes} minutes",
        "credits": "{hours} {kind}",
        "from to": "{first} to {last}",
        "released": "Released on {day}",
        "number": "Certificate number",
        "verify": "Verify it at",
    },
    Language.CHINESE: {
        "attending": "参会证书",
        "presenting": "报告证书",
        "moderating": "主持证书",
        "to": "兹证明",
        "did attending": "参加了",
        "did presenting": "作了报告",
        "did moderating": "主持了",
        "at": "活动",
        "minutes": "{minutes} 分钟",
        "credits": "{kind}\uff1a{hours}",
        "from to": "{first}至{last}",
        "released": "签发日期\uff1a{day}",
        "number": "证书编号",
        "verify": "验证地址",
    },
    Language.ARABIC: {
        "attending": "شهادة حضور",
        "presenting": "شهادة تقديم",
        "moderating": "شهادة إدارة جلسة",
        "to": "نشهد بأن",
        "did attending": "قد حضر فعاليات",
        "did presenting": "قد قدّم",
        "did moderating": "قد أدار",
        "at": "ضمن",
        "minutes": "{minutes} دقيقة",
        "credits": "{kind}: {hours}",
        "from to": "من {first} إلى {last}",
        "released": "صدرت في {day}",
        "number": "رقم الشهادة",
        "verify": "للتحقق منها",
    },
}


def texts_of(content: Content, released: date) -> dict[str, str]:
    """The texts of one certificate that are not data."""
    texts = _TEXTS[content.language]
    return {
        "heading": texts[content.why_for],
        "to": texts["to"],
        "did": texts[f"did {content.why_for}"],
        "at": texts["at"],
        "days": _days(content),
        "released": texts["released"].format(day=_day(released, content.language)),
        "number": texts["number"],
        "verify": texts["verify"],
    }


def worth_of(content: Content) -> list[str]:
    """How long somebody was there, and what it is worth, a line each."""
    texts, locale = _TEXTS[content.language], LOCALES[content.language]
    lines = []
    if content.minutes and content.why_for is For.ATTENDING:
        lines.append(texts["minutes"].format(minutes=format_decimal(content.minutes, locale=locale)))
    for kind, hours in sorted(content.credits.items()):
        lines.append(texts["credits"].format(kind=kind, hours=format_decimal(hours, locale=locale)))
    return lines


def _days(content: Content) -> str:
    first, last = (_day(date.fromisoformat(day), content.language) for day in content.days)
    return first if first == last else _TEXTS[content.language]["from to"].format(first=first, last=last)


def _day(day: date, language: Language) -> str:
    return format_date(day, format="long", locale=LOCALES[language])

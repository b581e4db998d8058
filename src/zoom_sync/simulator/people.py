"""The people who come: names in many scripts, and everything that makes attendance lists hard to merge."""

# ruff: noqa: RUF001 (names come in all scripts)

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

_NAMES: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("Anna", "José", "Zoë", "Björn", "Łucja"), ("Müller", "García", "Ångström", "O'Neill", "Dvořák"), "{0} {1}"),
    (("John", "Mary", "Kofi", "Amara", "Liam"), ("Smith", "Mensah", "van der Berg", "Brown", "Diallo"), "{0} {1}"),
    (("伟", "芳", "秀英", "敏", "静怡"), ("王", "李", "张", "欧阳", "陈"), "{1}{0}"),
    (("محمد", "فاطمة", "ليلى", "يوسف", "نور"), ("حسن", "الخطيب", "منصور", "العلي", "سعيد"), "{0} {1}"),
    (("민준", "서연", "지훈", "하은", "도윤"), ("김", "이", "박", "최", "정"), "{1}{0}"),
    (("आरव", "प्रिया", "अनन्या", "रोहन", "मीरा"), ("शर्मा", "वर्मा", "गुप्ता", "जोशी", "नायर"), "{0} {1}"),
    (("Иван", "Ольга", "Алексей", "Мария", "Тимур"), ("Петров", "Иванова", "Сафин", "Кузнецова", "Орлов"), "{0} {1}"),
    (("Ayşe", "İbrahim", "Çağrı", "Işıl", "Gökhan"), ("Yılmaz", "Öztürk", "Şahin", "Kılıç", "Doğan"), "{0} {1}"),
)
_DOMAINS = ("example.org", "example.com", "example.net", "university.example")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes: what Zoom knows of him. Guests often have no e-mail, and some have no id either."""

    name: str
    email: str
    id: str = ""
    registrant_id: str = ""
    internal: bool = False


def regular(seed: int, number: int) -> Person:
    """The person of a number, always the same for a seed: so the same people come to several evenings.

    One in five has no e-mail: Zoom shows it only of people of the account, of registered ones and a few others
    (https://devsupport.zoom.us/hc/en-us/articles/13343538313101).
    """
    draw = hashlib.sha256(f"{seed}:person:{number}".encode()).digest()
    given, family, order = _NAMES[draw[0] % len(_NAMES)]
    name = order.format(given[draw[1] % len(given)], family[draw[2] % len(family)])
    if draw[3] % 5 == 0:
        return Person(name, "", _id(draw) if draw[4] % 2 else "")
    return Person(name, f"person{number}@{_DOMAINS[draw[5] % len(_DOMAINS)]}", _id(draw))


def _id(draw: bytes) -> str:
    return base64.urlsafe_b64encode(draw[8:25])[:22].decode()


def odd_ones(seed: int) -> list[Person]:
    """The people every large audience has, each a trap for a spreadsheet or for a merge.

    Two of one name, a name that a spreadsheet would run as a formula, a comma (which Zoom's reports show as `#`,
    seen by https://github.com/jrchamp/moodle-mod_zoom), a telephone, a device without a person's name.
    """
    traps = (
        ("Maria Silva", "maria.silva@example.org"),
        ("Maria Silva", "m.silva@university.example"),
        ('=HYPERLINK("http://example.org/";"Certificate")', "formula@example.net"),
        ("Okafor# Ngozi", "ngozi@example.com"),
        ("1415***0199", ""),
        ("iPhone", ""),
        ("Maria Silva", ""),
    )
    persons = []
    for number, (name, address) in enumerate(traps):
        draw = hashlib.sha256(f"{seed}:trap:{number}".encode()).digest()
        persons.append(Person(name, address, _id(draw) if address else ""))
    return persons

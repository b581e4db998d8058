"""Names that people type: in one form, so that accidents of writing do not matter, and what two of them say together.

Pure; standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Marks that nobody sees and that are no "format" characters: variation selectors, Hangul fillers, the combining joiner.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
_WORD = re.compile(r"[^\W_]+")
_LEAST = 3  # letters that the beginning of a longer word has to have to count as the same word: Rob, Robert
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# Words that name a device, a place to sit at or nobody at all; what is left of a name without them is the person's.
_NOBODYS = frozenset(
    {
        *(
            "iphone",
            "ipad",
            "ipod",
            "android",
            "galaxy",
            "samsung",
            "huawei",
            "honor",
            "xiaomi",
            "redmi",
            "oppo",
            "vivo",
        ),
        *("oneplus", "pixel", "nokia", "lenovo", "thinkpad", "macbook", "imac", "mac", "mini", "air", "pro", "max"),
        *("plus", "ultra", "laptop", "desktop", "notebook", "phone", "mobile", "cell", "tablet", "handy", "pc"),
        *("computer", "windows", "chromebook", "surface", "zoom", "room", "rooms", "user", "guest", "admin"),
        *("administrator", "host", "cohost", "participant", "attendee", "anonymous", "unknown", "visitor", "telephone"),
        *("call", "in", "erased", "s", "von", "de", "of", "the", "at", "from"),
        *("手机", "电脑", "平板", "用户", "的", "访客"),
    }
)


def folded_name(text: str) -> str:
    """The name as names are compared: NFKC, case folded, without invisible characters, one blank for a run of blanks.

    NFKC makes composed and decomposed letters one, and full-width ones plain (https://www.unicode.org/reports/tr15/).
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()).casefold()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(one if one.isspace() else "" if _invisible(one) else one for one in folded)
    return " ".join(seen.split())


def _invisible(text: str) -> bool:
    return text in _UNSEEN or unicodedata.category(text) in ("Cf", "Cc", "Cs", "Cn", "Co")


@lru_cache(maxsize=1 << 14)
def words_of(folded: str) -> frozenset[str]:
    """The words of a folded name that tell of a person, without accents; none for "iPhone (2)" or a phone number."""
    bare = "".join(text for text in unicodedata.normalize("NFD", folded) if unicodedata.category(text) != "Mn")
    parts = (part for part in unicodedata.normalize("NFC", bare).split() if not any(text.isdigit() for text in part))
    words = frozenset(word for part in parts for word in _WORD.findall(part)) - _NOBODYS
    # An initial tells nothing beside a word: A. Lee is no A. Ray.
    return frozenset(word for word in words if len(word) > 1 or _CJK.search(word)) or words


def are_two(text: str, other: str, *, same_email: bool = False) -> bool:
    """Whether two folded names are those of two people: both name somebody, and they have no word in common.

    A word that begins another one is the same, as Rob and Robert. Names in two scripts cannot be compared; they are two
    people's unless both bear the `same_email`.
    """
    if text == other:
        return False
    mine, others = words_of(text), words_of(other)
    if not mine or not others or mine & others:
        return False
    if same_email and (_CJK.search(text) is None) != (_CJK.search(other) is None):
        return False
    return not any(_begins(a, b) or _begins(b, a) for a in mine for b in others)


def _begins(short: str, long: str) -> bool:
    return long.startswith(short) and (len(short) >= _LEAST or (len(short) > 1 and _CJK.search(short) is not None))


# Services that join meetings to write them down, as they name themselves or by the domain of their e-mail addresses.
# More are named in the setting ZOOM_SYNC_NOTETAKERS.
NOTETAKERS = (
    "otter.ai", "otterpilot", "fireflies.ai", "fireflies notetaker", "fred from fireflies", "read.ai", "read ai",
    "fathom notetaker", "fathom.video", "tl;dv", "tldv.io", "meetgeek", "avoma", "sembly", "supernormal", "laxis",
    "tactiq", "jamie.ai", "grain notetaker", "grain.com", "krisp notetaker", "notta", "airgram", "bluedot notetaker",
    "circleback", "fellow notetaker", "granola", "rewatch", "spinach.ai", "vowel", "zoom ai companion", "ai companion",
    "ai notetaker", "ai note taker", "ai meeting notes", "ai assistant", "meeting notetaker", "notetaker", "note taker",
    "recall.ai", "happyscribe", "plaud.ai", "飞书妙记", "通义听悟", "讯飞听见",
)  # fmt: skip


class Notetakers:
    """Knows notetakers and other bots by what stands in their names and by the domains of their e-mail addresses."""

    def __init__(self, further: Iterable[str] = ()) -> None:
        """`further` names some beyond `NOTETAKERS`."""
        known = [folded for each in (*NOTETAKERS, *further) if (folded := folded_name(each).removeprefix("@"))]
        self.domains = frozenset(each for each in known if "." in each and " " not in each)
        self._known = known
        # A Chinese name has no blanks around it, so there the sign before it and after it says nothing.
        parts = (re.escape(each) if _CJK.search(each) else rf"(?<!\w){re.escape(each)}(?!\w)" for each in known)
        self._names = re.compile("|".join(parts))

    def named(self, folded: str) -> bool:
        """Whether a folded name is a bot's."""
        return self._names.search(folded) is not None

    def among(self, folded: Sequence[str]) -> frozenset[int]:
        """The places of bots' names among folded names. Quick where there is none, however many names there are."""
        together = "\n".join(folded)
        met = [each for each in self._known if each in together]
        if not met:
            return frozenset()
        maybe = (place for place, name in enumerate(folded) if any(each in name for each in met))
        return frozenset(place for place in maybe if self.named(folded[place]))

    def addressed(self, email: str) -> bool:
        """Whether an e-mail address is a bot's: in one of the known domains, or below one."""
        host = email.casefold().rpartition("@")[2]
        return any(host == each or host.endswith(f".{each}") for each in self.domains)

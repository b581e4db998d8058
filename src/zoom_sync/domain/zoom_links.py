"""Links to Zoom's meetings in texts of organisers: which meeting they lead to, and texts without them.

A text that lets people into one meeting must never stand in the agenda of another. Pure; standard library and the
domain. Every pattern is linear in the length of the text.
"""

# ruff: noqa: RUF001 - languages have letters and commas of their own

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from zoom_sync.domain.programme import KnownMeeting, Passcode

MOST_CHARACTERS = 100_000

# Accounts have addresses of their own below Zoom's domains.
_LINK = re.compile(
    r"https?://(?:[A-Za-z0-9-]{1,63}\.){0,4}(?:zoom\.us|zoom\.com|zoom\.com\.cn|zoom\.cn|zoomgov\.com|zoom\.de)"
    r"(?::443)?/[^\s<>\"'\u3000-\u303f\uff00-\uffef]{1,2000}",
    re.IGNORECASE,
)
_MEETING = re.compile(r"/(?:j|w|s|my/j|wc/join|wc|meeting/register|webinar/register)/([0-9]{9,11})(?![0-9])")
_JOIN = re.compile(r"/(?:j|w|wc/join|wc)/([0-9]{9,11})(?![0-9])")
_START = re.compile(r"/s/[0-9]{9,11}")
_PASSCODE_IN_LINK = re.compile(r"[?&]pwd=([^&#\s]{1,200})")
# What stands in a link as `pwd` is nearly always a hash of 32 characters and more; only an old, short one is the
# passcode itself, and a passcode has at most ten characters.
_PLAIN_PASSCODE = re.compile(r"[A-Za-z0-9@*_-]{1,10}")
# The passcode as Zoom's invitations label it, in their languages.
_LABELS_OF_PASSCODE = (
    "pass ?code", "password", "meeting password", "密码", "密碼", "口令", "パスコード", "パスワード", "암호",
    "비밀번호", "kenncode", "code secret", "mot de passe", "código de acceso", "contraseña", "senha", "senha de acesso",
    "código de acesso", "код доступа", "пароль", "codice d.accesso", "toegangscode", "lösenord", "kod dostępu",
    "parola",
    "mật mã", "kode sandi", "رمز المرور",
)  # fmt: skip
_PASSCODE = re.compile(
    rf"(?:{'|'.join(_LABELS_OF_PASSCODE)})\s{{0,3}}[:\uff1a]\s{{0,3}}([^\s,;，；<>()]{{1,10}})(?=[\s,;，；<>()]|$)",
    re.IGNORECASE,
)
# What else stands in an invitation's lines beside the link.
_OF_INVITATION = (
    "one tap mobile", "dial by your location", "find your local number", "join (?:the )?(?:zoom )?(?:meeting|webinar)",
    "(?:meeting|webinar|zoom) ?(?:id|number)", "is inviting you to a scheduled zoom", "邀请您参加", "加入 ?zoom",
    "会议号",
    "會議 ?id", "ミーティング ?id", "회의 ?id", "meeting-id", "id de (?:la )?r[eé]uni[oó]n", "id da reunião",
    "идентификатор конференции", "id riunione", "vergadering-id",
)  # fmt: skip
_WAY_IN = re.compile(
    "|".join((*_OF_INVITATION, *(f"{label}\\s*[:\uff1a]" for label in _LABELS_OF_PASSCODE))), re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ZoomLink:
    """A link of Zoom's. `meeting_id` is None where it leads to no meeting that can be joined by number.

    `starts`: it is a host's own, with which he can be impersonated.
    """

    url: str = field(repr=False)
    meeting_id: str | None = None
    passcode: Passcode | None = None
    starts: bool = False


def zoom_links(text: str) -> tuple[ZoomLink, ...]:
    """The links of Zoom's in a text, in their order."""
    return tuple(_link(match.group()) for match in _LINK.finditer(text[:MOST_CHARACTERS]))


def meeting_in(texts: Iterable[str]) -> tuple[KnownMeeting | None, str | None]:
    """The meeting that texts lead into, and what is wrong with them, in words that follow an entry's name.

    The first text that leads somewhere counts: an address of its own comes before a description. Where it leads into
    several meetings, none is taken.
    """
    for text in texts:
        links = zoom_links(text)
        if any(link.starts for link in links):
            return None, "holds the start link of a host, who can be impersonated with it: write the join link"
        ids = dict.fromkeys(link.meeting_id for link in links if link.meeting_id)
        if len(ids) > 1:
            return None, "holds links to several Zoom meetings: tell which one is meant in a column or field of its own"
        if ids:
            [meeting_id] = ids
            told = next((link.passcode for link in links if link.passcode), None)
            return KnownMeeting(meeting_id, told or passcode_in(text)), None
    return None, None


def passcode_in(text: str) -> Passcode | None:
    """The passcode that a text tells with its label, where it tells one only."""
    told = {match[1] for match in _PASSCODE.finditer(text[:MOST_CHARACTERS])}
    return Passcode(told.pop()) if len(told) == 1 else None


def without_ways_in(text: str | None) -> str | None:
    """A text without what lets people into a Zoom meeting: lines with its links, and the ID and passcode beside them.

    A text that holds no link of Zoom's stays as it is.
    """
    if not text or not _leads_in(text):
        return text
    kept = [line for line in text.split("\n") if not (_leads_in(line) or _WAY_IN.search(line))]
    told = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return told or None


def _leads_in(text: str) -> bool:
    return any(_MEETING.search(match.group()) or "/my/" in match.group() for match in _LINK.finditer(text))


def _link(url: str) -> ZoomLink:
    url = url.rstrip(".,;:!?)]}'\u2019\u201d")
    joined = _JOIN.search(url)
    match = _PASSCODE_IN_LINK.search(url)
    plain = match is not None and _PLAIN_PASSCODE.fullmatch(match[1]) is not None
    return ZoomLink(url, joined[1] if joined else None, Passcode(match[1]) if match and plain else None,
                    bool(_START.search(url)))  # fmt: skip

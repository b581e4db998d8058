"""Who may do what on the pages, for how long somebody stays signed in, and how often a sign-in may be tried.

Pure rules; standard library only. Secrets (passwords, session ids, tokens) are never in a value of this module.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

NAME_LIMIT = 80
# Categories of characters that are not seen, or change how others are: control, format (direction among them),
# surrogate, private use, unassigned, line and paragraph separators. https://www.unicode.org/reports/tr44/
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
PASSWORD_MIN = 12
PASSWORD_MAX = 1024  # argon2 reads all of it: a megabyte would be work for nothing
EVERYBODY = "*"


class Role(StrEnum):
    """What somebody is on the pages, from least to most."""

    VIEWER = "viewer"
    STAFF = "staff"
    ORGANISER = "organiser"


class Permission(StrEnum):
    """What a page or an action needs."""

    SEE = "see"  # events, sessions, their state and counts
    JOIN = "join"  # meeting IDs, passcodes and links: whoever has them walks in
    PEOPLE = "people"  # who came and what they asked: personal data
    RUNS = "runs"  # what was done on Zoom, and what went wrong
    PLAN = "plan"  # what would change on Zoom; costs calls
    APPLY = "apply"  # changing Zoom
    EDIT = "edit"  # changing the programme
    DIRECT = "direct"  # on the day: the host's start link, which is a login, and ending a session
    ACCOUNTS = "accounts"  # who may come in, and as what
    AUDIT = "audit"  # who did what on these pages


_VIEWER = frozenset({Permission.SEE})
_STAFF = _VIEWER | {Permission.JOIN, Permission.PEOPLE, Permission.RUNS, Permission.DIRECT}
ALLOWED: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.STAFF: _STAFF,
    Role.ORGANISER: _STAFF
    | {Permission.PLAN, Permission.APPLY, Permission.EDIT, Permission.ACCOUNTS, Permission.AUDIT},
}


def may(role: Role, permission: Permission) -> bool:
    return permission in ALLOWED[role]


def lower(role: Role, other: Role) -> Role:
    """The one of two roles that may less."""
    return min(role, other, key=list(Role).index)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, or the token that stands for somebody. `local` is False for who came by OpenID."""

    name: str
    role: Role
    local: bool = True

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)


@dataclass(frozen=True, slots=True)
class Account:
    """A local account."""

    name: str
    role: Role
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token for scripts; `id` names it, the token itself is shown once and only its hash is kept."""

    id: int
    account: str
    role: Role
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """A secret address at which an event's programme is shown before it is public. `label` says whom it is for."""

    id: int
    label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as the store holds it. `role` is the account's of today, for a local account."""

    visitor: Visitor
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """A session ends when it was not used for `idle`, and `absolute` after sign-in whatever happens."""

    idle: timedelta
    absolute: timedelta

    def over(self, session: OpenSession, now: datetime) -> bool:
        return now >= session.seen_at + self.idle or now >= session.created_at + self.absolute


@dataclass(frozen=True, slots=True)
class TryLimits:
    """How many wrong sign-ins there may be within `window` before further ones are refused for a while.

    `per_pair`: with one name from one address, or from one browser that has signed in with that name before.
    `per_address`: from one address with any name. `per_name`: with one name from anywhere but such browsers, so that
    guessing from many addresses is bounded and still locks nobody out of the browser that he uses.

    https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
    """

    per_pair: int = 10
    per_address: int = 50
    per_name: int = 100
    window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: who did what, when, to which event and session.

    It names no attendee. `rows` is how many rows of personal data left the house, None where none did or the answer
    was never made.
    """

    at: datetime
    who: str
    what: str
    event: str = ""
    session: str = ""
    form: str = ""
    rows: int | None = None
    id: int = 0


def name_flaw(name: str) -> str | None:
    """Why a name cannot be an account's, None where it can."""
    if not name or len(name) > NAME_LIMIT:
        return f"a name has 1 to {NAME_LIMIT} characters"
    if not name.isprintable() or name != name.strip():
        return "a name has no control characters, and no blank at its ends"
    return None


def password_flaw(password: str, name: str) -> str | None:
    """Why a password is refused before its strength is estimated, None where it is not.

    Kinds of characters are not counted: https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
    """
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return f"a password has {PASSWORD_MIN} to {PASSWORD_MAX} characters"
    if name.casefold() in password.casefold():
        return "the password is too easily guessed: it holds the account's name"
    return None


def display_name(text: str) -> str:
    """A name that somebody chose elsewhere, as it may be shown: one line, without control and direction characters."""
    visible = "".join(" " if character.isspace() else character for character in text)
    kept = "".join(c for c in visible if c == " " or unicodedata.category(c) not in HIDDEN)
    return " ".join(kept.split())[:NAME_LIMIT].strip()


def read_role_map(text: str) -> dict[str, Role]:
    """`"zoom-admins=organiser, *=viewer"` as a mapping of a claim's values to roles; `*` is everybody who can sign in.

    Raises:
        ValueError: it is not of this form; the message says where.
    """
    roles: dict[str, Role] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        value, sign, role = (piece.strip() for piece in part.rpartition("="))
        if not sign or not value or role not in set(Role):
            raise ValueError(f"{part!r} is not of the form VALUE=ROLE with one of the roles {', '.join(Role)}")
        roles[value] = Role(role)
    return roles


def role_of_claims(claims: Mapping[str, Any], claim: str, roles: Mapping[str, Role]) -> Role | None:
    """The highest role that the claim's values give, None where none does: then nobody is let in.

    An e-mail address gives a role only where the provider has verified it: at many providers people type their own.
    https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims
    """
    content = claims.get(claim)
    values: Iterable[Any] = content if isinstance(content, (list, tuple)) else (content,)
    if claim == "email" and claims.get("email_verified") is not True:
        values = ()
    given = [roles[value] for value in (*values, EVERYBODY) if isinstance(value, str) and value in roles]
    return max(given, key=list(Role).index, default=None)

"""Signing in and out, accounts and tokens. Secrets are made here and leave once; the store is given their hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zoom_sync.domain.access import (
    Account,
    AuditEntry,
    Role,
    SessionLimits,
    TryLimits,
    Visitor,
    display_name,
    lower,
    name_flaw,
    password_flaw,
    role_of_claims,
)
from zoom_sync.errors import NotInStore, SignInRefused, TooManyTries, UserError
from zoom_sync.service_layer.ports.access import AccountStore, AuditStore, Passwords

REFUSED = "the name or the password is wrong"
MARK_LENGTH = 12  # hexadecimal digits: among a million people two share one once in a hundred and forty million
BEGINS = "zs_"  # so that secret scanners, and people, know one when they see it
# How exactly it is known when a session was last used: noting each request would be a write for each read.
SEEN_EXACTLY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Access:
    """What signing in needs. `now` is this machine's clock: whose session is over is not for Zoom's to say."""

    accounts: AccountStore
    audit: AuditStore
    passwords: Passwords
    now: Callable[[], datetime]
    limits: SessionLimits
    tries: TryLimits = field(default_factory=TryLimits)


def hashed(secret: str) -> str:
    """What is kept of a secret that is random: one round of SHA-256 is enough, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- accounts ------------------------------------------------------------------------------------------------------


def add_account(access: Access, name: str, role: Role, password: str, by: str = "") -> Account:
    """Make a local account; `by` is who does it, where that is known.

    Raises UserError for a name or a password that will not do, StoreConflict if it exists.
    """
    _require(name_flaw(name) or _password_flaw(access, password, name))
    account = Account(name, role, access.now())
    access.accounts.add(account, access.passwords.hash(password))
    _note(access, name, "account added", by)
    return account


def change_password(access: Access, name: str, password: str, *, keep_tokens: bool = False, by: str = "") -> None:
    """Give an account another password, and end its sessions and its tokens. Raises UserError, NotInStore."""
    _require(_password_flaw(access, password, name))
    kept = access.passwords.hash(password)
    access.accounts.set_password(name, kept, sign_out=True, end_tokens=not keep_tokens)
    _note(access, name, "password changed", by)


def remove_account(access: Access, name: str, by: str = "") -> None:
    """Remove an account; its sessions and tokens end with it. Raises NotInStore."""
    access.accounts.remove(name)
    _note(access, name, "account removed", by)


def make_token(access: Access, name: str, role: Role | None, lifetime: timedelta) -> str:
    """A token for scripts that may what its account may, or less. It is told once. Raises NotInStore."""
    found = access.accounts.account(name)
    if found is None:
        raise NotInStore(f"there is no account {name!r}; `zoom-sync account list` shows them")
    account, _ = found
    token, now = BEGINS + secrets.token_urlsafe(32), access.now()
    access.accounts.add_token(hashed(token), name, lower(role or account.role, account.role), now, now + lifetime)
    _note(access, name, "token made")
    return token


def _password_flaw(access: Access, password: str, name: str) -> str | None:
    flaw = password_flaw(password, name)
    if flaw is None and access.passwords.guessable(password, [name]):
        return (
            "the password is too easily guessed: use several words that do not belong together, or a password manager"
        )
    return flaw


def sign_out_everywhere(access: Access, name: str) -> int:
    """End every session of an account, or of who came by OpenID and is shown by that name.

    Answers how many sessions have ended. Raises NotInStore where there is none.
    """
    ended = access.accounts.close_all(name)
    if not ended:
        raise NotInStore(f"nobody is signed in as {name!r}; `zoom-sync account sessions` shows who is")
    _note(access, name, "signed out everywhere")
    return ended


def _require(flaw: str | None) -> None:
    if flaw is not None:
        raise UserError(flaw)


# --- signing in ----------------------------------------------------------------------------------------------------


def sign_in(access: Access, name: str, password: str, address: str, browser: str = "") -> Visitor:
    """Who this is. Takes as long and says the same for a name that does not exist.

    `browser` is the secret of a browser's lasting cookie. Where somebody has signed in with this name from it, wrong
    tries from elsewhere do not count against it.

    Raises:
        TooManyTries: too many wrong ones were tried from this address, or with this name.
        SignInRefused: the name or the password is wrong.
    """
    subjects = _subjects(access, name, address, browser)
    for subject, most in subjects.items():
        _count_try(access, subject, most)
    found = None if name_flaw(name) else access.accounts.account(name)
    account, kept = found or (None, None)
    if not access.passwords.fits(password, kept) or account is None or kept is None:
        raise SignInRefused(REFUSED)
    own, *shared = subjects
    access.accounts.forget_tries(hashed(own))
    for subject in shared:
        access.accounts.uncount_try(hashed(subject))
    if browser:
        access.accounts.remember_browser(_browser_hash(name, browser), access.now())
    if access.passwords.outdated(kept):
        access.accounts.set_password(name, access.passwords.hash(password), sign_out=False)
    return Visitor(account.name, account.role)


def _subjects(access: Access, name: str, address: str, browser: str) -> dict[str, int]:
    """What a try is counted for, and how many are let through; the first is nobody's but who signs in."""
    if browser and access.accounts.knows_browser(_browser_hash(name, browser)):
        return {f"browser:{browser}:{name}": access.tries.per_pair}
    return {
        f"pair:{address}:{name}": access.tries.per_pair,
        f"address:{address}": access.tries.per_address,
        f"name:{name}": access.tries.per_name,
    }


def _browser_hash(name: str, browser: str) -> str:
    return hashed(f"browser:{browser}:{name}")


def _count_try(access: Access, subject: str, most: int) -> None:
    """Counted before the password is looked at, and in one step: many at once are counted like one after the other."""
    now = access.now()
    tries, since = access.accounts.count_try(hashed(subject), now, now - access.tries.window)
    if tries > most:
        raise TooManyTries("too many sign-ins were tried", since + access.tries.window)


def visitor_of_claims(claims: Mapping[str, Any], claim: str, roles: Mapping[str, Role]) -> Visitor:
    """Who an identity provider vouches for. Raises SignInRefused where that gives no role.

    The issuer's subject is who it is, and a name is what its owner chose: what is shown bears a mark of the former.
    https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability
    """
    role = role_of_claims(claims, claim, roles)
    if role is None:
        raise SignInRefused("you are known, but have no role here: an organiser has to give you one")
    chosen = (claims.get(name) for name in ("preferred_username", "email"))
    name = next((shown for text in chosen if isinstance(text, str) and (shown := display_name(text))), "")
    mark = hashed(f"{claims.get('iss')}\n{claims.get('sub')}")[:MARK_LENGTH]
    return Visitor(f"{name} (OpenID {mark})".strip(), role, local=False)


def open_session(access: Access, visitor: Visitor, instead_of: str | None = None) -> str:
    """Open a session, which ends the one this browser had; answers its secret, to be kept in a cookie."""
    secret, now = secrets.token_urlsafe(32), access.now()
    before = hashed(instead_of) if instead_of else None
    access.accounts.open(hashed(secret), visitor, now, instead_of=before, over=now - access.limits.absolute)
    access.audit.write(AuditEntry(now, visitor.name, "signed in"))
    return secret


def close_session(access: Access, secret: str, visitor: Visitor) -> None:
    """Sign out."""
    access.accounts.close(hashed(secret))
    access.audit.write(AuditEntry(access.now(), visitor.name, "signed out"))


def visitor_of_session(access: Access, secret: str) -> Visitor | None:
    """Whose session this is; None where there is none, or it is over."""
    open_session, now = access.accounts.session(hashed(secret)), access.now()
    if open_session is None:
        return None
    if access.limits.over(open_session, now):
        access.accounts.close(hashed(secret))
        return None
    if now - open_session.seen_at >= SEEN_EXACTLY:
        access.accounts.seen(hashed(secret), now)
    return open_session.visitor


def visitor_of_token(access: Access, token: str) -> Visitor | None:
    """Whose token this is; None where there is none, or it is over."""
    access_token = access.accounts.token(hashed(token))
    if access_token is None or access.now() >= access_token.expires_at:
        return None
    return Visitor(f"{access_token.account} (token {access_token.id})", access_token.role)


def _note(access: Access, name: str, what: str, by: str = "") -> None:
    """Commands are run by who may use this machine; the log says that it was done there, and to whom."""
    access.audit.write(AuditEntry(access.now(), by or f"command line, for {name}", what, form=name if by else ""))

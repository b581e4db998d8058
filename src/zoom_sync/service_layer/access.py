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
    lower,
    name_flaw,
    password_flaw,
    role_of_claims,
)
from zoom_sync.errors import NotInStore, SignInRefused, TooManyTries, UserError
from zoom_sync.service_layer.ports.access import AccountStore, AuditStore, Passwords

REFUSED = "name or password are not right"
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


def add_account(access: Access, name: str, role: Role, password: str) -> Account:
    """Make a local account. Raises UserError for a name or a password that will not do, StoreConflict if it exists."""
    _require(name_flaw(name) or password_flaw(password, name))
    account = Account(name, role, access.now())
    access.accounts.add(account, access.passwords.hash(password))
    _note(access, name, "account added")
    return account


def change_password(access: Access, name: str, password: str) -> None:
    """Give an account another password, and end its sessions. Raises UserError, NotInStore."""
    _require(password_flaw(password, name))
    access.accounts.set_password(name, access.passwords.hash(password), sign_out=True)
    _note(access, name, "password changed")


def remove_account(access: Access, name: str) -> None:
    """Remove an account; its sessions and tokens end with it. Raises NotInStore."""
    access.accounts.remove(name)
    _note(access, name, "account removed")


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


def _require(flaw: str | None) -> None:
    if flaw is not None:
        raise UserError(flaw)


# --- signing in ----------------------------------------------------------------------------------------------------


def sign_in(access: Access, name: str, password: str, address: str) -> Visitor:
    """Who this is. Takes as long and says the same for a name that does not exist.

    Raises:
        TooManyTries: this name, or this address, has tried too often.
        SignInRefused: name or password are not right.
    """
    _count_try(access, f"address:{address}", access.tries.per_address)
    _count_try(access, f"name:{name}", access.tries.per_name)
    found = None if name_flaw(name) else access.accounts.account(name)
    account, kept = found or (None, None)
    if not access.passwords.fits(password, kept) or account is None or kept is None:
        raise SignInRefused(REFUSED)
    access.accounts.forget_tries(hashed(f"name:{name}"))
    if access.passwords.outdated(kept):
        access.accounts.set_password(name, access.passwords.hash(password), sign_out=False)
    return Visitor(account.name, account.role)


def _count_try(access: Access, subject: str, most: int) -> None:
    """Counted before the password is looked at, and in one step: many at once are counted like one after the other."""
    now = access.now()
    tries, since = access.accounts.count_try(hashed(subject), now, now - access.tries.window)
    if tries > most:
        raise TooManyTries("too many sign-ins were tried", since + access.tries.window)


def visitor_of_claims(claims: Mapping[str, Any], claim: str, roles: Mapping[str, Role]) -> Visitor:
    """Who an identity provider vouches for. Raises SignInRefused where that gives no role."""
    role = role_of_claims(claims, claim, roles)
    if role is None:
        raise SignInRefused("you are known, but have no role here: an organiser has to give you one")
    name = next((claims[n] for n in ("preferred_username", "email", "sub") if isinstance(claims.get(n), str)), "")
    return Visitor(name, role, local=False)


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
    found, now = access.accounts.session(hashed(secret)), access.now()
    if found is None:
        return None
    if access.limits.over(found, now):
        access.accounts.close(hashed(secret))
        return None
    if now - found.seen_at >= SEEN_EXACTLY:
        access.accounts.seen(hashed(secret), now)
    return found.visitor


def visitor_of_token(access: Access, token: str) -> Visitor | None:
    """Whose token this is; None where there is none, or it is over."""
    found = access.accounts.token(hashed(token))
    if found is None or access.now() >= found.expires_at:
        return None
    return Visitor(f"{found.account} (token {found.id})", found.role)


def _note(access: Access, name: str, what: str) -> None:
    """Commands are run by who may use this machine; the log says that it was done there, and to whom."""
    access.audit.write(AuditEntry(access.now(), f"command line, for {name}", what))

"""Who may sign in, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.access import AccessToken, Account, AuditEntry, OpenSession, Preview, Role, Visitor


class Passwords(Protocol):
    """Hashes passwords; slow on purpose."""

    def hash(self, password: str) -> str:
        """A hash to be kept."""
        ...

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password of this hash. None takes as long as any other and fits none."""
        ...

    def outdated(self, kept: str) -> bool:
        """Whether it should be hashed anew when the password is at hand."""
        ...

    def guessable(self, password: str, known: Sequence[str]) -> bool:
        """Whether somebody who knows words about the account (`known`) would guess it in reasonable time."""
        ...


class AccountStore(Protocol):
    """Accounts, open sessions, tokens, and how often a sign-in was tried. Secrets come in as hashes."""

    def add(self, account: Account, password_hash: str) -> None:
        """Raises StoreConflict where there is one of that name."""
        ...

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        ...

    def account(self, name: str) -> tuple[Account, str] | None:
        """An account with its password's hash."""
        ...

    def set_password(self, name: str, password_hash: str, *, sign_out: bool, end_tokens: bool = False) -> None:
        """Keep another hash; with `sign_out` every session of the account ends, and with `end_tokens` every token.

        Raises NotInStore.
        """
        ...

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and tokens. Raises NotInStore."""
        ...

    def open(self, id_hash: str, visitor: Visitor, now: datetime, *, instead_of: str | None, over: datetime) -> None:
        """Open a session, and end the one it comes instead of and every one that was opened before `over`."""
        ...

    def session(self, id_hash: str) -> OpenSession | None:
        """An open session, with the role that its account has now."""
        ...

    def seen(self, id_hash: str, now: datetime) -> None:
        """The session is in use."""
        ...

    def close(self, id_hash: str) -> None:
        """End a session, if it is open."""
        ...

    def sessions(self) -> Sequence[OpenSession]:
        """Every open session, by who has it."""
        ...

    def close_all(self, name: str) -> int:
        """End every session of a local account, or of who is shown by that name; answers how many there were."""
        ...

    def remember_browser(self, browser_hash: str, now: datetime) -> None:
        """Somebody has signed in from this browser with this name, which the hash is of."""
        ...

    def knows_browser(self, browser_hash: str) -> bool:
        """Whether somebody has signed in from this browser with this name."""
        ...

    def add_token(self, token_hash: str, account: str, role: Role, now: datetime, expires_at: datetime) -> int:
        """Keep a token; answers its number. Raises NotInStore where there is no such account."""
        ...

    def tokens(self) -> Sequence[AccessToken]:
        """Every token."""
        ...

    def token(self, token_hash: str) -> AccessToken | None:
        """A token, with the lower of its role and its account's."""
        ...

    def remove_token(self, token: int) -> None:
        """Raises NotInStore."""
        ...

    def count_try(self, subject: str, now: datetime, since: datetime) -> tuple[int, datetime]:
        """Count a sign-in for `subject` in one step, those before `since` forgotten: how many now, from when on."""
        ...

    def forget_tries(self, subject: str) -> None:
        """The sign-in was right: the subject's wrong ones count no more."""
        ...

    def uncount_try(self, subject: str) -> None:
        """The sign-in was right: of what several people share, only this one does not count."""
        ...


class PreviewStore(Protocol):
    """The secret addresses of drafts. Secrets come in as hashes."""

    def add(self, secret_hash: str, event: str, label: str, now: datetime) -> None:
        """Raises NotInStore where there is no such event."""
        ...

    def of_event(self, event: str) -> Sequence[Preview]:
        """Those of an event, oldest first. Raises NotInStore."""
        ...

    def remove(self, event: str, preview: int) -> None:
        """Raises NotInStore."""
        ...

    def event_of(self, secret_hash: str) -> str | None:
        """The key of the event that it shows."""
        ...


class AuditStore(Protocol):
    """The audit log."""

    def write(self, entry: AuditEntry) -> int:
        """Add a line; answers its number."""
        ...

    def entries(self, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        """The latest lines, newest first; with `before` those with a smaller number."""
        ...

"""Floor 0: every error that zoom_sync raises on purpose, as one tree, and the Problem value that errors carry.

Imports the standard library only. Two questions are answered by the class alone: whose fault it is (`UserError`,
`ZoomError`, `StoreError`), and whether trying again can help (`retryable`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in an input: what it is and what to do about it, and where it stands."""

    message: str
    line: int | None = None
    source: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class ZoomSyncError(Exception):
    """Base of every error raised on purpose."""

    retryable = False


# --- the user's side -----------------------------------------------------------------------------------------------


class UserError(ZoomSyncError):
    """Something the user can put right; shown as a message without a traceback."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)


class ProgrammeError(UserError):
    """The programme cannot be read as it stands; `problems` holds all that is wrong with it."""


class ConfigurationError(UserError):
    """A setting, a variable or a file of the config folder is missing or wrong; `problems` holds all of them."""


class SchemaNewer(ConfigurationError):
    """A newer zoom_sync has brought the store's schema on; this one must not touch it."""


class Undecided(ConfigurationError):
    """A programme may mean an event or sessions that are stored already, and nobody has said so; nothing was stored."""


class NotInStore(UserError):
    """An event, session or meeting was named that the store does not hold."""


class PlanChanged(UserError):
    """The plan that was approved by its digest is not the plan that would be carried out now."""


class OwnApproval(UserError):
    """Somebody would approve what he loaded himself, of an event that asks for another person's word."""


class SignInRefused(UserError):
    """Name or password are not right, or the identity provider vouches for nobody who has a role here."""


class TooManyTries(UserError):
    """Too many sign-ins were tried with this name or from this address; `retry_at` (UTC) is when to try again."""

    def __init__(self, message: str, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


# --- Zoom's side ---------------------------------------------------------------------------------------------------


class ZoomError(ZoomSyncError):
    """Zoom refused a call or could not be asked.

    `status` is the HTTP status (None where no answer came), `code` Zoom's own number (None where the body had none).
    `outcome_unknown` tells that the call may have been carried out although no proper answer came.
    """

    outcome_unknown = False

    def __init__(self, message: str, *, status: int | None = None, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code

    def __str__(self) -> str:
        facts = [f"HTTP {self.status}" if self.status is not None else "", f"code {self.code}" if self.code else ""]
        text = ", ".join(fact for fact in facts if fact)
        return f"{self.message} ({text})" if text else self.message


class Unauthorized(ZoomError):
    """The token, or the credentials it is made from, were refused."""


class MissingScope(Unauthorized):
    """The app lacks a scope; `scopes` names what Zoom asked for."""

    def __init__(self, message: str, scopes: tuple[str, ...], **kwargs: int | None) -> None:
        super().__init__(message, **kwargs)
        self.scopes = scopes


class NotFound(ZoomError):
    """The meeting, user or report does not exist on Zoom (any more): Zoom says so itself, of this very id."""


class Refused(ZoomError):
    """Zoom refused, and what it says proves nothing about whether the thing is there."""


class InvalidRequest(ZoomError):
    """Zoom refused the request as it is; `fields` maps a field to Zoom's words about it."""

    def __init__(self, message: str, fields: dict[str, str] | None = None, **kwargs: int | None) -> None:
        super().__init__(message, **kwargs)
        self.fields = fields or {}

    def __str__(self) -> str:
        told = "; ".join(f"{name}: {text}" for name, text in self.fields.items())
        return f"{super().__str__()} [{told}]" if told else super().__str__()


class OtherKind(InvalidRequest):
    """The id is that of a webinar and was asked for as a meeting's, or the other way about."""


class Expired(InvalidRequest):
    """Zoom keeps what was asked for no longer."""


class RateLimited(ZoomError):
    """A published limit was reached; nothing was done. `limit` is which one, `retry_at` when it is over (UTC)."""

    retryable = True

    def __init__(
        self, message: str, *, limit: str, retry_at: datetime | None = None, status: int | None = 429,
        code: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message, status=status, code=code)
        self.limit = limit
        self.retry_at = retry_at


class Unavailable(ZoomError):
    """Zoom could not be reached at all; the call was not carried out."""

    retryable = True


class NoProperAnswer(ZoomError):
    """The call was sent, but its answer was lost, cut short, unreadable or a server's error: it may have been done."""

    retryable = True
    outcome_unknown = True


class ShortList(NoProperAnswer):
    """A list tells of more than it has. `given` is what it has; of what it lacks nothing is known."""

    def __init__(self, message: str, given: tuple[Any, ...]) -> None:
        super().__init__(message)
        self.given = given


# --- who is told ---------------------------------------------------------------------------------------------------


class NotSent(ZoomSyncError):
    """A notification could not be sent; trying again can help."""

    retryable = True


# --- the store's side ----------------------------------------------------------------------------------------------


class StoreError(ZoomSyncError):
    """The database could not be used."""


class StoreUnavailable(StoreError):
    """The database could not be reached, or gave up on the connection; trying again can help."""

    retryable = True


class StoreConflict(StoreError):
    """Another run changed the same row first; what it did stands."""


class CalendarChanged(StoreConflict):
    """Another run took a host's time since his calendar was looked at; look again."""

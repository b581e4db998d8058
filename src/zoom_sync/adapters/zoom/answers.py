"""Zoom's answers without I/O: one function that turns an answer into JSON or the right error.

Imports `domain` and `errors` only; what refusals mean is the table of `refusals`. Beside each rule stands the page
that states it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from zoom_sync.adapters.zoom.refusals import Meaning, is_zooms, meaning
from zoom_sync.domain.hosts import next_utc_day
from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import (
    Expired,
    InvalidRequest,
    MissingScope,
    NoProperAnswer,
    NotFound,
    OtherKind,
    RateLimited,
    Refused,
    Unauthorized,
    ZoomError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (names in lower case), body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def outcome(answer: Answer, now: datetime, hidden: str = "", *, operation: str = "", subject: str = "") -> Any:
    """The JSON of a good answer (None for an empty one), or the error that the answer stands for.

    `now` is the time of the answer, for limits that end at the next UTC midnight. `hidden` is kept out of errors.
    `operation` and `subject` are those of the call, as far as they are known: they tell what a refusal means.

    Raises:
        ZoomError: one of its subclasses, by status and body.
    """
    value = _json(answer)
    # Some errors come under HTTP 200: https://github.com/Jericho/ZoomNet, ZoomErrorHandler
    is_error = isinstance(value, dict) and bool(_code(value)) and "message" in value
    if 200 <= answer.status < 300 and not is_error:
        if answer.body and value is None:
            raise NoProperAnswer(Phrase("Zoom's answer is not JSON"), status=answer.status)
        return value
    body = value if isinstance(value, dict) else {}
    raise error_of(answer, body, now, hidden, operation=operation, subject=subject)


def error_of(
    answer: Answer,
    values: Mapping[str, Any],
    now: datetime,
    hidden: str = "",
    *,
    operation: str = "",
    subject: str = "",
) -> ZoomError:
    """The error that a status and a body stand for. https://developers.zoom.us/docs/api/errors/."""
    status = answer.status
    code = _code(values)
    words = str(values.get("message") or values.get("reason") or Phrase("Zoom answered HTTP {status}", status=status))
    message = bounded(words, hidden)
    if status == 429 or code == 429:
        return _rate_limited(answer, message, now)
    if "does not contain scopes" in message or code in (4700, 4711):
        return MissingScope(message, _scopes(words), status=status, code=code)
    if code == 124 or (status == 401 and code is None):
        return Unauthorized(message, status=status, code=code)
    if status >= 500 or status == 408:
        return NoProperAnswer(message, status=status, code=code)
    if status in (400, 403, 404) and answer.body.strip() and not is_zooms(values):
        # A proxy's page. Nothing follows from it, not even that Zoom was asked.
        return NoProperAnswer(Phrase("the answer is not Zoom's"), status=status, code=code)
    means = meaning(status, code, words, operation=operation, subject=subject)
    kind = MEANS.get(means) or _unclear(status, code)
    if kind is InvalidRequest:
        return InvalidRequest(message, _field_errors(values, hidden), status=status, code=code)
    return kind(message, status=status, code=code)


MEANS: Mapping[Meaning, type[ZoomError]] = {
    Meaning.NO_ACCESS: Unauthorized,
    Meaning.GONE: NotFound,
    Meaning.NO_USER: NotFound,
    Meaning.NO_REPORT: NotFound,
    Meaning.OTHER_KIND: OtherKind,
}


def _unclear(status: int, code: int | None) -> type[ZoomError]:
    """What a refusal is from which nothing follows about whether the thing is there."""
    if status in (401, 403, 404) or code in (1001, 3001):
        return Refused
    return Expired if code == 12702 else InvalidRequest  # "Can not access a meeting a year ago."


def _json(answer: Answer) -> Any:
    try:
        value = json.loads(answer.body) if answer.body.strip() else None
        if b"\\ud" in answer.body.lower():
            # Text that was cut between the two halves of a character: no database and no file takes the half.
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    return value


def _code(values: Mapping[str, Any]) -> int | None:
    code = values.get("code")
    if isinstance(code, str) and code.isascii() and code.isdecimal():
        return int(code[:9])
    return code if isinstance(code, int) and not isinstance(code, bool) else None


# What some messages hold: the registrant's address, links that let one in, tokens.
_NOT_TOLD = re.compile(r"\S+@\S+|https?://\S+/[sjw]/\S+|(?<=\?)[^\s=]+=\S+|(?<=pwd=)\S+|(?<=zak=)\S+|(?<=Bearer )\S+")


def bounded(words: Any, hidden: str = "") -> str:
    """Zoom's words, short and without what must not be told."""
    text = str(words)
    return _NOT_TOLD.sub("***", text.replace(hidden, "***") if hidden else text)[:300]


def _scopes(message: str) -> tuple[str, ...]:
    match = re.search(r"scopes:\s*\[([^\]]*)\]", message)
    return tuple(scope.strip() for scope in match.group(1).split(",") if scope.strip()) if match else ()


def _field_errors(values: Mapping[str, Any], hidden: str) -> dict[str, str]:
    errors = values.get("errors")
    rows = [row for row in errors if isinstance(row, dict)] if isinstance(errors, list) else []
    return {bounded(row.get("field"), hidden): bounded(row.get("message"), hidden) for row in rows}


def _rate_limited(answer: Answer, message: str, now: datetime) -> RateLimited:
    limit = _limit(answer, message)
    return RateLimited(message, limit=limit, retry_at=_retry_at(answer, limit, now), status=answer.status, code=429)


def _limit(answer: Answer, message: str) -> str:
    # The host's limit is known by its text alone: that answer carries neither type nor Retry-After.
    # https://devforum.zoom.us/t/zoom-api-create-meeting-api-rate-limit-sample-error-when-breaching-limit/18928
    text = message.casefold()
    if "registrant" in text:
        return "registrant"
    if "create/update api requests" in text:
        return "host"
    if "daily" in text or answer.headers.get("x-ratelimit-type", "").casefold() == "daily-limit":
        return "daily"
    if "concurrent" in text:
        return "concurrent"
    return "per-second"


def _retry_at(answer: Answer, limit: str, now: datetime) -> datetime:
    """When the limit is over. Retry-After is an instant with Zoom, not seconds; all known forms are read."""
    text = answer.headers.get("retry-after", "").strip()
    # No limit lasts longer than a day, whatever a header says.
    latest = now + timedelta(days=1)
    if text.isascii() and text.isdecimal():
        return now + timedelta(seconds=min(int(text[:9]), 86_400))
    read = _instant(text)
    if read is not None:
        return min(max(read, now), latest)
    # Daily limits end "at GMT 00:00:00".
    return now + timedelta(seconds=1) if limit in ("per-second", "concurrent") else next_utc_day(now)


def date_of(answer: Answer) -> datetime | None:
    """The time by the server's clock, to the second."""
    return _instant(answer.headers.get("date", ""))


def _instant(text: str) -> datetime | None:
    """An instant of a header, in HTTP's form or ISO 8601; without a zone it is UTC. None where it is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = read(text.strip())
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None

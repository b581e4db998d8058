"""Zoom's webhooks without I/O: who may speak, what is said, and how to answer Zoom's test of the address.

https://developers.zoom.us/docs/api/webhooks/
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from zoom_sync.domain.delivery import Delivery
from zoom_sync.domain.programme import Kind

TIMESTAMP = "x-zm-request-timestamp"
SIGNATURE = "x-zm-signature"
VALIDATION = "endpoint.url_validation"
MOST_EVENT_CHARACTERS = 100


class Refused(StrEnum):
    """Why a request is not taken in."""

    OVERSIZED = "oversized"
    UNSIGNED = "unsigned"
    FORGED = "forged"
    STALE = "stale"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Signed:
    """Headers that have the form of a signature: the time of sending, and the digest with its `v0=`."""

    at: datetime
    timestamp: str
    signature: str


def signed(headers: Mapping[str, str]) -> Signed | None:
    """The signature in a request's headers (names in lower case), None where there is none that could be one."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    # Seconds since 1970, as in Zoom's example; digits only, for the text is part of what is signed.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 11 and signature.startswith("v0=")):
        return None
    return Signed(datetime.fromtimestamp(int(timestamp), UTC), timestamp, signature)


def is_genuine(secret: str, signed: Signed, body: bytes) -> bool:
    """Whether Zoom signed these very bytes. Compares in constant time; without a secret, nothing is genuine.

    https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events
    """
    message = b"v0:" + signed.timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signed.signature.encode(errors="replace")) and bool(secret)


def is_timely(signed: Signed, clocks: Iterable[datetime], window: timedelta) -> bool:
    """Whether it was sent within `window` of what one of the clocks shows. Zoom itself names no window."""
    return any(abs(clock - signed.at) <= window for clock in clocks)


def parse(body: bytes) -> Mapping[str, Any] | None:
    """The body as a JSON object that names an event; None for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("event"), str):
        return None
    return value if 0 < len(value["event"]) <= MOST_EVENT_CHARACTERS else None


def validation_answer(secret: str, values: Mapping[str, Any]) -> Mapping[str, str] | None:
    """What Zoom wants to hear when it tests the address; None where this is no such test.

    https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
    """
    plain = _object(values, "payload").get("plainToken")
    if values["event"] != VALIDATION or not isinstance(plain, str):
        return None
    text = plain.encode(errors="replace")
    return {"plainToken": text.decode(), "encryptedToken": hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}


def delivery(values: Mapping[str, Any], signature: Signed) -> Delivery:
    """The little that is kept of an event. Whatever is missing or odd is left out; nothing is raised.

    A repeat is known by a digest of everything that was said, keys in order: Zoom documents no number of an event that
    stays the same from try to try, and two people may come in the same millisecond.
    """
    event = str(values["event"])
    about = _object(_object(values, "payload"), "object")
    uuid = about.get("uuid")
    uuid = uuid if isinstance(uuid, str) and 0 < len(uuid) <= 64 else None
    return Delivery(
        key=_digest(_canonical(values)),
        signature=_digest(signature.signature),
        event=event.encode(errors="replace").decode().replace("\0", ""),
        at=_moment(values.get("event_ts")) or signature.at,
        meeting_id=_meeting_id(about.get("id")),
        kind=Kind.WEBINAR if event.startswith("webinar.") else Kind.MEETING,
        uuid=None if uuid is None else uuid.replace("\0", "").encode(errors="replace").decode(),
        person=_person(uuid, _object(about, "participant")),
    )


def _canonical(values: Mapping[str, Any]) -> str:
    """The same text for the same content; what is nested too deeply to be written is taken as Python shows it."""
    try:
        return json.dumps(values, sort_keys=True)
    except RecursionError:
        return f"{values['event']} {values.get('event_ts')}"


def _person(uuid: str | None, participant: Mapping[str, Any]) -> str | None:
    """One stay of somebody: Zoom gives `user_id` anew at every join, so the digest tells nobody who it was."""
    number = participant.get("user_id")
    return _digest(f"{uuid} {number}") if isinstance(number, str | int) and str(number) else None


def _meeting_id(value: object) -> str | None:
    """A meeting's id, which comes as a string from some events and as a number from others."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) and value < 10**20 else value
    return text if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= 20 else None


def _moment(value: object) -> datetime | None:
    """`event_ts`, in milliseconds since 1970."""
    if not isinstance(value, int) or not 0 <= value <= 32_503_680_000_000:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _object(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

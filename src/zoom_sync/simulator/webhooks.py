"""Webhooks: who wants to hear of what, what is still to be sent, and what was answered. No socket in here.

https://developers.zoom.us/docs/api/webhooks/ : a delivery that is answered with 500 or more, or not at all, is sent
again 5 minutes later, 20 minutes after that and 60 minutes after that; what is answered otherwise is not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from .clock import iso
from .messages import json_text
from .schema import only

RETRIES = (300.0, 1200.0, 3600.0)
VALIDATION = "endpoint.url_validation"
REVALIDATE = 72 * 3600.0
MOST_FAILED_VALIDATIONS = 6
NOBODY = 0  # the status of what was not answered
_KEPT = 20_000
_FIELDS = ("url", "secret", "events", "validate", "lose", "double", "reorder")


@dataclass(slots=True)
class Subscription:
    """An address and what it wants to hear of; all events if `events` is empty.

    `lose`, `double` and `reorder` are how likely an event is never sent, sent twice, or sent after the next one.
    `state`: validating, active, refused (the address did not answer its test), disabled (it failed too often later).
    """

    url: str
    secret: str
    events: tuple[str, ...] = ()
    lose: float = 0.0
    double: float = 0.0
    reorder: float = 0.0
    state: str = "active"
    failed_validations: int = 0
    validate_at: float = 0.0

    def wants(self, event: str) -> bool:
        """Whether it is to hear of the event."""
        return self.state in ("active", "validating") and (not self.events or event in self.events)


@dataclass(slots=True)
class Letter:
    """One event for one subscription, on its way: `due` is when it is (next) sent, None when it is settled."""

    number: int
    subscription: Subscription
    event: str
    at: float
    body: bytes
    due: float | None
    plain: str = ""
    tries: list[tuple[float, int]] = field(default_factory=list)
    state: str = "waiting"

    def to_json(self) -> dict[str, Any]:
        """The letter as the control routes show it; what it says is not repeated."""
        return {
            "event": self.event,
            "at": iso(self.at),
            "url": self.subscription.url,
            "state": self.state,
            "tries": [{"time": iso(at), "status": status} for at, status in self.tries],
        }


@dataclass(frozen=True, slots=True)
class Posting:
    """One request to be sent now."""

    letter: Letter
    url: str
    headers: Mapping[str, str]
    body: bytes


class Webhooks:
    """Subscriptions and letters of one simulator. Whoever calls holds the simulator's lock."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._draws = 0
        self._numbers = 0
        self._batch: list[Letter] = []
        self._open: dict[int, Letter] = {}
        self.subscriptions: list[Subscription] = []
        self.letters: deque[Letter] = deque(maxlen=_KEPT)

    @property
    def listening(self) -> bool:
        """Whether anybody wants to hear."""
        return bool(self.subscriptions)

    def subscribe(self, body: Mapping[str, Any], secret: str, now: float) -> None:
        """A subscription from a control request; raises ValueError or TypeError for a wrong one."""
        made = _read(body, secret)
        self.subscriptions.append(made)
        if made.state == "validating":
            self._validate(made, now)

    def hear(self, event: str, payload: Mapping[str, Any], at: float, now: float) -> None:
        """Something happened: a letter for each who wants it."""
        body = json_text({"event": event, "event_ts": int(at * 1000), "payload": payload}).encode()
        for subscription in self.subscriptions:
            if not subscription.wants(event):
                continue
            if subscription.lose and self._draw() < subscription.lose:
                self._letter(subscription, event, at, body, None).state = "lost"
                continue
            for _ in range(2 if subscription.double and self._draw() < subscription.double else 1):
                self._batch.append(self._letter(subscription, event, at, body, now))

    def close_batch(self) -> None:
        """All that one request made happen has been heard: now it may be sent, some of it in another order."""
        batch, self._batch = self._batch, []
        for place in range(len(batch) - 1):
            chance = batch[place].subscription.reorder
            if chance and self._draw() < chance:
                batch[place], batch[place + 1] = batch[place + 1], batch[place]
        self._open |= {letter.number: letter for letter in batch}

    def next_due(self) -> float | None:
        """When the next letter is to be sent."""
        times = [letter.due for letter in self._open.values() if letter.due is not None and self._may_go(letter)]
        times += [
            subscription.validate_at
            for subscription in self.subscriptions
            if subscription.state == "active" and subscription.validate_at
        ]
        return min(times, default=None)

    def take(self, now: float) -> Posting | None:
        """The letter that is due for longest, as a request; it is under way until `answered`."""
        for one in self.subscriptions:
            if one.state == "active" and 0 < one.validate_at <= now:
                self._validate(one, now)
        due = [one for one in self._open.values() if one.due is not None and one.due <= now and self._may_go(one)]
        if not due:
            return None
        letter = min(due, key=lambda one: one.due or 0.0)  # of those of one moment the first in the row
        letter.due = None
        return Posting(letter, letter.subscription.url, self._headers(letter, now), letter.body)

    def answered(self, letter: Letter, status: int, answer: bytes, now: float) -> None:
        """What came of a posting; `status` 0: nothing came."""
        if self._open.get(letter.number) is not letter:
            return  # begun anew meanwhile
        letter.tries.append((now, status))
        failed = status == NOBODY or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if letter.event == VALIDATION:
            self._validated(letter, status, answer, now)
        elif failed and len(letter.tries) <= len(RETRIES):
            letter.due = now + RETRIES[len(letter.tries) - 1]
            return
        else:
            letter.state = "given up" if failed else "delivered" if status < HTTPStatus.MULTIPLE_CHOICES else "refused"
        del self._open[letter.number]

    def to_json(self) -> dict[str, Any]:
        """Subscriptions and letters, as the control routes show them; secrets are not shown."""
        names = ("url", "events", "lose", "double", "reorder", "state")
        return {
            "subscriptions": [
                {name: getattr(subscription, name) for name in names} for subscription in self.subscriptions
            ],
            "waiting": len(self._open),
            "deliveries": [letter.to_json() for letter in self.letters],
        }

    def _may_go(self, letter: Letter) -> bool:
        """Nothing but its test goes to an address that has not passed it."""
        return letter.subscription.state == "active" or letter.event == VALIDATION

    def _letter(self, to: Subscription, event: str, at: float, body: bytes, due: float | None) -> Letter:
        self._numbers += 1
        letter = Letter(self._numbers, to, event, at, body, due)
        self.letters.append(letter)
        return letter

    def _validate(self, subscription: Subscription, now: float) -> None:
        plain = hashlib.sha256(f"{self._seed}:validate:{self._numbers}".encode()).hexdigest()[:22]
        values = {"event": VALIDATION, "payload": {"plainToken": plain}, "event_ts": int(now * 1000)}
        letter = self._letter(subscription, VALIDATION, now, json_text(values).encode(), now)
        letter.plain = plain
        subscription.validate_at = now + REVALIDATE
        self._open[letter.number] = letter

    def _validated(self, letter: Letter, status: int, answer: bytes, now: float) -> None:
        one = letter.subscription
        expected = hmac.new(one.secret.encode(), letter.plain.encode(), hashlib.sha256).hexdigest()
        if status == HTTPStatus.OK and _json(answer) == {"plainToken": letter.plain, "encryptedToken": expected}:
            letter.state, one.state, one.failed_validations = "delivered", "active", 0
            return
        letter.state = "refused"
        one.failed_validations += 1
        if one.state == "validating":
            one.state = "refused"
        elif one.failed_validations >= MOST_FAILED_VALIDATIONS:
            one.state = "disabled"
        if one.state in ("refused", "disabled"):
            self._drop(one)
        one.validate_at = now + REVALIDATE

    def _drop(self, one: Subscription) -> None:
        for number in [n for n, letter in self._open.items() if letter.subscription is one and letter.due is not None]:
            self._open.pop(number).state = "dropped"

    def _headers(self, letter: Letter, now: float) -> dict[str, str]:
        timestamp = str(int(now))
        message = b"v0:%s:%s" % (timestamp.encode(), letter.body)
        signed = hmac.new(letter.subscription.secret.encode(), message, hashlib.sha256)
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Zoom Marketplace/1.0a",
            "x-zm-request-timestamp": timestamp,
            "x-zm-signature": f"v0={signed.hexdigest()}",
            "x-zm-request-id": hashlib.sha256(f"{self._seed}:{letter.number}".encode()).hexdigest()[:32],
        }

    def _draw(self) -> float:
        """A number from 0 to 1, the same ones in the same order for the same seed."""
        self._draws += 1
        digest = hashlib.sha256(f"{self._seed}:webhook:{self._draws}".encode()).digest()
        return int.from_bytes(digest[:7]) / 256**7


def _read(body: Mapping[str, Any], secret: str) -> Subscription:
    only(body, _FIELDS)
    url, own = body.get("url"), body.get("secret", secret)
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError("url must be the address of a webhook endpoint")
    if not isinstance(own, str) or not own:
        raise ValueError("secret must be a text")
    chances = {name: body.get(name, 0.0) for name in ("lose", "double", "reorder")}
    if not all(map(_is_chance, chances.values())):
        raise ValueError("lose, double and reorder must be between 0 and 1")
    validate = body.get("validate", True)
    if not isinstance(validate, bool):
        raise TypeError("validate must be true or false")
    state = "validating" if validate else "active"
    return Subscription(url, own, _events(body.get("events", [])), **chances, state=state)


def _is_chance(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _events(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TypeError("events must be a list of names such as meeting.ended")
    return tuple(value)


def _json(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return None

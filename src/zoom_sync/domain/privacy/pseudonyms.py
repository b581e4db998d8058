"""Made-up names in place of people's, the same for one person over all sessions of an event. Pure; standard library.

A pseudonym is a keyed hash: without the key nobody can find out whose it is by trying names, and another event has
other ones.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field, replace
from typing import Any

from zoom_sync.domain.attendance import Attendee, EventPerson, ItemAudience, ItemHearer, Registration, RegistrationLine
from zoom_sync.domain.polls import ChoiceCount, PollAnswer, PollQuestion
from zoom_sync.domain.privacy.marks import ERASED, Known, folded_text
from zoom_sync.domain.questions import ANONYMOUS, Answer, Question

LETTERS = 13  # 65 bits: two of a million people share one less than once in ten million events
# Reserved, so that no letter can ever go there: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
DOMAIN = "pseudonym.invalid"

# A run of characters, and an address if one begins with it: so each is read once, however long the text is.
_MAY_BE_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+(@[^\s@<>()\[\],;:\"']+\.[^\s@<>()\[\],;:\"'.]+)?")
# Seven digits or more, as people write telephone numbers; years, times and short numbers stay.
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}(?!\w)")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The pseudonyms of one event."""

    key: bytes = field(repr=False)
    event: str

    def attendee(self, one: Attendee) -> Attendee:
        """A line of attendance without who it is."""
        known = _known(one.email, one.key)
        name = self._named(known)
        key, email = f"{one.certainty}:{name}", self._email(one.email)
        link_of = one.link_of and replace(
            one.link_of, key="", name=self.name(one.link_of.name, one.link_of.email), email=None
        )
        return replace(one, key=key, name=name, email=email, registrant_ids=(), emails=(), accounts=(), link_of=link_of)

    def question(self, one: Question) -> Question:
        """A question without who asked and answered, and without the addresses and numbers in its text."""
        asker = one.asker if one.anonymous or not one.asker else self.name(one.asker, one.email)
        answers = tuple(self._answer(answer) for answer in one.answers)
        return replace(one, asker=asker, email=self._email(one.email), text=masked(one.text), answers=answers)

    def poll(self, one: PollAnswer) -> PollAnswer:
        """An answer to a poll without who gave it; a free answer without the addresses and numbers in it."""
        name = one.name if one.anonymous or not one.name else self.name(one.name, one.email)
        return replace(one, name=name, email=self._email(one.email), answer=masked(one.answer))

    def registration(self, one: Registration) -> Registration:
        """A registration without who it is of."""
        name, email = self.name(one.name, one.email), self._email(one.email) or ""
        return replace(one, registrant_id="", name=name, email=email, organisation="", answers=())

    def person(self, one: EventPerson) -> EventPerson:
        """A person over the event without who it is; answers given on registering may tell it, so they go."""
        name = self._named(_known(one.email, one.key))
        return replace(one, key=f"{one.certainty}:{name}", name=name, email=self._email(one.email), answers={})

    def line(self, one: Any) -> Any:
        """The line of any report; a line that tells of nobody, such as a count, stays as it is."""
        match one:
            case Attendee():
                return self.attendee(one)
            case Question():
                return self.question(one)
            case PollAnswer():
                return self.poll(one)
            case Registration():
                return self.registration(one)
            case RegistrationLine():
                return replace(one, registration=self.registration(one.registration))
            case ItemHearer():
                return replace(one, attendee=self.attendee(one.attendee))
            case (PollQuestion(), ChoiceCount() as count):  # a free answer is a choice, too
                return one[0], replace(count, choice=masked(count.choice))
            case EventPerson():
                return self.person(one)
            case ItemAudience():
                return one
        raise TypeError(f"a {type(one).__name__} has no pseudonym yet")

    def name(self, name: str, email: str | None = None) -> str:
        """The pseudonym of somebody who is known by a name, and by an e-mail if there is one."""
        if name in ("", ANONYMOUS, ERASED) and not email:
            return name
        return self._named(_known(email, f"name:{folded_text(Known.NAME, name)}"))

    def _answer(self, answer: Answer) -> Answer:
        return replace(answer, author=self.name(answer.author), text=masked(answer.text))

    def _email(self, email: str | None) -> str | None:
        return f"{self._named(_known(email, ''))}@{DOMAIN}" if email else email

    def _named(self, known: str) -> str:
        digest = hmac.new(self.key, f"{self.event}\0{known}".encode(errors="replace"), hashlib.sha256).digest()
        return f"person-{b32encode(digest)[:LETTERS].decode().lower()}"


def _known(email: str | None, key: str) -> str:
    """What one person is known by in every session: the e-mail, where there is one."""
    return f"email:{email.strip().casefold()}" if email else key


def masked(text: str) -> str:
    """The text with its e-mail addresses and telephone numbers masked."""
    return _PHONE.sub("[number]", _MAY_BE_EMAIL.sub(lambda match: "[e-mail]" if match[1] else match[0], text))

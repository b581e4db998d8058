"""Programmes in conference systems, by their HTTP APIs.

pretalx, https://docs.pretalx.org/api/ : the schedule that was released last, with slots, their submissions and rooms.
What is written back are answers to the organisers' own questions about a session: there is no other place for a link
that its API lets a program write.

Indico, https://docs.getindico.io/en/stable/http-api/ : the export of an event with its sessions. Its documented API
writes nothing of the kind; its other addresses come without any promise, and are not used.

Imports `domain`, `errors` and this room; requests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from zoom_sync.adapters.sources.fetching import Ask, Fetcher, NotFetched
from zoom_sync.adapters.sources.json_text import entries, mapping, told_id
from zoom_sync.adapters.sources.mapping import Api
from zoom_sync.adapters.sources.origins.values import NotRead, WrittenBack
from zoom_sync.domain.keys import key_of_id
from zoom_sync.domain.returning import GUARDED, Earlier, Returned, is_there, somebody_else
from zoom_sync.errors import ConfigurationError

MOST_PAGES = 400  # of 50 entries: as many as a programme may have

_OF_SUBMISSIONS = ("speakers", "track", "submission_type", "tags")
_EXPAND = ",".join(
    ("slots", "slots.room", "slots.submission", *(f"slots.submission.{text}" for text in _OF_SUBMISSIONS))
)


@dataclass(frozen=True, slots=True)
class _Site:
    """A site that is asked for JSON."""

    name: str
    rules: Api
    token: str = field(repr=False)
    fetcher: Fetcher
    scheme: str  # how the token is called in the header: https://datatracker.ietf.org/doc/html/rfc7235#section-2.1

    def get(self, address: str) -> Any:
        """Raises NotFetched, NotRead."""
        return self._json(self.fetcher.fetch(address, Ask(self._headers())))

    def send(self, method: str, address: str, body: Mapping[str, Any]) -> Any:
        headers = {**self._headers(), "Content-Type": "application/json"}
        return self._json(self.fetcher.fetch(address, Ask(headers, method, json.dumps(body).encode())))

    def _headers(self) -> dict[str, str]:
        values = {"Accept": "application/json"}
        return {**values, "Authorization": f"{self.scheme} {self.token}"} if self.token else values

    def _json(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise NotRead(f"{self.name}: the site answers no JSON, as its API does: look at the address") from None


def open_api(name: str, rules: Api, token: str, fetcher: Fetcher) -> Pretalx | Indico:
    """The API of a system that is known. Raises ConfigurationError where its token would travel in the open."""
    if token and not rules.address.startswith("https://") and not fetcher.allow_private:
        raise ConfigurationError(f"{name}: a token is only sent to an address that begins with https://")
    if rules.system == "indico":
        return Indico(_Site(name, rules, token, fetcher, "Bearer"))
    return Pretalx(_Site(name, rules, token, fetcher, "Token"))


@dataclass(frozen=True, slots=True)
class Indico:
    """An event on an Indico site."""

    site: _Site

    def fetch(self) -> bytes:
        """The export of the event. Raises NotFetched, NotRead."""
        rules = self.site.rules
        value = self.site.get(f"{rules.address}/export/event/{rules.event}.json?detail=sessions")
        if mapping(value).get("complete") is False:
            raise NotRead(f"{self.site.name}: the site says that its answer is not complete")
        return json.dumps(value).encode()

    def write_back(self, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]) -> WrittenBack:  # noqa: ARG002
        """Raises NotRead."""
        raise NotRead(f"{self.site.name}: Indico's API takes nothing that could be written back")


@dataclass(frozen=True, slots=True)
class Pretalx:
    """An event on a pretalx site."""

    site: _Site

    @property
    def _base(self) -> str:
        return f"{self.site.rules.address}/api/events/{self.site.rules.event}"

    def fetch(self) -> bytes:
        """The schedule that was released last, and what is told of the event. Raises NotFetched, NotRead."""
        event = mapping(self.site.get(f"{self._base}/"))
        schedule = mapping(self.site.get(f"{self._base}/schedules/latest/?{urlencode({'expand': _EXPAND})}"))
        if not isinstance(schedule.get("slots"), list):
            raise NotRead(f"{self.site.name}: the site tells no schedule: was one released?")
        told = {name: event.get(name) for name in ("name", "timezone")}
        return json.dumps([{"event": told, "results": schedule["slots"]}]).encode()

    def write_back(self, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]) -> WrittenBack:
        """Give each session its answers, but for those that somebody else has given. Raises NotFetched, NotRead."""
        written_back = WrittenBack()
        schedule = mapping(self.site.get(f"{self._base}/schedules/latest/?expand=slots"))
        codes = {key_of_id(code): code for entry in entries(schedule.get("slots"))
                 if (code := told_id(mapping(entry).get("submission")))}  # fmt: skip
        there = {name: dict(self._answers(number)) for name, number in self.site.rules.answers.items()}
        for key, mine in wanted.items():
            if key not in codes:
                written_back.missing.append(key)
            else:
                self._write(codes[key], mine, earlier.get(key, Earlier()), there, written_back)
        return written_back

    def _write(
        self, code: str, mine: Returned, earlier: Earlier, there: Mapping[str, Mapping[str, tuple[int, str]]],
        written_back: WrittenBack,
    ) -> None:  # fmt: skip
        shown = {name: answers[code][1] for name, answers in there.items() if code in answers}
        guarded = {name: shown.get(name, "") for name in there if name in GUARDED}
        if stranger := somebody_else(guarded, mine, earlier):
            written_back.kept.append((mine.key, f"somebody else has written another {stranger} there"))
            return
        if earlier.is_done(mine) and is_there(guarded, mine):
            written_back.same.append(mine.key)
            return
        changed = False
        for name, number in self.site.rules.answers.items():
            value = mine.values()[name]
            text = "" if value is None else str(value)
            if text == shown.get(name, ""):
                continue
            try:
                if code in there[name]:
                    self.site.send("PATCH", f"{self._base}/answers/{there[name][code][0]}/", {"answer": text})
                else:
                    body = {"question": number, "submission": code, "answer": text}
                    self.site.send("POST", f"{self._base}/answers/", body)
            except NotFetched as error:
                written_back.kept.append((mine.key, error.message))
                return
            changed = True
        (written_back.changed if changed else written_back.same).append(mine.key)

    def _answers(self, question: int) -> Iterator[tuple[str, tuple[int, str]]]:
        """What is answered to a question: the submission, and the answer's number and text."""
        address = f"{self._base}/answers/?{urlencode({'question': question})}"
        for _ in range(MOST_PAGES):
            page = mapping(self.site.get(address))
            for values in map(mapping, entries(page.get("results"))):
                code, number = told_id(values.get("submission")), values.get("id")
                if code and isinstance(number, int) and self._is_of(values, question):
                    yield code, (number, str(values.get("answer") or ""))
            following = page.get("next")
            if not isinstance(following, str) or not following:
                return
            if not following.startswith(self.site.rules.address + "/"):
                raise NotRead(f"{self.site.name}: the site's next page is on another site")
            address = following

    @staticmethod
    def _is_of(answer: Mapping[str, Any], question: int) -> bool:
        named = answer.get("question")
        return (mapping(named).get("id") if isinstance(named, dict) else named) == question

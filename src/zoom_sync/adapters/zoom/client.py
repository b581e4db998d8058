"""The talk with Zoom: a reader and a writer over one exchange of requests.

The exchange waits for its place, sends, and repeats what may be repeated: anything that Zoom refused before doing it,
and lost answers of calls that are the same done twice. A creation whose answer is lost is never sent again from here.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import requests
import urllib3

from zoom_sync.adapters.zoom import answers, definition_calls, parsing, protocol
from zoom_sync.adapters.zoom.absence import means_gone
from zoom_sync.adapters.zoom.answers import Answer
from zoom_sync.adapters.zoom.auth import Token, Tokens
from zoom_sync.adapters.zoom.clock import ZoomClock, contradicts
from zoom_sync.adapters.zoom.counting import Counts, ProcessCounts
from zoom_sync.adapters.zoom.governor import Governor
from zoom_sync.adapters.zoom.protocol import Call
from zoom_sync.adapters.zoom.report_pages import read_report, rows_of
from zoom_sync.deadline import DeadlineAdapter
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import Listed, MeetingFields, ObservedMeeting
from zoom_sync.domain.panelists import Panelist
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.report import Instance, Report
from zoom_sync.errors import (
    Expired,
    InvalidRequest,
    MissingScope,
    NoProperAnswer,
    NotFound,
    RateLimited,
    Refused,
    ShortList,
    Unauthorized,
    Unavailable,
    ZoomError,
)
from zoom_sync.network import DIRECT, Way, unreached

# To connect, and to wait for the next bytes of an answer.
TIMEOUT_SECONDS = (5.0, 20.0)
# For a call in all. A creation is in doubt for longer than this before it is looked for.
WHOLE_SECONDS = 25.0
TRIES = 4
# How long before its place in the row a call gets ready. As long as committing an intent takes on a busy machine.
LEAD_SECONDS = 0.25
# Whoever comes later than this to its place gives it up and takes another: calls at even distances have 1 / SHARE - 1
# (0.04) seconds to spare, of which the way to Zoom needs some. After so many places it goes all the same.
LATE_SECONDS = 0.025
PLACES = 3
MAX_PAGES = 10_000
NO_PLAN = 200  # Zoom's code for "Webinar plan is missing" and other permissions; only the words tell which
# The limits that hold for all calls of a label; the rest is one host's or one registrant's.
OF_THE_LABEL = ("per-second", "concurrent", "daily")


log = logging.getLogger(__name__)


def _nothing() -> None:
    return None


class Exchange:
    """Sends calls and answers JSON; knows limits, tokens and when to try again."""

    def __init__(
        self,
        api_url: str,
        tokens: Tokens,
        governor: Governor,
        clock: ZoomClock,
        *,
        user_agent: str,
        connections: int = 8,
        session: requests.Session | None = None,
        counts: Counts | None = None,
        way: Way = DIRECT,
    ) -> None:
        """`way` leads out of this machine. `connections` bounds the pool.

        `counts` is told of each call, how it ended and how long it waited.
        """
        self._api_url = api_url.rstrip("/")
        self._tokens = tokens
        self._governor = governor
        self.clock = clock
        self._counts = counts or ProcessCounts()
        self._way = way
        self._session = session or _session(connections)
        self._session.proxies, self._session.verify = way.proxies(api_url), way.verify
        self._session.headers["User-Agent"] = user_agent
        self._stopping = False
        self._heard = False

    def call(self, call: Call, before_send: Callable[[], None] = _nothing) -> Any:
        """The JSON that Zoom answers. Raises ZoomError; see `ports.ZoomWriter` for `before_send`."""
        token = self._token()
        renewed = False
        for attempt in range(1, TRIES + 1):
            self._wait_for_place(call, before_send)
            try:
                answer = self._send(call, token.value)
                values = {"operation": call.operation, "subject": call.subject}
                result = answers.outcome(answer, self.clock.now(), call.passcode, **values)
            except ZoomError as error:
                self._counts.call(call, type(error).__name__)
                if isinstance(error, RateLimited) and error.limit in OF_THE_LABEL:
                    self._governor.penalise(call.label, error, self.clock.now())
                if attempt == TRIES:
                    raise
                if _is_of_token(error) and not renewed:
                    token, renewed = self._token(refused=token), True
                elif not self._may_repeat(call, error):
                    raise
                elif not isinstance(error, RateLimited):  # that one waits for its place again
                    self._back_off(attempt)
            else:
                self._counts.call(call, "ok")
                return result
        raise AssertionError("the last try returns or raises")

    def cut_short(self) -> None:
        """For the end of a process: end the calls that are under way, whose outcome then is unknown, and begin none."""
        self._stopping = True
        for adapter in self._session.adapters.values():
            if isinstance(adapter, DeadlineAdapter):
                adapter.cut_all()

    def pages(self, call: Call) -> Iterator[Mapping[str, Any]]:
        """Page after page. Raises NoProperAnswer where Zoom repeats a page's token instead of going on."""
        seen: set[str] = set()
        page = call
        while True:
            answer = self.call(page)
            if not isinstance(answer, dict):
                raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what="page"))
            yield answer
            token = str(answer.get("next_page_token") or "")
            if not token:
                return
            if token in seen or len(seen) >= MAX_PAGES:
                raise NoProperAnswer(Phrase("Zoom repeats a page's token; the list cannot be read to its end"))
            seen.add(token)
            page = protocol.page_after(call, token)

    def ask_time(self, *, anew: bool = False) -> None:
        """Make sure that Zoom's clock is known: a new token's answer tells it, a shared one does not."""
        if anew:
            self._token(refused=self._token())
        elif not self._heard:
            token = self._token()
            if not self._tokens.heard:
                self._token(refused=token)

    def granted_scopes(self) -> frozenset[str] | None:
        """What the app may do by now; None where Zoom does not say. Raises Unauthorized, Unavailable."""
        return self._tokens.granted_scopes()

    def bearer(self) -> str:
        """A token for what lies beside the API, such as downloads. Raises ZoomError."""
        return self._token().value

    def _token(self, refused: Token | None = None) -> Token:
        """A token; asked for again a few times where Zoom cannot be reached, as any call is."""
        for attempt in range(1, TRIES):
            try:
                return self._tokens.token() if refused is None else self._tokens.renewed(refused)
            except Unavailable:
                self._back_off(attempt)
        return self._tokens.token() if refused is None else self._tokens.renewed(refused)

    def _wait_for_place(self, call: Call, before_send: Callable[[], None]) -> None:
        """Wait for a place in the row, and come to it in time.

        Calls that come late bunch with those that come in time, and then the limit is exceeded at even distances, too.
        """
        for _ in range(PLACES):
            if self._reach_place(call, before_send) <= LATE_SECONDS:
                return

    def _reach_place(self, call: Call, before_send: Callable[[], None]) -> float:
        """Wait for the next place, and call `before_send` just before it: done at the place, it would make us late.

        Answers how many seconds late we are.
        """
        moment = self.clock.now()
        wait = self._governor.reserve(call.label, moment)
        self._counts.wait(call.label, wait)
        lead = min(wait, LEAD_SECONDS) if before_send is not _nothing else 0.0
        if wait > lead:
            self.clock.sleep(wait - lead)
        begun = self.clock.now()
        before_send()
        rest = lead - (self.clock.now() - begun).total_seconds()
        if rest > 0:
            self.clock.sleep(min(rest, lead))
        return (self.clock.now() - moment).total_seconds() - wait

    def _send(self, call: Call, token: str) -> Answer:
        if self._stopping:
            raise Unavailable(Phrase("this process is stopping; nothing more is sent"))
        sent, sent_at = self.clock.now(), self.clock.monotonic()
        try:
            response = self._session.request(
                call.method,
                self._api_url + call.path,
                params=dict(call.query) or None,
                json=call.body,
                headers={"Authorization": f"Bearer {token}"},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.exceptions.ConnectTimeout as error:
            raise Unavailable(unreached(error, self._api_url, self._way)) from None
        except requests.exceptions.ConnectionError as error:
            if _never_sent(error):
                raise Unavailable(unreached(error, self._api_url, self._way)) from None
            raise NoProperAnswer(Phrase("the connection to Zoom was lost before its answer")) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            phrase = Phrase("Zoom's answer was lost or cut short ({error})", error=type(error).__name__)
            raise NoProperAnswer(phrase) from None
        headers = {name.casefold(): value for name, value in response.headers.items()}
        answer = Answer(response.status_code, headers, response.content)
        server = answers.date_of(answer)
        if server is not None:
            self._heard = True
            self.clock.heard(server, sent_at)
            if contradicts(server, sent, self.clock.now()):
                self.clock.told(server)
        return answer

    @staticmethod
    def _may_repeat(call: Call, error: ZoomError) -> bool:
        if isinstance(error, RateLimited):
            return error.limit in ("per-second", "concurrent")
        if isinstance(error, NoProperAnswer):
            return call.repeatable
        return isinstance(error, Unavailable)

    def _back_off(self, attempt: int) -> None:
        self.clock.sleep(0.5 * 2 ** (attempt - 1))


def _is_of_token(error: ZoomError) -> bool:
    """Whether another token may help."""
    refused = isinstance(error, Unauthorized) and not isinstance(error, MissingScope)
    return refused and (error.status == 401 or error.code == 124)


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        pool: dict[str, Any] = {"pool_connections": 2, "pool_maxsize": connections, "pool_block": True}
        session.mount(scheme, DeadlineAdapter(WHOLE_SECONDS, **pool))
    session.trust_env = False  # the proxy is a setting, and no .netrc may replace the token
    return session


def _never_sent(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the connection was never made, as urllib3 tells it.

    Of TLS errors only that of a certificate is one: it comes before anything was sent, others may come after.
    """
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(reason, urllib3.exceptions.SSLError):
        reason = reason.args[0] if reason.args else None
    exceptions = urllib3.exceptions
    return isinstance(reason, (exceptions.NewConnectionError, exceptions.ProxyError, ssl.SSLCertVerificationError))


class ZoomReader:
    """The `ZoomReader` port over HTTP."""

    def __init__(self, exchange: Exchange, meetings_at_once: int) -> None:
        """`meetings_at_once`: how many meetings the plan lets a licensed user hold at the same time."""
        self._exchange = exchange
        self._at_once = meetings_at_once

    def server_time(self, *, anew: bool = False) -> datetime:
        self._exchange.ask_time(anew=anew)
        return self._exchange.clock.now()

    def granted_scopes(self) -> frozenset[str] | None:
        """The scopes that the app has been granted; None where Zoom does not say. Raises ZoomError."""
        return self._exchange.granted_scopes()

    def users(self) -> Sequence[Host]:
        users: list[Host] = []
        for page in self._all_pages(protocol.list_users()):
            read, lost = parsing.each(parsing.entries(page, "users"), lambda row: parsing.host(row, self._at_once))
            users += read
            if lost:
                log.warning("users_unreadable", extra={"count": lost})
        return tuple(users)

    def licence(self, host_id: str) -> Licence:
        return parsing.licence(self._exchange.call(protocol.user_settings(host_id)))

    def passcode_policy(self, host_id: str) -> PasscodePolicy:
        return parsing.passcode_policy(self._exchange.call(protocol.user_settings(host_id, "meeting_security")))

    def meetings(self, host_id: str, kind: Kind = Kind.MEETING) -> Sequence[ObservedMeeting]:
        if kind is Kind.WEBINAR:
            found = self.webinars(host_id)
            return () if found is None else found.meetings
        return self.listed(host_id, kind).meetings

    def webinars(self, host_id: str) -> Listed | None:
        try:
            return self.listed(host_id, Kind.WEBINAR)
        except InvalidRequest as error:
            if error.code == NO_PLAN and "webinar plan" in error.message.casefold():
                return None
            raise

    def listed(self, host_id: str, kind: Kind = Kind.MEETING) -> Listed:
        def read(row: Mapping[str, Any]) -> ObservedMeeting:
            return parsing.observed_meeting(row, kind, host_id)

        try:
            rows = self._whole_list(protocol.list_meetings(host_id, kind), f"{kind}s")
        except ShortList as short:
            raise ShortList(str(short), tuple(parsing.each(short.given, read)[0])) from None
        meetings, unreadable = parsing.each(rows, read)
        return Listed(tuple(meetings), unreadable)

    def meeting(self, meeting_id: str, kind: Kind = Kind.MEETING) -> ObservedMeeting:
        answer = self._exchange.call(protocol.get_meeting(meeting_id, kind))
        found = parsing.observed_meeting(parsing.row(answer), kind)
        if found.meeting_id != meeting_id:
            raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what="id"))
        return found

    def instances(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Sequence[Instance]:
        call = protocol.past_instances(meeting_id, kind)
        try:
            answer = self._exchange.call(call)
        except (NotFound, Refused) as error:
            if means_gone(call.operation, error, meeting_id):
                raise Expired(Phrase("Zoom no longer has the meeting"), status=error.status, code=error.code) from None
            raise
        if not isinstance(answer, Mapping):
            raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what="object"))
        rows = rows_of(answer, f"{kind}s")
        return tuple(sorted((parsing.instance(row) for row in rows), key=lambda one: (one.start, one.uuid)))

    def participants(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        return self._report(protocol.report_participants(instance_uuid, kind), "participants")

    def past_participants(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        return self._report(protocol.past_participants(instance_uuid, kind), "participants")

    def questions(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        return self._report(protocol.report_questions(instance_uuid, kind), "questions")

    def polls(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        return self._report(protocol.report_polls(instance_uuid, kind), "questions")

    def surveys(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        return self._report(protocol.report_survey(instance_uuid, kind), "survey_answers")

    def poll_definitions(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Report:
        return self._report(definition_calls.list_polls(meeting_id, kind), "polls")

    def survey_definition(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Report:
        survey = self._exchange.call(definition_calls.get_survey(meeting_id, kind)).get("custom_survey")
        rows = parsing.rows(survey, "questions") if isinstance(survey, dict) else ()
        return Report(tuple(rows), None)

    def registrants(self, meeting_id: str, kind: Kind = Kind.MEETING, status: str = "approved") -> Report:
        return self._report(protocol.list_registrants(meeting_id, kind, status), "registrants")

    def count_registrants(self, meeting_id: str, kind: Kind, status: str) -> int:
        page = self._exchange.call(protocol.count_registrants(meeting_id, kind, status))
        total = parsing.total(page)
        if total is not None:
            return total
        return len(self.registrants(meeting_id, kind, status).rows)

    def absentees(self, instance_uuid: str) -> Report:
        return self._report(protocol.list_absentees(instance_uuid), "registrants")

    def panelists(self, meeting_id: str) -> Report:
        return self._report(protocol.list_panelists(meeting_id), "panelists")

    def _whole_list(self, call: Call, name: str) -> list[Any]:
        """The rows of a host's list to its end. Raises ShortList where it is short: what it lacks proves nothing then.

        "Use the next page token"; the number is deprecated and only tried where there is no token and more was told:
        https://developers.zoom.us/docs/api/webinars/#tag/webinars/GET/users/{userId}/webinars
        """
        for _ in range(2):  # what is deleted between two pages makes a list short once
            pages = self._all_pages(call)
            rows = [row for page in pages for row in parsing.entries(page, name)]
            total, count = parsing.count(pages[-1], "total_records", 0), parsing.count(pages[-1], "page_count", 0)
            number = len(pages)
            while (len(rows) < total or number < count) and number < MAX_PAGES:
                number += 1
                page = self._exchange.call(protocol.numbered_page(call, number))
                more = [row for row in parsing.entries(page, name) if row not in rows]
                if not more:
                    break
                rows += more
            if len(rows) >= total:
                return rows
        short = Phrase("Zoom's list is short: it announces {count} and has {some}", count=total, some=len(rows))
        raise ShortList(short, tuple(rows))

    def _report(self, call: Call, name: str) -> Report:
        return read_report(self._exchange.pages, call, name)

    def _all_pages(self, call: Call) -> list[Mapping[str, Any]]:
        """All pages before anything is done with them: a page's token lives 15 minutes. Begun anew once if it ended.

        https://developers.zoom.us/docs/api/pagination/
        """
        try:
            return list(self._exchange.pages(call))
        except ZoomError as error:
            if error.code != 300 or "page token" not in error.message.casefold():
                raise
            return list(self._exchange.pages(call))


class ZoomWriter:
    """The `ZoomWriter` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def create(
        self,
        host_id: str,
        kind: Kind,
        fields: MeetingFields,
        passcode: Passcode,
        before_send: Callable[[], None],
        left_out: Collection[str] = (),
    ) -> ObservedMeeting:
        call = protocol.create_meeting(host_id, kind, fields, passcode, left_out)
        return parsing.observed_meeting(parsing.row(self._exchange.call(call, before_send)), kind, host_id)

    def update(
        self,
        meeting_id: str,
        kind: Kind,
        values: Mapping[str, Any],
        passcode: Passcode | None,
        before_send: Callable[[], None],
    ) -> None:
        self._exchange.call(protocol.update_meeting(meeting_id, kind, values, passcode), before_send)

    def delete(self, meeting_id: str, kind: Kind) -> None:
        try:
            self._exchange.call(protocol.delete_meeting(meeting_id, kind))
        except NotFound:
            return  # gone already, by us before a crash or by hand

    def add_panelists(self, meeting_id: str, people: Sequence[Panelist]) -> None:
        rows = [{"email": person.email, "name": person.name} for person in people]
        self._exchange.call(protocol.add_panelists(meeting_id, rows))

    def remove_panelist(self, meeting_id: str, panelist_id: str) -> None:
        self._exchange.call(protocol.remove_panelist(meeting_id, panelist_id))

"""Single looks at Zoom, side by side: a host's list, a meeting by its id. What one of them meets stays with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from typing import TypeVar

from zoom_sync.domain.meeting import Link, Listed, ObservedMeeting
from zoom_sync.domain.panelists import listed
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import (
    InvalidRequest,
    MissingScope,
    NoProperAnswer,
    NotFound,
    OtherKind,
    RateLimited,
    Refused,
    ShortList,
    Unauthorized,
    Unavailable,
    ZoomError,
)
from zoom_sync.service_layer.ports.zoom import ZoomReader
from zoom_sync.service_layer.whole_calendars import webinars_of

T = TypeVar("T")
R = TypeVar("R")

# What is the account's or everybody's: the credentials, a limit of the whole account.
OF_ALL = (Unauthorized, RateLimited)
SERVERS_FAULT = 500


def in_parallel(work: Callable[[T], R], over: Sequence[T], threads: int) -> list[R]:
    """`work` over each, in order; the first error is raised once all have ended. What is logged bears our ids."""
    if threads <= 1 or len(over) <= 1:
        return [work(t) for t in over]
    pool = ThreadPoolExecutor(min(threads, len(over)))
    try:
        return list(pool.map(lambda context, value: context.run(work, value), [copy_context() for _ in over], over))
    finally:
        pool.shutdown(cancel_futures=True)  # after an error or Ctrl-C: finish what has begun, begin nothing more


@dataclass(frozen=True, slots=True)
class Lookup:
    """A meeting to be read by its id; `link` is ours to it, None where only the programme names it."""

    meeting_id: str
    kind: Kind
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What the lists of hosts show.

    `unread` maps hosts of whom a list could not be read to why; `gone` are those of them who are no users any more,
    `refused` those of whom Zoom refuses it. `short` are those whose list lacks rows that it tells of, and `unsure` they
    and those in whose lists a row could not be read: what these lists lack may be there. `no_webinars` have no licence
    for webinars, `calls` counts the lists by Zoom's name, and `unseen` is why no webinars could be looked at.
    """

    meetings: tuple[ObservedMeeting, ...]
    unread: dict[str, str]
    gone: frozenset[str]
    refused: frozenset[str]
    unsure: frozenset[str]
    short: frozenset[str] = frozenset()
    no_webinars: frozenset[str] = frozenset()
    calls: Mapping[str, int] = field(default_factory=dict)
    unseen: str = ""


def list_hosts(
    reader: ZoomReader,
    lists: Sequence[tuple[str, Kind]],
    threads: int,
    *,
    webinars_needed: bool = True,
    all_or_none: bool = True,
) -> Listing:
    """The meetings of these lists, each of a host and a kind.

    Where webinars are not needed, an app that may not ask for them is no error. Without `all_or_none`, nothing is.

    Raises:
        ZoomError: no list of a kind could be read, and that is the account's (credentials, scopes, limits), or none at
            all could be, because Zoom does not answer.
    """
    read = in_parallel(lambda one: _list(reader, *one, webinars_needed=webinars_needed), lists, threads)
    answers = dict(zip(lists, read, strict=True))
    errors = {one: answer for one, answer in answers.items() if isinstance(answer, ZoomError)}
    if all_or_none:
        _raise_common(answers, errors)
    shown = {one: answer for one, answer in answers.items() if isinstance(answer, Listed)}
    given = [meeting for error in errors.values() if isinstance(error, ShortList) for meeting in error.given]
    gone = _hosts(errors, lambda error: isinstance(error, NotFound))
    short = _hosts(errors, lambda error: isinstance(error, ShortList))
    return Listing(
        (*given, *(meeting for answer in shown.values() for meeting in answer.meetings)),
        {host: str(error) for (host, _), error in errors.items()},
        gone,
        _hosts(errors, lambda error: not error.retryable) - gone,
        _hosts(shown, lambda answer: bool(answer.unreadable)) | short,
        short,
        _hosts(answers, lambda answer: answer is None),
        Counter(f"{kind}s" for _, kind in lists),
        next((answer for answer in answers.values() if isinstance(answer, str)), ""),
    )


def _hosts(answers: Mapping[tuple[str, Kind], T], holds: Callable[[T], bool]) -> frozenset[str]:
    return frozenset(host for (host, _), answer in answers.items() if holds(answer))


def _raise_common(answers: Mapping[tuple[str, Kind], object], errors: Mapping[tuple[str, Kind], ZoomError]) -> None:
    """Raise the error that is everybody's, where there is one."""
    for kind in Kind:
        of_kind = [answer for (_, listed_kind), answer in answers.items() if listed_kind is kind]
        common = next((answer for answer in of_kind if isinstance(answer, OF_ALL)), None)
        if common is not None and all(isinstance(answer, ZoomError) for answer in of_kind):
            raise common
    if errors and len(errors) == len(answers) and all(_is_silence(error) for error in errors.values()):
        raise next(iter(errors.values()))


def _is_silence(error: ZoomError) -> bool:
    """Whether Zoom as a whole does not answer: it cannot be reached, or is out of order."""
    if isinstance(error, ShortList):
        return False
    if isinstance(error, NoProperAnswer):
        return error.status is None or error.status >= SERVERS_FAULT
    return isinstance(error, Unavailable)


def _list(reader: ZoomReader, host_id: str, kind: Kind, *, webinars_needed: bool) -> Listed | ZoomError | str | None:
    try:
        if kind is Kind.WEBINAR:
            return webinars_of(reader, host_id, needed=webinars_needed)
        return reader.listed(host_id, kind)
    except ZoomError as error:
        return error  # of this host nothing is concluded; the others can be planned


def look_up(reader: ZoomReader, lookup: Lookup, *, deep: bool = False) -> ObservedMeeting | ZoomError:
    """A meeting by its id, with a webinar's panelists if `deep`; the error where that is its own.

    Raises:
        ZoomError: it is the account's.
    """
    try:
        meeting = read_either(reader, lookup.meeting_id, lookup.kind)
    except OF_ALL:
        raise
    except ZoomError as error:
        return error
    return replace(meeting, panelists=_panelists(reader, lookup.link)) if deep and lookup.link is not None else meeting


def read_either(reader: ZoomReader, meeting_id: str, kind: Kind) -> ObservedMeeting:
    """A meeting, or the webinar that it was converted to on Zoom; and the other way about.

    Of a webinar's id, Zoom says that there is no such meeting's webinar in more than one way, so the other side is
    looked at, too, before it is believed to be gone. Raises ZoomError.
    """
    try:
        return reader.meeting(meeting_id, kind)
    except OtherKind as error:
        first: ZoomError = error
    except NotFound as error:
        if kind is Kind.MEETING:
            raise
        first = error
    try:
        return reader.meeting(meeting_id, Kind.MEETING if kind is Kind.WEBINAR else Kind.WEBINAR)
    except (NotFound, OtherKind):
        raise first from None
    except (MissingScope, InvalidRequest, Refused, NoProperAnswer) as error:
        # The app may not look at the other kind, which the event need not have otherwise, or the host has no licence.
        if isinstance(first, OtherKind):
            raise first from None
        raise Refused(error.message, status=error.status, code=error.code) from None


def _panelists(reader: ZoomReader, link: Link) -> frozenset[str] | None:
    """Who is on a webinar's list, where we know of somebody on it. None: of this list nothing is concluded."""
    if not link.panelists:
        return None
    try:
        return frozenset(listed(reader.panelists(link.meeting_id).rows))
    except OF_ALL:
        raise
    except ZoomError:
        return None

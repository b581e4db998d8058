"""Single looks at Zoom, side by side: a host's list, a meeting by its id. What one of them meets stays with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
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
    Unauthorized,
    Unavailable,
    ZoomError,
)
from zoom_sync.service_layer.ports.zoom import ZoomReader

T = TypeVar("T")
R = TypeVar("R")

# What is the account's or everybody's: the credentials, a limit of the whole account.
OF_ALL = (Unauthorized, RateLimited)
SERVERS_FAULT = 500


def in_parallel(work: Callable[[T], R], over: Sequence[T], threads: int) -> list[R]:
    """`work` over each, in order; the first error is raised once all have ended. What is logged bears our ids."""
    if threads <= 1 or len(over) <= 1:
        return [work(one) for one in over]
    pool = ThreadPoolExecutor(min(threads, len(over)))
    try:
        return list(pool.map(lambda context, one: context.run(work, one), [copy_context() for _ in over], over))
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
    `refused` those of whom Zoom refuses it. `unsure` are those in whose lists a row could not be read.
    """

    meetings: tuple[ObservedMeeting, ...]
    unread: dict[str, str]
    gone: frozenset[str]
    refused: frozenset[str]
    unsure: frozenset[str]


def list_hosts(reader: ZoomReader, lists: Sequence[tuple[str, Kind]], threads: int) -> Listing:
    """The meetings of these lists, each of a host and a kind.

    Raises:
        ZoomError: no list of a kind could be read, and that is the account's (credentials, scopes, limits), or none at
            all could be, because Zoom does not answer.
    """
    answers = dict(zip(lists, in_parallel(lambda one: _list(reader, *one), lists, threads), strict=True))
    errors = {one: answer for one, answer in answers.items() if isinstance(answer, ZoomError)}
    for kind in Kind:
        of_kind = [answer for (_, listed_kind), answer in answers.items() if listed_kind is kind]
        common = next((answer for answer in of_kind if isinstance(answer, OF_ALL)), None)
        if common is not None and all(isinstance(answer, ZoomError) for answer in of_kind):
            raise common
    if errors and len(errors) == len(lists) and all(_is_silence(error) for error in errors.values()):
        raise next(iter(errors.values()))
    shown = {one: answer for one, answer in answers.items() if isinstance(answer, Listed)}
    gone = frozenset(host for (host, _), error in errors.items() if isinstance(error, NotFound))
    lasting = frozenset(host for (host, _), error in errors.items() if not error.retryable)
    return Listing(
        tuple(meeting for answer in shown.values() for meeting in answer.meetings),
        {host: str(error) for (host, _), error in errors.items()},
        gone,
        lasting - gone,
        frozenset(host for (host, _), answer in shown.items() if answer.unreadable),
    )


def _is_silence(error: ZoomError) -> bool:
    """Whether Zoom as a whole does not answer: it cannot be reached, or is out of order."""
    if isinstance(error, NoProperAnswer):
        return error.status is None or error.status >= SERVERS_FAULT
    return isinstance(error, Unavailable)


def _list(reader: ZoomReader, host_id: str, kind: Kind) -> Listed | ZoomError:
    try:
        return reader.listed(host_id, kind)
    except ZoomError as error:
        return error  # of this host nothing is concluded; the others can be planned


def look_up(reader: ZoomReader, one: Lookup, *, deep: bool = False) -> ObservedMeeting | ZoomError:
    """A meeting by its id, with a webinar's panelists if `deep`; the error where that is its own.

    Raises:
        ZoomError: it is the account's.
    """
    try:
        meeting = read_either(reader, one.meeting_id, one.kind)
    except OF_ALL:
        raise
    except ZoomError as error:
        return error
    return replace(meeting, panelists=_panelists(reader, one.link)) if deep and one.link is not None else meeting


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

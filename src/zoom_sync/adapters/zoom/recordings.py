"""Recordings in Zoom's cloud: their files, and reading one by its address with bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from zoom_sync.adapters.zoom import parsing, protocol
from zoom_sync.adapters.zoom.client import TIMEOUT_SECONDS, Exchange
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.recordings import RecordingFile
from zoom_sync.errors import NoProperAnswer, NotFound, Refused, Unauthorized, Unavailable
from zoom_sync.network import DIRECT, Way, unreached

PIECE_BYTES = 1 << 20
# Where the account's token may be sent: Zoom's own domains. The examples of `download_url` in its description are at
# zoom.us.
ZOOMS = ("zoom.us", "zoom.com", "zoomgov.com")
_SPAN = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class ZoomRecordings:
    """The `Recordings` port over HTTP."""

    def __init__(
        self, exchange: Exchange, api_url: str, *, user_agent: str, way: Way = DIRECT,
        session: requests.Session | None = None,
    ) -> None:  # fmt: skip
        """`api_url` is what the exchange talks to; a recording at the same place may be sent the token, too."""
        self._exchange = exchange
        self._api = urlsplit(api_url)
        self._way = way
        self._session = session or requests.Session()
        self._session.trust_env, self._session.verify = False, way.verify
        self._session.headers["User-Agent"] = user_agent

    def files(self, instance_uuid: str) -> Sequence[RecordingFile]:
        try:
            answer = parsing.row(self._exchange.call(protocol.list_recordings(instance_uuid)))
        except NotFound:
            return ()
        ready = [row for row in parsing.rows(answer, "recording_files") if row.get("status") == "completed"]
        return tuple(_file(row) for row in ready)

    @contextmanager
    def read(self, file: RecordingFile, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """See the port. Redirects are followed; `requests` gives the token to no other host then."""
        self._check(file.address)
        headers = {"Authorization": f"Bearer {self._exchange.bearer()}", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            response = self._session.get(
                file.address,
                headers=headers,
                proxies=self._way.proxies(file.address),
                stream=True,
                timeout=TIMEOUT_SECONDS,
            )
        except requests.exceptions.RequestException as error:
            raise Unavailable(unreached(error, file.address, self._way)) from None
        with closing(response):
            yield _begins(response, start, file.size), _pieces(response)

    def _check(self, address: str) -> None:
        """Raises Refused where the address is not Zoom's: the token opens the whole account."""
        target = urlsplit(address)
        host = (target.hostname or "").casefold()
        same = (target.scheme, target.netloc) == (self._api.scheme, self._api.netloc)
        zooms = target.scheme == "https" and any(host == name or host.endswith(f".{name}") for name in ZOOMS)
        if not (same or zooms):
            raise Refused(Phrase("a recording lies at {host}, which is not Zoom's; it is not fetched", host=host))


def _file(row: Mapping[str, Any]) -> RecordingFile:
    """Raises NoProperAnswer for a row without an id, an address or a size: it could not be checked."""
    size = parsing.row_count(row.get("file_size"))
    texts = [str(row.get(name) or "") for name in ("id", "recording_type", "file_extension", "download_url")]
    file_id, kind, extension, address = texts
    if not file_id or not address or not size:
        raise NoProperAnswer(Phrase("Zoom's answer lacks what was expected ({what})", what="recording"))
    try:
        start = parsing.instant(row.get("recording_start"))
    except ValueError:
        start = None
    return RecordingFile(file_id, kind, extension, size, start, address)


def _begins(response: requests.Response, start: int, size: int) -> int:
    """The byte that an answer begins at. Raises ZoomError where it is none of this file."""
    status = response.status_code
    if status == 200:
        return 0
    if status == 206:
        span = _SPAN.fullmatch(response.headers.get("Content-Range", ""))
        if span and int(span[1]) == start and span[2] in ("*", str(size)):
            return start
        raise NoProperAnswer(Phrase("the download does not go on where it broke off"), status=status)
    if status in (401, 403):
        raise Unauthorized(Phrase("Zoom does not give the recording to this app"), status=status)
    if status == 404:
        raise NotFound(Phrase("the recording is not on Zoom any more"), status=status)
    raise NoProperAnswer(Phrase("Zoom answered HTTP {status}", status=status), status=status)


def _pieces(response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_content(PIECE_BYTES)
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError):
        raise Unavailable(Phrase("the download broke off")) from None

"""Sources that events follow, joined: the place behind what was said of it, and what the schedule is given."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from zoom_sync.adapters.sources.origins import NotRead, Opened, SourceSpec, WrittenBack, open_source
from zoom_sync.adapters.sources.origins.opening import File
from zoom_sync.adapters.sources.reading import Reading
from zoom_sync.adapters.writeback import write_back
from zoom_sync.bootstrap import Parts, ways_to_sources
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.filing import FiledMeeting
from zoom_sync.domain.following import Binding
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.returning import Earlier, Returned
from zoom_sync.entrypoints.fitting import fitted
from zoom_sync.service_layer.following import Following
from zoom_sync.service_layer.returning import returned_of
from zoom_sync.service_layer.status import status_of

# A file that was changed within so many seconds may not be whole yet.
SETTLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """The `Place` of a source. `fit` adds what the configuration has to say of a programme."""

    opened: Opened
    fit: Callable[[Reading], Reading] = lambda reading: reading

    def state(self) -> str | None:
        path = self._path()
        if path is None:
            return None
        try:
            told = path.stat()
        except OSError as error:
            raise NotRead(f"{self.opened.name} cannot be read: {error.strerror or error}") from None
        return f"{told.st_mtime_ns}:{told.st_size}:{self.digest(b'')[:16]}"

    def is_being_written(self) -> bool:
        path = self._path()
        return path is not None and 0 <= time.time() - path.stat().st_mtime < SETTLE_SECONDS

    def fetch(self) -> bytes:
        return self.opened.origin.fetch()

    def digest(self, data: bytes) -> str:
        """A mapping that was changed counts as well as the source."""
        return hashlib.sha256(repr(self.opened.mapping).encode() + data).hexdigest()

    def read(self, data: bytes) -> Reading:
        return self.fit(self.opened.read(data))

    def write_back(
        self, programme: Programme, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]
    ) -> WrittenBack:
        if self.opened.target is not None:
            return self.opened.target.write_back(wanted, earlier)
        path = self._path()
        if path is None:
            raise NotRead(f"{self.opened.name} takes nothing back: {CANNOT}")
        meetings = {key: _filed(returned, earlier.get(key, Earlier())) for key, returned in wanted.items()}
        written = write_back(path, programme, meetings, in_place=True)
        missing = list(written.missing)
        kept = [(where, why) for where, why in written.kept]
        return WrittenBack(changed=[key for key in wanted if key not in missing], missing=missing, kept=kept)

    def _path(self) -> Path | None:
        origin = self.opened.origin
        return Path(origin.path) if isinstance(origin, File) else None


_OF_MEETING = ("meeting_id", "join_url", "passcode", "host")
CANNOT = "an address can only be read; name a file, or a mapping with `write_back` or `answers`"


def takes_back(opened: Opened) -> bool:
    """Whether anything can be written back into a source."""
    return opened.target is not None or isinstance(opened.origin, File)


def place_of(parts: Parts, values: Mapping[str, Any]) -> SourcePlace:
    """The place behind what was said of it, whose programme is held against profiles and hosts. Raises UserError."""
    opened = open_source(SourceSpec.of_json(values), ways_to_sources(parts.settings))
    users = parts.links.hosts(datetime.min.replace(tzinfo=UTC)) or ()
    return SourcePlace(opened, lambda reading: fitted(reading, opened.name, parts.settings, users))


def following_of(parts: Parts) -> Following:
    """What following needs."""
    told = parts.settings
    far, day, hours = (
        timedelta(minutes=min(told.follow_minutes, minutes))
        for minutes in (told.follow_minutes, told.follow_day_minutes, told.follow_hours_minutes)
    )
    return Following(
        parts.bindings,
        parts.programmes,
        parts.schedule,
        lambda spec: place_of(parts, spec),
        lambda event: returned_of(status_of(parts.programmes, parts.links, parts.reports, event)),
        Rhythm(far, day, hours),
        parts.retention_time,
        _configured(parts),
    )


def _configured(parts: Parts) -> Binding | None:
    """What the settings say is followed."""
    if not parts.settings.source:
        return None
    spec = SourceSpec(parts.settings.source).anywhere()
    return binding_of(spec, write_back=parts.settings.write_back, configured=True)


def binding_of(
    spec: SourceSpec, event: str | None = None, *, write_back: bool, every: float | None = None,
    configured: bool = False,
) -> Binding:  # fmt: skip
    """A source that was named, as it is kept. An address is shown without what may be secret in it."""
    from zoom_sync.adapters.sources.fetching import is_url, source_name  # noqa: PLC0415

    shown = source_name(spec.source) if is_url(spec.source) else spec.source
    pause = None if every is None else timedelta(minutes=every)
    return Binding(0, shown, spec.as_json(), event, write_back, pause, configured)


def _filed(returned: Returned, earlier: Earlier) -> FiledMeeting:
    over = tuple(_meeting(values) for values in earlier.ours)
    return replace(_meeting(returned.values()), over=over)


def _meeting(values: Mapping[str, Any]) -> FiledMeeting:
    meeting_id, join_url, passcode, host = (str(values.get(name) or "") for name in _OF_MEETING)
    return FiledMeeting(meeting_id, join_url, passcode, host)

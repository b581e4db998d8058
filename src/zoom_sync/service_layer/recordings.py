"""Fetching recordings: which sessions have some, and getting each file whole and once, however often it breaks off.

There is nothing to remember beside the folder: a file has its name only when all of it is there, so whoever dies at
any moment leaves a whole file, or a part that the next one goes on with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoom_sync.domain.instances import Held
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.recordings import RecordingFile, file_name
from zoom_sync.errors import NoProperAnswer, Unavailable
from zoom_sync.service_layer.ports.recordings import Folder, Part, Recordings
from zoom_sync.service_layer.ports.zoom import Clock

# How often in a row a download may break off without having brought anything.
TRIES = 4


@dataclass(frozen=True, slots=True)
class Recorded:
    """One file of one session."""

    session: str
    instance_uuid: str
    file: RecordingFile

    @property
    def name(self) -> str:
        return file_name(self.session, self.file)


def unrecorded(programme: Programme) -> frozenset[str]:
    """The sessions that the programme says must not be recorded."""
    return frozenset(session.key for session in programme.sessions if session.record is False)


def recorded(zoom: Recordings, held: Sequence[Held], left_out: frozenset[str]) -> Iterator[Recorded]:
    """What is ready on Zoom of the sessions' own instances. What is of a session in `left_out` is not asked for.

    Raises ZoomError.
    """
    for instance in held:
        if instance.counts and instance.key not in left_out:
            for file in zoom.files(instance.uuid):
                yield Recorded(instance.key, instance.uuid, file)


def fetch(zoom: Recordings, folder: Folder, clock: Clock, recording: Recorded) -> bool:
    """Have the file in the folder, whole; False where it was there already.

    Goes on where a download broke off, this time or an earlier one. Raises UserError, ZoomError.
    """
    file, name = recording.file, recording.name
    if folder.has(name, file.size):
        return False
    with folder.part(name, file.size) as part:
        in_vain = 0
        while part.size < file.size:
            before = part.size
            try:
                _go_on(zoom, file, part)
            except (NoProperAnswer, Unavailable):
                in_vain = 0 if part.size > before else in_vain + 1
                if in_vain == TRIES:
                    raise
                clock.sleep(2.0**in_vain)
        part.finish()
    return True


def _go_on(zoom: Recordings, file: RecordingFile, part: Part) -> None:
    before = part.size
    with zoom.read(file, before) as (start, pieces):
        part.add(start, pieces)
    if part.size <= before:
        raise NoProperAnswer(Phrase("the download broke off"))

"""Recordings on their way into a folder: late, broken off, killed at every boundary, and never half-kept for whole."""

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.wire import wired
from zoom_sync.adapters.exports.recording_folder import RecordingFolder
from zoom_sync.adapters.zoom.recordings import ZoomRecordings
from zoom_sync.domain.instances import Held, Place
from zoom_sync.domain.recordings import RecordingFile, file_name
from zoom_sync.errors import MissingScope, Refused, Unavailable, UserError
from zoom_sync.service_layer.recordings import Recorded, fetch, recorded

SIZE = 3_000_000
PIECE = 500_000


class Killed(BaseException):
    """The process ends here."""


class Breaking:
    """Recordings whose downloads come in small pieces and end with `error` after `pieces` of them, `times` times."""

    def __init__(self, recordings, error=None, pieces=0, times=1):
        self.recordings, self.error, self.pieces, self.times = recordings, error, pieces, times
        self.starts = []

    @contextmanager
    def read(self, file, start):
        with self.recordings.read(file, start) as (begin, whole):
            self.starts.append(begin)
            yield begin, self._some(b"".join(whole))

    def _some(self, content):
        for number, at in enumerate(range(0, len(content), PIECE)):
            if self.times and self.error is not None and number == self.pieces:
                self.times -= 1
                raise self.error
            yield content[at : at + PIECE]


@pytest.fixture
def zoom():
    """An account in which a meeting of an hour was recorded, at the moment of its end."""
    client = wired()
    client.control("POST", "reset", {"limits": False})
    host = client.reader.users()[0].id
    made = client.control("POST", "meetings", {"host": host, "topic": "T", "start_time": "2023-11-06T12:00:00Z"})
    client.meeting_id = made["id"]
    evening = {"audience": 5, "minutes": 60, "recording": SIZE}
    client.uuid = client.control("POST", f"meetings/{made['id']}/run", evening)["uuid"]
    client.recordings = ZoomRecordings(
        client.exchange, "http://simulator", user_agent="t", session=client.exchange._session
    )
    return client


@pytest.fixture
def video(zoom):
    zoom.clock.advance(3600)
    return Recorded("s1", zoom.uuid, zoom.recordings.files(zoom.uuid)[0])


@pytest.fixture
def content(zoom, video):
    with zoom.recordings.read(video.file, 0) as (_, pieces):
        return b"".join(pieces)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def whole_files(folder):
    return [path for path in folder.iterdir() if not path.name.startswith(".")]


def test_files_appear_late_and_the_transcript_last(zoom):
    held = [Held("s1", zoom.uuid, None, None, Place.OWN)]
    kinds = []
    for _ in range(3):
        kinds.append([entry.file.extension for entry in recorded(zoom.recordings, held, frozenset())])
        zoom.clock.advance(3600)
    assert kinds == [[], ["MP4", "M4A"], ["MP4", "M4A", "VTT"]]


@pytest.mark.parametrize(("place", "left_out"), [(Place.REHEARSAL, frozenset()), (Place.OWN, frozenset({"s1"}))])
def test_rehearsals_and_sessions_that_must_not_be_recorded_are_not_asked_for(zoom, place, left_out):
    zoom.clock.advance(9000)
    calls = len(zoom.wire.sent)
    assert not list(recorded(zoom.recordings, [Held("s1", zoom.uuid, None, None, place)], left_out))
    assert len(zoom.wire.sent) == calls


def test_a_download_that_breaks_off_is_gone_on_with_where_it_stopped(zoom, video, content, tmp_path):
    breaking = Breaking(zoom.recordings, Unavailable("broken"), pieces=2, times=2)
    folder = RecordingFolder(tmp_path, 0)
    assert fetch(breaking, folder, zoom.clock, video)
    assert breaking.starts == [0, 2 * PIECE, 4 * PIECE]
    (kept,) = tmp_path.iterdir()
    assert digest(kept.read_bytes()) == digest(content)
    assert not fetch(breaking, folder, zoom.clock, video)
    assert len(breaking.starts) == 3


def test_one_that_brings_nothing_is_given_up_and_its_part_is_kept(zoom, video, tmp_path):
    once = Breaking(zoom.recordings, Killed(), pieces=1)
    with pytest.raises(Killed):
        fetch(once, RecordingFolder(tmp_path, 0), zoom.clock, video)
    with pytest.raises(Unavailable):
        fetch(Breaking(zoom.recordings, Unavailable("x"), times=99), RecordingFolder(tmp_path, 0), zoom.clock, video)
    assert not whole_files(tmp_path)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [PIECE]


BOUNDARIES = [*range(SIZE // PIECE), "before fsync", "before its name", "after its name"]


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=str)
def test_whoever_dies_at_any_boundary_leaves_nothing_half_kept_taken_for_whole(
    zoom, video, content, tmp_path, monkeypatch, boundary
):
    zoomed = Breaking(zoom.recordings, Killed() if isinstance(boundary, int) else None, pieces=boundary)

    def die(*_):
        raise Killed

    with monkeypatch.context() as patched:
        if boundary == "before fsync":
            patched.setattr(os, "fsync", die)
        if boundary == "before its name":
            patched.setattr(Path, "replace", die)
        if boundary == "after its name":
            real = Path.replace
            patched.setattr(Path, "replace", lambda path, target: (real(path, target), die()))
        with pytest.raises(Killed):
            fetch(zoomed, RecordingFolder(tmp_path, 0), zoom.clock, video)
    assert all(digest(path.read_bytes()) == digest(content) for path in whole_files(tmp_path))

    again = Breaking(zoom.recordings)
    assert fetch(again, RecordingFolder(tmp_path, 0), zoom.clock, video) is (boundary != "after its name")
    assert again.starts == ([boundary * PIECE] if isinstance(boundary, int) else [])
    assert [path.name for path in tmp_path.iterdir()] == [video.name]
    assert digest((tmp_path / video.name).read_bytes()) == digest(content)


def test_two_at_once_do_not_write_into_one_file(video, tmp_path):
    folder = RecordingFolder(tmp_path, 0)
    second = folder.part(video.name, SIZE)
    with folder.part(video.name, SIZE), pytest.raises(UserError, match="by another process"):
        second.__enter__()


def test_what_does_not_fit_is_not_begun_and_another_file_of_the_name_is_left_alone(zoom, video, tmp_path):
    with pytest.raises(UserError, match="are needed"):
        fetch(zoom.recordings, RecordingFolder(tmp_path, 1 << 60), zoom.clock, video)
    (tmp_path / video.name).write_bytes(b"edited")
    with pytest.raises(UserError, match="move it away"):
        fetch(zoom.recordings, RecordingFolder(tmp_path, 0), zoom.clock, video)
    assert (tmp_path / video.name).read_bytes() == b"edited"


def test_the_token_goes_to_zoom_only(zoom, video):
    for address in ("https://zoom.us.example.org/rec/1", "https://evilzoom.us/rec/1", "http://zoom.us/rec/1"):
        file = RecordingFile("1", "k", "MP4", 5, None, address)
        calls = len(zoom.wire.sent)
        with pytest.raises(Refused, match="not Zoom's"), zoom.recordings.read(file, 0):
            pass
        assert len(zoom.wire.sent) == calls
        assert address not in repr(file)


def test_an_app_without_the_scope_is_told_which_it_lacks(zoom):
    zoom.control("POST", "reset", {"limits": False, "scopes": ["user:read:list_users:admin"]})
    with pytest.raises(MissingScope, match="cloud_recording:read:list_recording_files"):
        zoom.recordings.files("a")


def test_a_file_name_stays_in_its_folder_and_differs_for_each_file(video):
    files = [RecordingFile(f"../{number}", "a/b", "MP4", 1, video.file.start, "x") for number in range(2)]
    names = {file_name("../x", file) for file in files}
    assert len(names) == 2
    assert all("/" not in name and not name.startswith(".") for name in names)

"""The file itself: a copy or in place with a backup, whole or not at all, and never over somebody's edit."""

import os
import stat
from pathlib import Path

import pytest
from filed_samples import MEETINGS, PROGRAMME

from zoom_sync.adapters.writeback import write_back, writing
from zoom_sync.errors import UserError

TABLE = b"key,title\none,Opening\n"


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "programme.csv"
    file.write_bytes(TABLE)
    file.chmod(0o640)
    return file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_copy_is_made_beside_it_and_the_file_stays(file):
    written = write_back(file, PROGRAMME, MEETINGS)
    assert written.path == file.with_name("programme.meetings.csv")
    assert b"82318937943" in written.path.read_bytes()
    assert (file.read_bytes(), mode(written.path)) == (TABLE, 0o640)
    assert written.missing == ("two", "three")
    assert names(file.parent) == ["programme.csv", "programme.meetings.csv"]


def test_in_place_keeps_what_it_was_as_a_backup(file):
    written = write_back(file, PROGRAMME, MEETINGS, in_place=True)
    assert b"82318937943" in file.read_bytes()
    assert written.backup.read_bytes() == TABLE
    assert (mode(file), mode(written.backup)) == (0o640, 0o640)
    assert names(file.parent) == ["programme.csv", "programme.csv.bak"]


def test_a_second_time_nothing_is_touched_and_the_backup_stays(file):
    write_back(file, PROGRAMME, MEETINGS, in_place=True)
    before = file.stat()
    written = write_back(file, PROGRAMME, MEETINGS, in_place=True)
    assert (written.changed, written.backup) == (False, None)
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.with_name("programme.csv.bak").read_bytes() == TABLE


def test_a_link_stays_one(file, tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    write_back(link, PROGRAMME, MEETINGS, in_place=True)
    assert link.is_symlink()
    assert b"82318937943" in file.read_bytes()


@pytest.mark.parametrize("in_place", [True, False])
def test_an_edit_that_comes_between_is_not_written_over(file, monkeypatch, in_place):
    real = writing._fill

    def slow(*arguments):
        file.write_bytes(b"key,title\none,Edited\n")
        return real(*arguments)

    monkeypatch.setattr(writing, "_fill", slow)
    with pytest.raises(UserError, match="meanwhile"):
        write_back(file, PROGRAMME, MEETINGS, in_place=in_place)
    assert file.read_bytes() == b"key,title\none,Edited\n"
    assert names(file.parent) == ["programme.csv"]


def test_an_edit_at_the_last_moment_is_not_written_over(file, monkeypatch):
    real = os.fsync
    calls = []

    def fsync(handle):
        calls.append(handle)
        if len(calls) == 3:  # the backup and its folder are through; the file itself is about to be
            file.write_bytes(b"edited")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UserError, match="left as it is"):
        write_back(file, PROGRAMME, MEETINGS, in_place=True)
    assert file.read_bytes() == b"edited"


def test_a_full_disk_leaves_the_file_as_it_was(file, monkeypatch):
    def fsync(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UserError, match="No space left"):
        write_back(file, PROGRAMME, MEETINGS, in_place=True)
    assert file.read_bytes() == TABLE
    assert names(file.parent) == ["programme.csv"]


@pytest.mark.parametrize("path", ["nothing.csv", "."])
def test_a_file_that_cannot_be_read_is_said(tmp_path, path):
    with pytest.raises(UserError, match="cannot be read"):
        write_back(tmp_path / path, PROGRAMME, MEETINGS)


def test_what_a_file_is_tells_its_content_and_not_its_name(tmp_path):
    file = tmp_path / "programme.csv"
    file.write_text("event: {}\nsessions:\n- key: one\n")
    assert "meeting: {id" in write_back(file, PROGRAMME, MEETINGS).path.read_text()
    assert isinstance(file, Path)

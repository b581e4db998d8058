"""What a programme says of a session beside its meeting: room, track, moderators, and whether it is held or shown."""

import pytest

from unit.sources.programme_samples import YAML, read
from zoom_sync.adapters.sources import dump_programme

MORE = """\
  - key: main
    title: The main evening
    start: 2030-03-06T20:00:00
    duration: 90
    room: Hall 1
    track: Water
    moderators: [Ann Lee, "Li, Wei"]
    language: English
    expected: 120
    record: no
  - key: dry-run
    title: Trying it out
    start: 2030-03-05T20:00:00
    duration: 30
    rehearsal_of: main
  - key: jury
    title: The jury
    start: 2030-03-07T20:00:00
    duration: 30
    public: false
    cancelled: true
"""


def messages(text):
    return [problem.message for problem in read(text).problems]


def test_every_field_is_read_and_written_again():
    programme = read(YAML + MORE).require()
    main, dry_run, jury = programme.sessions[-3:]
    assert (main.room, main.track, main.moderators) == ("Hall 1", "Water", ("Ann Lee", "Li, Wei"))
    assert (main.language, main.expected, main.record) == ("English", 120, False)
    assert (main.public, main.cancelled, main.announced, main.counted) == (True, False, True, True)
    assert (dry_run.rehearsal_of, dry_run.announced, dry_run.counted) == ("main", False, False)
    assert (jury.public, jury.cancelled, jury.announced, jury.counted) == (False, True, False, False)
    assert read(dump_programme(programme)).require() == programme


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("rehearsal_of: main", "rehearsal_of: dry-run", "rehearse itself"),
        ("rehearsal_of: main", "rehearsal_of: nowhere", "no session `nowhere` that it could rehearse"),
        ("public: false", "rehearsal_of: dry-run", "is a rehearsal itself"),
        ("expected: 120", "expected: many", "whole number from 0"),
        ("record: no", "record: perhaps", "`true` or `false`"),
    ],
)
def test_what_makes_no_sense_is_told(old, new, why):
    [message] = messages(YAML + MORE.replace(old, new))
    assert why in message

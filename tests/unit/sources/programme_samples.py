"""Small programmes that are right in everything, for tests that change one thing."""

from pathlib import Path

from zoom_sync.adapters.sources import read_programme

ROOT = Path(__file__).parents[3]
SEED = (ROOT / "tests/samples/announcement.txt").read_bytes()

YAML = """\
event: {key: spring-2030, title: Spring School, timezone: Europe/Paris}
sessions:
  - key: day-1
    title: Opening
    start: 2030-03-04T10:00:00
    end: 2030-03-04T11:30:00
    items:
      - presenter: Kazan, Russian
        title: Park to rest
    meeting:
      id: "823 1893 7943"
      passcode: "011826"
  - key: day-2
    title: Closing
    start: 2030-03-05 10:00
    duration: 45
"""

TEXT = """\
Event: Spring School
Time: November 6th - 9th 2030 (UTC+8)
Seminar 1:
Opening
Opening: how we begin
Date: November 6th, 20:30-22:00 (UTC+8)
Meeting ID: 823 1893 7943
Passcode: 011826
Cities and Initiatives:
 • Kazan, Russian: Park to rest
 • Alcaldia Iztapalapa, Mexico City, Mexico: Utopias: a start
"""


def line_of(text, beginning):
    """The number of the first line that contains the words."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if beginning in line)


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


def read(text, **options):
    return read_programme(text, name="programme", **options)


def told(entries):
    return [(entry.line, entry.message) for entry in entries]


def the_problem(text, **options):
    """The only problem of a text, as line and message."""
    reading = read(text, **options)
    assert reading.programme is None
    assert len(reading.problems) == 1, told(reading.problems)
    return told(reading.problems)[0]

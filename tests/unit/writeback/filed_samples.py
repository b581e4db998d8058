"""A programme of three sessions with their meetings, for files to be filled."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from zoom_sync.domain.filing import FiledMeeting
from zoom_sync.domain.programme import Event, Programme, Session

ZONE = "Asia/Shanghai"
START = datetime(2023, 11, 6, 20, 30, tzinfo=ZoneInfo(ZONE))


def session(key, title, days=0):
    start = START + timedelta(days=days)
    return Session(key, title, start, start + timedelta(minutes=90), ZONE)


PROGRAMME = Programme(
    Event("urban-2023", "Seminar", ZONE),
    (session("one", "Opening"), session("two", "Course", 1), session("three", "Course", 2)),
)
MEETINGS = {
    key: FiledMeeting(str(82318937943 + number), f"https://zoom.example/j/{number}?pwd=a", f"01182{number}", "Ada")
    for number, key in enumerate(["one", "two", "three"])
}

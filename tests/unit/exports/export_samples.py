"""Hostile names, and rows and programmes for tests: valid by default, one argument per difference."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from zoom_sync.domain.attendance import Attendee, Certainty, Role
from zoom_sync.domain.programme import AgendaItem, Event, Passcode, Programme, Session
from zoom_sync.domain.publication import Announcement, ReportRow
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.domain.questions import Answer, AnswerKind, Question, Status

JOIN = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
ZONE = "Asia/Shanghai"
LINK = "https://us02web.zoom.us/j/82318937943?pwd=bGl0dGxlc2VjcmV0"

FORMULAS = [
    "=1+1", "+1 415 555 0100", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", "  =1", '"=1', "'=1",
    "\ufeff=1", "\u200b=1", "\u202e=1", "\u00a0=1", "\x00=1", '" \'=HYPERLINK("http://x","y")',
]  # fmt: skip

HOSTILE = [
    *FORMULAS,
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "{% raw %}", "</title>", "&amp;", "a\x00b",
    "half \ud800 pair", "\udfff", "Ann\u202egnp.exe", "\u2066hidden\u2069", "a,b;c\"d'e", "line\nbreak", "line\r\nbreak",
    "BEGIN:VEVENT", "x\r\nATTACH:http://evil.example", "back\\slash", "[click](javascript:alert(1))", "**bold**",
    "São Paulo 🙂", "名前", "", " ", "a" * 300, "\u0085next", "\x1b[31mred", "`code`", "1. list", "# head", "http://x.example",
]  # fmt: skip


def attendee(name="Ann", **changes):
    fields = {
        "key": "email:ann@x.org", "name": name, "email": "ann@x.org", "first_join": JOIN,
        "last_leave": JOIN + timedelta(minutes=90), "seconds": 4530, "seconds_inside": 4500, "seconds_outside": 30,
        "seconds_waiting": 0, "share": 4500 / 5400, "joins": 2, "devices": 1, "certainty": Certainty.EMAIL,
        "role": Role.AUDIENCE, "phone": False, "note": "", "intervals": (),
    }  # fmt: skip
    return Attendee(**(fields | changes))


def attendance_row(name="Ann", **changes):
    return ReportRow("seminar-1", ZONE, attendee(name, **changes))


def question(text="Why?", **changes):
    fields = {
        "asker": "Ann", "email": None, "anonymous": False, "text": text, "asked_at": JOIN, "status": Status.ANSWERED,
        "answers": (Answer("Host", "Because.", JOIN, AnswerKind.HOST_ANSWERED),), "live_answered": False,
    }  # fmt: skip
    return Question(**(fields | changes))


def session(key="seminar-1", **changes):
    start = datetime(2023, 11, 6, 20, 30, tzinfo=ZoneInfo(ZONE))
    fields = {
        "key": key, "title": "Safe and resilient", "start": start, "end": start + timedelta(minutes=90), "timezone": ZONE,
        "long_title": "Safe and resilient: for all", "items": (AgendaItem("Kazan, Russian", "Park to rest", "Russian"),),
    }  # fmt: skip
    return Session(**(fields | changes))


def meeting(number=0, link=LINK):
    meeting_id = str(82318937943 + number)
    return PublishedMeeting(meeting_id, Passcode("011826"), link.replace("82318937943", meeting_id))


def announcement(
    *sessions, public=True, title="International Seminar", description=None, link=LINK, zone=ZONE, **changes
):
    sessions = sessions or (session(),)
    event = Event("urban-2023", title, zone, description)
    links = {one.key: meeting(number, link) for number, one in enumerate(sessions)}
    return Announcement(Programme(event, sessions), links, JOIN, public=public, **changes)

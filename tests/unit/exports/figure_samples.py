"""An event's figures for tests of what is made of them."""

from datetime import timedelta

from export_samples import JOIN, attendee, question, session

from zoom_sync.domain.attendance import Role
from zoom_sync.domain.programme import AgendaItem, Event
from zoom_sync.domain.questions import Status
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.summary import EventFigures, figures_of

ITEMS = (AgendaItem("Kazan, Russian", "Park to rest"), AgendaItem("Quito, Ecuador", "A map for all"))
PARTIAL = Collected("seminar-1", "participants", ReportState.PARTIAL, 120, 130, "120 of 130 rows", JOIN)
NOBODY = Collected("seminar-1", "questions", ReportState.NONE, 0, None, "nobody asked", JOIN)


def guest(name, begin, end, **changes):
    """Somebody present from one minute of the session to another."""
    zero = int(JOIN.timestamp())
    window = max(0, min(end, 90) - max(begin, 0)) * 60
    return attendee(
        name, intervals=((zero + begin * 60, zero + end * 60),), seconds=(end - begin) * 60,
        seconds_inside=window, share=window / 5400,
        first_join=JOIN + timedelta(minutes=begin), last_leave=JOIN + timedelta(minutes=end), **changes,
    )  # fmt: skip


PEOPLE = (
    guest("Host", -5, 95, role=Role.HOST), guest("Ann", 0, 90), guest("Bo", 45, 90), guest("Cy", 80, 90),
    attendee("Waiting", intervals=(), seconds=0, seconds_inside=0, seconds_waiting=60, share=0.0, first_join=None, last_leave=None),
)  # fmt: skip
OPEN = {"answers": (), "status": Status.OPEN}
ASKED = (
    question("Answered?", asked_at=JOIN), question("Who pays?", asked_at=JOIN + timedelta(minutes=5), **OPEN),
    question("Gone?", answers=(), status=Status.DELETED), question("Why?", asked_at=JOIN + timedelta(minutes=1), **OPEN),
)  # fmt: skip


def figures(people=PEOPLE, asked=ASKED, reports=(PARTIAL, NOBODY), number=1, most_questions=10, **changes):
    fields = {"key": f"seminar-{number}", "items": ITEMS} | changes
    return figures_of(number, session(**fields), people, asked, reports, most_questions=most_questions)


def event(*sessions, title="International Seminar"):
    return EventFigures(Event("urban-2023", title, "Asia/Shanghai"), JOIN, sessions or (figures(),))

from support.stage import *
from zoom_sync.domain.access import Role


def test_all(browse):
    b = browse(Role.ORGANISER)
    for p in [
        "/events",
        f"/events/{EVENT}",
        f"/events/{EVENT}/sessions/{PAST}",
        f"/events/{EVENT}/sessions/{READY}",
        f"/events/{EVENT}/sessions/{NEW}",
        f"/events/{EVENT}/sessions/{PAST}/attendance",
        f"/events/{EVENT}/sessions/{PAST}/questions",
        f"/events/{EVENT}/sessions/{PAST}/polls",
        f"/events/{EVENT}/plan",
        f"/events/{EVENT}/differences",
        f"/events/{EVENT}/runs",
        f"/events/{EVENT}/runs/1",
        "/audit",
        f"/e/{EVENT}",
        f"/e/{EVENT}/calendar.ics",
        f"/events/{EVENT}/downloads/attendance/csv",
        "/api/events",
        f"/api/events/{EVENT}",
        f"/api/events/{EVENT}/runs/1",
        "/nope",
        "/static/style.css",
        "/healthz",
        "/readyz",
    ]:
        a = b.get(p)
        print(a.status_code, p, len(a.text))
        assert a.status_code == 200 or p == "/nope", a.text

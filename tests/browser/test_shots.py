from support.stage import *


def test_shots(sign_in, picture, open_page, stage):
    page = sign_in(Role.ORGANISER, f"/events/{EVENT}")
    picture(page, "event")
    for n, p in {
        "session": f"/events/{EVENT}/sessions/{PAST}",
        "attendance": f"/events/{EVENT}/sessions/{PAST}/attendance",
        "questions": f"/events/{EVENT}/sessions/{PAST}/questions",
        "plan": f"/events/{EVENT}/plan",
        "run": f"/events/{EVENT}/runs/1",
        "audit": "/audit",
        "public": f"/e/{EVENT}",
        "diff": f"/events/{EVENT}/differences",
    }.items():
        page.goto(p)
        picture(page, n, full_page=True)
    page = open_page("/sign-in")
    picture(page, "sign-in")
    page = sign_in(Role.STAFF, f"/events/{EVENT}/sessions/{PAST}", viewport={"width": 390, "height": 844})
    picture(page, "phone", full_page=True)
    page.goto(f"/events/{EVENT}/sessions/{PAST}/attendance")
    picture(page, "phone2")

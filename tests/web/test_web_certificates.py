"""Staff see who is entitled to a certificate and why, release, correct and withdraw; everybody verifies a number."""

import csv
import io
import re
from dataclasses import replace
from zipfile import ZipFile

import pytest

from support.stage import EVENT, NAMES, PAST, SESSIONS, seminar
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Role
from zoom_sync.domain.certificates.drafts import Standing
from zoom_sync.domain.certificates.issued import grouped_number
from zoom_sync.domain.certificates.rules import Basis, CertificateRules, Credits, Enough, SessionCertificate
from zoom_sync.service_layer.certificates import drafts_of, new_number, release
from zoom_sync.service_layer.privacy import erase_person, seek

PAGE = f"/events/{EVENT}/certificates"
RULES = CertificateRules(Basis.SESSION, Enough(share=50), Credits("CPD hours"))


@pytest.fixture
def certified(stage):
    """The first evening is over and collected, and its programme has certificates; the others do not count yet."""
    later = [replace(session, certificates=SessionCertificate(counts=False)) for session in SESSIONS[1:]]
    programme = seminar(SESSIONS[0], *later)
    stage.load(replace(programme, event=replace(programme.event, certificates=RULES)))
    return stage


@pytest.fixture
def browser(browse, certified):
    return browse(Role.STAFF)


def drafts(stage, standing=None):
    seen = drafts_of(stage.parts.certifying("me"), EVENT)
    return seen.drafts if standing is None else seen.of(standing)


def post(browser, what, **form):
    answer = browser.post(f"{PAGE}/{what}", data={"csrf": browser.csrf(PAGE), **form})
    assert answer.status_code == 303, answer.text
    return browser.get(PAGE).text


def released(browser):
    """Release all, as the page shows them."""
    digest = re.search(r'name="digest" value="(\w+)"', browser.get(PAGE).text)[1]
    return post(browser, "release", digest=digest)


def test_without_rules_the_page_says_where_to_put_them(browse, stage):
    assert "certificates:" in browse(Role.STAFF).get(PAGE).text


def test_staff_see_who_is_entitled_and_why_before_anything_is_released(browser, certified):
    ready, others = drafts(certified, Standing.READY), drafts(certified, Standing.NOT_ENTITLED)
    assert ready
    assert others
    page = browser.get(PAGE).text
    assert f"Release {len(ready)} certificates" in page
    assert "90 minutes; 45 are enough" in page
    assert "1.5 <bdi>CPD hours</bdi>" in page
    chosen = browser.get(f"{PAGE}?standing=not entitled").text
    assert others[0].name in chosen
    assert all(draft.place.id not in chosen for draft in ready)
    assert certified.parts.certificates.of(EVENT) == ()


def test_a_release_gives_each_a_number_once_and_is_in_the_audit_log(browser, certified):
    count = len(drafts(certified, Standing.READY))
    page = released(browser)
    papers = certified.parts.certificates.of(EVENT)
    assert len(papers) == count
    first = next(draft for draft in drafts(certified) if draft.certificate)
    assert grouped_number(first.certificate.number) in page
    (entry, *_) = certified.parts.audit.entries(1)
    assert (entry.who, entry.what, entry.event, entry.rows) == (
        NAMES[Role.STAFF], "certificates released", EVENT, count,
    )  # fmt: skip
    release(certified.parts.certifying("me"), EVENT)
    assert certified.parts.certificates.of(EVENT) == papers


def test_what_has_changed_since_it_was_seen_is_not_released(browser, certified):
    browser.get(PAGE)
    answer = browser.post(f"{PAGE}/release", data={"csrf": browser.csrf(PAGE), "digest": "0123456789abcdef"})
    assert answer.status_code == 400
    assert "changed since" in answer.text
    assert certified.parts.certificates.of(EVENT) == ()


def test_a_draft_is_corrected_with_a_reason_and_never_without(browser, certified):
    draft = drafts(certified, Standing.NOT_ENTITLED)[0]
    without = browser.post(
        f"{PAGE}/correct", data={"csrf": browser.csrf(PAGE), "certificate": draft.place.id, "entitled": "true"}
    )
    assert without.status_code == 400
    page = post(browser, "correct", certificate=draft.place.id, entitled="true", name=draft.name, why="she had no net")
    assert f"{NAMES[Role.STAFF]} says so: she had no net" in page
    now = {one.place: one for one in drafts(certified)}[draft.place]
    assert (now.standing, now.name) == (Standing.READY, draft.name)
    post(browser, "correct", certificate=draft.place.id, name="王伟", language="zh", why="her name")
    now = {one.place: one for one in drafts(certified)}[draft.place]
    assert (now.standing, now.name, now.content.language) == (Standing.READY, "王伟", "zh")


def test_a_name_that_no_font_can_draw_is_refused_with_its_characters(browser, certified):
    draft = drafts(certified, Standing.READY)[0]
    form = {"csrf": browser.csrf(PAGE), "certificate": draft.place.id, "name": "ไทย", "why": "her name"}
    answer = browser.post(f"{PAGE}/correct", data=form)
    assert answer.status_code == 400
    assert "ไทย" in answer.text


def test_a_corrected_one_is_replaced_and_a_withdrawn_one_stays_known(browser, certified, browse):
    released(browser)
    first, second = drafts(certified, Standing.RELEASED)[:2]
    post(browser, "correct", certificate=first.place.id, name="Ann B. Lee", why="married")
    post(browser, "withdraw", certificate=second.certificate.number, why="somebody else's device")
    everybody = browse()
    assert "was corrected" in everybody.get(f"/verify/{grouped_number(first.certificate.number)}").text
    assert "was withdrawn" in everybody.get(f"/verify/{grouped_number(second.certificate.number)}").text
    (now,) = [one for one in drafts(certified) if one.place == first.place]
    assert (now.certificate.edition, now.certificate.name) == (2, "Ann B. Lee")
    told = everybody.get(f"/verify/{now.certificate.number.lower()}").text
    assert "This certificate is valid" in told
    assert "A. B. L." in told
    again = browser.post(
        f"{PAGE}/withdraw",
        data={"csrf": browser.csrf(PAGE), "certificate": second.certificate.number, "why": "once more"},
    )
    assert (again.status_code, "withdrawn already" in again.text) == (400, True)
    release(certified.parts.certifying("me"), EVENT)
    assert len(certified.parts.certificates.of(EVENT)) == len(drafts(certified, Standing.RELEASED)) + 2


def test_a_verifier_is_told_nothing_but_state_event_and_initials(browser, certified, browse):
    released(browser)
    draft = drafts(certified, Standing.RELEASED)[0]
    answer = browse().get(f"/verify/{grouped_number(draft.certificate.number)}")
    assert answer.status_code == 200
    body = answer.text
    for hidden in (draft.name, draft.entitlement.email, "CPD", PAST, SESSIONS[0].title, NAMES[Role.STAFF], "minutes"):
        assert hidden not in body
    assert "International Seminar on Learning from Urban Innovation" in body
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]


@pytest.mark.parametrize(
    "number", ["0000-0000-0000-0000", "x", "<b>bold</b>", "%00", "1" * 300, "SELECT 1", "..%2f..%2f"]
)
def test_a_forged_number_is_no_certificate(browse, certified, number):
    answer = browse().get(f"/verify/{number}")
    assert answer.status_code == 404
    assert "valid." not in answer.text
    assert "<b>bold" not in answer.text


def test_a_number_that_differs_in_one_character_is_no_certificate(browser, certified, browse):
    released(browser)
    number = drafts(certified, Standing.RELEASED)[0].certificate.number
    everybody = browse()
    for place in range(len(number)):
        forged = number[:place] + ("1" if number[place] != "1" else "2") + number[place + 1 :]
        assert everybody.get(f"/verify/{forged}").status_code == 404


def test_a_typed_number_leads_to_its_page(browse, certified):
    number = grouped_number(new_number())
    answer = browse().get("/verify", params={"number": f" {number.lower()} "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/verify/{number}")
    assert "No certificate has this number" in browse().get("/verify", params={"number": "so what"}).text
    assert browse().get("/verify").status_code == 200


def release_few(stage, count=3):
    """Drawing takes its time."""
    release(stage.parts.certifying("me"), EVENT, ids=[one.place.id for one in drafts(stage, Standing.READY)[:count]])


def test_the_download_holds_every_valid_certificate_and_says_whose_it_is(browser, certified):
    release_few(certified)
    gone = drafts(certified, Standing.RELEASED)[0].certificate
    post(browser, "withdraw", certificate=gone.number, why="wrong")
    answer = browser.get(f"{PAGE}/download")
    with ZipFile(io.BytesIO(answer.content)) as archive:
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("index.csv"), "utf-8")))
        assert {row["number"] for row in rows} == {
            grouped_number(draft.certificate.number) for draft in drafts(certified, Standing.RELEASED)
        }
        assert grouped_number(gone.number) not in {row["number"] for row in rows}
        assert archive.read(rows[0]["file"]).startswith(b"%PDF-")
    (entry, *_) = certified.parts.audit.entries(1)
    assert (entry.what, entry.form, entry.rows) == ("download", "certificates zip", len(rows))


def test_who_was_erased_is_in_no_download_and_the_number_still_answers(browser, certified, browse):
    release_few(certified)
    draft = next(one for one in drafts(certified, Standing.RELEASED) if one.entitlement.email)
    people = certified.parts.people
    erase_person(people, seek(people, draft.entitlement.email), certified.at)
    with ZipFile(io.BytesIO(browser.get(f"{PAGE}/download").content)) as archive:
        assert f"{grouped_number(draft.certificate.number)}.pdf" not in archive.namelist()
    told = browse().get(f"/verify/{draft.certificate.number}").text
    assert "This certificate is valid" in told
    assert "Initials" not in told


def test_a_viewer_sees_no_certificates(browse, certified):
    for path in (PAGE, f"{PAGE}/download"):
        assert browse(Role.VIEWER).get(path).status_code == 403


def test_without_the_extra_all_is_seen_and_nothing_is_released(browser, certified, monkeypatch):
    monkeypatch.setattr(Parts, "fonts", None)
    page = browser.get(PAGE).text
    assert "zoom-sync[certificates]" in page
    assert "Release " not in page
    answer = browser.post(f"{PAGE}/release", data={"csrf": browser.csrf(PAGE)})
    assert (answer.status_code, "zoom-sync[certificates]" in answer.text) == (400, True)
    assert browser.get(f"{PAGE}/download").status_code == 400

"""What is public is made once per change, kept, and never told for longer than it is public."""

import gzip
import re
from dataclasses import replace

import pytest

from support.stage import EVENT, READY, SESSIONS, seminar
from zoom_sync.domain.access import Role
from zoom_sync.entrypoints.public import editions
from zoom_sync.entrypoints.web import make_app
from zoom_sync.service_layer.previews import make_preview

PAGES = [
    f"/e/{EVENT}", f"/e/{EVENT}/calendar.ics", f"/e/{EVENT}/{READY}/calendar.ics", f"/e/{EVENT}/{READY}/code.svg",
    *(f"/api/events/{EVENT}.{form}" for form in ("json", "csv", "ics")),
]  # fmt: skip


@pytest.fixture
def made(monkeypatch):
    """How often what everybody is told was read from the store."""
    reads = []
    read = editions.public_announcement
    monkeypatch.setattr(editions, "public_announcement", lambda *args: reads.append(args[1]) or read(*args))
    return reads


def retitled(stage, title, *, public=True):
    stage.load(replace(seminar(replace(SESSIONS[0], title=title), *SESSIONS[1:], public=public)))


@pytest.mark.parametrize("page", PAGES)
def test_who_has_it_already_is_sent_nothing_until_it_changes(browse, stage, page):
    browser = browse()
    first = browser.get(page)
    assert first.headers["cache-control"] == "public, no-cache"
    for sent in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = browser.get(page, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == first.headers["cache-control"]
    link = stage.parts.links.link(EVENT, READY)
    other = replace(link, join_url=link.join_url + "0", passcode=replace(link.passcode, value="another"))
    stage.parts.links.applied(EVENT, other, stage.at)
    changed = browser.get(page, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_a_change_of_the_programme_is_seen_by_the_next_who_asks(browse, stage):
    browser = browse()
    for title in ("The first of all titles", "Another title"):
        retitled(stage, title)
        assert title in browser.get(f"/e/{EVENT}").text
        assert title in browser.get(f"/api/events/{EVENT}.json").text


def test_everything_is_made_of_one_reading_until_something_changes(browse, stage, made):
    browser = browse()
    for _ in range(3):
        for page in PAGES:
            assert browser.get(page).status_code == 200
    assert made == [EVENT]
    retitled(stage, "New")
    browser.get(PAGES[0])
    assert made == [EVENT, EVENT]


def test_every_process_tells_the_same_tag_whenever_it_was_started(browse, stage):
    tags = [[browse(app=make_app(stage.parts)).get(page).headers["etag"] for page in PAGES] for _ in range(2)]
    assert tags[0] == tags[1]
    retitled(stage, "New")
    retitled(stage, SESSIONS[0].title)
    assert browse().get(PAGES[0]).headers["etag"] == tags[0][0]


@pytest.mark.parametrize("page", PAGES)
def test_what_is_no_longer_public_is_not_there_at_once(browse, stage, page):
    browser = browse()
    tag = browser.get(page).headers["etag"]
    stage.load(seminar(public=False))
    hidden = browser.get(page, headers={"If-None-Match": tag})
    assert hidden.status_code == 404
    assert hidden.headers["cache-control"] == "no-store"


def test_it_is_sent_compressed_to_who_takes_that(browse):
    browser = browse()
    plain = browser.get(PAGES[0], headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for accepts in ("gzip", "br, gzip;q=0.5", "*"):
        with browser.stream("GET", PAGES[0], headers={"Accept-Encoding": accepts}) as packed:
            content = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["etag"] != plain.headers["etag"]
        assert len(content) < len(plain.content) / 2
        assert gzip.decompress(content) == plain.content
    for accepts in ("gzip;q=0", "gzip; q=0.000", "br", "identity", "*;q=0"):
        assert "content-encoding" not in browser.get(PAGES[0], headers={"Accept-Encoding": accepts}).headers
    assert "Accept-Encoding" in plain.headers["vary"]


def test_each_language_has_a_page_of_its_own(browse):
    browser = browse()
    english, chinese = (browser.get(PAGES[0], headers={"Accept-Language": each}) for each in ("en", "zh"))
    assert (english.headers["content-language"], chinese.headers["content-language"]) == ("en", "zh")
    assert english.headers["etag"] != chinese.headers["etag"]
    assert {"Accept-Language", "Cookie"} <= set(english.headers["vary"].split(", "))


@pytest.mark.parametrize("page", PAGES)
def test_head_tells_what_get_would(browse, page):
    browser = browse()
    told, got = browser.head(page), browser.get(page)
    assert told.status_code == 200
    assert told.content == b""
    assert [told.headers[name] for name in ("etag", "content-length")] == [
        got.headers[name] for name in ("etag", "content-length")
    ]


def test_a_code_has_an_address_of_its_own_and_only_where_there_is_a_link(browse, stage):
    browser = browse()
    text = browser.get(PAGES[0]).text
    codes = re.findall(r'<img src="([^"]+)" alt="QR code of the link" loading="lazy"', text)
    assert codes == [f"/e/{EVENT}/{READY}/code.svg"]
    assert "<svg xmlns" not in text
    picture = browser.get(codes[0])
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    for absent in ("seminar-3", "no-such-session"):
        assert browser.get(f"/e/{EVENT}/{absent}/code.svg").status_code == 404


def test_what_is_somebodys_is_kept_by_no_cache(browse, stage):
    secret = make_preview(stage.parts.previewing(), EVENT, "press")
    stage.load(seminar(public=False))
    viewer = browse(Role.VIEWER)
    for browser, page in ((browse(), f"/preview/{secret}"), (viewer, PAGES[0]), (viewer, PAGES[1])):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
    assert browse().get(PAGES[0]).status_code == 404


def test_what_strangers_are_sent_holds_nothing_of_who_asked_before(browse):
    viewer = browse(Role.VIEWER)
    assert "/sign-out" in viewer.get(PAGES[0]).text
    stranger = browse()
    stranger.get("/sign-in")  # has a cookie of ours, and a token against forgery
    text = stranger.get(f"{PAGES[0]}?from=a-mail").text
    assert text == browse().get(PAGES[0]).text
    assert "csrf" not in text.casefold()
    assert "/sign-out" not in text


def test_caches_may_keep_it_for_as_long_as_is_set(browse, make_stage):
    stage = make_stage(ZOOM_SYNC_PUBLIC_CACHE_SECONDS=30)
    browser = browse(app=make_app(stage.parts))
    assert {browser.get(page).headers["cache-control"] for page in PAGES} == {"public, max-age=30"}


def test_a_store_that_does_not_answer_is_told_and_not_kept(browse, stage, monkeypatch):
    from zoom_sync.errors import StoreUnavailable

    def away(*_):
        raise StoreUnavailable("the database is away")

    browser = browse()
    with monkeypatch.context() as broken:
        broken.setattr(editions, "public_announcement", away)
        assert browser.get(PAGES[0]).status_code == 503
        broken.setattr(stage.parts.programmes, "states", away)
        assert browser.get(PAGES[0]).status_code == 503
    assert browser.get(PAGES[0]).status_code == 200

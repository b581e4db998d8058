"""The summary page in a real browser: it is accessible, fits a phone, and prints on A4."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "exports"))

from figure_samples import event, figures

from zoom_sync.adapters.exports.summary import SUMMARY_WRITERS

A4 = (595, 842)  # in points


@pytest.fixture(params=["en", "zh"])
def page(chromium, request):
    sessions = (figures(title="A long title, " * 8), figures(number=2), figures((), (), (), number=3))
    page = chromium.new_page(viewport={"width": 900, "height": 1200})
    page.set_content(SUMMARY_WRITERS["html"].write(replace(event(), sessions=sessions), request.param).decode())
    yield page
    page.close()


def test_axe_finds_nothing_to_object_to(page):
    results = Axe().run(page)
    assert [violation["id"] for violation in results.response["violations"]] == []


def test_it_fits_the_width_of_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_prints_on_a4_with_nothing_cut_off(page):
    octets = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", octets)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {A4}
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less the margins, at 96 to the inch
    assert page.evaluate("document.documentElement.scrollWidth") <= 688


def test_a_picture_is_read_out_by_its_text(page):
    names = [picture.get_attribute("aria-labelledby") for picture in page.locator("svg[role=img]").all()]
    assert len(names) == 5
    texts = [page.locator(f"[id='{one}']").text_content() for both in names for one in both.split()]
    assert all(texts)


def test_the_table_of_contents_leads_to_every_session(page):
    places = page.locator("nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert places == ["#overview", "#session-1", "#session-2", "#session-3"]
    assert page.evaluate("places => places.every(place => document.querySelector(place))", places)


def test_no_heading_is_left_at_the_foot_of_a_page(page):
    """A heading and what follows it are kept on one page: in one box that does not break, or not parted from it."""
    page.emulate_media(media="print")
    parted = page.evaluate(
        """() => [...document.querySelectorAll("h2, h3, h2 + .quiet, h3 + .quiet")].filter(heading =>
            !heading.closest(".head") && getComputedStyle(heading).breakAfter !== "avoid").map(one => one.textContent)"""
    )
    assert parted == []
    assert set(page.locator(".head").evaluate_all("all => all.map(one => getComputedStyle(one).breakInside)")) == {
        "avoid"
    }

import xml.etree.ElementTree as ET

import pytest
import segno
from export_samples import LINK
from hypothesis import given, settings
from hypothesis import strategies as st

from support.qr_reader import png_pixels, read_modules, read_png, read_svg, sampled
from zoom_sync.adapters.exports import qr
from zoom_sync.errors import UserError

LINKS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_?=&%/", min_size=1, max_size=200)


def modules():
    return [list(map(bool, row)) for row in segno.make_qr(LINK, error="m").matrix_iter(border=qr.QUIET_ZONE)]


@given(LINKS.map("https://us02web.zoom.us/j/".__add__), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_pictures_are_read_as_the_link_that_they_were_made_of(link, scale):
    assert read_png(qr.png(link, scale=scale)) == link
    assert read_svg(qr.svg(link, title="a")) == link


def test_the_reader_finds_a_wrong_module():
    seen = sampled(png_pixels(qr.png(LINK)))
    assert read_modules(seen) == LINK
    seen[-1][-1] = not seen[-1][-1]
    with pytest.raises(AssertionError, match="damaged"):
        read_modules(seen)


def test_the_png_shows_the_links_code_with_a_quiet_zone():
    assert [row[::3] for row in png_pixels(qr.png(LINK, scale=3))[::3]] == modules()


def test_the_svg_is_well_formed_and_scales():
    picture = ET.fromstring(qr.svg(LINK, title="a & b"))
    assert picture.get("viewBox") == f"0 0 {len(modules())} {len(modules())}"
    assert picture.get("width") is None
    assert picture.find("{http://www.w3.org/2000/svg}title").text == "a & b"


def test_the_terminal_picture_is_half_as_high_as_wide():
    lines = qr.terminal(LINK).strip("\n").splitlines()
    assert len(lines) <= len(modules()) / 2


@pytest.mark.parametrize("draw", [qr.png, qr.svg, qr.terminal])
def test_a_link_too_long_for_a_code_is_refused_in_words(draw):
    with pytest.raises(UserError, match="3000 characters"):
        draw("x" * 3000)

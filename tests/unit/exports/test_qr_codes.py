import struct
import xml.etree.ElementTree as ET
import zlib

import pytest
import segno
from export_samples import LINK

from zoom_sync.adapters.exports import qr
from zoom_sync.errors import UserError


def modules():
    return [list(map(bool, row)) for row in segno.make_qr(LINK, error="m").matrix_iter(border=qr.QUIET_ZONE)]


def pixels(picture):
    """The rows of a grey PNG of one bit per pixel, dark as True."""
    width, height, depth = struct.unpack(">IIB", picture[16:25])
    assert depth == 1
    start = picture.index(b"IDAT")
    (size,) = struct.unpack(">I", picture[start - 4 : start])
    packed = zlib.decompress(picture[start + 4 : start + 4 + size])
    line = 1 + (width + 7) // 8
    rows = [packed[number * line + 1 : (number + 1) * line] for number in range(height)]
    return [[not row[at // 8] >> (7 - at % 8) & 1 for at in range(width)] for row in rows]


def test_the_png_shows_the_links_code_with_a_quiet_zone():
    assert [row[::3] for row in pixels(qr.png(LINK, scale=3))[::3]] == modules()


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

"""QR codes of join links: PNG and SVG for pages and print, block characters for a terminal.

A code holds the link, and the link often the passcode: make one only where the link itself may be shown.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO, StringIO

import segno

from zoom_sync.errors import UserError

# Making a code takes longer than drawing it, and one publication draws each of them four times.
KEPT = 2048
QUIET_ZONE = 4  # light modules around the code, which readers need (ISO/IEC 18004)


def png(link: str, *, scale: int = 8) -> bytes:
    """The code of `link` as a PNG picture, `scale` pixels to a module. Raises UserError for a link too long for one."""
    out = BytesIO()
    _code(link).save(out, kind="png", scale=scale, border=QUIET_ZONE, light="white")
    return out.getvalue()


def svg(link: str, *, title: str | None = None) -> bytes:
    """The code of `link` as an SVG picture without a size of its own, to be put into a page or a file.

    `title` is read out to who cannot see it. Raises UserError for a link too long for a code.
    """
    out = BytesIO()
    _code(link).save(
        out, kind="svg", border=QUIET_ZONE, light="white", xmldecl=False, omitsize=True, nl=False, title=title
    )
    return out.getvalue()


def terminal(link: str) -> str:
    """The code of `link` in block characters, two rows of modules to a line. Raises UserError as the others do."""
    out = StringIO()
    _code(link).terminal(out, compact=True, border=2)
    return out.getvalue()


@lru_cache(KEPT)
def _code(link: str) -> segno.QRCode:
    try:
        return segno.make_qr(link, error="m")
    except (segno.DataOverflowError, UnicodeEncodeError) as error:
        raise UserError(f"No QR code can hold this link of {len(link)} characters.") from error

"""The fonts that certificates are set in, and which characters they have.

Typst draws an empty box for a character that no font has, and says nothing. So each name is held against the fonts'
own character maps first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

# The packages of the extra, each with fonts under the SIL Open Font License; the lock pins them by hash.
PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "fontpkg_noto_sans_devanagari", "manimgx_fonts_cjk")
# In this order: a Latin letter is never taken from a Chinese font. Han characters are drawn as in mainland China.
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC")
OTHER_HAN = re.compile(r"Noto Sans CJK (?!SC)")


class Fonts:
    """The `Faces` of the fonts of the extra, and of those that an organiser has put into a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds further fonts, which are tried after the others. It may be missing."""
        folders = [_folder(name) for name in PACKAGES]
        if folder is not None and folder.is_dir():
            folders.append(folder)
        self.fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(each) for each in folders]
        )

    @cached_property
    def families(self) -> list[str]:
        """The families in the order in which they are tried for each character."""
        others = [name for name in self.fonts.families() if name not in FAMILIES and not OTHER_HAN.match(name)]
        return [*FAMILIES, *others]

    def lacking(self, text: str) -> str:
        missing: dict[str, None] = {}
        for cluster in clusters(text):
            needed = {ord(character) for character in cluster if not _unseen(character)}
            if not any(needed <= had for had in self._characters):
                missing |= dict.fromkeys(character for character in cluster if not _unseen(character))
        return "".join(missing)

    @cached_property
    def _characters(self) -> list[frozenset[int]]:
        """The characters of each family."""
        had: dict[str, set[int]] = {}
        for info in self.fonts.fonts():
            if info.family in self.families and info.path and info.style == "normal":
                with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
                    had.setdefault(info.family, set()).update(font.getBestCmap() or {})
        return [frozenset(had[family]) for family in self.families if family in had]


def clusters(text: str) -> Iterator[str]:
    """Each character with the marks that are drawn with it: one font has to have all of them."""
    cluster = ""
    for character in unicodedata.normalize("NFC", text):
        if cluster and _joins(character):
            cluster += character
        else:
            if cluster:
                yield cluster
            cluster = character
    if cluster:
        yield cluster


def _joins(character: str) -> bool:
    """Whether it is drawn with what comes before it: marks, and what tells how others are joined or written."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


def _unseen(character: str) -> bool:
    """Blanks, format characters and variation selectors: nothing is drawn of themselves."""
    return character.isspace() or unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {package} with fonts for certificates is missing", name=package)
    return Path(spec.origin).parent

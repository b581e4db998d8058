"""What the site is made of beside the files in docs/: README.md and the other texts at the top.

A hook of MkDocs. The texts stand once, where people look for them in the repository; here they become pages, and the
links between them are turned to the pages. A link to a file that is no page becomes the file's name.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
# Each page that stands at the top of the repository.
TOP = {"index.md": "README.md", "architecture.md": "ARCHITECTURE.md", "changelog.md": "CHANGELOG.md"}
LINK = re.compile(r"\[([^\]\[]+)\]\((?![a-z]+:)([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that stand elsewhere. MkDocs calls it."""
    for page, source in TOP.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn the links of a page to the site's pages. MkDocs calls it."""
    return turned(markdown, page.file.src_uri)


def turned(text: str, page: str) -> str:
    """The text of a page with its links as the site has them; `page` is its path in docs/."""
    source = TOP.get(page, posixpath.join("docs", page))

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        known = next((name for name, file in TOP.items() if file == path), None)
        if known is None and path.startswith("docs/"):
            known = path.removeprefix("docs/")
        if known is None:
            return words if words.startswith("`") else f"{words} (`{path}`)"
        return f"[{words}]({posixpath.relpath(known, posixpath.dirname(page) or '.')}{anchor})"

    return LINK.sub(link, text)

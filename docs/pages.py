"""What the site is made of beside the files in docs/: the chapters of README.md and the other texts at the top.

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
# Each page, and the chapters of README.md it is made of.
CHAPTERS = {
    "tutorial.md": ("Your own event",),
    "operations.md": ("Operations",),
    "life-of-a-meeting.md": ("The life of a meeting",),
    "threats.md": ("Threats, and what is done about them",),
    "refusals.md": ("What it refuses",),
    "performance.md": ("Performance",),
}
WHOLE = {"architecture.md": "ARCHITECTURE.md", "changelog.md": "CHANGELOG.md"}
CONTENTS = re.compile(r"^Contents: .*?\n\n", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\]\[]+)\]\((?![a-z]+:)([^)\s]*)\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that stand elsewhere. MkDocs calls it."""
    for page, text in pages().items():
        files.append(File.generated(config, page, content=text))
    return files


def pages() -> dict[str, str]:
    """The text of every page that is no file in docs/."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    intro, *rest = re.split(r"^## ", readme, flags=re.MULTILINE)
    chapters = {text.partition("\n")[0]: text.partition("\n")[2] for text in rest}
    told = {"index.md": CONTENTS.sub("", intro)}
    told |= {
        page: "".join(f"# {title}\n{_raised(chapters[title])}" for title in titles) for page, titles in CHAPTERS.items()
    }
    told |= {page: (ROOT / source).read_text(encoding="utf-8") for page, source in WHOLE.items()}
    return {page: LINK.sub(_turned, text) for page, text in told.items()}


def _raised(text: str) -> str:
    """A chapter's own headings, one level up."""
    return re.sub(r"^#(#+ )", r"\1", text, flags=re.MULTILINE)


def _turned(link: re.Match[str]) -> str:
    words, target = link.groups()
    path, _, anchor = target.partition("#")
    page = _page(path, anchor)
    if page is None:
        return words if words.startswith("`") else f"{words} (`{path}`)"
    kept = f"#{anchor}" if anchor and path.startswith("docs/") else ""
    return f"[{words}]({page}{kept})"


def _page(path: str, anchor: str) -> str | None:
    """The page that a link from the top of the repository leads to."""
    if path in ("", "README.md"):
        return next((page for page, titles in CHAPTERS.items() if anchor in map(_slug, titles)), "index.md")
    if path.startswith("docs/") and path.endswith(".md"):
        return posixpath.relpath(path, "docs")
    return next((page for page, source in WHOLE.items() if source == path), None)


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")

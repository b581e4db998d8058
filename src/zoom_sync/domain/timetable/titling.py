"""Titles from a template such as `{room}: {title}`, within what Zoom takes.

Only the plain names of `TEMPLATE_FIELDS` are filled in: no attribute, index or format of a value can be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from string import Formatter

from zoom_sync.domain.validate import TITLE_MAX

TEMPLATE_FIELDS = ("title", "room", "track", "type", "speakers", "day", "start", "event", "id")
DEFAULT_TEMPLATE = "{title}"
ELLIPSIS = "…"
LEAST_TITLE = 20  # characters of a title that must be left for it to say anything


def template_flaw(template: str) -> str | None:
    """What is wrong with a template."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return "the template has a brace without its partner: write `{title}`, and `{{` for a brace itself"
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in TEMPLATE_FIELDS or spec or conversion:
            near = get_close_matches(name[:40], TEMPLATE_FIELDS, n=1)
            known = ", ".join(f"`{{{each}}}`" for each in TEMPLATE_FIELDS)
            hint = f"did you mean `{{{near[0]}}}`?" if near and near[0] != name else f"known are {known}"
            return f"the template asks for something that cannot be filled in: {hint}"
    if not any(name for _, name, _, _ in parts):
        return "the template has no field, so all titles would be the same: put `{title}` into it"
    if len("".join(text for text, _, _, _ in parts)) > TITLE_MAX - LEAST_TITLE:
        return f"the template leaves no room for a title: Zoom takes {TITLE_MAX} characters in all"
    return None


def fill(template: str, values: Mapping[str, str]) -> tuple[str, bool]:
    """The title, and whether it had to be shortened to Zoom's limit: `{title}` gives way first, then the end.

    What is empty leaves no stray separator at either end.
    """
    whole = _filled(template, values)
    if len(whole) <= TITLE_MAX:
        return whole, False
    excess = len(whole) - TITLE_MAX
    title = " ".join(values.get("title", "").split())
    if "{title}" in template and len(title) - excess - 1 >= LEAST_TITLE:
        shorter = title[: len(title) - excess - 1].rstrip() + ELLIPSIS
        whole = _filled(template, {**values, "title": shorter})
    if len(whole) > TITLE_MAX:  # the title stands in it twice, or something else is long
        whole = whole[: TITLE_MAX - 1].rstrip() + ELLIPSIS
    return whole, True


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = "".join(
        literal + (values.get(name, "") if name else "") for literal, name, _, _ in Formatter().parse(template)
    )
    edges = " :|/,;·-\u2013\u2014" if template != DEFAULT_TEMPLATE else " "
    return " ".join(text.split()).strip(edges) or values.get("title", "")

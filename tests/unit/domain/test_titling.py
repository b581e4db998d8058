"""Titles from templates: only plain fields, never longer than Zoom takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.domain.timetable import TEMPLATE_FIELDS, fill, template_flaw
from zoom_sync.domain.validate import TITLE_MAX

VALUES = {"title": "Opening", "room": "Hall A", "track": "", "type": "Talk", "event": "Forum"}


@pytest.mark.parametrize(
    ("template", "title"),
    [("{title}", "Opening"), ("{room}: {title}", "Hall A: Opening"), ("{track}: {title}", "Opening"),
     ("{title} ({event})", "Opening (Forum)"), ("{{{title}}}", "{Opening}"), ("{title} | {track}", "Opening")],
)  # fmt: skip
def test_a_template_is_filled_in(template, title):
    assert template_flaw(template) is None
    assert fill(template, VALUES) == (title, False)


@pytest.mark.parametrize(
    "template",
    ["{title", "title}", "{}", "{0}", "{titel}", "{title.__class__}", "{title[0]}", "{title!r}", "{title:>99999}", "plain",
     "x" * 190 + "{title}"],
)  # fmt: skip
def test_what_is_no_template_is_refused(template):
    assert template_flaw(template)


def test_a_slip_gets_a_hint():
    assert "did you mean `{title}`?" in template_flaw("{titel}")


def test_the_title_gives_way_first():
    title, shortened = fill("{room}: {title} ({event})", {**VALUES, "title": "long " * 60})
    assert shortened
    assert title.startswith("Hall A: long")
    assert title.endswith("… (Forum)")
    assert len(title) <= TITLE_MAX


@given(st.dictionaries(st.sampled_from(TEMPLATE_FIELDS), st.text(max_size=400)), st.sampled_from(
    ["{title}", "{room}: {title}", "{title}{title}", "{event} {speakers} {title}"]
))  # fmt: skip
def test_no_title_is_ever_too_long(values, template):
    title, shortened = fill(template, values)
    assert len(title) <= TITLE_MAX
    assert shortened == title.endswith("…") or "…" in title

"""The page of formats names every format, and what it names is there."""

import re

import pytest

from zoom_sync.adapters.sources import FORMATS
from zoom_sync.adapters.sources.columns import FIELDS
from zoom_sync.adapters.sources.mapping_file import MAPPING
from zoom_sync.domain.timetable import TEMPLATE_FIELDS


@pytest.fixture
def page(root):
    return root / "docs" / "how-to" / "programme-formats.md"


def test_every_format_has_its_row_with_a_sample_and_a_test(page):
    rows = {
        match[1]: match[0]
        for match in re.finditer(r"^\| `([a-z-]+)` \|.*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {each.name for each in FORMATS} <= set(rows)
    for each in FORMATS:
        assert "samples/programmes/" in rows[each.name]
        assert "/test_" in rows[each.name]


def test_every_file_that_is_named_is_there(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert len(links) > 20
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_sample_is_named(page, root):
    text = page.read_text(encoding="utf-8")
    assert [one.name for one in (root / "tests/samples/programmes").iterdir() if one.name not in text] == []


def test_every_key_of_a_mapping_every_field_and_every_part_of_a_title_is_told(page):
    text = page.read_text(encoding="utf-8")
    assert [name for name in (*MAPPING.fields, *FIELDS) if f"`{name}`" not in text] == []
    assert [name for name in TEMPLATE_FIELDS if f"`{{{name}}}`" not in text] == []

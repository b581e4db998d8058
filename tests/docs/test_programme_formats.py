"""The page of formats names every format, and what it names is there."""

import re

import pytest

from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.adapters.sources import FORMATS, read_mapping, read_programme
from zoom_sync.adapters.sources.columns import FIELDS
from zoom_sync.adapters.sources.decoding import to_text
from zoom_sync.adapters.sources.mapping_file import MAPPING
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.domain.timetable import TEMPLATE_FIELDS

TOLD = "mapped"  # the one format that its content does not show, but a mapping
SAMPLE = re.compile(r"samples/programmes/([\w.-]+)")


@pytest.fixture
def page(root):
    return root / "docs" / "how-to" / "programme-formats.md"


@pytest.fixture
def rows(page):
    """The table's rows by the names of their formats."""
    found = re.finditer(r"^\| `([a-z-]+)` \|.*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    names = {each.name for each in FORMATS}
    return {match[1]: match[0] for match in found if match[1] in names}


def test_every_format_has_its_row_with_a_sample_and_a_test_that_reads_it(rows, page):
    assert set(rows) == {each.name for each in FORMATS}
    for name, row in rows.items():
        tests = re.findall(r"\(([^()]+/test_\w+\.py)\)", row)
        told = "".join((page.parent / test).read_text(encoding="utf-8") for test in tests)
        assert any(sample in told or name in told for sample in SAMPLE.findall(row)), name


def test_the_samples_of_a_row_are_found_to_be_of_its_format_and_read(rows, root):
    for name, row in rows.items():
        for sample in SAMPLE.findall(row):
            data = (root / "tests/samples/programmes" / sample).read_bytes()
            if name == TOLD:
                told = read_mapping((root / f"tests/samples/programmes/{sample}").read_bytes(), sample)
                data = (root / "tests/samples/programmes" / told.origin.name).read_bytes()
                assert (
                    len(read_programme(data, name=sample, timezone="Europe/Lisbon", mapping=told).require().sessions)
                    == 3
                )
                continue
            assert next(each.name for each in FORMATS if recognised(each, data)) == name, sample
            zone = "Asia/Shanghai" if sample.endswith("-zh.txt") else "Europe/Lisbon"
            reading = read_programme(data, name=sample, timezone=zone)
            assert reading.problems == (), sample
            assert reading.programme.sessions, sample


def recognised(form, data):
    if form.recognises_bytes is not None:
        return form.recognises_bytes(data)
    return form.recognises(to_text(data, Findings("")) or "")


def test_every_form_of_announcement_has_its_row_with_its_file(root):
    text = (root / "docs/how-to/publishing.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+)` \| `KEY(\.[a-z.]+)` \|", text, re.MULTILINE))
    assert rows == {name: writer.suffix for name, writer in ANNOUNCEMENT_WRITERS.items()}


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

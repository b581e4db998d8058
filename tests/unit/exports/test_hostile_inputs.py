"""Every hostile text on every exporter, by the script that writes docs/hostile-inputs.md."""

import importlib.util
from pathlib import Path

import pytest

from zoom_sync.adapters.exports import csv_table, spreadsheet
from zoom_sync.adapters.exports.announcement import templates
from zoom_sync.adapters.exports.summary import page as summary_page

SCRIPT = Path(__file__).parents[3] / "docs" / "hostile.py"


def load():
    spec = importlib.util.spec_from_file_location("docs_hostile", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hostile = load()


@pytest.mark.parametrize("text", [text for _, text in hostile.INPUTS], ids=[what for what, _ in hostile.INPUTS])
@pytest.mark.parametrize("exporter", hostile.EXPORTERS)
def test_no_hostile_text_does_harm_in_any_exporter(exporter, text):
    assert hostile.outcome(text, hostile.EXPORTERS[exporter](text))


def test_the_page_of_hostile_inputs_is_what_the_exporters_do():
    assert hostile.PAGE.read_text(encoding="utf-8") == hostile.page(), "`python docs/hostile.py` writes it"


@pytest.mark.parametrize("text", ["=1+1", "\t=1", "\uff0b1", " @x", "\u202e=1", "\x00=1"])
def test_the_judge_finds_an_exporter_that_neutralises_nothing(monkeypatch, text):
    monkeypatch.setattr(csv_table, "no_formula", lambda told: told)
    monkeypatch.setattr(spreadsheet, "no_formula", lambda told: told.replace("\0", ""))
    for exporter in ("csv", "csv-excel", "xlsx", "xlsx of an event"):
        with pytest.raises(hostile.Harmful):
            hostile.EXPORTERS[exporter](text)


@pytest.mark.parametrize("exporter", ["summary (HTML)", "announcement (HTML)"])
def test_the_judge_finds_a_page_that_escapes_nothing(monkeypatch, exporter):
    made = templates._environment
    monkeypatch.setattr(summary_page, "_TEMPLATES", summary_page._TEMPLATES.overlay(autoescape=False))
    monkeypatch.setattr(templates, "_environment", lambda folder: made(folder).overlay(autoescape=False))
    with pytest.raises(hostile.Harmful):
        hostile.EXPORTERS[exporter]("<script>alert(1)</script>")


def test_the_judge_finds_a_formula_and_a_link_in_a_workbook(monkeypatch):
    def as_excel_would(self, sheet, row, place, cell, shown=None):
        sheet.write(row, place, str(cell) if cell is not None else None)

    monkeypatch.setattr(spreadsheet.Book, "write_cell", as_excel_would)
    for text in ("=1+1", "http://evil.example"):
        with pytest.raises(hostile.Harmful):
            hostile.EXPORTERS["xlsx"](text)

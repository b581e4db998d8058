"""`csv-excel` as a spreadsheet of its language opens it: LibreOffice itself, where this machine has it."""

import csv
import io
import shutil
import subprocess
from datetime import datetime

import openpyxl
import pytest
from export_samples import HOSTILE, attendance_row

from zoom_sync.adapters.exports.csv_table import CONVENTIONS
from zoom_sync.adapters.exports.tables import ATTENDANCE
from zoom_sync.adapters.exports.writing import WRITERS, by_language, write_table
from zoom_sync.domain.publication import SpreadsheetLanguage

OFFICE = shutil.which("soffice")
LOCALES = {SpreadsheetLanguage.ENGLISH: 1033, SpreadsheetLanguage.GERMAN: 1031, SpreadsheetLanguage.CHINESE: 2052}
UTF_8 = 76
# Comma, semicolon and tab, which LibreOffice's own dialogue has ticked, and each language's separator alone.
ALL_SEPARATORS = "44/59/9"
ROWS = [
    attendance_row(f"Müller; {n}, Jörg", seconds_inside=67 * n + 1, note='1,5; "x"\n2.5', phone=n % 2 == 0)
    for n in range(60)
]


def written(language, rows=ROWS):
    out = io.BytesIO()
    write_table("csv-excel", ATTENDANCE, rows, out, language)
    return out.getvalue()


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Opens a CSV file in LibreOffice under a language; answers its lines as {column: value}."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    folder = tmp_path_factory.mktemp("office")

    def open_in(language, content, separators, *, special):
        path = folder / "table.csv"
        path.write_bytes(content)
        options = f"{separators},34,{UTF_8},1,,{LOCALES[language]},false,{str(special).lower()}"
        subprocess.run(
            [OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
             f"--infilter=Text - txt - csv (StarCalc):{options}", "--outdir", folder, path],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        head, *lines = openpyxl.load_workbook(folder / "table.xlsx").active.iter_rows(values_only=True)
        return [dict(zip(head, line, strict=True)) for line in lines]

    return open_in


@pytest.mark.parametrize("language", SpreadsheetLanguage)
@pytest.mark.parametrize("special", [False, True])
def test_libreoffice_opens_it_with_the_same_sums_and_real_dates(opened, language, special):
    separators = ALL_SEPARATORS if special else str(ord(CONVENTIONS[language].separator))
    lines = opened(language, written(language), separators, special=special)
    minutes = [line["minutes"] for line in lines]
    assert all(isinstance(value, int | float) for value in minutes)
    assert sum(minutes) == pytest.approx(sum(round(row.value.seconds_inside / 60, 2) for row in ROWS))
    assert {line["share"] for line in lines} == {0.8333}
    assert {line["first_join"] for line in lines} == {datetime(2023, 11, 6)}  # noqa: DTZ001 - spreadsheets know no zones
    assert {str(line["first_join_time"]) for line in lines} == {"20:30:00"}
    assert {line["timezone"] for line in lines} == {"Asia/Shanghai"}
    assert [line["name"] for line in lines] == [row.value.name for row in ROWS]
    if special:
        assert [line["phone"] for line in lines] == [row.value.phone for row in ROWS]


@pytest.mark.parametrize("language", SpreadsheetLanguage)
def test_every_language_has_its_separator_decimal_sign_and_words(language):
    conventions = CONVENTIONS[language]
    text = written(language).decode("utf-8-sig")
    line = next(csv.DictReader(io.StringIO(text, newline=""), delimiter=conventions.separator))
    assert line["share"] == f"0{conventions.decimal}8333"
    assert line["phone"] == conventions.yes
    assert (line["first_join"], line["first_join_time"]) == ("2023-11-06", "20:30:00")


@pytest.mark.parametrize("language", SpreadsheetLanguage)
def test_whatever_people_type_stays_in_its_cell(language):
    rows = [attendance_row(name) for name in HOSTILE]
    text = written(language, rows).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=CONVENTIONS[language].separator))
    assert len(lines) == len(rows)
    assert all(line["timezone"] == "Asia/Shanghai" and None not in line for line in lines)


def test_what_is_not_known_stays_empty_and_takes_its_columns():
    content = written(SpreadsheetLanguage.GERMAN, [attendance_row(first_join=None, last_leave=None, share=None)])
    (line,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert {line[name] for name in ("first_join", "first_join_time", "last_leave", "share", "timezone")} == {""}


def test_only_the_csv_for_spreadsheets_has_a_language():
    assert [name for name in WRITERS if by_language(name)] == ["csv-excel"]

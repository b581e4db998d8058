"""Certificates as PDF: names in every script, nothing of them read as markup, and no box for a missing character."""

import csv
import io
import re
import zlib
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest

from zoom_sync.adapters.exports.certificates.drawing import Drawing, write_archive
from zoom_sync.adapters.exports.certificates.faces import Fonts, clusters
from zoom_sync.domain.certificates.entitling import For
from zoom_sync.domain.certificates.issued import Certificate, CertificateState, Content, Place
from zoom_sync.domain.certificates.rules import Basis, CertificateLanguage
from zoom_sync.errors import ConfigurationError

NAMES = {
    "latin": "Ann-Marie O’Brien Łukasiewicz-Nguyễn",
    "chinese": "欧阳𠮷明",
    "arabic": "محمد عبد الرحمن الأمين",
    "cyrillic": "Александра Вознесенская",
    "devanagari": "प्रिया शर्मा क्षत्रिय",
    "korean": "김민수",
}


@pytest.fixture(scope="module")
def fonts():
    return Fonts()


@pytest.fixture(scope="module")
def drawing(fonts):
    return Drawing(fonts, "https://events.example.org/verify")


def paper(name="Ann Lee", *, number="0123456789ABCDEF", **content):
    values = {"why_for": For.ATTENDING, "event_title": "Seminar", "title": "", "days": ("2023-11-06", "2023-11-06")}
    told = Content(**(values | {"minutes": 90} | content))
    place = Place(Basis.EVENT, "", "mark")
    at = datetime(2023, 11, 12, 23, 5, 7, 123456, tzinfo=UTC)
    return Certificate(number, "urban-2023", place, 1, CertificateState.RELEASED, name, "a@x.org", told, "Olga", at)


def unicode_of(pdf):
    """Every character that the text of a PDF can be copied as, from the maps of its fonts (`ToUnicode`)."""
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream.strip(b"\r\n"))
        except zlib.error:
            continue
        if b"beginbfchar" in text or b"beginbfrange" in text:
            for code in re.findall(rb"> <([0-9A-Fa-f]+)>", text):
                found |= set(bytes.fromhex(code.decode()).decode("utf-16-be", "replace"))
    return found


@pytest.mark.parametrize("script", NAMES)
def test_a_name_of_any_of_these_scripts_is_drawn_with_its_own_characters(drawing, fonts, script):
    name = NAMES[script]
    assert fonts.lacking(name) == ""
    drawn = drawing.draw(paper(name), "UTC")
    assert drawn.startswith(b"%PDF-")
    assert {character for character in name if not character.isspace()} <= unicode_of(drawn)


@pytest.mark.parametrize("language", CertificateLanguage)
def test_no_font_lacks_a_character_of_the_certificates_own_texts(drawing, fonts, language):
    for why_for in For:
        data = drawing._data(paper(language=language, why_for=why_for, credits={"CPD": 1.5}), "UTC")
        assert fonts.lacking("".join([*data["texts"].values(), *data["worth"], data["number"], data["address"]])) == ""


@pytest.mark.parametrize(
    ("name", "lacking"), [("ไทย Ann", "ไทย"), ("Ann \U0001f600", "\U0001f600"), ("Ann\u0001", "\u0001"), ("王\u093e", "王\u093e")]
)  # fmt: skip
def test_what_no_font_has_is_told_character_by_character(fonts, name, lacking):
    assert fonts.lacking(name) == lacking


def test_marks_are_judged_with_the_character_that_they_are_drawn_on():
    assert list(clusters("e\u0301क्\u200dष a")) == ["\u00e9", "क्\u200d", "ष", " ", "a"]


@pytest.mark.parametrize(
    "name", ["#panic()", '#read("/etc/passwd")', "*bold* _it_ $x$", '"]; #set text(red)', "\\u{41}", "// nothing"]
)
def test_a_name_is_data_and_never_markup(drawing, name):
    drawn = drawing.draw(paper(name, title=name, titles=(name,), event_title=name), "UTC")
    assert set(name) - {" "} <= unicode_of(drawn)


def test_the_same_certificate_is_the_same_file(drawing, fonts):
    again = Drawing(fonts, "https://events.example.org/verify")
    assert drawing.draw(paper(), "UTC") == again.draw(paper(), "UTC")


def test_arabic_is_laid_out_from_the_right_and_dates_are_of_the_language(drawing):
    arabic = drawing._data(paper(language=CertificateLanguage.ARABIC), "UTC")
    chinese = drawing._data(paper(language=CertificateLanguage.CHINESE), "Asia/Shanghai")
    assert (arabic["direction"], chinese["direction"]) == ("rtl", "ltr")
    assert "نوفمبر" in arabic["texts"]["days"]
    assert chinese["texts"]["released"].endswith("2023年11月13日")  # it was the next day there


def test_the_longest_names_and_many_titles_stay_on_one_page(drawing):
    long = paper("Wolfeschlegelsteinhausenbergerdorff " * 3, titles=tuple(f"Title {n} " * 9 for n in range(40)))
    assert len(re.findall(rb"/Type\s*/Page\b", drawing.draw(long, "UTC"))) == 1


def test_the_archive_says_whose_each_file_is(drawing):
    papers = [paper(number="0123456789ABCDEF"), paper("王伟", number="0" * 16)]
    out = io.BytesIO()
    assert write_archive(drawing, papers, "UTC", out) == 2
    with ZipFile(out) as archive:
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("index.csv"), "utf-8")))
        assert [(row["name"], row["email"], row["number"]) for row in rows] == [
            ("Ann Lee", "a@x.org", "0123-4567-89AB-CDEF"),
            ("王伟", "a@x.org", "0000-0000-0000-0000"),
        ]
        assert all(archive.read(row["file"]).startswith(b"%PDF-") for row in rows)


def test_an_organisers_template_and_picture_are_used_and_nothing_outside_its_folder(fonts, tmp_path):
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    template = tmp_path / "certificate.typ"
    template.write_text('#image("logo.svg")\n#let data = json(bytes(sys.inputs.data))\n#data.name')
    drawn = Drawing(fonts, "https://x.org/verify", tmp_path).draw(paper(), "UTC")
    assert set("AnLe") <= unicode_of(drawn)
    for broken in ('#read("/../../../etc/hostname")', '#read("../outside")', "#data.name"):
        template.write_text(broken)
        with pytest.raises(ConfigurationError, match=r"certificate\.typ"):
            Drawing(fonts, "https://x.org/verify", tmp_path).draw(paper(), "UTC")


def test_an_organisers_fonts_are_tried_after_the_others(tmp_path):
    assert Fonts(tmp_path / "missing").families[:4] == ["Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC"]  # fmt: skip

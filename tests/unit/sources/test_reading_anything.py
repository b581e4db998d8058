"""Any bytes give a programme or clear problems: encodings, sizes, formats found by content, nothing secret told."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme_samples import SEED, TEXT, YAML, changed, read, the_problem, told

from zoom_sync.adapters.sources import check_json
from zoom_sync.errors import ProgrammeError

LINES = [
    *sorted({line.strip() for line in (SEED.decode() + TEXT + YAML).splitlines()}),
    "event:", "- ", "[", "{", "}", "&a ", "*a", "!!", "'", '"', "Seminar 1:", "Date: ", "Date: 9", "UTC+99", "\u00a0",
    "24:00-24:00", "Time: ", "November 99th", "9999-12-31 23:59", "0001-01-01T00:00+14:00", "Webinar ID: ", "\u0661",
]  # fmt: skip


def fine(reading):
    check_json(reading)
    assert (reading.programme is None) == bool(reading.problems)
    assert all(problem.message and problem.source == "programme" for problem in reading.problems)


@given(st.text() | st.binary())
def test_any_text_or_bytes_are_read_or_refused(source):
    for form in (None, "yaml", "announcement"):
        fine(read(source, format=form))


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=8), max_size=25), st.sampled_from(["\n", "\n  ", " "]))
def test_any_mixture_of_lines_is_read_or_refused(lines, between):
    for form in (None, "yaml", "announcement"):
        fine(read(between.join(lines), format=form))


@settings(deadline=None)
@given(
    st.sampled_from([SEED, YAML.encode(), TEXT.encode()]),
    st.integers(0, 5000),
    st.integers(0, 40),
    st.binary(max_size=9),
)
def test_any_damage_to_a_programme_is_read_or_refused(source, place, length, put):
    fine(read(source[:place] + put + source[place + length :]))


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
     (codecs.BOM_UTF32_LE, "utf-32-le"), (b"", "utf-16-le"), (b"", "utf-16-be")],
)  # fmt: skip
def test_the_encoding_is_found(mark, encoding):
    assert read(mark + SEED.decode().encode(encoding)).programme == read(SEED).programme


def test_a_byte_order_mark_in_a_text_is_skipped():
    assert read("\ufeff" + YAML).programme == read(YAML).programme
    assert read("\ufeff{}").problems == read("{}").problems


def test_other_bytes_are_told_with_their_place():
    data = YAML.replace("Opening", "Tür").encode("latin-1")
    line, message = the_problem(data)
    assert line == 4
    assert message == f"byte {data.index(0xFC) + 1} is not UTF-8 text: save the file with the encoding UTF-8"


def test_half_a_character_is_told():
    assert the_problem("event:\n\ud800") == (2, "character 8 is half a character (a lone surrogate): remove it")


@pytest.mark.parametrize(
    ("start", "kind"), [(b"PK\x03\x04", "Excel"), (b"%PDF-1.7", "PDF"), (b"\xd0\xcf\x11\xe0", "old Word")]
)
def test_files_of_other_programs_are_named(start, kind):
    assert kind in the_problem(start + bytes(range(256)))[1]


@pytest.mark.parametrize("source", ["x" * 9_000_000, b"x" * 9_000_000, "ä" * 5_000_000])
def test_what_is_too_large_is_refused(source):
    assert "larger than 8 MiB" in the_problem(source)[1]


def test_the_format_is_found_by_content():
    assert read(YAML).programme
    assert read(TEXT).programme
    assert "known format" in the_problem("Dear all, we shall meet.")[1]
    assert "known format" in the_problem("")[1]


def test_the_format_can_be_forced():
    assert "not valid YAML" in the_problem(TEXT, format="yaml")[1]
    assert "`yaml` or `csv` or `announcement`" in the_problem(TEXT, format="odt")[1]


def test_a_zone_or_key_of_the_caller_that_cannot_be_is_a_problem():
    assert the_problem(TEXT, timezone="Beijing")[1].endswith("did you mean `Asia/Shanghai`?")
    assert the_problem(TEXT, event_key="No!")[1].startswith("the event's key must be")


def test_a_reading_with_problems_gives_no_programme_when_it_is_required():
    assert read(YAML).require() == read(YAML).programme
    with pytest.raises(ProgrammeError, match="1 problem; nothing was changed") as raised:
        read(changed(YAML, "title: Closing", "")).require()
    assert raised.value.problems[0].line == 13


def test_a_flood_of_problems_is_cut():
    problems = read("Event: x\n" + "Seminar 1:\n" * 2000).problems
    assert len(problems) == 1001
    assert "more than 1000" in problems[-1].message


SECRET = "https://zoom.us/j/82318937943?pwd=S3cretS3cret jane@example.org 0118260"
SPOILT = [
    *[changed(TEXT, value, f"{value} {SECRET}") for value in TEXT.splitlines()],
    *[changed(YAML, value, f"{value} {SECRET}") for value in YAML.splitlines()],
    *[changed(YAML, value, f'{value.partition(":")[0]}: "{SECRET}"') for value in YAML.splitlines() if ": " in value],
    changed(YAML, "title: Opening", f'"{SECRET}": Opening'),
    changed(YAML, "title: Opening", f"title: [{SECRET}]"),
    changed(YAML, '"011826"', '"0118260 0118260"'),
    TEXT + f"\n{SECRET}\n", f"{SECRET}\n{TEXT}", SECRET,
]  # fmt: skip


@pytest.mark.parametrize("text", SPOILT)
def test_no_message_tells_an_address_a_passcode_or_a_link(text):
    for form in (None, "yaml", "announcement"):
        reading = read(text, format=form)
        words = "\n".join(message for _, message in told([*reading.problems, *reading.notes]))
        for secret in ("S3cret", "jane", "011826", "82318937943", "://"):
            assert secret not in words
        assert "S3cret" not in repr(reading.problems)

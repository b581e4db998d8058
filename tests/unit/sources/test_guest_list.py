"""Lists of people as CSV, and registration in a programme."""

import pytest
from programme_samples import YAML, changed, line_of, read, told

from zoom_sync.adapters.sources import dump_programme
from zoom_sync.adapters.sources.guest_list import read_guests
from zoom_sync.domain.programme import RegistrationMode

LIST = "First name,Last name,E-mail,Organisation\nAnn,Li,ann@example.org,City\nBob,,bob@example.org,\n"


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").replace("\n", "\r\n").encode(),
        f"sep=;\n{LIST.replace(',', ';')}".encode(),
    ],
)
def test_a_list_is_read_whatever_program_wrote_it(data):
    found = read_guests(data, "guests.csv")
    assert [(one.email, one.first_name, one.last_name, one.organisation) for one in found.people] == [
        ("ann@example.org", "Ann", "Li", "City"), ("bob@example.org", "Bob", "", ""),
    ]  # fmt: skip
    assert not found.problems


def test_a_line_is_counted_as_an_editor_counts_it():
    data = b'name,email\n"Ann\nLi",ann@example.org\nBob,nowhere\n'
    assert [one.line for one in read_guests(data, "guests.csv").problems] == [2, 4]


def test_what_is_no_table_is_told():
    for data in (b"", b"PK\x03\x04rest", b"just words", b'name,email\n"open'):
        assert read_guests(data, "guests.csv").problems


def test_registration_is_read_and_written_back():
    text = changed(YAML, "    duration: 45\n", "    duration: 45\n    registration: automatic\n")
    programme = read(text).programme
    assert [one.registration for one in programme.sessions] == [None, RegistrationMode.AUTOMATIC]
    assert read(dump_programme(programme)).programme == programme


def test_registration_of_the_defaults_holds_for_every_session_that_says_nothing_else():
    text = changed(YAML, "sessions:\n", "defaults: {registration: manual}\nsessions:\n")
    text = changed(text, "    duration: 45\n", "    duration: 45\n    registration: none\n")
    modes = [one.registration for one in read(text).programme.sessions]
    assert modes == [RegistrationMode.MANUAL, RegistrationMode.NONE]


def test_registration_against_the_sessions_own_settings_is_told_with_its_line():
    more = "    duration: 45\n    registration: manual\n    settings: {approval_type: 0}\n"
    text = changed(YAML, "    duration: 45\n", more)
    [(line, message)] = told(read(text).problems)
    assert (line, "keep one of the two" in message) == (line_of(text, "registration:"), True)


def test_a_misspelt_registration_is_told_with_what_was_meant():
    text = changed(YAML, "    duration: 45\n", "    duration: 45\n    registration: automatc\n")
    assert "did you mean `automatic`?" in told(read(text).problems)[0][1]

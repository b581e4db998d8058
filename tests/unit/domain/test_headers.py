import pytest

from zoom_sync.domain.headers import SYNONYMS, Column, columns_of, plain_header


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Meeting ID", Column.MEETING_ID), (" meeting_id ", Column.MEETING_ID), ("会议号", Column.MEETING_ID),
        ("Ｍｅｅｔｉｎｇ　ＩＤ：", Column.MEETING_ID), ("Zoom-Link", Column.LINK), ("入会密码", Column.PASSCODE),
        ("Start time", Column.TIME), ("开始时间", Column.TIME), ("Host", None), ("", None), ("Room", None),
    ],
)  # fmt: skip
def test_a_header_is_known_whatever_its_case_signs_and_width(header, column):
    assert list(columns_of([header])) == ([column] if column else [])


def test_no_header_means_two_columns():
    plain = [plain_header(word) for words in SYNONYMS.values() for word in words]
    assert len(plain) == len(set(plain))
    assert "" not in plain


def test_the_headers_that_are_written_are_found_again():
    assert columns_of(Column) == {column: place for place, column in enumerate(Column)}


def test_of_two_columns_with_one_meaning_the_plainer_name_counts():
    assert columns_of(["No", "Key", "Title", "Talk title"]) == {Column.KEY: 1, Column.TITLE: 2}

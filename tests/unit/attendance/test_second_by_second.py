"""The merge against an oracle that counts second by second. MERGE_REPORTS says how many reports; 300 if it is not set."""

import os

from second_by_second import differing


def test_the_merge_says_what_counting_second_by_second_says():
    assert list(differing(int(os.environ.get("MERGE_REPORTS", "300")))) == []

"""What accounts ask of passcodes; and that those we make are as asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_sync.domain.passcodes import PasscodePolicy, longest_run
from zoom_sync.service_layer.new_passcodes import new_passcode
from zoom_sync.simulator.account import Policy


@pytest.mark.parametrize(
    ("asked", "fits", "fails"),
    [
        ({"length": 8}, "abcdefgh", "abcdefg"),
        ({"have_letter": True}, "12345a", "123456"),
        ({"have_number": True}, "abcde1", "abcdef"),
        ({"have_special_character": True}, "abc@ef", "abcdef"),
        ({"have_upper_and_lower_characters": True}, "abC", "abc"),
        ({"only_allow_numeric": True}, "135790", "13579a"),
        ({"consecutive_characters_length": 4}, "abcx1238", "abcd"),
        ({"consecutive_characters_length": 4}, "1112", "2111123"),
        ({"weak_enhance_detection": True}, "a1b2c3", "aabbab"),
    ],
)
def test_each_thing_that_an_account_may_ask(asked, fits, fails):
    assert PasscodePolicy(**asked).fits(fits)
    assert not PasscodePolicy(**asked).fits(fails)


@pytest.mark.parametrize(
    ("text", "run"), [("", 0), ("a", 1), ("ac", 1), ("ab", 2), ("x1234y", 4), ("dcba", 4), ("aaa1", 3), ("abba", 2)]
)
def test_a_run_goes_up_goes_down_or_repeats(text, run):
    assert longest_run(text) == run


POLICIES = st.builds(
    PasscodePolicy,
    st.integers(0, 10),
    *[st.booleans()] * 5,
    st.sampled_from([0, 4, 5, 6, 7, 8]),
    st.booleans(),
)


@given(POLICIES)
@settings(deadline=None)
def test_what_we_make_is_what_the_account_asks_for(policy):
    made = new_passcode(policy).value
    assert policy.fits(made)
    assert len(made) == 10


@given(POLICIES)
@settings(deadline=None)
def test_zoom_takes_what_we_make(policy):
    """The simulator judges by itself; where only digits may be, it asks for no letters besides."""
    asked = {name: getattr(policy, name) for name in PasscodePolicy.__slots__ if name != "forced"}
    if policy.only_allow_numeric:
        asked |= dict.fromkeys(["have_letter", "have_special_character", "have_upper_and_lower_characters"], False)
    assert Policy(**asked).accepts(new_passcode(policy).value)


def test_they_differ_and_can_be_read_out_and_dialled():
    made = {new_passcode().value for _ in range(50)}
    assert len(made) == 50
    assert all(text.isdecimal() and longest_run(text) <= 3 for text in made)


@pytest.mark.parametrize("asked", ["have_letter", "have_special_character", "have_upper_and_lower_characters"])
def test_where_the_account_asks_for_more_than_digits_none_is_taken_for_another(asked):
    made = "".join(new_passcode(PasscodePolicy(**{asked: True})).value for _ in range(50))
    assert not set(made) & set("IlOo01")
    assert not made.isdecimal()

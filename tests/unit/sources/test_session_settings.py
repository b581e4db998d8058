"""A session's own settings are held against what Zoom takes, each flaw with its line."""

from programme_samples import YAML, changed, read, told


def test_a_misspelt_setting_is_told_with_its_line_and_what_was_meant():
    text = changed(
        YAML,
        "    duration: 45\n",
        "    duration: 45\n    settings:\n      waitng_room: true\n      breakout_room:\n        rooms:\n"
        "          - {name: A}\n          - {nam: B}\n",
    )
    first = text[: text.index("waitng_room")].count("\n") + 1
    assert told(read(text).problems) == [
        (first, "Zoom knows no setting 'waitng_room'; did you mean `waiting_room`?"),
        (first + 4, "Zoom knows no setting 'nam'; did you mean `name`?"),
    ]

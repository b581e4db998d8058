"""What an announcement cannot mean is a problem with its line and advice; what is ignored is a note."""

import pytest
from programme_samples import TEXT, changed, line_of, read, the_problem, told

from zoom_sync.domain.programme import Kind

DATE = "Date: November 6th, 20:30-22:00 (UTC+8)\n"
ID = "Meeting ID: 823 1893 7943\n"
PASSCODE = "Passcode: 011826\n"

PROBLEMS = [
    # what is changed, into what, the line it is told at, words of the message
    (DATE, "", "Seminar 1", "has no date: write `Date: November"),
    (DATE, "Date: in autumn, 20:30-22:00\n", "Date:", "cannot be read: write it like"),
    (DATE, "Date: 6/11/2030, 20:30-22:00\n", "Date:", "write"),
    (DATE, "Date: November 31st, 20:30-22:00\n", "Date:", "not in the calendar"),
    (DATE, "Date: November 6th, 20:30-19:00\n", "Date:", "ends before it starts"),
    (DATE, "Date: November 6th, 25:30-26:00\n", "Date:", "no such time of day"),
    (DATE, "Date: November 6th, 20:30\n", "Date:", "has no end"),
    (DATE, "Date: November 6th\n", "Date:", "no time of day"),
    (DATE, "Date: Tuesday, November 6th, 20:30-22:00\n", "Date:", "is a Wednesday, not a Tuesday"),
    (DATE, "Date: November 16th, 20:30-22:00\n", "Date:", "outside the days given before the sessions"),
    (DATE, "Date: November 6th, 20:30-22:00 (UTC+19)\n", "Date:", "from UTC-12 to UTC+14"),
    (DATE, "Date: November 6th, 20:30-22:00 (UTC+5:30)\n", "Date:", "--timezone Asia/Kolkata"),
    (DATE, DATE + "Date: November 7th\n", "Date: November 7th", "different dates"),
    ("- 9th 2030 ", "- 9th ", "Date:", "year is not given"),
    ("Time: November 6th - 9th 2030 (UTC+8)", "Time: some days of 2030 (UTC+8)", "Time:", "the days of the event"),
    (ID, "Meeting ID: 823 1893\n", "Meeting ID", "9 to 11 digits and nothing else, this one has 7"),
    (ID, ID + "Meeting ID: 823 1893 7944\n", "7944", "a second meeting ID"),
    (ID, ID + "Zoom Link: https://zoom.us/j/82318937944?pwd=S3cret\n", "Meeting ID", "name different meetings"),
    (ID, ID + "Zoom Link: https://zoom.us/s/82318937943?zak=S3cret\n", "Zoom Link", "start link"),
    (ID, "", "Passcode", "no meeting ID: add it or remove the passcode"),
    (PASSCODE, "Passcode: 01234567890\n", "Passcode", "at most 10"),
    (PASSCODE, "Passcode: two words\n", "Passcode", "exactly as Zoom shows it"),
    (PASSCODE, PASSCODE + "Passcode: 011827\n", "011827", "a second passcode"),
    (PASSCODE, "Pascode: 011826\n", "Pascode", "the label `Pascode` is not known: did you mean `Passcode`?"),
    (PASSCODE, PASSCODE + "Language: English\n", "Language", "the label `Language` is not known"),
    (PASSCODE, PASSCODE + "\nsome words\n", "some words", "belongs to nothing: give it a label"),
    (" • Kazan, Russian: Park to rest", " • Kazan, Russian", "• Kazan", "no presenter or no title: write it as"),
    (" • Kazan, Russian: Park to rest", " • : Park to rest", "•", "no presenter or no title"),
    (" • Kazan, Russian: Park to rest", " • 20:30 Kazan: Park", "•", "begins with a time"),
    ("Park to rest\n", "Park\nto rest\n", "to rest", "rest of the item above, join"),
    ("Opening\nOpening: how we begin\n", "", "Seminar 1", "has no title"),
    ("how we begin\n", "how we begin\nand go on\n", "and go on", "at most two lines of title"),
    ("Opening: how we begin", "Chair: Jane", "Chair", "the label `Chair` is not known"),
    ("Event: Spring School\n", "", "Time", "the event has no title"),
    ("Opening\nOpening: how we begin", "O" * 201, "Seminar 1", "`title` is 201 characters long and Zoom takes at most 200"),
    ("Cities and Initiatives:", "Cities and Initiatives: five", "Cities", "each item on a line of its own"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "where", "words"), PROBLEMS, ids=[f"{p[3]}-{n}" for n, p in enumerate(PROBLEMS)]
)
def test_what_cannot_be_meant_is_a_problem_with_line_and_advice(old, new, where, words):
    text = changed(TEXT, old, new)
    line, message = the_problem(text)
    assert words in message
    assert line == line_of(text, where)


def test_two_sessions_with_one_number_are_told_with_both_lines():
    second = "Seminar 1:\nClosing\nDate: November 7th, 20:30-22:00\n"
    line, message = the_problem(TEXT + second)
    assert line == 12
    assert (
        message
        == "the session key `seminar-1` is used twice: give each session a key of its own (lines 3 and 12); it is that of `Opening` and `Closing`"
    )


@pytest.mark.parametrize("passcode", ["", "Passcode: 807002\n"])
def test_the_same_meeting_with_another_passcode_is_a_problem(passcode):
    second = f"Seminar 2:\nClosing\nDate: November 7th, 20:30-22:00\nMeeting ID: 82318937943\n{passcode}"
    assert "same meeting ID as another" in the_problem(TEXT + second)[1]


def test_all_problems_are_told_at_once_in_the_order_of_their_lines():
    text = changed(changed(changed(TEXT, "823 1893 7943", "823"), "Passcode:", "Pass word is:"), "rest\n", "rest\nx\n")
    assert [problem.line for problem in read(text).problems] == [7, 8, 11]


def test_without_any_zone_the_advice_is_to_name_one():
    text = TEXT.replace(" (UTC+8)", "")
    assert "no time zone is given" in the_problem(text)[1]
    assert read(text, timezone="Asia/Shanghai").problems == ()


def test_a_zone_abbreviation_is_ambiguous_without_a_place_and_checked_with_one():
    text = TEXT.replace(" (UTC+8)", "").replace("22:00", "22:00 (CST)")
    assert "`CST` is ambiguous" in the_problem(text)[1]
    assert read(text, timezone="Asia/Shanghai").problems == ()
    assert "does not fit Europe/Paris" in the_problem(text, timezone="Europe/Paris")[1]


def test_an_announcement_without_sessions_is_a_problem():
    assert the_problem("Event: Spring School\nSome words.\n") == (
        None, "no session is found: begin each with a heading such as `Seminar 1:` on its own line",
    )  # fmt: skip


def notes_besides_the_zone(text, **options):
    reading = read(text, **options)
    assert reading.problems == ()
    return [(line, message) for line, message in told(reading.notes) if "--timezone" not in message]


def test_a_plain_announcement_needs_no_note_beyond_the_zone():
    assert notes_besides_the_zone(TEXT) == []


def test_empty_labels_need_neither_note_nor_problem():
    text = changed(
        changed(changed(TEXT, ID, "Meeting ID:\n\n"), PASSCODE, "Passcode: \n"), "Cities", "QR code:\nCities"
    )
    assert notes_besides_the_zone(text) == []
    assert read(text).programme.sessions[0].known is None


NOTES = [
    (ID, ID + "Zoom Link: https://zoom.us/meeting/register/S3cret\n", "Zoom Link", "no meeting ID can be read"),
    (PASSCODE, "Passcode: TBA\n", "Passcode", "no value yet"),
    (DATE, "Date: November 6th, 23:00-00:30\n", "Date", "ending on the next day"),
    (DATE, "Date: November 6th, 8:30 - 10:00 pm\n", "Date", "20:30-22:00"),
    ("Opening: how we begin", "How we begin", "How we", "long form of the session's title"),
    ("Opening\nOpening: how we begin", "Opening: how", "Opening", "taken as the session's title"),
    ("Cities and Initiatives:", "Those who speak:", "Those", "heading of the items"),
    ("Seminar 1", "Form: Online\nSeminar 1", "Form", "before the sessions is ignored"),
    ("Utopias: a start\n", "Utopias: a start\n\nWe look forward to you\n", "We look", "after the items is ignored"),
    ("Utopias: a start\n", "Utopias: a start\n\nContact: jane@example.org\n", "Contact", "ignored"),
    (
        "Seminar 1",
        "We shall hear the 15 shortlisted cities.\nSeminar 1",
        "We shall",
        "speaks of 15, but 2 items are found",
    ),
    ("Event: ", "", "Spring", "taken as the event's title"),
    ("823 1893 7943", "823 189 7943", "Seminar 1", "ten digits, as personal meeting rooms have"),
]


@pytest.mark.parametrize(("old", "new", "where", "words"), NOTES, ids=[note[3] for note in NOTES])
def test_what_is_read_loosely_or_passed_over_is_noted_with_its_line(old, new, where, words):
    text = changed(TEXT, old, new)
    (note,) = notes_besides_the_zone(text)
    assert words in note[1]
    assert note[0] == line_of(text, where)


def test_a_webinar_id_makes_a_webinar():
    assert read(changed(TEXT, "Meeting ID", "Webinar ID")).programme.sessions[0].kind is Kind.WEBINAR


def test_the_meeting_id_is_read_from_the_link_where_none_is_told():
    text = changed(TEXT, ID, "Zoom Link:\nhttps://us02web.zoom.us/j/82318937943?pwd=S3cret\n")
    assert read(text).programme.sessions[0].known.meeting_id == "82318937943"


def test_speakers_have_no_country_after_their_comma():
    text = changed(changed(TEXT, "Cities and Initiatives", "Speakers"), "Kazan, Russian", "Jane Doe, PhD")
    assert [item.country for item in read(text).programme.sessions[0].items] == [None, None]
    assert read(text).programme.sessions[0].items[0].presenter == "Jane Doe, PhD"

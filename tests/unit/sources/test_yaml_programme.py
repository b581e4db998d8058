"""The YAML form: what it gives, and every problem with its line and what to do."""

import pytest
from programme_samples import YAML, changed, line_of, read, the_problem, told

from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode

MEETING = '      id: "823 1893 7943"\n'


def first(text, **options):
    reading = read(text, **options)
    assert reading.problems == (), told(reading.problems)
    return reading.programme.sessions[0]


def test_a_small_programme_is_read_whole():
    programme = read(YAML).programme
    opening, closing = programme.sessions
    assert programme.event.key == "spring-2030"
    assert opening.start.isoformat() == "2030-03-04T10:00:00+01:00"
    assert opening.minutes == 90
    assert opening.items == (AgendaItem("Kazan, Russian", "Park to rest"),)
    assert opening.known == KnownMeeting("82318937943", Passcode("011826"))
    assert (opening.line, closing.line) == (3, 13)
    assert closing.end.isoformat() == "2030-03-05T10:45:00+01:00"
    assert closing.kind is Kind.MEETING


@pytest.mark.parametrize("written", ["011826", "'011826'", "!!str 011826"])
def test_a_passcode_keeps_its_zero_even_without_quotes(written):
    assert first(changed(YAML, '"011826"', written)).known.passcode == Passcode("011826")


@pytest.mark.parametrize("written", ["82318937943", "823-1893-7943", "'823 1893 7943'", "823 1893 7943"])
def test_a_meeting_id_is_read_with_and_without_spaces(written):
    assert first(changed(YAML, '"823 1893 7943"', written)).known.meeting_id == "82318937943"


@pytest.mark.parametrize(
    "written",
    ["2030-03-04T10:00:00", "'2030-03-04 10:00'", "2030-03-04T10:00", "2030-3-4 10:00:00", "2030-03-04T09:00:00Z",
     "2030-03-04T14:30:00+05:30", "2030-03-04 10:00:00 +1", "2030-03-04T10:00:00.0+0100"],
)  # fmt: skip
def test_a_time_may_be_a_timestamp_or_a_text_and_carry_an_offset(written):
    assert first(changed(YAML, "2030-03-04T10:00:00", written)).start.isoformat() == "2030-03-04T10:00:00+01:00"


def test_titles_that_yaml_takes_for_something_else_are_read_as_written():
    for word in ("2030", "yes", "1.50", "0x1F", "2030-01-01"):
        assert first(changed(YAML, "title: Opening", f"title: {word}")).title == word


def test_defaults_hold_where_a_session_says_nothing_and_settings_are_put_together():
    text = changed(YAML, "sessions:", "defaults: {kind: webinar, host: h1, duration: 30, profile: p, "
                   "settings: {waiting_room: yes, audio: both}}\nsessions:")  # fmt: skip
    text = changed(
        text, "    duration: 45\n", "    kind: meeting\n    settings: {audio: voip, jbh_time: 5, contact_name: '5'}\n"
    )
    opening, closing = read(text).programme.sessions
    assert (opening.kind, opening.host, opening.profile, opening.minutes) == (Kind.WEBINAR, "h1", "p", 90)
    assert (closing.kind, closing.minutes) == (Kind.MEETING, 30)
    assert closing.settings == {"waiting_room": True, "audio": "voip", "jbh_time": 5, "contact_name": "5"}


def test_a_session_may_have_a_zone_of_its_own():
    text = changed(YAML, "    title: Opening\n", "    title: Opening\n    timezone: Asia/Tokyo\n")
    assert first(text).start.isoformat() == "2030-03-04T10:00:00+09:00"


def test_anchors_are_followed():
    text = changed(changed(YAML, "items:\n", "items: &a\n"), "    duration: 45\n", "    duration: 45\n    items: *a\n")
    assert read(text).programme.sessions[1].items == (AgendaItem("Kazan, Russian", "Park to rest"),)


def test_keys_without_a_value_count_as_left_out():
    text = changed(YAML, "    duration: 45\n", "    duration: 45\n    long_title:\n    meeting: ~\n    items: null\n")
    assert read(text).problems == ()


def test_json_is_yaml_too():
    text = ('{"event": {"key": "e", "title": "T", "timezone": "UTC"}, "sessions": [{"key": "a", "title": "A", '
            '"start": "2030-01-01T10:00", "duration": 5}]}')  # fmt: skip
    assert first(text).title == "A"


def test_the_zone_and_key_of_the_caller_fill_what_is_missing():
    text = changed(changed(YAML, ", timezone: Europe/Paris", ""), "key: spring-2030, ", "")
    event = read(text, timezone="Asia/Tokyo", event_key="e").programme.event
    assert (event.timezone, event.key) == ("Asia/Tokyo", "e")


def test_a_zone_of_the_caller_that_contradicts_the_programme_is_a_problem():
    line, message = the_problem(YAML, timezone="Asia/Tokyo")
    assert line == 1
    assert "drop one of the two" in message


def test_another_event_key_of_the_caller_is_taken_with_a_note():
    reading = read(YAML, event_key="other")
    assert reading.programme.event.key == "other"
    assert told(reading.notes) == [(1, "the event's key is taken as `other`, as requested")]


PROBLEMS = [
    ("    title: Closing\n", "", "key: day-2", "the session has no `title`: write the session's title"),
    ("title: Closing", "title:", 14, "the session has no `title`"),
    ("    start: 2030-03-05 10:00\n", "", "key: day-2", "the session has no `start`: write the date and time"),
    ("    duration: 45\n", "", "key: day-2", "has no end: write `end`, or `duration` in minutes"),
    ("  - key: day-2\n    title", "  - title", "Closing", "every session needs a short name that never changes"),
    ("key: day-2", "key: Day 2!", "Day 2!", ("`key` must be lower-case letters and digits joined by hyphens, at most 80, "
     "for example `day-2`")),
    ("key: day-2", "key: day-1", 13, "`day-1` is used twice: give each session a key of its own (lines 3 and"),
    ("title: Closing", "title: Closing\n    colour: red", "colour", "unknown key `colour`: known here are `key`"),
    ("title: Closing", "title: Closing\n    descripton: x", "descripton", "did you mean `description`?"),
    ("title: Closing", "title: Closing\n    title: Again", "Again", "`title` stands twice in one mapping (lines 14 and 15)"),
    ("title: Closing", f"title: {'x' * 201}", "xxx", "`title` is 201 characters long and Zoom takes at most 200: shorten"),
    ("title: Closing", 'title: " "', 'title: " "', "`title` is empty: write it"),
    ("title: Closing", 'title: "a\\nb"', "a\\nb", "`title` holds a line break or a tab"),
    ("title: Closing", 'title: "a\\x07b"', "x07", "`title` holds a control character"),
    ("title: Closing", "title: [a, b]", "[a, b]", "`title` must be a single text, not a list: put it in double quotes"),
    ("title: Closing", "title: Closing\n    description: " + "x" * 2001, "xxx", "`description` is 2001 characters long"),
    ("2030-03-05 10:00", "2030-03-05", "start: 2030-03-05", "`start` has a date but no time of day: write it like"),
    ("2030-03-05 10:00", "tomorrow", "tomorrow", "`start` is not a date with a time: write it like"),
    ("2030-03-05 10:00", "2030-02-30 10:00", "02-30", "`start` does not exist in the calendar"),
    ("2030-03-05 10:00", "2030-03-05 10:61", "10:61", "`start` does not exist in the calendar or on the clock"),
    ("2030-03-05 10:00", "0230-03-05 10:00", "0230", "`start` is in the year 230: correct the year"),
    ("2030-03-04T11:30:00", "2030-03-04T09:30:00", "T09:30", "the session ends before it starts"),
    ("2030-03-04T11:30:00", "2030-03-06T09:30:00", "T09:30", "longer than 1440 minutes (24 hours), Zoom's limit: split it"),
    ("duration: 45", "duration: 1441", "1441", "`duration` must be a whole number of minutes from 1 to 1440"),
    ("duration: 45", "duration: soon", "soon", "`duration` must be a whole number of minutes"),
    ("duration: 45", "end: 2030-03-05 11:00\n    duration: 45", "duration", "both `end` and `duration`: keep one"),
    ("duration: 45", "duration: 45\n    kind: webiner", "webiner", ("`kind` must be `meeting` or `webinar`; did you mean "
     "`webinar`?")),
    ("duration: 45", "duration: 45\n    timezone: Asia/Shangai", "Shangai", ("`Asia/Shangai` is not known: did you mean "
     "`Asia/Shanghai`")),
    ("Europe/Paris", "Paris", "Paris", "`Paris` is not known: did you mean `Europe/Paris`?"),
    ("Europe/Paris", "Asia/Beijing", "Beijing", "did you mean `Asia/Shanghai`?"),
    ("Europe/Paris", "nowhere at all", "nowhere", "write an IANA name such as `Europe/Paris`"),
    ("duration: 45", "duration: 45\n    settings: [a]", "settings", "`settings` must be a mapping"),
    ("duration: 45", "duration: 45\n    items: a", "items: a", "`items` must be a list: each entry on lines of its own"),
    ("duration: 45", "duration: 45\n    items: [a]", "items: [a]", "an entry of `items` must be a mapping with the keys"),
    ("        title: Park to rest\n", "", "presenter", "the item has no `title`: write what is presented"),
    (MEETING, "", "passcode", "`meeting` has no `id`: write the meeting ID, or leave `meeting` out"),
    ("823 1893 7943", "823 1893", "823", "9 to 11 digits and nothing else, this one has 7"),
    ("011826", "01182611111", "passcode", "the passcode has 11 characters and Zoom takes at most 10"),
    ('"011826"', "#11826", "passcode", "`passcode` is empty: leave it out, or quote it where it begins with #"),
    ("duration: 45", "duration: 45\n    meeting: {id: 82318937943}", "key: day-2", "same meeting ID as another"),
    ("event: {", "event: [{", 2, "not valid YAML"),
    ("title: Opening", "title: Navi Disha: toilets", "Navi", "put texts that hold `: ` or ` #`"),
    ("title: Opening", "title: *opening", "*opening", "this alias (`*name`) has no anchor"),
    ("title: Opening", "title: !!python/object/apply:os.system [ls]", "!!python", "tags are not read"),
    ("title: Opening", "title: !secret x", "!secret", "tags are not read"),
    ("    title: Opening\n", "    <<: {title: Opening}\n    title: O\n", "<<", "put what is common under `defaults`"),
    ("title: Opening", "title: Opening\n    [a]: b", "[a]", "a key must be a word, not a list"),
    ("  - key: day-2", "---\n  - key: day-2", "---", "a second YAML document"),
    ("items:\n", "items: &a\n      - *a\n", "*a", "stands inside of what it stands for"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "where", "words"), PROBLEMS, ids=[f"{n}-{p[3][:40]}" for n, p in enumerate(PROBLEMS)]
)
def test_each_problem_is_told_with_its_line_and_what_to_do(old, new, where, words):
    text = changed(YAML, old, new)
    line, message = the_problem(text)
    assert words in message
    assert line == (where if isinstance(where, int) else line_of(text, where))


def test_a_misspelt_key_is_told_as_unknown_and_as_missing():
    line = line_of(YAML, "title: Opening")
    assert told(read(changed(YAML, "title: Opening", "titel: Opening")).problems) == [
        (3, "the session has no `title`: write the session's title"),
        (line, "the session has an unknown key `titel`: did you mean `title`?"),
    ]


def test_all_problems_are_told_at_once_even_about_broken_sessions():
    text = changed(YAML, "title: Opening", "titel: Opening")
    text = changed(text, "2030-03-04T11:30:00", "2030-03-04T01:30:00")
    text = changed(text, "key: day-2", "key: day-1")
    text = changed(text, "presenter: Kazan, Russian", "presenter: ''")
    text = changed(text, "011826", "a b")
    assert [problem.line for problem in read(text).problems] == [3, 4, 6, 8, 12, 13]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sessions:\nevent: {key: e, title: T, timezone: UTC}", "the programme has no `sessions`"),
        ("event: {key: e, title: T, timezone: UTC}", "the programme has no `sessions`"),
        (YAML.partition("\n")[2], "the programme has no `event`"),
        (
            "event: {key: e, title: T}\nsessions: [{key: a, title: A, start: 2030-01-01T10:00, duration: 5}]",
            "IANA time zone",
        ),
        ("---", "the programme is empty"),
        ("- event: 1", "the programme must be a mapping with the keys `event`, `defaults`, `sessions`"),
    ],
)
def test_what_is_missing_at_the_top_is_told(text, words):
    assert words in the_problem(text, format="yaml")[1]


def test_a_second_session_with_the_key_of_a_broken_one_is_told():
    text = changed(changed(YAML, "    title: Opening\n", ""), "key: day-2", "key: day-1")
    assert any("(lines 3 and 12)" in problem.message for problem in read(text).problems)


def test_an_alias_bomb_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "use fewer aliases" in the_problem("\n".join(lines), format="yaml")[1]


def test_deep_nesting_is_refused():
    assert "more than 30 deep" in the_problem("sessions:\n " + "- " * 100_000, format="yaml")[1]
    assert the_problem("[" * 1_000_000, format="yaml")


# --- the e-mails of presenters ---------------------------------------------------------------------------------------

PRESENTER = "{presenter: 'Ana, Bo', title: T"


@pytest.mark.parametrize(
    ("told", "emails"),
    [
        ("", ()),
        (", email: ana@example.org", ("ana@example.org",)),
        (", emails: [ana@example.org, ' bo@example.org ']", ("ana@example.org", "bo@example.org")),
    ],
)
def test_an_item_tells_its_presenters_e_mails(told, emails):
    text = changed(YAML, "    duration: 45\n", f"    duration: 45\n    items:\n      - {PRESENTER}{told}}}\n")
    (item,) = read(text).programme.sessions[1].items
    assert item.emails == emails
    assert "example.org" not in repr(item)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (", email: ana at example.org", "`email` is not an address"),
        (", emails: [ana@example.org, 'bo@x']", "an entry of `emails` is not an address"),
        (", email: a@example.org, emails: [b@example.org]", "both `email` and `emails`"),
    ],
)
def test_what_is_no_e_mail_is_said_and_not_repeated(told, words):
    text = changed(YAML, "    duration: 45\n", f"    duration: 45\n    items:\n      - {PRESENTER}{told}}}\n")
    line, message = the_problem(text)
    assert words in message
    assert "@example" not in message
    assert line == line_of(text, "presenter: 'Ana, Bo'")


# --- the times of items ----------------------------------------------------------------------------------------------

ITEMS = "    duration: 45\n    items:\n"


def with_items(*items):
    """The programme with these items in its second session, which begins at 10:00 and ends at 10:45."""
    lines = "".join(f"      - {{presenter: P{number}, title: T{item}}}\n" for number, item in enumerate(items))
    return changed(YAML, "    duration: 45\n", ITEMS + lines)


def spans(text):
    reading = read(text)
    assert told(reading.problems) == []
    items = reading.programme.sessions[1].items
    return [(one.start and f"{one.start:%H:%M %z}", one.minutes) for one in items]


def test_an_item_may_tell_when_it_begins_and_how_long_it_lasts():
    text = with_items(", start: 2030-03-05T10:05:00, minutes: 10", ", start: 2030-03-05T09:20:00Z", "")
    assert spans(text) == [("10:05 +0100", 10), ("10:20 +0100", None), (None, None)]


def test_minutes_alone_follow_the_item_before_and_the_first_the_session():
    assert spans(with_items(", minutes: 15", ", minutes: 30")) == [("10:00 +0100", 15), ("10:15 +0100", 30)]


@pytest.mark.parametrize(
    ("items", "line", "words"),
    [
        (["", ", minutes: 5"], "title: T, minutes", "nothing tells when the item before it ends: add `start`"),
        ([", start: 10:00"], "start: 10:00}", "`start` is not a date with a time"),
        ([", minutes: 0"], "minutes: 0", "`minutes` must be a whole number of minutes"),
        ([", minutes: 46"], "key: day-2", "item 1 is not within the session's time"),
        ([", start: 2030-03-31T02:30:00"], "02:30", "does not exist in Europe/Paris"),
        ([", minutes: 20", ", start: 2030-03-05T10:10:00"], "key: day-2", "item 2 begins before the item above"),
    ],
)
def test_times_of_items_that_cannot_be_are_told_with_their_line(items, line, words):
    text = with_items(*items)
    number, message = the_problem(text)
    assert (number, words in message) == (line_of(text, line), True), message


SHARED = """\
event: {key: e, title: E, timezone: Asia/Shanghai}
sessions:
  - {key: one, title: One, start: 2023-11-06T20:00:00, duration: 30}
  - {key: two, title: Two, start: 2023-11-06T20:30:00, duration: 30, meeting: {of: OWNER}}
"""


def test_a_session_may_be_held_in_another_ones_meeting():
    first, second = read(SHARED.replace("OWNER", "one")).require().sessions
    assert (first.meeting_of, second.meeting_of) == (None, "one")
    assert (first.meeting_key, second.meeting_key) == ("one", "one")


@pytest.mark.parametrize(
    ("owner", "words"), [("three", "there is no session `three`"), ("two", "held in its own meeting")]
)
def test_a_meeting_to_share_must_be_another_sessions_own(owner, words):
    [problem] = read(SHARED.replace("OWNER", owner)).problems
    assert words in problem.message
    assert problem.line == 4


def test_a_programme_may_say_that_it_has_no_session_and_is_told_what_that_means():
    reading = read("sessions: []\nevent: {key: e, title: T, timezone: UTC}")
    assert (reading.problems, reading.programme.sessions) == ((), ())
    assert "every session that is stored of this event will be gone" in reading.notes[0].message

"""YAML: comments, order, quotes and indentation stay; what comes out is read as the same programme with its meetings."""

from dataclasses import replace
from pathlib import Path

import pytest
from filed_samples import MEETINGS, PROGRAMME
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_sync.adapters.sources import read_programme
from zoom_sync.adapters.sources.yaml_dump import dump_programme
from zoom_sync.adapters.writeback.yaml_file import fill_yaml
from zoom_sync.domain.filing import FiledMeeting
from zoom_sync.domain.programme import KnownMeeting, Passcode
from zoom_sync.errors import UserError

HEAD = "event: {key: urban-2023, title: Seminar, timezone: Asia/Shanghai}\nsessions:\n"
TOLD = '{id: "82318937943", passcode: "011820", link: "https://zoom.example/j/0?pwd=a", host: "Ada"}'


def filled(text):
    return fill_yaml(text.encode(), PROGRAMME, MEETINGS).content.decode()


def entry(*lines, end="\n"):
    return (HEAD + "\n".join(lines) + "\n").replace("\n", end)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_order_and_quotes_stay(end):
    lines = [
        "# the first evening", "  - key: one   # never change", "    title: 'Opening'", "    start: 2023-11-06T20:30:00",
        "    duration: 90 # minutes", "    items:   # who", '    - {presenter: "P",   title: Q}', "", "# the end",
    ]  # fmt: skip
    told = filled(entry(*lines, end=end))
    assert told == entry(*lines[:5], f"    meeting: {TOLD}", *lines[5:], end=end)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- {key: one, title: Opening}", f"- {{key: one, title: Opening, meeting: {TOLD}}}"),
        ("- {key: one, title: Opening, }", f"- {{key: one, title: Opening, meeting: {TOLD}}}"),
        ("- key: one\n  meeting:\n  title: Opening", f"- key: one\n  meeting: {TOLD}\n  title: Opening"),
        ("- key: one\n  meeting: null # soon\n  title: A", f"- key: one\n  meeting: {TOLD} # soon\n  title: A"),
        ("- key: one\n  meeting: {}", f"- key: one\n  meeting: {TOLD}"),
        ("- key: one\n  meeting: {id: 823 1893 7943, passcode: '1'}",
         f"- key: one\n  meeting: {TOLD.replace(chr(34) + '82318937943' + chr(34), '823 1893 7943').replace(chr(34) + '011820' + chr(34), chr(39) + '011820' + chr(39))}"),
        ("- key: one\n  meeting:\n    # by hand\n    id: 82318937943\n    passcode: 011820\n  title: A",
         ("- key: one\n  meeting:\n    # by hand\n    id: 82318937943\n    passcode: 011820\n"
          '    link: "https://zoom.example/j/0?pwd=a"\n    host: "Ada"\n  title: A')),
        ("- title: >-\n    Open\n  key: one", None),
        ("- key: one\n  description: |\n    A\n\n  title: B", f"- key: one\n  meeting: {TOLD}\n  description: |\n    A\n\n  title: B"),
        ("- key: one\n  title: Open\n   ing", f"- key: one\n  title: Open\n   ing\n  meeting: {TOLD}"),
    ],
)  # fmt: skip
def test_each_way_of_writing_an_entry(before, after):
    if after is None:
        with pytest.raises(UserError, match="begin the entry with a short value"):
            filled(HEAD + before)
        return
    told = filled(HEAD + before + "\n")
    assert told == HEAD + after.replace(", }", "}") + "\n" or told == HEAD + after + "\n"
    assert filled(told) == told


def test_an_entry_without_key_is_found_by_title_and_start():
    told = filled(entry("- title: Course", "  start: 2023-11-08 20:30"))
    assert '"82318937945"' in told
    assert "82318937944" not in told


def test_what_is_no_session_of_ours_is_told_with_its_line():
    got = fill_yaml(entry("- key: one", "- key: other", "  title: Other").encode(), PROGRAMME, MEETINGS)
    assert got.unmatched == (("line 4", "no session has this key or title"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sessions: [", "valid YAML"), ("sessions: 1", "no list"), ("a: &a {}\nsessions: [*a]", "aliases"),
        (HEAD + "- {key: one, meeting: 5}", "must be a mapping"), (HEAD + "- {key: one, meeting: {id: [1]}}", "short text"),
        ("sessions: " + "[" * 5000, "deeply"), ("a: 1\n---\nsessions: []", "valid YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_safely_is_refused(text, words):
    with pytest.raises(UserError, match=words):
        filled(text)


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le")])
def test_byte_order_marks_stay(mark, encoding):
    told = fill_yaml(mark + entry("- key: one").encode(encoding), PROGRAMME, MEETINGS).content
    assert told.startswith(mark + HEAD.encode(encoding))


def test_the_sample_comes_out_with_its_comments_and_reads_as_before():
    before = (Path(__file__).parents[3] / "config" / "programme.yaml").read_bytes()
    programme = read_programme(before, name="programme.yaml").require()
    meetings = {
        one.key: FiledMeeting(one.known.meeting_id, f"https://zoom.example/j/{one.known.meeting_id}", "s3cret", "Ada")
        for one in programme.sessions
    }
    after = fill_yaml(before, programme, meetings).content
    kept = [line for line in before.decode().splitlines() if "passcode" not in line]
    left = iter(after.decode().splitlines())
    assert all(line in left for line in kept)
    again = read_programme(after, name="programme.yaml").require()
    assert {one.known.passcode.value for one in again.sessions} == {"s3cret"}
    assert [replace(one, known=None) for one in again.sessions] == [
        replace(one, known=None) for one in programme.sessions
    ]


TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20).map(
    lambda text: f"x{text}x"
)


@given(st.lists(TEXTS, min_size=3, max_size=3), TEXTS, st.text("abAB019@_*-", min_size=1, max_size=10))
@settings(max_examples=60, deadline=None)
def test_whatever_the_texts_the_programme_is_read_with_its_meetings(titles, host, passcode):
    sessions = tuple(
        replace(one, title=title, long_title=title) for one, title in zip(PROGRAMME.sessions, titles, strict=True)
    )
    programme = replace(PROGRAMME, sessions=sessions)
    meetings = {key: replace(one, host=host, passcode=passcode) for key, one in MEETINGS.items()}
    told = fill_yaml(dump_programme(programme).encode(), programme, meetings).content
    again = read_programme(told, name="programme.yaml").require()
    assert again.sessions == tuple(
        replace(one, known=KnownMeeting(meetings[one.key].meeting_id, Passcode(passcode))) for one in sessions
    )

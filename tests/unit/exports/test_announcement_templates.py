"""Templates of an organiser: they win over ours, reach nothing else, and a broken one names its line."""

import pytest
from export_samples import LINK, announcement, session

from zoom_sync.adapters.exports.announcement import announcement_writer_of
from zoom_sync.errors import UserError

NAMES = {
    "html": "announcement.html.j2", "poster": "poster.html.j2", "markdown": "announcement.md.j2",
    "text": "announcement.txt.j2",
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write(format_name, template, told=None, **others):
        for name, text in {NAMES[format_name]: template, **others}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return announcement_writer_of(format_name, tmp_path).write(told or announcement()).decode()

    return write


@pytest.mark.parametrize("format_name", NAMES)
def test_an_organisers_template_wins(write, format_name):
    told = write(format_name, "{% for s in sessions %}{{ s.label }}: {{ s.meeting_id }}\n{% endfor %}")
    assert told == "Seminar 1: 823 1893 7943\n"


@pytest.mark.parametrize("format_name", NAMES)
def test_without_one_the_built_in_is_used(tmp_path, format_name):
    told = announcement()
    assert announcement_writer_of(format_name, tmp_path / "none").write(told) == announcement_writer_of(
        format_name
    ).write(told)


def test_it_may_build_on_ours(write):
    told = write("html", '{% extends "built-in/announcement.html.j2" %}{% block introduction %}Welcome{% endblock %}')
    assert "Welcome" in told
    assert LINK in told


@pytest.mark.parametrize("format_name", ["html", "poster"])
def test_its_texts_are_escaped(write, format_name):
    told = write(format_name, "{{ sessions[0].title }}", announcement(session(title="<script>")))
    assert told == "&lt;script&gt;"


def test_markdown_can_be_escaped(write):
    assert write("markdown", "{{ escaped(sessions[0].title) }}", announcement(session(title="*a*"))) == r"\*a\*"


def test_what_may_not_be_shown_is_not_even_given(write):
    template = "{{ sessions }}{% for s in sessions %}{{ s.passcode }}{{ s.link }}{{ s.code }}{% endfor %}"
    told = write("html", template, announcement(public=False))
    assert "011826" not in told
    assert "pwd" not in told


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("a\n{% for s in sessions %}\nb", 3, "endfor"),
        ("a\n\n{{ nothing }}", 3, "nothing"),
        ("a\n{{ sessions[0].nothing }}", 2, "nothing"),
        ("{% include 'x.j2' %}", 1, "x.j2"),
        ("a\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
        ("a\n{{ sessions.clear() }}", 2, "unsafe"),
        ("a\nb\n{{ 1 // 0 }}", 3, "ZeroDivisionError"),
        ("{% include '../secret' %}", 1, "secret"),
    ],
)
def test_a_broken_template_names_its_file_and_line(write, tmp_path, template, line, words):
    (tmp_path.parent / "secret").write_text("secret")
    with pytest.raises(UserError) as caught:
        write("html", template)
    (problem,) = caught.value.problems
    assert (problem.source, problem.line) == (str(tmp_path / "announcement.html.j2"), line)
    assert words in problem.message


def test_the_line_is_that_of_the_file_that_broke(write, tmp_path):
    with pytest.raises(UserError) as caught:
        write("html", "a\n{% include 'part.html.j2' %}", **{"part.html.j2": "a\nb\n{{ oops }}"})
    assert str(caught.value.problems[0]).startswith(f"{tmp_path / 'part.html.j2'}:3:")


@pytest.mark.parametrize(
    "template",
    [
        "{{ [][sessions[0].passcode] }}",
        "{{ words[sessions[0].link] }}",
        "{% include sessions[0].link %}",
        "{{ '%d' % sessions[0].passcode }}",
        "{{ {}[sessions[0].link].x }}",
    ],
)
def test_a_secret_in_an_error_is_not_told(write, template):
    with pytest.raises(UserError) as caught:
        write("html", template)
    assert "011826" not in str(caught.value.problems)
    assert "pwd" not in str(caught.value.problems)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_template_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "poster.html.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError) as caught:
        announcement_writer_of("poster", tmp_path).write(announcement())
    assert "UTF-8" in caught.value.problems[0].message


def test_a_changed_template_is_used_at_once(write):
    assert [write("text", text) for text in ("one", "two")] == ["one", "two"]

"""The README's tutorial is run, line by line, on a simulator; its links and file names lead somewhere."""

import re

import pytest

from zoom_sync.simulator.routes import OPERATIONS


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def section(text, title):
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_every_command_of_the_tutorial_does_what_it_says(readme, shell, tmp_path):
    tutorial = section(readme, "Your own event")
    (programme,) = blocks(tutorial, "yaml")
    # The simulator's clock stands before the sample event of another year.
    (tmp_path / "programme.yaml").write_text(programme.replace("2027-", "2024-"), encoding="utf-8")
    lines = [line for block in blocks(tutorial, "sh") for line in block.splitlines() if line.startswith("zoom-sync")]
    assert len(lines) >= 9
    for line in lines:
        if line.startswith("zoom-sync collect"):
            (evenings,) = blocks(section(readme, "The simulator"), "sh")
            assert shell(evenings).returncode == 0
        told = shell(line.replace("zoom-sync apply", "zoom-sync apply --yes"))
        assert told.returncode == (3 if line == "zoom-sync plan" else 0), f"{line}\n{told.stdout}{told.stderr}"
    assert (tmp_path / "out" / "opening.png").exists()
    assert len((tmp_path / "attendance.csv").read_text(encoding="utf-8").splitlines()) > 20
    assert (tmp_path / "questions.json").stat().st_size > 100


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_every_link_inside_the_project_leads_somewhere(root, name):
    text = (root / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        page = root / path if path else root / name
        assert page.exists(), target
        if anchor:
            assert anchor in anchors(page.read_text(encoding="utf-8")), target


def anchors(text):
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_command_that_is_named_exists(root, generator):
    known = set(generator.commands()) | {words.split()[0] for words in generator.commands()}
    for name in ("README.md", "ARCHITECTURE.md"):
        text = (root / name).read_text(encoding="utf-8")
        for word in re.findall(r"(?:zoom-sync|--rm tool) ([a-z-]+)", text):
            assert word in known, f"{name}: zoom-sync {word}"


def test_every_file_that_the_architecture_names_exists(root):
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    known = {path.name for folder in ("src", "tests") for path in (root / folder).rglob("*.py")}
    named = set(re.findall(r"`(?:[\w]+/)*(\w+\.py)`", text))
    assert named <= known


def test_make_targets_that_are_named_exist(root, readme):
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", readme)) <= targets


def test_the_place_of_the_bench_table_is_marked(readme):
    assert readme.index("<!-- bench:begin -->") < readme.index("<!-- bench:end -->")


USED = [
    "users", "userSettings", "meetings", "meeting", "meetingCreate", "meetingUpdate", "meetingDelete", "pastMeetings",
    "pastMeetingParticipants", "reportMeetingParticipants", "reportMeetingQA", "reportMeetingPolls",
    "reportMeetingSurvey", "meetingRegistrants", "webinars", "webinar", "webinarCreate", "webinarUpdate",
    "webinarDelete", "pastWebinars", "listWebinarParticipants", "reportWebinarParticipants", "reportWebinarQA",
    "reportWebinarPolls", "reportWebinarSurvey", "webinarRegistrants", "webinarAbsentees", "webinarPanelists",
    "webinarPanelistCreate", "webinarPanelistDelete",
]  # fmt: skip


@pytest.mark.parametrize("operation", USED)
def test_every_scope_is_told_that_the_client_needs(readme, operation):
    told = set(re.findall(r"`([a-z]+:[a-z_:]+:admin)`", section(readme, "Your own event")))
    assert told & set(OPERATIONS[operation].scopes)

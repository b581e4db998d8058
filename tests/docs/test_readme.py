"""The tutorial is run, line by line, on a simulator; the links and file names of all pages lead somewhere."""

import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tutorial(root):
    return (root / "docs/tutorial.md").read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text):
    """The lines of a page's shell blocks that call zoom-sync, without their remarks."""
    lines = [line.partition(" #")[0].rstrip() for block in blocks(text, "sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("zoom-sync")]


def test_every_command_of_the_tutorial_does_what_it_says(root, tutorial, shell, tmp_path):
    (programme,) = blocks(tutorial, "yaml")
    # The simulator's clock stands before the sample event of another year.
    (tmp_path / "programme.yaml").write_text(programme.replace("2027-", "2024-"), encoding="utf-8")
    lines = commands(tutorial)
    assert len(lines) >= 9
    for line in lines:
        if line.startswith("zoom-sync collect"):
            (evenings,) = blocks((root / "docs/how-to/simulator.md").read_text(encoding="utf-8"), "sh")
            assert shell(evenings).returncode == 0
        done = shell(line.replace("zoom-sync apply", "zoom-sync apply --yes"))
        assert done.returncode == (3 if line == "zoom-sync plan" else 0), f"{line}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "out" / "opening.png").exists()
    assert len((tmp_path / "attendance.csv").read_text(encoding="utf-8").splitlines()) > 20
    assert (tmp_path / "questions.json").stat().st_size > 100


def test_what_the_readme_shows_is_what_the_tutorial_tries(readme, tutorial):
    assert set(commands(readme)) <= set(commands(tutorial))
    assert blocks(readme, "yaml") == blocks(tutorial, "yaml")


def test_the_readme_is_read_in_a_few_minutes(readme):
    assert len(readme.encode()) <= 12_000


ROOT = Path(__file__).parents[2]
FILES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
# The page of hostile inputs shows links that lead nowhere good.
PAGES = [path.relative_to(ROOT).as_posix() for path in FILES if path.name != "hostile-inputs.md"]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_inside_the_project_leads_somewhere(root, name):
    text = re.sub(
        r"^```.*?^```$|`[^`\n]*`", "", (root / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        page = (root / name).parent / path if path else root / name
        assert page.exists(), target
        if anchor:
            assert anchor in anchors(page.read_text(encoding="utf-8")), target


def anchors(text):
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_command_that_is_named_exists(root, generator):
    known = set(generator.commands()) | {words.split()[0] for words in generator.commands()}
    for name in PAGES:
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


def test_the_place_of_the_bench_table_is_marked(root):
    page = (root / "docs/explanation/performance.md").read_text(encoding="utf-8")
    assert page.index("<!-- bench:begin -->") < page.index("<!-- bench:end -->")

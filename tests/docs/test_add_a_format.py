"""The page on adding formats does what it says: its files are put into a copy of the project, and run there."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

FILE = re.compile(r'^```python title="(?P<path>[^"]+)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
AGENDA = re.compile(r"^```text\n(## .*?)^```$", re.MULTILINE | re.DOTALL)
OVER_ALL = ["tests/unit/exports/test_announcement_writers.py", "tests/unit/exports/test_report_writers.py"]


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs/how-to/add-a-format.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def copy(page, root, tmp_path_factory):
    """A copy of the project with the files of the page; answers a function that runs Python there."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(root / "pyproject.toml", folder)
    for part in ("src", "tests/unit/sources", "tests/unit/exports", "tests/samples"):
        shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILE.finditer(page):
        path = folder / file["path"]
        assert not path.exists(), "a format is added by new files alone"
        path.write_text(file["text"], encoding="utf-8")

    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "DATABASE_URL": f"sqlite:///{folder}/store.db"}
        return subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    run.folder = folder
    return run


def zoom_sync(*arguments):
    return ("-c", "from zoom_sync.entrypoints.cli import main; main()", *arguments)


def test_each_kind_of_format_is_one_file_beside_its_test(page):
    folders = [match["path"].rpartition("/")[0] for match in FILE.finditer(page)]
    assert folders == [
        "src/zoom_sync/adapters/sources", "tests/unit/sources", "src/zoom_sync/adapters/exports/announcement",
        "tests/unit/exports", "src/zoom_sync/adapters/exports", "tests/unit/exports",
    ]  # fmt: skip


def test_the_tests_of_the_page_and_those_over_all_formats_pass(copy, page):
    own = [match["path"] for match in FILE.finditer(page) if match["path"].startswith("tests/")]
    ended = copy("-m", "pytest", "-vv", *own, *OVER_ALL, "-k", "agenda or wiki or tsv")
    assert ended.returncode == 0, ended.stdout[-3000:]
    for path in (*own, *OVER_ALL):
        assert f"{path}::" in ended.stdout


def test_what_the_page_shows_keeps_the_rules_of_the_house(copy, page):
    files = [match["path"] for match in FILE.finditer(page)]
    assert copy("-m", "ruff", "check", *files).stdout.strip() == "All checks passed!"
    assert copy("-m", "ruff", "format", "--check", *files).returncode == 0


def test_the_commands_know_the_new_formats(copy, page):
    (copy.folder / "agenda.txt").write_text(AGENDA.search(page)[1], encoding="utf-8")
    told = json.loads(copy(*zoom_sync("check", "agenda.txt", "--format", "json")).stdout)
    assert [one["title"] for one in told["sessions"]] == ["Opening", "Reading the tides"]
    assert "agenda" in copy(*zoom_sync("check", "--help")).stdout
    assert "wiki" in copy(*zoom_sync("publish", "--help")).stdout
    assert "tsv" in copy(*zoom_sync("report", "attendance", "--help")).stdout

    assert copy(*zoom_sync("load", "agenda.txt")).returncode == 0
    ended = copy(*zoom_sync("publish", "-f", "wiki", "-o", "out"))
    assert ended.returncode == 0, ended.stderr
    (written,) = (copy.folder / "out").glob("*.wiki")
    assert "Reading the tides" in written.read_text(encoding="utf-8")
    ended = copy(*zoom_sync("report", "attendance", "-f", "tsv", "-o", "attendance.tsv"))
    assert ended.returncode == 0, ended.stderr

"""The table of threats names tests that exist, by path and name; what is installed is locked."""

import re

import pytest


@pytest.fixture(scope="module")
def threats(root):
    page = (root / "docs/explanation/threats.md").read_text(encoding="utf-8")
    table = page.partition("| threat | answer | tried by |\n")[2]
    return [line.strip("| ").split(" | ") for line in table.partition("\n\n")[0].splitlines()[1:]]


def test_every_threat_names_the_tests_that_try_its_answer(root, threats):
    assert len(threats) > 10
    for threat, _, tried in threats:
        cited = re.findall(r"`([\w/]+\.py)::(\w+)`", tried)
        assert cited, threat
        assert len(cited) == tried.count("`") // 2, f"{threat}: cite tests as `folder/file.py::name`"
        for path, name in cited:
            text = (root / "tests" / path).read_text(encoding="utf-8")
            assert re.search(rf"^def {name}\(", text, re.MULTILINE), f"{path}::{name}"


@pytest.mark.parametrize("name", ["runtime", "dev", "audit"])
def test_every_package_is_locked_by_version_and_hash_and_by_no_index(root, name):
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = text.replace("\\\n", " ").splitlines()
    assert len(packages) > 20
    for each in packages:
        assert re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ;[^\\]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", each), each


def test_what_is_tried_is_what_is_run(root):
    def pins(name):
        text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9-]+)\S*==(\S+)", text, re.MULTILINE))

    assert pins("runtime") <= pins("dev")

"""The page on OWASP ASVS has every requirement of level 2 once, and names tests that exist."""

import ast
import re
import tomllib

import pytest

# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are its first ones.
# https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/docs_en
SECTIONS = {
    "V1": (2, 9, 11, 3, 2), "V2": (3, 3, 4, 1), "V3": (0, 2, 4, 6, 5, 0, 2), "V4": (3, 1, 2, 4), "V5": (1, 3, 2, 3),
    "V6": (3, 12, 4, 4, 5, 3, 0, 4), "V7": (3, 4, 2, 5, 2, 2), "V8": (2, 3, 1, 1), "V9": (3, 4),
    "V10": (2, 2, 4, 11, 5, 2, 3), "V11": (2, 3, 3, 4, 1, 1), "V12": (3, 2, 4), "V13": (1, 5, 2, 5), "V14": (2, 4, 3),
    "V15": (3, 3, 7), "V16": (1, 5, 4, 3, 3), "V17": (1, 4, 2),
}  # fmt: skip
EVERY = [
    f"{chapter}.{section}.{number}"
    for chapter, counts in SECTIONS.items()
    for section, count in enumerate(counts, 1)
    for number in range(1, count + 1)
]


@pytest.fixture(scope="module")
def rows(root):
    page = (root / "docs/explanation/asvs.md").read_text(encoding="utf-8")
    lines = [line.strip("| ").split(" | ") for line in page.splitlines() if re.match(r"\| V\d", line)]
    return [(line[0].split()[0], line[1], line[2]) for line in lines]


def spelled_out(ids):
    first, _, last = ids.partition("–")
    if not last:
        return [first]
    section, begin = first.rsplit(".", 1)
    assert last.startswith(f"{section}."), ids
    return [f"{section}.{number}" for number in range(int(begin), int(last.rsplit(".", 1)[1]) + 1)]


def test_every_requirement_of_level_two_stands_there_once_and_in_order(rows):
    assert len(EVERY) == 253
    assert [one for ids, *_ in rows for one in spelled_out(ids)] == EVERY


def test_each_is_met_with_a_test_that_there_is_or_says_why_not(root, rows):
    for ids, state, told in rows:
        assert state in ("met", "not applicable", "not met"), ids
        cited = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", told)
        assert bool(cited) == (state == "met"), f"{ids}: a test shows what is met, and nothing else"
        for path, name in cited:
            text = (root / "tests" / path).read_text(encoding="utf-8")
            assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE), f"{ids}: {path}::{name}"


def test_every_fault_that_was_tried_names_the_tests_that_try_it(root):
    page = (root / "docs/explanation/faults.md").read_text(encoding="utf-8")
    faults = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(("| fault", "|---"))]
    assert len(faults) > 25
    for fault in faults:
        told = fault.rstrip("| ").rsplit(" | ", 1)[1]
        cited = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", told)
        assert cited, fault
        for path, name in cited:
            text = (root / "tests" / path).read_text(encoding="utf-8")
            assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE), f"{path}::{name}"


def test_the_rules_against_dangerous_calls_are_on(root):
    lint = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    chosen = {*lint.get("select", ()), *lint.get("extend-select", ())}
    assert chosen & {"S", "ALL"}
    assert not {"S", "S1", "S3", "S102", "S307", "S311", "S324"} & set(lint.get("ignore", ()))


# What makes or checks anything that must not be guessed or forged; others are our own words or another's experiment.
CRYPTOGRAPHY = {"argon2", "cryptography", "hashlib", "hmac", "joserfc", "secrets", "ssl"}
OTHERS = {"Crypto", "Cryptodome", "bcrypt", "crypt", "ecdsa", "itsdangerous", "jose", "jwt", "md5", "nacl", "passlib",
          "pyaes", "pyDes", "rsa", "scrypt"}  # fmt: skip


def test_what_is_sealed_signed_or_drawn_is_so_by_well_kept_libraries_alone(root):
    used = set()
    for path in (root / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                used.add(node.module.partition(".")[0])
    assert used >= CRYPTOGRAPHY
    assert not used & OTHERS

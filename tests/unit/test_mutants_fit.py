"""The bugs written by hand in tests/mutants fit the code as it is; `make mutants` has each of them noticed."""

import sys
from collections import Counter

import pytest


@pytest.fixture
def mutants(request, monkeypatch):
    monkeypatch.syspath_prepend(str(request.config.rootpath / "tests" / "mutants"))
    import run

    yield run
    for name in ("run", "mutants"):
        sys.modules.pop(name, None)


def test_every_mutant_stands_once_in_the_code(mutants):
    assert mutants.misfits() == []


def test_there_are_fifty_mutants_and_more_and_no_two_are_the_same(mutants):
    assert len(mutants.MUTANTS) >= 50
    counted = Counter((each.file, each.old, each.new) for each in mutants.MUTANTS)
    assert [each for each, many in counted.items() if many > 1] == []


def test_every_file_that_notices_a_mutant_is_there(mutants, request):
    named = {test.partition("::")[0] for each in mutants.MUTANTS for test in each.tests}
    assert [name for name in named if not (request.config.rootpath / name).exists()] == []


def test_every_test_that_noticed_a_mutant_last_is_there(mutants, request):
    names = {mutants.name_of(each) for each in mutants.MUTANTS}
    missing = [name for name in mutants.noticed() if name not in names]
    for test in mutants.noticed().values():
        path, name = test.partition("[")[0].split("::")
        if f"def {name}(" not in (request.config.rootpath / path).read_text(encoding="utf-8"):
            missing.append(test)
    assert missing == []

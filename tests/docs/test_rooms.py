"""The docstring of every folder says what it is for and what it may import, and it is so."""

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "zoom_sync"
ROOMS = sorted(path.parent for path in SOURCE.rglob("__init__.py") if path.parent != SOURCE)
CALLED = {"yaml": "pyyaml", "fontTools": "fonttools"}


def packages(path):
    """What a module imports that is neither of the standard library nor ours."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module)
    return {name.partition(".")[0] for name in found} - {"zoom_sync"} - sys.stdlib_module_names


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(SOURCE)))
def test_a_folder_says_what_it_may_import_and_imports_no_other_package(room):
    told = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert "mports" in told
    used = set().union(*(packages(path) for path in room.glob("*.py")))
    assert [name for name in sorted(used) if CALLED.get(name, name) not in told.lower()] == []

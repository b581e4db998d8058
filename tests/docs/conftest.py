"""The generator of the reference, and a simulator for what the README shows."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def generator():
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def simulator():
    """The environment of a simulator process, in the days before the sample event."""
    command = [sys.executable, "-m", "zoom_sync.simulator", "--start", "2023-11-01T00:00:00Z"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture
def shell(tmp_path, simulator):
    """Runs a line of shell in an empty folder that holds the sample configuration, against the simulator."""
    (tmp_path / "config").symlink_to(ROOT / "config")
    known = {name: value for name, value in os.environ.items() if not name.startswith(("ZOOM_", "DATABASE_", "REDIS_"))}
    commands = str(Path(sys.executable).parent)
    environment = {**known, **simulator, "PATH": f"{commands}{os.pathsep}{known['PATH']}"}

    def run(line):
        return subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    return run

"""Workers, Redis and PostgreSQL are killed while meetings are made, and while reports are collected.

`bench/kill.py` tells both stories. KILL_SESSIONS (120) and KILL_SEED (1) are how many sessions and which seed; `python bench/kill.py` runs it by itself.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servers import ServerMissing, postgres_binaries, redis_binary

KILL = Path(__file__).parents[2] / "bench" / "kill.py"
SESSIONS = int(os.environ.get("KILL_SESSIONS", "120"))
SEED = int(os.environ.get("KILL_SEED", "1"))
KILLS = max(8, SESSIONS // 20)


# While reports are collected: a few, since each kill costs a start.
FEWER, FEWER_KILLS = 24, 4


def story(*told):
    """What came of the kills."""
    try:
        redis_binary()
        postgres_binaries()
    except ServerMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, str(KILL), *map(str, told)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    print(done.stdout)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def outcome():
    """What came of killing four workers, Redis and PostgreSQL."""
    return story("--sessions", SESSIONS, "--kills", KILLS, "--seed", SEED)


pytestmark = pytest.mark.timeout(900)


def test_each_session_has_exactly_one_meeting(outcome):
    assert (outcome["meetings"], outcome["duplicates"], outcome["lost"]) == (SESSIONS, 0, 0)


def test_the_store_and_zoom_agree(outcome):
    assert (outcome["unlinked"], outcome["missing"], outcome["passcodes_differ"], outcome["orphans"]) == (0, 0, 0, 0)


def test_everything_was_killed_that_should_be(outcome):
    assert outcome["kills"] == {"workers": KILLS, "redis": 2, "postgresql": 2}
    assert outcome["faults"] > 0


def test_every_row_is_collected_once_through_kills():
    few = ["--hosts", 6, "--workers", 2, "--audience", 30, "--seed", SEED]
    came = story("--collect", "--sessions", FEWER, "--kills", FEWER_KILLS, *few)
    assert came["kills"] == {"workers": FEWER_KILLS, "redis": 2, "postgresql": 2}
    assert came["rows"] > FEWER * 30
    assert (came["stored"], came["lost"], came["doubled"]) == (came["rows"], 0, 0)

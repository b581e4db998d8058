"""Some days with nobody there: `bench/month.py` tells the story, and by itself a whole month of it.

MONTH_DAYS (4) and MONTH_SEED (1) are how many days and which seed; `python bench/month.py` runs it by itself.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MONTH = Path(__file__).parents[2] / "bench" / "month.py"
DAYS = int(os.environ.get("MONTH_DAYS", "4"))
SEED = int(os.environ.get("MONTH_SEED", "1"))
SESSIONS = (DAYS - 2) * 4
KILLS = 4

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def outcome():
    """What came of it."""
    told = ["--days", DAYS, "--sessions", SESSIONS, "--kills", KILLS, "--seed", SEED, "--json"]
    done = subprocess.run([sys.executable, str(MONTH), *map(str, told)], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    print(done.stdout)
    return json.loads(done.stdout)


def test_each_session_was_held_on_time_with_one_meeting_and_one_link(outcome):
    assert outcome["flaws"] == []
    assert (outcome["duplicates"], outcome["lost"], outcome["unlinked"]) == (0, 0, 0)
    assert outcome["calls"]["create"] == [SESSIONS + outcome["replaced"]] * 2


def test_all_reports_are_complete(outcome):
    assert outcome["reports"] == SESSIONS


def test_what_was_meddled_with_was_noticed_in_time(outcome):
    assert outcome["drift"]
    assert outcome["late"] == []


def test_serve_was_killed_and_told_no_traceback(outcome):
    assert (outcome["kills"], outcome["tracebacks"], outcome["stopped"]) == (KILLS, 0, 0)


def test_no_call_was_refused_but_for_one_after_a_kill(outcome):
    """Who starts anew does not know what the killed one asked for in the same second."""
    assert outcome["calls"]["refused (429)"][0] <= KILLS


def test_people_were_told_and_nothing_twice(outcome):
    assert outcome["digests"] > 0
    assert outcome["doubled_notices"] <= KILLS

"""Kill the mutants: `python tests/mutants/run.py`. Each is put into a copy of the code, and the tests beside it must fail.

`noticed.json` keeps which test noticed a mutant last (`--remember` writes it): it is played first and mostly suffices; only
a mutant that it lets live meets all the tests beside it. First the tests are played on the code as it is: a mutant that is killed by tests which fail anyhow proves nothing.
What is slow to import and not ours is imported once, and every mutant gets a fork of that; the code is compiled once, and
each mutant's copy takes over what was compiled.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
LONGEST, AT_ALL = 60, 900  # seconds of CPU, and by the clock; a mutant that never ends is one that was noticed
KILLED, SURVIVED = 1, 0  # pytest's: tests failed, tests passed
ENDLESS = (-signal.SIGPROF, -signal.SIGALRM)
WARM = (
    "pytest",
    "sqlalchemy",
    "alembic",
    "requests",
    "authlib",
    "fastapi",
    "hypothesis",
    "babel",
    "jinja2",
    "openpyxl",
    "celery",
    "pydantic_settings",
    "typer",
    "rich",
    "structlog",
    "redis",
    "uvicorn",
    "httpx",
    "cryptography.x509",
)


NOTICED = Path(__file__).with_name("noticed.json")


def noticed() -> dict[str, str]:
    """Which test noticed each mutant last, by the mutant's name."""
    return dict(json.loads(NOTICED.read_text(encoding="utf-8"))) if NOTICED.exists() else {}


def name_of(mutant: Mutant) -> str:
    return f"{mutant.file}: {mutant.what}"


def remember(logs: Path, ended: Sequence[Mutant]) -> None:
    """Keep the test that failed first for each of these mutants; `logs` hold what pytest said."""
    kept = noticed()
    for mutant in ended:
        log = logs / f"{MUTANTS.index(mutant)}.txt"
        failed = re.search(r"^(?:FAILED|ERROR) (\S+?)(?: - .*)?$", log.read_text(encoding="utf-8"), re.MULTILINE)
        if failed is not None:
            kept[name_of(mutant)] = failed[1]
    known = {name_of(mutant) for mutant in MUTANTS}
    text = json.dumps(
        {name: test for name, test in sorted(kept.items()) if name in known}, indent=1, ensure_ascii=False
    )
    NOTICED.write_text(text + "\n", encoding="utf-8")


def misfits() -> list[str]:
    """The mutants that do not fit the code any more."""
    wrong = []
    for mutant in MUTANTS:
        count = (ROOT / "src" / "zoom_sync" / mutant.file).read_text(encoding="utf-8").count(mutant.old)
        if count != 1:
            wrong.append(f"{mutant.what}: its text stands {count} times in {mutant.file}")
    return wrong


def play(mutant: Mutant | None, tests: Sequence[str], log: Path, compiled: Path) -> int:
    """In a process of its own: the tests on a copy of the code with the mutant in it; pytest's exit code."""
    if mutant is not None:
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        signal.alarm(AT_ALL)
    output = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    with tempfile.TemporaryDirectory(prefix="mutant_") as folder:
        tempfile.tempdir = folder  # what tests leave to the end of a process is gone with it: a fork ends at once
        shutil.copytree(compiled, Path(folder) / "zoom_sync")  # with its dates, by which what is compiled is known
        if mutant is not None:
            file = Path(folder) / "zoom_sync" / mutant.file
            file.write_text(file.read_text(encoding="utf-8").replace(mutant.old, mutant.new), encoding="utf-8")
        sys.path.insert(0, folder)
        os.chdir(ROOT)
        import pytest

        import zoom_sync

        assert Path(zoom_sync.__file__).is_relative_to(folder), "the copy is what is tested"
        return int(pytest.main(["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))


def begin(mutant: Mutant | None, tests: Sequence[str], log: Path, compiled: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        code = play(mutant, tests, log, compiled)
    except BaseException:  # noqa: BLE001 - told in the log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def play_all(processes: int, chosen: Sequence[Mutant], logs: Path, compiled: Path) -> dict[Mutant, int]:
    """Each mutant with how its tests ended."""
    ended: dict[Mutant, int] = {}
    running: dict[int, tuple[Mutant, Sequence[str]]] = {}
    first = noticed()
    waiting = [(mutant, _first_tests(mutant, first)) for mutant in chosen]
    while waiting or running:
        while waiting and len(running) < processes:
            mutant, tests = waiting.pop(0)
            running[begin(mutant, tests, logs / f"{MUTANTS.index(mutant)}.txt", compiled)] = (mutant, tests)
        pid, status = os.wait()
        mutant, tests = running.pop(pid)
        ended[mutant] = os.waitstatus_to_exitcode(status)
        if ended[mutant] not in (KILLED, *ENDLESS) and tests != mutant.tests:
            waiting.append((mutant, mutant.tests))
            continue
        print(f"{'killed' if ended[mutant] in (KILLED, *ENDLESS) else 'LIVES':8}{name_of(mutant)}", flush=True)
    return ended


def _first_tests(mutant: Mutant, first: Mapping[str, str]) -> Sequence[str]:
    """The test that noticed it last, or all that stand beside it."""
    test = first.get(name_of(mutant))
    return mutant.tests if test is None else (test,)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", default="", help="mutants whose words or file hold this text")
    parser.add_argument("--remember", action="store_true", help="keep which test noticed each, in noticed.json")
    options = parser.parse_args()
    begun = time.monotonic()
    if wrong := misfits():
        print("\n".join(wrong), file=sys.stderr)
        return 1
    for name in WARM:
        __import__(name)
    chosen = [mutant for mutant in MUTANTS if options.only in mutant.what or options.only in mutant.file]
    logs = Path(tempfile.mkdtemp(prefix="mutants_"))
    compiled = logs / "zoom_sync"
    shutil.copytree(ROOT / "src" / "zoom_sync", compiled, ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(compiled, quiet=1)
    first = noticed()
    tests = sorted({test for mutant in chosen for test in _first_tests(mutant, first)})
    _, status = os.waitpid(begin(None, tests, logs / "as_it_is.txt", compiled), 0)
    if os.waitstatus_to_exitcode(status) != SURVIVED:
        print((logs / "as_it_is.txt").read_text(encoding="utf-8"), file=sys.stderr)
        print("the tests fail on the code as it is", file=sys.stderr)
        return 1
    ended = play_all(options.processes, chosen, logs, compiled)
    lives = [mutant for mutant, code in ended.items() if code not in (KILLED, *ENDLESS)]
    if options.remember:
        remember(logs, [mutant for mutant in ended if mutant not in lives])
    print(f"{len(ended) - len(lives)} of {len(ended)} mutants killed in {time.monotonic() - begun:.0f} s")
    for mutant in lives:
        print(
            f"lives (pytest ended with {ended[mutant]}): {mutant.file}: {mutant.what}; see {logs}/{MUTANTS.index(mutant)}.txt"
        )
    if not lives:
        shutil.rmtree(logs)
    return 1 if lives else 0


if __name__ == "__main__":
    sys.exit(main())

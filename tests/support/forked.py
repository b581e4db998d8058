"""Commands as processes that need not import everything first: each is forked from one that has.

What an interpreter of its own would show, `make demo`, the README's test and every command that is started and left
running do.
"""

import builtins
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

WAIT_SECONDS = 120
READY = ["zoom_sync.entrypoints.cli", "zoom_sync.bootstrap", "support.forked", "alembic.command", "alembic.config"]

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(READY)


def run_command(arguments, folder, env, stdin=""):
    """Run `zoom-sync ARGUMENTS` in `folder`, with nothing but `env` around it; answers as `subprocess.run` does."""
    with tempfile.TemporaryDirectory() as streams:
        names = [Path(streams) / name for name in ("stdin", "stdout", "stderr")]
        names[0].write_text(stdin, "utf-8")
        process = _forking.Process(target=_command, args=(arguments, str(folder), env, list(map(str, names))))
        process.start()
        process.join(WAIT_SECONDS)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, WAIT_SECONDS)
        told = [name.read_text("utf-8") for name in names[1:]]
    return subprocess.CompletedProcess(arguments, process.exitcode, *told)


def _command(arguments, folder, env, names):
    for number, (name, flags) in enumerate(zip(names, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
        for number, mode in enumerate("rww")
    )
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["zoom-sync", *arguments]
    if "PYTHONWARNINGS" in env:
        warnings.resetwarnings()
        for told in env["PYTHONWARNINGS"].split(","):
            action, message, category, *_ = *told.split(":"), "", ""
            warnings.filterwarnings(action, re.escape(message), getattr(builtins, category or "Warning"))
    from zoom_sync.entrypoints.cli import main

    main()

"""The command line: a file per group of commands. Each parses, calls a use case, shows the answer.

Results go to standard output, logs and progress to standard error.

Imports everything below it, and the simulator where it is started; typer, rich. What is heavy, such as requests,
fastapi and uvicorn, is imported in the command that needs it.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import zoom_sync
from zoom_sync.entrypoints.cli import (
    accounts,
    by_hand,
    certificates,
    event_states,
    follow,
    instances,
    notify,
    people,
    previews,
    privacy,
    programme,
    recordings,
    registrants,
    reports,
    services,
    status,
    storage,
    sync,
    write_back,
)
from zoom_sync.entrypoints.cli import demo as demo_command

app = typer.Typer(
    name="zoom-sync",
    help="Zoom meetings for events: from the programme to the meetings, from the meetings to the attendance report.",
    epilog="Exit codes: 0 done, 1 failed or partly failed, 2 wrong usage or settings, 3 changes pending (plan: there is"
    " something to do; apply: what could be done is done, and something is held back or was skipped).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (
    demo_command,
    programme,
    event_states,
    follow,
    sync,
    status,
    by_hand,
    reports,
    instances,
    recordings,
    registrants,
    people,
    certificates,
    privacy,
    services,
    write_back,
    storage,
    accounts,
    previews,
    notify,
):
    module.add_to(app)


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False,
) -> None:
    """Common to all commands."""
    if version:
        typer.echo(f"zoom_sync {zoom_sync.version()}")
        raise typer.Exit


def main() -> None:
    """The console script: errors that were foreseen become a message and an exit code, never a traceback."""
    from zoom_sync.errors import ConfigurationError, UserError, ZoomSyncError

    try:
        app(standalone_mode=True)
    except ConfigurationError as error:
        _complain(error.message, error.problems)
        sys.exit(2)
    except UserError as error:
        _complain(error.message, error.problems)
        sys.exit(1)
    except ZoomSyncError as error:
        _complain(f"{type(error).__name__}: {error}", ())
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        sys.exit(1)


def _complain(message: str, problems: object) -> None:
    sys.stderr.write(f"zoom-sync: {message}\n")
    for problem in problems if isinstance(problems, tuple) else ():
        sys.stderr.write(f"  {problem}\n")

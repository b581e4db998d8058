"""Writes docs/reference from the code: commands, settings, programme format, exit codes, simulator.

It writes config/programme.schema.json too, and config/zoom_sync.toml as long as nothing is set in it.

    python docs/generate.py            write them
    python docs/generate.py --check    change nothing; exit 1 where a page is not what the code says
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic import SecretStr

from zoom_sync.adapters.sources import json_schema_text
from zoom_sync.adapters.zoom.operations import Feature, needed
from zoom_sync.entrypoints import cli
from zoom_sync.errors import ConfigurationError, UserError, ZoomSyncError
from zoom_sync.settings import PREFIX, Settings, secret_variables
from zoom_sync.simulator import faults, page, routes

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
TOML = ROOT / "config" / "zoom_sync.toml"
SCHEMA = ROOT / "config" / "programme.schema.json"
NOTE = "<!-- Written by `make docs` from the code; do not edit. -->\n"
WIDTH = 100

SETTINGS_INTRO = """\
Where a value comes from, the first that has it: the environment; `NAME_FILE`, the path of a file that holds it; `.env`
in the current folder; a file of the variable's name in `/run/secrets`; `zoom_sync.toml` in the config folder. A
variable that begins with `ZOOM_SYNC_` and is no setting is refused, so that a slip shows; so is an unknown key in
`.env` or `zoom_sync.toml`.
"""
PROGRAMME_INTRO = """\
A programme is a YAML file. Editors that know `config/programme.schema.json` complete and check it; `zoom-sync check
FILE` tells all that is wrong with it, each with its line. A worked example with comments is `config/programme.yaml`.
"""
ERRORS_INTRO = """\
An error that was foreseen is a message on standard error, with every problem there is; never a traceback. These are the
kinds; those marked as passing may go away by themselves, and the workers try them again.
"""
SIMULATOR_INTRO = """\
`zoom-sync simulator` serves a local Zoom: it keeps meetings, plays evenings, makes reports, and refuses what Zoom
refuses. Nothing in it reaches the internet. It is used by whoever points `ZOOM_API_URL` and `ZOOM_OAUTH_URL` at it, and
each command then says so.
"""
SCOPES_INTRO = """\
What a Server-to-Server OAuth app needs, by what your programmes use; `zoom-sync doctor` says which of them are missing.
The names are those of the page *Scopes* of your app in Zoom's App Marketplace. An app of the older kind with classic
scopes (`meeting:write:admin`, `webinar:write:admin`, `report:read:admin`, `user:read:admin`) is served as well.
"""
TOML_HEAD = """\
# zoom_sync's settings. Each line shows a setting's default; take the # away to change it.
#
# Where a value comes from, the first that has it: the environment (ZOOM_SYNC_THREADS=8), NAME_FILE, .env, a file of
# that name in /run/secrets, this file. Credentials and addresses (ZOOM_CLIENT_SECRET, DATABASE_URL, REDIS_URL, ...)
# are refused here: this file is meant to be reviewed and shared. All variables: docs/reference/settings.md.
# Is it right? zoom-sync doctor
"""


def commands() -> dict[str, Any]:
    """Every command by its words, in the order of the help: `{"check": ..., "report attendance": ...}`."""
    return dict(_commands(typer.main.get_command(cli.app), ()))


def _commands(group: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def help_of(words: str, command: Any) -> str:
    """The help of a command as it prints it, at a fixed width."""
    context = command.make_context(
        f"zoom-sync {words}".rstrip(), [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def commands_page() -> str:
    top = typer.main.get_command(cli.app)
    parts = ["# Commands\n", "Results go to standard output, logs and progress to standard error.\n"]
    parts.append(f"```text\n{help_of('', top)}\n```\n")
    for words, command in commands().items():
        parts.append(f"## zoom-sync {words}\n")
        parts.append(f"```text\n{help_of(words, command)}\n```\n")
    return "\n".join(parts)


def settings_page() -> str:
    parts = [
        "# Settings\n",
        SETTINGS_INTRO,
        "| variable | in zoom_sync.toml | default | meaning |",
        "|---|---|---|---|",
    ]
    for field in Settings.model_fields.values():
        variable = str(field.alias)
        key = "" if field.annotation is SecretStr else _toml_key(variable)
        parts.append(f"| `{variable}` | {key} | {_default(field.default)} | {_meaning(field)} |")
    return "\n".join(parts) + "\n"


def _toml_key(variable: str) -> str:
    in_file = (variable.startswith(PREFIX) or variable == "ZOOM_PLAN") and variable != "ZOOM_SYNC_CONFIG"
    in_file = in_file and variable not in secret_variables()
    return f"`{variable.removeprefix(PREFIX).lower()}`" if in_file else ""


def _default(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return "" if value in (None, "") else f"`{value}`"


def _meaning(field: Any) -> str:
    told = f"{field.description}"
    if get_origin(field.annotation) is Literal:
        told += ": " if ":" not in told else "; one of "
        told += ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
    bounds = [f"{word} {getattr(limit, name)}" for limit in field.metadata
              for name, word in (("ge", "at least"), ("le", "at most")) if hasattr(limit, name)]  # fmt: skip
    return told + (f" ({', '.join(bounds)})" if bounds else "")


def toml_sample() -> str:
    """config/zoom_sync.toml with every setting commented out."""
    parts = [TOML_HEAD]
    for field in Settings.model_fields.values():
        key = "" if field.annotation is SecretStr else _toml_key(str(field.alias)).strip("`")
        if key:
            meaning = _meaning(field).replace("`", "")
            parts.append(f"# {meaning}\n# {key} = {json.dumps(field.default)}\n")
    return "\n".join(parts)


def programme_page() -> str:
    schema = json.loads(json_schema_text())
    parts = [
        "# Programme format\n",
        PROGRAMME_INTRO,
        "| where | needed | what | form |",
        "|---|---|---|---|",
        *_fields(schema, ""),
    ]
    return "\n".join(parts) + "\n"


def _fields(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    for name, rule in schema.get("properties", {}).items():
        path = f"{where}{name}"
        needed = "yes" if name in schema.get("required", ()) else ""
        yield f"| `{path}` | {needed} | {rule.get('description', '')} | {_form(rule)} |"
        yield from _fields(rule, f"{path}.")
        if "items" in rule:
            yield from _fields(rule["items"], f"{path}[].")


def _form(rule: Mapping[str, Any]) -> str:
    choices = list(rule.get("anyOf", ()) or rule.get("oneOf", ()))
    if choices:
        return " or ".join(_form(one) for one in choices)
    if "enum" in rule:
        return " or ".join(f"`{one}`" for one in rule["enum"])
    words = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number"}
    words |= {"boolean": "`true` or `false`"}
    told = [words.get(rule.get("type", ""), str(rule.get("type", "")))]
    bounds = {
        "maxLength": "at most {} characters",
        "minimum": "at least {}",
        "maximum": "at most {}",
        "pattern": "`{}`",
    }
    told += [text.format(str(rule[name]).replace("|", "\\|")) for name, text in bounds.items() if name in rule]
    if rule.get("examples"):
        told.append(f"such as `{rule['examples'][0]}`")
    return ", ".join(told)


def scopes_page() -> str:
    parts = ["# Scopes\n", SCOPES_INTRO]
    for feature in Feature:
        purposes: dict[str, list[str]] = {}
        for operation in needed({feature}):
            purposes.setdefault(operation.scope, []).append(operation.purpose)
        parts += [
            f"## {feature.value.capitalize()}\n",
            "| scope | for |",
            "|---|---|",
            *(f"| `{scope}` | {'; '.join(uses)} |" for scope, uses in purposes.items()),
            "",
        ]
    parts += [
        "## Every operation\n",
        "| operation | label | scope |",
        "|---|---|---|",
        *(
            f"| `{operation.method} {operation.path.replace('{}', '…')}` | {operation.label} | `{operation.scope}` |"
            for operation in needed(set(Feature))
        ),
    ]
    return "\n".join(parts) + "\n"


def exit_codes_page() -> str:
    epilog = str(cli.app.info.epilog)
    rows = re.findall(r"(\d) ((?:\([^)]*\)|[^,.(])+)", epilog.partition(":")[2])
    parts = [
        "# Exit codes and errors\n",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code} | {meaning.strip()} |" for code, meaning in rows),
        "",
        ERRORS_INTRO,
        "| error | exit code | passing | meaning |",
        "|---|---|---|---|",
    ]
    for error in _tree(ZoomSyncError):
        code = 2 if issubclass(error, ConfigurationError) else 1
        shown = error.__name__ if not issubclass(error, UserError) else f"{error.__name__} (yours to put right)"
        parts.append(f"| {shown} | {code} | {'yes' if error.retryable else ''} | {_first(error.__doc__)} |")
    return "\n".join(parts) + "\n"


def _tree(error: type[ZoomSyncError]) -> Iterator[type[ZoomSyncError]]:
    for each in error.__subclasses__():
        if each.__module__ == "zoom_sync.errors":
            yield each
            yield from _tree(each)


def _first(text: str | None) -> str:
    return " ".join(str(text).split("\n\n")[0].split())


def simulator_page() -> str:
    parts = [
        "# The simulator\n",
        SIMULATOR_INTRO,
        "## Zoom's operations in it\n",
        "| method | path under /v2 | rate limit label |",
        "|---|---|---|",
        *(f"| {route.method} | `{page._named(route.template)}` | {route.label} |" for route in routes.ROUTES),  # noqa: SLF001 - one page, two renderings
        "",
        "## Its own operations\n",
        "```text",
        *(line.rstrip() for line in page.CONTROL),
        "```\n",
        f"Kinds of faults: {', '.join((*faults.BEFORE, *faults.AFTER, *faults.STANDING))}.\n",
        "## What is not simulated\n",
        *(f"- {line}" for line in page.MISSING),
        "",
        "## Where Zoom's behaviour is not documented, and what the simulator does\n",
        *(f"- {line}" for line in page.ASSUMED),
    ]
    return "\n".join(parts) + "\n"


PAGES = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "programme.md": programme_page,
    "scopes.md": scopes_page,
    "exit-codes.md": exit_codes_page,
    "simulator.md": simulator_page,
}


def pages() -> dict[Path, str]:
    """What each file has to be."""
    wanted = {REFERENCE / name: NOTE + "\n" + write() for name, write in PAGES.items()}
    wanted[SCHEMA] = json_schema_text()
    if not (TOML.exists() and tomllib.loads(TOML.read_text(encoding="utf-8"))):
        wanted[TOML] = toml_sample()
    return wanted


BY_HAND = ("figures.md",)  # pages of the reference that no code can write: what the figures mean


def stale() -> list[str]:
    """The files that are not what the code says."""
    wanted = pages()
    written = {*wanted, *REFERENCE.glob("*.md")} - {REFERENCE / name for name in BY_HAND}
    kept = {path: path.read_text(encoding="utf-8") for path in written if path.exists()}
    wrong = [path for path in {*wanted, *kept} if kept.get(path) != wanted.get(path)]
    return sorted(path.relative_to(ROOT).as_posix() for path in wrong)


def main() -> int:
    if "--check" in sys.argv[1:]:
        wrong = stale()
        for name in wrong:
            sys.stderr.write(f"{name} is not what the code says; `make docs` writes it\n")
        return 1 if wrong else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT).as_posix()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

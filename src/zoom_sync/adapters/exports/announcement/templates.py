"""The templates of announcements: the built-in ones, and over them those that an organiser keeps in a folder.

An organiser's template is a text that somebody else may have written: it runs in jinja2's sandbox, reaches no file
outside of its folder, and is escaped as HTML where it is one. It may build on ours:
`{% extends "built-in/announcement.html.j2" %}`.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from zoom_sync.errors import Problem, UserError

PAGE = "announcement.html.j2"
POSTER = "poster.html.j2"
MARKDOWN = "announcement.md.j2"
TEXT = "announcement.txt.j2"


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a folder, and the built-in ones where it has none or where there is no folder."""

    folder: Path | None = None

    def has_own(self, name: str) -> bool:
        """Whether the organiser keeps a template of this name."""
        return self.folder is not None and (self.folder / name).is_file()

    def render(self, name: str, values: Mapping[str, object]) -> bytes:
        """The template with its values as UTF-8. Raises UserError, which names the file and the line."""
        try:
            return _environment(self.folder).get_template(name).render(values).encode()
        except UserError:
            raise
        except Exception as error:
            if not self.has_own(name):
                raise
            raise UserError(
                f"the template {name} cannot be used; nothing was written",
                [_problem(error, self.folder, name, secrets_of(values))],
            ) from None


@cache
def _environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    built_in = PackageLoader("zoom_sync.adapters.exports.announcement")
    loaders: list[BaseLoader] = [built_in, PrefixLoader({"built-in": built_in})]
    if folder is not None:
        loaders.insert(0, FileSystemLoader(folder))
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=lambda name: name is None or ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=True,
    )


def secrets_of(values: Mapping[str, object]) -> list[str]:
    """The passcodes and links among a template's values: jinja2 puts a value that was no key into its message."""
    sessions: Any = values.get("sessions", ())
    found = [session.get(name) for session in sessions for name in ("link", "passcode")]
    return sorted((secret for secret in found if secret), key=len, reverse=True)


def _problem(error: Exception, folder: Path | None, name: str, secrets: list[str]) -> Problem:
    """Where a template broke. Of errors that are not jinja2's own only the kind is told: they may hold anything."""
    source, line = str((folder or Path()) / name), None
    if isinstance(error, TemplateSyntaxError):
        return Problem(error.message or "it cannot be read", error.lineno, error.filename or source)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    if frames:
        source, line = frames[-1].filename, frames[-1].lineno
    if isinstance(error, UnicodeDecodeError):
        return Problem("it is not UTF-8 text: save it with that encoding", None, source)
    text = f"it stops with a {type(error).__name__}"
    if isinstance(error, TemplateError):
        text = f"there is no template {error}" if isinstance(error, TemplateNotFound) else str(error)
    for secret in secrets:
        text = text.replace(secret, "***")
    return Problem(text, line, source)

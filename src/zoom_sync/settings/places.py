"""Where settings stand besides the environment and `.env`: in files named by `X_FILE`, in `zoom_sync.toml`."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from zoom_sync.errors import ConfigurationError, Problem

PREFIX = "ZOOM_SYNC_"
FILE = "_FILE"
TOML = "zoom_sync.toml"


class _MappingSource(PydanticBaseSettingsSource):
    """A source that answers a whole mapping at once."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - the interface
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        return self.values()

    def values(self) -> dict[str, Any]:
        """The values by variable name."""
        raise NotImplementedError


class FileSource(_MappingSource):
    """`X_FILE`: the value of X stands in that file, as container secrets do."""

    def values(self) -> dict[str, Any]:
        found = {}
        for name in variables_of(self.settings_cls):
            path = os.environ.get(name + FILE)
            if path:
                found[name] = _read_secret(name, path)
        return found


class TomlSource(_MappingSource):
    """`zoom_sync.toml` in the config folder; secrets are refused there."""

    def values(self) -> dict[str, Any]:
        path = config_folder() / TOML
        if not path.is_file():
            return {}
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{path} cannot be read: {error}") from None
        told_names = variables_of(self.settings_cls)
        known = {name.removeprefix(PREFIX).lower(): name for name in told_names if name.startswith(PREFIX)}
        known = {key: name for key, name in known.items() if name not in secret_variables_of(self.settings_cls)}
        known["zoom_plan"] = "ZOOM_PLAN"
        wrong = [Problem(f"{key!r} is no setting; secrets and addresses go into the environment", source=str(path))
                 for key in told if key not in known]  # fmt: skip
        if wrong:
            raise ConfigurationError(f"{path} is not right", wrong)
        return {known[key]: value for key, value in told.items()}


def variables_of(settings: type[BaseSettings]) -> tuple[str, ...]:
    """Every variable, in the order of the settings."""
    return tuple(str(field.alias) for field in settings.model_fields.values())


def secret_variables_of(settings: type[BaseSettings]) -> frozenset[str]:
    """The variables that hold secrets, which a file that is reviewed and shared may not."""
    return frozenset(
        str(f.alias) for f in settings.model_fields.values() if SecretStr in (f.annotation, *get_args(f.annotation))
    )


def named_secret(name: str) -> str:
    """What a variable holds that a file names, because it must not hold it itself: `NAME`, or the file of `NAME_FILE`.

    Raises ConfigurationError.
    """
    path = os.environ.get(name + FILE)
    text = _read_secret(name, path) if path else os.environ.get(name, "").strip()
    if not text:
        raise ConfigurationError(f"{name} is not set: it is named by a mapping, and every process that reads the"
                                 f" programme needs it ({name} or {name}{FILE})")  # fmt: skip
    return text


def config_folder() -> Path:
    return Path(os.environ.get("ZOOM_SYNC_CONFIG") or "config")


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise ConfigurationError(f"{name}{FILE} names {path}, which cannot be read") from None

"""Settings: from the environment, `*_FILE`, `.env`, a secrets folder and `config/zoom_sync.toml`, in that order.

The one place that reads them. Adapters and use cases are given plain arguments, never this.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from zoom_sync.domain.access import read_role_map
from zoom_sync.errors import ConfigurationError, Problem

PREFIX = "ZOOM_SYNC_"
FILE = "_FILE"
TOML = "zoom_sync.toml"
SECRETS_FOLDER = "/run/secrets"


class Settings(BaseSettings):
    """Everything that can be set. Each field's alias is its variable; `ZOOM_SYNC_X` is `x` in zoom_sync.toml."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="forbid", populate_by_name=False
    )

    zoom_account_id: str = Field(
        "", alias="ZOOM_ACCOUNT_ID", description="Account ID of the Server-to-Server OAuth app"
    )
    zoom_client_id: str = Field("", alias="ZOOM_CLIENT_ID", description="Client ID of the app")
    zoom_client_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_CLIENT_SECRET", description="Client secret of the app"
    )
    zoom_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.zoom.us/v2"),
        alias="ZOOM_API_URL",
        description="Base of Zoom's API, or of the simulator's",
    )
    zoom_oauth_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://zoom.us/oauth/token"), alias="ZOOM_OAUTH_URL", description="Where tokens are asked for"
    )
    zoom_plan: Literal["free", "pro", "business"] = Field(
        "pro",
        alias="ZOOM_PLAN",
        description="Whose published limits apply; business: also Education, Enterprise",
    )
    zoom_webhook_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_WEBHOOK_SECRET", description="Secret token of the app's webhooks"
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/zoom_sync.db"),
        alias="DATABASE_URL",
        description="SQLite or PostgreSQL, as SQLAlchemy writes it",
    )
    redis_url: SecretStr | None = Field(
        None,
        alias="REDIS_URL",
        description="Broker, shared limits and shared token; without it everything runs in one process",
    )
    config: Path = Field(
        Path("config"), alias="ZOOM_SYNC_CONFIG", description="Folder of zoom_sync.toml, profiles.yaml, hosts.yaml"
    )

    default_profile: str = Field(
        "public-seminar", alias="ZOOM_SYNC_DEFAULT_PROFILE", description="Profile of sessions that name none"
    )
    threads: int = Field(
        4, ge=1, le=64, alias="ZOOM_SYNC_THREADS", description="How many calls one command makes at the same time"
    )
    settle_seconds: float = Field(
        30.0, ge=0, alias="ZOOM_SYNC_SETTLE_SECONDS",
        description="How long a creation whose answer was lost stays in doubt before it is looked for",
    )  # fmt: skip
    report_delay_minutes: int = Field(
        30,
        ge=0,
        alias="ZOOM_SYNC_REPORT_DELAY_MINUTES",
        description="How long after a session's end Zoom may add to its reports",
    )
    sync_minutes: int = Field(
        15, ge=1, alias="ZOOM_SYNC_SYNC_MINUTES", description="How often the schedule syncs each event"
    )
    collect_minutes: int = Field(
        10, ge=1, alias="ZOOM_SYNC_COLLECT_MINUTES", description="How often the schedule looks for reports that are due"
    )
    worker_processes: int = Field(
        4, ge=1, le=256, alias="ZOOM_SYNC_WORKER_PROCESSES", description="Processes of one worker"
    )
    sweep_seconds: float = Field(
        15.0, ge=1, alias="ZOOM_SYNC_SWEEP_SECONDS",
        description="How often the schedule looks for queued work that is due again",
    )  # fmt: skip
    resend_seconds: float = Field(
        300.0, ge=1, alias="ZOOM_SYNC_RESEND_SECONDS",
        description="How long queued work may take before it is handed out again; above the length of the queue",
    )  # fmt: skip
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", alias="ZOOM_SYNC_LOG_LEVEL", description="What is logged, to standard error"
    )
    log_format: Literal["text", "json"] = Field("text", alias="ZOOM_SYNC_LOG_FORMAT", description="How it is logged")

    web_url: str = Field(
        "http://localhost:8000",
        pattern="^https?://[^/]",
        alias="ZOOM_SYNC_WEB_URL",
        description="The address that browsers know the pages by; the identity provider sends them back to it",
    )
    plain_http: bool = Field(
        False,
        alias="ZOOM_SYNC_PLAIN_HTTP",
        description="Let cookies travel without TLS too; only for a browser that takes none from http://localhost",
    )
    session_idle_minutes: int = Field(
        60, ge=1, alias="ZOOM_SYNC_SESSION_IDLE_MINUTES", description="Who did nothing for so long is signed out"
    )
    session_hours: int = Field(
        12, ge=1, alias="ZOOM_SYNC_SESSION_HOURS", description="How long after sign-in one has to sign in again"
    )
    oidc_issuer: str = Field(
        "", alias="ZOOM_SYNC_OIDC_ISSUER", description="OpenID provider for sign-in; without it local accounts alone"
    )
    oidc_client_id: str = Field("", alias="ZOOM_SYNC_OIDC_CLIENT_ID", description="Our client ID at the provider")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_OIDC_CLIENT_SECRET", description="Our client secret at the provider"
    )
    oidc_role_claim: str = Field(
        "groups", alias="ZOOM_SYNC_OIDC_ROLE_CLAIM", description="The claim whose values give roles"
    )
    oidc_roles: str = Field(
        "",
        alias="ZOOM_SYNC_OIDC_ROLES",
        description="Which value gives which role: `zoom-admins=organiser, *=viewer`; `*`: everybody",
    )

    @field_validator("oidc_roles")
    @classmethod
    def _readable_roles(cls, value: str) -> str:
        read_role_map(value)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        secrets = FileSource(settings_cls)
        return init_settings, env_settings, secrets, dotenv_settings, file_secret_settings, TomlSource(settings_cls)

    @property
    def is_simulator(self) -> bool:
        """Whether the API's address is not Zoom's."""
        host = self.zoom_api_url.host or ""
        return not (host == "zoom.us" or host.endswith((".zoom.us", ".zoomgov.com")))


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
        for name in variables():
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
        known = {name.removeprefix(PREFIX).lower(): name for name in variables() if _may_stand_in_file(name)}
        known["zoom_plan"] = "ZOOM_PLAN"
        wrong = [Problem(f"{key!r} is no setting; secrets and addresses go into the environment", source=str(path))
                 for key in told if key not in known]  # fmt: skip
        if wrong:
            raise ConfigurationError(f"{path} is not right", wrong)
        return {known[key]: value for key, value in told.items()}


def variables() -> tuple[str, ...]:
    """Every variable, in the order of the settings."""
    return tuple(str(field.alias) for field in Settings.model_fields.values())


def _may_stand_in_file(name: str) -> bool:
    secret = {str(field.alias) for field in Settings.model_fields.values() if field.annotation is SecretStr}
    return name.startswith(PREFIX) and name not in secret


def config_folder() -> Path:
    return Path(os.environ.get("ZOOM_SYNC_CONFIG") or "config")


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: with every problem there is.
    """
    unknown = [
        Problem(f"{name} is set, but there is no such setting")
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name.removesuffix(FILE) not in variables()
    ]
    folder = os.environ.get("ZOOM_SYNC_CONFIG")
    if folder and not Path(folder).is_dir():
        unknown.append(Problem(f"ZOOM_SYNC_CONFIG names {folder}, but there is no such folder"))
    secrets = SECRETS_FOLDER if Path(SECRETS_FOLDER).is_dir() else None
    try:
        settings = Settings(_secrets_dir=secrets)  # type: ignore[call-arg]  # the base class takes it
    except ValidationError as error:
        # Only where and why: what was given may be a secret.
        found = [
            Problem(f"{'.'.join(map(str, each['loc']))}: {each['msg']}") for each in error.errors(include_input=False)
        ]
        raise ConfigurationError("the settings are not right", [*unknown, *found]) from None
    if unknown:
        raise ConfigurationError("the settings are not right", unknown)
    return settings


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The values that no log may show."""
    kept = (settings.zoom_client_secret, settings.zoom_webhook_secret, settings.oidc_client_secret)
    return tuple(secret.get_secret_value() for secret in kept)


def require_credentials(settings: Settings) -> None:
    """Raise ConfigurationError that names every missing credential."""
    told = {
        "ZOOM_ACCOUNT_ID": settings.zoom_account_id,
        "ZOOM_CLIENT_ID": settings.zoom_client_id,
        "ZOOM_CLIENT_SECRET": settings.zoom_client_secret.get_secret_value(),
    }
    missing = [Problem(f"{name} is not set") for name, value in told.items() if not value]
    if missing:
        raise ConfigurationError(
            "Zoom's credentials are missing; they stand on the page of your Server-to-Server OAuth app", missing
        )


def read_profiles(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """The profiles of `profiles.yaml`, or the built-in one where there is no such file. Raises ConfigurationError."""
    path = folder / "profiles.yaml"
    if not path.is_file():
        return {"public-seminar": BUILT_IN_PROFILE}
    told = _yaml(path)
    profiles = told.get("profiles") if isinstance(told, dict) else None
    if not isinstance(profiles, dict) or not all(isinstance(one, dict) for one in profiles.values()):
        raise ConfigurationError(f"{path} must hold `profiles:` with a name and its settings for each")
    return profiles


def read_host_pool(folder: Path) -> list[dict[str, Any]] | None:
    """The entries of `hosts.yaml`, None where there is no such file or it names nobody. Raises ConfigurationError."""
    path = folder / "hosts.yaml"
    told = _yaml(path) if path.is_file() else None
    if told is None:
        return None
    hosts = told.get("hosts") if isinstance(told, dict) else told
    if hosts is None and isinstance(told, dict) and set(told) <= {"hosts"}:
        return None
    if not isinstance(told, dict) or not isinstance(hosts, list) or set(told) != {"hosts"}:
        raise ConfigurationError(f"{path} must hold `hosts:` with a list of entries, and nothing else")
    if not hosts:
        return None
    problems = [
        Problem(f"entry {number}: {flaw}", source=str(path))
        for number, entry in enumerate(hosts, 1)
        if (flaw := _host_flaw(entry)) is not None
    ]
    if problems:
        raise ConfigurationError(f"{path} is not right", problems)
    return list(hosts)


def _host_flaw(entry: Any) -> str | None:
    numbers = ("capacity", "daily_writes")
    if not isinstance(entry, dict) or not isinstance(entry.get("user"), str) or not set(entry) <= {"user", *numbers}:
        return f"needs `user:` with an id, an e-mail address or a name, and knows besides only {', '.join(numbers)}"
    wrong = [name for name in numbers if name in entry and (type(entry[name]) is not int or entry[name] < 0)]
    return f"{' and '.join(wrong)} must be a whole number" if wrong else None


# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings (settings)
BUILT_IN_PROFILE: Mapping[str, Any] = {
    "waiting_room": False,
    "join_before_host": False,
    "mute_upon_entry": True,
    "participant_video": False,
    "host_video": True,
    "approval_type": 2,
    "auto_recording": "none",
    "question_and_answer": {"enable": True},
    "email_in_attendee_report": True,
}


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise ConfigurationError(f"{name}{FILE} names {path}, which cannot be read") from None

"""Settings are read here, and what is wrong with one of them alone is told."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from zoom_sync.errors import ConfigurationError, Problem
from zoom_sync.settings.fields import Settings
from zoom_sync.settings.places import FILE, PREFIX, secret_variables_of, variables_of

SECRETS_FOLDER = "/run/secrets"


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
        problems = [
            Problem(f"{'.'.join(map(str, each['loc']))}: {each['msg']}") for each in error.errors(include_input=False)
        ]
        raise ConfigurationError("the settings are not valid", [*unknown, *problems]) from None
    if unknown:
        raise ConfigurationError("the settings are not valid", unknown)
    return settings


def variables() -> tuple[str, ...]:
    """Every variable, in the order of the settings."""
    return variables_of(Settings)


def secret_variables() -> frozenset[str]:
    """The variables that hold secrets, which a file that is reviewed and shared may not."""
    return secret_variables_of(Settings)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The values that no log may show."""
    kept = (
        settings.zoom_client_secret, settings.zoom_webhook_secret, settings.oidc_client_secret,
        settings.smtp_password, settings.notify_url, settings.notify_secret, settings.sentry_dsn,
        settings.heartbeat_url, settings.https_proxy,
    )  # fmt: skip
    return *(secret.get_secret_value() for secret in kept), *settings.service_addresses, *settings.encryption_keys

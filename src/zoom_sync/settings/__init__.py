"""Settings: from the environment, `*_FILE`, `.env`, a secrets folder and `config/zoom_sync.toml`, in that order.

The one place that reads them. Adapters and use cases are given plain arguments, never this. Imports `domain` and
`errors`; pydantic with pydantic_settings, PyYAML.
"""

from zoom_sync.settings.checking import (
    heartbeat_flaws,
    network_flaws,
    notetakers_of,
    notify_flaws,
    require_credentials,
    staff_of,
    way_of,
)
from zoom_sync.settings.config_files import BUILT_IN_PROFILE, read_host_pool, read_profiles
from zoom_sync.settings.fields import Settings
from zoom_sync.settings.loading import load_settings, secret_variables, secrets_of, variables
from zoom_sync.settings.places import PREFIX, named_secret
from zoom_sync.settings.whole import check_config, config_flaws, last_good_pool, last_good_profiles

__all__ = [
    "BUILT_IN_PROFILE",
    "PREFIX",
    "Settings",
    "check_config",
    "config_flaws",
    "heartbeat_flaws",
    "last_good_pool",
    "last_good_profiles",
    "load_settings",
    "named_secret",
    "network_flaws",
    "notetakers_of",
    "notify_flaws",
    "read_host_pool",
    "read_profiles",
    "require_credentials",
    "secret_variables",
    "secrets_of",
    "staff_of",
    "variables",
    "way_of",
]

"""Errors to Sentry: its client hears what is logged as an error, and nothing else of the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import BadDsn, Dsn

import zoom_sync
from zoom_sync.observability import IDS, redact

# What is sent of an event: https://develop.sentry.dev/sdk/data-model/event-payloads/
EVENT_KEYS = frozenset({"event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk"})
ERROR_KEYS = frozenset({"type", "module", "mechanism"})
FRAME_KEYS = frozenset({"filename", "abs_path", "module", "function", "lineno", "in_app"})


def start(dsn: str, **more: Any) -> None:
    """Begin to tell; `more` are further options of the client."""
    sentry_sdk.init(
        dsn,
        release=f"zoom_sync@{zoom_sync.version()}",
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        default_integrations=False,
        integrations=[
            LoggingIntegration(level=None, sentry_logs_level=None),
            DedupeIntegration(),
            AtexitIntegration(callback=_say_nothing),
        ],
        before_send=chosen,
        **more,
    )


def is_dsn(text: str) -> bool:
    try:
        Dsn(text)
    except BadDsn:
        return False
    return True


def chosen(event: Event, hint: Hint) -> Event:
    """Of an event its kind, where in the code it happened, and the ids of what it was about."""
    told: Event = {}
    told.update({key: value for key, value in event.items() if key in EVENT_KEYS})  # type: ignore[typeddict-item]
    errors = (event.get("exception") or {}).get("values") or []
    if errors:
        told["exception"] = {"values": [_chosen_error(error) for error in errors]}
    record = hint.get("log_record")
    if record is not None:
        # A line of structlog is a mapping; one of others is the text that its arguments are put into.
        words = record.msg.get("event") if isinstance(record.msg, Mapping) else record.msg
        told["logentry"] = {"message": redact(str(words))}
    ids = structlog.contextvars.get_contextvars()
    told["tags"] = {name: redact(str(ids[name])) for name in IDS if name in ids}
    return told


def _chosen_error(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or []
    values: dict[str, Any] = {key: value for key, value in error.items() if key in ERROR_KEYS}
    values["stacktrace"] = {"frames": [{k: v for k, v in frame.items() if k in FRAME_KEYS} for frame in frames]}
    return values


def _say_nothing(_pending: int, _timeout: float) -> None:
    """Who runs a command need not know that it waits a moment for Sentry."""

"""Telling Sentry of errors and an OpenTelemetry collector of spans: both off by default, both in optional packages.

What leaves this way goes to others, so it is chosen and not filtered: only what `sentry` and `otel` name is sent. An
error's text, a log's arguments, an address and its query, local variables, headers and bodies are not. The logs tell
them, redacted.

Imports `settings`, `errors`, `observability`, structlog, fastapi; where it is switched on, sentry_sdk or opentelemetry.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import structlog

from zoom_sync.errors import Problem
from zoom_sync.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

NEEDED = {
    "sentry": ("sentry_sdk",),
    "otel": (
        "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http", "opentelemetry.instrumentation.celery",
        "opentelemetry.instrumentation.fastapi", "opentelemetry.instrumentation.requests",
    ),
}  # fmt: skip

log = structlog.stdlib.get_logger(__name__)


def observers(settings: Settings) -> dict[str, str]:
    """What is switched on: the extra that it needs, and the variable that switches it on."""
    values = {
        "sentry": ("SENTRY_DSN", settings.sentry_dsn.get_secret_value()),
        "otel": ("OTEL_EXPORTER_OTLP_ENDPOINT", settings.otel_endpoint),
    }
    return {extra: name for extra, (name, value) in values.items() if value}


def observing_flaws(settings: Settings) -> list[Problem]:
    """What is switched on and cannot work; nothing where all is off."""
    flaws = [
        f"{name} is set, but its packages are not installed: pip install 'zoom_sync[{extra}]'"
        for extra, name in observers(settings).items()
        if not _is_installed(extra)
    ]
    if settings.sentry_dsn.get_secret_value() and _is_installed("sentry"):
        from zoom_sync.entrypoints.observing import sentry

        if not sentry.is_dsn(settings.sentry_dsn.get_secret_value()):
            flaws.append("SENTRY_DSN is not a DSN; Sentry shows it under Settings, Projects, Client Keys")
    return [Problem(flaw) for flaw in flaws]


def start_observing(settings: Settings) -> None:
    """Begin to tell, where that is switched on. What cannot work is logged, and told by `doctor`: the work goes on."""
    on = observers(settings)
    if flaws := observing_flaws(settings):
        log.warning("not_observed", reason="; ".join(map(str, flaws)))
        return
    if "sentry" in on:
        from zoom_sync.entrypoints.observing import sentry

        sentry.start(settings.sentry_dsn.get_secret_value())
    if "otel" in on:
        from zoom_sync.entrypoints.observing import otel

        otel.start(settings.otel_endpoint)


def trace_pages(app: FastAPI, settings: Settings) -> None:
    """Make spans of the requests to the pages, where that is switched on."""
    if "otel" in observers(settings) and _is_installed("otel"):
        from zoom_sync.entrypoints.observing import otel

        otel.trace_pages(app)


def _is_installed(extra: str) -> bool:
    try:
        return all(find_spec(name) is not None for name in NEEDED[extra])
    except ModuleNotFoundError:  # the package that it would be in
        return False

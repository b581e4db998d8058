"""Logs: constant event names with fields, to standard error, with nothing secret or personal in them.

What must not be seen is not logged in the first place; the redaction here is the net below that.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# Address, `pwd=` and `zak=` in links, tokens in headers, start links.
SECRETS = re.compile(
    r"[\w.+%-]+@[\w-]+\.[\w.-]+"
    r"|(?<=pwd=)[^\s&\"']+|(?<=zak=)[^\s&\"']+|(?<=access_token=)[^\s&\"']+"
    r"|(?<=Bearer )\S+|(?<=Basic )\S+"
    r"|https?://\S+/[sj]/\d+\S*"
)


def redact(text: str) -> str:
    """The text with everything that looks like a secret or an address replaced by `***`."""
    return SECRETS.sub("***", text)


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _redacted(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(one) for one in value]
    return value


def _redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _redacted(value)
    return event


def configure_logging(level: str, form: str) -> None:
    """Send every log of the process, also those of libraries, to standard error. `form` is text or json."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bind(**ids: Any) -> None:
    """Put ids (run, event, session, task) on every log line of this thread until `unbind`."""
    structlog.contextvars.bind_contextvars(**ids)


def unbind() -> None:
    structlog.contextvars.clear_contextvars()

"""Logs: constant event names with fields, to standard error, with nothing secret or personal in them.

What must not be seen is not logged in the first place; the redaction here is the net below that, and it is drawn last:
over the text of every line as it leaves, tracebacks of unforeseen exceptions included.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import threading
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

# A character of a value as it stands in text or in JSON.
_PLAIN = r"[^\s\"'&<>\\,;)}\]]"
_LOCAL = r"[^\s@<>\"(),:;/?&=\[\]\\]"  # of the part of an address before the @
SECRETS = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}+(?:@|%40)[\w-]+\.[\w.-]+"  # e-mail addresses
    r"|(?<=://)[^\s/@\"']+(?=@)"  # user and password in a URL
    rf"|https?://{_PLAIN}{{1,200}}/[sjw]/\d+{_PLAIN}*"  # join and start links
    r"|eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]+)?"  # tokens by their form
    rf"|(?<=Bearer ){_PLAIN}+|(?<=Basic ){_PLAIN}+"
)
# A named value in a query, a header, JSON or the repr of a dict.
NAMED = re.compile(
    r"((?:pass(?:word|code|wd)|pwd|zak|tk|secret|access_token|refresh_token|authorization)\\?[\"']?\s*[:=]\s*\\?[\"']?)"
    rf"(?!\*\*\*|(?:Bearer|Basic) )({_PLAIN}+)",
    re.IGNORECASE,
)
# Fields whose value is never told, whatever it is.
SECRET_FIELD = re.compile(
    r"passw|passcode|pwd|secret|authorization|access_token|e_?mail|(?:join|start)_url", re.IGNORECASE
)
# These libraries tell rows, parameters, verifiers or nothing of interest where they are let; their warnings are heard.
# Celery's tell of each task that it was sent, received and done: every few seconds, where nothing is to do.
TALKATIVE = (
    "sqlalchemy", "authlib", "asyncio", "alembic.runtime.plugins",
    "celery.beat", "celery.worker.strategy", "celery.worker.request", "celery.app.trace",
)  # fmt: skip
# What a log line is about, as far as that is known.
IDS = ("request", "task", "run", "item", "event_key", "session")
REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
SHORTEST_HIDDEN = 4  # a shorter value occurs in every text

_hidden: set[str] = set()


def hide(*values: str) -> None:
    """Keep these very values out of every log from now on, such as a client secret."""
    _hidden.update(value for value in values if len(value) >= SHORTEST_HIDDEN)


def redact(text: str) -> str:
    """The text with everything that looks like a secret or an address replaced by `***`."""
    for value in sorted(_hidden, key=len, reverse=True):
        text = text.replace(value, "***")
    return NAMED.sub(r"\1***", SECRETS.sub("***", text))


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _field(str(key), one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(one) for one in value]
    return value


def _field(name: str, value: Any) -> Any:
    return "***" if value and SECRET_FIELD.search(name) else _redacted(value)


def _redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if not key.startswith("_"):
            event[key] = _field(key, value)
    return event


def _say_once(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Uvicorn tells its message a second time, with a terminal's colours."""
    event.pop("color_message", None)
    return event


def _redact_line(_logger: Any, _name: str, line: Any) -> Any:
    """The last step: objects have become text by now."""
    return redact(line) if isinstance(line, str) else line


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None, thread: str = ""
) -> None:
    """An exception that nobody foresaw: its traceback is a log like any other."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), traceback)
        return
    values = {"thread": thread} if thread else {}
    logging.getLogger("zoom_sync").critical(
        "unexpected error", exc_info=(kind, error or kind(), traceback), extra=values
    )


def _log_uncaught_of_thread(told: threading.ExceptHookArgs) -> None:
    if not issubclass(told.exc_type, SystemExit):
        _log_uncaught(told.exc_type, told.exc_value, told.exc_traceback, told.thread.name if told.thread else "")


def configure_logging(level: str, form: str) -> None:
    """Send every log of the process to standard error, also those of libraries and uncaught exceptions.

    `form` is text or json.
    """
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _say_once,
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
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, _redact_line],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_of_thread
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def new_request(given: str | None = None) -> str:
    """Begin the lines of a request (a command, a page, a task): all that this thread logs from now on bears its id.

    `given` is the id that it has already, as far as that is one; it may come from a stranger.
    """
    number = given if given and REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    unbind()
    bind(request=number)
    return number


def request_id() -> str | None:
    """The id of the request that this thread is at."""
    number: str | None = structlog.contextvars.get_contextvars().get("request")
    return number


def bind(**ids: Any) -> None:
    """Put some of `IDS` on every log line of this thread until `unbind`; the use cases bind those of an item."""
    structlog.contextvars.bind_contextvars(**ids)


def unbind() -> None:
    structlog.contextvars.clear_contextvars()

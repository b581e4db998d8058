"""The broker as our workers meet it: what is not ours is refused, and a Redis that cannot be written is away.

Celery ends a worker for an error that it does not foresee, and a message that is not one is such an error: whoever can
write to Redis, by mistake or not, would end every worker one after the other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty
from typing import Any

import structlog
from celery.worker.consumer import Consumer as CeleryConsumer
from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError

log = structlog.stdlib.get_logger(__name__)

# A replica that a failover has not promoted yet, and a full memory: each ends, and Redis answers reads meanwhile.
PASSING = (ReadOnlyError, OutOfMemoryError)
# The same of a disk that Redis cannot save to, which its client gives no class of its own.
CANNOT_SAVE = "MISCONF"
# What tells that the connection is lost; kombu counts KeyError among it, which a message can cause, too.
_AWAY = redis.get_redis_error_classes().connection_errors  # type: ignore[no-untyped-call]  # kombu has no types
LOST = (*PASSING, *(kind for kind in _AWAY if kind is not KeyError))
BROKER_ADVICE = "messages wait in the store and are sent again; see that Redis runs, is writable and has memory"


# Where Celery says which messages it refuses.
REFUSING = "celery.worker.consumer.consumer"


class Channel(redis.Channel):
    """Reads messages. What lies in a queue and is no message of Celery's is dropped, and said."""

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]  # kombu has no types
        except (Empty, *LOST):
            raise
        except ResponseError as error:
            if str(error).startswith(CANNOT_SAVE):
                raise RedisAway(CANNOT_SAVE) from None
            raise
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            refuse(type(error).__name__)
            raise Empty from None


class Transport(redis.Transport):
    """Redis, with what passes by itself counted as a lost connection: the worker tries again, and does not end."""

    Channel = Channel

    def _get_errors(self) -> Any:
        errors = redis.get_redis_error_classes()  # type: ignore[no-untyped-call]  # kombu has no types
        return type(errors)((*errors.connection_errors, *PASSING), errors.channel_errors)


class Consumer(CeleryConsumer):  # type: ignore[misc]  # celery has no types
    """Hands messages to tasks. One that breaks Celery's own reading of it is refused, and the worker goes on."""

    def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        handle = super().create_task_handler(*arguments, **named)

        def guarded(message: Any) -> None:
            try:
                handle(message)
            except LOST:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a stranger's message breaks
                self._refuse(message, error)

        return guarded

    @staticmethod
    def _refuse(message: Any, error: Exception) -> None:
        refuse(type(error).__name__)
        if not message.acknowledged:
            message.reject_log_error(logging.getLogger(__name__), ())


def refuse(reason: str) -> None:
    """Say that a message was dropped; its content may hold anything and is not shown."""
    log.warning("message_refused", reason=reason, advice="it is none of zoom_sync's; see who else writes to this Redis")


class OneLine(logging.Filter):
    """Expected conditions of the broker are told in one line with advice, and not with a traceback.

    What Celery says of a message that it refuses holds the message, which may be anybody's: only that it was is kept.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, LOST):
            record.msg = f"{record.getMessage().splitlines()[0]} {type(error).__name__}; {BROKER_ADVICE}"
        elif record.name == REFUSING:
            record.msg = f"message_refused: {type(error).__name__}" if error else record.getMessage().splitlines()[0]
        else:
            return True
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


def use_our_broker() -> None:
    """Let kombu take this transport for redis:// and rediss:// addresses. Twice is the same as once."""
    TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = f"{__name__}:Transport"
    for name in (REFUSING, "celery.worker", "celery.beat", "kombu.connection"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, OneLine) for each in logger.filters):
            logger.addFilter(OneLine())

"""The broker as our workers meet it: what is not ours is refused, and a Redis that cannot be written is away.

Celery ends a worker for an error that it does not foresee, and a message that is not one is such an error: whoever can
write to Redis, by mistake or not, would end every worker one after the other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from inspect import signature
from queue import Empty
from typing import Any

import structlog
from billiard.exceptions import RestartFreqExceeded
from celery import Task
from celery.worker.consumer import Consumer as CeleryConsumer
from kombu.transport import TRANSPORT_ALIASES, redis, virtual
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError

log = structlog.stdlib.get_logger(__name__)

# A replica that a failover has not promoted yet, and a full memory: each ends, and Redis answers reads meanwhile.
PASSING = (ReadOnlyError, OutOfMemoryError)
# What tells that the connection is lost; kombu counts KeyError among it, which a message can cause, too.
_AWAY = redis.get_redis_error_classes().connection_errors  # type: ignore[no-untyped-call]  # kombu has no types
LOST = (*PASSING, *(kind for kind in _AWAY if kind is not KeyError))
BROKER_ADVICE = "messages wait in the store and are sent again; see that Redis runs, is writable and has memory"


LONGEST_LINE = 200
CANNOT_CONNECT = "Cannot connect to"
# How long the same line is not told again: Celery tries to connect several times a second.
QUIET_SECONDS = 30.0
# Where Celery says which messages it refuses.
REFUSING = "celery.worker.consumer.consumer"
# Who of Celery and kombu says that the broker is away. A filter is for one logger, and not for those below it.
TELLING = (
    REFUSING, "celery.app.trace", "celery.beat", "celery.bootsteps", "celery.worker", "celery.worker.loops",
    "celery.worker.consumer.connection", "celery.worker.consumer.gossip", "celery.worker.consumer.heart",
    "celery.worker.consumer.mingle", "celery.worker.pidbox", "celery.worker.request", "celery.worker.strategy",
    "kombu.connection", "kombu.transport.redis",
)  # fmt: skip


class QoS(redis.QoS):
    """What was delivered and is not acknowledged.

    kombu takes no more than a worker may hold, and never lets go of what it could not acknowledge: a worker whose last
    messages met a Redis that is away would wait for ever. They come again after the visibility timeout, and a repeated
    message does no harm.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]  # kombu has no types
        except LOST as error:
            self._let_go(delivery_tag, error)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)  # type: ignore[no-untyped-call]  # as above
        except LOST as error:
            self._let_go(delivery_tag, error)

    def _let_go(self, delivery_tag: str, error: Exception) -> None:
        virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # as above
        log.warning("message_not_acknowledged", reason=type(error).__name__, advice=BROKER_ADVICE)


class Channel(redis.Channel):
    """Reads messages. What lies in a queue and is no message of Celery's is dropped, and said."""

    QoS = QoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]  # kombu has no types
        except (Empty, *LOST):
            raise
        except ResponseError as error:
            # It cannot save to its disk (MISCONF), has become a replica (UNBLOCKED, READONLY), or the like.
            raise RedisAway(str(error).partition(" ")[0]) from None
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            refuse(type(error).__name__)
            raise Empty from None


class Transport(redis.Transport):
    """Redis, with what passes by itself counted as a lost connection: the worker tries again, and does not end."""

    Channel = Channel

    connection_errors = (*redis.Transport.connection_errors, *PASSING)


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


class OurTask(Task):  # type: ignore[misc]  # celery has no types
    """A task that is done only with arguments of its own: who else writes to the queue may have sent any."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        try:
            signature(self.run).bind(*arguments, **named)
        except TypeError:
            refuse("arguments")
            return None
        return self.run(*arguments, **named)


class OneLine(logging.Filter):
    """What is to be expected of a broker is told in one line with advice, without a traceback, and not again and again.

    What Celery says of a message that it refuses holds the message, which may be anybody's: only that it was is kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        line = record.getMessage().partition("\n")[0][:LONGEST_LINE]
        if _comes_of_it(error) or CANNOT_CONNECT in line:
            line = f"{line} {BROKER_ADVICE}"
        elif record.name != REFUSING:
            return True
        elif isinstance(error, RestartFreqExceeded):
            return False  # it only tells that the lines before came often
        elif error is not None and not isinstance(error, KeyError):  # of a task that is not ours, the line has the name
            line = f"message_refused: {type(error).__name__}"
        record.msg, record.args, record.exc_info, record.exc_text = line, (), None, None
        return not self._told_just_now(line)

    def _told_just_now(self, line: str) -> bool:
        now = time.monotonic()
        if now - self._last.get(line, float("-inf")) < QUIET_SECONDS:
            return True
        self._last = {line: at for line, at in self._last.items() if now - at < QUIET_SECONDS} | {line: now}
        return False


def _comes_of_it(error: BaseException | None) -> bool:
    """Whether an error tells that the broker is away, or was raised while that was dealt with (beat wraps it)."""
    while error is not None:
        if isinstance(error, LOST):
            return True
        error = error.__cause__ or error.__context__
    return False


def use_our_broker() -> None:
    """Let kombu take this transport for redis:// and rediss:// addresses. Twice is the same as once."""
    TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = f"{__name__}:Transport"
    for name in TELLING:
        logger = logging.getLogger(name)
        if not any(isinstance(each, OneLine) for each in logger.filters):
            logger.addFilter(OneLine())

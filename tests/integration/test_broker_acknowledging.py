"""A Redis that cannot be written when messages are done with: the worker that holds them goes on."""

import logging

import pytest
import redis
from celery.beat import SchedulingError
from kombu import Connection, Consumer, Queue

from zoom_sync.entrypoints.broker import BROKER_ADVICE, OneLine, use_our_broker

NAME = "acknowledging"


@pytest.fixture
def client(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        yield client
        client.execute_command("REPLICAOF", "NO", "ONE")


@pytest.mark.parametrize("done_with", [lambda one: one.ack(), lambda one: one.reject(), lambda one: one.requeue()])
def test_what_cannot_be_acknowledged_does_not_count_for_ever_as_held(redis_url, client, done_with):
    use_our_broker()
    held = []
    queue = Queue(NAME)
    with Connection(redis_url) as connection, Consumer(connection, [queue], on_message=held.append) as consumer:
        consumer.purge()
        consumer.qos(prefetch_count=2)
        with connection.Producer() as producer:
            for number in range(3):
                producer.publish(number, routing_key=NAME, declare=[queue])
        while len(held) < 2:
            connection.drain_events(timeout=5)
        client.execute_command("REPLICAOF", "127.0.0.1", "1")  # nobody is there: it stays an empty, read-only replica
        for message in held:
            done_with(message)
        client.execute_command("REPLICAOF", "NO", "ONE")
        connection.drain_events(timeout=5)
        held[2].ack()
    assert [message.payload for message in held] == [0, 1, 2]


def test_what_beat_cannot_send_to_a_broker_that_is_away_is_one_line():
    error = SchedulingError("Couldn't apply scheduled task sweep: read only")
    error.__context__ = redis.exceptions.ReadOnlyError("You can't write against a read only replica.")
    told = logging.LogRecord("celery.beat", logging.ERROR, "", 0, "Message Error: %s\n%s", (error, ["stack"]), None)
    told.exc_info = (type(error), error, None)
    assert OneLine().filter(told)
    assert told.exc_info is None
    assert told.getMessage().startswith("Message Error: Couldn't apply scheduled task sweep")
    assert told.getMessage().endswith(BROKER_ADVICE)
    assert "\n" not in told.getMessage()

"""What a worker is told of its pool and queues reaches Celery as Celery takes it; all that is wrong is told at once."""

import pytest

from zoom_sync.entrypoints.celery_options import worker_options
from zoom_sync.entrypoints.tasks import ITEMS, SCHEDULE
from zoom_sync.errors import UserError

NOTHING = {"autoscale": None, "queues": None, "max_tasks_per_child": None}


def test_without_options_celerys_own_pool_serves_every_queue():
    assert worker_options(**NOTHING) == {"pool": "prefork"}


def test_every_option_reaches_celery():
    told = worker_options(pool="prefork", autoscale="10,2", queues="schedule, items", max_tasks_per_child=100)
    assert told == {
        "pool": "prefork", "autoscale": "10,2", "queues": [SCHEDULE, ITEMS], "max_tasks_per_child": 100,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"pool": "gevent"}, "--pool: there is no 'gevent'"), ({"autoscale": "2,10"}, "--autoscale: '2,10'"),
        ({"autoscale": "many"}, "--autoscale: 'many'"), ({"queues": "items,mail"}, "--queues: there is no 'mail'"),
        ({"queues": ","}, "--queues"), ({"pool": "solo", "autoscale": "4,1"}, "--pool solo has none"),
        ({"pool": "threads", "max_tasks_per_child": 5}, "--pool threads has none"),
    ],
)  # fmt: skip
def test_what_celery_could_not_do_is_refused(wrong, words):
    with pytest.raises(UserError) as refused:
        worker_options(**{**NOTHING, **wrong})
    assert [words in str(problem) for problem in refused.value.problems] == [True]


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(UserError) as refused:
        worker_options(pool="eventlet", autoscale="x", queues="none", max_tasks_per_child=1)
    assert len(refused.value.problems) == 4

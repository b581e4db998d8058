"""What a worker may be told of its pool and its queues, as Celery takes it."""

from __future__ import annotations

import re
from typing import Any

from zoom_sync.entrypoints.tasks import ITEMS, SCHEDULE
from zoom_sync.errors import Problem, UserError

POOLS = ("prefork", "threads", "solo")
QUEUES = {"items": ITEMS, "schedule": SCHEDULE}


def worker_options(
    *, pool: str = "prefork", autoscale: str | None, queues: str | None, max_tasks_per_child: int | None
) -> dict[str, Any]:
    """The options for Celery's worker. Raises UserError with all that is wrong."""
    bounds = re.fullmatch(r"([1-9][0-9]*),([0-9]+)", autoscale or "1,0")
    names = [name.strip() for name in (queues or ",".join(QUEUES)).split(",") if name.strip()]
    unknown = [name for name in names if name not in QUEUES]
    flaws = []
    if pool not in POOLS:
        flaws.append(f"--pool: there is no {pool!r}; choose one of: {', '.join(POOLS)}")
    if bounds is None or int(bounds[1]) < int(bounds[2]):
        flaws.append(f"--autoscale: {autoscale!r} is not MAX,MIN, such as 10,2")
    if unknown or not names:
        flaws.append(f"--queues: there is no {', '.join(unknown) or 'queue named'!r}; there are: {', '.join(QUEUES)}")
    if pool != "prefork" and (autoscale or max_tasks_per_child):
        flaws.append(f"--autoscale and --max-tasks-per-child need processes, and --pool {pool} has none")
    if flaws:
        raise UserError("the worker cannot be started like this", map(Problem, flaws))
    options: dict[str, Any] = {"pool": pool}
    if autoscale:
        options["autoscale"] = autoscale
    if queues:
        options["queues"] = [QUEUES[name] for name in names]
    if max_tasks_per_child:
        options["max_tasks_per_child"] = max_tasks_per_child
    return options

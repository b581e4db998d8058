"""Floor 4: the ways in: command line, tasks, schedule, web. Thin: parse, call a use case, show the answer.

Imports everything below it; celery with billiard, kombu and redis, fastapi with starlette and uvicorn,
prometheus_client, structlog.
"""

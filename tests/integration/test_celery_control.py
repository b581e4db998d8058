"""Celery's own commands reach a worker where an operator has turned that on, and find nobody where he has not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture
def start(tmp_path, redis_url):
    """Starts a worker with settings; answers what runs a command of Celery's with the same."""
    processes = []

    def begin(*options, **settings):
        around = {name: value for name, value in os.environ.items() if not name.startswith("ZOOM_")}
        environment = {
            **around, "ZOOM_ACCOUNT_ID": "account", "ZOOM_CLIENT_ID": "client", "ZOOM_CLIENT_SECRET": "secret",
            "ZOOM_API_URL": "http://127.0.0.1:9/v2", "ZOOM_OAUTH_URL": "http://127.0.0.1:9/oauth/token",
            "DATABASE_URL": f"sqlite:///{tmp_path}/store.db", "REDIS_URL": redis_url, "ZOOM_SYNC_CONFIG": str(tmp_path),
            **settings,
        }  # fmt: skip
        command = [BIN / "zoom-sync", "worker", *options]
        processes.append(subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True))
        assert any("worker is ready" in line for line in processes[-1].stderr)

        def celery(*words):
            command = [BIN / "celery", "-A", "zoom_sync.entrypoints.celery_app", *words]
            return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

        return celery

    yield begin
    for each in processes:
        each.terminate()
        each.wait(60)
        each.stderr.close()


def test_celerys_commands_reach_a_worker_where_that_is_on(start):
    celery = start(
        "--processes", "1", "--max-tasks-per-child", "7", "--queues", "items", ZOOM_SYNC_CELERY_CONTROL="true"
    )
    # Without a destination Celery waits for further workers until its time is over.
    for _ in range(30):
        ping = celery("inspect", "ping", "--timeout", "2", "--json")
        if ping.returncode == 0:
            break
    ((worker, answer),) = json.loads(ping.stdout).items()
    assert answer == {"ok": "pong"}
    only_it = ("--destination", worker, "--timeout", "60")
    assert '"max-tasks-per-child": 7' in celery("inspect", "stats", "--json", *only_it).stdout
    queues = celery("inspect", "active_queues", *only_it).stdout
    assert "zoom_sync.v1" in queues
    assert "zoom_sync.v1.schedule" not in queues


def test_nobody_answers_where_it_is_off(start):
    celery = start("--pool", "solo")
    assert celery("inspect", "ping", "--timeout", "2").returncode != 0

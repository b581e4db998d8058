"""`doctor`, `simulator`, `serve`, `worker`, `beat`, `web`: the system around the jobs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import Format, FormatOption, open_parts, write_json

# How long a web process that does not answer the one that watches it is left; it may need half of it to start.
HUNG_SECONDS = 60

if TYPE_CHECKING:
    from fastapi import FastAPI

    from zoom_sync.bootstrap import Parts


def add_to(app: typer.Typer) -> None:
    for command in (doctor, simulator, serve, worker, beat, web):
        app.command()(command)


def doctor(form: FormatOption = Format.TEXT) -> None:
    """Check settings, credentials, scopes, hosts and their licences, store and broker, and say what to do.

    Example: zoom-sync doctor
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.entrypoints.doctor import examine

    findings = examine(open_parts())
    if form is Format.JSON:
        write_json(
            [{"what": f.what, "ok": f.ok, "told": f.told, "advice": f.advice, "note": f.noted} for f in findings]
        )
    else:
        for finding in findings:
            show.say(f"{'note' if finding.noted else 'ok  ' if finding.ok else 'FAIL'} {finding.what}: {finding.told}")
            if finding.advice:
                show.say(f"     {finding.advice}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


def simulator(
    port: Annotated[int, typer.Option("--port", help="0: any free one.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same people and ids.")] = 1,
    plan: Annotated[str, typer.Option("--plan", metavar="free|pro|business", help="Whose limits apply.")] = "pro",
    hosts: Annotated[int, typer.Option("--hosts", help="How many licensed users the account has.")] = 3,
    latency: Annotated[float, typer.Option("--latency", metavar="MS", help="How long each answer takes.")] = 0,
    state: Annotated[Path | None, typer.Option("--state", metavar="FILE", help="Kept over restarts.")] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="TIME", help="What its clock shows; now if not given.")
    ] = None,
) -> None:
    """Serve a local Zoom. Its first line is a JSON object with the environment to use.

    Example: zoom-sync simulator --port 8090 --plan business --hosts 10
    """
    from zoom_sync.simulator.server import main

    arguments = [
        "--port",
        str(port),
        "--seed",
        str(seed),
        "--plan",
        plan,
        "--hosts",
        str(hosts),
        "--latency",
        str(latency),
    ]
    arguments += ["--state", str(state)] if state else []
    arguments += ["--start", start] if start else []
    raise typer.Exit(main(arguments))


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on; 0: any free one.")] = 8000,
) -> None:
    """Everything on this machine in one process: web, webhooks, schedule and worker. Needs no other server.

    It keeps the meetings of all loaded events right and collects their reports, until SIGTERM. Only one may run on a
    store; one that was killed is simply started again.

    Example: zoom-sync serve --port 8000
    """
    from zoom_sync.entrypoints.serve import run_serve

    run_serve(open_parts(is_service=True), host, port)


def worker(
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, help="How many items it does at the same time.")
    ] = None,
    pool: Annotated[
        str, typer.Option("--pool", metavar="prefork|threads|solo", help="Celery's pool; only prefork ends what hangs.")
    ] = "prefork",
    autoscale: Annotated[
        str | None,
        typer.Option("--autoscale", metavar="MAX,MIN", help="As many processes as there is work, within these bounds."),
    ] = None,
    queues: Annotated[
        str | None,
        typer.Option("--queues", metavar="items,schedule", help="Serve only these; somebody must serve the others."),
    ] = None,
    max_tasks_per_child: Annotated[
        int | None, typer.Option("--max-tasks-per-child", min=1, help="Replace a process after so many messages.")
    ] = None,
) -> None:
    """Do what was handed to the queue. Needs REDIS_URL; run as many as you like.

    The options mean what Celery's own mean. With ZOOM_SYNC_CELERY_CONTROL its commands and Flower reach the workers:
    celery -A zoom_sync.entrypoints.celery_app inspect ping

    Example: zoom-sync worker --processes 8 --max-tasks-per-child 1000
    """
    from zoom_sync.entrypoints.celery_options import worker_options
    from zoom_sync.entrypoints.tasks import run_worker

    options = worker_options(pool=pool, autoscale=autoscale, queues=queues, max_tasks_per_child=max_tasks_per_child)
    run_worker(open_parts().settings, processes, options)


def beat() -> None:
    """Hand out the work that is due: sync of each event, collection of ended sessions. Needs REDIS_URL; run one.

    Example: zoom-sync beat
    """
    from zoom_sync.entrypoints.tasks import run_beat

    run_beat(open_parts().settings)


def web(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on; 0: any free one.")] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="How many processes answer: about one for each processor.")
    ] = 1,
) -> None:
    """Serve the pages: for staff after sign-in, the public programme at /e/EVENT; and /healthz and /readyz.

    Who may sign in: `zoom-sync account add`, or an OpenID provider (ZOOM_SYNC_OIDC_ISSUER). Plans are applied by the
    workers, so that needs REDIS_URL; without it the pages show plans. Behind a proxy that ends TLS, set
    ZOOM_SYNC_WEB_URL to the address that browsers use. With --workers, one that ends or hangs is replaced.

    Example: zoom-sync web --port 8000 --workers 2
    """
    import os
    from contextlib import closing
    from tempfile import TemporaryDirectory

    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from zoom_sync.domain.health import Part
    from zoom_sync.entrypoints.serve import WEB_SECONDS, listen
    from zoom_sync.entrypoints.watch import Watch
    from zoom_sync.entrypoints.web import make_app
    from zoom_sync.entrypoints.web.connections import bounded
    from zoom_sync.entrypoints.webhooks import NO_WEBHOOKS
    from zoom_sync.settings import check_config

    parts = open_parts(is_service=True)
    check_config(parts.settings, needs_zoom=False)
    options = bounded(timeout_graceful_shutdown=WEB_SECONDS, workers=workers, timeout_worker_healthcheck=HUNG_SECONDS)
    app = make_app(parts) if workers == 1 else f"{__name__}:{web_process.__name__}"
    config = uvicorn.Config(app, factory=workers > 1, **options)
    with closing(listen(host, port)) as listening:
        _say_who_can_sign_in(parts)
        if not parts.settings.zoom_webhook_secret.get_secret_value():
            sys.stderr.write(f"note: {NO_WEBHOOKS}\n")
        sys.stderr.write(f"http://{host}:{listening.getsockname()[1]}/\n")
        sys.stderr.flush()
        watch = Watch(parts, Part.WEB)
        watch.start()
        try:
            if workers == 1:
                uvicorn.Server(config).run(sockets=[listening])
            else:
                with TemporaryDirectory(prefix="zoom_sync-counts-") as counts:
                    os.environ.setdefault("ZOOM_SYNC_COUNTS_PATH", counts)
                    Multiprocess(config, sockets=[listening]).run()
        finally:
            watch.stop()


def web_process() -> FastAPI:
    """The application in one of several processes, which the first one starts, watches and replaces."""
    from zoom_sync.entrypoints.web import make_app

    return make_app(open_parts(is_service=True))


def _say_who_can_sign_in(parts: Parts) -> None:
    """A hint for who starts it for the first time. A store that is away is for /readyz to tell."""
    from zoom_sync.errors import StoreError

    try:
        nobody = parts.openid is None and not parts.accounts.all()
    except StoreError:
        return
    if nobody:
        sys.stderr.write(
            "note: nobody can sign in yet; `zoom-sync account add NAME --role organiser` makes an account\n"
        )

"""What leaves for Sentry and for an OpenTelemetry collector: nothing unless told so, and then nothing of people."""

import gzip
import json
import logging
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sentry_sdk
import structlog
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.transport import Transport

import zoom_sync
from support.wire import wired
from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints import observing, tasks
from zoom_sync.entrypoints.doctor import examine
from zoom_sync.entrypoints.observing import otel, sentry
from zoom_sync.entrypoints.web import make_app
from zoom_sync.observability import bind, new_request, unbind
from zoom_sync.settings import Settings, secrets_of
from zoom_sync.simulator import Simulator
from zoom_sync.simulator.server import serve_in_background

DSN = "https://publickey@sentry.invalid/7"
PERSONAL = ("Ann Smith", "ann@", "011826", "pwd=", "S3cr3t")
SECRETS = "Ann Smith ann@example.org 011826 https://example.zoom.us/j/81000000001?pwd=S3cr3t"


@pytest.fixture(autouse=True)
def _no_ids():
    yield
    unbind()


# --- Sentry ----------------------------------------------------------------------------------------------------------


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self):
        super().__init__()
        self.items = []

    def capture_envelope(self, envelope):
        self.items += [item.payload.json for item in envelope.items]


@pytest.fixture
def told():
    transport = Kept()
    sentry.start(DSN, transport=transport)
    yield transport.items
    sentry_sdk.get_global_scope().set_client(None)


def fails(passcode):
    person = SECRETS
    raise RuntimeError(f"no such {person} {passcode}")


def test_an_error_is_told_by_its_kind_its_place_and_its_ids_and_by_no_word_of_it(told):
    request = new_request()
    bind(run=7, event_key="urban-2023", session="seminar-1")
    logging.getLogger("before").info("a breadcrumb about %s", SECRETS)
    try:
        fails("011826")
    except RuntimeError:
        logging.getLogger("lib").exception("failed with %s", SECRETS, extra={"person": SECRETS})
    [event] = told
    [error] = event["exception"]["values"]
    assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("RuntimeError", "fails")
    assert event["logentry"] == {"message": "failed with %s"}
    assert event["tags"] == {"request": request, "run": "7", "event_key": "urban-2023", "session": "seminar-1"}
    assert event["release"] == f"zoom_sync@{zoom_sync.version()}"
    assert not [word for word in PERSONAL if word in json.dumps(event)]
    assert not {"user", "request", "breadcrumbs", "extra", "server_name", "contexts"} & set(event)


def test_an_error_without_an_exception_is_told_by_its_name(told):
    as_configured = [structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.wrap_logger(logging.getLogger("ours"), as_configured).error("given_back", reason=SECRETS)
    logging.getLogger("lib").warning("not worth telling")
    [event] = told
    assert not [word for word in PERSONAL if word in json.dumps(event)]
    assert (event["logger"], event["logentry"]) == ("ours", {"message": "given_back"})


# --- OpenTelemetry ---------------------------------------------------------------------------------------------------


@pytest.fixture
def traced():
    exporter = InMemorySpanExporter()
    provider = otel.tracer_provider(exporter)

    def spans():
        provider.force_flush()
        return exporter.get_finished_spans()

    yield provider, spans
    provider.shutdown()


def test_a_span_bears_what_is_chosen_and_the_ids_of_the_log_lines(traced):
    provider, spans = traced
    request = new_request()
    tracer = provider.get_tracer("t")
    attributes = {"http.request.method": "GET", "url.full": SECRETS, "db.statement": SECRETS}
    with pytest.raises(RuntimeError), tracer.start_as_current_span("work", attributes=attributes):
        raise RuntimeError(SECRETS)
    [sent] = spans()
    assert dict(sent.attributes) == {"http.request.method": "GET", "zoom_sync.request": request}
    assert not [word for word in PERSONAL if word in sent.to_json()]
    assert sent.resource.attributes["service.name"] == "zoom_sync"
    assert sent.status.status_code.name == "ERROR"


def test_a_page_and_the_calls_to_zoom_are_spans_without_their_addresses(traced, tmp_path):
    provider, spans = traced
    server = serve_in_background(Simulator(seed=7))
    environment = server.simulator.environment(server.base_url)
    database = f"sqlite:///{tmp_path}/store.db"
    parts = Parts(Settings(_env_file=None, DATABASE_URL=database, ZOOM_SYNC_CONFIG=tmp_path, **environment))
    app = make_app(parts)
    otel.trace_pages(app, provider)
    RequestsInstrumentor().instrument(tracer_provider=provider)
    try:
        get(app, "/e/ann@example.org?pwd=S3cr3t", "/healthz")
        parts.reader.users()
    finally:
        RequestsInstrumentor().uninstrument()
        parts.database.close()
        server.shutdown()
        server.server_close()
    page, *calls = spans()
    assert page.attributes["http.route"] == "/e/{event}"
    assert [(one.kind.name, one.name) for one in calls] == [("CLIENT", "POST"), ("CLIENT", "GET")]
    assert not [word for word in (*PERSONAL, "/users") if word in "".join(one.to_json() for one in (page, *calls))]


def get(app, *paths):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fastapi.testclient import TestClient
    with TestClient(app, raise_server_exceptions=False) as client:
        for path in paths:
            client.get(path)


def test_a_task_is_a_span_that_bears_nothing_of_its_arguments(traced, monkeypatch):
    provider, spans = traced
    monkeypatch.setattr(tasks, "_do_item", lambda run, item: None)
    CeleryInstrumentor().instrument(tracer_provider=provider)
    try:
        tasks.items.apply(args=(7, [8001, 8002]))
    finally:
        CeleryInstrumentor().uninstrument()
    [sent] = spans()
    assert sent.name == "run/zoom_sync.v1.items"
    assert set(sent.attributes) <= otel.SPAN_KEYS
    assert "8001" not in sent.to_json()


# --- switched on, and off ----------------------------------------------------------------------------------------------


class Collector(BaseHTTPRequestHandler):
    """Takes whatever is sent."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.server.taken.append((self.path, gzip.decompress(body) if packed else body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def collector():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.taken = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


BREAKS = """
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.entrypoints.cli import main

def broken(self):
    from zoom_sync.entrypoints.cli.session import open_parts
    import requests
    try:
        requests.get("http://127.0.0.1:1/v2/users/ann@example.org?pwd=S3cr3t", timeout=1)
    except requests.exceptions.ConnectionError:
        pass
    raise RuntimeError("Ann Smith ann@example.org 011826 S3cr3t")

Programmes.events = broken
main()
"""


def run(folder, *arguments, script=BREAKS, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={**kept, "HOME": str(folder), **environment},
    )  # fmt: skip


def test_a_command_that_breaks_tells_both_and_nothing_of_people(collector, tmp_path):
    url = f"http://127.0.0.1:{collector.server_port}"
    dsn = url.replace("//", "//publickey@") + "/7"
    ended = run(tmp_path, "status", SENTRY_DSN=dsn, OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_SERVICE_NAME="ours")
    assert "RuntimeError" in ended.stderr
    taken = dict(collector.taken)
    assert set(taken) == {"/api/7/envelope/", "/v1/traces"}
    event = json.loads(taken["/api/7/envelope/"].splitlines()[-1])
    assert event["exception"]["values"][0]["type"] == "RuntimeError"
    [spans] = ExportTraceServiceRequest.FromString(taken["/v1/traces"]).resource_spans
    assert "ours" in str(spans.resource)
    assert not [word for word in PERSONAL if word in taken["/api/7/envelope/"].decode() + str(spans)]


def test_nothing_is_told_and_nothing_imported_unless_it_is_switched_on(collector, tmp_path):
    script = "import sys\n" + BREAKS.replace("main()", "try:\n    main()\nfinally:\n    print(sorted(sys.modules))")
    ended = run(tmp_path, "status", script=script)
    assert "RuntimeError" in ended.stderr
    assert "'zoom_sync.bootstrap'" in ended.stdout
    assert "sentry_sdk" not in ended.stdout
    assert "opentelemetry.instrumentation" not in ended.stdout
    assert collector.taken == []


@pytest.fixture
def parts(tmp_path):
    def make(**settings):
        zoom = wired(Simulator(seed=7))
        database = f"sqlite:///{tmp_path}/store.db"
        parts = Parts(Settings(_env_file=None, DATABASE_URL=database, ZOOM_SYNC_CONFIG=tmp_path, **settings))
        parts.clock = zoom.clock
        parts.__dict__.update(reader=zoom.reader, exchange=zoom.exchange)
        made.append(parts)
        return parts

    made = []
    yield make
    for each in made:
        each.database.close()


def finding(parts):
    return next((one for one in examine(parts) if one.what == "observing"), None)


BOTH = {"SENTRY_DSN": DSN, "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.invalid:4318"}


def test_doctor_tells_what_is_on(parts):
    assert finding(parts()) is None
    told = finding(parts(**BOTH))
    assert (told.ok, told.told) == (True, "on by SENTRY_DSN and OTEL_EXPORTER_OTLP_ENDPOINT")


def test_doctor_refuses_what_is_set_and_not_installed_and_the_work_goes_on(parts, monkeypatch):
    monkeypatch.setattr(observing, "find_spec", lambda name: None)
    told = finding(parts(**BOTH))
    assert not told.ok
    for extra, name in (("sentry", "SENTRY_DSN"), ("otel", "OTEL_EXPORTER_OTLP_ENDPOINT")):
        assert f"{name} is set, but its packages are not installed: pip install 'zoom_sync[{extra}]'" in told.told
    observing.start_observing(parts(**BOTH).settings)
    assert not sentry_sdk.get_client().is_active()


@pytest.mark.parametrize("dsn", ["nonsense", "https://sentry.invalid/7", "https://key@sentry.invalid"])
def test_doctor_refuses_an_address_that_is_none_without_telling_it(parts, dsn):
    told = finding(parts(SENTRY_DSN=dsn))
    assert (told.ok, told.told) == (
        False,
        "SENTRY_DSN is not a DSN; Sentry shows it under Settings, Projects, Client Keys",
    )


def test_the_address_of_sentry_is_a_secret():
    assert DSN in secrets_of(Settings(_env_file=None, SENTRY_DSN=DSN))

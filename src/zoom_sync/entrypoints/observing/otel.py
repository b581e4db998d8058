"""Spans to an OpenTelemetry collector: of the pages' requests, of tasks through the queue, of calls to Zoom."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

import zoom_sync
from zoom_sync.observability import IDS, redact

OURS = {name: f"zoom_sync.{name}" for name in IDS}
# What is sent of a span: https://opentelemetry.io/docs/specs/semconv/http/http-spans/, and what Celery's are named by.
SPAN_KEYS = frozenset({
    "http.request.method", "http.response.status_code", "http.route", "http.method", "http.status_code",
    "server.address", "error.type", "celery.action", "celery.state", "celery.task_name", *OURS.values(),
})  # fmt: skip
UNTRACED = "healthz,readyz,metrics,static"


def start(endpoint: str) -> None:
    """Begin to send to a collector at this address; OTEL_SERVICE_NAME and its like count as the SDK reads them."""
    provider = tracer_provider(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces"))
    trace.set_tracer_provider(provider)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    RequestsInstrumentor().instrument()


def trace_pages(app: FastAPI, provider: TracerProvider | None = None) -> None:
    """Make a span of each request to a page; `provider` takes them in place of the process's own."""
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=provider, excluded_urls=UNTRACED, exclude_spans=["receive", "send"]
    )


def tracer_provider(exporter: SpanExporter) -> TracerProvider:
    """What makes spans, names and chooses them, and sends them in batches."""
    ours = Resource({"service.name": "zoom_sync", "service.version": zoom_sync.version()})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(Naming(Choosing(exporter)))
    return provider


class Naming(BatchSpanProcessor):
    """Puts the ids of the log lines on each span."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        ids = structlog.contextvars.get_contextvars()
        span.set_attributes({OURS[name]: str(ids[name]) for name in IDS if name in ids})
        super().on_start(span, parent_context)


class Choosing(SpanExporter):
    """Sends of each span what is named above; no event, which is where the text of an error would be."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_chosen(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()


def _chosen(span: ReadableSpan) -> ReadableSpan:
    told = {key: value for key, value in (span.attributes or {}).items() if key in SPAN_KEYS}
    return ReadableSpan(
        redact(span.name), span.context, span.parent, span.resource, told, kind=span.kind,
        instrumentation_scope=span.instrumentation_scope, status=Status(span.status.status_code),
        start_time=span.start_time, end_time=span.end_time,
    )  # fmt: skip

"""What Prometheus is told: read from the store and the shared counts at each question, so every process is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily

import zoom_sync
from zoom_sync.adapters.store.figures import Figures, read_figures
from zoom_sync.adapters.zoom.counting import CALLS, SIGN_IN, WAITED, WAITS, Counted
from zoom_sync.adapters.zoom.limits import RATES
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.delivery import Heard
from zoom_sync.domain.health import Ailment, Deed
from zoom_sync.entrypoints.watch import STARTED
from zoom_sync.errors import ZoomSyncError
from zoom_sync.service_layer.collect.kinds import REPORTS_KEPT
from zoom_sync.service_layer.watching import health_of, judged

# Outcomes of calls that are told before the first of them: only so is the first one a rise that can be alarmed of.
AWAITED = ("ok", "RateLimited", "Unauthorized", "MissingScope", "Unavailable")


def metrics_text(parts: Parts) -> bytes:
    """Every metric in Prometheus' text format. Never raises: what cannot be read is missing, and `up` says so."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(parts))
    return generate_latest(registry)


class _Collector:
    """Asks the parts anew each time."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        version = GaugeMetricFamily("zoom_sync_info", "The version that answers", labels=["version"])
        version.add_metric([zoom_sync.version()], 1)
        yield version
        up = GaugeMetricFamily("zoom_sync_up", "Whether a part could be asked (1) or not (0)", labels=["part"])
        now = datetime.now(UTC)
        try:
            late_after = timedelta(hours=self._parts.settings.collect_horizon_hours)
            figures = read_figures(self._parts.database, now, late_after, REPORTS_KEPT)
            metrics = [*_of_store(figures), _of_webhooks(self._parts.webhooks.heard())]
            up.add_metric(["store"], 1)
        except ZoomSyncError:
            metrics = []
            up.add_metric(["store"], 0)
        yield from metrics
        try:
            metrics = list(_of_health(self._parts, now))
        except ZoomSyncError:
            metrics = []  # `up` says that the store is away
        yield from metrics
        yield from _of_calls(self._parts.counts.counted())
        try:
            metrics = list(_of_budget(self._parts, now))
            up.add_metric(["limits"], 1)
        except ZoomSyncError:
            metrics = []
            up.add_metric(["limits"], 0)
        yield from metrics
        yield up


def _of_health(parts: Parts, now: datetime) -> Iterator[Metric]:
    """When work was last done, by this machine's clock; and what stands still now."""
    watching = parts.watching(STARTED)
    health = health_of(watching, now)
    yield _gauge(
        "last_success_timestamp_seconds",
        "When it was last done",
        ["what"],
        [(deed, done.timestamp()) for deed in Deed if (done := health.record(deed).done_at)],
    )
    yield _gauge(
        "last_sync_timestamp_seconds",
        "When the event was last synced",
        ["event"],
        [(event.event, event.synced_at.timestamp()) for event in health.events if event.synced_at],
    )
    yield _gauge(
        "last_collection_timestamp_seconds",
        "When a report of the event was last had",
        ["event"],
        [(event.event, event.collected_at.timestamp()) for event in health.events if event.collected_at],
    )
    yield _gauge(
        "process_seen_timestamp_seconds",
        "When a process last said that it lives",
        ["part", "process", "version"],
        [(each.part, each.name, each.version, each.seen_at.timestamp()) for each in health.processes],
    )
    present = [finding.ailment for finding in judged(watching, health, now)]
    yield _gauge(
        "standing_still",
        "In how many ways work stands still, by what is wrong; 0 where it does not",
        ["what"],
        [(ailment, present.count(ailment)) for ailment in Ailment],
    )


def _of_webhooks(heard: Heard) -> Metric:
    """What all processes were sent: each counts into the store."""
    family = CounterMetricFamily(
        "zoom_sync_webhooks", "Requests to the webhook address, by what became of them", labels=["outcome"]
    )
    for outcome, count in heard.counts.items():
        family.add_metric([outcome], count)
    return family


def _of_store(figures: Figures) -> Iterator[Metric]:
    yield _gauge("items_waiting", "Items of runs that nobody has ended yet: the depth of the queue", ["kind"],
                 figures.waiting)  # fmt: skip
    yield _gauge("items_ended", "Items of runs that have ended, as the store keeps them", ["kind", "state"],
                 figures.ended)  # fmt: skip
    yield _gauge("items_failed_lately", "Items of runs that failed within the last hour", ["kind"], figures.failed)
    yield _gauge("plan_items", "Changes in the latest plan that was carried out", ["event", "action"], figures.latest)
    yield _gauge("reports", "Reports of sessions by what is known of them", ["event", "report", "state"],
                 figures.reports)  # fmt: skip
    yield _gauge("reports_overdue", "Sessions that lack a report although it is late", ["event"], figures.overdue)
    yield _gauge("host_writes_today", "Creates and updates of a host this UTC day; Zoom allows 100", ["host"],
                 figures.writes)  # fmt: skip
    yield _gauge("drift", "Fields that somebody edited on Zoom, by what is done about them", ["event", "treatment"],
                 figures.drifts)  # fmt: skip
    delay = SummaryMetricFamily(
        "zoom_sync_report_delay_seconds", "From a session's end to its complete report", labels=["report"]
    )
    for kind, count, seconds in figures.delays:
        delay.add_metric([kind], count, seconds)
    yield delay


def _gauge(name: str, about: str, labels: list[str], rows: object) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"zoom_sync_{name}", about, labels=labels)
    for *values, number in rows:  # type: ignore[attr-defined]  # rows of labels with a number last
        family.add_metric([str(value) for value in values], number)
    return family


def _of_calls(counted: Counted) -> Iterator[Metric]:
    calls = CounterMetricFamily("zoom_sync_zoom_calls", "Calls to Zoom by how they ended", labels=["label", "outcome"])
    waits = SummaryMetricFamily(
        "zoom_sync_limit_wait_seconds", "How long calls waited for their place under Zoom's limits", labels=["label"]
    )
    none = {(CALLS, label, outcome): 0.0 for label in (*map(str, Label), SIGN_IN) for outcome in AWAITED}
    for (name, label, outcome), number in sorted((none | dict(counted)).items()):
        if name == CALLS:
            calls.add_metric([label, outcome], number)
        elif name == WAITS:
            waits.add_metric([label], int(number), counted.get((WAITED, label, ""), 0.0))
    yield calls
    yield waits


def _of_budget(parts: Parts, now: datetime) -> Iterator[Metric]:
    left = GaugeMetricFamily(
        "zoom_sync_calls_left_today", "What is left of the account's daily limit, where there is one", labels=["label"]
    )
    for label in Label:
        limit = RATES[parts.plan][label].per_day
        if limit is not None:
            left.add_metric([label], max(0, limit - parts.governor.used_today(label, now)))
    yield left

"""What Prometheus is told of an event that is planned, carried out, held and collected."""

from prometheus_client.parser import text_string_to_metric_families

from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints.metrics import metrics_text
from zoom_sync.settings import Settings


def told(parts):
    """Every sample by its name and labels."""
    families = text_string_to_metric_families(metrics_text(parts).decode())
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def parts_of(desk, database):
    parts = Parts(Settings(DATABASE_URL=str(database.engine.url)))
    parts.counts = desk.zoom.exchange._counts
    return parts


def test_an_event_is_told_in_figures(evening, database):
    evening.run(audience=40, questions=6)
    evening.pass_time(hours=1)
    evening.collect()
    metrics = told(parts_of(evening, database))

    assert metrics["zoom_sync_up", "store"] == metrics["zoom_sync_up", "limits"] == 1
    assert metrics["zoom_sync_zoom_calls_total", "LIGHT", "ok"] == 2  # created, and looked whether it still runs
    assert metrics["zoom_sync_limit_wait_seconds_count", "HEAVY"] >= 2
    assert metrics["zoom_sync_items_ended", "apply", "done"] == 1
    assert metrics["zoom_sync_plan_items", "create", "urban-2023"] == 1
    assert metrics["zoom_sync_reports", "urban-2023", "participants", "complete"] == 1
    assert metrics["zoom_sync_report_delay_seconds_count", "participants"] == 1
    assert metrics["zoom_sync_report_delay_seconds_sum", "participants"] >= 3600
    assert metrics["zoom_sync_calls_left_today", "HEAVY"] == 30_000


def test_work_that_waits_is_the_depth_of_the_queue(desk, database):
    from zoom_sync.service_layer.apply import start_run

    start_run(desk.applying, desk.plan())
    assert told(parts_of(desk, database))["zoom_sync_items_waiting", "apply"] == 1


def test_a_refused_call_is_counted_by_its_error(desk, database):
    desk.zoom.fault(kind="rate_limit", operation="meetingCreate", limit="qps")
    desk.apply()
    metrics = told(parts_of(desk, database))
    assert metrics["zoom_sync_zoom_calls_total", "LIGHT", "RateLimited"] == 1
    assert metrics["zoom_sync_zoom_calls_total", "LIGHT", "ok"] == 1


def test_the_writes_of_a_host_are_those_of_today(desk, database):
    desk.links.count_write("host-1", "2020-01-01", 100)
    assert not [name for name, *_ in told(parts_of(desk, database)) if name == "zoom_sync_host_writes_today"]


def test_a_store_that_is_away_is_told_and_nothing_else_of_it(tmp_path):
    (tmp_path / "folder").write_text("a file where the store's folder should be")
    metrics = told(Parts(Settings(DATABASE_URL=f"sqlite:///{tmp_path}/folder/store.db")))
    assert metrics["zoom_sync_up", "store"] == 0
    assert not [name for name, *_ in metrics if name == "zoom_sync_items_waiting"]

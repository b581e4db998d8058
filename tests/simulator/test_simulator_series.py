"""Recurring meetings and webinars with fixed times: their occurrences, and what may be done to one of them."""

import pytest

SERIES = {
    "type": 8, "start_time": "2023-11-06T12:30:00Z", "duration": 90, "timezone": "Asia/Shanghai",
    "recurrence": {"type": 1, "repeat_interval": 1, "end_times": 4},
}  # fmt: skip


def starts(shown):
    return [one["start_time"] for one in shown["occurrences"]]


def make(zoom, recurrence, start="2023-11-06T12:30:00Z", zone="UTC", **fields):
    return zoom.create(**{**SERIES, "start_time": start, "timezone": zone, "recurrence": recurrence, **fields})


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [
        ({"type": 1, "repeat_interval": 1, "end_times": 3}, ["11-06", "11-07", "11-08"]),
        ({"type": 1, "repeat_interval": 2, "end_date_time": "2023-11-09T00:00:00Z"}, ["11-06", "11-08"]),
        ({"type": 1}, ["11-06"]),
        ({"type": 2, "weekly_days": "2,4", "end_times": 4}, ["11-06", "11-08", "11-13", "11-15"]),
        ({"type": 2, "weekly_days": "1", "repeat_interval": 2, "end_times": 2}, ["11-19", "12-03"]),
        ({"type": 3, "monthly_day": 6, "end_times": 2}, ["11-06", "12-06"]),
        ({"type": 3, "monthly_week": 2, "monthly_week_day": 2, "end_times": 2}, ["11-13", "12-11"]),
        ({"type": 3, "monthly_week": -1, "monthly_week_day": 6, "end_times": 2}, ["11-24", "12-29"]),
    ],
)
def test_a_recurrence_has_the_occurrences_of_its_rule(zoom, recurrence, days):
    shown = zoom.get(f"/meetings/{make(zoom, recurrence)['id']}")
    assert starts(shown) == [f"2023-{day}T12:30:00Z" for day in days]
    assert shown["recurrence"] == recurrence


def test_a_month_without_the_day_has_no_occurrence(zoom):
    made = make(zoom, {"type": 3, "monthly_day": 31, "end_times": 3}, start="2024-01-31T10:00:00Z")
    assert [start[5:10] for start in starts(made)] == ["01-31", "03-31", "05-31"]


def test_a_series_keeps_its_time_on_the_clock_when_the_clocks_change(zoom):
    made = make(
        zoom, {"type": 2, "weekly_days": "1", "end_times": 2}, start="2024-03-24T20:00:00", zone="Europe/Berlin"
    )
    assert starts(made) == ["2024-03-24T19:00:00Z", "2024-03-31T18:00:00Z"]


@pytest.mark.parametrize(
    ("recurrence", "field"),
    [
        (None, "recurrence"),
        ({"repeat_interval": 1}, "recurrence.type"),
        ({"type": 2}, "recurrence.weekly_days"),
        ({"type": 2, "weekly_days": "1", "repeat_interval": 51}, "recurrence.repeat_interval"),
        ({"type": 3, "repeat_interval": 11}, "recurrence.repeat_interval"),
        ({"type": 3, "monthly_week": 1}, "recurrence.monthly_week_day"),
        ({"type": 1, "end_times": 2, "end_date_time": "2023-12-01T00:00:00Z"}, "recurrence.end_times"),
        ({"type": 1, "end_date_time": "soon"}, "recurrence.end_date_time"),
        ({"type": 1, "end_date_time": "2023-11-01T00:00:00Z"}, "recurrence.end_date_time"),
    ],
)
def test_a_recurrence_that_says_nothing_sure_is_refused(zoom, recurrence, field):
    body = (
        {**SERIES, "recurrence": recurrence} if recurrence else {n: v for n, v in SERIES.items() if n != "recurrence"}
    )
    refused = zoom.send("POST", f"/users/{zoom.host()}/meetings", body)
    assert refused.status == 400
    assert field in [one["field"] for one in refused.json()["errors"]]


def test_one_occurrence_is_moved_and_the_others_stay(zoom):
    made = zoom.create(**SERIES)
    first, second, *_ = made["occurrences"]
    changed = zoom.send(
        "PATCH", f"/meetings/{made['id']}", {"start_time": "2023-11-07T13:00:00Z", "duration": 60},
        occurrence_id=second["occurrence_id"],
    )  # fmt: skip
    assert changed.status == 204
    after = zoom.get(f"/meetings/{made['id']}")["occurrences"]
    assert after[0] == first
    assert after[1] == {**second, "start_time": "2023-11-07T13:00:00Z", "duration": 60}
    one = zoom.get(f"/meetings/{made['id']}", occurrence_id=second["occurrence_id"])
    assert (one["start_time"], one["duration"]) == ("2023-11-07T13:00:00Z", 60)


@pytest.mark.parametrize("body", [{"topic": "Another"}, {"password": "x"}, {"settings": {"approval_type": 0}}])
def test_what_cannot_differ_in_one_occurrence_is_refused(zoom, body):
    made = zoom.create(**SERIES)
    identity = made["occurrences"][0]["occurrence_id"]
    assert zoom.send("PATCH", f"/meetings/{made['id']}", body, occurrence_id=identity).status == 400


def test_a_deleted_occurrence_stays_in_the_list_and_cannot_be_changed(zoom):
    made = zoom.create(**SERIES)
    identity = made["occurrences"][1]["occurrence_id"]
    assert zoom.send("DELETE", f"/meetings/{made['id']}", occurrence_id=identity).status == 204
    statuses = [one["status"] for one in zoom.get(f"/meetings/{made['id']}")["occurrences"]]
    assert statuses == ["available", "deleted", "available", "available"]
    refused = zoom.send("PATCH", f"/meetings/{made['id']}", {"duration": 30}, occurrence_id=identity)
    assert refused.json() == {"code": 300, "message": "Invalid occurrence_id."}


def test_a_whole_series_is_moved_only_with_its_recurrence(zoom):
    made = zoom.create(**SERIES)
    path = f"/meetings/{made['id']}"
    assert zoom.send("PATCH", path, {"topic": "Another"}).status == 204
    assert zoom.send("PATCH", path, {"start_time": "2023-11-06T13:00:00Z"}).status == 400
    body = {"start_time": "2023-11-06T13:00:00Z", "recurrence": {**SERIES["recurrence"], "end_times": 2}}
    assert zoom.send("PATCH", path, body).status == 204
    assert starts(zoom.get(path)) == ["2023-11-06T13:00:00Z", "2023-11-07T13:00:00Z"]


def test_past_occurrences_are_shown_only_where_they_are_asked_for(zoom):
    made = zoom.create(**SERIES)
    zoom.set_clock("2023-11-08T00:00:00Z")
    path = f"/meetings/{made['id']}"
    assert starts(zoom.get(path)) == ["2023-11-08T12:30:00Z", "2023-11-09T12:30:00Z"]
    assert len(starts(zoom.get(path, show_previous_occurrences="true"))) == 4
    [row] = zoom.get(f"/users/{zoom.host()}/meetings")["meetings"]
    assert row["start_time"] == "2023-11-08T12:30:00Z"


def test_each_evening_of_a_series_is_an_instance_with_its_own_report(zoom, encode):
    made = zoom.create(**SERIES)
    held = [zoom.run(made["id"], audience=5) for _ in range(2)]
    assert [one["start_time"] for one in held] == ["2023-11-06T12:30:00Z", "2023-11-07T12:30:00Z"]
    zoom.advance(3600)
    zoom.sign_in()
    found = zoom.get(f"/past_meetings/{made['id']}/instances")["meetings"]
    assert {one["uuid"] for one in found} == {one["uuid"] for one in held}
    for one in held:
        report = zoom.get(f"/report/meetings/{encode(one['uuid'])}/participants", page_size=300)
        assert report["total_records"] == one["participants"]


def test_a_webinar_recurs_too_within_narrower_bounds(zoom):
    zoom.reset(limits=False, webinars=True)
    body = {**SERIES, "type": 9, "recurrence": {"type": 2, "weekly_days": "2", "end_times": 2}}
    made = zoom.send("POST", f"/users/{zoom.host()}/webinars", body)
    assert made.status == 201
    assert starts(zoom.get(f"/webinars/{made.json()['id']}")) == ["2023-11-06T12:30:00Z", "2023-11-13T12:30:00Z"]
    wide = {**body, "recurrence": {**body["recurrence"], "repeat_interval": 13}}
    assert zoom.send("POST", f"/users/{zoom.host()}/webinars", wide).status == 400


def test_a_restarted_simulator_knows_its_series(zoom, tmp_path):
    from zoom_sync.simulator.state_file import load_state, save_state

    made = zoom.create(**SERIES)
    save_state(zoom.simulator, tmp_path / "state.json")
    zoom.reset()
    load_state(zoom.simulator, tmp_path / "state.json")
    zoom.sign_in()
    assert zoom.get(f"/meetings/{made['id']}")["occurrences"] == made["occurrences"]

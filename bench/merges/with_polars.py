"""Seconds per person with polars: `with_polars.py ROWS.jsonl SECONDS.csv`."""

from __future__ import annotations

import json
import sys
import time

import polars as pl


def main() -> None:
    begin = time.process_time()
    wanted = ["user_email", "join_time", "leave_time", "status"]
    rows = pl.read_ndjson(sys.argv[1], schema=dict.fromkeys(wanted, pl.String))
    reading = time.process_time() - begin
    begin = time.process_time()
    stays = (
        rows.filter(pl.col("status") == "in_meeting")
        .with_columns(
            pl.col("user_email").str.to_lowercase().alias("person"),
            pl.col("join_time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ").dt.epoch("s").alias("join"),
            pl.col("leave_time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ").dt.epoch("s").alias("leave"),
        )
        .sort("person", "join")
    )
    # A stay that begins after all earlier ones of its person have ended begins a new interval.
    until = pl.col("leave").cum_max().shift().over("person")
    intervals = stays.with_columns((until.is_null() | (pl.col("join") > until)).cum_sum().alias("interval"))
    seconds = (
        intervals.group_by("person", "interval")
        .agg((pl.col("leave").max() - pl.col("join").min()).alias("seconds"))
        .group_by("person")
        .agg(pl.col("seconds").sum())
    )
    merging = time.process_time() - begin
    seconds.write_csv(sys.argv[2], include_header=False)
    print(json.dumps({"reading": reading, "merging": merging}))


if __name__ == "__main__":
    main()

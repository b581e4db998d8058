"""Seconds per person with pandas: `with_pandas.py ROWS.jsonl SECONDS.csv`."""

from __future__ import annotations

import json
import sys
import time

import pandas as pd


def main() -> None:
    begin = time.process_time()
    wanted = ["user_email", "join_time", "leave_time", "status"]
    rows = pd.read_json(sys.argv[1], lines=True, convert_dates=False)[wanted]
    reading = time.process_time() - begin
    begin = time.process_time()
    stays = rows[rows["status"] == "in_meeting"].copy()
    stays["person"] = stays["user_email"].str.lower()
    for name in ("join", "leave"):
        stays[name] = pd.to_datetime(stays[f"{name}_time"], format="%Y-%m-%dT%H:%M:%SZ", utc=True).astype("int64")
    unit = 1_000_000_000 // 10 ** {"s": 9, "ms": 6, "us": 3, "ns": 0}[_unit()]
    stays = stays.sort_values(["person", "join"], kind="stable")
    # A stay that begins after all earlier ones of its person have ended begins a new interval.
    until = stays.groupby("person", sort=False)["leave"].cummax().groupby(stays["person"], sort=False).shift()
    stays["interval"] = (until.isna() | (stays["join"] > until)).cumsum()
    intervals = stays.groupby(["person", "interval"], sort=False).agg(join=("join", "min"), leave=("leave", "max"))
    seconds = (intervals["leave"] - intervals["join"]).groupby("person", sort=False).sum() // unit
    merging = time.process_time() - begin
    seconds.to_csv(sys.argv[2], header=False)
    print(json.dumps({"reading": reading, "merging": merging}))


def _unit() -> str:
    """What pandas counts such times in, which depends on its version."""
    return pd.to_datetime(pd.Series(["2023-11-06T12:00:00Z"]), format="%Y-%m-%dT%H:%M:%SZ", utc=True).dtype.unit


if __name__ == "__main__":
    main()

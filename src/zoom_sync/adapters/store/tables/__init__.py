"""The tables, as SQLAlchemy describes them, a module per subject. Rows hold values; what they mean is said in `domain`.

Imports SQLAlchemy and `sealing`.
"""

from zoom_sync.adapters.store.tables.access import (
    access_tokens,
    accounts,
    audit_log,
    known_browsers,
    previews,
    sign_in_tries,
    web_sessions,
)
from zoom_sync.adapters.store.tables.base import Instant, metadata
from zoom_sync.adapters.store.tables.health import deeds, processes
from zoom_sync.adapters.store.tables.meetings import (
    drifts,
    host_days,
    hosts,
    intents,
    links,
    panelists,
    passcode_policies,
    registrants,
)
from zoom_sync.adapters.store.tables.privacy import erasures, own_keys, purges
from zoom_sync.adapters.store.tables.programme import agenda_items, events, presenters, publications, sessions
from zoom_sync.adapters.store.tables.reports import (
    absentees,
    attendance,
    collections,
    polls,
    questions,
    registrations,
    report_instances,
    report_rows,
)
from zoom_sync.adapters.store.tables.telling import concerns, notice_channels, notices_told
from zoom_sync.adapters.store.tables.work import (
    deliveries,
    event_marks,
    hints,
    live_instances,
    live_stays,
    run_items,
    runs,
    webhook_counts,
)

__all__ = [
    "Instant",
    "absentees",
    "access_tokens",
    "accounts",
    "agenda_items",
    "attendance",
    "audit_log",
    "collections",
    "concerns",
    "deeds",
    "deliveries",
    "drifts",
    "erasures",
    "event_marks",
    "events",
    "hints",
    "host_days",
    "hosts",
    "intents",
    "known_browsers",
    "links",
    "live_instances",
    "live_stays",
    "metadata",
    "notice_channels",
    "notices_told",
    "own_keys",
    "panelists",
    "passcode_policies",
    "polls",
    "presenters",
    "previews",
    "processes",
    "publications",
    "purges",
    "questions",
    "registrants",
    "registrations",
    "report_instances",
    "report_rows",
    "run_items",
    "runs",
    "sessions",
    "sign_in_tries",
    "web_sessions",
    "webhook_counts",
]

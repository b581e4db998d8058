"""What is kept in the store: a part per subject, over one database. Floor 3; bootstrap.py adds the rest to it."""

from __future__ import annotations

from functools import cached_property

from zoom_sync.adapters.store.accounts import Accounts
from zoom_sync.adapters.store.approvals import Approvals
from zoom_sync.adapters.store.audit import AuditLog
from zoom_sync.adapters.store.bindings import Bindings
from zoom_sync.adapters.store.certificates import Certificates
from zoom_sync.adapters.store.clock_jumps import ClockJumps
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.decisions import Decisions
from zoom_sync.adapters.store.drifts import Drifts
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.health import HealthRecords
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.adapters.store.overview import Overview
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.store.registrants import Registrants
from zoom_sync.adapters.store.rekeying import Rekeying
from zoom_sync.adapters.store.report_pages import ReportPages
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.adapters.store.sealing import Seal
from zoom_sync.adapters.store.webhooks import Webhooks
from zoom_sync.settings import Settings


class Stores:
    """The stores, made at first use and kept for the process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock_jumps(self) -> ClockJumps:
        return ClockJumps(self.database)

    @cached_property
    def database(self) -> Database:
        """The database, its schema up to date. Raises StoreUnavailable, ConfigurationError."""
        database = Database(
            self.settings.database_url.get_secret_value(),
            pool_size=self.settings.threads + 2,
            seal=Seal(self.settings.encryption_keys),
        )
        database.upgrade()
        return database

    @cached_property
    def programmes(self) -> Programmes:
        return Programmes(self.database, Guard(self.settings.not_stored))

    @cached_property
    def links(self) -> Links:
        return Links(self.database, Guard(self.settings.not_stored))

    @cached_property
    def approvals(self) -> Approvals:
        """Which changes a person has approved, and who loaded what."""
        return Approvals(self.database)

    @cached_property
    def drifts(self) -> Drifts:
        """What was seen on Zoom: edits by hand, and what is asked of passcodes."""
        return Drifts(self.database)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.database)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.database, Guard(self.settings.not_stored))

    @cached_property
    def decisions(self) -> Decisions:
        """What staff decided on who is one person."""
        return Decisions(self.database, Guard(self.settings.not_stored))

    @cached_property
    def certificates(self) -> Certificates:
        """Certificates that were released, and what staff decided before."""
        return Certificates(self.database, Guard(self.settings.not_stored))

    @cached_property
    def people(self) -> People:
        return People(self.database)

    @cached_property
    def purging(self) -> Purging:
        return Purging(self.database)

    @cached_property
    def rekeying(self) -> Rekeying:
        return Rekeying(self.database)

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(self.database)

    @cached_property
    def bindings(self) -> Bindings:
        """Which event follows which source."""
        return Bindings(self.database)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.database)

    @cached_property
    def health(self) -> HealthRecords:
        return HealthRecords(self.database)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self.database)

    @cached_property
    def registrants(self) -> Registrants:
        return Registrants(self.database, Guard(self.settings.not_stored))

    @cached_property
    def report_pages(self) -> ReportPages:
        return ReportPages(self.database)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.database)

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self.database)

    @cached_property
    def overview(self) -> Overview:
        return Overview(self.database)

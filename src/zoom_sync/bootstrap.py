"""Floor 3: the one place that joins settings, adapters and use cases. Nothing connects before it is used."""

from __future__ import annotations

import logging
import re
import secrets
import string
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import zoom_sync
from zoom_sync.adapters.identity.passwords import Argon2
from zoom_sync.adapters.notify.hook import Hook
from zoom_sync.adapters.notify.mail import Mail, MailServer
from zoom_sync.adapters.store.accounts import Accounts
from zoom_sync.adapters.store.audit import AuditLog
from zoom_sync.adapters.store.clock_jumps import ClockJumps
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.decisions import Decisions
from zoom_sync.adapters.store.drifts import Drifts
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.adapters.store.overview import Overview
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.places import CallPlaces
from zoom_sync.adapters.store.previews import Previews
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.store.registrants import Registrants
from zoom_sync.adapters.store.rekeying import Rekeying
from zoom_sync.adapters.store.report_pages import ReportPages
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.adapters.store.sealing import Seal
from zoom_sync.adapters.store.webhooks import Webhooks
from zoom_sync.adapters.zoom.auth import Credentials, Tokens
from zoom_sync.adapters.zoom.client import Exchange, ZoomReader, ZoomWriter
from zoom_sync.adapters.zoom.clock import ZoomClock
from zoom_sync.adapters.zoom.counting import Counts, ProcessCounts
from zoom_sync.adapters.zoom.governor import Governor, ProcessGovernor
from zoom_sync.adapters.zoom.limits import MEETINGS_AT_ONCE, RATES, ZoomPlan
from zoom_sync.adapters.zoom.registration import ZoomRegistration
from zoom_sync.adapters.zoom.store_governor import StoreGovernor
from zoom_sync.domain.access import SessionLimits
from zoom_sync.domain.clocks import ClockJump
from zoom_sync.domain.delivery import Live
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.passcodes import LONGEST, SPECIAL, PasscodePolicy
from zoom_sync.domain.programme import Passcode
from zoom_sync.errors import ConfigurationError, Problem, StoreError, ZoomSyncError
from zoom_sync.observability import hide
from zoom_sync.service_layer.access import Access
from zoom_sync.service_layer.apply import Applying
from zoom_sync.service_layer.collect import Collecting
from zoom_sync.service_layer.deciding import Deciding
from zoom_sync.service_layer.hosts_now import basic_expected
from zoom_sync.service_layer.noticing import Noticing
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.ports.telling import Channel
from zoom_sync.service_layer.previews import Previewing
from zoom_sync.service_layer.publish import Publishing
from zoom_sync.service_layer.registering import Registering
from zoom_sync.service_layer.schedule import Scheduling
from zoom_sync.service_layer.status import EventStatus
from zoom_sync.service_layer.sync import Planning, Profiles
from zoom_sync.service_layer.telling import Telling
from zoom_sync.service_layer.warning import Warnings, warnings_of
from zoom_sync.service_layer.work import Working
from zoom_sync.settings import (
    Settings,
    named_secret,
    notetakers_of,
    notify_flaws,
    read_host_pool,
    read_profiles,
    require_credentials,
    staff_of,
)

# Slow to import, so only where it is needed: most commands need neither.
if TYPE_CHECKING:
    from zoom_sync.adapters.identity.openid import OpenID
    from zoom_sync.adapters.sources.origins import Ways
    from zoom_sync.adapters.zoom.shared import Shared

log = logging.getLogger(__name__)

USER_AGENT = f"zoom_sync/{zoom_sync.__version__}"


class Parts:
    """The parts of a running zoom_sync, made at first use and kept for the process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = ZoomClock(self._clock_jumped)

    def _clock_jumped(self, seconds: float) -> None:
        try:
            self.clock_jumps.note(ClockJump(self.clock.local(), round(seconds)))
        except StoreError as error:
            log.warning("clock_jump_not_kept", extra={"reason": str(error)})

    @cached_property
    def clock_jumps(self) -> ClockJumps:
        return ClockJumps(self.database)

    def late_clock_jumps(self) -> Sequence[ClockJump]:
        """Those of the last day, by this machine's clock. Raises StoreError."""
        return self.clock_jumps.since(self.clock.local() - timedelta(days=1))

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
    def people(self) -> People:
        return People(self.database)

    @cached_property
    def purging(self) -> Purging:
        return Purging(self.database)

    def retention_time(self) -> datetime:
        """What the age of data is counted to: this machine's clock, or that of a simulator, which has its own time."""
        return self.reader.server_time() if self.settings.is_simulator else self.clock.now()

    @cached_property
    def rekeying(self) -> Rekeying:
        return Rekeying(self.database)

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(self.database)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.database)

    def scheduling(self) -> Scheduling:
        """What the schedule is given. `sync_minutes` is the longest interval, whatever the shorter ones say."""
        told = self.settings
        far, day, hours = (
            timedelta(minutes=min(told.sync_minutes, minutes))
            for minutes in (told.sync_minutes, told.sync_day_minutes, told.sync_hours_minutes)
        )
        return Scheduling(
            self.working(),
            self.schedule,
            self.webhooks,
            Rhythm(far, day, hours),
            timedelta(minutes=told.collect_minutes),
            timedelta(hours=told.collect_horizon_hours),
        )

    def working(self) -> Working:
        """What whoever does items is given."""
        resend = timedelta(seconds=self.settings.resend_seconds)
        notices = self.notices if self.settings.notifies else None
        return Working(self.planning(), self.applying(), self.collecting(), resend, notices)

    # --- telling people ---

    @cached_property
    def notices(self) -> Notices:
        return Notices(self.database)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The ways that are set to tell people; none by default. Raises ConfigurationError where one is set by half."""
        told = self.settings
        if flaws := notify_flaws(told):
            raise ConfigurationError("notifications are not set up right", flaws)
        found: list[Channel] = []
        if told.mail_addresses:
            password = told.smtp_password.get_secret_value()
            server = MailServer(told.smtp_host, told.smtp_port, told.smtp_security, told.smtp_user, password)
            found.append(
                Mail(server, told.notify_mail_from, told.mail_addresses, told.notify_language, self.clock.local)
            )
        if url := told.notify_url.get_secret_value():
            secret = told.notify_secret.get_secret_value()
            found.append(Hook(url, secret, told.notify_language, USER_AGENT, self.clock.local))
        return tuple(found)

    def noticing(self) -> Noticing:
        """What tells what people have to know."""
        ahead = timedelta(hours=self.settings.notify_hours)
        return Noticing(self.programmes, self.links, self.runs, self.reports, self.notices, ahead)

    def telling(self) -> Telling:
        """What tells people. Raises ConfigurationError as `channels`."""
        shortest = timedelta(minutes=self.settings.notify_minutes)
        return Telling(self.noticing(), self.planning(), self.schedule, self.clock, self.channels, shortest)

    @cached_property
    def exchange(self) -> Exchange:
        """The talk with Zoom. Raises ConfigurationError where credentials are missing."""
        require_credentials(self.settings)
        credentials = Credentials(
            self.settings.zoom_account_id,
            self.settings.zoom_client_id,
            self.settings.zoom_client_secret.get_secret_value(),
        )
        cache = None if self.shared is None else self.shared.token_cache(credentials, self.clock.now)
        return Exchange(
            str(self.settings.zoom_api_url),
            Tokens(
                credentials,
                str(self.settings.zoom_oauth_url),
                self.clock.now,
                self.clock.told,
                cache,
                user_agent=USER_AGENT,
            ),
            self.governor,
            self.clock,
            user_agent=USER_AGENT,
            connections=self.settings.threads,
            counts=self.counts,
        )

    @cached_property
    def governor(self) -> Governor:
        """The budget that all processes share: in Redis, where there is one; else in the store."""
        rates = RATES[self.plan]
        if self.shared is not None:
            return self.shared.governor(rates)
        account = self.settings.zoom_account_id
        return StoreGovernor(lambda: CallPlaces(self.database, account), rates, ProcessGovernor(rates, time.monotonic))

    @cached_property
    def counts(self) -> Counts:
        """The counts of calls: of all processes in Redis, where there is one; else this process's own."""
        return ProcessCounts() if self.shared is None else self.shared.counts()

    @cached_property
    def shared(self) -> Shared | None:
        """What all processes have together through Redis, if there is one."""
        if self.settings.redis_url is None:
            return None
        from zoom_sync.adapters.zoom.shared import Shared  # noqa: PLC0415 - see above

        return Shared(self.settings.redis_url.get_secret_value(), self.settings.zoom_account_id)

    @property
    def plan(self) -> ZoomPlan:
        return ZoomPlan(self.settings.zoom_plan)

    @cached_property
    def reader(self) -> ZoomReader:
        return ZoomReader(self.exchange, MEETINGS_AT_ONCE[self.plan])

    @cached_property
    def profiles(self) -> Profiles:
        """Raises ConfigurationError where profiles.yaml cannot be used."""
        settings = read_profiles(self.settings.config)
        if self.settings.default_profile not in settings:
            raise ConfigurationError(
                f"the default profile {self.settings.default_profile!r} is not in profiles.yaml",
                [Problem(f"profiles.yaml has: {', '.join(sorted(settings))}")],
            )
        return Profiles(settings, self.settings.default_profile, self.settings.lists == "exact")

    def planning(self) -> Planning:
        """What `plan` is given: no writer is in it."""
        pool = read_host_pool(self.settings.config)
        return Planning(
            self.programmes,
            self.links,
            self.reader,
            self.profiles,
            None if pool is None else [HostRule(**entry) for entry in pool],
            basic_may_host=self.plan is ZoomPlan.FREE,
            threads=self.settings.threads,
            drifts=self.drifts,
            treatments=self.settings.drift_treatments,
            kept_for_programme=self.settings.kept_for_programme,
            mass_change=self.settings.mass_change_percent,
        )

    def warnings(self, told: EventStatus, live: Mapping[str, Live]) -> Warnings:
        """What endangers sessions to come, by the store."""
        pool = read_host_pool(self.settings.config)
        rules = None if pool is None else [HostRule(**entry) for entry in pool]
        free = self.plan is ZoomPlan.FREE
        return warnings_of(told, self.links, live, self.page_time(), rules, basic_may_host=free)

    def expected_basic(self) -> frozenset[str]:
        """The hosts who need no licence, by id."""
        pool = read_host_pool(self.settings.config)
        rules = None if pool is None else [HostRule(**entry) for entry in pool]
        users = self.links.hosts(datetime.min.replace(tzinfo=UTC)) or ()
        return basic_expected(users, rules, basic_may_host=self.plan is ZoomPlan.FREE)

    def page_time(self) -> datetime:
        """What pages call now: as `retention_time`, and this machine's clock where a simulator does not answer."""
        try:
            return self.retention_time()
        except ZoomSyncError:  # what the store knows is told all the same
            return self.clock.now()

    @cached_property
    def overview(self) -> Overview:
        return Overview(self.database)

    def applying(self) -> Applying:
        """What `apply` is given."""
        return Applying(
            self.programmes,
            self.links,
            self.runs,
            self.reader,
            ZoomWriter(self.exchange),
            self.clock,
            self.profiles,
            new_passcode,
            timedelta(seconds=self.settings.settle_seconds),
            self.settings.threads,
            self.drifts,
            self.drifts,
            live=self.webhooks.live,
            kept_for_programme=self.settings.kept_for_programme,
        )

    def collecting(self) -> Collecting:
        """What `collect` and `report` are given."""
        return Collecting(
            self.programmes,
            self.links,
            self.reports,
            self.reader,
            self.clock,
            timedelta(minutes=self.settings.report_delay_minutes),
            self.settings.threads,
            self.settings.attended_share,
            staff_of(self.settings),
            notetakers_of(self.settings),
            self.decisions,
        )

    def deciding(self, who: str) -> Deciding:
        """What staff need to say who is one person; `who` does it."""
        return Deciding(self.collecting(), self.decisions, self.audit, lambda: datetime.now(UTC), who)

    def registering(self) -> Registering:
        """What `registrants` is given."""
        zoom = ZoomRegistration(self.exchange)
        return Registering(self.programmes, self.links, self.registrants, self.reader, zoom, self.clock)

    @cached_property
    def registrants(self) -> Registrants:
        return Registrants(self.database, Guard(self.settings.not_stored))

    def publishing(self) -> Publishing:
        """What `publish` and the public pages are given: nothing in it can ask Zoom."""
        return Publishing(self.programmes, self.links, Publications(self.database), self.clock)

    def previewing(self) -> Previewing:
        """What secret addresses of drafts are given."""
        return Previewing(Previews(self.database), lambda: datetime.now(UTC))

    # --- the pages: sign-in, rights, what pages show ---

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
    def passwords(self) -> Argon2:
        return Argon2()

    def access(self) -> Access:
        """What signing in is given. Its clock is this machine's."""
        limits = SessionLimits(
            timedelta(minutes=self.settings.session_idle_minutes), timedelta(hours=self.settings.session_hours)
        )
        return Access(self.accounts, self.audit, self.passwords, lambda: datetime.now(UTC), limits)

    @cached_property
    def openid(self) -> OpenID | None:
        """The identity provider, where one is set. Raises ConfigurationError where it is set by half."""
        told = self.settings
        if not told.oidc_issuer:
            return None
        flaws = []
        if not (told.oidc_client_id and told.oidc_roles):
            flaws.append("ZOOM_SYNC_OIDC_ISSUER needs ZOOM_SYNC_OIDC_CLIENT_ID and ZOOM_SYNC_OIDC_ROLES beside it")
        if not re.match(r"https://|http://(localhost|127\.0\.0\.1)[:/]", told.oidc_issuer):
            flaws.append("ZOOM_SYNC_OIDC_ISSUER has to begin with https://")
        if flaws:
            raise ConfigurationError("sign-in through OpenID is not set up right", map(Problem, flaws))
        from zoom_sync.adapters.identity.openid import Client, OpenID  # noqa: PLC0415 - see above

        back = told.web_url.rstrip("/") + OPENID_BACK
        return OpenID(Client(told.oidc_issuer, told.oidc_client_id, told.oidc_client_secret.get_secret_value(), back))


def ways_to_sources(settings: Settings) -> Ways:
    """How the places of programmes are reached."""
    from zoom_sync.adapters.sources.fetching import Fetcher  # noqa: PLC0415 - see above
    from zoom_sync.adapters.sources.origins import Ways  # noqa: PLC0415 - see above

    def secret(name: str) -> str:
        told = named_secret(name)
        hide(told)
        return told

    return Ways(secret, Fetcher(allow_private=settings.allow_private_urls, cache=FETCHED))


FETCHED = Path("var/fetched")  # what was fetched from the web, with its ETags
OPENID_BACK = "/sign-in/openid/back"  # the page that the provider sends browsers to
LETTERS = "".join(sorted(set(string.ascii_letters) - set("IlOo")))
DIGITS = "23456789"


def new_passcode(policy: PasscodePolicy = PasscodePolicy()) -> Passcode:  # noqa: B008 - a value that never changes
    """A random passcode as the account asks, which people can read out; of letters and digits where it may be."""
    alphabet = DIGITS if policy.only_allow_numeric else LETTERS + DIGITS
    alphabet += SPECIAL if policy.have_special_character and not policy.only_allow_numeric else ""
    while True:
        text = "".join(secrets.choice(alphabet) for _ in range(LONGEST))
        if policy.fits(text) and (policy.only_allow_numeric or _is_mixed(text)):
            return Passcode(text)


def _is_mixed(text: str) -> bool:
    """A small and a capital letter and a digit, as accounts may ask where they do not tell."""
    return any(c.islower() for c in text) and any(c.isupper() for c in text) and any(c.isdigit() for c in text)

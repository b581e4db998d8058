"""Floor 3: the one place that joins settings, adapters and use cases. Nothing connects before it is used."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import zoom_sync
from zoom_sync.adapters.identity.passwords import Argon2
from zoom_sync.adapters.notify.heartbeat import Heartbeat
from zoom_sync.adapters.notify.hook import Hook
from zoom_sync.adapters.notify.mail import Mail, MailServer
from zoom_sync.adapters.notify.messengers import Messengers, services_at
from zoom_sync.adapters.store.event_states import EventStates
from zoom_sync.adapters.store.places import CallPlaces
from zoom_sync.adapters.store.previews import Previews
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.adapters.zoom.auth import Credentials, Tokens
from zoom_sync.adapters.zoom.client import Exchange, ZoomReader, ZoomWriter
from zoom_sync.adapters.zoom.clock import ZoomClock
from zoom_sync.adapters.zoom.counting import Counts, FolderCounts, ProcessCounts
from zoom_sync.adapters.zoom.directing import ZoomDirecting
from zoom_sync.adapters.zoom.governor import Governor, ProcessGovernor
from zoom_sync.adapters.zoom.limits import MEETINGS_AT_ONCE, RATES, ZoomPlan
from zoom_sync.adapters.zoom.recordings import ZoomRecordings
from zoom_sync.adapters.zoom.registration import ZoomRegistration
from zoom_sync.adapters.zoom.store_governor import StoreGovernor
from zoom_sync.domain.access import SessionLimits
from zoom_sync.domain.clocks import ClockJump
from zoom_sync.domain.delivery import Live
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.health import Deed, Failing
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Changes
from zoom_sync.errors import ConfigurationError, Problem, StoreError, UserError, ZoomError, ZoomSyncError
from zoom_sync.network import Way
from zoom_sync.observability import hide
from zoom_sync.service_layer.access import Access
from zoom_sync.service_layer.adjusting import Adjusting
from zoom_sync.service_layer.apply import Applying
from zoom_sync.service_layer.certificates import NOT_INSTALLED, Certifying
from zoom_sync.service_layer.collect import Collecting
from zoom_sync.service_layer.deciding import Deciding
from zoom_sync.service_layer.directing import Directing
from zoom_sync.service_layer.hosts_now import basic_expected
from zoom_sync.service_layer.new_passcodes import new_passcode
from zoom_sync.service_layer.noticing import Noticing
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.ports.recordings import Recordings
from zoom_sync.service_layer.ports.telling import Channel
from zoom_sync.service_layer.previews import Previewing
from zoom_sync.service_layer.publish import Publishing
from zoom_sync.service_layer.registering import Registering
from zoom_sync.service_layer.schedule import Scheduling
from zoom_sync.service_layer.status import EventStatus, held_up
from zoom_sync.service_layer.sync import Planning, Profiles
from zoom_sync.service_layer.telling import Kept, Telling
from zoom_sync.service_layer.warning import Warnings, warnings_of
from zoom_sync.service_layer.watching import Watching, keep_sign_in
from zoom_sync.service_layer.work import Working
from zoom_sync.settings import (
    Settings,
    last_good_pool,
    last_good_profiles,
    named_secret,
    notetakers_of,
    notify_flaws,
    require_credentials,
    staff_of,
    way_of,
)
from zoom_sync.stores import Stores

# Slow to import, so only where it is needed: most commands need neither.
if TYPE_CHECKING:
    from zoom_sync.adapters.exports.certificates.drawing import Drawing
    from zoom_sync.adapters.exports.certificates.faces import Fonts
    from zoom_sync.adapters.identity.openid import OpenID
    from zoom_sync.adapters.sources.origins import Ways
    from zoom_sync.adapters.zoom.shared import Shared

log = logging.getLogger(__name__)

VERSION = zoom_sync.version()
USER_AGENT = f"zoom_sync/{VERSION}"


class Parts(Stores):
    """The parts of a running zoom_sync, made at first use and kept for the process."""

    def __init__(self, settings: Settings, *, is_service: bool = False) -> None:
        """`is_service`: it works all day, so what becomes of its sign-ins is kept in the store for who watches."""
        super().__init__(settings)
        self.is_service = is_service
        self.clock = ZoomClock(self._clock_jumped)

    def _clock_jumped(self, seconds: float) -> None:
        try:
            self.clock_jumps.note(ClockJump(self.clock.local(), round(seconds)))
        except StoreError as error:
            log.warning("clock_jump_not_kept", extra={"reason": str(error)})

    def late_clock_jumps(self) -> Sequence[ClockJump]:
        """Those of the last day, by this machine's clock. Raises StoreError."""
        return self.clock_jumps.since(self.clock.local() - timedelta(days=1))

    def retention_time(self) -> datetime:
        """What the age of data is counted to: this machine's clock, or that of a simulator, which has its own time."""
        return self.reader.server_time() if self.settings.is_simulator else self.clock.now()

    def held_up(self, event: str) -> Sequence[Phrase]:
        """What of an event was handed out to workers and has not ended. Raises StoreError."""
        return held_up(self.runs, event, self.clock.now(), timedelta(seconds=self.settings.resend_seconds))

    def scheduling(self) -> Scheduling:
        """What the schedule is given."""
        return Scheduling(
            self.working(),
            self.schedule,
            self.webhooks,
            rhythm_of(self.settings),
            timedelta(minutes=self.settings.collect_minutes),
            timedelta(hours=self.settings.collect_horizon_hours),
        )

    @cached_property
    def event_states(self) -> EventStates:
        return EventStates(self.database)

    def working(self) -> Working:
        """What whoever does items is given."""
        resend = timedelta(seconds=self.settings.resend_seconds)
        return Working(self.planning(), self.applying(), self.collecting(), resend, self.notices)

    # --- watching over the work ---

    def watching(self, since: datetime | None = None) -> Watching:
        """What watches over the work; `since` is when the watcher was started. Raises ConfigurationError."""
        settings = self.settings
        url = settings.heartbeat_url.get_secret_value()
        return Watching(
            self.health,
            self.schedule,
            self.notices,
            rhythm_of(settings),
            timedelta(seconds=settings.tick_seconds),
            self.channels,
            Heartbeat(url, USER_AGENT, self.way) if url else None,
            since,
            settings.is_simulator,
            self.webhooks,
            None if self.shared is None else self.governor.check,
        )

    def signed_in(self, error: ZoomError | None) -> None:
        """Count how a sign-in ended, and keep it where that is wanted. Never raises."""
        self.counts.sign_in("ok" if error is None else type(error).__name__)
        if self.is_service:
            with suppress(StoreError, ConfigurationError):
                keep_sign_in(self.health, error, datetime.now(UTC))

    # --- telling people ---

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The ways that are set to tell people; none by default. Raises ConfigurationError where one is set by half."""
        told = self.settings
        if flaws := notify_flaws(told):
            raise ConfigurationError("notifications are not set up correctly", flaws)
        found: list[Channel] = []
        if told.mail_addresses:
            password = told.smtp_password.get_secret_value()
            server = MailServer(
                told.smtp_host, told.smtp_port, told.smtp_security, told.smtp_user, password, self.way.context()
            )
            found.append(
                Mail(server, told.notify_mail_from, told.mail_addresses, told.notify_language, self.clock.local)
            )
        if told.service_addresses:
            found.append(Messengers(services_at(told.service_addresses), told.notify_language))
        if url := told.notify_url.get_secret_value():
            secret = told.notify_secret.get_secret_value()
            found.append(Hook(url, secret, told.notify_language, USER_AGENT, self.clock.local, way=self.way))
        return tuple(Kept(channel, partial(self._told, Deed(channel.name))) for channel in found)

    def _told(self, way: Deed, failed: str) -> None:
        """Keep how telling people ended. Never raises: a store that is away is told of without it."""
        with suppress(StoreError):
            if failed:
                self.health.failed(way, datetime.now(UTC), Failing.OTHER, failed)
            else:
                self.health.did(way, datetime.now(UTC))

    def noticing(self) -> Noticing:
        """What tells what people have to know."""
        ahead = timedelta(hours=self.settings.notify_hours)
        late = timedelta(hours=self.settings.collect_horizon_hours)
        return Noticing(self.programmes, self.links, self.runs, self.reports, self.notices, ahead, self.bindings, late)

    def telling(self) -> Telling:
        """What tells people. Raises ConfigurationError as `channels`."""
        shortest = timedelta(minutes=self.settings.notify_minutes)
        return Telling(self.noticing(), self.planning(), self.schedule, self.clock, self.channels, shortest)

    @cached_property
    def way(self) -> Way:
        """How what is sent leaves this machine. Raises ConfigurationError."""
        return way_of(self.settings)

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
                signed_in=self.signed_in,
                way=self.way,
            ),
            self.governor,
            self.clock,
            user_agent=USER_AGENT,
            connections=self.settings.threads,
            counts=self.counts,
            way=self.way,
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
        """The counts of calls: of all processes in Redis, where there is one; else of those that share a folder."""
        if self.shared is not None:
            return self.shared.counts()
        folder = self.settings.counts_path
        return FolderCounts(Path(folder)) if folder else ProcessCounts()

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
    def recordings(self) -> Recordings:
        return ZoomRecordings(self.exchange, str(self.settings.zoom_api_url), user_agent=USER_AGENT, way=self.way)

    @cached_property
    def profiles(self) -> Profiles:
        """As profiles.yaml was when it last could be read. Raises ConfigurationError."""
        return Profiles(
            last_good_profiles(self.settings), self.settings.default_profile, self.settings.lists == "exact"
        )

    def planning(self) -> Planning:
        """What `plan` is given: no writer is in it."""
        pool = last_good_pool(self.settings)
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
            registered=self.registrants.counts,
            approvals=self.approvals,
            changes=Changes(self.settings.changes),
            freeze_hours=self.settings.freeze_hours,
        )

    def warnings(self, told: EventStatus, live: Mapping[str, Live]) -> Warnings:
        """What endangers sessions to come, by the store."""
        pool = last_good_pool(self.settings)
        rules = None if pool is None else [HostRule(**entry) for entry in pool]
        free = self.plan is ZoomPlan.FREE
        registered = self.registrants.counts(told.event.key)
        return warnings_of(told, self.links, live, self.page_time(), rules, basic_may_host=free, registered=registered)

    def expected_basic(self) -> frozenset[str]:
        """The hosts who need no licence, by id."""
        pool = last_good_pool(self.settings)
        rules = None if pool is None else [HostRule(**entry) for entry in pool]
        users = self.links.hosts(datetime.min.replace(tzinfo=UTC)) or ()
        return basic_expected(users, rules, basic_may_host=self.plan is ZoomPlan.FREE)

    def page_time(self) -> datetime:
        """What pages call now: as `retention_time`, and this machine's clock where a simulator does not answer."""
        try:
            return self.retention_time()
        except ZoomSyncError:  # what the store knows is told all the same
            return self.clock.now()

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

    def certifying(self, who: str) -> Certifying:
        """What certificates need; `who` does it. Without the extra that draws all can be seen and nothing released."""
        return Certifying(
            self.programmes,
            self.reports,
            self.certificates,
            self.audit,
            self.fonts,
            self.settings.attended_share,
            self.page_time,
            who,
        )

    @cached_property
    def fonts(self) -> Fonts | None:
        """What certificates are set in; None where the extra `certificates` is not installed."""
        try:
            from zoom_sync.adapters.exports.certificates.faces import Fonts  # noqa: PLC0415 - see above
        except ModuleNotFoundError:
            return None
        return Fonts(self.settings.config / CERTIFICATES / "fonts")

    def drawing(self) -> Drawing:
        """What draws certificates. Raises UserError where the extra `certificates` is not installed."""
        if self.fonts is None:
            raise UserError(NOT_INSTALLED)
        from zoom_sync.adapters.exports.certificates.drawing import Drawing  # noqa: PLC0415 - see above

        address = self.settings.web_url.rstrip("/") + VERIFY
        return Drawing(self.fonts, address, self.settings.config / CERTIFICATES)

    def directing(self, who: str) -> Directing:
        """What `who` is given to see to sessions while they run."""
        zoom = ZoomDirecting(self.exchange)
        return Directing(
            self.programmes, self.links, zoom, self.planning(), self.applying(), self.audit, self.access().now, who
        )

    def adjusting(self, who: str) -> Adjusting:
        """What `who` needs to edit sessions by hand."""
        return Adjusting(self.programmes, self.audit, self.access().now, who)

    def registering(self) -> Registering:
        """What `registrants` is given."""
        zoom = ZoomRegistration(self.exchange)
        return Registering(self.programmes, self.links, self.registrants, self.reader, zoom, self.clock)

    def publishing(self) -> Publishing:
        """What `publish` and the public pages are given: nothing in it can ask Zoom."""
        return Publishing(self.programmes, self.links, Publications(self.database), self.clock)

    def previewing(self) -> Previewing:
        """What secret addresses of drafts are given."""
        return Previewing(Previews(self.database), lambda: datetime.now(UTC))

    # --- the pages: sign-in, rights, what pages show ---

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
            raise ConfigurationError("sign-in through OpenID is not set up correctly", map(Problem, flaws))
        from zoom_sync.adapters.identity.openid import Client, OpenID  # noqa: PLC0415 - see above

        back = told.web_url.rstrip("/") + OPENID_BACK
        return OpenID(
            Client(told.oidc_issuer, told.oidc_client_id, told.oidc_client_secret.get_secret_value(), back), self.way
        )


def rhythm_of(settings: Settings) -> Rhythm:
    """How often events are synced; `sync_minutes` is the longest interval, whatever the shorter ones say."""
    minutes = settings.sync_minutes, settings.sync_day_minutes, settings.sync_hours_minutes
    return Rhythm(*(timedelta(minutes=min(minutes[0], each)) for each in minutes))


def ways_to_sources(settings: Settings) -> Ways:
    """How the places of programmes are reached."""
    from zoom_sync.adapters.sources.fetching import Fetcher  # noqa: PLC0415 - see above
    from zoom_sync.adapters.sources.origins import Ways  # noqa: PLC0415 - see above

    def secret(name: str) -> str:
        text = named_secret(name)
        hide(text)
        return text

    return Ways(secret, Fetcher(allow_private=settings.allow_private_urls, cache=FETCHED, way=way_of(settings)))


FETCHED = Path("var/fetched")  # what was fetched from the web, with its ETags
CERTIFICATES = "certificates"  # of the config folder: an organiser's own template, pictures and fonts
VERIFY = "/verify"  # the page that everybody verifies certificates at
OPENID_BACK = "/sign-in/openid/back"  # the page that the provider sends browsers to

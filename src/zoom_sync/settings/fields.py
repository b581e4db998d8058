"""Every setting: its variable, its default, what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from zoom_sync.domain.access import read_role_map
from zoom_sync.domain.drift import Group, Treatment
from zoom_sync.domain.privacy import NOT_STORED
from zoom_sync.domain.retention import Retention
from zoom_sync.settings.places import FileSource, TomlSource

Treated = Literal["repair", "keep", "ask"]


class Settings(BaseSettings):
    """Everything that can be set. Each field's alias is its variable; `ZOOM_SYNC_X` is `x` in zoom_sync.toml."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="forbid", populate_by_name=False
    )

    zoom_account_id: str = Field(
        "", alias="ZOOM_ACCOUNT_ID", description="Account ID of the Server-to-Server OAuth app"
    )
    zoom_client_id: str = Field("", alias="ZOOM_CLIENT_ID", description="Client ID of the app")
    zoom_client_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_CLIENT_SECRET", description="Client secret of the app"
    )
    zoom_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.zoom.us/v2"),
        alias="ZOOM_API_URL",
        description="Base of Zoom's API, or of the simulator's",
    )
    zoom_oauth_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://zoom.us/oauth/token"), alias="ZOOM_OAUTH_URL", description="Where tokens are asked for"
    )
    zoom_plan: Literal["free", "pro", "business"] = Field(
        "pro",
        alias="ZOOM_PLAN",
        description="Whose published limits apply; business: also Education, Enterprise",
    )
    zoom_webhook_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_WEBHOOK_SECRET", description="Secret token of the app's webhooks"
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/zoom_sync.db"),
        alias="DATABASE_URL",
        description="SQLite or PostgreSQL, as SQLAlchemy writes it",
    )
    redis_url: SecretStr | None = Field(
        None,
        alias="REDIS_URL",
        description="Broker, shared limits and shared token; without it everything runs in one process",
    )
    config: Path = Field(
        Path("config"), alias="ZOOM_SYNC_CONFIG", description="Folder of zoom_sync.toml, profiles.yaml, hosts.yaml"
    )

    default_profile: str = Field(
        "public-seminar", alias="ZOOM_SYNC_DEFAULT_PROFILE", description="Profile of sessions that name none"
    )
    threads: int = Field(
        4, ge=1, le=64, alias="ZOOM_SYNC_THREADS", description="How many calls one command makes at the same time"
    )
    settle_seconds: float = Field(
        30.0, ge=0, alias="ZOOM_SYNC_SETTLE_SECONDS",
        description="How long a creation whose answer was lost stays in doubt before it is looked for",
    )  # fmt: skip
    report_delay_minutes: int = Field(
        30,
        ge=0,
        alias="ZOOM_SYNC_REPORT_DELAY_MINUTES",
        description="How long after a session's end Zoom may add to its reports",
    )
    attended_share: float = Field(
        0.5, ge=0, le=1, alias="ZOOM_SYNC_ATTENDED_SHARE",
        description="Which share of a session, or of an agenda item, counts as having attended it",
    )  # fmt: skip
    staff: str = Field(
        "", alias="ZOOM_SYNC_STAFF",
        description="Who is staff and not audience in reports: e-mail addresses and domains, separated by commas",
    )  # fmt: skip
    notetakers: str = Field(
        "", alias="ZOOM_SYNC_NOTETAKERS",
        description="Bots beyond those known already: parts of their names, and domains, separated by commas",
    )  # fmt: skip
    sync_minutes: float = Field(
        15.0, gt=0, alias="ZOOM_SYNC_SYNC_MINUTES",
        description="How often the schedule syncs each event, while its next session is days away",
    )  # fmt: skip
    sync_day_minutes: float = Field(
        10.0, gt=0, alias="ZOOM_SYNC_SYNC_DAY_MINUTES",
        description="How often within a day of a session",
    )  # fmt: skip
    sync_hours_minutes: float = Field(
        5.0, gt=0, alias="ZOOM_SYNC_SYNC_HOURS_MINUTES",
        description="How often within two hours of a session",
    )  # fmt: skip
    source: str = Field(
        "", alias="ZOOM_SYNC_SOURCE",
        description="The programme that the schedule follows: a file, an http(s) address, or a mapping that names its "
        "database or conference system; more of them with `load --follow`",
    )  # fmt: skip
    write_back: bool = Field(
        False, alias="ZOOM_SYNC_WRITE_BACK",
        description="Whether meetings are written back into that source by themselves",
    )  # fmt: skip
    follow_minutes: float = Field(
        15.0, gt=0, alias="ZOOM_SYNC_FOLLOW_MINUTES",
        description="How often a source that is followed is read, while its next session is days away",
    )  # fmt: skip
    follow_day_minutes: float = Field(
        5.0, gt=0, alias="ZOOM_SYNC_FOLLOW_DAY_MINUTES", description="How often within a day of a session"
    )
    follow_hours_minutes: float = Field(
        2.0, gt=0, alias="ZOOM_SYNC_FOLLOW_HOURS_MINUTES", description="How often within two hours of a session"
    )
    collect_minutes: float = Field(
        10.0, gt=0, alias="ZOOM_SYNC_COLLECT_MINUTES",
        description="How long after the first look at a report the schedule looks again; from then on, ever later",
    )  # fmt: skip
    collect_horizon_hours: float = Field(
        72.0, ge=0, alias="ZOOM_SYNC_COLLECT_HORIZON_HOURS",
        description="How long after a session's end a report that is not complete is reported as late",
    )  # fmt: skip
    tick_seconds: float = Field(
        15.0, gt=0, alias="ZOOM_SYNC_TICK_SECONDS", description="How often the schedule checks what is due"
    )
    webhook_window_seconds: float = Field(
        300.0, gt=0, alias="ZOOM_SYNC_WEBHOOK_WINDOW_SECONDS",
        description="How old a signed webhook may be, or how far ahead; older ones may be somebody's copies",
    )  # fmt: skip
    webhook_bytes: int = Field(
        1_048_576, ge=1024, alias="ZOOM_SYNC_WEBHOOK_BYTES", description="How large a webhook may be"
    )
    celery_control: bool = Field(
        False,
        alias="ZOOM_SYNC_CELERY_CONTROL",
        description="Whether Celery's own commands (`inspect`, `status`, `events`) and Flower reach the workers",
    )
    worker_processes: int = Field(
        4, ge=1, le=256, alias="ZOOM_SYNC_WORKER_PROCESSES", description="Processes of one worker"
    )
    sweep_seconds: float = Field(
        15.0, ge=1, alias="ZOOM_SYNC_SWEEP_SECONDS",
        description="How often the schedule looks for queued work that is due again",
    )  # fmt: skip
    resend_seconds: float = Field(
        300.0, ge=1, alias="ZOOM_SYNC_RESEND_SECONDS",
        description="How long queued work may take before it is handed out again; above the length of the queue",
    )  # fmt: skip
    encryption_key: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_ENCRYPTION_KEY",
        description="Keys that encrypt passcodes, links, names, e-mails and raw rows in the store, by commas: "
        "the first encrypts, all decrypt; without one all is kept as it is",
    )  # fmt: skip
    do_not_store: str = Field(
        "", alias="ZOOM_SYNC_DO_NOT_STORE",
        description="What is taken out of report rows before they are stored, separated by commas: emails, names, "
        "questions, devices",
    )  # fmt: skip
    keep_raw_days: int = Field(
        365, ge=0, alias="ZOOM_SYNC_KEEP_RAW_DAYS",
        description="How many days after a session's end its report rows are kept as Zoom gave them; 0: for ever",
    )  # fmt: skip
    keep_report_days: int = Field(
        0, ge=0, alias="ZOOM_SYNC_KEEP_REPORT_DAYS",
        description="How many days after a session's end its attendance and questions are kept, and its raw rows at "
        "most; 0: for ever",
    )  # fmt: skip
    keep_audit_days: int = Field(
        730, ge=0, alias="ZOOM_SYNC_KEEP_AUDIT_DAYS",
        description="How many days the lines of the audit log are kept; 0: for ever",
    )  # fmt: skip
    keep_run_days: int = Field(
        365, ge=0, alias="ZOOM_SYNC_KEEP_RUN_DAYS",
        description="How many days a finished run is kept with its items; 0: for ever",
    )  # fmt: skip

    allow_private_urls: bool = Field(
        False,
        alias="ZOOM_SYNC_ALLOW_PRIVATE_URLS",
        description="Whether a programme may be fetched from a private or local network address, as in an intranet",
    )
    drift_title: Treated = Field(
        "repair", alias="ZOOM_SYNC_DRIFT_TITLE", description="What is done about a title edited on Zoom"
    )
    drift_agenda: Treated = Field(
        "repair", alias="ZOOM_SYNC_DRIFT_AGENDA", description="What is done about an agenda edited on Zoom"
    )
    drift_time: Treated = Field(
        "repair",
        alias="ZOOM_SYNC_DRIFT_TIME",
        description="What is done about a start, duration or zone edited on Zoom",
    )
    drift_settings: Treated = Field(
        "repair", alias="ZOOM_SYNC_DRIFT_SETTINGS", description="What is done about settings edited on Zoom"
    )
    drift_passcode: Treated = Field(
        "repair",
        alias="ZOOM_SYNC_DRIFT_PASSCODE",
        description="What is done about a passcode edited on Zoom; the announced link needs the old one",
    )
    lists: Literal["merge", "exact"] = Field(
        "merge",
        alias="ZOOM_SYNC_LISTS",
        description="Whether what others add to a meeting's lists (alternative hosts, breakout rooms, interpreters)"
        " stays; `exact` takes it out where --allow-loss names the session",
    )
    kept_for_programme: int = Field(
        25,
        alias="ZOOM_SYNC_KEPT_FOR_PROGRAMME",
        ge=0,
        le=100,
        description="Of each hundred creates and updates of a host's day, how many are never spent on putting back "
        "what was edited on Zoom",
    )
    changes: Literal["automatic", "first", "ask"] = Field(
        "automatic",
        alias="ZOOM_SYNC_CHANGES",
        description="Who starts what changes on Zoom, where an event's programme does not say: automatic, the schedule "
        "by itself; first, a person approves an event's first plan; ask, a person who did not load it approves each",
    )
    freeze_hours: int = Field(
        0,
        alias="ZOOM_SYNC_FREEZE_HOURS",
        ge=0,
        le=8760,
        description="From so many hours before an event's first session until the end of its last, where its programme "
        "does not say, changes are made by name only; 0: never",
    )
    mass_change_percent: int = Field(
        30,
        alias="ZOOM_SYNC_MASS_CHANGE_PERCENT",
        ge=0,
        le=100,
        description="Of each hundred sessions of an event that have a meeting, once there are ten: how many may change "
        "time, title or meeting, or be gone from the programme, before that is held back as mass change; 100: never",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", alias="ZOOM_SYNC_LOG_LEVEL", description="What is logged, to standard error"
    )
    log_format: Literal["text", "json"] = Field("text", alias="ZOOM_SYNC_LOG_FORMAT", description="How it is logged")

    sentry_dsn: SecretStr = Field(
        SecretStr(""), alias="SENTRY_DSN",
        description="Where errors are reported to Sentry, without what they are about; needs zoom_sync[sentry]",
    )  # fmt: skip
    otel_endpoint: str = Field(
        "", pattern="^(https?://[^/]|$)", alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="OpenTelemetry collector that spans are sent to (OTLP over HTTP); needs zoom_sync[otel]. The "
        "other OTEL_ variables of the environment count, too",
    )  # fmt: skip

    notify_language: Literal["en", "zh"] = Field(
        "en", alias="ZOOM_SYNC_NOTIFY_LANGUAGE", description="The language of notifications"
    )
    notify_minutes: float = Field(
        60.0, ge=0, alias="ZOOM_SYNC_NOTIFY_MINUTES",
        description="The least time between two notifications, except about sessions that begin soon and are not ready",
    )  # fmt: skip
    notify_hours: float = Field(
        3.0, gt=0, alias="ZOOM_SYNC_NOTIFY_HOURS",
        description="How long before a session a notice is sent if it is not ready",
    )  # fmt: skip
    notify_mail_to: str = Field(
        "", alias="ZOOM_SYNC_NOTIFY_MAIL_TO",
        description="Who is notified by mail of what needs a person's attention, separated by commas; nobody if empty",
    )  # fmt: skip
    notify_mail_from: str = Field("", alias="ZOOM_SYNC_NOTIFY_MAIL_FROM", description="The sender of these mails")
    smtp_host: str = Field("", alias="ZOOM_SYNC_SMTP_HOST", description="The server that takes these mails")
    smtp_port: int = Field(587, ge=1, le=65535, alias="ZOOM_SYNC_SMTP_PORT", description="Its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", alias="ZOOM_SYNC_SMTP_SECURITY",
        description="How the connection is encrypted; `none` only for a server on this machine, or without a password",
    )  # fmt: skip
    smtp_user: str = Field("", alias="ZOOM_SYNC_SMTP_USER", description="The user at the server, where it wants one")
    smtp_password: SecretStr = Field(SecretStr(""), alias="ZOOM_SYNC_SMTP_PASSWORD", description="The user's password")
    notify_addresses: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_NOTIFY_ADDRESSES",
        description="Slack, Teams, Matrix, Telegram and other services that are sent the same, each by an address as "
        "Apprise has it, such as slack://…; separated by blanks",
    )  # fmt: skip
    notify_url: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_NOTIFY_URL",
        description="Where the same is sent as a signed webhook in JSON; nowhere if empty",
    )  # fmt: skip
    notify_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_NOTIFY_SECRET", description="What signs that webhook"
    )

    https_proxy: SecretStr = Field(
        SecretStr(""), alias="HTTPS_PROXY",
        description="Proxy that leads out of this network, such as http://proxy.example.org:3128, for Zoom, OpenID, "
        "notifications by webhook and sources from the web; it may hold a name and a password. Mail goes without it",
    )  # fmt: skip
    no_proxy: str = Field(
        "",
        alias="NO_PROXY",
        description="Hosts and domains that are reached without that proxy, separated by commas; never this machine",
    )
    ca_bundle: str = Field(
        "", alias="ZOOM_SYNC_CA_BUNDLE",
        description="PEM file of the authorities that are trusted, in place of the usual ones: for Zoom, OpenID, mail, "
        "webhooks and sources. Needed where a proxy of your own looks into TLS",
    )  # fmt: skip

    alive_path: str = Field(
        "", alias="ZOOM_SYNC_ALIVE_PATH",
        description="File that worker, beat, web and serve touch every 20 seconds while store and broker answer, and "
        "remove when they do not; a supervisor's health check looks at its age. Each process needs one of its own",
    )  # fmt: skip
    counts_path: str = Field(
        "", alias="ZOOM_SYNC_COUNTS_PATH",
        description="Folder in which processes of this machine count calls to Zoom together for /metrics, where there "
        "is no Redis; `web --workers` makes one by itself",
    )  # fmt: skip
    heartbeat_url: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_HEARTBEAT_URL",
        description="Address that is called every minute while the work is done, such as a check at a healthchecks "
        "instance; whoever runs it alarms when the calls stop",
    )  # fmt: skip

    web_url: str = Field(
        "http://localhost:8000",
        pattern="^https?://[^/]",
        alias="ZOOM_SYNC_WEB_URL",
        description="The address that browsers know the pages by; the identity provider sends them back to it",
    )
    public_cache_seconds: int = Field(
        0,
        ge=0,
        le=86_400,
        alias="ZOOM_SYNC_PUBLIC_CACHE_SECONDS",
        description="How long browsers and proxies may show what is public without asking; 0: a change is seen at once",
    )
    web_hosts: str = Field(
        "",
        alias="ZOOM_SYNC_WEB_HOSTS",
        description="Further host names that the pages answer for, separated by commas, such as a proxy's inner name",
    )
    plain_http: bool = Field(
        False,
        alias="ZOOM_SYNC_PLAIN_HTTP",
        description="Let cookies travel without TLS too; only for a browser that takes none from http://localhost",
    )
    session_idle_minutes: int = Field(
        60,
        ge=1,
        alias="ZOOM_SYNC_SESSION_IDLE_MINUTES",
        description="People who do nothing for this long are signed out",
    )
    session_hours: int = Field(
        12, ge=1, alias="ZOOM_SYNC_SESSION_HOURS", description="How long after signing in people have to sign in again"
    )
    oidc_issuer: str = Field(
        "", alias="ZOOM_SYNC_OIDC_ISSUER", description="OpenID provider for sign-in; without it local accounts alone"
    )
    oidc_client_id: str = Field("", alias="ZOOM_SYNC_OIDC_CLIENT_ID", description="Our client ID at the provider")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), alias="ZOOM_SYNC_OIDC_CLIENT_SECRET", description="Our client secret at the provider"
    )
    oidc_role_claim: str = Field(
        "groups", alias="ZOOM_SYNC_OIDC_ROLE_CLAIM", description="The claim whose values give roles"
    )
    oidc_roles: str = Field(
        "",
        alias="ZOOM_SYNC_OIDC_ROLES",
        description="Which value gives which role: `zoom-admins=organiser, *=viewer`; `*`: everybody",
    )

    @field_validator("oidc_roles")
    @classmethod
    def _readable_roles(cls, value: str) -> str:
        read_role_map(value)
        return value

    @field_validator("zoom_webhook_secret")
    @classmethod
    def _blanks_are_no_secret(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @field_validator("do_not_store")
    @classmethod
    def _known_words(cls, told: str) -> str:
        unknown = set(_words(told)) - set(NOT_STORED)
        if unknown:
            raise ValueError(f"knows {', '.join(NOT_STORED)}, and not {', '.join(sorted(unknown))}")
        return told

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """The keys, the one that encrypts first."""
        return _words(self.encryption_key.get_secret_value())

    @property
    def not_stored(self) -> tuple[str, ...]:
        """The words of `do_not_store`."""
        return _words(self.do_not_store)

    @property
    def keep_days(self) -> Mapping[Retention, int]:
        """How long each kind of data is kept."""
        return {
            Retention.RAW: self.keep_raw_days,
            Retention.REPORT: self.keep_report_days,
            Retention.RUN: self.keep_run_days,
            Retention.AUDIT: self.keep_audit_days,
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        secrets = FileSource(settings_cls)
        return init_settings, env_settings, secrets, dotenv_settings, file_secret_settings, TomlSource(settings_cls)

    @property
    def drift_treatments(self) -> dict[Group, Treatment]:
        """What is done about what was edited on Zoom, by the group of the field."""
        return {group: Treatment(getattr(self, f"drift_{group}")) for group in Group}

    @property
    def further_hosts(self) -> tuple[str, ...]:
        """The host names that the pages answer for beside that of their address."""
        return _words(self.web_hosts)

    @property
    def mail_addresses(self) -> tuple[str, ...]:
        """Who is told by mail."""
        return _words(self.notify_mail_to)

    @property
    def service_addresses(self) -> tuple[str, ...]:
        """The services that are sent notifications, by Apprise's addresses, which hold secrets."""
        return tuple(self.notify_addresses.get_secret_value().split())

    @property
    def notifies(self) -> bool:
        """Whether anybody is told of anything."""
        return bool(self.mail_addresses or self.service_addresses or self.notify_url.get_secret_value())

    @property
    def is_simulator(self) -> bool:
        """Whether the API's address is not Zoom's."""
        return not is_zoom(self.zoom_api_url)

    @property
    def is_published(self) -> bool:
        """Whether the pages are meant for others than who tries it on his own machine."""
        return self.web_url.startswith("https://")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def is_zoom(url: AnyHttpUrl) -> bool:
    host = url.host or ""
    return url.scheme == "https" and (host == "zoom.us" or host.endswith((".zoom.us", ".zoomgov.com")))

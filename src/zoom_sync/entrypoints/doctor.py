"""What `doctor` examines. Each finding says what it saw, and what to do where it is not right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from zoom_sync.adapters.store.database import open_to_others
from zoom_sync.adapters.zoom.operations import Feature
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Flaw
from zoom_sync.domain.programme import Kind
from zoom_sync.entrypoints.doctor_scopes import added_scopes, granted_note, missing_scopes
from zoom_sync.entrypoints.observing import observers, observing_flaws
from zoom_sync.entrypoints.webhooks import NO_WEBHOOKS, WEBHOOKS
from zoom_sync.errors import (
    ConfigurationError,
    InvalidRequest,
    MissingScope,
    NotFound,
    Refused,
    Unauthorized,
    ZoomError,
    ZoomSyncError,
)
from zoom_sync.network import Unreached
from zoom_sync.service_layer.hosts_now import licence_of
from zoom_sync.service_layer.hosts_ready import crowded_hosts, pool_flaws
from zoom_sync.service_layer.observe import HostRule, hosts_of_account, strangers
from zoom_sync.service_layer.status import arrived_late, may_arrive, status_of
from zoom_sync.service_layer.watching import health_of, judged
from zoom_sync.settings import read_host_pool

APPS = "see https://developers.zoom.us/docs/internal-apps/create/ and docs/tutorial.md"
ZOOM_STATE = "try again; Zoom's own state: https://www.zoomstatus.com"
NOBODY = "00000000000"  # a meeting id that no account has: asking for it tells whether asking is allowed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined. `noted`: it is no failure, and worth a look all the same."""

    what: str
    ok: bool
    told: str
    advice: str = ""
    noted: bool = False


def examine(parts: Parts) -> list[Finding]:
    """Examine everything that can be examined; one failure does not stop the rest."""
    findings = list(_configuration(parts))
    findings.append(
        _try(
            "store",
            lambda: f"{parts.database.check()}, schema up to date",
            "check DATABASE_URL and that its server runs",
        )
    )
    findings += _file_mode(parts)
    findings += _work(parts)
    findings.append(_encryption(parts))
    if parts.settings.redis_url is not None:
        findings.append(_try("broker", parts.governor.check, "check REDIS_URL and that Redis runs"))
    findings += _creations(parts)
    findings.append(_webhooks(parts))
    findings += _notifications(parts)
    findings += _observing(parts)
    credentials = _try("credentials", lambda: _credentials(parts), f"check the three ZOOM_… credentials; {APPS}")
    findings.append(credentials)
    if credentials.ok:
        findings += _scopes(parts)
        findings += _hosts(parts)
    if parts.settings.is_simulator:
        findings.append(_simulator(parts))
    return findings


def _configuration(parts: Parts) -> Iterator[Finding]:
    """The plan, and the config folder: one that is not there is not called right."""
    folder, plan = parts.settings.config, f"plan {parts.settings.zoom_plan}"
    if not folder.is_dir():
        yield Finding("settings", True, plan)
        text = f"there is no folder {folder}: profiles are as built in, and every licensed user may host"
        yield Finding("config folder", True, text, "make it, or name another: ZOOM_SYNC_CONFIG", noted=True)
        return
    try:
        parts.profiles  # noqa: B018 - reads them
        read_host_pool(folder)
    except ConfigurationError as error:
        problems = "; ".join(map(str, error.problems))
        yield Finding("settings", False, f"{error.message}: {problems}", f"correct it in {folder}")
        return
    yield Finding("settings", True, f"config folder {folder}, {plan}")


def _try(what: str, look: Callable[[], str], advice: str) -> Finding:
    try:
        return Finding(what, True, look())
    except ZoomSyncError as error:
        problems = "".join(f"; {problem}" for problem in getattr(error, "problems", ()))
        return Finding(what, False, f"{error}{problems}", _advice(error, advice))


def _advice(error: ZoomSyncError, usual: str) -> str:
    """What to do: about a machine that cannot be reached by its cause, and about Zoom's own trouble nothing here."""
    said = getattr(error, "message", error.args[0] if error.args else "")
    if isinstance(said, Unreached):
        return said.advice
    return ZOOM_STATE if isinstance(error, ZoomError) and error.retryable else usual


def _creations(parts: Parts) -> Iterator[Finding]:
    """Creations that Zoom carried out late or may yet, and the time in its answers, which should not jump."""
    try:
        events = [event.key for event in parts.programmes.events()]
        arrived = [note for event in events for note in arrived_late(parts.links, event)]
        given_up = [note for event in events for note in may_arrive(parts.links, event)]
        jumps = [str(jump.note) for jump in parts.late_clock_jumps()]
    except ZoomSyncError:
        return  # a store that cannot be asked is told of elsewhere
    if arrived or given_up:
        text = "; ".join(map(str, (*arrived, *given_up)))
        yield Finding("creations", not arrived, text, "run `zoom-sync apply` for the event")
    if jumps:
        advice = "look for a proxy between here and Zoom, or a wrong clock in it; https://www.zoomstatus.com"
        # Whoever has a simulator moves its clock himself.
        yield Finding("Zoom's clock", parts.settings.is_simulator, "; ".join(jumps[-3:]), advice)


def _file_mode(parts: Parts) -> Iterator[Finding]:
    """Whether other users of this machine may read the store."""
    try:
        database = parts.database
    except ZoomSyncError:
        return  # the finding about the store says why
    if open_to_others(database):
        path = database.engine.url.database
        advice = f"only its owner should: chmod 600 {path}* and chmod 700 on its folder"
        yield Finding("store's file", False, f"other users of this machine can read {path}", advice)


def _work(parts: Parts) -> Iterator[Finding]:
    """Whether the work happens, and who does it; nothing where no worker, beat, web or serve was ever started."""
    now = datetime.now(UTC)
    try:
        watching = parts.watching()
        health = health_of(watching, now)
    except ZoomSyncError:
        return  # the findings about store and notifications say why
    for process in health.processes:
        seen = f"since {process.since:%Y-%m-%d %H:%M} UTC, version {process.version}"
        alive = "alive" if process.is_alive(now) else f"last seen {process.seen_at:%Y-%m-%d %H:%M} UTC"
        yield Finding(f"{process.part} {process.name}", True, f"{alive}, {seen}")
    for finding in judged(watching, health, now):
        yield Finding("work", False, finding.text, finding.advice)


def _webhooks(parts: Parts) -> Finding:
    """Whether Zoom's events are let in. Without them everything happens all the same, by the clock."""
    if not parts.settings.zoom_webhook_secret.get_secret_value():
        return Finding("webhooks", True, f"off: {NO_WEBHOOKS}")
    return Finding("webhooks", True, f"on, at {parts.settings.web_url.rstrip('/')}{WEBHOOKS}")


def _notifications(parts: Parts) -> Iterator[Finding]:
    """Whether people can be told. Connects to the mail server, and sends nothing."""
    if not parts.settings.notifies:
        yield Finding("notifications", True, "off: nobody is notified by mail or webhook")
        return
    try:
        channels = parts.channels
    except ConfigurationError as error:
        text = "; ".join(map(str, error.problems))
        yield Finding("notifications", False, text, "correct ZOOM_SYNC_NOTIFY_… and ZOOM_SYNC_SMTP_…")
        return
    for channel in channels:
        advice = "check ZOOM_SYNC_SMTP_… and that the server can be reached from here"
        yield _try(f"notifications by {channel.name}", channel.check, advice)


def _observing(parts: Parts) -> Iterator[Finding]:
    """Whether errors and spans can be told, where that is switched on."""
    on = observers(parts.settings)
    if not on:
        return
    flaws = "; ".join(map(str, observing_flaws(parts.settings)))
    yield Finding("observing", not flaws, flaws or f"on by {' and '.join(on.values())}")


def _simulator(parts: Parts) -> Finding:
    """Right for who tries it; wrong where others are told of its meetings."""
    text = f"{parts.settings.zoom_api_url} is a simulator, not Zoom"
    if not parts.settings.is_published:
        return Finding("address", True, text)
    text += ", and the pages are published: the meetings on them cannot be joined"
    return Finding("address", False, text, "unset ZOOM_API_URL and ZOOM_OAUTH_URL; or ZOOM_SYNC_WEB_URL, for a try")


def _encryption(parts: Parts) -> Finding:
    """Whether what is stored is encrypted, and all of it under the first key."""
    try:
        left, sealed = parts.rekeying.left(), parts.rekeying.sealed_under()
    except ZoomSyncError as error:
        return Finding("encryption", False, str(error), "correct the settings and the store first")
    first = parts.database.seal.first
    unknown = sealed.keys() - parts.database.seal.names
    if unknown:
        text = f"{sum(sealed[name] for name in unknown)} values are sealed under keys that are not set: "
        return Finding("encryption", False, text + ", ".join(sorted(unknown)), "add them to ZOOM_SYNC_ENCRYPTION_KEY")
    if first is None:
        return Finding("encryption", True, "off: who can read the database can read names, e-mails and passcodes")
    if left:
        text = f"on, but {sum(left.values())} rows are not under the first key ({', '.join(left)})"
        return Finding("encryption", False, text, "`zoom-sync privacy rekey` puts them under it")
    return Finding("encryption", True, f"on, every value is under key {first}")


def _credentials(parts: Parts) -> str:
    now = parts.reader.server_time()
    behind = parts.clock.offset.total_seconds()
    drift = f"; this machine's clock is {behind:+.0f} s from Zoom's" if behind else ""
    return f"Zoom gave a token at {now:%Y-%m-%d %H:%M:%S} UTC{drift}"


def _scopes(parts: Parts) -> Iterator[Finding]:
    """What the app has been granted beside what the programmes use; where Zoom does not say, by trying."""
    try:
        missing = missing_scopes(parts)
    except ZoomSyncError as error:
        yield Finding("scopes", False, str(error), "try again; Zoom's own state: https://www.zoomstatus.com")
        return
    if missing is None:
        yield from _tried_scopes(parts)
        return
    for feature, operations in missing.items():
        what = f"scopes for {feature}"
        if operations:
            lacked = f"{len({operation.scope for operation in operations})} missing"
            yield Finding(what, False, lacked, f"add to the app: {added_scopes(operations)}; {APPS}")
        else:
            yield Finding(what, True, granted_note(feature))
    if not missing[Feature.MEETINGS]:
        yield _scope("attendance reports", lambda: parts.reader.participants(NOBODY))  # Basic accounts have none


def _tried_scopes(parts: Parts) -> Iterator[Finding]:
    """Ask for something that does not exist, once per feature: not found means allowed."""
    reader = parts.reader
    features: list[tuple[str, Callable[[], object]]] = [
        ("scope for users", reader.users),
        ("scope for meetings", lambda: reader.meeting(NOBODY, Kind.MEETING)),
        ("scope for attendance reports", lambda: reader.participants(NOBODY)),
        ("scope for Q&A reports", lambda: reader.questions(NOBODY)),
        ("scope for poll reports", lambda: reader.polls(NOBODY)),
        ("scope for survey reports", lambda: reader.surveys(NOBODY)),
        ("scope for registrants", lambda: reader.registrants(NOBODY)),
    ]
    if _has_webinars(parts):
        features += [
            ("scope for webinars", lambda: reader.meeting(NOBODY, Kind.WEBINAR)),
            ("scope for attendance reports of webinars", lambda: reader.participants(NOBODY, Kind.WEBINAR)),
            ("scope for Q&A reports of webinars", lambda: reader.questions(NOBODY, Kind.WEBINAR)),
            ("scope for poll reports of webinars", lambda: reader.polls(NOBODY, Kind.WEBINAR)),
            ("scope for survey reports of webinars", lambda: reader.surveys(NOBODY, Kind.WEBINAR)),
            ("scope for registrants of webinars", lambda: reader.registrants(NOBODY, Kind.WEBINAR)),
            ("scope for absentees of webinars", lambda: reader.absentees(NOBODY)),
            ("scope for panelists of webinars", lambda: reader.panelists(NOBODY)),
        ]
    for what, ask in features:
        yield _scope(what, ask)


def _has_webinars(parts: Parts) -> bool:
    """Whether a session is held as a webinar; a store that cannot be asked is told of elsewhere."""
    try:
        events = [parts.programmes.programme(event.key) for event in parts.programmes.events()]
    except ZoomSyncError:
        return False
    return any(session.kind is Kind.WEBINAR for programme in events for session in programme.sessions)


def _scope(what: str, ask: Callable[[], object]) -> Finding:
    try:
        ask()
    except (NotFound, InvalidRequest, Refused) as error:
        if isinstance(error, InvalidRequest) and error.code == 200:  # noqa: PLR2004 - Zoom's code, not a status
            return Finding(what, False, str(error), "the account's plan lacks it")
    except MissingScope as error:
        return Finding(what, False, str(error), f"add to the app: {', '.join(error.scopes)}; {APPS}")
    except Unauthorized as error:
        return Finding(what, False, str(error), f"the app may not do this; {APPS}")
    except ZoomSyncError as error:
        return Finding(what, False, str(error), _advice(error, ZOOM_STATE))
    return Finding(what, True, "granted")


def _hosts(parts: Parts) -> Iterator[Finding]:
    try:
        now = parts.reader.server_time()
        users = hosts_of_account(parts.reader, parts.links, now, fresh=True)
        rows = read_host_pool(parts.settings.config)
        rules = None if rows is None else [HostRule(**entry) for entry in rows]
        pool = list(pool_flaws(parts.reader, users, rules, basic_may_host=parts.settings.zoom_plan == "free"))
        yield from _settings_scope(parts, [host for host, _ in pool])
        webinars = list(_webinar_licences(parts, [host for host, _ in pool]))
        endangered = list(_endangered(parts))
        full = list(crowded_hosts(parts.programmes, parts.links, [host for host, _ in pool], now))
    except ZoomSyncError as error:
        problems = "".join(f"; {problem}" for problem in getattr(error, "problems", ()))
        yield Finding("hosts", False, f"{error}{problems}", _advice(error, "correct the pool in hosts.yaml"))
        return
    if not pool:
        yield Finding("hosts", False, "no licensed user", "give a user a licence in Zoom's admin pages")
    for name in strangers(users, rules):
        yield Finding(f"host {name}", False, "no active user of the account", "correct the pool in hosts.yaml")
    for host, flaws in pool:
        yield from _host(host, flaws)
    yield from webinars
    yield from endangered
    for host, flaw in full:
        yield Finding(f"meetings of {host.name}", False, flaw.told, flaw.advice)


def _webinar_licences(parts: Parts, hosts: Sequence[Host]) -> Iterator[Finding]:
    """Who may hold webinars, where the programmes have some. Raises ZoomSyncError."""
    if not hosts or not _has_webinars(parts):
        return
    told = {host.name: licence_of(parts.reader, host.id) for host in hosts if host.licensed}
    if any(licence is None for licence in told.values()):
        return  # the app may not ask: that is told as a missing scope
    able = [
        f"{name} ({licence.webinar_capacity or '?'})" for name, licence in told.items() if licence and licence.webinars
    ]
    if able:
        yield Finding("webinar licences", True, ", ".join(able))
        return
    yield Finding(
        "webinar licences",
        False,
        "no host has a licence for webinars, so Zoom will not make the webinars of the programme",
        "give a host the webinar add-on in Zoom's admin pages (User Management, Users, Licenses), or make the sessions "
        "meetings (kind: meeting)",
    )


def _endangered(parts: Parts) -> Iterator[Finding]:
    """The sessions to come whose hosts have lost their licences. Raises ZoomSyncError."""
    for event in parts.programmes.events():
        event_status = status_of(parts.programmes, parts.links, parts.reports, event.key)
        for key, notes in parts.warnings(event_status, {}).items():
            for note in notes:
                yield Finding(f"session {key} of {event.key}", False, note)


def _settings_scope(parts: Parts, hosts: Sequence[Host]) -> Iterator[Finding]:
    """Passcode policy and webinar licence stand in the users' settings."""
    if hosts:
        yield _scope("scope for users' settings", lambda: parts.reader.passcode_policy(hosts[0].id))


def _host(host: Host, flaws: Sequence[Flaw]) -> Iterator[Finding]:
    if not flaws:
        licence = "licensed" if host.licensed else "Basic"
        texts = [f"{licence}, {host.capacity} meeting(s) at once"]
        texts += [f"webinars for {host.webinar_capacity}"] if host.webinar_capacity else []
        yield Finding(f"host {host.name}", True, ", ".join(texts))
    for flaw in flaws:
        yield Finding(f"host {host.name}", False, flaw.told, flaw.advice)

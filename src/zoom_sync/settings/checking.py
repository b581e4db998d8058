"""What several settings together have to be, asked by who needs them."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

from zoom_sync.errors import ConfigurationError, Problem
from zoom_sync.network import Way
from zoom_sync.settings.fields import Settings, is_zoom

LOCAL = ("localhost", "127.0.0.1", "::1")


def notify_flaws(settings: Settings) -> list[Problem]:
    """What is wrong with the settings of notifications; nothing where none are set."""
    flaws = []
    if settings.mail_addresses:
        needed = {"ZOOM_SYNC_SMTP_HOST": settings.smtp_host, "ZOOM_SYNC_NOTIFY_MAIL_FROM": settings.notify_mail_from}
        flaws += [f"ZOOM_SYNC_NOTIFY_MAIL_TO needs {name} beside it" for name, value in needed.items() if not value]
        addresses = {"TO": settings.mail_addresses, "FROM": tuple(filter(None, [settings.notify_mail_from]))}
        for name, listed in addresses.items():
            if not all(re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", text) for text in listed):
                flaws.append(f"ZOOM_SYNC_NOTIFY_MAIL_{name} holds something that is not a bare e-mail address")
        password = settings.smtp_password.get_secret_value()
        if password and not settings.smtp_user:
            flaws.append("ZOOM_SYNC_SMTP_PASSWORD needs ZOOM_SYNC_SMTP_USER beside it")
        if password and settings.smtp_security == "none" and settings.smtp_host not in LOCAL:
            flaws.append("ZOOM_SYNC_SMTP_SECURITY is none: the password would travel readable for everybody")
    if url := settings.notify_url.get_secret_value():
        if not re.match(r"https://[^/]|http://(localhost|127\.0\.0\.1)[:/]", url):
            flaws.append("ZOOM_SYNC_NOTIFY_URL has to begin with https://")
        if not settings.notify_secret.get_secret_value():
            flaws.append("ZOOM_SYNC_NOTIFY_URL needs ZOOM_SYNC_NOTIFY_SECRET beside it, which signs what is sent")
    if not all(re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", address) for address in settings.service_addresses):
        flaws.append("ZOOM_SYNC_NOTIFY_ADDRESSES holds something that is not an address such as slack://…")
    return [Problem(flaw) for flaw in flaws]


def heartbeat_flaws(settings: Settings) -> list[Problem]:
    """What is wrong with the address of the heartbeat; nothing where none is set."""
    url = settings.heartbeat_url.get_secret_value()
    if not url or re.match(r"https?://[^/]", url):
        return []
    return [Problem("ZOOM_SYNC_HEARTBEAT_URL has to begin with https:// or http://")]


def network_flaws(settings: Settings) -> list[Problem]:
    """What is wrong with the connection out of this machine: a proxy without an address, an unreadable bundle."""
    flaws = []
    proxy = settings.https_proxy.get_secret_value()
    if proxy and not re.match(r"https?://[^/]", proxy):
        flaws.append(Problem("HTTPS_PROXY has to begin with http:// or https://"))
    if settings.ca_bundle:
        try:
            ssl.create_default_context(cafile=settings.ca_bundle)
        except (OSError, ssl.SSLError) as error:
            why = error.strerror or type(error).__name__
            flaws.append(Problem(f"ZOOM_SYNC_CA_BUNDLE is not a readable file of certificates: {why}"))
    return flaws


def way_of(settings: Settings) -> Way:
    """The way out of this machine. Raises ConfigurationError where it cannot be used."""
    if flaws := network_flaws(settings):
        raise ConfigurationError("the connection out of this machine is not set up correctly", flaws)
    direct = tuple(filter(None, (name.strip() for name in settings.no_proxy.split(","))))
    return Way(
        settings.https_proxy.get_secret_value(), direct, Path(settings.ca_bundle) if settings.ca_bundle else None
    )


def require_credentials(settings: Settings) -> None:
    """Raise ConfigurationError that names every missing credential, or where they would go to two places."""
    values = {
        "ZOOM_ACCOUNT_ID": settings.zoom_account_id,
        "ZOOM_CLIENT_ID": settings.zoom_client_id,
        "ZOOM_CLIENT_SECRET": settings.zoom_client_secret.get_secret_value(),
    }
    missing = [Problem(f"{name} is not set") for name, value in values.items() if not value]
    if missing:
        raise ConfigurationError(
            "Zoom's credentials are missing; they stand on the page of your Server-to-Server OAuth app", missing
        )
    if is_zoom(settings.zoom_api_url) != is_zoom(settings.zoom_oauth_url):
        raise ConfigurationError(
            "one of ZOOM_API_URL and ZOOM_OAUTH_URL is Zoom's own and the other is not: "
            "that one would be sent what is Zoom's; set both or neither"
        )


def notetakers_of(settings: Settings) -> frozenset[str]:
    """The names and domains of `ZOOM_SYNC_NOTETAKERS`."""
    return frozenset(name for part in settings.notetakers.split(",") if (name := part.strip()))


def staff_of(settings: Settings) -> frozenset[str]:
    """The addresses and domains of `ZOOM_SYNC_STAFF`; a domain may be written with or without an @ before it."""
    return frozenset(name.removeprefix("@") for part in settings.staff.split(",") if (name := part.strip()))

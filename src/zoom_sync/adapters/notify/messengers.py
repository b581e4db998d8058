"""Notifications to messengers and other services, each an address that Apprise knows: Slack, Matrix and the like.

https://github.com/caronc/apprise/wiki has the addresses. Apprise bounds its waits for each byte only, so a call as a
whole is bounded here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zoom_sync.adapters.notify.wording import body, headline
from zoom_sync.domain.notices import Digest
from zoom_sync.errors import ConfigurationError, NotSent, Problem

if TYPE_CHECKING:
    import apprise

WHOLE_SECONDS = 60.0  # for all services together


@dataclass(frozen=True, slots=True)
class Messengers:
    """The `Channel` to services, which hold keys and are shown nowhere.

    What one service takes is sent, whatever the others do: it fails only where none takes it.
    """

    services: Sequence[apprise.NotifyBase] = field(repr=False)
    language: str
    name: str = "messengers"
    seconds: float = WHOLE_SECONDS

    def check(self) -> str:
        """The services cannot be tried without sending something to them."""
        return f"{_named(self.services)}: `zoom-sync notify --test` sends something there"

    def send(self, digest: Digest) -> str:
        title, text = f"[zoom_sync] {headline(digest, self.language)}", body(digest, self.language)
        took: list[apprise.NotifyBase] = []

        def call() -> None:
            took.extend(service for service in self.services if _takes(service, title, text))

        # In a thread that is not waited for any longer: a service that dribbles holds up nothing else.
        thread = threading.Thread(target=call, daemon=True, name="notifying services")
        thread.start()
        thread.join(self.seconds)
        accepted = tuple(took)
        if not accepted:
            advice = "see that the addresses are right, and the way to them open"
            raise NotSent(f"{_named(self.services)}: no service took it; {advice}")
        return f"{len(accepted)} of {len(self.services)} service(s): {_named(accepted)}"


def services_at(addresses: Sequence[str]) -> list[apprise.NotifyBase]:
    """The services that the addresses mean. Raises ConfigurationError where Apprise does not know one."""
    import apprise  # noqa: PLC0415 - slow to import, and needed only where an address is set

    # What it logs holds keys and what is sent.
    logging.getLogger("apprise").disabled = True
    asset = apprise.AppriseAsset(
        app_id="zoom_sync", app_desc="zoom_sync", async_mode=False, secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )  # fmt: skip
    services = [apprise.Apprise.instantiate(address, asset=asset) for address in addresses]
    if unknown := ", ".join(str(number) for number, service in enumerate(services, 1) if service is None):
        flaw = Problem(f"ZOOM_SYNC_NOTIFY_ADDRESSES: Apprise does not know address {unknown} of {len(addresses)}")
        raise ConfigurationError("notifications are not set up correctly", [flaw])
    return [service for service in services if service is not None]


def _takes(service: apprise.NotifyBase, title: str, text: str) -> bool:
    try:
        return bool(service.notify(body=text, title=title))
    except Exception:  # noqa: BLE001 - each of some hundred services has errors of its own; their texts may hold keys
        return False


def _named(services: Iterable[apprise.NotifyBase]) -> str:
    return ", ".join(dict.fromkeys(str(service.service_name) for service in services))

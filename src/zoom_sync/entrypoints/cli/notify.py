"""`notify`: what people would be told now, and a test of how they are told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import open_parts

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts


def add_to(app: typer.Typer) -> None:
    app.command()(notify)


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a test message by every way that is set.")] = False,
) -> None:
    """Show what people have to know now, told before or not; with --test, try out how they are told.

    `serve` and the workers send it by themselves: by mail (ZOOM_SYNC_NOTIFY_MAIL_TO) and as a signed webhook
    (ZOOM_SYNC_NOTIFY_URL), what is new in one message. Nothing is sent while neither is set.

    Example: zoom-sync notify --test
    """
    parts = open_parts()
    if test:
        raise typer.Exit(0 if _send_test(parts) else 1)
    _show(parts)


def _send_test(parts: Parts) -> bool:
    """Try every channel; answers whether all went well."""
    from zoom_sync.domain.notices import Digest
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.errors import ConfigurationError, NotSent

    if not parts.channels:
        raise ConfigurationError("nobody is set to be notified: set ZOOM_SYNC_NOTIFY_MAIL_TO or ZOOM_SYNC_NOTIFY_URL")
    well = True
    for channel in parts.channels:
        try:
            show.say(f"ok   {channel.name}: sent to {channel.send(Digest((), test=True))}")
        except NotSent as error:
            show.say(f"FAIL {channel.name}: {error}")
            well = False
    return well


def _show(parts: Parts) -> None:
    from datetime import timedelta

    from zoom_sync.adapters.notify.wording import body
    from zoom_sync.domain.notices import Memory, digest_of
    from zoom_sync.service_layer.noticing import notices_of

    now = parts.retention_time()
    noticing = parts.noticing()
    notices = [notice for outlook in parts.schedule.outlooks() for notice in notices_of(noticing, outlook, now)]
    digest = digest_of(notices, frozenset(), Memory(), now, timedelta())
    if digest is None:
        sys.stderr.write("there is nothing to notify anybody of\n")
    else:
        typer.echo(body(digest, parts.settings.notify_language), nl=False)
    if not parts.channels:
        sys.stderr.write("note: nobody is notified: neither ZOOM_SYNC_NOTIFY_MAIL_TO nor ZOOM_SYNC_NOTIFY_URL is set\n")

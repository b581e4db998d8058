"""`backup` and `restore`: the whole store as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zoom_sync.entrypoints.cli.session import open_parts


def add_to(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    output: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it takes an older one's place.")],
) -> None:
    """Write the whole store to one file, as it is at this moment. Work may go on meanwhile.

    It holds all that the store holds: keep it where nobody else reads. Values that are encrypted stay so; the key is
    not in it.

    Example: zoom-sync backup /var/backups/zoom_sync.zip
    """
    from datetime import UTC, datetime

    from zoom_sync.adapters.store.backup import write_backup
    from zoom_sync.bootstrap import USER_AGENT
    from zoom_sync.entrypoints.cli.files import replacing

    database = open_parts().database
    with replacing(output) as out:
        counts = write_backup(database, out, USER_AGENT, datetime.now(UTC))
    typer.echo(f"{output}: {sum(counts.values())} rows of {len(counts)} tables")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What `zoom-sync backup` wrote.")],
) -> None:
    """Put a backup into an empty store, and bring its schema up to date. SQLite and PostgreSQL take each other's.

    Where to is what DATABASE_URL names; a store that holds anything is left alone.

    Example: zoom-sync restore /var/backups/zoom_sync.zip
    """
    from zoom_sync.adapters.store.backup import restore_backup
    from zoom_sync.adapters.store.database import Database
    from zoom_sync.errors import UserError

    parts = open_parts()
    try:
        with source.open("rb") as opened:
            counts = restore_backup(Database(parts.settings.database_url.get_secret_value()), opened)
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error.strerror or error}") from None
    typer.echo(f"{sum(counts.values())} rows of {len(counts)} tables restored; next: zoom-sync status")

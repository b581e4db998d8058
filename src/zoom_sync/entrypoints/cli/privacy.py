"""`privacy`: one person's data, what is past its time, and the keys that the store is encrypted with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.session import (
    Format,
    FormatOption,
    confirm,
    numbered,
    open_parts,
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from zoom_sync.domain.retention import Due
    from zoom_sync.service_layer.privacy import Sought

privacy = typer.Typer(help="A person's data, what is past its time, and encryption.", no_args_is_help=True)

PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="An e-mail address, a registrant's or participant's id, or a name.")
]
ByOption = Annotated[
    str | None, typer.Option("--by", metavar="email|id|name", help="What PERSON is; found out if not given.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
NameTooOption = Annotated[
    bool, typer.Option("--name-too", help="Take entries with the same name and neither e-mail nor id as the person's.")
]

LikelyTooOption = Annotated[
    bool,
    typer.Option(
        "--likely-too",
        help="Take what is only likely the person's, too: by the name alone, or by a link or account that others used.",
    ),
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(privacy, name="privacy")


@privacy.command()
def export(
    person: PersonArgument,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - for standard output.")],
    by: ByOption = None,
    name_too: NameTooOption = False,
    likely_too: LikelyTooOption = False,
    yes: YesOption = False,
) -> None:
    """Write everything that is stored of one person, over all tables and raw rows, as one JSON file.

    By a name it may be several people's, so you are asked first.

    Example: zoom-sync privacy export ann@example.org -o ann.json
    """
    from zoom_sync.entrypoints.cli.files import writing_to
    from zoom_sync.service_layer.privacy import export_person

    parts = open_parts()
    sought = _seek(parts, person, by, name_too=name_too, likely_too=likely_too)
    if sought.unsure and not yes:
        confirm("Export it all the same?", "name the person by e-mail or id, or give --yes", lambda: _warn(sought))
    told = export_person(parts.people, sought, parts.clock.now())
    with writing_to(output) as out:
        out.write((json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n").encode(errors="replace"))
    rows = sum(map(len, told["tables"].values()))
    typer.echo(f"{output}: {rows} entries" if rows else f"nothing is stored of {person}", err=True)
    _say_namesakes(sought)


@privacy.command()
def erase(
    person: PersonArgument,
    by: ByOption = None,
    name_too: NameTooOption = False,
    likely_too: LikelyTooOption = False,
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be erased.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Erase one person from all tables and raw rows, for good: collecting again does not bring the person back.

    Lines are not removed but become those of somebody "erased", without e-mail and ids, so that all totals stay
    right. Questions that the person asked and answers that the person gave lose their text. What others wrote about
    the person is not recognised. Files that were downloaded already are not reached, nor are backups and Zoom itself.

    Example: zoom-sync privacy erase ann@example.org --yes
    """
    from zoom_sync.service_layer.privacy import NOT_REACHED, erase_person

    parts = open_parts()
    sought = _seek(parts, person, by, name_too=name_too, likely_too=likely_too)
    done = None
    if not dry_run:
        if not yes:
            confirm(
                "Erase it? It cannot be undone.", "look at it with --dry-run, then give --yes", lambda: _show(sought)
            )
        with progress_bar() as bar:
            task = bar.add_task("erasing", total=None)
            done = erase_person(
                parts.people, sought, parts.clock.now(), lambda table: bar.update(task, description=table)
            )
    if form is Format.JSON:
        write_json(_erased_json(sought, done, NOT_REACHED))
        return
    _show(sought) if done is None else _show_erased(sought, done)
    for words in NOT_REACHED:
        typer.echo(f"note: {words}", err=True)


@privacy.command()
def purge(
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what is past its time.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Remove what is past its time: ZOOM_SYNC_KEEP_RAW_DAYS, ..._REPORT_DAYS, ..._RUN_DAYS. The schedule does it daily.

    What was removed is not fetched from Zoom again.

    Example: zoom-sync privacy purge --dry-run
    """
    from functools import partial

    from zoom_sync.service_layer.privacy import due_for_purge, purge_due
    from zoom_sync.service_layer.summary import keep_figures

    parts = open_parts()
    days, now = parts.settings.keep_days, parts.retention_time()
    due = due_for_purge(parts.purging, days, now)
    gone: list[Due] = []
    if due and not dry_run:
        if not yes:
            confirm("Remove it? It cannot be undone.", "look at it with --dry-run, then give --yes", lambda: _list(due))
        with progress_bar() as bar:
            task = bar.add_task("purging", total=sum(one.rows for one in due))
            keep = partial(keep_figures, parts.programmes, parts.reports)
            gone = purge_due(parts.purging, days, now, lambda rows: bar.advance(task, rows), keep)
    if form is Format.JSON:
        kept = {str(kind): count or None for kind, count in days.items()}
        write_json(
            {"keep_days": kept, "due": [_due_json(one) for one in due], "purged": [_due_json(one) for one in gone]}
        )
        return
    _list(gone or due, form)
    if gone:
        typer.echo(f"{numbered(sum(one.rows for one in gone), 'row')} removed", err=True)


@privacy.command()
def key() -> None:
    """Make a key for ZOOM_SYNC_ENCRYPTION_KEY. Keep it apart from the database: without it nothing can be read.

    Example: zoom-sync privacy key
    """
    from zoom_sync.adapters.store.sealing import new_key

    typer.echo(new_key())


@privacy.command()
def rekey() -> None:
    """Encrypt everything with the first key of ZOOM_SYNC_ENCRYPTION_KEY: after a key was set, or a new one put first.

    Goes on where it was interrupted. Once it is through, the other keys are needed no more.

    Example: zoom-sync privacy rekey
    """
    parts = open_parts()
    with progress_bar() as bar:
        task = bar.add_task("encrypting", total=sum(parts.rekeying.left().values()))
        done = parts.rekeying.rekey(lambda rows: bar.advance(task, rows))
    first = parts.database.seal.first
    typer.echo(f"{done} rows encrypted with key {first}" if done else f"every row is under key {first} already")


def _seek(parts: Any, person: str, by: str | None, *, name_too: bool, likely_too: bool) -> Sought:
    from zoom_sync.domain.privacy import Known
    from zoom_sync.entrypoints.cli.session import check_choice
    from zoom_sync.service_layer.privacy import seek

    if by is not None:
        check_choice(by, Known, "--by")
    return seek(parts.people, person, None if by is None else Known(by), name_too=name_too, likely_too=likely_too)


def _warn(sought: Sought) -> None:
    words = f"{sought.told!r} is taken as a name, and names are not unique: this may be several people"
    if sought.known == "id":
        words = f"the id {sought.told!r} was used by several people, or by nobody who is known by more"
    typer.echo(words, err=True)


def _say_namesakes(sought: Sought) -> None:
    if sought.found.namesakes:
        typer.echo(
            f"note: {sought.found.namesakes} more entries bear the same name and neither e-mail nor id; they may be of "
            "somebody else, and are left alone without --name-too",
            err=True,
        )
    for table, entries in sought.found.likely.items():
        typer.echo(
            f"note: {table}: {entries} entries are only likely of {sought.told}, and left alone without --likely-too",
            err=True,
        )
    for email in sorted(sought.found.others):
        typer.echo(
            f"note: {email} used the same link or account, and is taken for somebody else; name that address as well "
            "if it is the same person's",
            err=True,
        )


def _show(sought: Sought) -> None:
    """What is stored of a person, before it is erased."""
    found = sought.found
    if sought.unsure:
        _warn(sought)
    erasable = {table: rows for table, rows in found.rows.items() if table not in found.kept}
    if not erasable:
        typer.echo(f"nothing is stored of {sought.told} that could be erased")
    for table, rows in erasable.items():
        typer.echo(f"{table}: {rows} rows")
    _say_kept(sought)
    _say_namesakes(sought)


def _show_erased(sought: Sought, done: Any) -> None:
    if not done:
        typer.echo(f"nothing is left of {sought.told}")
    for table, rows in done.items():
        typer.echo(f"{table}: erased from {numbered(rows, 'row')}")
    _say_kept(sought)
    _say_namesakes(sought)


def _say_kept(sought: Sought) -> None:
    for table, because in sought.found.kept.items():
        typer.echo(f"note: {table}: {sought.found.rows[table]} rows are kept; {because}", err=True)


def _erased_json(sought: Sought, done: Any, notes: tuple[str, ...]) -> dict[str, Any]:
    found = sought.found
    return {
        "person": sought.told,
        "known_by": str(sought.known),
        "found": {table: rows for table, rows in found.rows.items() if table not in found.kept},
        "erased": None if done is None else dict(done),
        "kept": {table: {"rows": found.rows[table], "because": words} for table, words in found.kept.items()},
        "namesakes": found.namesakes,
        "likely": dict(found.likely),
        "others_on_the_same_link": sorted(found.others),
        "notes": list(notes),
    }


def _list(due: Any, form: Format = Format.TEXT) -> None:
    from zoom_sync.entrypoints.cli import show

    if not due:
        typer.echo("nothing is past its time")
        return
    rows = [[str(d.kind), d.event, d.session, str(d.rows), f"{d.ended_at:%Y-%m-%d}"] for d in due]
    show.table(form, ["what", "event", "session", "rows", "ended"], rows)


def _due_json(due: Due) -> dict[str, Any]:
    return {
        "kind": str(due.kind),
        "event": due.event or None,
        "session": due.session or None,
        "rows": due.rows,
        "ended_at": due.ended_at.isoformat() if due.ended_at else None,
    }

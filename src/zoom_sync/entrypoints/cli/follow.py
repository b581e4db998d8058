"""`follow`: which event follows which source; and `load --follow`, which binds one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.session import EventOption, Format, FormatOption, choose_event, open_parts, write_json

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.following import Binding
    from zoom_sync.entrypoints.cli.sources import Asked

Follow = Annotated[
    bool,
    typer.Option("--follow", help="From now on the schedule reads this source again and again: see `follow --help`."),
]
WriteBack = Annotated[
    bool,
    typer.Option(
        "--write-back", help="With --follow: IDs, links and passcodes are written back into the source by themselves."
    ),
]
Every = Annotated[
    float | None,
    typer.Option("--every", metavar="MINUTES", min=0.1, help="With --follow: read it this often at least."),
]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Events that follow their sources: `load SOURCE --follow` binds one, and `serve` or the workers then read"
        " it again by themselves, more often near a session. What changed there goes the way of `load`. A source that"
        " is away, broken or suddenly empty changes nothing and is told.",
        no_args_is_help=True,
    )
    group.command("list")(list_)
    group.command()(now)
    group.command()(end)
    app.add_typer(group, name="follow")


def list_(form: FormatOption = Format.TEXT) -> None:
    """Which event follows which source, when it was read and changed last, and what is wrong with it.

    Example: zoom-sync follow list
    """
    parts = open_parts()
    found = parts.bindings.all()
    if form is Format.JSON:
        write_json([binding_json(binding) for binding in found])
        return
    for binding in found:
        typer.echo(f"{binding.event or '(not read yet)'} follows {binding.source}{_how(binding)}")
        typer.echo(f"  read {_when(binding.seen.read_at)}, changed {_when(binding.seen.changed_at)}")
        if binding.seen.trouble:
            typer.echo(f"  nothing is taken from it since {_when(binding.seen.trouble_since)}: {binding.seen.trouble}")
        if binding.write_back:
            typer.echo(f"  written back {_when(binding.seen.written_at)}")
        if binding.seen.unwritten:
            typer.echo(f"  not written back: {binding.seen.unwritten}")
    if not found:
        typer.echo("no event follows a source; `zoom-sync load SOURCE --follow` binds one")


def now(event: EventOption = None) -> None:
    """Read the source of an event now, and write back what is to be; exits 1 if it cannot be used.

    Example: zoom-sync follow now --event urban-2023
    """
    from zoom_sync.entrypoints.following import following_of
    from zoom_sync.service_layer.archived import refuse_archived
    from zoom_sync.service_layer.following import follow_one, give_back, keep_configured

    parts = open_parts()
    following = following_of(parts)
    keep_configured(following)
    bound = _of(parts, event)
    refuse_archived(parts.programmes, bound.event or "")
    changed = follow_one(following, bound, by_name=True)
    give_back(following, bound.id)
    seen = next(binding for binding in parts.bindings.all() if binding.id == bound.id).seen
    if seen.trouble or seen.unwritten:
        sys.stderr.write(f"zoom-sync: {seen.trouble or seen.unwritten}\n")
        raise typer.Exit(1)
    typer.echo(f"{bound.source}: {'its programme is stored again' if changed else 'nothing new'}")


def end(event: EventOption = None) -> None:
    """Let an event follow its source no longer; event, meetings and source stay as they are.

    Example: zoom-sync follow end --event urban-2023
    """
    from zoom_sync.errors import ConfigurationError

    parts = open_parts()
    bound = _of(parts, event)
    if bound.configured and parts.settings.source:
        raise ConfigurationError(f"{bound.source} stands in the settings (ZOOM_SYNC_SOURCE): take it out there")
    parts.bindings.end(bound.id)
    typer.echo(f"{bound.event or bound.source} follows {bound.source} no longer")


def bind(parts: Parts, asked: Asked, event: str, *, write_back: bool, every: float | None) -> None:
    """Let an event follow the source that was just loaded."""
    from zoom_sync.entrypoints.following import binding_of

    parts.bindings.bind(binding_of(asked.spec().anywhere(), event, write_back=write_back, every=every))
    written = ", and meetings are written back into it" if write_back else ""
    typer.echo(f"event {event} follows this source from now on{written}: `serve` or the workers read it", err=True)


def check(asked: Asked, *, follow: bool, write_back: bool, every: float | None) -> None:
    """Raises BadParameter where what was asked for cannot be."""
    from zoom_sync.entrypoints.following import CANNOT, takes_back

    if not follow and (write_back or every is not None):
        raise typer.BadParameter("this needs --follow", param_hint="--write-back" if write_back else "--every")
    if follow and asked.source == "-":
        raise typer.BadParameter("standard input cannot be read again: name a file, an address or a mapping")
    if write_back and not takes_back(asked.opened()):
        raise typer.BadParameter(CANNOT, param_hint="--write-back")


def binding_json(binding: Binding) -> dict[str, Any]:
    """A binding as JSON, without what may be secret."""
    seen = binding.seen
    moments = {"read_at": seen.read_at, "changed_at": seen.changed_at, "trouble_since": seen.trouble_since,
               "written_at": seen.written_at}  # fmt: skip
    return {
        "event": binding.event,
        "source": binding.source,
        "write_back": binding.write_back,
        "configured": binding.configured,
        "trouble": seen.trouble or None,
        "unwritten": seen.unwritten or None,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _of(parts: Parts, event: str | None) -> Binding:
    """The binding that is meant. Raises NotInStore, BadParameter."""
    from zoom_sync.errors import NotInStore

    found = parts.bindings.all()
    if event is None and len(found) == 1:
        return found[0]
    key = choose_event(parts, event)
    bound = next((binding for binding in found if binding.event == key), None)
    if bound is None:
        raise NotInStore(f"event {key!r} follows no source; `zoom-sync load SOURCE --follow` binds one")
    return bound


def _how(binding: Binding) -> str:
    texts = [", written back" if binding.write_back else "", ", as the settings say" if binding.configured else ""]
    return "".join(texts)


def _when(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"

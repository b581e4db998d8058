"""`instances`: when the meetings were held, and which of these times are the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import EventOption, Format, FormatOption, choose_event, open_parts, write_json

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.instances import Held

COMPUTED = "computed"


def add_to(app: typer.Typer) -> None:
    app.command()(instances)


def instances(
    session: Annotated[
        str | None, typer.Argument(metavar="[SESSION]", help="A session's key; all if not named.")
    ] = None,
    say: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="UUID=PLACE",
            help="Say what an instance is: own, rehearsal, stray, other, or computed to withdraw it; several times.",
        ),
    ] = None,
    event: EventOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """When the meetings were held, as far as it was seen, and which of these times count as the session.

    What is said with --set wins over what is computed, survives collecting again, and is written to the audit log.

    Example: zoom-sync instances seminar-1 --set 4444AAAiAAAAAiAiAiiAii===rehearsal
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.instances import held_json

    if say and session is None:
        raise typer.BadParameter("name the session that the instance is set for", param_hint="--set")
    parts = open_parts()
    chosen = choose_event(parts, event)
    for text in say or ():
        _say(parts, chosen, str(session), text)
    held = parts.reports.instances(chosen, session)
    if form is Format.JSON:
        write_json({"event": chosen, "instances": [held_json(one) for one in held]})
    elif not held:
        show.say("no instance was seen yet; collect looks for them: zoom-sync collect")
    else:
        headers = ["session", "start (UTC)", "end (UTC)", "is", "people", "said by", "uuid"]
        show.table(form, headers, [_row(one) for one in held])


def _row(held: Held) -> list[str]:
    what = f"{held.counts_as} ({held.of})" if held.of and not held.chosen else str(held.counts_as)
    times = [f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in (held.start, held.end)]
    return [held.key, *times, what, "" if held.people is None else str(held.people), held.chosen_by, held.uuid]


def _say(parts: Parts, event: str, key: str, text: str) -> None:
    from zoom_sync.domain.access import AuditEntry
    from zoom_sync.service_layer.instances import CHOICES, say_what_it_is

    uuid, sign, word = text.rpartition("=")
    places = {str(place): place for place in CHOICES}
    if not sign or not uuid or word not in {*places, COMPUTED}:
        known = ", ".join([*places, COMPUTED])
        raise typer.BadParameter(f"{text!r} is not UUID=PLACE with one of {known}", param_hint="--set")
    say_what_it_is(parts.collecting(), event, key, uuid, places.get(word), "command line")
    access = parts.access()
    access.audit.write(AuditEntry(access.now(), "command line", "instance", event, key, f"{word} {uuid[:12]}"))

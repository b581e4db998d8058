"""`collect`, `report` and `publish`: after the event, and the announcement before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.event_files import bundle, summary, tell_of_file, write_attendance_book
from zoom_sync.entrypoints.cli.listed import ANNOUNCEMENT_FORMATS, REPORT_FORMATS, ListsFormats
from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    Spreadsheet,
    check_choice,
    choose_event,
    chosen_spreadsheet,
    numbered,
    open_parts,
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts

Sessions = Annotated[
    list[str] | None, typer.Argument(metavar="[SESSION]...", help="Session keys; all if none is named.")
]


def add_to(app: typer.Typer) -> None:
    app.command()(collect)
    app.add_typer(report, name="report")
    app.command(cls=ListsFormats)(publish)


def collect(
    sessions: Sessions = None,
    event: EventOption = None,
    queue: Annotated[bool, typer.Option("--queue", help="Hand it to the workers.")] = False,
    form: FormatOption = Format.TEXT,
    merge_only: Annotated[
        bool, typer.Option("--merge-only", help="Rebuild the lines from the stored rows; Zoom is not asked.")
    ] = False,
) -> None:
    """Fetch the reports of sessions that are over: all that are due, or those named. Again never doubles anything.

    Example: zoom-sync collect seminar-1
    """
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.collect import collect_event
    from zoom_sync.service_layer.status import collected_json

    if merge_only and queue:
        raise typer.BadParameter("--merge-only is done at once, without workers; leave one of the two out")
    parts = open_parts()
    chosen = choose_event(parts, event)
    if merge_only:
        _merge(parts, chosen, sessions or [], form)
        return
    if queue:
        _queue(parts, chosen, sessions or [], form)
        return
    with progress_bar() as bar:
        task = bar.add_task("collecting", total=None)
        states = collect_event(parts.collecting(), chosen, sessions or [], lambda _key, _states: bar.advance(task))
    if form is Format.JSON:
        write_json({"event": chosen, "collected": [collected_json(state) for state in states]})
    else:
        show.collected(states, form)
    raise typer.Exit(1 if any(state.state == "failed" for state in states) else 0)


def _merge(parts: Parts, event: str, keys: list[str], form: Format) -> None:
    """Merge the named sessions anew, or all that have a meeting: after a change of the programme or of a setting."""
    from zoom_sync.service_layer.collect import remerge

    linked = parts.links.known(event, "").links
    chosen = keys or [
        session.key for session in parts.programmes.programme(event).sessions if session.meeting_key in linked
    ]
    for key in chosen:
        remerge(parts.collecting(), event, key)
    if form is Format.JSON:
        write_json({"event": event, "merged": chosen})
    else:
        typer.echo(f"{len(chosen)} session(s) merged again")


def _queue(parts: Parts, event: str, keys: list[str], form: Format) -> None:
    from zoom_sync.entrypoints import tasks

    run = tasks.hand_out_collection(parts, event, keys)
    if form is Format.JSON:
        write_json({"run": run})
    elif run is None:
        typer.echo("no report is due")
    else:
        typer.echo(f"run {run} is with the workers; follow it: zoom-sync runs {run} --follow")


report = typer.Typer(
    help="Write a report: attendance, people, questions, polls, registrations, absentees, items.", no_args_is_help=True
)
report.command()(summary)
report.command("all", cls=ListsFormats)(bundle)

FileFormat = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar=REPORT_FORMATS,
        help="csv-excel: for spreadsheets, in the language of --spreadsheet-language.",
    ),
]
Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - for standard output.")]
Pseudonymise = Annotated[
    bool,
    typer.Option(
        "--pseudonymise",
        help="Made-up names and e-mails, stable within the event; e-mails and phone numbers in texts masked.",
    ),
]


@report.command(cls=ListsFormats)
def attendance(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """Who came: one line per person and session. As xlsx, several sessions are a sheet each, after one of figures.

    Example: zoom-sync report attendance seminar-1 -f csv -o seminar-1.csv
    """
    from zoom_sync.adapters.exports.tables import ATTENDANCE
    from zoom_sync.service_layer.collect import attendance_of

    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    if form != "xlsx" or not write_attendance_book(
        wanted.parts, wanted.event, wanted.keys, output, pseudonymise=pseudonymise
    ):
        wanted.write(ATTENDANCE, attendance_of)


@report.command(cls=ListsFormats)
def questions(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    unanswered_first: Annotated[
        bool, typer.Option("--unanswered-first", help="Within each session, what waits for an answer comes first.")
    ] = False,
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """What was asked and answered, and during which agenda item.

    Example: zoom-sync report questions -f json -o questions.json
    """
    from functools import partial

    from zoom_sync.adapters.exports.tables import QUESTIONS
    from zoom_sync.service_layer.collect import questions_of

    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    wanted.write(QUESTIONS, partial(questions_of, waiting_first=unanswered_first))


@report.command(cls=ListsFormats)
def polls(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    counts: Annotated[bool, typer.Option("--counts", help="How many gave each answer, instead of who did.")] = False,
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """What people answered to polls and surveys: one line per person and question, or per answer with --counts.

    Example: zoom-sync report polls --counts -o polls.csv
    """
    from zoom_sync.adapters.exports.tables import POLL_COUNTS, POLLS
    from zoom_sync.service_layer.collect import poll_counts_of, polls_of

    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    if counts:
        wanted.write(POLL_COUNTS, poll_counts_of)
    else:
        wanted.write(POLLS, polls_of)


@report.command(cls=ListsFormats)
def registrations(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """Who registered and came, registered and did not come, or came unregistered.

    Example: zoom-sync report registrations seminar-1 -o registrations.csv
    """
    from zoom_sync.adapters.exports.tables import REGISTRATIONS
    from zoom_sync.service_layer.collect import registrations_of

    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    wanted.write(REGISTRATIONS, registrations_of)


@report.command(cls=ListsFormats)
def people(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """Everybody over the whole event: one line per person, with minutes per session, questions and registration.

    Example: zoom-sync report people -f xlsx -o people.xlsx
    """
    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    wanted.write_people()


@report.command(cls=ListsFormats)
def absentees(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """Who registered and did not come, for a mail to them.

    Example: zoom-sync report absentees seminar-1 -o absentees.csv
    """
    from zoom_sync.adapters.exports.tables import ABSENTEES
    from zoom_sync.service_layer.collect import absentees_of

    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    wanted.write(ABSENTEES, absentees_of)


@report.command(cls=ListsFormats)
def items(
    sessions: Sessions = None,
    event: EventOption = None,
    form: FileFormat = "csv",
    output: Output = "-",
    counts: Annotated[bool, typer.Option("--counts", help="How many heard each item, instead of who did.")] = False,
    pseudonymise: Pseudonymise = False,
    spreadsheet: Spreadsheet = None,
) -> None:
    """Who heard which agenda item: one line per person and item, or per item with --counts.

    Where the programme does not tell an item's time, the session is divided evenly, and the line says so.

    Example: zoom-sync report items --counts -o items.csv
    """
    from functools import partial

    from zoom_sync.adapters.exports.tables import ITEM_AUDIENCE, ITEMS
    from zoom_sync.service_layer.collect import audience_of, items_of

    wanted = _Wanted(open_parts(), event, sessions, form, output, spreadsheet, pseudonymise=pseudonymise)
    if counts:
        wanted.write(ITEM_AUDIENCE, audience_of)
    else:
        wanted.write(ITEMS, partial(items_of, least_share=wanted.parts.settings.attended_share))


class _Wanted:
    """A report as it was asked for."""

    def __init__(
        self,
        parts: Parts,
        event: str | None,
        sessions: list[str] | None,
        form: str,
        output: str,
        spreadsheet: str | None,
        *,
        pseudonymise: bool,
    ) -> None:
        """Raises BadParameter for a format that there is not, NotInStore for an unknown event."""
        from zoom_sync.adapters.exports.writing import WRITERS

        check_choice(form, WRITERS, "--format")
        self._spreadsheet = chosen_spreadsheet(spreadsheet, [form])
        self.parts = parts
        self.event = choose_event(parts, event)
        self.keys = sessions or []
        self._form = form
        self._output = output
        self._pseudonymise = pseudonymise

    def write(self, table: Any, lines_of: Callable[..., Any]) -> None:
        """Write what `lines_of` hands out of the store's reports, whole or not at all; say what is not complete yet."""
        from zoom_sync.adapters.exports.writing import writer_of
        from zoom_sync.domain.publication import ReportRow
        from zoom_sync.entrypoints.cli.files import writing_to
        from zoom_sync.service_layer.privacy import pseudonymised

        lines = lines_of(self.parts.programmes, self.parts.reports, self.event, self.keys)
        lines = pseudonymised(self.parts.people, self.event, lines) if self._pseudonymise else lines
        rows = (ReportRow(session.key, session.timezone, line) for session, line in lines)
        writer = writer_of(self._form, self._spreadsheet)
        with writing_to(self._output, binary=writer.suffix if writer.binary else None) as out:
            count = writer.write(table, rows, out)
        tell_of_file(self.parts, self.event, self._output, numbered(count, "row"))

    def write_people(self) -> None:
        """Write the people over the event, whole or not at all; say what is not complete yet."""
        from zoom_sync.adapters.exports.writing import writer_of
        from zoom_sync.entrypoints.cli.files import writing_to
        from zoom_sync.entrypoints.event_files import write_people

        writer = writer_of(self._form)
        with writing_to(self._output, binary=writer.suffix if writer.binary else None) as out:
            count = write_people(
                self.parts,
                self.event,
                self.keys,
                self._form,
                out,
                pseudonymise=self._pseudonymise,
                spreadsheet=self._spreadsheet,
            )
        tell_of_file(self.parts, self.event, self._output, f"{count} people")


def publish(
    form: Annotated[
        list[str] | None,
        typer.Option(
            "-f",
            "--format",
            metavar=ANNOUNCEMENT_FORMATS,
            help="May be given several times; all if not.",
        ),
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write into.")] = "out",
    public: Annotated[
        bool, typer.Option("--public", help="Show passcodes and links to everybody, with QR codes.")
    ] = False,
    language: Annotated[str, typer.Option("--language", metavar="en|zh", help="The language it is written in.")] = "en",
    zone: Annotated[
        list[str] | None,
        typer.Option("--zone", metavar="ZONE", help="Show the times in this zone too; may be given up to three times."),
    ] = None,
    event: EventOption = None,
) -> None:
    """Write the announcement. Passcodes, join links and QR codes are in it only with --public.

    Templates in the config folder's `templates` win over the built-in ones.

    Example: zoom-sync publish -f html -f ics -o out --public --zone America/New_York
    """
    from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
    from zoom_sync.domain.publication import Language, further_zones
    from zoom_sync.entrypoints.cli.announcement import write_announcements
    from zoom_sync.errors import UserError

    for each in form or ():
        check_choice(each, ANNOUNCEMENT_WRITERS, "--format")
    check_choice(language, Language, "--language")
    try:
        zones = further_zones(zone or ())
    except UserError as error:
        raise typer.BadParameter("; ".join(map(str, error.problems)), param_hint="--zone") from None
    parts = open_parts()
    text = choose_event(parts, event)
    for path in write_announcements(
        parts, text, form or [], Path(output), public=public, language=Language(language), zones=zones
    ):
        typer.echo(str(path))

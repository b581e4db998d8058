"""`demo`: the whole story on the local simulator, offline: from the announcement to the attendance report.

The simulator runs as a process of its own and is talked to over HTTP by the same client as Zoom; the only calls that a
real account has no counterpart for are the ones that let time pass and people come.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.session import Format

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.programme import Session

BEGIN = "2023-11-01T00:00:00Z"  # some days before the first evening
ZONE = "Asia/Shanghai"
AUDIENCE = 120
BLOCKS = " ▁▂▃▄▅▆▇█"


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder to write into.")] = Path(
        "out"
    ),
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same evening.")] = 7,
) -> None:
    """The whole story on a local Zoom, offline, in under a minute: announcement, meetings, evenings, reports.

    Example: zoom-sync demo --output out
    """
    with _simulator(seed) as environment:
        _prepare(output)
        parts = _parts(environment, output)
        control = environment["ZOOM_API_URL"].removesuffix("/v2") + "/_simulator"
        event = _read(parts)
        _make_meetings(parts, event)
        _show_meetings(parts, event, output)
        _let_evenings_pass(parts, event, control)
        parts = _parts(environment, output)  # days later: another process, which has to ask for the time
        _heading(6, "Reports are collected: right after the last evening, and an hour later")
        _collect(parts, event)
        _an_hour_later(control)
        parts = _parts(environment, output)
        _collect(parts, event)
        _write_reports(parts, event, output)
        _farewell(control, output)


@contextmanager
def _simulator(seed: int) -> Iterator[dict[str, str]]:
    """A simulator process for the time of the block; answers the environment that it prints."""
    command = [sys.executable, "-m", "zoom_sync.simulator", "--port", "0", "--seed", str(seed), "--start", BEGIN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _prepare(output: Path) -> None:
    """An empty store, and nothing of this machine's own settings. Raises UserError for a folder that cannot be used."""
    from zoom_sync.errors import UserError
    from zoom_sync.observability import configure_logging

    try:
        output.mkdir(parents=True, exist_ok=True)
        for old in output.glob("demo.db*"):
            old.unlink()
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror or error}") from None
    for name in [name for name in os.environ if name.startswith(("ZOOM_", "REDIS_", "DATABASE_"))]:
        del os.environ[name]
    os.environ["ZOOM_SYNC_CONFIG"] = str(output / "no-config")
    configure_logging("error", "text")


def _parts(environment: dict[str, str], output: Path) -> Parts:
    """Parts that know the simulator and a store of their own."""
    from zoom_sync.bootstrap import Parts
    from zoom_sync.settings import Settings

    database = f"sqlite:///{output / 'demo.db'}"
    return Parts(Settings(_env_file=None, **environment, DATABASE_URL=database))  # type: ignore[call-arg, arg-type]  # aliases


def _heading(number: int, text: str) -> None:
    from rich.text import Text

    from zoom_sync.entrypoints.cli import show

    console = show.console()
    console.print()
    console.print(Text(f"{number}. {text}", style="bold"))


def _read(parts: Parts) -> str:
    from importlib.resources import files

    from zoom_sync.adapters.sources import read_programme
    from zoom_sync.entrypoints.cli import show

    _heading(1, "The announcement of the seminar is read")
    text = files("zoom_sync.samples").joinpath("announcement.txt").read_bytes()
    reading = read_programme(text, name="announcement.txt", timezone=ZONE, event_key="urban-2023")
    show.reading(reading, Format.TEXT)
    programme = reading.require()
    for session in programme.sessions:
        show.say(f"{session.key}: " + "; ".join(item.presenter for item in session.items))
    parts.programmes.save(programme, parts.reader.server_time())
    return programme.event.key


def _make_meetings(parts: Parts, event: str) -> None:
    from zoom_sync.domain.plan import Policy
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.apply import carry_out, start_run
    from zoom_sync.service_layer.sync import plan_event

    _heading(2, "The plan: what has to change on Zoom")
    # The announcement names meetings of the account that held the seminar; this one has none of them.
    planned = plan_event(parts.planning(), event, Policy(allow_replace=True))
    show.plan(planned, Format.TEXT)
    _heading(3, f"The plan {planned.plan.digest} is carried out")
    run = start_run(parts.applying(), planned.plan)
    carry_out(parts.applying(), run, lambda _progress: None, lambda _until, _items: None)
    show.applied(planned.plan, parts.runs.items(run))
    again = plan_event(parts.planning(), event, Policy())
    show.say(f"planned again: {len(again.plan.changes)} changes, {again.plan.unchanged} unchanged")


def _show_meetings(parts: Parts, event: str, output: Path) -> None:
    from zoom_sync.adapters.exports import qr
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.entrypoints.cli.announcement import write_announcements
    from zoom_sync.service_layer.status import status_of

    _heading(4, "The meetings, with IDs, passcodes, links and QR codes")
    event_status = status_of(parts.programmes, parts.links, parts.reports, event)
    files = list(write_announcements(parts, event, [], output, public=True))
    for session_status in event_status.sessions:
        assert session_status.link is not None
        show.say(f"{show.when(session_status.session)}  {session_status.session.title}")
        show.say(
            f"    meeting {session_status.link.meeting_id}  passcode {session_status.link.passcode.value}"
            f"  {session_status.link.join_url}"
        )
        show.say(f"    QR code: {output / session_status.session.key}.png")
    first = event_status.sessions[0].link
    assert first is not None
    show.say()
    show.say(qr.terminal(first.join_url).rstrip("\n"))
    show.say(f"{len(files)} files written: the announcement in every format, and the QR codes")


def _let_evenings_pass(parts: Parts, event: str, control: str) -> None:
    import requests

    from zoom_sync.entrypoints.cli import show

    _heading(5, "The evenings pass: people come, ask, lose their connection, and leave")
    known = parts.links.known(event, "")
    for session in parts.programmes.programme(event).sessions:
        meeting = known.links[session.meeting_key].meeting_id
        body = {"audience": AUDIENCE, "questions": 8, "polls": 2}
        answer = requests.post(f"{control}/meetings/{meeting}/run", json=body, timeout=60)
        answer.raise_for_status()
        value = answer.json()
        show.say(
            f"{session.key}: {value['people']} people, {value['participants']} stays, {value['questions']} questions"
        )


def _collect(parts: Parts, event: str) -> None:
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.collect import collect_event

    show.say(f"it is {parts.reader.server_time():%Y-%m-%d %H:%M} UTC:")
    show.collected(collect_event(parts.collecting(), event, [], lambda _key, _states: None))


def _an_hour_later(control: str) -> None:
    import requests

    requests.post(f"{control}/clock", json={"advance": 3600}, timeout=10).raise_for_status()


def _write_reports(parts: Parts, event: str, output: Path) -> None:
    from zoom_sync.adapters.exports.tables import ATTENDANCE, QUESTIONS
    from zoom_sync.adapters.exports.writing import write_table
    from zoom_sync.domain.publication import ReportRow
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.entrypoints.cli.files import replacing
    from zoom_sync.entrypoints.event_files import write_book, write_page
    from zoom_sync.service_layer.collect import attendance_of, questions_of

    _heading(7, "The audience of each evening, and the top of each report")
    for session in parts.programmes.programme(event).sessions:
        _show_curve(parts, event, session)
    _show_polls(parts, event)
    for form in ("csv", "json"):
        people = attendance_of(parts.programmes, parts.reports, event, ())
        asked = questions_of(parts.programmes, parts.reports, event, ())
        with replacing(output / f"attendance.{form}") as out:
            write_table(form, ATTENDANCE, (ReportRow(s.key, s.timezone, attendee) for s, attendee in people), out)
        with replacing(output / f"questions.{form}") as out:
            write_table(form, QUESTIONS, (ReportRow(s.key, s.timezone, question) for s, question in asked), out)
    with replacing(output / "attendance.xlsx") as out:
        write_book(parts, event, (), out)
    with replacing(output / "summary.html") as out:
        write_page(parts, event, (), "en", out)
    for name, columns in (("attendance.csv", 8), ("questions.csv", 6)):
        show.say()
        show.say(f"{output / name}:")
        show.table(Format.TEXT, *_top(output / name, columns))


def _show_curve(parts: Parts, event: str, session: Session) -> None:
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.audience import audience_of

    curve = audience_of(parts.reports, event, session)
    peak = max(curve.peak, 1)
    bars = "".join(BLOCKS[round(count / peak * (len(BLOCKS) - 1))] for count in curve.minutes)
    stay = curve.median_stay / 60
    show.say(
        f"{session.key} {session.start:%H:%M} {bars} {session.end:%H:%M}  peak {curve.peak}, median stay {stay:.0f} min"
    )


def _show_polls(parts: Parts, event: str) -> None:
    """One line for the first poll of the first evening, where anybody answered."""
    from zoom_sync.domain.polls import count_answers
    from zoom_sync.entrypoints.cli import show

    first = parts.programmes.programme(event).sessions[0].key
    for question in count_answers(parts.reports.polls(event, first))[:1]:
        text = ", ".join(f"{choice_count.choice} {choice_count.share:.0%}" for choice_count in question.choices)
        show.say(f"{first} poll: {question.question} {text} (of {question.people} people)")


def _top(path: Path, columns: int) -> tuple[Sequence[str], list[list[str]]]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row[:columns] for _, row in zip(range(6), csv.reader(lines), strict=False)]
    return rows[0], rows[1:]


def _farewell(control: str, output: Path) -> None:
    import requests

    from zoom_sync.entrypoints.cli import show

    _heading(8, "What it cost, what was written, and how to do it with your own account")
    journal: list[dict[str, Any]] = requests.get(f"{control}/journal", timeout=10).json()["requests"]
    counts: dict[str, int] = {}
    for call in journal:
        what = call.get("operation") or "token"
        counts[what] = counts.get(what, 0) + 1
    show.say("calls: " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    for path in sorted(output.iterdir()):
        if not path.name.startswith("demo.db"):
            show.say(f"    {path}")
    show.say(OWN_ACCOUNT)
    if shutil.which("zoom-sync") is None:
        show.say(f"The commands lie in {Path(sys.executable).parent}, which is not on your PATH yet.")


OWN_ACCOUNT = """
With your own Zoom account: make a Server-to-Server OAuth app in the Zoom App Marketplace, then
    export ZOOM_ACCOUNT_ID=… ZOOM_CLIENT_ID=… ZOOM_CLIENT_SECRET=…
    zoom-sync doctor                       # are credentials, scopes and hosts right?
    zoom-sync check programme.yaml         # is the programme right?
    zoom-sync load programme.yaml
    zoom-sync plan                         # what would be done?
    zoom-sync apply                        # do it
    zoom-sync publish --public -o out      # the announcement
    zoom-sync collect                      # after the event
    zoom-sync report attendance -o attendance.csv
    zoom-sync serve                        # all of it by itself, with pages for your staff"""

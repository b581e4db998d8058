"""How results look to people: tables for a terminal, the same as Markdown for a comment or a mail."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.control import strip_control_codes
from rich.table import Table
from rich.text import Text

from zoom_sync.domain.delivery import Heard, Live
from zoom_sync.domain.drift import Drift, Treatment
from zoom_sync.domain.health import Deed, Finding, Health
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import RECURRENCE, FieldChange, clip
from zoom_sync.domain.overview import Waiting
from zoom_sync.domain.plan import Action, Change, HeldBack, Plan, change_json, drift_json, standing_notes
from zoom_sync.domain.plan.values import value_json
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Collected
from zoom_sync.domain.rhythm import rhythm
from zoom_sync.domain.run import ItemState, Run, RunItem
from zoom_sync.entrypoints.cli.session import Format, numbered
from zoom_sync.entrypoints.cli.status_lines import status_lines
from zoom_sync.service_layer.orphans import Orphan
from zoom_sync.service_layer.status import EventStatus
from zoom_sync.service_layer.sync import Planned

if TYPE_CHECKING:  # all source formats come with it
    from zoom_sync.adapters.sources import Reading

SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.ADOPT: "&",
    Action.MOVE: ">",
    Action.REPLACE: "±",
    Action.DELETE: "-",
}
FIRST = 5  # so many of what is held back as one are shown
WIDE = 160  # where nobody watches, lines are not broken to a terminal's width


def console() -> Console:
    """Standard output; plain text where it is no terminal."""
    terminal = sys.stdout.isatty()
    return Console(file=sys.stdout, width=None if terminal else WIDE, highlight=False, markup=False, emoji=False)


def table(form: Format, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in the chosen form."""
    if form is Format.MARKDOWN:
        lines = [headers, ["---"] * len(headers), *rows]
        for line in lines:
            sys.stdout.write("| " + " | ".join(_markdown(cell) for cell in line) + " |\n")
        return
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        drawn.add_column(header, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console().print(drawn)


def _markdown(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")


def say(text: str = "") -> None:
    """A line of the result; never broken, whatever the width."""
    sys.stdout.write(f"{strip_control_codes(text)}\n")


def when(session: Session) -> str:
    """A session's time with its offset: `2023-11-09 21:00-22:30 +08:00`."""
    offset = session.start.isoformat()[-6:]
    return f"{session.start:%Y-%m-%d %H:%M}-{session.end:%H:%M} {offset}"


# --- check ---------------------------------------------------------------------------------------------------------


def reading(read: Reading, form: Format) -> None:
    """A programme as it was read, or all its problems."""
    if read.programme is not None and not read.problems:
        sessions = read.programme.sessions
        items = sum(len(session.items) for session in sessions)
        say(f"{read.programme.event.title} ({read.programme.event.key}, {read.programme.event.timezone})")
        table(form, ["session", "time", "minutes", "title", "items", "meeting"], map(_session_row, sessions))
        say(f"{numbered(len(sessions), 'session')}, {numbered(items, 'agenda item')}, no problems")
    for note in read.notes:
        say(f"note: {note}")
    for problem in read.problems:
        say(f"problem: {problem}")
    if read.problems:
        say(f"{len(read.problems)} problem(s)")


def _session_row(session: Session) -> list[str]:
    known = session.known.meeting_id if session.known else ""
    return [session.key, when(session), str(session.minutes), session.title, str(len(session.items)), known]


# --- plan and apply ------------------------------------------------------------------------------------------------


def plan(planned: Planned, form: Format) -> None:
    """A plan as a readable difference, with what it costs and what is held back."""
    told = planned.plan
    heading = "### " if form is Format.MARKDOWN else ""
    say(f"{heading}Plan {told.digest} for event {told.event}")
    fence = "```diff" if form is Format.MARKDOWN else None
    if fence:
        say(fence)
    for one in told.changes:
        change(one, planned.hosts)
    _together(told)
    for held in told.held_back:
        if not held.together:
            _held(held, planned.hosts)
    for drift in told.drift:
        if drift.treatment is Treatment.KEEP:
            on_zoom = drift_json(drift)["on_zoom"]
            shown = _rhythm(on_zoom) if drift.name == RECURRENCE else on_zoom
            what = f"{drift.name} is {_short(shown)} on Zoom{_since(drift)}"
            say(f"= kept {drift.key} meeting {drift.meeting_id}: {what}")
    if fence:
        say("```")
    for note in told.notes:
        say(f"note: {note}")
    say(_summary(told, planned.hosts))


def change(change: Change, hosts: Any) -> None:
    """One change of a plan, with the fields that differ."""
    meeting = f" meeting {change.meeting_id}" if change.meeting_id else ""
    where = _host(change.host_id, hosts)
    say(f"{SIGNS[change.action]} {change.action} {change.key}{meeting} on {where}: {change.reason}")
    shown = change.fields
    if change.action is Action.CREATE:  # the profile's settings are the same for every session
        shown = tuple(field_change for field_change in shown if not field_change.name.startswith("settings."))
    for line in field_lines(shown):
        say(f"    {line}")
    for loss in change.losses:
        say(f"    ! {loss.told}, as --allow-loss {change.key} allows")


def field_lines(fields: Sequence[FieldChange]) -> list[str]:
    """Fields that change, a line each, without e-mail addresses."""
    shown = [(field.name, value_json(field.old), value_json(field.new)) for field in fields]
    return [_field(FieldChange(name, old, new)) for name, old, new in shown]


def _field(field_change: FieldChange) -> str:
    old, new = (
        (field_change.old, field_change.new)
        if field_change.name != RECURRENCE
        else (_rhythm(field_change.old), _rhythm(field_change.new))
    )
    return (
        f"{field_change.name}: {_short(new)}" if old is None else f"{field_change.name}: {_short(old)} => {_short(new)}"
    )


def _rhythm(recurrence: Any) -> Any:
    """How often a series is held, in words where there are any."""
    return (rhythm(recurrence) if isinstance(recurrence, Mapping) else None) or recurrence


def _short(value: Any) -> str:
    return clip(_told(value).replace("\n", " / "), 100)


def _told(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_told, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items())
    return str(value)


def _together(plan: Plan) -> None:
    """What is held back as one: mass change as one sentence, a freeze; with the first of it, and how it is done."""
    if plan.brake is not None and plan.brake.released:
        say(f"! mass change: {plan.brake.sentence}, as --allow-mass-change allows")
    if not plan.is_stopped:
        return
    together = [held.change for held in plan.held_back if held.together]
    needs = {f"--{part}" for held in plan.held_back if held.together for part in (held.needs or "--").split("--")[1:]}
    if plan.frozen_until is not None:
        say(f"! held back, the event is frozen until {_moment(plan.frozen_until)}")
        needs.add("--allow-frozen")
    if plan.brake is not None and plan.is_braked:
        say(f"! held back, mass change: {plan.brake.sentence}")
    for one in together[:FIRST]:
        say(f"    {SIGNS[one.action]} {one.action} {one.key}: {'; '.join(field_lines(one.fields)) or one.reason}")
    if len(together) > FIRST:
        say(f"    … and {len(together) - FIRST} more")
    say(f"    if it is meant: {' '.join(sorted({need.strip() for need in needs}))}")


def _held(held: HeldBack, hosts: Any) -> None:
    change = held.change
    where = f" on {_host(change.host_id, hosts)}" if change.host_id else ""
    say(f"! held back: {change.action} {change.key}{where}: {held.why} ({change.reason})")


def _since(drift: Drift) -> str:
    return f", since {_moment(drift.since)}" if drift.since else ""


def _host(host_id: str, hosts: Any) -> str:
    host: Host | None = hosts.get(host_id)
    return host.name if host else host_id or "no host"


def _summary(plan: Plan, hosts: Any) -> str:
    counts = [
        f"{count} to {action}"
        for action in Action
        if (count := sum(1 for change in plan.changes if change.action is action))
    ]
    what = ", ".join(counts) or "nothing to do"
    held = f", {len(plan.held_back)} held back" if plan.held_back else ""
    calls = ", ".join(f"{count} {label.lower()}" for label, count in plan.calls.items())
    writes = ", ".join(f"{_host(host, hosts)} {count}" for host, count in plan.writes_by_host.items())
    cost = f"\ncost: {calls} calls; of each host's 100 daily writes: {writes or 'none'}" if plan.changes else ""
    lists = ", ".join(f"{count} of {kind}" for kind, count in plan.lists.items())
    looked = f"\nread from Zoom for this plan: {lists}" if lists else ""
    return f"{what}{held}, {plan.unchanged} unchanged{cost}{looked}"


def applied_json(plan: Plan, items: Sequence[RunItem]) -> dict[str, Any]:
    """What `apply --format json` answers."""
    by_key = {(str(change.action), change.key): change_json(change) for change in plan.changes}
    return {
        "event": plan.event,
        "digest": plan.digest,
        "applied": [
            by_key.get((item.action, item.key), {}) | {"session": item.key, "note": item.reason}
            for item in items
            if item.state is ItemState.DONE
        ],
        "failed": [{"session": i.key, "reason": i.reason} for i in items if i.state is ItemState.FAILED],
        "skipped": [{"session": i.key, "reason": i.reason} for i in items if i.state is ItemState.SKIPPED]
        + [{"session": held.change.key, "reason": held.why} for held in plan.held_back],
    }


def applied(plan: Plan, items: Sequence[RunItem]) -> None:
    """What was done, what was not, and why."""
    _items(items)
    _together(plan)
    for held in plan.held_back:
        if not held.together:
            say(f"! held back: {held.change.action} {held.change.key}: {held.why}")
    counts = ", ".join(
        f"{sum(1 for i in items if i.state is state)} {state}" for state in ItemState if state != "waiting"
    )
    say(f"{counts}, {len(plan.held_back)} held back; see `zoom-sync status`" if items else "nothing to do")


def _items(items: Sequence[RunItem]) -> None:
    for item in items:
        reason = f": {item.reason}" if item.reason else ""
        say(f"{item.state:8} {item.action} {item.key}{reason}")


# --- status, runs, reports, orphans --------------------------------------------------------------------------------


def waiting(waitings: Sequence[Waiting]) -> None:
    """What waits for a person, before everything else."""
    for one in waitings:
        which = f"{one.count} sessions" if one.count > 1 else " ".join(filter(None, (one.key, one.title)))
        what = " ".join(filter(None, (str(one.kind).replace("_", " "), one.what if one.what != one.kind else "")))
        say(f"! waits for you: {': '.join(filter(None, (f'{what} {which}'.strip(), str(one.why))))}")


def status(event_status: EventStatus, form: Format, *, wide: bool = False) -> None:
    """Every session with its meeting and its reports, and what somebody edited on Zoom; `wide`: a line for each."""
    say(f"{event_status.event.title} ({event_status.event.key})")
    if form is Format.TEXT and not wide:
        for line in status_lines(event_status.sessions):
            say(line)
    else:
        _status_table(event_status, form)
    for drift in (drift for session in event_status.sessions for drift in session.drift):
        say(f"edited on Zoom: {drift.key} {drift.name}{_since(drift)} ({drift.treatment})")
    for session_status in event_status.sessions:
        for note in standing_notes(session_status.link) if session_status.link else ():
            say(f"{session_status.session.key}: {note}")
    for note in event_status.notes:
        say(f"note: {note}")


def _status_table(event_status: EventStatus, form: Format) -> None:
    rows = [
        [
            session_status.session.key,
            when(session_status.session),
            session_status.state,
            session_status.host_name,
            session_status.link.meeting_id if session_status.link else "",
            session_status.link.passcode.value if session_status.link else "",
            session_status.link.join_url if session_status.link else "",
            _moment(session_status.link.synced_at) if session_status.link else "",
            _report_states(session_status.reports.values()),
        ]
        for session_status in event_status.sessions
    ]
    headers = ["session", "time", "state", "host", "meeting", "passcode", "link", "last sync", "reports"]
    if form is Format.MARKDOWN:
        table(form, headers, rows)
        return
    widths = [max(cell_len(row[place]) for row in [headers, *rows]) for place in range(len(headers))]
    for row in [headers, *rows]:
        say("  ".join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def warnings(textses: Mapping[str, Sequence[str]]) -> None:
    """What endangers sessions to come."""
    for note in (note for notes in textses.values() for note in notes):
        say(f"take care: {note}")


def _report_states(reports: Iterable[Collected]) -> str:
    """The reports by their state: `complete: participants, polls; none: questions`."""
    by_state: dict[str, list[str]] = {}
    for report in reports:
        count = f" {report.rows} of {report.total}" if report.state == "partial" and report.total else ""
        by_state.setdefault(str(report.state), []).append(report.kind + count)
    return "; ".join(f"{state}: {', '.join(kinds)}" for state, kinds in by_state.items())


def work(health: Health, present: Sequence[Finding], now: datetime) -> None:
    """Whether the work is done, and by whom; nothing where no process was ever started for it."""
    for finding in present:
        say(f"! {finding.text}")
        say(f"  to do: {finding.advice}")
    for process in health.processes:
        seen = "alive" if process.is_alive(now) else f"last seen {_moment(process.seen_at)}"
        say(f"{process.part} {process.name}: {seen}, since {_moment(process.since)}, version {process.version}")
    values = {Deed.SIGN_IN: "last token", Deed.TICK: "last look at what is due"}
    last = [f"{name} {_moment(done)}" for deed, name in values.items() if (done := health.record(deed).done_at)]
    if last:
        say(", ".join(last))


def webhooks(live: Mapping[str, Live], heard: Heard) -> None:
    """Who is live, and what came by webhook; nothing where nothing ever came."""
    for key, one in live.items():
        since = f" since {_moment(one.since)}" if one.since else ""
        say(f"live{since}: {key}, {one.present} there")
    if heard.counts:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in heard.counts.items())
        say(f"webhooks: {counts}; latest {_moment(heard.latest) or 'none'}")


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"


def runs(latest: Sequence[Run], form: Format) -> None:
    """The latest runs."""
    if not latest:
        say("no run yet")
        return
    rows = [
        [str(r.id), r.event, r.kind, _moment(r.started), _moment(r.finished) or "under way", _counts(r)] for r in latest
    ]
    table(form, ["run", "event", "what", "started", "finished", "items"], rows)


def _counts(run: Run) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(run.counts.items())) or "nothing to do"


def run(found: Run, items: Sequence[RunItem]) -> None:
    """One run with its items."""
    say(f"run {found.id}: {found.kind} of {found.event}, {_counts(found)}, {_moment(found.finished) or 'under way'}")
    _items(items)


def collected(states: Sequence[Collected], form: Format = Format.TEXT) -> None:
    """How complete each report is."""
    if not states:
        say("no report is due")
        return
    alike: dict[tuple[str, ...], list[Collected]] = {}
    for one in states:
        # What is there stands for itself; what is not shares a line.
        alike.setdefault((one.key, str(one.state), one.kind if one.rows else ""), []).append(one)
    lines = [
        [
            key,
            ", ".join(report.kind for report in reports),
            state,
            f"{reports[0].rows}" + (f" of {reports[0].total}" if reports[0].total else ""),
            "; ".join(dict.fromkeys(report.reason for report in reports if report.reason)),
        ]
        for (key, state, _), reports in alike.items()
    ]
    table(form, ["session", "report", "state", "rows", "why"], lines)


def orphans(found: Sequence[Orphan], form: Format = Format.TEXT) -> None:
    """Meetings that are linked to nothing."""
    if not found:
        say("no orphans: every meeting that looks like ours is linked")
        return
    rows = [
        [o.meeting.meeting_id, o.host.name, _moment(o.meeting.start), o.meeting.topic, o.event, o.session, o.why]
        for o in found
    ]
    table(form, ["meeting", "host", "start", "title", "event", "session", "why"], rows)

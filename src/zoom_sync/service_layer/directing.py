"""What staff do while an event runs. Each act is in the audit log with who did it, before Zoom is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.access import AuditEntry
from zoom_sync.domain.adjusting import SETTING, TIME, said
from zoom_sync.domain.consent import waits
from zoom_sync.domain.directing import LATEST, Move, StartLink, crossing, later
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Policy
from zoom_sync.domain.programme import Session
from zoom_sync.errors import StoreConflict, UserError
from zoom_sync.service_layer.adjusting import Adjusting, Edit, edit
from zoom_sync.service_layer.apply import Applying, start_run
from zoom_sync.service_layer.archived import refuse_archived
from zoom_sync.service_layer.ports.access import AuditStore
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.zoom import ZoomDirecting
from zoom_sync.service_layer.sync import Planning, plan_event


@dataclass(frozen=True, slots=True)
class Directing:
    """What it needs. `now` is this machine's clock, for the audit log; `who` does it."""

    programmes: ProgrammeStore
    links: LinkStore
    zoom: ZoomDirecting
    planning: Planning
    applying: Applying
    audit: AuditStore
    now: Callable[[], datetime]
    who: str


def start_link(directing: Directing, event: str, key: str) -> StartLink:
    """What opens the session's meeting as its host, asked of Zoom now. Raises NotInStore, UserError, ZoomError."""
    link = _link(directing, event, key)
    _note(directing, "start link", event, key)
    return directing.zoom.start_link(link.meeting_id, link.kind)


def end_session(directing: Directing, event: str, key: str) -> None:
    """End the session's meeting for everybody in it. Raises NotInStore, UserError, ZoomError."""
    link = _link(directing, event, key)
    _note(directing, "session ended", event, key)
    directing.zoom.end(link.meeting_id, link.kind)


@dataclass(frozen=True, slots=True)
class Lateness:
    """What a delay would do. `mark` stands for exactly this: what was seen is what is done."""

    moves: tuple[Move, ...]
    crossed: tuple[Session, ...]
    mark: str


def lateness(directing: Directing, event: str, key: str, minutes: int, *, following: bool) -> Lateness:
    """What it would do to begin so many minutes later than the programme says now. Raises NotInStore, UserError."""
    programme = directing.programmes.programme(event)
    directing.programmes.session(event, key)
    by = timedelta(minutes=minutes)
    if not timedelta() < by <= LATEST:
        raise UserError(Phrase("a delay is between 1 and {most} minutes", most=int(LATEST.total_seconds() // 60)))
    now = directing.planning.reader.server_time()
    moves = later(programme, key, by, following=following, now=now)
    if not moves:
        raise UserError(Phrase("the session has ended, and is not moved any more"))
    text = "|".join(f"{move.before.key} {move.before.start.astimezone(UTC)} {move.after.start}" for move in moves)
    return Lateness(moves, crossing(programme, moves), hashlib.sha256(text.encode()).hexdigest()[:16])


def move_later(directing: Directing, event: str, key: str, minutes: int, mark: str, *, following: bool) -> int | None:
    """Move them, and commit a run that moves their meetings; None where nothing is to be sent, or approval comes first.

    Pages, announcements and calendars tell the new times at once.

    Raises:
        NotInStore, UserError: as `lateness`. StoreConflict: it would now do something else than was seen.
        ZoomError: the plan could not be made; the programme is moved, and the next plan moves the meetings.
    """
    refuse_archived(directing.programmes, event)
    seen = lateness(directing, event, key, minutes, following=following)
    if seen.mark != mark:
        raise StoreConflict(Phrase("the programme has changed since this was shown; look at it again"))
    _note(directing, "began later", event, key, f"+{minutes} min, {len(seen.moves)}")
    return _adjust(directing, event, [(move.after.key, TIME, said(move.after, TIME)) for move in seen.moves])


def share_hosting(directing: Directing, event: str, key: str, email: str) -> int | None:
    """Let another user of the account start the session, too; its link stays. Raises NotInStore, UserError, ZoomError.

    Zoom calls him an alternative host: https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0067027
    """
    users = directing.planning.reader.users()
    host = next((user for user in users if user.email.casefold() == email.strip().casefold()), None)
    if host is None:
        raise UserError(Phrase("nobody on the account has that address"))
    if not host.licensed:
        raise UserError(Phrase("this user has no licence, and Zoom lets only licensed users be alternative hosts"))
    session = directing.programmes.session(event, key)
    there = [part.strip() for part in str(session.settings.get("alternative_hosts") or "").split(";") if part.strip()]
    if host.email.casefold() not in {text.casefold() for text in there}:
        there.append(host.email)
    return _with_settings(directing, event, key, "host added", alternative_hosts=";".join(there))


def open_room(directing: Directing, event: str, key: str) -> int | None:
    """No waiting room, and nobody waits for the host. Raises NotInStore, ZoomError."""
    return _with_settings(directing, event, key, "room opened", waiting_room=False, join_before_host=True)


def _with_settings(directing: Directing, event: str, key: str, what: str, **settings: object) -> int | None:
    refuse_archived(directing.programmes, event)
    owner = directing.programmes.session(event, key).meeting_key
    _note(directing, what, event, key)
    return _adjust(directing, event, [(owner, f"{SETTING}{name}", value) for name, value in settings.items()])


def _adjust(directing: Directing, event: str, edits: Sequence[Edit]) -> int | None:
    """Keep the edits, and commit the part of the plan that is about these sessions' meetings.

    None where nothing is to be sent, or nothing is sent before a person has approved it, as of this event.
    """
    adjusting = Adjusting(directing.programmes, directing.audit, directing.now, directing.who)
    programme = edit(adjusting, event, edits)
    planning = directing.planning
    if waits(planning.changes_of(programme.event), planning.consent(event)):
        return None
    edited = {key for key, *_ in edits}
    keys = {session.meeting_key for session in programme.sessions if session.key in edited}
    plan = plan_event(planning, event, Policy(), deep=True).plan
    ours = tuple(change for change in plan.changes if change.key in keys)
    return start_run(directing.applying, replace(plan, changes=ours)) if ours else None


def _link(directing: Directing, event: str, key: str) -> Link:
    session = directing.programmes.session(event, key)
    link = directing.links.link(event, session.meeting_key)
    if link is None:
        raise UserError(Phrase("the session has no meeting yet"))
    return link


def _note(directing: Directing, what: str, event: str, key: str, form: str = "") -> None:
    directing.audit.write(AuditEntry(directing.now(), directing.who, what, event, key, form))

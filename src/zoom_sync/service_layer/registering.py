"""Registering people for a session: planning it, doing it, reading back how it stands, and deciding on single ones.

Nothing here has to be done exactly once. Zoom answers a repeated registration of an e-mail with the registrant that is
there (https://devforum.zoom.us/t/57798), so a crash between sending and saving, a lost answer, or two runs at once make
no double. What repeating does cost is one of three registrations a day of each person; so Zoom's lists are read before
anything is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import Link, addresses
from zoom_sync.domain.programme import Kind, RegistrationMode, Session
from zoom_sync.domain.registering import (
    ANYBODY,
    LISTED,
    Guest,
    Registrant,
    State,
    after_lists,
    approval_settings,
    by_key,
    folded,
    listed,
    mode_of,
    portions,
)
from zoom_sync.domain.registering.pushing import PushPlan, plan_push
from zoom_sync.errors import Problem, UserError, ZoomError
from zoom_sync.service_layer.archived import refuse_archived
from zoom_sync.service_layer.observe import hosts_of_account
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore, RegistrantStore
from zoom_sync.service_layer.ports.zoom import Clock, ZoomReader, ZoomRegistration
from zoom_sync.service_layer.sending import Sending, why

ROUNDS = 2  # how often people are sent whose answer was lost
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Registering:
    """What registering needs."""

    programmes: ProgrammeStore
    links: LinkStore
    store: RegistrantStore
    reader: ZoomReader
    zoom: ZoomRegistration
    clock: Clock


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one person: how it stands now, and what went wrong, if something did."""

    registrant: Registrant
    failed: str = ""


def prepare_push(registering: Registering, event: str, key: str, guests: Sequence[Guest], *, anew: bool) -> PushPlan:
    """What pushing these people would do. Reads Zoom, and writes nothing anywhere.

    Raises:
        NotInStore: there is no such session.
        UserError: it is over, has no meeting, takes no registrations, or not so many.
        ZoomError: Zoom could not be reached.
    """
    refuse_archived(registering.programmes, event)
    session = registering.programmes.session(event, key)
    now = registering.reader.server_time()
    link, mode = _open_for_registration(registering, event, session, now)
    users = hosts_of_account(registering.reader, registering.links, now)
    _need_licensed(link, users)
    known = after_lists(registering.store.registrants(event, key), _on_zoom(registering, link), link.meeting_id)
    return plan_push(key, link, mode, guests, known, _never(registering, link, users), anew=anew)


def push(registering: Registering, event: str, plan: PushPlan, tell: Tell = lambda _done: None) -> list[Result]:
    """Carry a plan out; `tell` is told how many people were dealt with. Answers those that the plan was about.

    What one portion meets does not stop the others, unless it is the whole meeting's or the account's.
    """
    texts = {registrant.key for registrant in (*plan.register, *plan.approve)}
    registering.store.save(event, plan.key, [*plan.known, *plan.register], registering.clock.now())
    kept = by_key(registering.store.registrants(event, plan.key))
    erased = [registrant for registrant in plan.register if registrant.key not in kept]
    todo = [registrant for registrant in plan.register if registrant.key in kept]
    sending = Sending(registering.store, registering.zoom, registering.clock, event, plan, tell)
    for _ in range(ROUNDS):
        sending.send(todo)
        known = _read_back(registering, event, plan.key, plan.link, just_sent=True)
        todo = [registrant for registrant in known if registrant.key in texts and registrant.state is State.SENT]
        if not todo or sending.stopped:
            break
    failed = _approve(registering, event, plan, [registrant for registrant in known if registrant.key in texts])
    found = [registrant for registrant in registering.store.registrants(event, plan.key) if registrant.key in texts]
    gone = "was erased here (`zoom-sync privacy erase`) and is not registered again"
    return [
        *(Result(registrant, failed.get(registrant.key) or _shortfall(registrant, plan.mode)) for registrant in found),
        *(Result(replace(registrant, state=State.REFUSED), gone) for registrant in erased),
    ]


def read_back(registering: Registering, event: str, key: str) -> list[Registrant]:
    """Everybody of a session as Zoom has it now, those who registered with Zoom themselves included.

    Raises NotInStore, ZoomError, and UserError where the session has no meeting.
    """
    session = registering.programmes.session(event, key)
    return _read_back(registering, event, key, _need_link(registering, event, session))


def decide(registering: Registering, event: str, key: str, action: str, emails: Sequence[str]) -> list[Result]:
    """Approve, deny or cancel people by their e-mails. Zoom's lists are read before and after: 204 proves nothing.

    Raises:
        UserError: somebody is not registered; then nobody is decided on, and all of them are told, by number.
        NotInStore, ZoomError: there is no such session; Zoom could not be reached.
    """
    link = _need_link(registering, event, registering.programmes.session(event, key))
    known = by_key(_read_back(registering, event, key, link))
    problems = [Problem(f"number {n}: nobody is registered with it") for n, email in enumerate(emails, 1)
                if folded(email) not in known]  # fmt: skip
    if problems:
        raise UserError(f"not all of these e-mails are registered for session {key!r}", problems)
    chosen = [known[fromkey] for fromkey in dict.fromkeys(map(folded, emails))]
    wished = DECIDED[action]
    waiting = [registrant for registrant in chosen if registrant.state in (State.WAITING, State.SENT, State.REFUSED)]
    if waiting and wished is State.CANCELLED:
        dropped = [replace(registrant, state=State.CANCELLED, reason="") for registrant in waiting]
        registering.store.save(event, key, dropped, registering.clock.now())
    done = [registrant for registrant in chosen if registrant.state is not wished and registrant not in waiting]
    failed = _set_status(registering, link, action, done)
    # A cancellation shows by being in no list; whoever was approved or denied must not seem gone where a list lags.
    after = by_key(_read_back(registering, event, key, link, just_sent=wished is not State.CANCELLED))
    results = [after.get(registrant.key, registrant) for registrant in chosen]
    return [Result(result, failed.get(result.key) or _not_done(result, wished)) for result in results]


def plan_json(event: str, plan: PushPlan) -> dict[str, Any]:
    """What a push would do, as JSON. It names people: it is the result, not a log."""
    return {
        "event": event,
        "session": plan.key,
        "registration": str(plan.mode),
        "register": [registrant.person.email for registrant in plan.register],
        "approve": [registrant.person.email for registrant in plan.approve],
        "already": plan.already,
        "left_out": [{"line": one.person.line, "email": one.person.email, "reason": one.why} for one in plan.left_out],
        "calls": plan.calls,
    }


def results_json(results: Iterable[Result]) -> list[dict[str, Any]]:
    """How it stands with each, as JSON, without links."""
    return [
        {
            "email": result.registrant.person.email,
            "name": result.registrant.person.name,
            "organisation": result.registrant.person.organisation,
            "state": str(result.registrant.state),
            "reason": result.failed or result.registrant.reason,
        }
        for result in results
    ]


DECIDED: Mapping[str, State] = {"approve": State.APPROVED, "deny": State.DENIED, "cancel": State.CANCELLED}


def _not_done(registrant: Registrant, wished: State) -> str:
    return "" if registrant.state is wished else f"is still {registrant.state} on Zoom"


def _shortfall(registrant: Registrant, mode: RegistrationMode) -> str:
    """What is wrong with how somebody stands after a push; empty where it is as it should be."""
    good = (State.APPROVED,) if mode is RegistrationMode.AUTOMATIC else (State.APPROVED, State.PENDING)
    if registrant.state in good:
        return ""
    if registrant.state is State.SENT:
        return "was sent and Zoom does not show it yet: push again"
    return registrant.reason or f"is {registrant.state}"


def _open_for_registration(
    registering: Registering, event: str, session: Session, now: datetime
) -> tuple[Link, RegistrationMode]:
    """The session's meeting, and who gets in. Raises UserError where nobody can be registered."""
    link = _need_link(registering, event, session)
    if session.end <= now:
        raise UserError(f"session {session.key!r} is over: nobody can be registered any more")
    approval = link.applied.settings.get("approval_type")
    owner = session if session.meeting_of is None else registering.programmes.session(event, session.meeting_key)
    value = approval_settings(owner.registration).get("approval_type", approval)
    mode = mode_of(owner.registration, value)
    if mode is RegistrationMode.NONE:
        advice = "write `registration: automatic` or `manual` into the programme, load it and apply"
        raise UserError(f"session {session.key!r} takes no registrations: {advice}")
    if approval != value:
        raise UserError(f"the meeting of session {session.key!r} is not set up for that yet: `zoom-sync apply` first")
    return link, mode


def _need_link(registering: Registering, event: str, session: Session) -> Link:
    link = registering.links.link(event, session.meeting_key)
    if link is None:
        raise UserError(f"session {session.key!r} has no meeting yet: `zoom-sync apply` makes it")
    return link


def _need_licensed(link: Link, users: Iterable[Host]) -> None:
    """Zoom says: "The host must be a Licensed user type", https://developers.zoom.us/docs/api/meetings/."""
    if any(user.id == link.host_id and not user.licensed for user in users):
        raise UserError("the meeting's host has no licence, and Zoom takes registrations only for licensed hosts")


def _never(registering: Registering, link: Link, users: Iterable[Host]) -> dict[str, str]:
    """Why some e-mails cannot be registered: Zoom answers 3027, and a batch with one of them is lost.

    https://github.com/indico/indico-plugins (vc_zoom), which filters hosts for that reason
    """
    named = {folded(address) for address in addresses(link.applied.settings.get("alternative_hosts"))}
    never = dict.fromkeys(named, "is an alternative host of the meeting and comes in without registering")
    for user in users:
        if named & {folded(user.id), folded(user.email)}:
            never[folded(user.email)] = "is an alternative host of the meeting and comes in without registering"
        if user.id == link.host_id:
            never[folded(user.email)] = "is the meeting's host and comes in without registering"
    if link.kind is Kind.WEBINAR:
        rows = registering.reader.panelists(link.meeting_id).rows
        never |= {
            folded(str(row.get("email"))): "is a panelist of the webinar and has a link of its own" for row in rows
        }
    return never


def _on_zoom(registering: Registering, link: Link) -> list[Registrant]:
    """Everybody in Zoom's lists, all pages of each. Where everybody is approved, nobody waits or is denied."""
    states = LISTED[:1] if link.applied.settings.get("approval_type") == ANYBODY else LISTED
    return [
        registrant
        for state in states
        for registrant in listed(
            registering.reader.registrants(link.meeting_id, link.kind, str(state)).rows, state, link.meeting_id
        )
    ]


def _read_back(
    registering: Registering, event: str, key: str, link: Link, *, just_sent: bool = False
) -> list[Registrant]:
    kept = registering.store.registrants(event, key)
    after = after_lists(kept, _on_zoom(registering, link), link.meeting_id, just_sent=just_sent)
    before = by_key(kept)
    changed = [registrant for registrant in after if before.get(registrant.key) != registrant]
    registering.store.save(event, key, changed, registering.clock.now())
    return list(registering.store.registrants(event, key))


def _approve(registering: Registering, event: str, plan: PushPlan, registrants: Sequence[Registrant]) -> dict[str, str]:
    """Approve who waits although it shall not: who had registered with Zoom before it was pushed, or was denied."""
    again = {registrant.key for registrant in plan.approve}
    automatic = plan.mode is RegistrationMode.AUTOMATIC
    waiting = [
        registrant
        for registrant in registrants
        if (registrant.state is State.DENIED and registrant.key in again)
        or (registrant.state is State.PENDING and (automatic or registrant.key in again))
    ]
    failed = _set_status(registering, plan.link, "approve", waiting)
    if waiting:
        _read_back(registering, event, plan.key, plan.link, just_sent=True)
    return failed


def _set_status(registering: Registering, link: Link, action: str, people: Sequence[Registrant]) -> dict[str, str]:
    """Decide on people; answers what went wrong, by their folded e-mails."""
    failed: dict[str, str] = {}
    for some in portions(people):
        try:
            registering.zoom.set_status(link.meeting_id, link.kind, action, some)
        except ZoomError as error:
            failed |= {registrant.key: why(error) for registrant in some}
    return failed

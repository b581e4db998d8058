"""Events follow their sources: each is read again at its own rhythm, and what came of it is written back.

A source that is away, broken or suddenly empty changes nothing, and is told. What it says otherwise goes the way that
`load` goes: where a person would be asked there, a person is asked here, by the same words. What then happens on Zoom
is the schedule's: with the same brake, and the same approval.

Whoever dies in the middle leaves a claim that ends by itself. What is going to be written back is committed before it
is, so that it is known again as ours whatever happened between.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from structlog.contextvars import bound_contextvars

from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.following import Binding, Seen, digest_of, reading_is_due, to_write, without_echo
from zoom_sync.domain.programme import Programme
from zoom_sync.domain.returning import Returned
from zoom_sync.errors import Problem, StoreUnavailable, UserError, ZoomSyncError
from zoom_sync.service_layer.loading import compare, put_in
from zoom_sync.service_layer.ports.events import ProgrammeStore
from zoom_sync.service_layer.ports.following import BindingStore, Place, Read
from zoom_sync.service_layer.ports.runs import ScheduleStore

# A place may take its time, and is asked for more than one thing.
LEASE = timedelta(minutes=5)
MOST_TOLD = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Following:
    """What following needs. `open_` opens the place of what was said of it, `wanted` is what an event tells back.

    `configured` is what the settings say is to be followed, as plain values with its name; None where they say nothing.
    """

    bindings: BindingStore
    programmes: ProgrammeStore
    schedule: ScheduleStore
    open_: Callable[[Mapping[str, Any]], Place]
    wanted: Callable[[str], Mapping[str, Returned]]
    rhythm: Rhythm
    now: Callable[[], datetime]
    configured: Binding | None = None


def follow_due(following: Following) -> list[str]:
    """Read the sources that are due, and write back what changed; answers the events whose programme is new.

    Nothing is read or written of an event that is archived or called off.

    Raises StoreUnavailable.
    """
    keep_configured(following)
    now, changed = following.now(), []
    spans = {outlook.event: outlook.spans for outlook in following.schedule.outlooks()}
    for binding in following.bindings.all():
        event = binding.event or ""
        if not binding.seen.is_free(now) or _rests(following, event):
            continue
        if reading_is_due(binding, spans.get(event, ()), following.rhythm, now) and follow_one(following, binding):
            changed.append(binding.event or "")
        else:
            give_back(following, binding.id)
    return changed


def follow_one(following: Following, binding: Binding, *, by_name: bool = False) -> bool:
    """Read one source now; answers whether its programme is new. What is wrong with it is kept and told.

    `by_name`: somebody wants it read, whatever the place says of itself.
    """
    now = following.now()
    until = now + LEASE
    if not following.bindings.claim(binding, until):
        return False
    with bound_contextvars(event_key=binding.event or binding.source):
        try:
            seen, changed = _read(following, binding, now, by_name=by_name)
        except StoreUnavailable:
            raise
        except ZoomSyncError as error:
            seen, changed = binding.seen.failed(_why(error), now), False
            log.warning("source_not_followed", extra={"source": binding.source, "reason": seen.trouble})
        following.bindings.seen(binding.id, until, replace(seen, claimed_until=None))
    return changed


def give_back(following: Following, number: int) -> bool:
    """Write back what is to be told of an event, if that was asked for and changed; answers whether anything was."""
    binding = next((one for one in following.bindings.all() if one.id == number), None)
    if binding is None or not binding.write_back or binding.event is None:
        return False
    earlier = following.bindings.earlier(binding.id)
    wanted = to_write(following.wanted(binding.event), earlier)
    digest = digest_of(wanted)
    now = following.now()
    until = now + LEASE
    if digest == binding.seen.written or not wanted or not following.bindings.claim(binding, until):
        return False
    try:
        seen = _write(following, binding, wanted, digest, now)
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        seen = replace(binding.seen, unwritten=_why(error))
        log.warning("not_written_back", extra={"source": binding.source, "reason": seen.unwritten})
    following.bindings.seen(binding.id, until, replace(seen, claimed_until=None))
    return True


def keep_configured(following: Following) -> None:
    """Have what the settings say is followed, and nothing else that they said before."""
    configured = following.configured
    there = [binding for binding in following.bindings.all() if binding.configured]
    for binding in there:
        if configured is None or (binding.spec, binding.write_back) != (configured.spec, configured.write_back):
            following.bindings.end(binding.id)
    if configured is not None and not any(
        (binding.spec, binding.write_back) == (configured.spec, configured.write_back) for binding in there
    ):
        following.bindings.bind(configured)


# --- one source ------------------------------------------------------------------------------------------------------


def _rests(following: Following, event: str) -> bool:
    return following.programmes.is_archived(event) or following.programmes.is_called_off(event)


def _read(following: Following, binding: Binding, now: datetime, *, by_name: bool) -> tuple[Seen, bool]:
    """What is seen, and whether the stored programme is another one now. Raises ZoomSyncError."""
    place, seen = following.open_(binding.spec), binding.seen
    state = place.state()
    known = bool(seen.digest) and not seen.trouble and not by_name
    if state is not None and state == seen.state and known and seen.digest:
        return seen.read(state, seen.digest, now, changed=False), False
    if not by_name and place.is_being_written():
        return replace(seen, claimed_until=None), False  # not yet: it is looked at again at the next tick
    data = place.fetch()
    digest = place.digest(data)
    if digest == seen.digest and known:
        return seen.read(state, digest, now, changed=False), False
    read = place.read(data)
    programme = _programme(read, binding)
    if binding.event is not None and programme.event.key != binding.event:
        programme = replace(programme, event=replace(programme.event, key=binding.event))
    programme = without_echo(programme, following.bindings.earlier(binding.id))
    changed = _load(following, programme, read.made_keys, now)
    if binding.event is None:
        following.bindings.belongs_to(binding.id, programme.event.key)
    # What is there is not what it was, so what we wrote may not be there any more.
    return replace(seen.read(state, digest, now, changed=changed), written=None), changed


def _programme(read: Read, binding: Binding) -> Programme:
    """Raises UserError where there is none, or where it suddenly holds nothing."""
    if read.programme is None or read.problems:
        raise UserError(_of_problems("the source cannot be read", read.problems), read.problems)
    if not read.programme.sessions and binding.event is not None:
        raise UserError("the source is suddenly empty: nothing is changed; load it by hand if that is meant")
    return read.programme


def _load(following: Following, programme: Programme, made_keys: Iterable[str], now: datetime) -> bool:
    """Store it as `load` does; answers whether anything is new. Raises UserError where a person has to decide."""
    compared = compare(following.programmes, programme, made_keys)
    if compared.is_needless:
        return False
    changed = compared.stored != compared.programme
    put_in(following.programmes, compared, now)
    return changed


def _write(following: Following, binding: Binding, wanted: Mapping[str, Returned], digest: str, now: datetime) -> Seen:
    """Raises ZoomSyncError."""
    programme = following.programmes.programme(binding.event or "")
    earlier = following.bindings.earlier(binding.id)
    following.bindings.about_to_write(binding.id, wanted)
    outcome = following.open_(binding.spec).write_back(programme, wanted, earlier)
    done = {key: wanted[key] for key in (*outcome.changed, *outcome.same)}
    following.bindings.wrote(binding.id, done)
    left = [*(f"session {key}: {why}" for key, why in outcome.kept),
            *(f"session {key} is not there" for key in outcome.missing)]  # fmt: skip
    return replace(binding.seen, written=digest, written_at=now, unwritten=_listed(left))


# --- words -----------------------------------------------------------------------------------------------------------


def _why(error: ZoomSyncError) -> str:
    if isinstance(error, UserError) and error.problems:
        return _of_problems(error.message, error.problems)
    return str(error)


def _of_problems(message: str, problems: Sequence[Problem]) -> str:
    return f"{message}: {_listed([str(problem) for problem in problems])}" if problems else message


def _listed(texts: Sequence[str]) -> str:
    more = f"; and {len(texts) - MOST_TOLD} more" if len(texts) > MOST_TOLD else ""
    return "; ".join(texts[:MOST_TOLD]) + more

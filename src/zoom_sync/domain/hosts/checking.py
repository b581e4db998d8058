"""Whether a host is what the pool takes him for: his licence, and what he holds already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoom_sync.domain.hosts.diary import Span, most_at_once
from zoom_sync.domain.hosts.pool import Host

GIVE = "give a licence in Zoom's admin pages, or change hosts.yaml"


@dataclass(frozen=True, slots=True)
class Licence:
    """What Zoom says of a user's licence. `webinar_capacity` is how many attendees his webinars take, 0 where untold.

    `hosting` is False where Zoom refused him meetings altogether. `meeting_capacity` is how many people his meetings
    let in, 0 where untold.
    """

    webinars: bool
    webinar_capacity: int = 0
    hosting: bool = True
    meeting_capacity: int = 0


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is not as it has to be, and what to do about it."""

    told: str
    advice: str


def licence_flaws(host: Host, user: Host | None, *, basic_expected: bool = False) -> Iterator[Flaw]:
    """What Zoom's list of users says against a host of the pool; `user` is he as Zoom has him, None if he is gone."""
    if user is None:
        yield Flaw(
            "no longer an active user of the account", "name another host for these sessions, and remove this one"
        )
        return
    if not user.licensed and not basic_expected:
        yield Flaw("Basic: Zoom ends the meetings after 40 minutes and makes no reports of them", GIVE)
    if host.capacity > user.capacity:
        what = f"hosts.yaml allows {host.capacity} meetings at once, the host's licence and plan {user.capacity}"
        yield Flaw(what, "lower `capacity` in hosts.yaml, or correct ZOOM_PLAN")


def webinar_flaws(host: Host, licence: Licence, seats: int = 0) -> Iterator[Flaw]:
    """What the licence says against webinars with this host, for at least `seats` people."""
    if not licence.webinars:
        yield Flaw("this host lacks Zoom's webinar add-on", GIVE)
        return
    number = max(seats, host.webinar_capacity or 0)
    if licence.webinar_capacity and number > licence.webinar_capacity:
        yield Flaw(f"this host's webinars take {licence.webinar_capacity} people, {number} are expected", GIVE)


def crowded(host: Host, spans: Sequence[Span]) -> Flaw | None:
    """Whether what he holds leaves no room for his buffers, or is more than he may hold at once."""
    if most_at_once(host.spell(*span) for span in spans) <= host.capacity:
        return None
    if most_at_once(spans) <= host.capacity:
        return Flaw(
            "this host's meetings follow one another more closely than the buffers allow",
            "lower the buffers in hosts.yaml",
        )
    return Flaw(f"this host has more than {host.capacity} meetings at once", "give one of them another host")

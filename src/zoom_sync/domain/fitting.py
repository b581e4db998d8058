"""Whether what sessions name is there: profiles and hosts. Told when a programme is read, and not by the plan later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.programme import Session
from zoom_sync.errors import Problem


def unknown_profiles(
    sessions: Sequence[Session], profiles: Collection[str], default: str, place: str
) -> Iterator[Problem]:
    """The sessions whose profile there is not, each with its line; once, that the default profile is not there.

    `place` is what messages call the profiles' file.
    """
    known = ", ".join(sorted(profiles))
    if default not in profiles and any(session.profile is None for session in sessions):
        yield Problem(f"the default profile {default!r} is not in {place}; it has: {known}")
    for session in sessions:
        if session.profile is not None and session.profile not in profiles:
            meant = _meant(session.profile, profiles)
            yield Problem(
                f"session {session.key!r} names profile {session.profile!r}; {place} has: {known}{meant}", session.line
            )


def unknown_hosts(sessions: Sequence[Session], pool: Sequence[str] | None, users: Sequence[Host]) -> Iterator[Problem]:
    """The sessions whose host is certainly none, each with its line.

    `pool` are the users that hosts.yaml names, None where everybody with a licence may host; `users` the account's, as
    they were seen last. A host is named by id, e-mail or name; of names of different forms nothing is said before the
    account was seen.
    """
    if pool is None:
        return
    entries = {_folded(entry) for entry in pool}
    names = entries.union(*(_names(user) for user in users if _names(user) & entries))
    known = set().union(*map(_names, users))
    all_mails = all("@" in entry for entry in entries)
    for session in sessions:
        if session.host is None or _folded(session.host) in names:
            continue
        if _folded(session.host) in known or (all_mails and "@" in session.host):
            text = f"session {session.key!r} names host {session.host!r}, who is not in hosts.yaml"
            yield Problem(text + _meant(session.host, pool), session.line)


def doubtful_hosts(sessions: Sequence[Session], users: Sequence[Host]) -> Iterator[Problem]:
    """The sessions whose host the account did not have when it was seen last; nobody, where it never was."""
    known = set().union(*map(_names, users))
    for session in sessions:
        if users and session.host is not None and _folded(session.host) not in known:
            text = f"session {session.key!r} names host {session.host!r}, whom the account did not have when"
            text += " it was seen last"
            yield Problem(text + _meant(session.host, [user.email for user in users]), session.line)


def _names(user: Host) -> set[str]:
    return {_folded(user.id), _folded(user.email), _folded(user.name)}


def _folded(name: str) -> str:
    return name.strip().casefold()


def _meant(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, sorted(known), 1)
    return f"; did you mean `{close[0]}`?" if close else ""

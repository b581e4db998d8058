"""What the users of the account are to a meeting: its alternative hosts, and which of its panelists are hosts anyhow.

Only licensed users of the account can be alternative hosts, and one who is not must not stop the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import DesiredMeeting, addresses
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.registering import folded

NAME = "alternative_hosts"


def known_alternatives(want: DesiredMeeting, users: Sequence[Host]) -> tuple[DesiredMeeting, Phrase | None]:
    """The meeting without those alternative hosts that Zoom would refuse, and a note if there were some.

    "A semicolon-separated list of the meeting's alternative hosts' email addresses or IDs":
    https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings. The note numbers those who
    are left out, since it is shown where addresses are not.
    """
    value = want.fields.settings.get(NAME)
    if not isinstance(value, str) or not value:
        return want, None
    licensed = {name.casefold() for user in users if user.licensed for name in (user.email, user.id)}
    texts = addresses(value)
    wrong = [str(number) for number, text in enumerate(texts, 1) if text.casefold() not in licensed]
    if not wrong:
        return want, None
    left = ";".join(text for text in texts if text.casefold() in licensed)
    fields = replace(want.fields, settings={**want.fields.settings, NAME: left})
    note = (
        Phrase(
            "session {key}: of the alternative hosts, number {numbers} of {total} is not a licensed user of the account"
            " and is left out",
            key=want.key,
            numbers=", ".join(wrong),
            total=len(texts),
        )
        if len(texts) > 1
        else Phrase(
            "session {key}: of the alternative hosts, the one that is named is not a licensed user of the account and"
            " is left out",
            key=want.key,
        )
    )
    return replace(want, fields=fields), note


def for_account(want: DesiredMeeting, users: Sequence[Host]) -> tuple[DesiredMeeting, Phrase | None]:
    """The meeting as this account can hold it, and a note if something is left out.

    Of its panelists those are left out, without a note, who are alternative hosts: they come in anyhow. Of the others
    it is told which users of the account they are, so that the host is known among them.
    """
    want, note = known_alternatives(want, users)
    if not want.panelists:
        return want, note
    ids = {folded(user.email): user.id for user in users}
    hosts = {name.casefold() for name in addresses(want.fields.settings.get(NAME))}
    panelists = tuple(
        replace(panelist, user_id=ids.get(panelist.key))
        for panelist in want.panelists
        if panelist.key not in hosts and ids.get(panelist.key, "").casefold() not in hosts
    )
    return replace(want, panelists=panelists), note

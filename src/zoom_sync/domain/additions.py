"""Lists of a meeting to which people on Zoom add, too: which entries are ours, and how theirs stay beside them. Pure.

An entry is ours if the programme names it, or if we sent it before. Everything else was added by somebody else: it does
not count as a difference, and is written back as it stands whenever the list is written, unless lists are to be exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zoom_sync.domain.meeting.comparing import FieldChange
from zoom_sync.domain.meeting.fields import MeetingFields, addresses
from zoom_sync.domain.meeting.learned import ABSENT
from zoom_sync.domain.meeting.values import DesiredMeeting, Link, ObservedMeeting

# The lists that name people, rooms or things, with the field by which an entry is known; a text of addresses has none.
# Lists that are one decision as a whole (countries, domains, dial-in numbers) are not among them.
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/PATCH/meetings/{meetingId}
LISTS: Mapping[str, str] = {
    "alternative_hosts": "",
    "authentication_exception": "email",
    "auto_add_recording_to_video_management.channels": "channel_id",
    "breakout_room.rooms": "name",
    "custom_keys": "key",
    "language_interpretation.interpreters": "email",
    "meeting_invitees": "email",
    "resources": "resource_id",
    "sign_language_interpretation.interpreters": "email",
    "tracking_fields": "field",
}
# What names people, and the rooms that they are in: whoever loses such an entry loses something.
PEOPLE = (
    "alternative_hosts",
    "authentication_exception",
    "breakout_room.rooms",
    "language_interpretation.interpreters",
    "meeting_invitees",
    "sign_language_interpretation.interpreters",
)
_WITHIN = {"breakout_room.rooms": "participants"}  # a list in each entry, to which people add as well


def ours(path: str, shown: Any, value: Any, before: Any) -> Any:
    """What Zoom shows of a list, less the entries of others; `before` is what we sent the last time."""
    mine = {**_by_name(path, before), **_by_name(path, value)}
    kept = [_ours_within(path, entry, value, before) for entry in _entries(path, shown) if _name(path, entry) in mine]
    return _listed(path, kept)


def merged(path: str, shown: Any, value: Any, before: Any) -> Any:
    """What is written of a list: what others added, as it stands, and then what the programme wants."""
    theirs = others(path, shown, value, before)
    have = _by_name(path, shown)
    wants = [_merged_within(path, entry, have, before) for entry in _entries(path, value)]
    return _listed(path, [*theirs, *wants])


def others(path: str, shown: Any, value: Any, before: Any) -> list[Any]:
    """The entries that somebody else added."""
    mine = {**_by_name(path, before), **_by_name(path, value)}
    return [entry for entry in _entries(path, shown) if _name(path, entry) not in mine]


def beside_others(observed: ObservedMeeting, want: DesiredMeeting, before: MeetingFields | None) -> ObservedMeeting:
    """The meeting as Zoom shows it, less what others added to the lists that the programme manages.

    `before` is what we last wrote; None where nothing of it is ours.
    """
    if observed.settings is None or want.exact_lists:
        return observed
    own = only_ours(observed.settings, want.fields, before)
    return observed if own == observed.settings else replace(observed, settings=own)


def sent_before(link: Link) -> MeetingFields:
    """What we last sent of the lists; of a link from before that was kept, what was last there."""
    if link.learned is None:
        return link.applied
    known = {path: link.learned[name].sent for path in LISTS if (name := f"settings.{path}") in link.learned}
    return replace(link.applied, settings={path: sent for path, sent in known.items() if sent is not ABSENT})


def only_ours(settings: Mapping[str, Any], want: MeetingFields, before: MeetingFields | None) -> dict[str, Any]:
    """Settings as Zoom shows them, with the managed lists less what others added to them."""
    sent = before.settings if before is not None else {}
    managed = {path: want.settings[path] for path in LISTS if path in want.settings and path in settings}
    own = {path: ours(path, settings[path], value, sent.get(path)) for path, value in managed.items()}
    return {**settings, **own}


def fields_with_others(
    fields: Iterable[FieldChange], want: DesiredMeeting, observed: ObservedMeeting, before: MeetingFields | None
) -> tuple[FieldChange, ...]:
    """Differences as they are shown and written: of a list, all that is there, and what it will be with theirs."""
    if observed.settings is None or want.exact_lists:
        return tuple(fields)
    shown, sent = observed.settings, before.settings if before is not None else {}
    return tuple(
        replace(
            field,
            old=shown.get(field.name.removeprefix("settings.")),
            new=_with_others(field.name, field.new, shown, sent),
        )
        if field.name.removeprefix("settings.") in LISTS
        else field
        for field in fields
    )


def with_others(values: Mapping[str, Any], observed: ObservedMeeting, before: MeetingFields | None) -> dict[str, Any]:
    """Values about to be written, by Zoom's names, with what others added to their lists."""
    shown, sent = observed.settings or {}, before.settings if before is not None else {}
    return {name: _with_others(name, value, shown, sent) for name, value in values.items()}


def _with_others(name: str, value: Any, shown: Mapping[str, Any], sent: Mapping[str, Any]) -> Any:
    path = name.removeprefix("settings.")
    return merged(path, shown.get(path), value, sent.get(path)) if path in LISTS and name != path else value


def _entries(path: str, value: Any) -> Sequence[Any]:
    if not LISTS[path]:
        return addresses(value)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []


def _listed(path: str, entries: Sequence[Any]) -> Any:
    return list(entries) if LISTS[path] else ";".join(entries)


def _name(path: str, entry: Any) -> str:
    field = LISTS[path]
    return str(entry.get(field) or "" if field else entry).strip().casefold()


def _by_name(path: str, value: Any) -> dict[str, Any]:
    return {_name(path, entry): entry for entry in _entries(path, value)}


def _ours_within(path: str, entry: Any, value: Any, before: Any) -> Any:
    if path not in _WITHIN:
        return entry
    name = _name(path, entry)
    mine = set(_people(_by_name(path, value).get(name), path)) | set(_people(_by_name(path, before).get(name), path))
    kept = [value for value in entry.get(_WITHIN[path]) or () if str(value).casefold() in mine]
    return {**entry, _WITHIN[path]: kept} if _WITHIN[path] in entry else entry


def _merged_within(path: str, entry: Any, have: Mapping[str, Any], before: Any) -> Any:
    if path not in _WITHIN:
        return entry
    name, inner = _name(path, entry), _WITHIN[path]
    shown = have.get(name, {}).get(inner) or ()
    mine: Collection[str] = {*_people(entry, path), *_people(_by_name(path, before).get(name), path)}
    theirs = [value for value in shown if str(value).casefold() not in mine]
    return {**entry, inner: [*theirs, *(entry.get(inner) or ())]} if theirs else entry


def _people(entry: Mapping[str, Any] | None, path: str) -> Iterator[str]:
    return (str(value).casefold() for value in (entry or {}).get(_WITHIN[path]) or ())

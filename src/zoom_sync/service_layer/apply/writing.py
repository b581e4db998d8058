"""Writing fields of a meeting: what Zoom refuses is left out and remembered, what it makes of the rest is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from zoom_sync.domain.additions import beside_others, sent_before, with_others
from zoom_sync.domain.meeting import (
    ABSENT,
    NOTHING_KNOWN,
    OCCURRENCES,
    RECURRENCE,
    TIME_FIELDS,
    DesiredMeeting,
    Learned,
    Link,
    MeetingFields,
    ObservedMeeting,
    after_refusal,
    after_sending,
    compared,
    differences,
    name_for_zoom,
    plain,
    reads_back,
    select,
)
from zoom_sync.domain.plan import PASSCODE
from zoom_sync.domain.programme import Passcode
from zoom_sync.errors import InvalidRequest, ZoomError
from zoom_sync.service_layer.apply.items import Applying

# "Validation Failed." and its like: https://developers.zoom.us/docs/api/errors/
INVALID = 300
# So many requests may one change of a meeting take until Zoom takes what is left of it.
MOST_SENT = 6
# How Zoom's words call a field, where they do not use its name.
_WORDS = {"timezone": ("time zone",), PASSCODE: ("password",), "start_time": ("start time",)}


@dataclass(slots=True)
class Written:
    """What came of writing fields: those that were sent, with their values, and why others were refused.

    `seen` is the meeting as Zoom showed it right after, None where nobody looked.
    """

    sent: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    seen: ObservedMeeting | None = None


def write(
    applying: Applying, link: Link, want: DesiredMeeting, names: Sequence[str], before_send: Callable[[], None],
    meeting: ObservedMeeting | None = None,
) -> Written:  # fmt: skip
    """Write the named fields of a linked meeting; those that Zoom refuses are left out, and the rest is sent again.

    `found` is the meeting as it was read right before: what others added to its lists is sent with ours, and of what is
    `seen` afterwards theirs is left out.

    Raises ZoomError where Zoom refuses for another reason than a field, or goes on refusing.
    """
    written = Written()
    rest = list(names)
    for last in (*(False,) * (MOST_SENT - 1), True):
        values, passcode = _values(link, want, rest)
        if meeting is not None and not want.exact_lists:
            values = with_others(values, meeting, sent_before(link))
        try:
            applying.writer.update(link.meeting_id, link.kind, values, passcode, before_send)
        except InvalidRequest as error:
            blamed = _with_companions(blamed_fields(error, (*values, PASSCODE), rest), rest)
            if last or not blamed:
                raise
            written.refused |= {name: _words(error, name) for name in blamed}
            rest = [name for name in rest if name not in blamed]
            if not rest:
                return written
        else:
            written.sent = {name: values[name] for name in values} | dict.fromkeys(n for n in rest if n == PASSCODE)
            break
    known = link.learned or {}
    if any(reads_back(name, value, known.get(name, NOTHING_KNOWN)) for name, value in written.sent.items()):
        seen = _look(applying, link, must=PASSCODE in written.sent)
        written.seen = None if seen is None else beside_others(seen, want, sent_before(link))
    return written


def _look(applying: Applying, link: Link, *, must: bool) -> ObservedMeeting | None:
    """What Zoom made of it. Where it cannot be asked, the next look tells; a new link has to be known at once."""
    try:
        return applying.reader.meeting(link.meeting_id, link.kind)
    except ZoomError:
        if must:
            raise
        return None


def _values(link: Link, want: DesiredMeeting, names: Sequence[str]) -> tuple[dict[str, Any], Passcode | None]:
    """What is sent for the named fields; of one that the programme says nothing of any more, what was there before."""
    known = link.learned or {}
    ours = compared(want.fields)
    values = select(want.fields, names)
    for name in names:
        if name not in ours and name not in values and name != PASSCODE and name in known:
            values[name] = known[name].original
    passcode = Passcode(announced(link)) if PASSCODE in names else None
    return for_zoom(values, want.fields), passcode


def for_zoom(values: Mapping[str, Any], fields: MeetingFields) -> dict[str, Any]:
    """The values with the zone by a name that Zoom lists, where it lists an equal one."""
    told = dict(values)
    if "timezone" in told:
        told["timezone"] = name_for_zoom(str(told["timezone"]), fields.spans)
    return told


def announced(link: Link) -> str:
    """The passcode that people were told, whatever lets them in now."""
    known = (link.learned or {}).get(PASSCODE, NOTHING_KNOWN)
    return link.passcode.value if known.sent is ABSENT else str(known.sent)


def blamed_fields(error: InvalidRequest, sent: Collection[str], names: Sequence[str]) -> set[str]:
    """Which of the fields that were sent Zoom refuses, by name; empty where the refusal is not about fields.

    Zoom names them with or without `settings.`, whole objects or parts of them, and sometimes in its message alone. A
    single field that was sent is the one that an unnamed refusal is about.
    """
    blamed = {name for field in error.fields for name in sent if _is_about(field, name)}
    if not blamed and error.code == INVALID and not error.fields:
        blamed = {name for name in sent if _is_in_words(error.message, name)}
    if not blamed and error.code == INVALID and len(names) == 1 and "id" not in error.message.casefold().split():
        blamed = set(names)
    return blamed


def _is_about(text: str, name: str) -> bool:
    ours = "password" if name == PASSCODE else name
    bare, field_name = ours.removeprefix("settings."), text.removeprefix("settings.")
    if not field_name:
        return False
    parts = bare == field_name or bare.startswith(field_name + ".") or field_name.startswith(bare + ".")
    return parts or bare.rpartition(".")[2] == field_name.rpartition(".")[2]


def _is_in_words(message: str, name: str) -> bool:
    text = message.casefold()
    leaf = name.rpartition(".")[2]
    words = set(text.replace(".", " ").replace(":", " ").replace(",", " ").replace('"', " ").split())
    return leaf in words or any(other in text for other in _WORDS.get(name, ()))


def _with_companions(blamed: Collection[str], names: Sequence[str]) -> set[str]:
    """The names that fall with those that are refused: what Zoom requires beside a field cannot be left out alone."""
    gone = set(blamed) & set(names)
    if gone or not blamed:
        return gone | ({OCCURRENCES} & set(names) if RECURRENCE in gone else set())
    heads = {name.rpartition(".")[0] for name in blamed if name.startswith("settings.")}
    times = not TIME_FIELDS.isdisjoint(blamed)
    return {name for name in names if name.rpartition(".")[0] in heads or (times and name in TIME_FIELDS)}


def _words(error: InvalidRequest, name: str) -> str:
    about = [text for told, text in error.fields.items() if _is_about(told, name)]
    return about[0] if about else error.message


def learned_from(link: Link, want: DesiredMeeting, written: Written, now: datetime) -> Link:
    """The link with what a write has taught: what was sent and refused, and what Zoom made of it where it was read."""
    known = dict(link.learned or {})
    ours = compared(want.fields)
    sent = [name for name in written.sent if name != PASSCODE]
    if written.sent.get(RECURRENCE) is not None:
        sent.append(OCCURRENCES)
    for name in sent:
        if name in ours or name == RECURRENCE:
            known[name] = _sent(known.get(name, NOTHING_KNOWN), name, ours.get(name), written.seen, now)
        else:
            known.pop(name, None)  # the programme says nothing of it any more, and it is as it was before us
    if PASSCODE in written.sent:
        code, before = announced(link), known.get(PASSCODE, NOTHING_KNOWN)
        known[PASSCODE] = after_sending(replace(before, sent=code), code, _passcode_of(written.seen), now)
    for name, words in written.refused.items():
        value = announced(link) if name == PASSCODE else ours.get(name)
        known[name] = after_refusal(known.get(name, NOTHING_KNOWN), value, words)
    link = replace(link, learned=dict(sorted(known.items())))
    if PASSCODE not in written.sent or written.seen is None:
        return link
    # "Changing the passcode changes join_url": https://github.com/indico/indico-plugins (vc_zoom 2.3b2)
    shown = _passcode_of(written.seen)
    return replace(
        link, passcode=Passcode(announced(link) if shown is ABSENT else shown), join_url=written.seen.join_url
    )


def _passcode_of(seen: ObservedMeeting | None) -> Any:
    return ABSENT if seen is None or seen.passcode is None else seen.passcode.value


def learned_of_new(
    fields: MeetingFields, seen: ObservedMeeting, refused: Mapping[str, str], now: datetime
) -> dict[str, Learned]:
    """What is known of each field once a meeting was made with `fields` less what was refused; `seen` is the answer."""
    sent = compared(fields)
    known = {
        name: after_refusal(NOTHING_KNOWN, value, refused[name])
        if name in refused
        else _sent(NOTHING_KNOWN, name, value, seen if seen.deep else None, now)
        for name, value in sent.items()
    }
    return dict(sorted(known.items()))


# Without these a meeting would be held at another time: where Zoom refuses them, none is made.
NEEDED = frozenset({"start_time", "duration", RECURRENCE, OCCURRENCES})


def refused_of_new(error: InvalidRequest, fields: MeetingFields, before: Mapping[str, str]) -> dict[str, str]:
    """Which fields a new meeting is made without, with Zoom's words; empty where it cannot be made by leaving out some.

    A zone can always be left out: the start is told in UTC.
    """
    names = [name for name in compared(fields) if name not in before]
    blamed = blamed_fields(error, (*names, PASSCODE), names)
    if not blamed or PASSCODE in blamed or not NEEDED.isdisjoint(blamed):
        return {}
    return {name: _words(error, name) for name in sorted(blamed)}


def refuses_passcode(error: InvalidRequest) -> bool:
    """Whether Zoom refuses the passcode that a meeting was to be made with."""
    return PASSCODE in blamed_fields(error, (PASSCODE,), ())


def in_step(fields: MeetingFields, meeting: ObservedMeeting, now: datetime) -> dict[str, Learned]:
    """What is known of a meeting that was taken over: where it is as wanted, that counts as sent; the rest was seen."""
    shown, differs = _shown(meeting), {change.name for change in differences(fields, meeting.fields())}
    known: dict[str, Learned] = {}
    for name, value in compared(fields).items():
        if name not in shown:
            continue
        told = plain(shown[name])
        known[name] = Learned(seen=told) if name in differs else Learned(plain(value), told, 1, now)
    return known


def _shown(seen: ObservedMeeting) -> dict[str, Any]:
    return {name: value for name, value in compared(seen.fields()).items() if name not in seen.unshown}


def _sent(known: Learned, name: str, value: Any, seen: ObservedMeeting | None, now: datetime) -> Learned:
    shown = {} if seen is None else _shown(seen)
    entry = after_sending(known, value, shown.get(name, ABSENT), now)
    if seen is None or name in shown or value is None:
        return entry
    return replace(entry, made=ABSENT, looks=1)  # Zoom does not show it

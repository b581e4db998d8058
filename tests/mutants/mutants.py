"""Bugs, written by hand, in the code that keeps the promises: each must be noticed by the tests beside it.

`old` stands once in the file and is replaced by `new`. A mutant whose `old` is not there any more is an error: whoever
changes the code says anew what would be wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One bug: what it is, in which file below src/zoom_sync, and the tests that notice it."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def _all(file: str, tests: tuple[str, ...], *bugs: tuple[str, str, str]) -> tuple[Mutant, ...]:
    return tuple(Mutant(what, file, old, new, tests) for what, old, new in bugs)


BRANCHES = ("tests/service/test_creating.py",)
PAGES = "tests/unit/zoom/test_report_pages.py"
ONCE = ("tests/service/test_creations_given_up.py",)

CREATING = _all(
    "service_layer/apply/creating.py",
    BRANCHES,
    ("the second meeting that is under way is deleted", "if meeting.begun(applying.clock.now()):", "if False:"),
    ("the guard against a start that is past is gone", "if want.fields.start <= applying.clock.now():", "if False:"),
    (
        "another run's link is patched",
        "if link is not None and link.meeting_id == made.meeting_id:",
        "if link is not None:",
    ),
    (
        "a session that has a meeting gets another one",
        "if link is not None and link.meeting_id != replaces:",
        "if False:",
    ),
    (
        "a creation that is taken up is begun anew",
        "wanted = replace(intent, host_id=wanted.host_id, kind",
        "wanted = replace(wanted, host_id=wanted.host_id, kind",
    ),
    ("a creation in doubt is not looked for", "        if doubt is not None:\n            return doubt\n", ""),
    (
        "a creation that is taken up stays with its host",
        "wanted = replace(intent, host_id=wanted.host_id, kind",
        "wanted = replace(intent, kind",
    ),
    ("a refused creation stays in doubt", "        if error.outcome_unknown:", "        if True:"),
    ("a lost answer is taken for a refusal", "        if error.outcome_unknown:", "        if False:"),
    (
        "another run's meeting is deleted, which is this very one",
        "if link.meeting_id in applying.links.linked_ids():",
        "if False:",
    ),
    (
        "of two meetings of a session, both stay",
        "        applying.writer.delete(link.meeting_id, link.kind)  # nobody has seen its link yet\n",
        "",
    ),
    (
        "a creation that was seen to stays in doubt",
        "        if intent is not None:\n            applying.links.close(event, intent)\n",
        "",
    ),
    (
        "a replaced meeting is kept",
        "if intent is not None and intent.replaces is not None:",
        "if False:",
    ),
    (
        "that a replaced meeting is still there is not told",
        "    if outcome.state is ItemState.DONE:\n        return done(note)",
        "    return done(note)",
    ),
    (
        "what was looked for in vain is forgotten",
        "applying.links.give_up(item.event, intent, applying.clock.now())\n        return done(",
        "applying.links.close(item.event, intent)\n        return done(",
    ),
    (
        "a second meeting stays in doubt when it is removed",
        "    applying.writer.delete(meeting.meeting_id, meeting.kind)\n    applying.links.close(item.event, intent)\n",
        "    applying.writer.delete(meeting.meeting_id, meeting.kind)\n",
    ),
    (
        "a second meeting is told to be removed and stays",
        "    applying.writer.delete(meeting.meeting_id, meeting.kind)\n    applying.links.close",
        "    applying.links.close",
    ),
    ("what Zoom takes only later is never told", "if want.only_later else None", "if False else None"),
)
LOOKING_UP = (
    *_all(
        "service_layer/apply/creating.py",
        ONCE,
        (
            "a clock rules a meeting out",
            "if row.meeting_id not in ours and not other(row)",
            ("if row.meeting_id not in ours and not other(row)\n"
            "        and (row.created_at is None or (row.created_at - intent.created_at).total_seconds() > -60)"),
        ),
        ("any meeting is taken for ours", "if meeting.passcode == intent.passcode:", "if True:"),
        ("no meeting is taken for ours", "if meeting.passcode == intent.passcode:", "if False:"),
        ("an attempt dated ahead waits for hours", "    if attempted > now:", "    if False:"),
        ("a creation is looked for at once", "    if now >= settled:", "    if True:"),
        (
            "meetings of others are read over and over",
            "    note_looked_at(applying.links, [meeting], applying.clock.now())\n",
            "",
        ),
        ("another living run is waited for to the end", "settled, held_by_another=True)", "settled)"),
    ),
    *_all(
        "service_layer/apply/creating.py",
        BRANCHES,
        ("unlikely meetings are read first", "return clean(row.topic) != intent.topic,", "return clean(row.topic) == intent.topic,"),
    ),
    *_all(
        "service_layer/arriving.py",
        ONCE,
        ("late meetings are not looked for", "    if not given_up:\n", "    if given_up:\n"),
        ("what was read is read again", "links.linked_ids() | links.looked_at().keys()", "links.linked_ids()"),
        ("what was given up is remembered for ever", "all(session.end <= now for", "all(session.end is None for"),
    ),
    *_all(
        "service_layer/apply/arriving.py",
        ONCE,
        (
            "a late meeting that people have used is removed",
            "if meeting.begun(applying.clock.now()) or applying.reader.instances(meeting.meeting_id, meeting.kind):",
            "if meeting.begun(applying.clock.now()):",
        ),
        ("a meeting without our passcode is removed", "return meeting if meeting.passcode in marks else None", "return meeting"),
        ("a late meeting is brought up to nothing", "return brought_up(applying, item, want, kept, meeting)", "return outcome"),
        ("a late meeting counts as made by hand", "Origin.CREATED", "Origin.ADOPTED"),
    ),
    *_all(
        "service_layer/apply/waiting.py",
        ONCE,
        ("who has died is waited for in silence", "if silent and now - begun >= SILENT:", "if False:"),
        ("a run that ended is waited for", "return attempt is not None and _attempts(applying, item) == attempt", "return True"),
        ("nobody is waited for", "return attempt is not None and _attempts(applying, item) == attempt", "return False"),
    ),
    *_all(
        "adapters/store/links.py",
        ONCE,
        ("an attempt that is repeated is not remembered", "    if given_up:\n", "    if False:\n"),
    ),
)  # fmt: skip
DECIDING = (
    *_all(
        "domain/plan/arriving.py",
        ONCE,
        ("people in a late meeting are thrown out", "        if meeting.begun(now):", "        if False:"),
        ("a late meeting is never taken", "if want.key in known.links or want.key in known.intents:", "if True:"),
        ("a late meeting that is not used stays", "if key in known.intents or key in left_out or", "if True or"),
    ),
    *_all(
        "domain/plan/allowing.py",
        ONCE,
        ("a late meeting needs --allow-delete", " | frozenset(seen.arrived)", ""),
    ),
    *_all(
        "domain/plan/deciding.py",
        BRANCHES,
        ("a creation in doubt is passed over", "        if intent.key not in to_come or intent.key in known.links:", "        if False:"),
    ),
    *_all(
        "domain/plan/deciding.py",
        ("tests/unit/domain/test_plan.py",),
        ("a past session is given a meeting", "    if want.fields.start <= now:\n        return HeldBack(change, Phrase(\"the session's start is past; Zoom", "    if False:\n        return HeldBack(change, Phrase(\"the session's start is past; Zoom"),
        ("people in a meeting are disturbed", "if observed.running or want.under_way(now):", "if False:"),
        ("what is over is changed", "    if want.end <= now:\n        return _over", "    if False:\n        return _over"),
        ("what could not be looked at counts as gone", "if observed is None and link.meeting_id not in seen.missing:", "if False:"),
        ("another kind goes unnoticed", "    if want.kind != link.kind:", "    if False:"),
        ("a meeting under way is deleted", "if observed is not None and (observed.running or start <= now):", "if False:"),
    ),
    *_all(
        "domain/plan/allowing.py",
        ("tests/unit/domain/test_plan.py",),
        ("links are replaced unasked", "if change.action in (Action.REPLACE, Action.MOVE) and not policy.allow_replace:", "if False:"),
    ),
)  # fmt: skip
MERGING = (
    *_all(
        "domain/attendance/merging.py",
        ("tests/unit/attendance/test_attendance_merge.py",),
        ("a stay collected twice counts twice", "            if this == before:", "            if False:"),
        ("the worse of two records of a stay is kept", "max(kept[-1], row, key=self._fullness)", "min(kept[-1], row, key=self._fullness)"),
        ("the waiting room counts as presence", "rooms[2 if marks & WAITING else", "rooms[0 if marks & WAITING else"),
        ("the waiting room of the many counts as presence", "(waited if marks & WAITING else", "(main if marks & WAITING else"),
        ("breakout rooms do not count", "union(sorted(main + aside) if aside else main)", "union(main)"),
        ("the least share is too little", "share >= self._least_share", "share > self._least_share"),
        ("a host is audience", "        (Role.HOST, people.nodes_of(roster.hosts)),\n", ""),
    ),
    *_all(
        "domain/attendance/intervals.py",
        ("tests/unit/attendance/test_attendance_merge.py",),
        ("a stay outside the window counts", "total += min(end, high) - max(start, low)", "total += end - start"),
    ),
)  # fmt: skip
WHO = (
    *_all(
        "domain/attendance/splitting.py",
        ("tests/unit/attendance/test_one_person.py",),
        ("two e-mails on one link are one person", "entry.mail != other.mail:\n        return True", "entry.mail != other.mail:\n        return False"),
        ("a notetaker is whose link it came by", "return entry.bot != other.bot", "return False"),
        ("who stayed longest owns a link, whoever registered", "sure or owner(node, each)", "False"),
    ),
    *_all(
        "domain/attendance/columns.py",
        ("tests/unit/attendance/test_one_person.py",),
        ("a name joins somebody who was there at the same time", "if not _overlap(stays.get(person, []), own):", "if True:"),
        ("a name joins the first of two who bear it", "if len(bearer) == 1}", "if bearer}"),
        ("names are compared letter by letter", "self.folded.append(folded_name(row.name))", "self.folded.append(row.name)"),
    ),
    *_all(
        "domain/attendance/merging.py",
        ("tests/unit/attendance/test_one_person.py",),
        ("the name used least is taken", "form = max(by_form", "form = min(by_form"),
    ),
    *_all(
        "domain/instances.py",
        ("tests/unit/domain/test_placing_instances.py", "tests/service/test_instances.py"),
        ("a rehearsal counts", 'values[uuid] = (before, "") if nearest == key', 'values[uuid] = (Place.OWN, "") if nearest == key'),
        ("a restart beyond the end is a stray one", "start <= until + LATE", "start <= own.end"),
        ("what staff say of an instance counts for nothing", "return self.chosen or self.place", "return self.place"),
    ),
    *_all(
        "adapters/zoom/absence.py",
        (PAGES,),
        ("any words with the code mean that there is none", "    return any(line.covers(operation, error) for line in NONE)", "    return any(line.code == error.code for line in NONE)"),
        ("another meeting's absence is this one's", "in (None, subject)", "is not Ellipsis"),
    ),
    *_all(
        "adapters/zoom/report_pages.py",
        (PAGES,),
        ("after a first page, a refusal means that there is no more", "if not read and means_none", "if read or means_none"),
        ("pages go on without end", "if total is not None and len(rows) > total + PAGE_SIZE:", "if False:"),
    ),
)  # fmt: skip
DOORS = _all(
    "entrypoints/web/doors.py",
    (
        "tests/web/test_web_doors.py::test_an_unsafe_request_needs_the_token_of_its_own_session",
        "tests/web/test_web_doors.py::test_what_is_refused_is_logged_with_who_and_where",
        "tests/web/test_web_doors.py::test_a_scripts_token_opens_what_is_for_scripts_and_no_more",
        "tests/web/test_web_doors.py::test_a_bearer_token_that_is_wrong_is_not_made_good_by_a_cookie",
    ),
    ("everybody may do everything", "        if not visitor.may(self.permission):", "        if False:"),
    ("forged requests are let in", "        raise Forged\n", "        return\n"),
    ("a script's token opens pages", "if tokens else None", "if True else None"),
    ("any wrong token falls back on the cookie", "    if bearer is not None:\n", "    if bearer is not None and tokens and False:\n"),
)  # fmt: skip
FORCED = ("tests/service/test_forced_passcodes.py",)
HOSTS = ("tests/service/test_host_calendar.py",)
WORLD = (
    *_all(
        "service_layer/apply/forced_passcodes.py",
        FORCED,
        ("what people made is taken for ours", "        if meeting.by_api:", "        if True:"),
        ("what further attempts made stays", "    for surplus in made[1:]:", "    for surplus in made[:0]:"),
        ("that the account forces passcodes goes unnoticed", "    forced = created.passcode is not None and", "    forced = False and"),
        ("every account is taken for one that forces passcodes", "    return applying.policies is not None and applying.policies.forces_passcodes()", "    return True"),
    ),
    *_all(
        "service_layer/apply/claiming.py",
        HOSTS,
        ("a creation that was begun keeps its place", '{item.meeting_id or "", id_}', '{item.meeting_id or ""}'),
    ),
    *_all(
        "service_layer/apply/creating.py",
        HOSTS,
        ("a creation whose host is taken by now stays with him", "        if intent is not None:  # its host", "        if False:  # its host"),
    ),
    *_all(
        "domain/plan/calendar.py",
        HOSTS,
        ("a webinar that nobody may read takes a part of its host", "    if failure is not None and failure.other_kind:", "    if False:"),
    ),
    *_all(
        "domain/plan/deciding.py",
        HOSTS,
        ("what cannot be read is planned away", "    if observed is None and link.meeting_id in seen.failures:", "    if False:"),
    ),
    *_all(
        "service_layer/sync.py",
        HOSTS,
        ("licences for webinars are yesterday's", "    while chosen := _hosts_of_new_webinars(plan, look) - texts:", "    while chosen := set[str]():"),
    ),
    *_all(
        "service_layer/crowds.py",
        ("tests/unit/domain/test_crowds.py",),
        ("a licence for just so many is too small", "not 0 < capacity < expected", "not 0 < capacity <= expected"),
        ("an unknown licence is too small", "not 0 < capacity < expected", "not 0 <= capacity < expected"),
        ("who is registered is not expected", "max(want.expected, registered.get(want.key, 0))", "want.expected"),
    ),
)  # fmt: skip
MUTANTS = (*CREATING, *LOOKING_UP, *DECIDING, *MERGING, *WHO, *DOORS, *WORLD)

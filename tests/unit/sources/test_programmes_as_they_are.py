"""What stops a reader that expects tidy sources: odd line ends, states in many languages, Zoom links wherever they stand."""

import json

import pytest

from unit.sources.programme_samples import read
from zoom_sync.adapters.sources import SourceMapping
from zoom_sync.domain.meeting import AGENDA_LIMIT
from zoom_sync.domain.timetable import Aspect, Selection

ZONE = {"timezone": "Europe/Paris"}
LINK = "https://us02web.zoom.us/j/82318937943?pwd=QmFzZTY0T2ZBSGFzaEFuZE5vUGFzc2NvZGU.1"
SHORT = "https://example.zoom.us/j/82318937943?pwd=011826"


def table(*rows, head="Title,Start,End"):
    return "\n".join([head, *rows]) + "\n"


def row(title="Tides", rest=""):
    return f"{title},2030-03-04 10:00,2030-03-04 11:00{rest}"


def messages(entries):
    return [entry.message for entry in entries]


def calendar(*lines):
    event = ("BEGIN:VEVENT", "UID:tides", "DTSTART:20300304T100000Z", "DTEND:20300304T110000Z", "SUMMARY:Tides", *lines)
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *event, "END:VEVENT", "END:VCALENDAR", ""))


# --- line ends -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_cr_lf_and_both_end_a_row(mark, end):
    text = table(row(f"Tides{mark}and floods"), row("Closing")).replace("\n", end)
    sessions = read(text, **ZONE).require().sessions
    assert [(one.title, one.line) for one in sessions] == [("Tides and floods", 2), ("Closing", 3)]


# --- states ----------------------------------------------------------------------------------------------------------

HELD = ("confirmed", "Accepted", "已确认", "Confirmé", "bestätigt", "aceptada", "подтверждено", "確定", "확정", "مؤكد")
NOT_HELD = (
    "pending", "declined", "Waitlisted", "wait-list", "postponed", "已拒绝", "annulé", "ANNULEE", "abgelehnt", "entwurf",
    "rechazado", "pendiente", "recusado", "rifiutato", "отклонено", "却下", "キャンセル", "거절", "مرفوض", "In Review",
)  # fmt: skip


@pytest.mark.parametrize("state", HELD)
def test_what_takes_place_is_taken_and_told(state):
    reading = read(table(row(rest=f",{state}"), head="Title,Start,End,Status"), **ZONE)
    assert len(reading.require().sessions) == 1
    assert f"taken with the state `{state}`: 1 of the entries" in messages(reading.notes)


@pytest.mark.parametrize("state", NOT_HELD)
def test_what_does_not_take_place_gets_no_meeting(state):
    rows = (row(rest=f",{state}"), row("Closing", ",confirmed"))
    reading = read(table(*rows, head="Title,Start,End,Status"), **ZONE)
    assert [one.title for one in reading.require().sessions] == ["Closing"]
    assert any(message.startswith("left out by their state") for message in messages(reading.notes))


@pytest.mark.parametrize("state", ["Schrödinger", "open", "50/50", "kanskje", "tentative", "未知"])
def test_a_state_that_is_not_known_is_asked_about_and_never_a_meeting_in_silence(state):
    text = table(row(rest=f",{state}"), row("Closing", ",confirmed"), head="Title,Start,End,Status")
    reading = read(text, **ZONE)
    assert reading.programme is None
    assert any("it is not known whether entries with the state" in message for message in messages(reading.problems))
    chosen = SourceMapping(selection=Selection({Aspect.STATE: (state,)}))
    assert [one.title for one in read(text, mapping=chosen, **ZONE).require().sessions] == ["Tides"]
    without = SourceMapping(selection=Selection(without={Aspect.STATE: (state,)}))
    assert [one.title for one in read(text, mapping=without, **ZONE).require().sessions] == ["Closing"]


def test_what_is_cancelled_and_asked_for_by_name_is_a_cancelled_session():
    text = table(row(rest=",annulé"), head="Title,Start,End,Status")
    chosen = SourceMapping(selection=Selection({Aspect.STATE: ("annulé",)}))
    [session] = read(text, mapping=chosen, **ZONE).require().sessions
    assert session.cancelled


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Zoom link", "Join URL", "Link", "Meeting ID", "Room"])
def test_a_link_in_a_column_is_a_known_meeting(heading):
    [session] = read(table(row(rest=f",{LINK}"), head=f"Title,Start,End,{heading}"), **ZONE).require().sessions
    assert (session.known.meeting_id, session.known.passcode, session.room) == ("82318937943", None, None)


@pytest.mark.parametrize(
    "link",
    [
        "https://zoom.us/j/82318937943",
        "https://us06web.zoom.us/w/82318937943?tk=abc",
        "https://acme-org.zoom.us/wc/join/82318937943",
        "https://zoom.com.cn/j/82318937943#success",
        "https://acme.zoomgov.com/j/82318937943.",
    ],
)
def test_links_of_every_kind_are_read(link):
    [session] = read(table(row(rest=f",{link}"), head="Title,Start,End,Link"), **ZONE).require().sessions
    assert session.known.meeting_id == "82318937943"


@pytest.mark.parametrize(
    "link", ["https://example.org/j/82318937943", "https://zoom.us.example.org/j/82318937943", "-"]
)
def test_other_links_are_none_of_zooms(link):
    [session] = read(table(row(rest=f",{link}"), head="Title,Start,End,Link"), **ZONE).require().sessions
    assert session.known is None


def test_a_short_passcode_is_read_out_of_the_link_and_a_column_wins():
    head = "Title,Start,End,Link,Passcode"
    [session] = read(table(row(rest=f",{SHORT},"), head=head), **ZONE).require().sessions
    assert session.known.passcode.value == "011826"
    [session] = read(table(row(rest=f",{LINK},807001"), head=head), **ZONE).require().sessions
    assert session.known.passcode.value == "807001"


def test_an_id_and_a_link_to_another_meeting_is_a_problem_with_the_rows_title():
    text = table(row(rest=f",{LINK},999 9999 9999"), head="Title,Start,End,Link,Meeting ID")
    [problem] = read(text, **ZONE).problems
    assert problem.line == 2
    assert problem.message == "the entry `Tides` gives a meeting ID and a link to another meeting: correct one of them"


def test_a_hosts_start_link_is_refused():
    text = table(row(rest=",https://zoom.us/s/82318937943?zak=secret"), head="Title,Start,End,Link")
    [problem] = read(text, **ZONE).problems
    assert "start link of a host" in problem.message
    assert "secret" not in problem.message


@pytest.mark.parametrize("name", ["LOCATION", "URL", "DESCRIPTION", "X-GOOGLE-CONFERENCE"])
def test_a_link_in_a_calendar_is_a_known_meeting(name):
    [session] = read(calendar(f"{name}:{SHORT}")).require().sessions
    assert (session.known.meeting_id, session.known.passcode.value) == ("82318937943", "011826")


def test_the_passcode_of_an_invitation_in_a_description_is_read_and_nothing_of_it_is_kept():
    invitation = f"About tides.\\n\\nJoin Zoom Meeting\\n{LINK}\\n\\nMeeting ID: 823 1893 7943\\nPasscode: 807001\\n"
    [session] = read(calendar(f"DESCRIPTION:{invitation}")).require().sessions
    assert session.known.passcode.value == "807001"
    assert session.description == "About tides."


def test_links_to_several_meetings_are_asked_about():
    other = LINK.replace("82318937943", "82318937944")
    [problem] = read(calendar(f"DESCRIPTION:{LINK} {other}")).problems
    assert "links to several Zoom meetings" in problem.message


def test_no_agenda_lets_anybody_into_another_meeting():
    from factories import make_session
    from zoom_sync.domain.agenda_text import agenda_text

    text = agenda_text(make_session(description=f"About tides.\nHere: {LINK}\nPasscode: 807001", items=()))
    assert text == "About tides."
    assert len(text) <= AGENDA_LIMIT


# --- fields ----------------------------------------------------------------------------------------------------------


def test_a_table_tells_every_field():
    head = "ID,Title,Start,End,Room,Track,Chair,Language,Expected,Public,Cancelled,Do not record,Rehearsal of"
    rows = (
        "T1," + row(rest=",Hall 1,Water,Ann Lee; Wei Li,English,120,yes,no,yes,"),
        "T2," + row("Dry run", ",Hall 1,,,,,no,,,T1"),
        "T3," + row("Lost", ",,,,,,,yes,,"),
    )
    tides, dry_run, lost = read(table(*rows, head=head), **ZONE).require().sessions
    assert (tides.room, tides.track, tides.moderators) == ("Hall 1", "Water", ("Ann Lee", "Wei Li"))
    assert (tides.language, tides.expected, tides.public, tides.record) == ("English", 120, True, False)
    assert (dry_run.rehearsal_of, dry_run.public, dry_run.record) == ("t1", False, None)
    assert (lost.cancelled, lost.announced) == (True, True)


def test_a_cell_that_is_neither_yes_nor_no_is_a_problem():
    [problem] = read(table(row(rest=",perhaps"), head="Title,Start,End,Public"), **ZONE).problems
    assert (problem.line, problem.message) == (2, "`public` of this row must be yes or no")


def test_pretalx_says_what_must_not_be_recorded():
    slot = {"start": "2030-03-04T10:00:00+01:00", "end": "2030-03-04T11:00:00+01:00", "room": "Hall"}
    talk = {"code": "ABC", "title": "Tides", "slot": slot, "do_not_record": True, "content_locale": "de"}
    [session] = read(json.dumps({"results": [talk]}), **ZONE).require().sessions
    assert (session.record, session.language, session.room) == (False, "de", "Hall")


def test_a_schedule_says_what_must_not_be_recorded():
    event = (
        '<event guid="a"><date>2030-03-04T10:00:00+01:00</date><duration>01:00</duration><title>Tides</title>'
        "<language>en</language><recording><license/><optout>true</optout></recording></event>"
    )
    text = f'<schedule><conference/><day date="2030-03-04"><room name="Hall">{event}</room></day></schedule>'
    [session] = read(text, **ZONE).require().sessions
    assert (session.record, session.language) == (False, "en")


def test_two_entries_by_nobody_known_are_two():
    head = "ID,Title,Start,End,Room,Speaker"

    def read_by(speaker):
        rows = ("A," + row(rest=f",Hall 1,{speaker}"), "B," + row(rest=f",Hall 2,{speaker}"))
        return read(table(*rows, head=head), **ZONE).require().sessions

    assert len(read_by("Ann Lee")) == 1
    for nobody in ("TBA", "t.b.d.", "N.N.", "待定"):
        assert len(read_by(nobody)) == 2

"""What the domain's values are called on the pages; a value without a word here is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

from zoom_sync.entrypoints.web.language import N_

STATES: Mapping[str, str] = {
    "cancelled": N_("cancelled"),
    "linked": N_("meeting is ready"),
    "in doubt": N_("being created, not confirmed yet"),
    "no meeting": N_("no meeting yet"),
}
REPORTS: Mapping[str, str] = {
    "participants": N_("Attendance"),
    "attendance": N_("Attendance"),
    "people": N_("People over the event"),
    "questions": N_("Questions"),
    "polls": N_("Polls"),
    "poll-counts": N_("Polls, counted"),
    "surveys": N_("Surveys"),
    "items": N_("Who heard which item, counted"),
    "registrations": N_("Registrations"),
    "registrants": N_("Registrations"),
    "panelists": N_("Panelists"),
    "summary": N_("Summary to print"),
    "all": N_("Everything in one file"),
    "absentees": N_("Absentees"),
}
REPORT_STATES: Mapping[str, str] = {
    "waiting": N_("waiting for Zoom"),
    "partial": N_("partly there"),
    "complete": N_("complete"),
    "none": N_("nothing to report"),
    "expired": N_("too old, Zoom no longer has it"),
    "failed": N_("could not be fetched"),
}
PLACES: Mapping[str, str] = {
    "own": N_("this session"),
    "rehearsal": N_("rehearsal"),
    "stray": N_("opened afterwards"),
    "other": N_("another session"),
    "undated": N_("time unknown"),
}
FORMATS: Mapping[str, str] = {
    "csv": "CSV",
    "csv-excel": N_("CSV for Excel"),
    "json": "JSON",
    "xlsx": "Excel (XLSX)",
    "parquet": "Parquet",
    "html": "HTML",
    "zip": "ZIP",
}
ANNOUNCEMENTS: Mapping[str, str] = {
    "csv": "CSV",
    "html": "HTML",
    "ics": N_("Calendar (ICS)"),
    "json": "JSON",
    "markdown": "Markdown",
    "poster": N_("Poster to print"),
    "text": N_("Text"),
}
SPREADSHEETS: Mapping[str, str] = {"en": N_("English"), "de": N_("German"), "zh": N_("Chinese")}
ROLES: Mapping[str, str] = {
    "viewer": N_("viewer"),
    "staff": N_("staff"),
    "organiser": N_("organiser"),
}
PRESENT_AS: Mapping[str, str] = {
    "host": N_("host"),
    "staff": N_("staff"),
    "panelist": N_("panelist"),
    "internal": N_("of the account"),
    "audience": N_("audience"),
    "bot": N_("notetaker or bot"),
}
DECISIONS: Mapping[str, str] = {
    "merge": N_("is the same person as"),
    "split": N_("is somebody else than"),
    "name": N_("is called"),
    "role": N_("was present as"),
}
CERTAINTIES: Mapping[str, str] = {
    "registrant": N_("known by registration"),
    "email": N_("known by e-mail address"),
    "participant": N_("known by Zoom's participant ID"),
    "name": N_("known by name only"),
    "unknown": N_("not known"),
}
ANSWERS: Mapping[str, str] = {
    "default": N_("answer"),
    "host_answered_publicly": N_("answered publicly"),
    "host_answered_privately": N_("answered privately"),
    "host_answered": N_("answered by the host"),
    "participant_commented": N_("comment"),
}
DIFFERENCES: Mapping[str, str] = {
    "new": N_("new"),
    "moved": N_("at another time"),
    "retitled": N_("with another title"),
    "called_off": N_("called off"),
    "held_again": N_("no longer called off"),
    "changed": N_("changed otherwise"),
    "gone": N_("gone"),
    "renamed": N_("under a new key"),
    "proposed": N_("perhaps under a new key"),
}
BECAUSE: Mapping[str, str] = {
    "same title at the same time": N_("(same title at the same time)"),
    "named so": N_("(named so)"),
    "its id is that of another part of the same session": N_("(a part of the same session)"),
    "same title and start, another key": N_("(same title and start, another key)"),
    "same title on the same day, another time": N_("(same title on the same day, another time)"),
    "same title, another day": N_("(same title, another day)"),
    "same time, another title": N_("(same time, another title)"),
}
EVENT_FIELDS: Mapping[str, str] = {
    "title": N_("Title"),
    "timezone": N_("Time zone"),
    "description": N_("Description"),
    "public": N_("who sees how to join"),
    "changes": N_("whose word changes wait for"),
    "freeze_hours": N_("for how long it is frozen"),
}
SESSION_FIELDS: Mapping[str, str] = {
    "kind": N_("meeting or webinar"),
    "description": N_("Description"),
    "profile": N_("Profile"),
    "host": N_("Host"),
    "settings": N_("settings on Zoom"),
    "items": N_("agenda items"),
    "known": N_("the meeting that exists already"),
    "meeting_of": N_("whose meeting it shares"),
    "registration": N_("Registration"),
    "room": N_("Room"),
    "track": N_("Track"),
    "moderators": N_("Moderators"),
    "public": N_("whether it is announced"),
    "language": N_("Language"),
    "expected": N_("Expected"),
    "record": N_("whether it is recorded"),
    "rehearsal_of": N_("Rehearsal of"),
}
EDITED: Mapping[str, str] = {
    "title": N_("Title"),
    "time": N_("Time"),
    "room": N_("Room"),
    "host": N_("Host"),
    "profile": N_("Profile"),
    "cancelled": N_("called off"),
    "public": N_("whether it is announced"),
}
MEETING_PER: Mapping[str, str] = {
    "session": N_("each session"),
    "room-and-day": N_("each room on each day"),
    "room": N_("each room"),
}
KINDS: Mapping[str, str] = {"meeting": N_("meeting"), "webinar": N_("webinar")}
QUESTIONS: Mapping[str, str] = {
    "open": N_("open"),
    "dismissed": N_("dismissed"),
    "answered": N_("answered"),
    "deleted": N_("deleted"),
}
ACTIONS: Mapping[str, str] = {
    "create": N_("create"),
    "update": N_("change"),
    "adopt": N_("take over"),
    "move": N_("move to another meeting"),
    "replace": N_("replace"),
    "delete": N_("delete"),
    "collect": N_("collect reports"),
}
SIGNS: Mapping[str, str] = {
    "create": "+",
    "update": "~",
    "adopt": "&",
    "move": "→",
    "replace": "±",
    "delete": "−",  # noqa: RUF001 - a minus
}
FIELDS: Mapping[str, str] = {
    "topic": N_("Title"),
    "agenda": N_("Description"),
    "start_time": N_("Start"),
    "duration": N_("Length in minutes"),
    "timezone": N_("Time zone"),
    "passcode": N_("Passcode"),
    "recurrence": N_("How often it is held"),
    "occurrences": N_("When it is held"),
    "panelists": N_("Panelists"),
}
ITEMS: Mapping[str, str] = {
    "waiting": N_("waiting"),
    "done": N_("done"),
    "failed": N_("failed"),
    "skipped": N_("skipped"),
}
PHASES: Mapping[str, str] = {
    "late": N_("not started"),
    "over time": N_("over time"),
    "running": N_("running"),
    "due": N_("should be running"),
    "to come": N_("to come"),
    "ended": N_("ended"),
    "not held": N_("did not take place"),
    "cancelled": N_("cancelled"),
}
PHASE_MARKS: Mapping[str, str] = {"late": "bad", "over time": "wait", "running": "good", "due": "wait"}
MEETINGS: Mapping[str, str] = {
    "ready": N_("ready"),
    "in doubt": N_("not confirmed yet"),
    "none": N_("no meeting yet"),
}
MEETING_MARKS: Mapping[str, str] = {"ready": "quiet", "in doubt": "wait", "none": "wait"}
SUMMED: Mapping[str, str] = {
    "complete": N_("complete"),
    "waiting": N_("waiting for Zoom"),
    "short": N_("partly there"),
    "failed": N_("failed"),
    "none": N_("nobody came"),
}
SUMMED_MARKS: Mapping[str, str] = {"complete": "good", "short": "wait", "failed": "bad"}
HAPPENINGS: Mapping[str, str] = {
    "started": N_("began"),
    "ended": N_("ended"),
    "start link": N_("the start link was asked for"),
    "session ended": N_("was ended from here"),
    "began later": N_("was moved to later"),
    "host added": N_("got another host"),
    "room opened": N_("its room was opened"),
}
SORTS: Mapping[str, str] = {
    "time": N_("time"),
    "title": N_("title"),
    "room": N_("room"),
    "people": N_("people"),
}
WAITS: Mapping[str, str] = {
    "not_ready": N_("Not ready"),
    "no_licence": N_("Host without a licence"),
    "no_meeting": N_("No meeting yet"),
    "failed": N_("Failed"),
    "held_back": N_("Held back"),
    "report": N_("Reports short"),
}
WAIT_MARKS: Mapping[str, str] = {"not_ready": "bad", "no_licence": "bad", "no_meeting": "bad", "failed": "bad"}
RUNS: Mapping[str, str] = {"apply": N_("Changes on Zoom"), "collect": N_("Collecting reports")}
AUDIT: Mapping[str, str] = {
    "start link": N_("asked for a start link"),
    "session ended": N_("ended a session"),
    "began later": N_("moved sessions to later"),
    "host added": N_("let another host start it"),
    "room opened": N_("opened a room"),
    "signed in": N_("signed in"),
    "signed out": N_("signed out"),
    "download": N_("downloaded"),
    "apply": N_("applied a plan"),
    "programme loaded": N_("loaded a programme"),
    "session edited": N_("edited a session"),
    "adjustment dropped": N_("dropped an adjustment"),
    "instance": N_("said what an instance is"),
    "account added": N_("account added"),
    "account removed": N_("account removed"),
    "password changed": N_("password changed"),
    "token made": N_("token made"),
    "people merged": N_("merged two people"),
    "person split": N_("split a person"),
    "person named": N_("named a person"),
    "role given": N_("gave a role"),
    "decision undone": N_("undid a decision"),
    "certificates released": N_("released certificates"),
    "certificate corrected": N_("corrected a certificate"),
    "certificate withdrawn": N_("withdrew a certificate"),
}
CERTIFICATES_FOR: Mapping[str, str] = {
    "attending": N_("Attending"),
    "presenting": N_("Presenting"),
    "moderating": N_("Moderating"),
}
CERTIFICATE_STANDINGS: Mapping[str, str] = {
    "ready": N_("Ready to be released"),
    "held back": N_("Held back"),
    "not entitled": N_("Not entitled"),
    "released": N_("Released"),
    "withdrawn": N_("Withdrawn"),
}
CERTIFICATE_MARKS: Mapping[str, str] = {
    "ready": "wait",
    "held back": "bad",
    "not entitled": "none",
    "released": "good",
    "withdrawn": "bad",
}
CERTIFICATE_LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文", "ar": "العربية"}

"""One timetable written in every format that has one, for the tests that hold for all of them."""

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import xlsxwriter

from zoom_sync.adapters.sources import read_mapping

ZONE = "Europe/Lisbon"


@dataclass(frozen=True)
class Row:
    """An entry as its organiser thinks of it. `end` and `start` may be None: then the source does not tell them."""

    id: str | None = "OPEN01"
    title: str = "Opening"
    start: datetime | None = datetime(2030, 5, 6, 9, 0, tzinfo=ZoneInfo(ZONE))
    end: datetime | None = datetime(2030, 5, 6, 10, 30, tzinfo=ZoneInfo(ZONE))
    room: str | None = "Hall A"
    track: str | None = None
    type: str | None = None
    state: str | None = None
    tags: tuple = ()
    speakers: tuple = field(default=(("Ana Reis", "ana.reis@example.org"),))


def in_csv(rows, zone, delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(_HEADINGS)
    writer.writerows(map(_cells, rows))
    return out.getvalue().encode()


_HEADINGS = [
    "ID",
    "Title",
    "Date",
    "Start",
    "End date",
    "End",
    "Room",
    "Track",
    "Type",
    "State",
    "Tags",
    "Speakers",
    "Emails",
]


def _cells(row):
    start, end = row.start, row.end
    return [
        row.id, row.title, start and f"{start:%Y-%m-%d}", start and f"{start:%H:%M}", end and f"{end:%Y-%m-%d}",
        end and f"{end:%H:%M}", row.room, row.track, row.type, row.state, ";".join(row.tags),
        "; ".join(name for name, _ in row.speakers), "; ".join(email for _, email in row.speakers if email),
    ]  # fmt: skip


def in_xlsx(rows, zone):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Programme")
        day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, _HEADINGS)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, _cells(row))
            for column, moment in ((2, row.start), (4, row.end)):
                if moment:
                    sheet.write_datetime(number, column, moment.replace(tzinfo=None, hour=0, minute=0), day)
                    sheet.write_number(number, column + 1, (moment.hour * 60 + moment.minute) / 1440, clock)
    return out.getvalue()


def in_icalendar(rows, zone):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "X-WR-CALNAME:Forum"]
    for row in rows:
        lines += ["BEGIN:VEVENT", f"SUMMARY:{row.title}"]
        lines += [f"UID:{row.id}"] if row.id else []
        where = f";TZID={zone}" if zone else ""
        lines += [f"DTSTART{where}:{row.start:%Y%m%dT%H%M%S}"] if row.start else []
        lines += [f"DTEND{where}:{row.end:%Y%m%dT%H%M%S}"] if row.end else []
        lines += [f"LOCATION:{row.room}"] if row.room else []
        lines += [f"STATUS:{row.state.upper()}"] if row.state else []
        lines += [f"CATEGORIES:{','.join(row.tags)}"] if row.tags else []
        lines.append("END:VEVENT")
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def in_frab_xml(rows, zone):
    named = f"<time_zone_name>{zone}</time_zone_name>" if zone else ""
    days = "".join(f"<day><room name='{row.room or ''}'>{_xml_event(row)}</room></day>" for row in rows)
    return f"<schedule><conference><title>Forum</title>{named}</conference>{days}</schedule>".encode()


def _xml_event(row):
    when = f"<date>{row.start.isoformat()}</date><start>{row.start:%H:%M}</start>" if row.start else ""
    people = "".join(f"<person id='1' email='{email or ''}'>{name}</person>" for name, email in row.speakers)
    return (
        f"<event guid='{row.id or ''}'>{when}<duration>{_duration(row)}</duration><title>{row.title}</title>"
        f"<track>{row.track or ''}</track><type>{row.type or ''}</type><persons>{people}</persons></event>"
    )


def in_frab_json(rows, zone):
    days = [
        {"rooms": {row.room or "": [{
            "guid": row.id, "title": row.title, "date": row.start and row.start.isoformat(), "duration": _duration(row),
            "track": row.track, "type": row.type,
            "persons": [{"name": name, "email": email} for name, email in row.speakers],
        }]}}
        for row in rows
    ]  # fmt: skip
    conference = {"title": "Forum", "days": days} | ({"time_zone_name": zone} if zone else {})
    return json.dumps({"schedule": {"conference": conference}}).encode()


def in_pretalx(rows, zone):
    results = [
        {"code": row.id, "title": row.title, "submission_type": {"en": row.type}, "track": {"en": row.track},
         "state": row.state or "confirmed", "tags": row.tags,
         "speakers": [{"name": name, "email": email} for name, email in row.speakers],
         "slot": {"room": {"en": row.room}, "start": row.start and row.start.isoformat(),
                  "end": row.end and row.end.isoformat()}}
        for row in rows
    ]  # fmt: skip
    return json.dumps({"count": len(rows), "next": None, "results": results}).encode()


def in_indico(rows, zone):
    def moment(told):
        return told and {"date": f"{told:%Y-%m-%d}", "time": f"{told:%H:%M:%S}", "tz": zone or ""}

    contributions = [
        {"_type": "Contribution", "id": row.id, "title": row.title, "room": row.room, "track": row.track, "type": row.type,
         "startDate": moment(row.start), "endDate": moment(row.end), "keywords": list(row.tags),
         "speakers": [{"fullName": name, "email": email} for name, email in row.speakers]}
        for row in rows
    ]  # fmt: skip
    event = {"title": "Forum", "id": "7", "contributions": contributions} | ({"timezone": zone} if zone else {})
    return json.dumps({"_type": "HTTPAPIResult", "count": 1, "results": [event]}).encode()


def _duration(row):
    if row.start is None or row.end is None:
        return ""
    minutes = int((row.end.timestamp() - row.start.timestamp()) // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _moment(moment):
    return moment and f"{moment:%Y-%m-%dT%H:%M:%S}"


def in_records(rows, zone):
    told = [
        {"id": row.id, "title": row.title, "startsAt": _moment(row.start), "endsAt": _moment(row.end), "room": row.room,
         "track": row.track, "type": row.type, "state": row.state, "tags": row.tags,
         "speakers": [name for name, _ in row.speakers], "emails": [email for _, email in row.speakers]}
        for row in rows
    ]  # fmt: skip
    return json.dumps(told).encode()


MAPPING = """\
paths:
  title: $.conference.name
  entries: $.days[*].halls.*[*]
  fields:
    id: $.code
    title: [$.heading.en, $.heading]
    date: {path: $.day, up: 2}
    start: $.from
    end: $.till
    end_date: $.till_day
    room: {name: true}
    track: $.stream
    type: $.sort
    state: $.status
    tags: $.labels[*]
    speakers: {path: "$.by[*]", among: "$.people[*]", by: $.nick, take: $.called}
    emails: {path: "$.by[*]", among: "$.people[*]", by: $.nick, take: $.mail}
"""


def in_a_layout_of_its_own(rows, zone):
    """As a conference keeps it beside its own site: days, halls by name, people by nicks. Its JSON is YAML, too."""
    days, people = {}, {}
    for row in rows:
        day = row.start and f"{row.start:%Y-%m-%d}"
        people |= {name: {"nick": f"@{name}", "called": name, "mail": email} for name, email in row.speakers}
        told = {"code": row.id, "heading": {"en": row.title, "pt": "x"} if row.title else "",
                "from": row.start and f"{row.start:%H:%M}",
                "till": row.end and f"{row.end:%H:%M}", "till_day": row.end and f"{row.end:%Y-%m-%d}",
                "stream": row.track, "sort": row.type, "status": row.state, "labels": row.tags,
                "by": [f"@{name}" for name, _ in row.speakers]}  # fmt: skip
        days.setdefault(day, {}).setdefault(row.room or "", []).append(told)
    listed = [{"day": day, "halls": halls} for day, halls in days.items()]
    return json.dumps({"conference": {"name": "Forum"}, "days": listed, "people": list(people.values())}).encode()


def in_sessionize(rows, zone):
    rooms = {row.room: number for number, row in enumerate(rows) if row.room}
    items = sorted({item for row in rows for item in row.tags})
    people = {name: f"guid-{number}" for number, (name, _) in enumerate(one for row in rows for one in row.speakers)}
    sessions = [
        {"id": row.id, "title": row.title, "description": None, "startsAt": _moment(row.start), "endsAt": _moment(row.end),
         "isServiceSession": False, "isPlenumSession": False, "speakers": [people[name] for name, _ in row.speakers],
         "categoryItems": [items.index(item) for item in row.tags], "questionAnswers": [],
         "roomId": rooms.get(row.room), "liveUrl": None, "recordingUrl": None, "status": row.state or "Accepted"}
        for row in rows
    ]  # fmt: skip
    told = {
        "sessions": sessions,
        "speakers": [{"id": guid, "firstName": "", "lastName": "", "fullName": name} for name, guid in people.items()],
        "questions": [],
        "categories": [{"id": 1, "title": "Tags", "items": [{"id": n, "name": item} for n, item in enumerate(items)]}],
        "rooms": [{"id": number, "name": room, "sort": 1} for room, number in rooms.items()],
    }
    return json.dumps(told).encode()


def in_opass(rows, zone):
    def named(names):
        return [
            {"id": f"id {name}", "zh": {"name": name}, "en": {"name": "x"}}
            for name in dict.fromkeys(filter(None, names))
        ]

    sessions = [
        {"id": row.id, "type": row.type and f"id {row.type}", "room": row.room and f"id {row.room}", "broadcast": None,
         "start": row.start and row.start.isoformat(), "end": row.end and row.end.isoformat(), "record": "https://video.example",
         "zh": {"title": row.title, "description": "…"}, "en": {"title": row.title and "x", "description": "x"},
         "speakers": [f"id {name}" for name, _ in row.speakers], "tags": [f"id {tag}" for tag in row.tags]}
        for row in rows
    ]  # fmt: skip
    told = {
        "sessions": sessions,
        "speakers": named(name for row in rows for name, _ in row.speakers),
        "session_types": named(row.type for row in rows),
        "rooms": named(row.room for row in rows),
        "tags": named(tag for row in rows for tag in row.tags),
    }
    return json.dumps(told).encode()


def in_open_event(rows, zone):
    told = [
        {"id": row.id, "title": row.title, "starts-at": row.start and row.start.isoformat(),
         "ends-at": row.end and row.end.isoformat(), "state": row.state, "long-abstract": "",
         "track": row.track and {"id": 1, "name": row.track, "color": "#fff"},
         "microlocation": row.room and {"id": 1, "name": row.room}, "session-type": row.type and {"id": 1, "name": row.type},
         "speakers": [{"id": 1, "name": name} for name, _ in row.speakers]}
        for row in rows
    ]  # fmt: skip
    return json.dumps(told).encode()


def in_schema_org(rows, zone):
    events = [
        {"@type": "EducationEvent", "@id": row.id, "name": row.title, "startDate": row.start and row.start.isoformat(),
         "endDate": row.end and row.end.isoformat(), "location": row.room and {"@type": "Place", "name": row.room},
         "about": row.track, "additionalType": row.type, "keywords": row.tags,
         "eventStatus": f"https://schema.org/Event{row.state.title()}" if row.state not in (None, "confirmed") else None,
         "performer": [{"@type": "Person", "name": name} for name, _ in row.speakers]}
        for row in rows
    ]  # fmt: skip
    linked = {"@context": "https://schema.org", "@type": "Event", "name": "Forum", "subEvent": events}
    return f"""<!doctype html><title>Forum</title><script>var no = {{"@type": "Event"}};</script>
<script type="application/ld+json">{json.dumps(linked)}</script><p>And much more.""".encode()


ALL = {"room", "track", "type", "state", "tag"}
WRITERS = {
    "csv": in_csv, "xlsx": in_xlsx, "icalendar": in_icalendar, "frab-xml": in_frab_xml, "frab-json": in_frab_json,
    "pretalx": in_pretalx, "indico": in_indico, "records": in_records, "mapped": in_a_layout_of_its_own,
    "sessionize": in_sessionize, "opass": in_opass, "open-event": in_open_event, "schema-org": in_schema_org,
}  # fmt: skip
PATHS = {"mapped": read_mapping(MAPPING.encode(), "mapping.yaml").paths}  # what has to be told of a format
TELLS = {  # which aspects a format has a place for
    "csv": ALL, "xlsx": ALL, "icalendar": {"room", "state", "tag"}, "frab-xml": {"room", "track", "type"},
    "frab-json": {"room", "track", "type"}, "pretalx": ALL, "indico": {"room", "track", "type", "tag"}, "records": ALL,
    "mapped": ALL, "sessionize": {"room", "state", "tag"}, "opass": {"room", "type", "tag"},
    "open-event": {"room", "track", "type", "state"}, "schema-org": ALL,
}  # fmt: skip
# These tell times on the clock of a zone; the others tell offsets.
ON_THE_WALL = ("csv", "xlsx", "icalendar", "indico", "records", "mapped", "sessionize")
NO_ZONE = ON_THE_WALL  # can leave the zone out
NO_SPEAKERS = ("icalendar",)
NO_EMAILS = ("sessionize", "opass", "open-event", "schema-org")


def own_id(form, identifier):
    """The id that an entry has in a format: Indico tells contributions from sessions by a letter."""
    return f"c{identifier}" if form == "indico" else identifier


def many(count):
    """A programme of so many sessions in 30 rooms."""
    first = datetime(2030, 5, 6, 9, 0, tzinfo=ZoneInfo(ZONE))
    return [
        Row(f"T{number:04}", f"Talk {number}", start := first + timedelta(days=number // 240, minutes=30 * (number // 30 % 8)),
            start + timedelta(minutes=30), f"Room {number % 30}", f"Track {number % 5}", "Talk")
        for number in range(count)
    ]  # fmt: skip

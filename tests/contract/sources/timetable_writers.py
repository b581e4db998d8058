"""One timetable written in every format that has one, for the tests that hold for all of them."""

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import xlsxwriter

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


WRITERS = {
    "csv": in_csv, "xlsx": in_xlsx, "icalendar": in_icalendar, "frab-xml": in_frab_xml, "frab-json": in_frab_json,
    "pretalx": in_pretalx, "indico": in_indico,
}  # fmt: skip
TELLS = {  # which aspects a format has a place for
    "csv": {"room", "track", "type", "state", "tag"}, "xlsx": {"room", "track", "type", "state", "tag"},
    "icalendar": {"room", "state", "tag"}, "frab-xml": {"room", "track", "type"}, "frab-json": {"room", "track", "type"},
    "pretalx": {"room", "track", "type", "state", "tag"}, "indico": {"room", "track", "type", "tag"},
}  # fmt: skip
ON_THE_WALL = ("csv", "xlsx", "icalendar", "indico")  # tell times on the clock of a zone; the others tell offsets
NO_ZONE = ("csv", "xlsx", "icalendar", "indico")  # can leave the zone out
NO_SPEAKERS = ("icalendar",)


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

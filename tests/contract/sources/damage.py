"""Valid programmes spoilt: bytes cut, doubled, moved and put in, also inside the parts of a workbook."""

import io
import zipfile
from pathlib import Path

from zoom_sync.adapters.sources import FORMATS
from zoom_sync.adapters.sources.decoding import to_text
from zoom_sync.adapters.sources.reading import Findings

SAMPLES = Path(__file__).parents[2] / "samples/programmes"
NO_PROGRAMME = {"mapping.yaml", "own-layout.mapping.yaml"}
TOLD = {"own-layout.yml": "mapped"}  # what no content shows


def _by_format():
    """The names of the samples by the format that each is found to have."""
    found = {}
    for path in sorted(SAMPLES.iterdir()):
        if path.name not in NO_PROGRAMME:
            data = path.read_bytes()
            text = to_text(data, Findings("")) or ""
            form = TOLD.get(path.name) or next(
                each.name
                for each in FORMATS
                if (each.recognises_bytes(data) if each.recognises_bytes else each.recognises(text))
            )
            found.setdefault(form, []).append(path.name)
    return found


OF_FORMAT = _by_format()
TOKENS = [
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b",", b";", b"\t", b'"', b"'", b"{", b"}", b"[", b"]", b":", b"<", b">",
    b"&", b"&x;", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<!--", b"]]>", b"9999-12-31", b"0000-00-00", b"1e999", b"-1", b"null",
    b"2024-03-31T02:30:00", b"+99:99", b"24:00", b"UTC+8", b"TZID=Europe/Paris", b"RRULE:FREQ=DAILY;COUNT=9\r\n",
    b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9\r\n", b"RRULE:FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO;UNTIL=20990101\r\n",
    b"EXDATE:20300506T080000Z\r\n", b"RDATE;VALUE=PERIOD:20300506T080000Z/PT1H\r\n", b"DURATION:-PT1H\r\n", b"DTSTART:20300506\r\n",
    b"RECURRENCE-ID:20300507T160000Z\r\n", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", "北京时间".encode(), "第一场：".encode(),
    "2030年13月40日".encode(), "晚上99点".encode(), b"11/06/2023", b"1048576", b'r="99999999"', b'ref="A1:XFD1048576"', b"99999999999999999999",
    b"nan", b"#REF!", b"\xd8\x00", "\u202e".encode(), b"A" * 3000, b"[" * 500, b"<a>" * 300,
]  # fmt: skip


def spoilt(data, edits):
    """The bytes after the edits: each a place (0 to 1), how many bytes it takes away, and what it puts there."""
    for place, length, put in edits:
        start = int(place * len(data))
        data = data[:start] + put + data[start + length :]
    return data


def spoilt_inside(data, part, edits):
    """A workbook one of whose parts is spoilt, packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for number, name in enumerate(names):
            body = old.read(name)
            new.writestr(name, spoilt(body, edits) if number == int(part * len(names)) else body)
    return out.getvalue()


def sample(name):
    return (SAMPLES / name).read_bytes()

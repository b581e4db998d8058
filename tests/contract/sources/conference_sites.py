"""Stand-ins for a pretalx and an Indico site, by their published descriptions: on this machine, over real HTTP.

pretalx: https://docs.pretalx.org/api/ (fundamentals: token, pages, expand; resources: events, schedules, answers).
Indico: https://docs.getindico.io/en/stable/http-api/ (access: bearer tokens; exporters: event, detail=sessions).
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = 2  # so that there are several


class Site:
    """What both have in common. `away` answers every request with that status; `cut` breaks every answer off."""

    def __init__(self, token):
        self.token, self.away, self.cut, self.asked = token, None, False, []
        self.address = ""

    def answer(self, method, path, query, body):
        raise NotImplementedError

    def authorised(self, header):
        return header == f"{self.scheme} {self.token}"


class PretalxSite(Site):
    scheme = "Token"

    def __init__(self, token):
        super().__init__(token)
        self.rooms = [{"id": 1, "name": {"en": "Hall A", "pt": "Sala A"}}, {"id": 2, "name": {"en": "Hall B"}}]
        self.talks = {
            "ABCDEF": self._talk("ABCDEF", "Opening", "Ana Reis"),
            "GHJKLM": self._talk("GHJKLM", "Reading the tides", "Bo Lund", do_not_record=True),
        }
        self.slots = [
            self._slot(1, "ABCDEF", 1, "2030-05-06T09:00:00+01:00", "2030-05-06T09:30:00+01:00"),
            self._slot(2, "GHJKLM", 2, "2030-05-06T10:00:00+01:00", "2030-05-06T10:45:00+01:00"),
            {
                **self._slot(3, None, 1, "2030-05-06T12:00:00+01:00", "2030-05-06T13:00:00+01:00"),
                "description": {"en": "Lunch"},
            },
        ]
        self.answers = [
            {
                "id": 7,
                "question": 4,
                "submission": "GHJKLM",
                "answer": "vegan",
                "options": [],
                "person": None,
                "review": None,
            }
        ]

    @staticmethod
    def _talk(code, title, name, **more):
        return {"code": code, "title": title, "state": "confirmed", "submission_type": {"id": 1, "name": {"en": "Talk"}},
                "track": None, "abstract": "", "tags": [], "duration": 30, "content_locale": "en",
                "do_not_record": False, "speakers": [{"code": "X", "name": name}], **more}  # fmt: skip

    @staticmethod
    def _slot(number, code, room, start, end):
        return {"id": number, "submission": code, "room": room, "start": start, "end": end, "description": None,
                "duration": 30, "schedule": 9}  # fmt: skip

    def answer(self, method, path, query, body):
        base = "/api/events/coast/"
        if method == "GET" and path == base:
            return 200, {"slug": "coast", "name": {"en": "Open Coast Forum"}, "timezone": "Europe/Lisbon"}
        if method == "GET" and path == f"{base}schedules/latest/":
            expand = query.get("expand", "").split(",")
            if "slots" not in expand:
                return 200, {"id": 9, "version": "v1", "slots": [slot["id"] for slot in self.slots]}
            return 200, {"id": 9, "version": "v1", "slots": [self._expanded(slot, expand) for slot in self.slots]}
        if path == f"{base}answers/" and method == "GET":
            return 200, self._page(
                [one for one in self.answers if str(one["question"]) == query["question"]], path, query
            )
        if path == f"{base}answers/" and method == "POST":
            if set(body) != {"question", "submission", "answer"} or body["submission"] not in self.talks:
                return 400, {"submission": ["Invalid."]}
            self.answers.append({"id": len(self.answers) + 100, "options": [], "person": None, "review": None, **body})
            return 201, self.answers[-1]
        if path.startswith(f"{base}answers/") and method == "PATCH":
            number = int(path.removeprefix(f"{base}answers/").strip("/"))
            found = next((one for one in self.answers if one["id"] == number), None)
            if found is None or set(body) != {"answer"}:
                return 404, {"detail": "Not found."}
            found.update(body)
            return 200, found
        return 404, {"detail": "Not found."}

    def _expanded(self, slot, expand):
        told = dict(slot)
        if "slots.room" in expand:
            told["room"] = next((room for room in self.rooms if room["id"] == slot["room"]), None)
        if "slots.submission" in expand and slot["submission"]:
            told["submission"] = self.talks[slot["submission"]]
        return told

    def _page(self, found, path, query):
        number = int(query.get("page", 1))
        more = len(found) > number * PAGE
        following = f"{self.address}{path}?question={query['question']}&page={number + 1}" if more else None
        return {
            "count": len(found),
            "next": following,
            "previous": None,
            "results": found[(number - 1) * PAGE : number * PAGE],
        }

    def said(self, question):
        return {one["submission"]: one["answer"] for one in self.answers if one["question"] == question}


class IndicoSite(Site):
    scheme = "Bearer"

    def answer(self, method, path, query, body):
        if method != "GET" or path != "/export/event/1337.json" or query.get("detail") != "sessions":
            return 404, {"message": "not found"}

        def at(clock):
            return {"date": "2030-05-06", "tz": "Europe/Lisbon", "time": clock}

        talk = {"_type": "Contribution", "_fossil": "contributionMetadataWithSubContribs", "id": "1", "title": "Maps",
                "startDate": at("14:00:00"), "endDate": at("14:20:00"), "duration": 20, "room": None, "session": None}  # fmt: skip
        session = {"_type": "Session", "_fossil": "sessionMetadata", "id": "0", "title": "Tides", "room": "Hall B",
                   "startDate": at("10:00:00"), "endDate": at("11:00:00"), "contributions": [], "sessionConveners": []}  # fmt: skip
        event = {"_type": "Conference", "_fossil": "conferenceMetadataWithSessions", "id": "1337", "title": "Open Coast Forum",
                 "timezone": "Europe/Lisbon", "sessions": [session], "contributions": [talk]}  # fmt: skip
        return 200, {"count": 1, "_type": "HTTPAPIResult", "complete": True, "results": [event]}


@contextmanager
def serving(site):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            site.asked.append((self.command, parts.path))
            if site.away:
                status, told = site.away, {"detail": "later"}
            elif not site.authorised(self.headers.get("Authorization")):
                status, told = 401, {"detail": "Invalid token."}
            else:
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                status, told = site.answer(self.command, parts.path, query, json.loads(body) if body else None)
            data = json.dumps(told).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", told["location"])
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if site.cut else data)
            if site.cut:
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815 - the interface

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()

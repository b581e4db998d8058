"""Every kind of place that a programme lives in, and what its people do there. Each holds two or three talks."""

import json
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import yaml
from conference_sites import IndicoSite, PretalxSite, serving
from openpyxl import Workbook, load_workbook
from talks_site import TalksSite

TOKEN = "a-token-that-nobody-sees"
OLD = "Reading the tides"
HEADINGS = ["id", "title", "start", "end", "meeting_id", "join_url", "passcode"]
TALKS = [
    ["one", "Opening", "2030-05-06 09:00", "2030-05-06 09:30", "", "", ""],
    ["two", OLD, "2030-05-06 10:00", "2030-05-06 10:45", "", "", ""],
]


class Home:
    """A place. `writes` whether it takes anything back, `first` and `second` the keys of two talks."""

    writes, first, second, variables = True, "one", "two", {}

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "talks.yaml"

    def retitle(self, title):
        """The second talk has another title."""
        raise NotImplementedError

    def empty(self):
        """Nobody speaks any more, all of a sudden."""
        raise NotImplementedError

    def go(self, away):
        """It cannot be reached, or can be again."""
        raise NotImplementedError

    def meeting_ids(self):
        """What stands there."""
        raise NotImplementedError

    def put(self, meeting_id):
        """Somebody writes a meeting of his own to the first talk."""
        raise NotImplementedError


class FileHome(Home):
    """A file that somebody edits."""

    name = "talks.csv"

    def __init__(self, folder):
        super().__init__(folder)
        self.path = folder / self.name
        self.save([list(talk) for talk in TALKS])

    def save(self, rows, age=60):
        self.path.write_bytes(self.written(rows))
        self.settle(age)

    def settle(self, age=60):
        told = self.path.stat().st_mtime - age
        os.utime(self.path, (told, told))

    def written(self, rows):
        return "\n".join(",".join(row) for row in [HEADINGS, *rows]).encode() + b"\n"

    def rows(self):
        lines = self.path.read_text().splitlines()[1:]
        return [line.split(",") for line in lines]

    def retitle(self, title):
        rows = self.rows()
        rows[1][1] = title
        self.save(rows)

    def empty(self):
        self.save([])

    def go(self, away):
        kept = self.path.with_suffix(".away")
        (self.path.rename(kept)) if away else kept.rename(self.path)

    def meeting_ids(self):
        return {row[0]: row[4] for row in self.rows()}

    def put(self, meeting_id):
        rows = self.rows()
        rows[0][4:7] = [meeting_id, "", ""]
        self.save(rows)

    def half(self):
        """An editor has written the beginning of the file, and is about to write the rest."""
        whole = self.path.read_bytes()
        self.path.write_bytes(whole[: whole.index(OLD.encode())] if OLD.encode() in whole else whole[:100])
        return whole


class Workbooks(FileHome):
    name = "talks.xlsx"

    def written(self, rows):
        book, out = Workbook(), BytesIO()
        for row in [HEADINGS, *rows]:
            book.active.append(row)
        book.save(out)
        return out.getvalue()

    def rows(self):
        sheet = load_workbook(self.path).active
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)]


class Yaml(FileHome):
    name = "programme.yaml"

    def written(self, rows):
        sessions = []
        for key, title, start, end, number, link, code in rows:
            told = {"key": key, "title": title, "start": start, "end": end}
            known = {"id": number, "link": link, "passcode": code}
            known = {name: value for name, value in known.items() if value}
            sessions.append({**told, "meeting": known} if known else told)
        event = {"key": "forum", "title": "Forum", "timezone": "Europe/Lisbon"}
        return yaml.safe_dump({"event": event, "sessions": sessions}, sort_keys=False, width=500).encode()

    def rows(self):
        told = yaml.safe_load(self.path.read_text())["sessions"]
        meetings = [one.get("meeting") or {} for one in told]
        return [[one["key"], one["title"], one["start"], one["end"], *(m.get(name, "") for name in ("id", "link", "passcode"))]
                for one, m in zip(told, meetings, strict=True)]  # fmt: skip


class OwnJson(FileHome):
    """A layout of a conference's own, which a mapping beside it tells: it is read only."""

    name, writes = "schedule.json", False

    def __init__(self, folder):
        super().__init__(folder)
        self.file, self.path = self.path, folder / "talks.yaml"
        self.path.write_text(
            "source: schedule.json\nevent: {key: forum, title: Forum, timezone: Europe/Lisbon}\npaths:\n"
            "  entries: $.talks[*]\n  fields: {id: $.code, title: $.name, start: $.from, end: $.to}\n"
        )

    def save(self, rows, age=60):
        self.file = self.folder / self.name
        told = [{"code": row[0], "name": row[1], "from": row[2], "to": row[3]} for row in rows]
        self.file.write_text(json.dumps({"talks": told}))
        os.utime(self.file, (self.file.stat().st_mtime - age,) * 2)

    def rows(self):
        return [[*one.values(), "", "", ""] for one in json.loads(self.file.read_text())["talks"]]

    def go(self, away):
        kept = self.file.with_suffix(".away")
        (self.file.rename(kept)) if away else kept.rename(self.file)

    def half(self):
        whole = self.file.read_bytes()
        self.file.write_bytes(whole[: len(whole) // 2])
        return whole


class OnTheWeb(FileHome):
    """A published table."""

    writes, away, cut = False, False, False

    def __init__(self, folder):
        super().__init__(folder)
        home = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                data = home.file.read_bytes()
                self.send_response(503 if home.away else 200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2] if home.cut else data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.file, self.path = self.path, f"http://127.0.0.1:{self.server.server_port}/pub?output=csv&key=secret-word"

    def save(self, rows, age=60):
        getattr(self, "file", self.path).write_bytes(self.written(rows))

    def rows(self):
        return [line.split(",") for line in self.file.read_text().splitlines()[1:]]

    def go(self, away):
        self.away = away

    def half(self):
        self.cut = True


class Databases(Home):
    """The talks table of a Django site."""

    first, second = "1", "2"

    def __init__(self, folder, url=None):
        super().__init__(folder)
        self.url = url or f"sqlite:///{folder / 'talks.db'}"
        self.site = TalksSite(self.url)
        self.path.write_text(self.site.mapping)
        self.variables = {"TALKS_DATABASE_URL": self.url}
        self.retitle(OLD)

    def retitle(self, title):
        self.site.run("UPDATE talks_talk SET name = :title WHERE id = 2", title=title)

    def empty(self):
        self.site.run("UPDATE talks_talk SET public = :no", no=False)

    def go(self, away):
        self.variables = {"TALKS_DATABASE_URL": "postgresql://u:secret-word@127.0.0.1:9/talks" if away else self.url}

    def meeting_ids(self):
        return {str(row["id"]): str(row["zoom_id"] or "") for row in self.site.rows()}

    def put(self, meeting_id):
        self.site.run(
            "UPDATE talks_talk SET zoom_id = :id, zoom_link = '', zoom_code = '' WHERE id = 1", id=int(meeting_id)
        )


class InPretalx(Home):
    first, second = "abcdef", "ghjklm"

    def __init__(self, folder, site):
        super().__init__(folder)
        self.site, self.variables = site, {"SITE_TOKEN": TOKEN}
        self.path.write_text(
            f"pretalx:\n  address: {site.address}\n  event: coast\n  token: SITE_TOKEN\n"
            "  answers: {join_url: 17, meeting_id: 18}\nevent: {key: forum}\n"
        )

    def retitle(self, title):
        self.site.talks["GHJKLM"]["title"] = title

    def empty(self):
        self.site.slots = []

    def go(self, away):
        self.site.away = 503 if away else None

    def half(self):
        self.site.cut = True

    def meeting_ids(self):
        return {code.lower(): text for code, text in self.site.said(18).items()}

    def put(self, meeting_id):
        self.site.answers = [one for one in self.site.answers if (one["question"], one["submission"]) != (18, "ABCDEF")]
        self.site.answers.append({"id": 70, "question": 18, "submission": "ABCDEF", "answer": meeting_id})


class InIndico(Home):
    writes, first, second = False, "s0", "c1"

    def __init__(self, folder, site):
        super().__init__(folder)
        self.site, self.variables, self.title = site, {"SITE_TOKEN": TOKEN}, "Maps"
        self.path.write_text(
            f"indico: {{address: {site.address}, event: 1337, token: SITE_TOKEN}}\nevent: {{key: forum}}\n"
        )
        whole = site.answer

        def answer(*request):
            status, told = whole(*request)
            if status == 200:
                event = told["results"][0]
                event["contributions"] = (
                    [{**one, "title": self.title} for one in event["contributions"]] if self.title else []
                )
                event["sessions"] = event["sessions"] if self.title else []
            return status, told

        site.answer = answer

    def retitle(self, title):
        self.title = title

    def empty(self):
        self.title = None

    def go(self, away):
        self.site.away = 503 if away else None

    def half(self):
        self.site.cut = True


HOMES = ("csv", "xlsx", "yaml", "json", "web", "sqlite", "postgresql", "mariadb", "pretalx", "indico")


@contextmanager
def home_of(kind, folder, database_url):
    Path(folder).mkdir(exist_ok=True)
    if kind in {"csv", "xlsx", "yaml", "json"}:
        yield {"csv": FileHome, "xlsx": Workbooks, "yaml": Yaml, "json": OwnJson}[kind](folder)
    elif kind == "web":
        home = OnTheWeb(folder)
        yield home
        home.server.shutdown()
        home.server.server_close()
    elif kind in {"sqlite", "postgresql", "mariadb"}:
        home = Databases(folder, None if kind == "sqlite" else database_url(kind))
        yield home
        home.site.engine.dispose()
    else:
        with serving(PretalxSite(TOKEN) if kind == "pretalx" else IndicoSite(TOKEN)) as site:
            yield (InPretalx if kind == "pretalx" else InIndico)(folder, site)

"""The public API over a real store: which events it serves, what of them, and when it has nothing new to say."""

import csv
import io
import json
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from icalendar import Calendar

from factories import NOW, make_link, make_programme, make_session
from support.aside import run_aside
from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints.public.editions import Editions
from zoom_sync.entrypoints.publication_api import router
from zoom_sync.settings import Settings

LINK = make_link()


def save(parts, *sessions):
    programme = make_programme(make_session())
    event = replace(programme.event, public=True)
    parts.programmes.save(replace(programme, event=event, sessions=sessions), NOW)


@pytest.fixture
def parts(store_url):
    parts = Parts(Settings(_env_file=None, DATABASE_URL=store_url))
    save(parts, make_session(), make_session("seminar-2"))
    parts.programmes.save(make_programme(key="internal"), NOW)
    parts.links.finish("urban-2023", LINK, None, NOW)
    yield parts
    parts.database.close()


class Client:
    """Asks an application in this process."""

    def __init__(self, app):
        self.transport = httpx.ASGITransport(app)

    def ask(self, method, path, **options):
        async def send():
            async with httpx.AsyncClient(transport=self.transport, base_url="http://public.example") as client:
                return await client.request(method, path, **options)

        return run_aside(send())

    def get(self, path, **options):
        return self.ask("GET", path, **options)


@pytest.fixture
def client(parts):
    app = FastAPI()
    app.include_router(router(Editions(parts)))
    return Client(app)


def test_the_programme_is_told_with_its_meetings(client):
    answer = client.get("/api/events/urban-2023.json")
    assert answer.headers["content-type"] == "application/json"
    first, second = answer.json()["sessions"]
    assert (first["key"], first["state"], first["meeting_id"], first["join_url"]) == (
        "seminar-1", "linked", LINK.meeting_id, LINK.join_url,
    )  # fmt: skip
    assert (second["state"], second["meeting_id"]) == ("no meeting", None)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_table_and_the_calendar_tell_the_same(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/api/events/urban-2023.csv").text)))
    assert [(row["key"], row["meeting_id"]) for row in rows] == [("seminar-1", LINK.meeting_id), ("seminar-2", "")]
    answer = client.get("/api/events/urban-2023.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert [str(one["uid"]) for one in Calendar.from_ical(answer.content).walk("VEVENT")] == [
        "seminar-1@urban-2023.zoom-sync", "seminar-2@urban-2023.zoom-sync",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["json", "csv", "ics"])
def test_what_is_not_public_is_not_there(client, form):
    hidden, unknown = (client.get(f"/api/events/{key}.{form}") for key in ("internal", "nothing"))
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json() == unknown.json()


@pytest.mark.parametrize("form", ["json", "csv", "ics"])
def test_nothing_is_sent_again_while_nothing_has_changed(client, parts, form):
    path = f"/api/events/urban-2023.{form}"
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    for told in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": told})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    save(parts, make_session(title="New"), make_session("seminar-2"))
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert client.ask("HEAD", path).headers["etag"] == changed.headers["etag"]


def test_a_subscriber_sees_what_moved_and_what_was_called_off(client, parts):
    client.get("/api/events/urban-2023.ics")
    save(parts, make_session(title="New"))
    read = Calendar.from_ical(client.get("/api/events/urban-2023.ics").content)
    told = {str(one["summary"]): (one["sequence"], str(one["status"])) for one in read.walk("VEVENT")}
    assert told == {"New": (1, "CONFIRMED"), "Called off: Making our cities safe": (1, "CANCELLED")}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_only_reads(client, method):
    assert client.ask(method, "/api/events/urban-2023.json").status_code == 405


def test_an_event_without_sessions_answers(client, parts):
    save(parts)
    answers = [client.get(f"/api/events/urban-2023.{form}") for form in ("json", "csv", "ics")]
    assert {answer.status_code for answer in answers} == {200}
    assert json.loads(answers[0].content)["event"]["key"] == "urban-2023"

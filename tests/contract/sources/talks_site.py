"""The database of a conference's Django site, made by somebody who never heard of zoom_sync."""

from contextlib import contextmanager

from sqlalchemy import create_engine, text

# As Django's migrations make it of a model Talk with a foreign key to Room, and a many-to-many to Speaker.
TABLES = [
    "CREATE TABLE talks_room (id {serial}, name varchar(100) NOT NULL)",
    "CREATE TABLE talks_speaker (id {serial}, full_name varchar(200) NOT NULL, email varchar(254) NOT NULL)",
    """CREATE TABLE talks_talk (
        id {serial}, name varchar(200) NOT NULL, abstract text NOT NULL, starts_at {instant} NULL,
        minutes integer NOT NULL, status varchar(20) NOT NULL, public boolean NOT NULL,
        room_id integer NULL REFERENCES talks_room (id),
        zoom_id {number} NULL, zoom_link varchar(500) NOT NULL DEFAULT '', zoom_code varchar(20) NOT NULL DEFAULT '',
        zoom_state varchar(20) NOT NULL DEFAULT '', people integer NULL, updated_by varchar(50) NOT NULL DEFAULT 'editor')""",
    """CREATE TABLE talks_talk_speakers (
        id {serial}, talk_id integer NOT NULL REFERENCES talks_talk (id),
        speaker_id integer NOT NULL REFERENCES talks_speaker (id))""",
    # Whoever runs the site may give a view only: who speaks stands there by name, and what is a draft does not.
    """CREATE VIEW public_talks AS
        SELECT t.id AS talk_id, t.name, t.abstract, t.starts_at, t.minutes, t.status, r.name AS room, s.full_name AS speaker,
               t.zoom_id, t.zoom_link, t.zoom_code
        FROM talks_talk t LEFT JOIN talks_room r ON r.id = t.room_id
        LEFT JOIN talks_talk_speakers ts ON ts.talk_id = t.id LEFT JOIN talks_speaker s ON s.id = ts.speaker_id
        WHERE t.public""",
]
KINDS = {
    "postgresql": {"serial": "serial PRIMARY KEY", "instant": "timestamptz", "number": "bigint"},
    "mysql": {"serial": "integer PRIMARY KEY AUTO_INCREMENT", "instant": "datetime", "number": "bigint"},
    "sqlite": {"serial": "integer PRIMARY KEY AUTOINCREMENT", "instant": "datetime", "number": "bigint"},
}
# A database without instants holds UTC, and the query says so.
START = {
    "postgresql": "starts_at",
    "mysql": "CONCAT(starts_at, '+00:00')",
    "sqlite": "starts_at || '+00:00'",
}
TALKS = [
    ("Opening of the forum, with Q&A", "2030-05-06 08:00:00", 30, "confirmed", True, 1),
    ("Tides; and how they are told", "2030-05-06 09:00:00", 45, "confirmed", True, 2),
    ("Не только по-английски 你好", "2030-05-06 10:00:00", 60, "confirmed", True, 2),
    ("A draft of somebody", None, 30, "draft", False, None),
]

MAPPING = """\
sql:
  connection: TALKS_DATABASE_URL
  query: |
    SELECT talk_id, name, abstract, {start} AS starts_at, minutes, status, room, speaker, zoom_id, zoom_link, zoom_code
    FROM public_talks ORDER BY talk_id
  write_back: |
    UPDATE talks_talk
    SET zoom_id = :meeting_id, zoom_link = :join_url, zoom_code = :passcode, zoom_state = :status, people = :participants
    WHERE id = :talk_id
columns: {{id: talk_id, title: name, start: starts_at, duration: minutes, link: zoom_link, meeting_id: zoom_id, passcode: zoom_code}}
event: {{key: forum, title: Open Coast Forum, timezone: Europe/Lisbon}}
"""


class TalksSite:
    """The database, and what its own programs and people do to it."""

    def __init__(self, url):
        self.url = url
        self.engine = create_engine(url)
        kind = self.engine.dialect.name
        self.mapping = MAPPING.format(start=START[kind])
        with self.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(table.format(**KINDS[kind])))
            for room in ("Hall A", "Hall B"):
                connection.execute(text("INSERT INTO talks_room (name) VALUES (:name)"), {"name": room})
            for talk in TALKS:
                self._insert(connection, *talk)

    def _insert(self, connection, name, starts_at, minutes, status, public, room):
        moment = starts_at and starts_at + ("+00" if self.engine.dialect.name == "postgresql" else "")
        connection.execute(
            text(
                "INSERT INTO talks_talk (name, abstract, starts_at, minutes, status, public, room_id)"
                " VALUES (:name, '', :starts_at, :minutes, :status, :public, :room)"
            ),
            {"name": name, "starts_at": moment, "minutes": minutes, "status": status, "public": public, "room": room},
        )

    def add(self, *talk):
        with self.engine.begin() as connection:
            self._insert(connection, *talk)

    def run(self, statement, **values):
        with self.engine.begin() as connection:
            return connection.execute(text(statement), values).rowcount

    def rows(self, query="SELECT * FROM talks_talk ORDER BY id"):
        with self.engine.connect() as connection:
            return [row._asdict() for row in connection.execute(text(query))]


@contextmanager
def talks_site(url):
    site = TalksSite(url)
    try:
        yield site
    finally:
        site.engine.dispose()

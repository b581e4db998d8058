"""Sources of all formats through the commands: shown, mapped, loaded again after an edit, fetched from the web."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "samples/programmes"
TABLE = "title,start,minutes\nOpening,2030-05-06 09:00,90\nTides,2030-05-06 14:00,60\n"


@pytest.fixture
def table(bare):
    (bare.folder / "p.csv").write_text(TABLE, encoding="utf-8")
    return bare


def load(line, *options, **kwargs):
    return line.run(
        "load", "p.csv", "--timezone", "Europe/Lisbon", "--event", "coast", "--event-title", "Coast", *options, **kwargs
    )


def keys(line):
    return [session["key"] for session in line.json("status")["sessions"]]


def edit(line, old, new):
    path = line.folder / "p.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    ["programme.yaml", "programme.csv", "programme-zh.csv", "programme.xlsx", "sched.csv", "sched.ics", "calendar.ics",
     "schedule.xml", "schedule.json", "pretalx.json", "indico-event.json", "indico-timetable.json", "announcement.txt"],
)  # fmt: skip
def test_every_sample_is_checked_without_a_problem(bare, name):
    told = bare.json("check", SAMPLES / name, "--timezone", "Europe/Lisbon")
    assert told["problems"] == []
    assert told["sessions"][0]["key"]


def test_columns_are_shown_before_they_are_used(bare):
    out = bare.out("check", SAMPLES / "programme.csv", "--timezone", "Europe/Lisbon")
    assert "title from `Session name`, date from `Date`, start from `From`" in out
    assert "passed over: `Remarks`" in out


def test_a_mapping_and_options_say_what_becomes_a_session(bare):
    source = SAMPLES / "programme.csv"
    (bare.folder / "config").mkdir()
    (bare.folder / "config" / "profiles.yaml").write_text(
        "profiles: {internal: {}, public-seminar: {}}\n", encoding="utf-8"
    )
    told = bare.json(
        "check", source, "--mapping", SAMPLES / "mapping.yaml", "--room", "Hall B", "--title", "{title} in {room}"
    )
    assert [session["title"] for session in told["sessions"]] == ["Reading the tides in Hall B"]
    by_day = bare.json("check", source, "--mapping", SAMPLES / "mapping.yaml", "--one-meeting-per", "room-and-day")
    assert [session["key"] for session in by_day["sessions"]] == [
        "hall-a-2030-05-06", "hall-b-2030-05-06", "hall-a-2030-05-13"
    ]  # fmt: skip


def test_wrong_options_are_usage_errors(bare):
    (bare.folder / "m.yaml").write_text("colour: blue\n", encoding="utf-8")
    source = SAMPLES / "programme.csv"
    for options in (
        ["--mapping", "m.yaml"],
        ["--title", "{titel}"],
        ["--one-meeting-per", "week"],
        ["--source-format", "odt"],
    ):
        assert bare.err("check", source, *options, code=2)
    assert "nowhere.yaml" in bare.err("check", source, "--mapping", "nowhere.yaml", code=1)
    assert "no use for it" in bare.out("check", SAMPLES / "programme.yaml", "--room", "Hall A", code=1)


def test_standard_input_may_be_a_table(table):
    assert "2 sessions" in table.out("check", "-", "--timezone", "Europe/Lisbon", stdin=TABLE)


def test_help_lists_the_formats_of_the_registry(bare):
    from zoom_sync.adapters.sources import FORMATS

    for command in ("check", "load"):
        said = " ".join(bare.out(command, "--help").split()).replace("- ", "-")
        assert ", ".join(each.name for each in FORMATS) in said


def test_a_changed_time_is_matched_and_shown_before_it_is_trusted(table):
    load(table)
    before = keys(table)
    edit(table, "2030-05-06 14:00", "2030-05-06 15:00")
    said = load(table, code=2).stderr
    assert "`Tides` is taken for the stored session tides-20300506-1400: same title on the same day" in said
    assert "--accept-keys" in said
    assert table.json("status")["sessions"][1]["start"] == "2030-05-06T14:00:00+01:00"
    assert "match: " in load(table, "--accept-keys").stderr
    assert keys(table) == before
    assert table.json("status")["sessions"][1]["start"] == "2030-05-06T15:00:00+01:00"
    assert "match: " not in load(table, "--yes").stderr  # title and time are exactly those of the stored session
    assert keys(table) == before


def test_loading_the_same_again_needs_no_look(table):
    load(table)
    assert "match" not in load(table).stderr


def test_a_source_with_ids_needs_no_look(table):
    (table.folder / "p.csv").write_text(
        "id," + TABLE.replace("\nO", "\no1,O").replace("\nT", "\nt2,T"), encoding="utf-8"
    )
    load(table)
    edit(table, "Tides,2030-05-06 14:00", "Renamed,2030-05-07 18:00")
    load(table)
    assert keys(table) == ["o1", "t2"]


@pytest.fixture
def web(bare):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SAMPLES)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_programme_is_fetched_from_the_web_where_that_is_allowed(bare, web):
    said = bare.err("check", f"{web}/schedule.xml?token=secret", code=1)
    assert "private network" in said
    assert "secret" not in said
    allowed = {"ZOOM_SYNC_ALLOW_PRIVATE_URLS": "true"}
    assert "2 sessions" in bare.out("check", f"{web}/schedule.xml", env=allowed)
    assert "HTTP 404" in bare.err("load", f"{web}/none", env=allowed, code=1)


def test_a_thousand_sessions_in_thirty_rooms_are_loaded(bare):
    rows = "".join(
        f"t{n},Talk {n},2030-05-{6 + n // 240:02},{9 + n // 30 % 8:02}:00,50,Room {n % 30}\n" for n in range(1000)
    )
    (bare.folder / "p.csv").write_text("id,title,date,start,minutes,room\n" + rows, encoding="utf-8")
    assert "1000 sessions" in load(bare).stdout

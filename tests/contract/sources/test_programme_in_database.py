"""A programme in somebody else's database: read by a query, written back by a statement.

On SQLite and PostgreSQL, and on MariaDB where this machine has one.
"""

import pytest
from talks_site import talks_site

from zoom_sync.adapters.sources import read_mapping
from zoom_sync.adapters.sources.fetching import Fetcher
from zoom_sync.adapters.sources.origins import NotRead, SourceSpec, Ways, open_source
from zoom_sync.domain.returning import Earlier, Returned
from zoom_sync.errors import ConfigurationError

VARIABLE = "TALKS_DATABASE_URL"


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def site(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'talks.db'}"
    else:
        url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "mariadb_url")
    with talks_site(url) as made:
        yield made


@pytest.fixture
def opened(site, tmp_path):
    def open_(text=site.mapping, url=site.url):
        (tmp_path / "talks.yaml").write_text(text)
        ways = Ways({VARIABLE: url}.__getitem__, Fetcher())
        return open_source(SourceSpec(str(tmp_path / "talks.yaml")), ways)

    return open_


def wanted(**of):
    """What is written back for the talks, by their keys."""
    return {key: Returned(key, number, f"https://zoom.us/j/{number}?pwd=x{key}", f"0code{key}", "Host", "linked", people)
            for key, (number, people) in of.items()}  # fmt: skip


FIRST = wanted(**{"1": ("82318937943", None), "2": ("82318937944", None)})


def earlier(written, **pending):
    return {key: Earlier(one.values()) for key, one in written.items()}


def test_the_talks_of_a_django_site_are_read_from_its_view(opened):
    reading = opened().read()
    assert reading.problems == ()
    assert [
        (one.key, one.title, one.start.isoformat(), one.minutes, one.room) for one in reading.programme.sessions
    ] == [
        ("1", "Opening of the forum, with Q&A", "2030-05-06T09:00:00+01:00", 30, "Hall A"),
        ("2", "Tides; and how they are told", "2030-05-06T10:00:00+01:00", 45, "Hall B"),
        ("3", "Не только по-английски 你好", "2030-05-06T11:00:00+01:00", 60, "Hall B"),
    ]
    assert reading.programme.event.key == "forum"


def test_a_query_that_writes_is_refused_by_the_database_itself(opened, site):
    told = site.mapping.replace("SELECT talk_id", "WITH gone AS (DELETE FROM talks_talk RETURNING id) SELECT talk_id")
    with pytest.raises(NotRead):
        opened(told).read()
    assert len(site.rows()) == 4


def test_meetings_are_written_into_the_rows_and_a_second_time_changes_nothing(opened, site):
    told = opened().target.write_back(FIRST, {})
    assert (told.changed, told.missing, told.kept) == (["1", "2"], [], [])
    rows = site.rows()
    assert [(row["zoom_id"], row["zoom_code"], row["zoom_state"]) for row in rows[:3]] == [
        (82318937943, "0code1", "linked"), (82318937944, "0code2", "linked"), (None, "", ""),
    ]  # fmt: skip
    again = opened().target.write_back(FIRST, earlier(FIRST))
    assert (again.changed, again.same) == ([], ["1", "2"])
    assert site.rows() == rows
    reading = opened().read()
    assert reading.programme.sessions[0].known.meeting_id == "82318937943"


def test_what_was_cut_off_before_it_was_remembered_is_finished_and_no_strangers_work(opened, site):
    opened().target.write_back(FIRST, {})
    second = wanted(**{"1": ("99999999999", 12), "2": ("82318937944", 7)})
    opened().target.write_back(second, earlier(FIRST))  # and then the process died, before it could say so
    third = wanted(**{"1": ("88888888888", 12), "2": ("82318937944", 7)})
    before = {key: Earlier(FIRST[key].values(), second[key].values()) for key in FIRST}
    told = opened().target.write_back(third, before)
    assert (told.changed, told.kept) == (["1", "2"], [])
    assert [row["zoom_id"] for row in site.rows()[:2]] == [88888888888, 82318937944]
    assert [row["people"] for row in site.rows()[:2]] == [12, 7]


def test_what_somebody_else_wrote_meanwhile_stays(opened, site):
    opened().target.write_back(FIRST, {})
    site.run("UPDATE talks_talk SET zoom_id = 81111111111, zoom_link = 'https://meet.example.org/x' WHERE id = 1")
    second = wanted(**{"1": ("99999999999", None), "2": ("99999999998", None)})
    told = opened().target.write_back(second, earlier(FIRST))
    assert told.changed == ["2"]
    assert [key for key, _ in told.kept] == ["1"]
    assert "somebody else" in told.kept[0][1]
    assert site.rows()[0]["zoom_link"] == "https://meet.example.org/x"


def test_a_row_that_is_gone_is_told_and_the_others_are_written(opened, site):
    site.run("DELETE FROM talks_talk WHERE id = 1")
    told = opened().target.write_back(FIRST, {})
    assert (told.missing, told.changed) == (["1"], ["2"])


def test_a_statement_that_forgets_its_row_changes_none(opened, site):
    told = opened(site.mapping.replace("WHERE id = :talk_id", "WHERE public")).target.write_back(FIRST, {})
    assert told.changed == []
    assert all("changes 3 rows" in why for _, why in told.kept)
    assert {row["zoom_id"] for row in site.rows()} == {None}


def test_what_the_database_refuses_for_one_row_holds_up_no_other_and_tells_no_passcode(opened, site):
    long = {**FIRST, "1": Returned("1", "no number", "https://zoom.us/j/1", "0code1", "Host", "linked")}
    bad = opened(
        site.mapping.replace("zoom_state = :status", "zoom_state = CASE WHEN :key = '1' THEN NULL ELSE :status END")
    )
    told = bad.target.write_back(long, {})
    assert told.changed == ["2"]
    assert [key for key, _ in told.kept] == ["1"]
    assert "0code" not in str(told.kept)


def test_a_database_that_is_away_is_told_without_its_password(opened):
    away = "postgresql://talks:s3cret-word@127.0.0.1:9/talks"
    with pytest.raises(NotRead) as raised:
        opened(url=away).read()
    assert "talks.yaml" in str(raised.value)
    assert "s3cret-word" not in str(raised.value)


def test_a_database_file_that_is_not_there_is_not_made(opened, tmp_path):
    with pytest.raises(NotRead):
        opened(url=f"sqlite:///{tmp_path / 'none.db'}").read()
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("url", ["oracle://host/x", "not an address", "sqlite://", "mssql+pyodbc://host/x"])
def test_an_address_that_is_none_is_told(opened, url):
    with pytest.raises(ConfigurationError):
        opened(url=url).read()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("TALKS_DATABASE_URL", "postgresql://u:p@host/db"), "name the variable"),
        (("SELECT talk_id", "DROP TABLE talks_talk; SELECT talk_id"), "must only read"),
        (("ORDER BY talk_id", "WHERE talk_id = :id"), "there are none to give it"),
        (("  write_back: |", "  writes: |"), "did you mean `write_back`"),
        (("WHERE id = :talk_id", "").__class__(("event: {", "source: x.csv\nevent: {")), "keep one"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_told_with_its_line(site, change, said):
    with pytest.raises(ConfigurationError) as raised:
        read_mapping(site.mapping.replace(*change).encode(), "talks.yaml")
    assert any(said in problem.message and problem.line for problem in raised.value.problems)


def test_a_parameter_that_nobody_gives_is_told(opened, site):
    with pytest.raises(ConfigurationError) as raised:
        opened(site.mapping.replace(":talk_id", ":talk")).target.write_back(FIRST, {})
    assert ":talk`" in str(raised.value.problems[0])


def test_hostile_texts_in_the_rows_are_read_as_texts(opened, site):
    site.run("UPDATE talks_talk SET name = :name WHERE id = 1", name="'; DROP TABLE talks_talk; -- :id {{7*7}} =1+1")
    reading = opened().read()
    assert reading.programme.sessions[0].title == "'; DROP TABLE talks_talk; -- :id {{7*7}} =1+1"
    assert opened().target.write_back(FIRST, {}).changed == ["1", "2"]
    assert len(site.rows()) == 4


def test_a_table_that_is_suddenly_empty_is_a_problem_and_no_programme(opened, site):
    site.run("UPDATE talks_talk SET public = :no", no=False)
    reading = opened().read()
    assert reading.programme is None
    assert "no row at all" in reading.problems[0].message

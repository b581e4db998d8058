"""pretalx and Indico by their APIs, against stand-ins made of their published descriptions."""

import json
from contextlib import suppress

import pytest
from conference_sites import IndicoSite, PretalxSite, serving

from zoom_sync.adapters.sources.fetching import Fetcher, NotFetched
from zoom_sync.adapters.sources.origins import NotRead, SourceSpec, Ways, open_source
from zoom_sync.domain.returning import Earlier, Returned
from zoom_sync.errors import ConfigurationError, UserError

INTRANET = Fetcher(allow_private=True)
TOKEN = "a-token-that-nobody-sees"


@pytest.fixture
def pretalx():
    with serving(PretalxSite(TOKEN)) as site:
        yield site


@pytest.fixture
def indico():
    with serving(IndicoSite(TOKEN)) as site:
        yield site


@pytest.fixture
def opened(tmp_path):
    def open_(text, token=TOKEN, fetcher=INTRANET):
        (tmp_path / "conference.yaml").write_text(text)
        return open_source(
            SourceSpec(str(tmp_path / "conference.yaml")), Ways({"SITE_TOKEN": token}.__getitem__, fetcher)
        )

    return open_


def of_pretalx(site, answers="{join_url: 17, meeting_id: 18}"):
    return f"pretalx:\n  address: {site.address}\n  event: coast\n  token: SITE_TOKEN\n  answers: {answers}\n"


def wanted(number="82318937943", status="linked"):
    return {
        key: Returned(key, number, f"https://zoom.us/j/{number}", "0code", "Host", status)
        for key in ("abcdef", "ghjklm")
    }


def test_the_released_schedule_of_pretalx_is_read(opened, pretalx):
    reading = opened(of_pretalx(pretalx)).read()
    assert reading.problems == ()
    assert (reading.programme.event.title, reading.programme.event.timezone) == ("Open Coast Forum", "Europe/Lisbon")
    assert [
        (one.key, one.title, one.start.isoformat(), one.minutes, one.room, one.record)
        for one in reading.programme.sessions
    ] == [
        ("abcdef", "Opening", "2030-05-06T09:00:00+01:00", 30, "Hall A", None),
        ("ghjklm", "Reading the tides", "2030-05-06T10:00:00+01:00", 45, "Hall B", False),
    ]
    assert any("Lunch" in note.message for note in reading.notes)


def test_answers_are_written_once_and_then_only_what_changed(opened, pretalx):
    target = opened(of_pretalx(pretalx)).target
    first = wanted()
    assert target.write_back(first, {}).changed == ["abcdef", "ghjklm"]
    assert pretalx.said(17) == dict.fromkeys(("ABCDEF", "GHJKLM"), "https://zoom.us/j/82318937943")
    assert pretalx.said(4) == {"GHJKLM": "vegan"}
    earlier = {key: Earlier(one.values()) for key, one in first.items()}
    pretalx.asked.clear()
    assert target.write_back(first, earlier).same == ["abcdef", "ghjklm"]
    assert {method for method, _ in pretalx.asked} == {"GET"}
    assert target.write_back(wanted("99999999999"), earlier).changed == ["abcdef", "ghjklm"]
    assert len([one for one in pretalx.answers if one["question"] == 17]) == 2


def test_an_answer_that_somebody_else_gave_stays(opened, pretalx):
    pretalx.answers.append({"id": 50, "question": 17, "submission": "ABCDEF", "answer": "https://meet.example.org/x"})
    told = opened(of_pretalx(pretalx)).target.write_back(wanted(), {})
    assert ([key for key, _ in told.kept], told.changed) == (["abcdef"], ["ghjklm"])
    assert pretalx.said(17)["ABCDEF"] == "https://meet.example.org/x"


def test_what_was_cut_off_between_two_answers_is_finished(opened, pretalx):
    target, mine = opened(of_pretalx(pretalx)).target, wanted()
    target.write_back(mine, {})
    pretalx.answers = [one for one in pretalx.answers if one["question"] != 18]
    pending = {key: Earlier(None, one.values()) for key, one in mine.items()}
    assert target.write_back(mine, pending).changed == ["abcdef", "ghjklm"]
    assert set(pretalx.said(18).values()) == {"82318937943"}


def test_many_answers_are_read_page_by_page(opened, pretalx):
    for number in range(5):
        code = f"TALK{number}"
        pretalx.talks[code] = pretalx._talk(code, code, "x")
        pretalx.answers.append(
            {"id": 60 + number, "question": 17, "submission": code, "answer": f"https://zoom.us/j/{number}"}
        )
    pretalx.answers.append(
        {"id": 99, "question": 17, "submission": "GHJKLM", "answer": "https://zoom.us/j/82318937943"}
    )
    told = opened(of_pretalx(pretalx, "{join_url: 17}")).target.write_back(wanted(), {})
    assert (told.changed, told.same) == (["abcdef"], ["ghjklm"])


def test_an_event_of_indico_is_read_and_nothing_is_written_there(opened, indico):
    source = opened(f"indico: {{address: {indico.address}, event: 1337, token: SITE_TOKEN}}\n")
    reading = source.read()
    assert [(one.key, one.title, one.start.isoformat()) for one in reading.require().sessions] == [
        ("s0", "Tides", "2030-05-06T10:00:00+01:00"), ("c1", "Maps", "2030-05-06T14:00:00+01:00")
    ]  # fmt: skip
    assert source.target is None


@pytest.mark.parametrize("break_", [{"away": 503}, {"away": 429}, {"cut": True}, {"token": "another"}])
def test_a_site_that_is_away_or_breaks_off_or_refuses_is_told_and_the_token_is_not(opened, pretalx, break_):
    for name, value in break_.items():
        setattr(pretalx, name, value)
    with pytest.raises(UserError) as raised:
        opened(of_pretalx(pretalx)).read()
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    "told", ["<html>sign in</html>", "[]", '{"slots": 3}', '{"slots": [[], 1, {"submission": {"code": 1}}]}']
)
def test_an_answer_that_is_none_of_pretalx_is_told(opened, pretalx, told):
    pretalx.answer = lambda *_: (200, json.loads(told) if told.startswith(("[", "{")) else told)
    with suppress(NotRead):
        assert opened(of_pretalx(pretalx)).read().problems


def test_a_token_is_not_sent_in_the_open_nor_to_another_host(opened, pretalx):
    with pytest.raises(ConfigurationError, match="https"):
        opened(of_pretalx(pretalx), fetcher=Fetcher())
    with serving(PretalxSite(TOKEN)) as other:
        pretalx.answer = lambda *_: (302, {"location": f"http://localhost:{other.address.rpartition(':')[2]}/"})
        with pytest.raises(NotFetched, match="another host"):
            opened(of_pretalx(pretalx)).read()
        assert other.asked == []

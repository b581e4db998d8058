"""Any bytes, and any damage to a programme of any format, give a programme or clear problems, and nothing else."""

from dataclasses import replace

import pytest
from damage import OF_FORMAT, TOKENS, sample, spoilt, spoilt_inside
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_sync.adapters.sources import FORMATS, SourceMapping, check_json, read_mapping, read_programme
from zoom_sync.adapters.sources.mapping import TableRules
from zoom_sync.domain.timetable import Per, Shaping

PLACES = st.floats(0, 1, exclude_max=True)
EDITS = st.lists(st.tuples(PLACES, st.integers(0, 60), st.sampled_from(TOKENS) | st.binary(max_size=12)), max_size=6)
PATHS = read_mapping(sample("own-layout.mapping.yaml"), "mapping").paths
MAPPINGS = [
    SourceMapping(),
    SourceMapping(table=TableRules(day_first=True)),
    SourceMapping(shaping=Shaping(per=Per.ROOM_AND_DAY)),
]


def fine(data, form, mapping=MAPPINGS[0]):
    mapping = replace(mapping, paths=PATHS) if form == "mapped" else mapping
    reading = read_programme(data, name="source", timezone="Europe/Lisbon", format=form, mapping=mapping)
    check_json(reading)
    assert (reading.programme is None) == bool(reading.problems)
    assert all(problem.message and problem.source == "source" for problem in (*reading.problems, *reading.notes))


def test_every_format_is_fuzzed():
    assert set(OF_FORMAT) == {each.name for each in FORMATS}


@pytest.mark.parametrize("form", OF_FORMAT)
@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(form, data):
    fine(data, form)
    fine(data, None)


@pytest.mark.parametrize("form", OF_FORMAT)
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_is_read_or_refused(form, data):
    whole = sample(data.draw(st.sampled_from(OF_FORMAT[form])))
    spoil = spoilt(whole, data.draw(EDITS))
    fine(spoil, data.draw(st.sampled_from([None, form])), data.draw(st.sampled_from(MAPPINGS)))


@settings(deadline=None, max_examples=60)
@given(PLACES, EDITS)
def test_any_damage_inside_of_a_workbook_is_read_or_refused(part, edits):
    fine(spoilt_inside(sample("programme.xlsx"), part, edits), None)

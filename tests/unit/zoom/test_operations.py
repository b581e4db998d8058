"""The one table of Zoom's operations: as the simulator has them, as Zoom describes them, and what an app lacks."""

import json
import re
from pathlib import Path

import pytest

from zoom_sync.adapters.zoom.operations import OPERATIONS, Feature, lacking, needed
from zoom_sync.simulator.routes import OPERATIONS as ROUTES

DESCRIPTIONS = Path(__file__).parents[4] / "shared" / "zoom-api"


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_table_and_the_simulator_agree_though_neither_knows_the_other(operation):
    route = ROUTES[operation.name]
    assert (operation.method, operation.path, operation.label) == (route.method, route.template, route.label)
    assert operation.scope in route.scopes
    assert operation.classic in route.classic
    assert bool(operation.page_size) == ("page_size" in route.query)


@pytest.fixture(scope="module")
def described():
    """Zoom's operations by method and path with nameless ids; each with its scopes and its label."""
    files = [DESCRIPTIONS / name for name in ("zoom-meetings.openapi.json", "zoom-more.openapi.json")]
    if not all(path.exists() for path in files):
        pytest.skip("Zoom's OpenAPI description is not at hand")
    entries = {}
    for path in files:
        for template, methods in json.loads(path.read_text(encoding="utf-8"))["paths"].items():
            for method, entry in methods.items():
                entries[method.upper(), re.sub(r"\{\w+\}", "{}", template)] = json.dumps(entry)
    return entries


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_table_is_what_zoom_describes(described, operation):
    entry = described.get((operation.method, operation.path))
    if entry is None:
        pytest.skip("not in the description that is at hand")
    assert f'"{operation.scope}"' in entry
    assert f'"{operation.classic}"' in entry
    # The descriptions of poll reports give no label; all other reports are heavy.
    assert set(re.findall(r"`(LIGHT|MEDIUM|HEAVY|RESOURCE-INTENSIVE)`", entry)) <= {operation.label}


def test_an_app_with_every_scope_of_a_feature_lacks_nothing_of_it():
    for feature in Feature:
        scopes = {operation.scope for operation in needed({feature})}
        assert scopes
        assert not lacking(scopes, {feature})


def test_each_scope_that_is_taken_away_is_missed_for_what_it_serves():
    every = {operation.scope for operation in OPERATIONS.values()}
    for scope in every:
        missed = lacking(every - {scope}, set(Feature))
        assert {operation.scope for operation in missed} == {scope}


def test_a_feature_that_is_not_used_asks_for_nothing():
    assert not [operation for operation in needed({Feature.MEETINGS}) if "webinar" in operation.scope]


def test_classic_scopes_serve_as_well_and_one_that_writes_also_reads():
    classic = {"meeting:write:admin", "webinar:write:admin", "report:read:admin", "user:read:admin", "recording:read"}
    assert not lacking(classic, set(Feature))
    read_only = {"meeting:read:admin", "report:read:admin", "user:read:admin"}
    assert {operation.method for operation in lacking(read_only, {Feature.MEETINGS})} == {"POST", "PATCH", "DELETE"}

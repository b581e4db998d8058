"""The pages over a real store, with what a simulator in the same process has played; each test has its own copy."""

import re
import warnings

import pytest

from support.stage import NAMES, PASSWORDS, Stage, play
from zoom_sync.entrypoints.web import make_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2, which is not in the lock
    from fastapi.testclient import TestClient

BASE = "https://zoom-sync.example"


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    return play(tmp_path_factory.mktemp("evening"))


@pytest.fixture
def make_stage(played, tmp_path):
    stages = []

    def make(**settings):
        folder = tmp_path / str(len(stages))
        folder.mkdir()
        stages.append(Stage(played, folder, **settings))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(make_stage):
    return make_stage()


class Browser(TestClient):
    """A browser as far as cookies and forms go. It follows no redirect by itself."""

    def __init__(self, app, **options):
        super().__init__(app, base_url=BASE, follow_redirects=False, **options)

    def csrf(self, page="/events"):
        """The token of the forms of a page."""
        return re.search(r'name="csrf" value="([0-9a-f]+)"', self.get(page).text)[1]

    def sign_in(self, name, password, **more):
        form = {"name": name, "password": password, "csrf": self.csrf("/sign-in"), **more}
        return self.post("/sign-in", data=form)

    def sign_in_as(self, role):
        answer = self.sign_in(NAMES[role], PASSWORDS[role])
        assert answer.status_code == 303, answer.text
        return self


@pytest.fixture
def app(stage):
    return make_app(stage.parts, hand_out=stage.carry_out)


@pytest.fixture
def browse(app):
    """A fresh browser, signed in where a role is given."""
    browsers = []

    def make(role=None, app=app):
        browsers.append(Browser(app))
        return browsers[-1].sign_in_as(role) if role else browsers[-1]

    yield make
    for each in browsers:
        each.close()

"""The pages in a real Chromium, served over HTTP from a thread of this process.

python -m pytest tests/browser --screenshots docs/screenshots     also keeps pictures of the main pages
"""

import socket
import threading
from pathlib import Path

import pytest
import uvicorn

from support.stage import NAMES, PASSWORDS, Stage, play
from zoom_sync.entrypoints.web import make_app


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    return play(tmp_path_factory.mktemp("evening"))


@pytest.fixture
def stage(chromium, played, tmp_path):
    """`chromium` comes first: without one, no story is played for nothing."""
    stage = Stage(played, tmp_path)
    yield stage
    stage.close()


class Served:
    """An application on a port of this machine, for the time of a block."""

    def __init__(self, app):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self):
        self._socket.listen()  # a request that comes before the server does waits for it
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture
def site(stage):
    """The address of the pages."""
    with Served(make_app(stage.parts, hand_out=stage.carry_out)) as served:
        yield served.url


@pytest.fixture
def serve():
    """Serves an application for the time of a block."""
    return Served


@pytest.fixture
def open_page_at(chromium, request):
    """Opens a page, with what the browser has to say against it collected.

    At the end there is nothing, but for the statuses of answers that the test itself wants to see.
    """
    contexts, complaints = [], []
    wanted = getattr(request.function, "complaints", ())

    def open_(site, path="/", **options):
        told = {"locale": "en-US", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce", **options}
        context = chromium.new_context(base_url=site, **told)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [one for one in complaints if not any(f"status of {status}" in one for status in wanted)] == []


@pytest.fixture
def open_page(site, open_page_at):
    """Opens a page of `site`, which is there until the page is closed."""
    return lambda path="/", **options: open_page_at(site, path, **options)


@pytest.fixture
def sign_in_at(open_page_at):
    """A page of somebody who is signed in."""

    def sign_in_(site, role, path="/events", **options):
        page = open_page_at(site, f"/sign-in?next={path}", **options)
        page.locator("#name").fill(NAMES[role])
        page.locator("#password").fill(PASSWORDS[role])
        page.locator("main button[type=submit]").click()
        page.locator("form.who").wait_for()
        return page

    return sign_in_


@pytest.fixture
def sign_in(site, sign_in_at):
    """The same on `site`."""
    return lambda role, path="/events", **options: sign_in_at(site, role, path, **options)


@pytest.fixture
def picture(request):
    """Keeps a picture of a page where pictures are asked for."""
    folder = request.config.getoption("--screenshots", None)

    def keep(page, name, **options):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.evaluate("document.activeElement.blur()")
            page.screenshot(path=str(Path(folder) / f"{name}.png"), **options)

    return keep


def pytest_addoption(parser):
    parser.addoption("--screenshots", metavar="FOLDER", help="keep pictures of the main pages in this folder")

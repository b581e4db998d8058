"""Many ask at the same time: each thing is asked and made once, nobody is told what was true before, room is bounded."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from zoom_sync.entrypoints.public.kept import Kept, body


@dataclass(frozen=True)
class State:
    public: bool
    version: str


class Store:
    """A store that answers when it is let."""

    def __init__(self):
        self.version = "a"
        self.asked = []
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)

    def states(self, keys):
        self.asked.append(sorted(keys))
        seen = self.version
        self.begun.release()
        assert self.go.acquire(timeout=10)
        return {key: State(True, seen) for key in keys if key != "absent"}


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def kept(store):
    kept = Kept(store.states, most_bytes=1000)
    yield kept
    store.go.release(100)
    kept.close()


def test_many_who_ask_at_once_are_one_question_and_who_comes_later_is_told_what_is_true_then(kept, store):
    first = kept.state("e")
    assert store.begun.acquire(timeout=10)
    store.version = "b"  # committed while the first question is under way
    later = [kept.state(key) for key in ("e", "e", "f", "absent") for _ in range(50)]
    store.go.release(2)
    assert first.result(10).version == "a"
    assert {future.result(10) for future in later} == {State(True, "b"), None}
    assert store.asked == [["e"], ["absent", "e", "f"]]


def test_one_who_goes_away_disturbs_nobody_who_waits_for_the_same(kept, store):
    kept.state("e")
    assert store.begun.acquire(timeout=10)
    first, second = kept.state("e"), kept.state("e")
    first.cancel()
    store.go.release(2)
    assert second.result(10) == State(True, "a")


def test_an_error_is_told_to_each_who_asked_and_to_nobody_after(store):
    def fail(_):
        raise OSError("away")

    kept = Kept(fail)
    assert isinstance(kept.state("e").exception(10), OSError)
    assert isinstance(kept.made(("e",), "a", lambda: fail(())).exception(10), OSError)
    assert kept.made(("e",), "a", lambda: body(b"well", "text/plain")).result(10).plain == b"well"
    kept.close()


def test_a_body_is_made_once_per_version_however_many_ask(kept):
    made = []

    def make(version):
        return lambda: made.append(version) or body(version.encode(), "text/plain")

    with ThreadPoolExecutor(8) as pool:
        for version in ("a", "b"):
            futures = list(pool.map(lambda _, v=version: kept.made(("e", "page"), v, make(v)), range(40)))
            assert {future.result(10).plain for future in futures} == {version.encode()}
    assert made == ["a", "b"]


def test_what_was_not_asked_for_longest_makes_room(kept):
    made = []

    def ask(name):
        kept.made((name,), "a", lambda: made.append(name) or body(b"x" * 400, "text/plain")).result(10)

    for name in ("one", "two", "one", "three", "one", "two"):
        ask(name)
    assert made == ["one", "two", "three", "two"]

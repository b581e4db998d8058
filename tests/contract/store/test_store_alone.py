"""One serve on a store: a second is refused, and a killed one leaves nothing behind."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import make_url

from factories import NOW
from zoom_sync.adapters.store.alone import alone
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.registrants import Registrants
from zoom_sync.domain.registering import Guest, Registrant, State
from zoom_sync.errors import StoreConflict, StoreError
from zoom_sync.service_layer.privacy import erase_person, seek

HOLD = """
import sys, time
from zoom_sync.adapters.store.alone import alone
from zoom_sync.adapters.store.database import Database
with alone(Database(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_one_is_refused_until_the_first_has_ended(database, store_url):
    other = Database(store_url)
    with alone(database), pytest.raises(StoreConflict, match="another zoom-sync serve is running on"), alone(other):
        pass
    with alone(other):
        pass
    other.close()


def test_while_it_is_held_people_are_written_and_erased(store, store_url):
    url = make_url(store_url)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-c lock_timeout=5000"})  # to fail, rather than to wait for ever
    other = Database(url.render_as_string(hide_password=False))
    registrants, people = Registrants(other), People(other)
    guests = [Registrant(Guest(f"p{n}@example.org", f"P{n}", "Li", "City"), State.WAITING) for n in (1, 2)]
    with alone(store.database):
        registrants.save("urban-2023", "seminar-1", guests, NOW)
        erase_person(people, seek(people, "p1@example.org"), NOW)
        assert list(registrants.registrants("urban-2023", "seminar-1")) == guests[1:]
    other.close()


def test_a_killed_one_leaves_nothing_behind(database, store_url):
    with subprocess.Popen([sys.executable, "-c", HOLD, store_url], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreConflict), alone(database):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    held = False
    for _ in range(200):  # a server notices a moment later that its client is gone
        try:
            with alone(database):
                held = True
                break
        except StoreConflict:
            database.check()
    assert held


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StoreError, match="cannot be written"), alone(Database(f"sqlite:///{tmp_path}/no/store.db")):
        pass

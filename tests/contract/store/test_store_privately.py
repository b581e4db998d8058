"""Who else may read the store's file, and what is written into a store that is sealed."""

import os
import stat
from dataclasses import replace

import pytest

from factories import NOW, make_programme
from zoom_sync.adapters.store.accounts import Accounts
from zoom_sync.adapters.store.alone import alone
from zoom_sync.adapters.store.database import Database, open_to_others
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.sealing import Seal, new_key
from zoom_sync.errors import ConfigurationError


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_new_store_its_journals_and_its_folder_are_for_their_owner_alone(tmp_path, mask):
    before = os.umask(mask)
    try:
        database = Database(f"sqlite:///{tmp_path}/var/store.db")
        database.upgrade()
        Programmes(database).save(make_programme(), NOW)
        with database.reading(), alone(database):
            modes = {path.name: mode(path) for path in (tmp_path / "var").iterdir()}
    finally:
        os.umask(before)
    assert {"store.db", "store.db-wal", "store.db-shm", "store.db.serve.lock"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert mode(tmp_path / "var") == 0o700
    assert not open_to_others(database)
    database.close()


def test_a_store_that_others_can_read_is_known_as_such(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/store.db")
    database.upgrade()
    (tmp_path / "store.db").chmod(0o644)
    assert open_to_others(database)
    database.close()


def test_nothing_is_written_into_a_sealed_store_without_a_key(tmp_path):
    url, key = f"sqlite:///{tmp_path}/store.db", new_key()
    first = Database(url, seal=Seal([key]))
    first.upgrade()
    Programmes(first).save(make_programme(), NOW)
    first.close()
    programme = make_programme()
    other = replace(programme, event=replace(programme.event, key="other"))
    keyless = Database(url)
    keyless.upgrade()
    with pytest.raises(ConfigurationError, match="holds encrypted values"):
        Programmes(keyless).save(other, NOW)
    with pytest.raises(ConfigurationError, match="holds encrypted values"):
        Accounts(keyless).count_try("x", NOW, NOW)
    keyless.close()
    again = Database(url, seal=Seal([key]))
    assert [event.key for event in Programmes(again).events()] == [programme.event.key]
    again.close()


def test_a_store_that_was_never_sealed_is_written_without_a_key(tmp_path):
    for _ in range(2):
        database = Database(f"sqlite:///{tmp_path}/store.db")
        database.upgrade()
        Programmes(database).save(make_programme(), NOW)
        database.close()

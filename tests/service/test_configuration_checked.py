"""All that is wrong with the configuration is said at start; a slip while a process runs loses nothing."""

import pytest

from zoom_sync.errors import ConfigurationError
from zoom_sync.settings import Settings, check_config, last_good_pool

WRONG = "hosts:\n  - user: a\n    capcity: 2\n  - user: b\n    capacity: none\n"


def settings_of(folder, **values):
    return Settings(_env_file=None, ZOOM_SYNC_CONFIG=folder, **values)


def test_everything_that_is_wrong_is_said_at_once_with_file_and_line(tmp_path):
    (tmp_path / "hosts.yaml").write_text(WRONG)
    with pytest.raises(ConfigurationError) as raised:
        check_config(settings_of(tmp_path, ZOOM_SYNC_HEARTBEAT_URL="ftp://x"))
    places = [(problem.source or "").rpartition("/")[2] + f":{problem.line}" for problem in raised.value.problems]
    assert places == [":None", "hosts.yaml:3", "hosts.yaml:5", ":None", ":None", ":None"]


def test_a_bad_edit_keeps_the_last_good_pool(tmp_path):
    (tmp_path / "hosts.yaml").write_text("hosts:\n  - user: a\n")
    settings = settings_of(tmp_path)
    good = last_good_pool(settings)
    (tmp_path / "hosts.yaml").write_text(WRONG)
    assert last_good_pool(settings) == good
    with pytest.raises(ConfigurationError):
        check_config(settings, needs_zoom=False)
